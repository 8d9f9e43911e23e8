package facts

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"flasktui/sys"
)

// Unit is a unit as loaded, with what flasktui needs to know beside it.
type Unit struct {
	sys.Unit
	// Aliases are other names under which it was asked for.
	Aliases []string `json:"aliases"`
	// Gunicorn says that it starts a Gunicorn, or that one runs in it.
	Gunicorn bool `json:"gunicorn,omitempty"`
	// Prints are fingerprints of Environment= as loaded.
	Prints map[string]string `json:"prints"`
	// Shown are the values of variables that hold paths and switches.
	Shown map[string]string `json:"shown"`
	// Settings are read from the loaded ExecStart and GUNICORN_CMD_ARGS.
	Settings sys.GunicornSettings `json:"settings"`
}

func (look *look) readHost(ctx context.Context, _ *Facts) func(*Facts) {
	host, err := look.machine.Host(ctx)
	return func(facts *Facts) {
		if err != nil {
			facts.Host = Unreadable[sys.Host](err.Error(), "")
			return
		}
		facts.Host = Of(host, "the machine")
	}
}

func (look *look) readListeners(ctx context.Context, _ *Facts) func(*Facts) {
	listeners, err := sys.ReadListeners(ctx, look.machine, 0)
	return func(facts *Facts) {
		if err != nil {
			facts.Listeners = Unreadable[[]sys.Listener](err.Error(), "/proc/net")
			return
		}
		facts.Listeners = Of(listeners, "/proc/net/unix, /proc/net/tcp, /proc/net/tcp6")
	}
}

// readUnits asks for the named unit, for those in which a Gunicorn or Nginx runs, and,
// when none is named, for every loaded service, since one that has failed runs nothing.
func (look *look) readUnits(ctx context.Context, known *Facts) func(*Facts) {
	const source = "systemctl show"
	named := UnitName(known.Options.Service)
	running, asked := servicesWithProcesses(known)
	var found []sys.Unit
	var err error
	switch names := slices.Sorted(maps.Keys(asked)); {
	case named != "":
		names = append([]string{named}, slices.DeleteFunc(names, func(name string) bool { return name == named })...)
		found, _, err = sys.ShowUnits(ctx, look.machine, look.boot, names...)
	case len(running) == 0 && len(known.UnitStates.Value.Troubled) == 0 || !known.UnitStates.Known:
		// Nothing runs and nothing failed: a unit that was stopped may be meant.
		found, _, err = sys.ShowServices(ctx, look.machine, look.boot)
	default:
		names = slices.Compact(slices.Sorted(slices.Values(append(names, known.UnitStates.Value.Troubled...))))
		found, _, err = sys.ShowUnits(ctx, look.machine, look.boot, names...)
	}
	if err != nil {
		return func(facts *Facts) {
			if errors.Is(err, sys.ErrNoCommand) {
				facts.Units = Missing[[]Unit]("systemd is not here: there is no systemctl", source)
				return
			}
			facts.Units = Unreadable[[]Unit](err.Error(), source)
		}
	}
	units := make([]Unit, 0, len(found))
	for index, one := range found {
		unit := Unit{Unit: one, Gunicorn: running[one.Name]}
		if named != "" && index == 0 && one.Name != named {
			unit.Aliases = []string{named}
		}
		unit.Prints, unit.Shown = look.reduce(one.Environment)
		for _, argv := range one.ExecStart {
			if sys.IsGunicorn(argv) {
				unit.Gunicorn = true
				unit.Settings = commandArguments(one.Environment).Merge(sys.ParseGunicornArgv(argv))
			}
		}
		unit.ExecStart = maskedVectors(unit.ExecStart)
		unit.ExecReload = maskedVectors(unit.ExecReload)
		if named != "" && index == 0 || unit.Gunicorn || asked[unit.Name] {
			units = append(units, unit)
		}
	}
	return func(facts *Facts) { facts.Units = Of(units, source) }
}

// servicesWithProcesses are the services in which a Gunicorn runs, and those together with
// the one that Nginx runs in.
func servicesWithProcesses(known *Facts) (running, asked map[string]bool) {
	running = map[string]bool{}
	for _, gunicorn := range known.Processes.Value.Gunicorns {
		if cgroup := gunicorn.Master.Cgroup; !cgroup.User && cgroup.Container == "" && strings.HasSuffix(cgroup.Unit, ".service") {
			running[cgroup.Unit] = true
		}
	}
	asked = maps.Clone(running)
	for _, process := range known.Processes.Value.Nginx {
		if process.Role == "master" && process.Cgroup.Container == "" && strings.HasSuffix(process.Cgroup.Unit, ".service") {
			asked[process.Cgroup.Unit] = true
		}
	}
	return running, asked
}

func maskedVectors(vectors [][]string) [][]string {
	masked := make([][]string, len(vectors))
	for index, argv := range vectors {
		for _, word := range sys.RedactArgv(argv) {
			masked[index] = append(masked[index], string(word))
		}
	}
	return masked
}

func (look *look) readTarget(_ context.Context, known *Facts) func(*Facts) {
	target, err := chooseTarget(known)
	return func(facts *Facts) {
		facts.placeListeners()
		facts.Target, facts.targetError = target, err
		if main, ok := facts.Main(); ok {
			facts.Target.Master = main.Master.PID
		}
	}
}
