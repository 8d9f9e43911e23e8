package facts

import (
	"bytes"
	"context"
	"errors"
	"path"
	"slices"
	"strings"

	"flasktui/sys"
	"flasktui/sys/appserver"
	"flasktui/sys/gunicorn"
	"flasktui/sys/proc"
	"flasktui/sys/systemd"
)

// This file tells who runs a server. The control group that it is in does not: that is
// where it was born. What cron, sshd, a scheduler or a supervisor starts stays in their
// unit, and no restart of theirs brings it back (G57).

// Parent is an ancestor of a process.
type Parent struct {
	PID  int    `json:"pid"`
	Name string `json:"name"`
	// CommandLine has the secrets masked.
	CommandLine []sys.Text `json:"command_line"`
	// Keeper says that it is known to keep what it starts running; nil for all others.
	Keeper *Keeper `json:"keeper,omitempty"`
}

// words are the command line as plain words.
func (parent Parent) words() []string {
	words := make([]string, len(parent.CommandLine))
	for index, word := range parent.CommandLine {
		words[index] = string(word)
	}
	return words
}

// PassesOn tells whether all that the process does is to run the next one: a shell that was
// given a command, a wrapper, or another process of a server. Who keeps several running does more.
func (parent Parent) PassesOn() bool {
	words := parent.words()
	_, isServer := appserver.Of(words)
	return parent.Keeper == nil && (isServer || appserver.PassesOn(words) || appserver.IsShellCommand(words))
}

// namesApp tells whether a program that nobody knows was given a server's command line.
func (parent Parent) namesApp() bool { return wrappedSettings(parent.words()).App != "" }

// mayStartAgain tells whether the process may start its child anew once that has ended. What
// people type into does so only when they do.
func (parent Parent) mayStartAgain() bool {
	words := parent.words()
	if appserver.IsInteractiveShell(words) {
		return false
	}
	name, _, _ := strings.Cut(strings.TrimPrefix(parent.Name, "-"), ":")
	return !slices.Contains([]string{
		"sshd", "sshd-session", "login", "sudo", "su", "doas", "runuser", "screen", "SCREEN", "tmux", "script", "nohup", "env", "nice", "systemd",
		"cron", "CRON", "crond", "atd",
	}, name)
}

// parentsOf walks from a process up to process 1, which is left out.
func (look *look) parentsOf(ctx context.Context, pid int) []Parent {
	const furthest = 32
	parents := []Parent{}
	for len(parents) < furthest && pid > 1 {
		name, next, err := proc.ReadParent(ctx, look.machine, pid)
		if err != nil {
			break
		}
		argv, err := proc.ReadArgv(ctx, look.machine, pid)
		if err != nil {
			break
		}
		parents = append(parents, Parent{PID: pid, Name: name, CommandLine: sys.RedactArgv(argv), Keeper: look.readKeeper(ctx, name, pid, argv)})
		pid = next
	}
	return parents
}

// lead is how a unit's ExecStart leads to a server.
type lead struct {
	// starts says that one of its commands, or of the shell scripts that they run, is one.
	starts bool
	// named says that a script in another language names Gunicorn.
	named bool
	// hands says that a Python script hands an app to a server, as far as its words show.
	hands bool
}

// leads follows a unit's ExecStart: the commands themselves and, where those may be read for
// it, the scripts that they name.
func (look *look) leads(ctx context.Context, unit systemd.Unit, read bool) lead {
	const most, wordsOfInterpreter = 8, 4
	var found lead
	var scripts []string
	for _, argv := range unit.ExecStart {
		start := appserver.StartOf(argv)
		if start.Server != "" || wrappedSettings(argv).App != "" {
			return lead{starts: true}
		}
		scripts = append(scripts, start.Scripts...)
		for _, word := range argv[min(1, len(argv)):min(wordsOfInterpreter, len(argv))] {
			if strings.HasPrefix(word, "/") && !slices.Contains(scripts, word) {
				scripts = append(scripts, word)
			}
		}
	}
	for index := 0; read && index < min(len(scripts), most); index++ {
		name := absolute(unit.WorkingDirectory, scripts[index])
		text, err := look.readResolved(ctx, name, 64<<10)
		switch {
		case err != nil && !errors.Is(err, sys.ErrTruncated) || bytes.IndexByte(text, 0) >= 0:
		case !isShellScript(text) || slices.Contains([]string{".py", ".pl", ".rb", ".js"}, path.Ext(name)):
			found.named = found.named || bytes.Contains(text, []byte("gunicorn"))
			found.hands = found.hands || handsToServer(string(text))
		default:
			start := appserver.StartOfScript(string(text))
			if start.Server != "" {
				return lead{starts: true}
			}
			for _, one := range start.Scripts {
				scripts = append(scripts, absolute(path.Dir(name), one))
			}
		}
	}
	return found
}

