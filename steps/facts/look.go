package facts

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"flasktui/sys"
)

// look is one look in progress.
type look struct {
	machine  sys.Machine
	boot     sys.Boot
	printer  *sys.Fingerprinter
	deadline time.Time
}

// group is a set of facts that are read together. read is given the facts of the groups
// that it needs, and returns how its own are to be entered: nothing is shared while the
// groups run side by side.
type group struct {
	name  string
	needs []string
	// what names it for a progress line.
	what string
	read func(look *look, ctx context.Context, known *Facts) func(*Facts)
}

// Names of the groups, as steps ask for them.
const (
	GroupHost        = "host"
	GroupProcesses   = "processes"
	GroupListeners   = "listeners"
	GroupUnits       = "units"
	GroupContainers  = "containers"
	GroupNginx       = "nginx"
	GroupTarget      = "target"
	GroupImages      = "images"
	GroupUnitFiles   = "unit-files"
	GroupEnvironment = "environment"
	GroupSettings    = "settings"
	GroupDeployment  = "deployment"
	GroupCode        = "code"
	GroupNginxFiles  = "nginx-files"
	GroupSite        = "site"
	GroupStatic      = "static"
	GroupJournal     = "journal"
	GroupBackground  = "background"
)

func groups() []group {
	return []group{
		{GroupHost, nil, "the host", (*look).readHost},
		{GroupProcesses, nil, "processes", (*look).readProcesses},
		{GroupListeners, nil, "listening sockets", (*look).readListeners},
		{GroupContainers, nil, "containers", (*look).readContainers},
		{GroupNginx, nil, "the Nginx configuration", (*look).readNginx},
		{GroupUnits, []string{GroupProcesses}, "systemd units", (*look).readUnits},
		{GroupTarget, []string{GroupProcesses, GroupListeners, GroupUnits, GroupContainers, GroupNginx}, "the service", (*look).readTarget},
		{GroupImages, []string{GroupTarget}, "images", (*look).readImages},
		{GroupUnitFiles, []string{GroupTarget}, "unit files", (*look).readUnitFiles},
		{GroupSettings, []string{GroupTarget}, "Gunicorn's settings", (*look).readSettings},
		{GroupNginxFiles, []string{GroupTarget}, "Nginx's files", (*look).readNginxFiles},
		{GroupSite, []string{GroupTarget, GroupSettings}, "the site's answers", (*look).readSite},
		{GroupEnvironment, []string{GroupUnitFiles}, "environment files", (*look).readEnvironment},
		{GroupDeployment, []string{GroupSettings, GroupUnitFiles}, "releases", (*look).readDeployment},
		{GroupCode, []string{GroupDeployment}, "the code", (*look).readCode},
		{GroupStatic, []string{GroupDeployment}, "static files", (*look).readStatic},
		{GroupJournal, []string{GroupTarget}, "the journal", (*look).readJournal},
		{GroupBackground, []string{GroupDeployment}, "background workers", (*look).readBackground},
	}
}

// State is a look as far as it has come.
type State struct {
	Facts   Facts
	Pending []string
	// Reading puts what is under way in words.
	Reading []string
	Total   int
}

// arrival is what a group that has been read hands to the coordinator.
type arrival struct {
	group group
	enter func(*Facts)
	took  time.Duration
}

// Look reads all facts, side by side where they do not need each other, and calls watch
// after each group. What is not there when the timeout ends is entered as unreadable;
// the look itself ends then. The error is a *TargetError.
func Look(ctx context.Context, machine sys.Machine, options Options, watch func(State)) (Facts, error) {
	if options.Timeout <= 0 {
		options.Timeout = DefaultTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, options.Timeout)
	defer cancel()
	known := Facts{TakenAt: machine.Now(), Options: options}
	boot, err := sys.ReadBoot(ctx, machine)
	if err != nil {
		boot = sys.Boot{}
	}
	deadline, _ := ctx.Deadline()
	look := &look{machine: machine, boot: boot, printer: sys.NewFingerprinter(), deadline: deadline}

	waiting := groups()
	total := len(waiting)
	var running []group
	arrivals := make(chan arrival, total)
	tell := func() {
		if watch == nil {
			return
		}
		state := State{Facts: known, Total: total}
		for _, one := range running {
			state.Pending = append(state.Pending, one.name)
			state.Reading = append(state.Reading, one.what)
		}
		for _, one := range waiting {
			state.Pending = append(state.Pending, one.name)
		}
		watch(state)
	}
	for len(waiting) > 0 || len(running) > 0 {
		waiting = slices.DeleteFunc(waiting, func(one group) bool {
			for _, need := range one.needs {
				if !known.Has(need) {
					return false
				}
			}
			running = append(running, one)
			snapshot := known
			go read(ctx, look, one, &snapshot, arrivals)
			return true
		})
		tell()
		select {
		case came := <-arrivals:
			running = slices.DeleteFunc(running, func(one group) bool { return one.name == came.group.name })
			came.enter(&known)
			known.Done = append(slices.Clone(known.Done), Reading{came.group.name, came.took.Milliseconds()})
		case <-afterGrace(ctx):
			for _, one := range running {
				enterTimeout(&known, one.name, options.Timeout)
			}
			for _, one := range waiting {
				enterTimeout(&known, one.name, options.Timeout)
			}
			if known.targetError == nil && known.Target.Service == "" {
				return known, &TargetError{
					Problem: sys.Textf("the box did not answer within %s", options.Timeout),
					Hint:    "give it longer with --timeout, or name the service",
				}
			}
			return known, known.targetError
		}
		if known.targetError != nil {
			return known, known.targetError
		}
	}
	tell()
	return known, nil
}

// grace is how long readers that heed their context get to hand in what they have.
const grace = 150 * time.Millisecond

// afterGrace fires a moment after the context has ended.
func afterGrace(ctx context.Context) <-chan struct{} {
	late := make(chan struct{})
	context.AfterFunc(ctx, func() { time.AfterFunc(grace, func() { close(late) }) })
	return late
}

// read runs one group. A panic in it is a fault of ours that must not take the look, or
// the person's terminal, with it: it is entered as what could not be read.
func read(ctx context.Context, look *look, one group, known *Facts, arrivals chan<- arrival) {
	start := time.Now()
	var enter func(*Facts)
	func() {
		defer func() {
			if fault := recover(); fault != nil {
				problem := fmt.Sprintf("flasktui's own fault while reading %s: %v (%s)", one.what, fault, faultPlace(debug.Stack()))
				enter = func(facts *Facts) { facts.enterProblem(one.name, problem) }
			}
		}()
		enter = one.read(look, ctx, known)
	}()
	arrivals <- arrival{one, enter, time.Since(start)}
}

// enterTimeout says of a group that it did not come in time.
func enterTimeout(facts *Facts, name string, timeout time.Duration) {
	facts.enterProblem(name, fmt.Sprintf("not read within %s", timeout))
	facts.Done = append(slices.Clone(facts.Done), Reading{name, timeout.Milliseconds()})
}
