package facts

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"

	"flasktui/sys"
	"flasktui/sys/appserver"
	"flasktui/sys/gunicorn"
	"flasktui/sys/proc"
	"flasktui/sys/systemd"
)

// Unit is a unit as loaded, with what flasktui needs to know beside it.
type Unit struct {
	systemd.Unit
	// Aliases are other names under which it was asked for.
	Aliases []string `json:"aliases"`
	// Serves says that it starts a server of Python apps, by its ExecStart, or runs one.
	Serves bool `json:"gunicorn,omitempty"`
	// Docker is the container that its commands make and end; nil for none.
	Docker *DockerUnit `json:"docker,omitempty"`
	// Owner is the user whose own manager has it; nil for one of the system's.
	Owner *sys.Account `json:"owner,omitempty"`
	// Runs are the masters that it runs, by process id. One that is merely in its control
	// group is not among them.
	Runs []int `json:"runs"`
	// Prints are fingerprints of Environment= as loaded.
	Prints map[string]string `json:"prints"`
	// Shown are the values of variables that hold paths and switches.
	Shown map[string]string `json:"shown"`
	// Settings are read from the loaded ExecStart and GUNICORN_CMD_ARGS.
	Settings gunicorn.Settings `json:"settings"`
	// Wrapped are those of a server behind a shell or another program on ExecStart.
	Wrapped gunicorn.Settings `json:"wrapped"`
}

// GroupHost is which machine this is, and with what rights it is read.
func GroupHost() Group {
	return Group{
		name: "host", words: "the host",
		read:   (*look).readHost,
		fields: []field{fieldOf("", func(facts *Facts) *Fact[sys.Host] { return &facts.Host })},
	}
}

func (look *look) readHost(ctx context.Context, _ *Facts) func(*Facts) {
	host, err := look.machine.Host(ctx)
	return func(facts *Facts) {
		if err != nil {
			facts.Host = unreadableFor[sys.Host](err, "")
			return
		}
		facts.Host = Of(host, "the machine")
	}
}

// GroupListeners is the sockets of the box's own network at which something listens.
func GroupListeners() Group {
	return Group{
		name: "listeners", words: "listening sockets",
		read:   (*look).readListeners,
		fields: []field{fieldOf("/proc/net", func(facts *Facts) *Fact[[]proc.Listener] { return &facts.Listeners })},
	}
}

func (look *look) readListeners(ctx context.Context, _ *Facts) func(*Facts) {
	listeners, err := proc.ReadListeners(ctx, look.machine, 0)
	return func(facts *Facts) {
		if err != nil {
			facts.Listeners = unreadableFor[[]proc.Listener](err, "/proc/net")
			return
		}
		facts.Listeners = Of(listeners, "/proc/net/unix, /proc/net/tcp, /proc/net/tcp6")
	}
}

// GroupUnits is the units that run, or are meant to run, a server.
func GroupUnits() Group {
	return Group{
		name: "units", words: "systemd units",
		needs:  []func() Group{GroupProcesses, GroupUnitStates},
		read:   (*look).readUnits,
		fields: []field{fieldOf("systemctl show", func(facts *Facts) *Fact[[]Unit] { return &facts.Units })},
	}
}