// isShellScript tells a script of a shell's, or one without a first line that says whose,
// from programs and from scripts in other languages.
func isShellScript(text []byte) bool {
	first, _, _ := bytes.Cut(text, []byte("\n"))
	line, marked := strings.CutPrefix(string(first), "#!")
	return !marked || slices.ContainsFunc(strings.Fields(line), func(word string) bool {
		return appserver.IsShellCommand([]string{word, "script"})
	})
}

// wrappedSettings are those of a server behind a shell or another program on a command
// line. What a shell has yet to work out is not known, so a line with any of that says
// nothing; nor does one in which what follows is not an app's name.
func wrappedSettings(argv []string) gunicorn.Settings {
	settings := gunicorn.ParseArgv(argv)
	if settings.App == "" || strings.ContainsAny(strings.Join(argv, " "), "$`") || strings.ContainsAny(settings.App, "/ ") {
		return gunicorn.Settings{}
	}
	return settings
}

// runs tells whether a unit runs a server that is in its control group: it is the main
// process, or comes from that one through nothing but what passes a command on; or the unit
// has no main process, its commands start a server and go, and it is stopped with the unit.
func (unit *Unit) runs(server Server, leads lead) bool {
	master := server.Master
	if !unit.holds(server) || isStarter(unit.Name) {
		return false
	}
	if master.PID == unit.MainPID {
		return true
	}
	if at := slices.IndexFunc(server.Parents, func(parent Parent) bool { return parent.PID == unit.MainPID }); unit.MainPID != 0 && at >= 0 {
		// What was given a session of its own, in a unit whose stop leaves it alone, is to
		// outlive the unit.
		return (unit.StopsAll() || master.Session == unit.MainPID) &&
			!slices.ContainsFunc(server.Parents[:at+1], func(parent Parent) bool {
				ownScript := parent.PID == unit.MainPID && leads.named && master.Session == unit.MainPID && unit.StopsAll()
				return !parent.PassesOn() && !parent.namesApp() && !ownScript
			})
	}
	return unit.MainPID == 0 && leads.starts && unit.ActiveState == "active" && unit.letGo(server) && unit.StopsAll()
}

// LeftOver tells whether a server is in the unit's control group from an earlier start than
// its last one: that was meant to take its place.
func (unit *Unit) LeftOver(server Server) bool {
	return unit.holds(server) && unit.letGo(server) && !slices.Contains(unit.Runs, server.Master.PID) &&
		server.Master.Started.Before(unit.LastStarted)
}

// leavesRunning tells whether what the unit last started is a server that it does not run: one
// that outlives the unit, as a scheduler's jobs do. Then the unit is no service, whatever
// its ExecStart names.
func (unit *Unit) leavesRunning(servers []Server) bool {
	return !unit.isStarting() && slices.ContainsFunc(servers, func(server Server) bool {
		return unit.holds(server) && !slices.Contains(unit.Runs, server.Master.PID) && !unit.LeftOver(server)
	})
}

// isStarting tells whether the unit's commands are under way: what they will come to does
// not show yet.
func (unit *Unit) isStarting() bool { return unit.ActiveState == "activating" }

// StopsAll tells whether systemd ends every process of the unit's control group with it, or
// has the unit's own command for that.
func (unit *Unit) StopsAll() bool {
	return unit.KillMode != "process" && unit.KillMode != "none" || len(unit.ExecStop) > 0
}

// bornIn tells whether a server is in the control group of a service of the system's.
func (server Server) bornIn(unit string) bool {
	cgroup := server.Master.Cgroup
	return cgroup.Unit == unit && !cgroup.User && cgroup.Container == "" && strings.HasSuffix(unit, ".service")
}

