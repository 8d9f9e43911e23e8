package facts

import (
	"bytes"
	"cmp"
	"context"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
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
	running commandLines
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
	group Group
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
	ctx, cancel := context.WithTimeout(sys.Patiently(ctx, float64(options.Timeout)/float64(DefaultTimeout)), options.Timeout)
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
		under.notify()
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
	under.notify()
	return under.known, nil
}

// progress is how far a look has come. One goroutine holds it; readers get copies.
type progress struct {
	look             *look
	known            Facts
	waiting, running []Group
	arrivals         chan arrival
	total            int
	watch            func(State)
}

// launch starts every group whose needs are there.
func (under *progress) launch(ctx context.Context) {
	under.waiting = slices.DeleteFunc(under.waiting, func(one Group) bool {
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

// notify hands a copy of what is known so far to whoever watches.
func (under *progress) notify() {
	if under.watch == nil {
		return
	}
	state := State{Facts: under.known, Total: under.total}
	for _, one := range under.running {
		state.Pending = append(state.Pending, one.name)
		state.Reading = append(state.Reading, one.words)
	}
	for _, one := range under.waiting {
		state.Pending = append(state.Pending, one.name)
	}
	under.watch(state)
}

func (under *progress) enter(came arrival) {
	under.running = slices.DeleteFunc(under.running, func(one Group) bool { return one.name == came.group.name })
	came.enter(&under.known)
	under.known.Done = append(slices.Clone(under.known.Done), came.group.Reading(came.took))
}

// giveUp enters whatever is not there as unreadable.
func (under *progress) giveUp(timeout time.Duration) (Facts, error) {
	for _, one := range slices.Concat(under.running, under.waiting) {
		one.lost(&under.known, WhyTimedOut, sys.Textf("not read within %s", timeout))
		under.known.Done = append(slices.Clone(under.known.Done), one.Reading(timeout))
	}
	if service := under.known.Options.Service; under.known.targetError == nil && under.known.Target.Service == "" && service != "" {
		// Whether it exists is not known, which the report says; it is what was asked
		// about all the same.
		under.known.Target.Service = cmp.Or(UnitName(service), service)
		GroupTarget().lost(&under.known, WhyTimedOut, sys.Textf("which processes are those of %s was not told within %s", under.known.Target.Service, timeout))
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
func read(ctx context.Context, look *look, one Group, known *Facts, arrivals chan<- arrival) {
	start := time.Now()
	var enter func(*Facts)
	func() {
		defer func() {
			if fault := recover(); fault != nil {
				problem := sys.Textf("flasktui's own fault while reading %s: %v (%s)", one.words, fault, faultPlace(debug.Stack()))
				enter = func(facts *Facts) { one.lost(facts, WhyFault, problem) }
			}
		}()
		ctx := sys.SharedWithContainers(ctx, docker.Written(known.Containers.Value))
		if one.needsGroup(GroupDeployment) && !one.elsewhere {
			ctx = known.namedBy(ctx)
		}
		enter = one.read(look, ctx, known)
	}()
	arrivals <- arrival{one, enter, time.Since(start)}
}

// faultPlace is the first frame of ours in a stack: enough to report a fault with,
// without the values of arguments, which might be anybody's secrets.
func faultPlace(stack []byte) string {
	own := regexp.MustCompile(`(?m)^\s+\S*/((?:steps|sys|ui)/\S+\.go:\d+)`)
	// The first frames are those of recovering from the panic itself.
	if _, after, found := bytes.Cut(stack, []byte("panic(")); found {
		stack = after
	}
	if match := own.FindSubmatch(stack); match != nil {
		return strings.TrimSpace(string(match[1]))
	}
	return "place unknown"
}

// Group is a set of facts that are read together. Each is a function beside its reader, by
// which all others name it: a step what it needs, a group what it is read after.
type Group struct {
	// name is what saved facts call it.
	name string
	// words say what is read, while it is and where that went wrong.
	words string
	// needs are the groups whose facts the reader is given.
	needs []func() Group
	// elsewhere says that nobody who names a place in the deployment leads the reader there,
	// although it needs the deployment.
	elsewhere bool
	// read is given the facts of the groups that it needs, and returns how its own are to be
	// entered: nothing is shared while the groups run side by side.
	read func(look *look, ctx context.Context, known *Facts) func(*Facts)
	// fields are those of Facts that say nothing where the group was not read.
	fields []field
}

// field enters one field of Facts as unreadable.
type field func(facts *Facts, why Why, problem sys.Text)

// fieldOf is a field by its place; source is what would have been read for it.
func fieldOf[T any](source string, place func(*Facts) *Fact[T]) field {
	return func(facts *Facts, why Why, problem sys.Text) {
		*place(facts) = Fact[T]{Why: why, Problem: problem, Source: source}
	}
}

// groups is every group there is, each behind those that it needs.
func groups() []Group {
	return []Group{
		GroupHost(),
		GroupProcesses(),
		GroupListeners(),
		GroupContainers(),
		GroupNginx(),
		GroupUnitStates(),
		GroupUnits(),
		GroupUserUnits(),
		GroupSupervised(),
		GroupTarget(),
		GroupFront(),
		GroupImages(),
		GroupUnitFiles(),
		GroupInside(),
		GroupCompose(),
		GroupSettings(),
		GroupFoundBuild(),
		GroupEnvironment(),
		GroupDeployment(),
		GroupNginxFiles(),
		GroupSite(),
		GroupBackground(),
		GroupCode(),
		GroupLabel(),
		GroupRequirements(),
		GroupImageSource(),
		GroupFrontSource(),
		GroupOrigin(),
		GroupNeighbours(),
		GroupStatic(),
		GroupJournal(),
		GroupPastRuns(),
		GroupSiblings(),
	}
}

// lost enters all fields of a group as unreadable.
func (group Group) lost(facts *Facts, why Why, problem sys.Text) {
	for _, enter := range group.fields {
		enter(facts, why, problem)
	}
}

// needsGroup tells whether the reader is given the facts of another group.
func (group Group) needsGroup(other func() Group) bool {
	for _, need := range group.needs {
		if need().name == other().name {
			return true
		}
	}
	return false
}

// Reading is the note that a group has been read, in so long a time.
func (group Group) Reading(took time.Duration) Reading {
	return Reading{group.name, took.Milliseconds()}
}

// Reading is one group of facts that has been read.
type Reading struct {
	Group  string `json:"group"`
	TookMS int64  `json:"took_ms"`
}

// Has tells whether a group has been read.
func (facts *Facts) Has(group func() Group) bool {
	_, read := facts.readingOf(group)
	return read
}

// Took is how long a group took.
func (facts *Facts) Took(group func() Group) time.Duration {
	reading, _ := facts.readingOf(group)
	return time.Duration(reading.TookMS) * time.Millisecond
}

func (facts *Facts) readingOf(group func() Group) (Reading, bool) {
	name := group().name
	for _, reading := range facts.Done {
		if reading.Group == name {
			return reading, true
		}
	}
	return Reading{}, false
}
