package manager

import (
	"cmp"
	"strconv"
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
)

// none is of a server that nothing is known to manage: whoever ends it has to start it again,
// and flasktui does neither.
type none struct{ b *box.Box }

func (none) Kind() Kind { return None }

func (none) Name() sys.Text { return "nothing that is known" }

func (m none) Service() sys.Text { return sys.Textf("process %s", m.pid()) }

// pid is the master's, or what the service was called by.
func (m none) pid() string {
	if m.b.Running {
		return strconv.Itoa(m.b.Server.Master.PID)
	}
	return strings.TrimPrefix(m.b.Target.Service, "pid:")
}

func (m none) NoUnit() sys.Text { return "no systemd unit is known to run " + m.Service() }

// unmanaged says of what is known to run the process that it is nothing, and who started it.
func (m none) unmanaged() sys.Text {
	const nothing = "no unit of the system's, no program of supervisord's and no container is known to run "
	if !m.b.Running {
		return nothing + "the service"
	}
	return nothing + m.Service() + ": " + m.b.StartedBy(m.b.Server)
}

// State is who started it, as far as that shows.
func (m none) State() State {
	state := State{Noun: "process", Status: report.Skipped, Words: "nothing is known to manage it", Step: serviceStep}
	if m.b.Running {
		state.Words = m.b.StartedBy(m.b.Server)
	}
	return state
}

func (m none) Declaration() Declaration {
	return Declaration{Noun: "command line", Source: sys.Textf("/proc/%s/cmdline", m.pid())}
}

// undeclared is the outcome of the steps about what a manager holds. Where systemd could not
// be asked it may still be that a unit of its runs the process.
func (m none) undeclared() report.Result {
	if units := m.b.Units; !units.Known && !units.Absent() {
		return unknown(units.Problem)
	}
	return skipped(m.unmanaged())
}

func (m none) Configuration() report.Result { return m.undeclared() }
func (m none) Paths() report.Result         { return m.undeclared() }
func (m none) Environment() report.Result   { return m.undeclared() }

func (m none) Restart(Made) Restart {
	if keeper, _, found := m.b.KeeperOf(m.b.Server); m.b.Running && found {
		return Restart{Refusal: sys.Textf("%s keeps %s running, and restarts it by its own command, which flasktui does not run", keeper.Name, m.Service())}
	}
	if restarter := m.b.Restarter(m.b.Server); m.b.Running && restarter != "" {
		return Restart{Refusal: restarter + " may start " + m.Service() + " again by itself, and how to ask for that is not known"}
	}
	return Restart{Refusal: "nothing is known to start " + m.Service() + " again once it has ended"}
}

func (none) Reload() (Order, bool) { return Order{}, false }

func (none) StartsAgain() bool { return false }

// byKeeper is the command by which whoever keeps the process running restarts it. Root is
// shown none that others could lead elsewhere.
func (m none) byKeeper(keeper facts.Keeper) sys.Text {
	command := sys.Textf("%s", sys.CommandLine(keeper.Argv))
	if keeper.Rooted {
		command = "sudo " + command
	}
	advice := sys.Textf("%s keeps process %d running, and starts it again: `", keeper.Name, m.b.Server.Master.PID) + command + "`"
	if !keeper.Named() {
		advice += sys.Textf(", with the name by which %s knows it", keeper.Tool)
	}
	if !keeper.Rooted {
		advice += sys.Textf(", as whoever runs %s and not as root", keeper.Name)
	}
	return advice + "."
}

// ByHand is how to stop the process and to start it as it was started.
func (m none) ByHand() sys.Text {
	b, master := m.b, m.b.Server.Master
	if !b.Running {
		return "What started the service could not be seen: restart it by that."
	}
	if keeper, _, found := b.KeeperOf(b.Server); found {
		return m.byKeeper(keeper)
	}
	if restarter := b.Restarter(b.Server); restarter != "" {
		return sys.Textf("%s may start process %d again by itself (%s): restart it with that one's own tools.", restarter, master.PID, b.StartedBy(b.Server))
	}
	stop := sys.Textf("Nothing starts it again by itself, so flasktui does not stop it (%s). Stop it with `kill %s %d`, wait until it has ended, then start it as it was started",
		b.StartedBy(b.Server), b.Software().StopSignal(), master.PID)
	if master.Titled || len(master.CommandLine) == 0 {
		return stop + "; its command line cannot be seen, because a title was written over it."
	}
	words := make([]string, len(master.CommandLine))
	for index, word := range master.CommandLine {
		words[index] = string(word)
	}
	directory := cmp.Or(b.Deployment.Value.Directory, b.Settings.Value.Directory, master.Directory)
	return stop + sys.Textf(", as %s: ", m.b.Server.Whose()) + sys.Typed("cd %s", directory) + sys.Textf(" && %s", sys.CommandLine(words))
}

func (m none) SameRun(before *box.Box) sys.Text { return sameMaster(before, m.b) }

func (none) Unsettled() sys.Text { return "" }

func (m none) Log(int) (sys.Command, sys.Text) {
	return sys.Command{}, sys.Textf("nothing is known to keep the log of %s; `sudo ls -l /proc/%s/fd/2` shows where it writes to", m.Service(), m.pid())
}

func (m none) Look() Look {
	if !m.b.Running {
		return Look{}
	}
	process := []sys.Text{sys.Textf("ps -o pid,ppid,user,lstart,args -p %s", m.pid())}
	return Look{Status: process, Started: process}
}