// readUnits asks for the named unit, for those in which a server or Nginx runs, and,
// when none is named, for every loaded service, since one that has failed runs nothing.
func (look *look) readUnits(ctx context.Context, known *Facts) func(*Facts) {
	const source = "systemctl show"
	named := UnitName(known.Options.Service)
	holding, asked := servicesWithProcesses(known)
	var units []Unit
	var err error
	switch names := slices.Sorted(maps.Keys(asked)); {
	case named != "":
		names = append([]string{named}, slices.DeleteFunc(names, func(name string) bool { return name == named })...)
		units, err = look.showUnits(ctx, known, names)
		if len(units) > 0 && units[0].Name != named {
			units[0].Aliases = []string{named}
		}
	case len(holding) == 0 && len(known.UnitStates.Value.Troubled) == 0 || !known.UnitStates.Known:
	default:
		units, err = look.showUnits(ctx, known, slices.Compact(slices.Sorted(slices.Values(append(names, known.UnitStates.Value.Troubled...)))))
	}
	isService := func(unit Unit) bool { return unit.Serves }
	if err == nil && named == "" && !slices.ContainsFunc(units, isService) {
		// Nothing runs one and nothing failed: a unit that was stopped may be meant.
		units, err = look.showUnits(ctx, known, nil)
	}
	if err != nil {
		return func(facts *Facts) {
			if errors.Is(err, sys.ErrNoCommand) {
				facts.Units = Missing[[]Unit]("systemd is not here: there is no systemctl", source)
				return
			}
			facts.Units = unreadableFor[[]Unit](err, source)
		}
	}
	if inContainer := func(one Server) bool { return one.Master.Cgroup.Container != "" }; err == nil && slices.ContainsFunc(known.Processes.Value.Servers, inContainer) {
		for _, around := range look.unitsAround(ctx, known) {
			if at := slices.IndexFunc(units, func(unit Unit) bool { return unit.Name == around.Name }); at >= 0 {
				units[at].Docker = around.Docker
			} else {
				units = append(units, around)
			}
		}
	}
	units = slices.DeleteFunc(units, func(unit Unit) bool {
		return !unit.Serves && unit.Docker == nil && !asked[unit.Name] && (named == "" || unit.Name != named && !slices.Contains(unit.Aliases, named))
	})
	return func(facts *Facts) { facts.Units = Of(units, source) }
}

// showUnits asks for units by name, or for every service that is loaded, and tells which of
// the Gunicorns that are in their control groups they run.
func (look *look) showUnits(ctx context.Context, known *Facts, names []string) ([]Unit, error) {
	var shown []systemd.Unit
	var err error
	if names == nil {
		shown, _, err = systemd.ShowServices(ctx, look.machine, look.boot)
	} else {
		shown, _, err = systemd.ShowUnits(ctx, look.machine, look.boot, names...)
	}
	if err != nil {
		return nil, err
	}
	units := make([]Unit, 0, len(shown))
	for _, one := range shown {
		units = append(units, look.readUnit(ctx, known, one, nil, names != nil))
	}
	return units, nil
}

// readUnit tells which of the servers a loaded unit runs, and how it starts them; scripts
// says that the scripts which it names may be read for that.
func (look *look) readUnit(ctx context.Context, known *Facts, one systemd.Unit, owner *sys.Account, scripts bool) Unit {
	unit := Unit{Unit: one, Owner: owner, Runs: []int{}}
	leads := look.leads(ctx, one, scripts)
	serves := false
	for _, gunicorn := range known.Processes.Value.Servers {
		if unit.runs(gunicorn, leads) {
			unit.Runs = append(unit.Runs, gunicorn.Master.PID)
			serves = serves || gunicorn.Kind != appserver.Python || gunicorn.Serves
		}
	}
	starts := leads.starts || leads.named || leads.hands && unit.ActiveState != "active" && unit.Type != "oneshot"
	unit.Serves = starts && !isStarter(unit.Name) && !unit.leavesRunning(known.Processes.Value.Servers) || serves
	unit.Prints, unit.Shown = look.reduce(one.Environment)
	for _, argv := range one.ExecStart {
		if gunicorn.IsGunicorn(argv) {
			unit.Settings = commandArguments(one.Environment).Merge(gunicorn.ParseArgv(argv))
		} else if server, ok := appserver.Of(argv); ok {
			unit.Settings = server.Settings(argv)
		} else if wrapped := wrappedSettings(argv); wrapped.App != "" {
			unit.Wrapped = wrapped
		}
	}
	unit.Docker = look.dockerUnit(ctx, one, scripts)
	unit.ExecStart = maskedVectors(unit.ExecStart)
	unit.ExecReload = maskedVectors(unit.ExecReload)
	unit.ExecStop = maskedVectors(unit.ExecStop)
	return unit
}