// isStarter tells units whose only trade is to start what is not theirs, by the names that
// every distribution gives them.
func isStarter(unit string) bool {
	stem, _, _ := strings.Cut(strings.TrimSuffix(unit, ".service"), "@")
	return slices.Contains([]string{"rc-local", "cron", "crond", "cronie", "anacron", "atd", "ssh", "sshd", "user", "getty", "serial-getty", "runit", "s6", "cloud-final"}, stem)
}

// RunBy is the unit that runs a server; ok is false where none that was asked about does.
func (facts *Facts) RunBy(server Server) (Unit, bool) {
	for _, unit := range slices.Concat(facts.Units.Value, facts.UserUnits.Value.Units) {
		if slices.Contains(unit.Runs, server.Master.PID) {
			return unit, true
		}
	}
	return Unit{}, false
}

// IsUnmanaged tells whether no unit, no program of supervisord's and no container runs a
// Gunicorn. One whose control group could not be read may be anybody's, and is not loose.
func (facts *Facts) IsUnmanaged(server Server) bool {
	_, inUnit := facts.RunBy(server)
	_, supervised := facts.SupervisedBy(server)
	_, unasked := facts.ofUnasked(server)
	return !inUnit && !supervised && !unasked && server.Master.Cgroup.Container == "" && server.Master.Unreadable["cgroup"] == ""
}

// Restarter is what may start an unmanaged server again as soon as it has ended: a parent that
// is alive and is more than a person's shell, or of which nothing could be read; or a user's
// own service manager.
func (facts *Facts) Restarter(server Server) sys.Text {
	if cgroup := server.Master.Cgroup; cgroup.User && strings.HasSuffix(cgroup.Unit, ".service") {
		return sys.Textf("%s of a user's own service manager", cgroup.Unit)
	}
	if keeper, pid, found := facts.KeeperOf(server); found {
		return sys.Textf("%s (process %d)", keeper.Name, pid)
	}
	for _, parent := range server.Parents {
		if parent.mayStartAgain() {
			return sys.Textf("process %d (%s)", parent.PID, parent.Name)
		}
	}
	if parent := server.Master.PPID; parent > 1 && len(server.Parents) == 0 {
		return sys.Textf("process %d, of which nothing could be read,", parent)
	}
	return ""
}

// Whose says with which account's rights the server runs.
func (server Server) Whose() sys.Text {
	if server.Master.UID == 0 {
		return "root"
	}
	return sys.Textf("user id %d", server.Master.UID)
}

// StartedBy says, as far as it shows, who started a server that nothing manages.
func (facts *Facts) StartedBy(running Server) sys.Text {
	cgroup := running.Master.Cgroup
	whose := running.Whose()
	for _, parent := range running.Parents {
		if appserver.IsInteractiveShell(parent.words()) || parent.PassesOn() || parent.Name == "systemd" {
			continue
		}
		if parent.Keeper != nil {
			return sys.Textf("%s keeps it running (process %d), as %s", parent.Keeper.Name, parent.PID, whose)
		}
		name, _, _ := strings.Cut(parent.Name, ":")
		return sys.Textf("%s (process %d) started it, as %s", name, parent.PID, whose)
	}
	stem := strings.TrimSuffix(cgroup.Unit, ".service")
	switch {
	case cgroup.Unit == "":
		return sys.Textf("it runs as %s, in no unit's control group, and who started it does not show", whose)
	case slices.Contains([]string{"cron", "crond", "cronie", "anacron"}, stem):
		return sys.Textf("a job of cron's started it (it was born in %s), as %s", cgroup.Unit, whose)
	case stem == "rc-local":
		return sys.Textf("rc.local started it when the box was booted (it was born in %s), as %s", cgroup.Unit, whose)
	case stem == "atd":
		return sys.Textf("a job of at's started it (it was born in %s), as %s", cgroup.Unit, whose)
	case strings.HasPrefix(cgroup.Unit, "session-"):
		return sys.Textf("it was started by hand or by a job, in the login session %s, as %s", cgroup.Unit, whose)
	case cgroup.User:
		return sys.Textf("it is in %s of a user's own service manager, as %s", cgroup.Unit, whose)
	case strings.HasSuffix(cgroup.Unit, ".scope"):
		return sys.Textf("it was started in the scope %s, which systemd only holds, as %s", cgroup.Unit, whose)
	}
	return sys.Textf("it was born in %s, which is not seen to run it, as %s", cgroup.Unit, whose)
}
