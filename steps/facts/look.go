package facts

import (
	"cmp"
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"flasktui/sys"
	"flasktui/sys/docker"
	"flasktui/sys/proc"
)

// look is one look in progress.
type look struct {
	machine sys.Machine
	boot    proc.Boot
	printer *sys.Fingerprinter
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
	GroupSupervised  = "supervised"
	GroupUnitStates  = "unit-states"
	GroupUnits       = "units"
	GroupContainers  = "containers"
	GroupNginx       = "nginx"
	GroupTarget      = "target"
	GroupFront       = "front"
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
	GroupSiblings    = "siblings"
	GroupInside      = "inside"
	GroupCompose     = "compose"
	GroupImageSource = "image-source"
	GroupOrigin      = "origin"
)

func groups() []group {
	return []group{
		{GroupHost, nil, "the host", (*look).readHost},
		{GroupProcesses, nil, "processes", (*look).readProcesses},
		{GroupListeners, nil, "listening sockets", (*look).readListeners},
		{GroupContainers, nil, "containers", (*look).readContainers},
		{GroupNginx, nil, "the Nginx configuration", (*look).readNginx},
		{GroupUnitStates, nil, "loaded units", (*look).readUnitStates},
		{GroupUnits, []string{GroupProcesses, GroupUnitStates}, "systemd units", (*look).readUnits},
		{GroupSupervised, []string{GroupProcesses}, "supervisord's programs", (*look).readSupervised},
		{GroupTarget, []string{GroupProcesses, GroupSupervised, GroupListeners, GroupUnits, GroupContainers, GroupNginx}, "the service", (*look).readTarget},
		{GroupFront, []string{GroupTarget}, "an Nginx in a container", (*look).readFront},
		{GroupImages, []string{GroupTarget}, "images", (*look).readImages},
		{GroupUnitFiles, []string{GroupTarget}, "unit files", (*look).readUnitFiles},
		{GroupInside, []string{GroupTarget}, "the container's files", (*look).readMounts},
		{GroupCompose, []string{GroupTarget}, "the Compose project", (*look).readCompose},
		{GroupSettings, []string{GroupTarget, GroupInside}, "Gunicorn's settings", (*look).readSettings},
		{GroupNginxFiles, []string{GroupFront, GroupDeployment}, "Nginx's files", (*look).readNginxFiles},
		{GroupSite, []string{GroupFront, GroupSettings}, "the site's answers", (*look).readSite},
		{GroupEnvironment, []string{GroupUnitFiles}, "environment files", (*look).readEnvironment},
		{GroupDeployment, []string{GroupSettings, GroupUnitFiles, GroupInside, GroupCompose}, "releases", (*look).readDeployment},
		{GroupCode, []string{GroupDeployment, GroupEnvironment}, "the code", (*look).readCode},
		{GroupImageSource, []string{GroupDeployment, GroupImages}, "the image's source", (*look).readImageSource},
		{GroupOrigin, []string{GroupHost, GroupFront, GroupInside, GroupCompose, GroupImages, GroupEnvironment}, "whose files they are", (*look).readOrigin},
		{GroupStatic, []string{GroupDeployment, GroupFront}, "static files", (*look).readStatic},
		{GroupJournal, []string{GroupTarget}, "the journal", (*look).readJournal},
		{GroupBackground, []string{GroupDeployment}, "background workers", (*look).readBackground},
		{GroupSiblings, []string{GroupDeployment, GroupImages, GroupFront}, "other services of the project", (*look).readSiblings},
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
	boot, err := proc.ReadBoot(ctx, machine)
	if err != nil {
		boot = proc.Boot{}
	}
	under := &progress{
		look:    &look{machine: machine, boot: boot, printer: sys.NewFingerprinter()},
		known:   Facts{TakenAt: machine.Now(), Options: options},
		waiting: groups(), watch: watch,
	}
	under.total = len(under.waiting)
	under.arrivals = make(chan arrival, under.total)
	for len(under.waiting) > 0 || len(under.running) > 0 {
		under.launch(ctx)
		under.tell()
		select {
		case came := <-under.arrivals:
			under.enter(came)
		case <-afterGrace(ctx):
			return under.giveUp(options.Timeout)
		}
		if ended := ctx.Err() != nil; under.known.targetError != nil && !ended {
			return under.known, under.known.targetError
		} else if under.known.targetError != nil {
			// There was no time to ask; that tells nothing of what the person said.
			under.known.targetError = nil
			return under.giveUp(options.Timeout)
		}
	}
	under.tell()
	return under.known, nil
}

// progress is how far a look has come. One goroutine holds it; readers get copies.
type progress struct {
	look             *look
	known            Facts
	waiting, running []group
	arrivals         chan arrival
	total            int
	watch            func(State)
}

// launch starts every group whose needs are there.
func (under *progress) launch(ctx context.Context) {
	under.waiting = slices.DeleteFunc(under.waiting, func(one group) bool {
		for _, need := range one.needs {
			if !under.known.Has(need) {
				return false
			}
		}
		under.running = append(under.running, one)
		snapshot := under.known
		go read(ctx, under.look, one, &snapshot, under.arrivals)
		return true
	})
}

func (under *progress) tell() {
	if under.watch == nil {
		return
	}
	state := State{Facts: under.known, Total: under.total}
	for _, one := range under.running {
		state.Pending = append(state.Pending, one.name)
		state.Reading = append(state.Reading, one.what)
	}
	for _, one := range under.waiting {
		state.Pending = append(state.Pending, one.name)
	}
	under.watch(state)
}

func (under *progress) enter(came arrival) {
	under.running = slices.DeleteFunc(under.running, func(one group) bool { return one.name == came.group.name })
	came.enter(&under.known)
	under.known.Done = append(slices.Clone(under.known.Done), Reading{came.group.name, came.took.Milliseconds()})
}

// giveUp enters whatever is not there as unreadable.
func (under *progress) giveUp(timeout time.Duration) (Facts, error) {
	for _, one := range slices.Concat(under.running, under.waiting) {
		enterTimeout(&under.known, one.name, timeout)
	}
	if service := under.known.Options.Service; under.known.targetError == nil && under.known.Target.Service == "" && service != "" {
		// Whether it exists is not known, which the report says; it is what was asked
		// about all the same.
		under.known.Target.Service = cmp.Or(UnitName(service), service)
		under.known.enterProblem(GroupTarget, fmt.Sprintf("which processes are those of %s was not told within %s", under.known.Target.Service, timeout))
	}
	if under.known.targetError == nil && under.known.Target.Service == "" {
		return under.known, &TargetError{
			Problem: sys.Textf("the box did not answer within %s", timeout),
			Hint:    "give it longer with --timeout, or name the service",
		}
	}
	return under.known, under.known.targetError
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
		ctx := sys.SharedWithContainers(ctx, docker.Written(known.Containers.Value))
		if slices.Contains(one.needs, GroupDeployment) && one.name != GroupNginxFiles {
			ctx = known.namedBy(ctx)
		}
		enter = one.read(look, ctx, known)
	}()
	arrivals <- arrival{one, enter, time.Since(start)}
}

// enterTimeout says of a group that it did not come in time.
func enterTimeout(facts *Facts, name string, timeout time.Duration) {
	facts.enterProblem(name, fmt.Sprintf("not read within %s", timeout))
	facts.Done = append(slices.Clone(facts.Done), Reading{name, timeout.Milliseconds()})
}