// servicesWithProcesses are the services whose control group holds a server, and those
// together with the one that Nginx runs in.
func servicesWithProcesses(known *Facts) (holding, asked map[string]bool) {
	holding = map[string]bool{}
	for _, server := range known.Processes.Value.Servers {
		if cgroup := server.Master.Cgroup; !cgroup.User && cgroup.Container == "" && strings.HasSuffix(cgroup.Unit, ".service") {
			holding[cgroup.Unit] = true
		}
	}
	asked = maps.Clone(holding)
	for _, process := range known.Processes.Value.Nginx {
		if process.Role == "master" && process.Cgroup.Container == "" && strings.HasSuffix(process.Cgroup.Unit, ".service") {
			asked[process.Cgroup.Unit] = true
		}
	}
	return holding, asked
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

// GroupTarget is which service is examined.
func GroupTarget() Group {
	return Group{
		name: "target", words: "the service",
		needs: []func() Group{GroupHost, GroupProcesses, GroupSupervised, GroupUserUnits, GroupListeners, GroupUnits, GroupContainers, GroupNginx},
		read:  (*look).readTarget,
		// What runs and listens says nothing as long as it is not known whose it is.
		fields: []field{
			fieldOf("systemctl show", func(facts *Facts) *Fact[Processes] { return &facts.Processes }),
			fieldOf("systemctl show", func(facts *Facts) *Fact[[]proc.Listener] { return &facts.Listeners }),
		},
	}
}

func (look *look) readTarget(ctx context.Context, known *Facts) func(*Facts) {
	target, err := Target{}, error(nil)
	if options := known.Options; options.Service == "" && options.PIDFile != "" {
		pid, unread := look.readPIDFile(ctx, known)
		target, err = chooseByPIDFile(known, pid, unread)
	} else {
		target, err = chooseTarget(known)
	}
	if refusal := (*TargetError)(nil); errors.As(err, &refusal) && refusal.nothing {
		look.tellHolders(ctx, known, refusal)
	}
	return func(facts *Facts) {
		facts.placeListeners()
		facts.Target, facts.targetError = target, err
		if main, ok := facts.Main(); ok {
			facts.Target.Master = main.Master.PID
		}
	}
}

// UnitStates is what systemd has loaded, as far as it takes to find a service.
type UnitStates struct {
	// Troubled are services that failed or are being started again and again: no
	// process tells of them.
	Troubled []string `json:"troubled"`
	// SearchPath are the directories in which systemd looks for units.
	SearchPath        []string `json:"search_path"`
	SearchPathProblem sys.Text `json:"search_path_problem,omitempty"`
	// manager is all that systemd says of itself. It has variables, and is never saved.
	manager systemd.UnitProperties
}

// GroupUnitStates is the names and states of all loaded units.
func GroupUnitStates() Group {
	return Group{
		name: "unit-states", words: "loaded units",
		read:   (*look).readUnitStates,
		fields: []field{fieldOf("systemctl list-units", func(facts *Facts) *Fact[UnitStates] { return &facts.UnitStates })},
	}
}

// readUnitStates asks what needs no knowledge of any service, while processes are read.
func (look *look) readUnitStates(ctx context.Context, known *Facts) func(*Facts) {
	const source = "systemctl list-units"
	states := UnitStates{Troubled: []string{}}
	var group sync.WaitGroup
	group.Go(func() {
		var err error
		if states.manager, states.SearchPath, err = look.manager(ctx, systemd.Manager{}); err != nil {
			states.SearchPathProblem = sys.ErrorText(err)
		}
	})
	var err error
	if known.Options.Service == "" {
		var services []systemd.UnitState
		services, err = systemd.ListServices(ctx, look.machine)
		for _, service := range services {
			if service.Troubled() {
				states.Troubled = append(states.Troubled, service.Name)
			}
		}
	}
	group.Wait()
	return func(facts *Facts) {
		facts.UnitStates = Of(states, source)
		if err != nil {
			facts.UnitStates = unreadableFor[UnitStates](err, source)
			facts.UnitStates.Value = states
		}
	}
}

// manager is what a manager says of itself, and where it looks for units.
func (look *look) manager(ctx context.Context, asked systemd.Manager) (said systemd.UnitProperties, searchPath []string, err error) {
	if said, err = asked.ShowManager(ctx, look.machine); err != nil {
		return nil, nil, err
	}
	searchPath, err = said.UnitSearchPath()
	return said, searchPath, err
}
