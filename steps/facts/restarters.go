package facts

import (
	"context"
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"flasktui/sys"
	"flasktui/sys/proc"
	"flasktui/sys/supervisord"
)

// This file knows the programs besides systemd and Docker that keep servers
// running, and by which command a person has each of them restart one.

// Keeper is such a program above a server: nobody has to start the server again.
type Keeper struct {
	// Name is what people call it; Tool is its command.
	Name string `json:"name"`
	Tool string `json:"tool"`
	// Argv restarts the server, with NAME where what the keeper calls it does not show.
	Argv []string `json:"argv"`
	// Rooted says that it is root's own program, and that nobody but root decides about what
	// the command names: then root may give it.
	Rooted bool `json:"rooted,omitempty"`
}

// keeperOf recognises a keeper by its words and, of those that have a directory for each
// server, by the directory that it stands in (runsv(8), s6-supervise, supervise(8)).
func keeperOf(name string, words []string, directory string) (Keeper, bool) {
	if len(words) == 0 {
		return Keeper{}, false
	}
	program := path.Base(words[0])
	if strings.HasPrefix(path.Base(program), "python") && len(words) > 1 {
		program = path.Base(words[1])
	}
	last := words[len(words)-1]
	if directory == "" {
		directory = last
	}
	switch {
	case program == "runsv":
		return Keeper{Name: "runit", Tool: "sv", Argv: []string{"sv", "restart", directory}}, true
	case program == "s6-supervise":
		return Keeper{Name: "s6", Tool: "s6-svc", Argv: []string{"s6-svc", "-r", directory}}, true
	case program == "supervise":
		return Keeper{Name: "daemontools", Tool: "svc", Argv: []string{"svc", "-t", directory}}, true
	case program == "supervise-daemon" && len(words) > 1 && !strings.HasPrefix(words[1], "-"):
		return Keeper{Name: "OpenRC", Tool: "rc-service", Argv: []string{"rc-service", words[1], "restart"}}, true
	case program == "circusd":
		return Keeper{Name: "circus", Tool: "circusctl", Argv: []string{"circusctl", "restart", unnamed}}, true
	case strings.HasPrefix(name, "PM2 "):
		return Keeper{Name: "pm2", Tool: "pm2", Argv: []string{"pm2", "restart", unnamed}}, true
	}
	return Keeper{}, false
}

// unnamed stands in a command for a name that does not show.
const unnamed = "NAME"

// Named tells whether the command names the very server.
func (keeper Keeper) Named() bool { return !slices.Contains(keeper.Argv, unnamed) }

// readKeeper tells whether a parent of a server keeps it running. Anybody may start a program
// under such a name, and lead the command of its tool to what is not theirs.
func (look *look) readKeeper(ctx context.Context, name string, pid int, argv []string) *Keeper {
	if _, is := keeperOf(name, argv, ""); !is {
		return nil
	}
	process, err := proc.ReadProcess(ctx, look.machine, look.boot, pid)
	if err != nil {
		return nil
	}
	keeper, _ := keeperOf(name, argv, process.Directory)
	if proc.RootsProgramHere(ctx, look.machine, process) == nil {
		deciders, err := sys.FindDeciders(ctx, look.machine, path.Join("/", process.Directory))
		keeper.Rooted = err == nil && deciders.Root()
	}
	return &keeper
}

// KeeperOf is the nearest program that is known to keep an unmanaged server running, and its
// process.
func (facts *Facts) KeeperOf(server Server) (keeper Keeper, pid int, found bool) {
	for _, parent := range server.Parents {
		if parent.Keeper != nil {
			return *parent.Keeper, parent.PID, true
		}
	}
	return Keeper{}, 0, false
}

// Troubled tells of a program whether supervisord may say why it does not answer: it does not
// run, or has ended by itself and was started again a moment ago.
func (program Supervised) Troubled() bool {
	return program.Refusal == "" && program.State != "" && (program.State != "RUNNING" || program.Exits > 0)
}

// readState keeps what a supervisord says of a program; of one that was started a moment ago,
// or does not run, also how often it has ended.
func (look *look) readState(ctx context.Context, one *Supervised, name string, status supervisord.Status) {
	one.State = status.States[name]
	if one.State == "" || one.State == "RUNNING" && !status.Fresh[name] {
		return
	}
	// A log that cannot be read leaves what the state says alone.
	one.Exits, _ = supervisord.ReadExits(ctx, look.machine, one.Config, name)
}

// readUnseen finds the programs of root's own supervisords that are to run a server, and in
// which none was seen: it ends as it starts, or is about to come (G59). One that somebody
// stopped is none of them, unless it was named.
func (look *look) readUnseen(ctx context.Context, known *Facts, seen []Supervised) []Supervised {
	var unseen []Supervised
	named := known.Options.Service
	if slices.ContainsFunc(seen, func(one Supervised) bool { return programPrefix+one.Program == named }) {
		return nil
	}
	for _, pid := range slices.Sorted(maps.Keys(known.Processes.Value.pythons)) {
		if !supervisord.IsSupervisord(known.Processes.Value.pythons[pid]) {
			continue
		}
		supervisor, err := proc.ReadProcess(ctx, look.machine, look.boot, pid)
		if err != nil || supervisor.Cgroup.Container != "" {
			continue
		}
		base := Supervised{Supervisor: pid, Unit: supervisor.Cgroup.Unit}
		if named != "" && !strings.HasPrefix(named, programPrefix) && UnitName(named) != base.Unit {
			continue
		}
		if base.Config, err = supervisord.ConfigPath(ctx, look.machine, supervisor.Argv); err != nil {
			continue
		}
		if look.checkTrust(ctx, &base, supervisor); base.Refusal != "" {
			continue
		}
		for _, one := range look.readIdle(ctx, base, supervisor.Argv, named) {
			if !slices.ContainsFunc(seen, func(other Supervised) bool { return other.Program == one.Program }) {
				unseen = append(unseen, one)
			}
		}
	}
	return unseen
}

// readIdle are the programs of one supervisord that it would run a server in.
func (look *look) readIdle(ctx context.Context, base Supervised, argv []string, named string) []Supervised {
	status, err := supervisord.ReadStatus(ctx, look.machine, base.Config)
	if err != nil {
		return nil
	}
	var idle []Supervised
	for _, name := range status.Names {
		one := base
		one.Program = name
		wanted := named == programPrefix+name
		switch state := status.States[name]; {
		case state == "STARTING", state == "BACKOFF", state == "FATAL", state == "RUNNING" && status.Fresh[name]:
		case state == "RUNNING" || !wanted:
			// One that runs is something else than a server, or went out of sight meanwhile.
			continue
		}
		look.readProgram(ctx, &one, Server{}, argv)
		one.Config = base.Config
		if one.Section == nil || !one.Section.Serves && !wanted {
			continue
		}
		look.readState(ctx, &one, name, status)
		idle = append(idle, one)
	}
	return idle
}

// readPIDFile reads the process that a server's pid file names: its first line, a number.
func (look *look) readPIDFile(ctx context.Context, known *Facts) (pid int, err error) {
	const longest = 4096
	name := known.Options.PIDFile
	raw, err := look.machine.ReadFile(ctx, name, longest)
	if err != nil {
		return 0, err
	}
	line, _, _ := strings.Cut(string(raw), "\n")
	if pid, err = strconv.Atoi(strings.TrimSpace(line)); err != nil || pid <= 0 {
		return 0, fmt.Errorf("%s holds no process id", sys.Safe(name))
	}
	return pid, look.mayName(ctx, known, pid)
}

// mayName refuses the word of somebody who writes down another's process, as whoever decides
// about a pid file could have a signal sent there by that: the file has to be root's, the
// caller's, or that of the user as whom the process runs.
func (look *look) mayName(ctx context.Context, known *Facts, pid int) error {
	deciders, err := sys.FindDeciders(ctx, look.machine, known.Options.PIDFile)
	if err != nil {
		return err
	}
	owner := 0
	for _, server := range known.Processes.Value.Servers {
		if server.has(pid) {
			owner = server.Master.UID
		}
	}
	believed := func(user uint32) bool {
		return int(user) == owner || known.Host.Known && known.Host.Value.UID == int(user)
	}
	for _, group := range deciders.Groups {
		// Whom the owner lets write counts as the owner.
		deciders.Users = append(deciders.Users, group.Owner)
	}
	if deciders.Anybody || deciders.Served != "" || slices.ContainsFunc(deciders.Users, func(user uint32) bool { return !believed(user) }) {
		return fmt.Errorf("others than the user of process %d, which it names, may write or replace it, so it is not believed", pid)
	}
	return nil
}

// has tells whether a process is the server's master or one of its workers.
func (server Server) has(pid int) bool {
	return server.Master.PID == pid || slices.ContainsFunc(server.Workers, func(worker Process) bool { return worker.PID == pid })
}

// chooseByPIDFile takes the server whose process the file names.
func chooseByPIDFile(facts *Facts, pid int, err error) (Target, error) {
	name := sys.Safe(facts.Options.PIDFile)
	if err != nil {
		return Target{}, &TargetError{
			Problem:  sys.Textf("--pidfile %s: %s", name, problemOf(err)),
			Hint:     "name the service in its place, or the process: flasktui check pid:N",
			Services: candidateServices(facts),
		}
	}
	target, found := targetOfProcess(facts, pid)
	if !found {
		return Target{}, &TargetError{
			Problem:  sys.Textf("--pidfile %s names process %d, and no server of Python apps runs on this box as that", name, pid),
			Hint:     "the file may be left over from an earlier start: leave --pidfile out to have flasktui look for what runs",
			Services: candidateServices(facts),
		}
	}
	return target, nil
}
