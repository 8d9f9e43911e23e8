package manager

import (
	"cmp"
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
)

// supervisord runs a program of its files' (G23). Where no server of the program was found,
// only its name is known.
type supervisord struct {
	b       *box.Box
	program facts.Supervised
	found   bool
}

func (supervisord) Kind() Kind { return Supervisord }

// Name is what may be said of who runs the program.
func (m supervisord) Name() sys.Text {
	if m.program.Refusal != "" {
		return "what calls itself supervisord"
	}
	return "supervisord"
}

func (m supervisord) name() string {
	_, asked, _ := strings.Cut(m.b.Target.Service, ":")
	return cmp.Or(m.program.Program, m.b.Target.Program, asked)
}

func (m supervisord) Service() sys.Text {
	return sys.Textf("the program %s of ", m.name()) + m.Name()
}

func (m supervisord) NoUnit() sys.Text { return m.Name() + " runs the service, not systemd" }

func (m supervisord) State() State {
	if !m.found {
		return State{Noun: "program", Status: report.Unknown, Words: m.unseen(), Step: serviceStep}
	}
	return State{Noun: "program", Status: report.OK, Words: "run by " + m.Name(), Step: serviceStep}
}

// unseen is of a program that runs no server any more, or not yet.
func (m supervisord) unseen() sys.Text {
	if !m.b.Supervised.Known && m.b.Supervised.Problem != "" {
		return m.b.Supervised.Problem
	}
	return sys.Textf("no server of the program %s was found", m.name())
}

func (m supervisord) Declaration() Declaration {
	declaration := Declaration{Noun: "section", Source: sys.Textf("%s", cmp.Or(m.program.Config, "supervisord's configuration"))}
	section := m.program.Section
	if section == nil {
		return declaration
	}
	declaration.Source = sys.Textf("%s:%d", section.File, section.Line)
	declaration.Paths = m.b.ProgramPaths(m.program)
	declaration.Written = section.Info.ContentTime()
	declaration.Advice = sys.Textf("Name the current link in %s, never a release, then have supervisord read it: ", section.File) + m.updateByHand()
	return declaration
}

// updateByHand has the files read anew, and starts what has changed in them.
func (m supervisord) updateByHand() sys.Text {
	if update := m.ask([]string{"update", m.group()}); len(update) > 0 {
		return update[0]
	}
	return "its own user runs " + sys.Typed("supervisorctl update %s", m.group())
}

// group is what supervisorctl update knows a program by.
func (m supervisord) group() string {
	group, _, _ := strings.Cut(m.name(), ":")
	return group
}

// ctl is a command to supervisord by the very configuration that it runs with: left to
// itself supervisorctl would look into its working directory first.
func (m supervisord) ctl(words ...string) []string {
	argv := []string{"supervisorctl"}
	if m.program.Config != "" {
		argv = append(argv, "-c", m.program.Config)
	}
	return append(argv, words...)
}

// ask are commands to supervisord for root to type: none where its configuration may be
// another user's, which supervisorctl would obey.
func (m supervisord) ask(commands ...[]string) []sys.Text {
	var lines []sys.Text
	for _, words := range commands {
		if m.found && m.program.Refusal == "" {
			lines = append(lines, sys.Textf("sudo %s", sys.CommandLine(m.ctl(words...))))
		}
	}
	return lines
}

// Restart updates a program whose section was rewritten: a mere restart would start it from
// what supervisord still holds.
func (m supervisord) Restart(Made) Restart {
	switch {
	case !m.found:
		return Restart{Refusal: m.unseen()}
	case m.program.Refusal != "":
		// Its command would name a configuration that is not known to be root's own.
		return Restart{Refusal: sys.Textf("%s", m.program.Refusal)}
	}
	restart := Restart{
		Order:  Order{Argv: m.ctl("restart", m.program.Program), Root: true},
		Effect: startsAnew(m.b, m.Name()),
		Undo:   noWayBack,
	}
	if m.b.ProgramRewritten(m.program) {
		restart.Argv = m.ctl("update", m.group())
	}
	return restart
}

func (supervisord) Reload() (Order, bool) { return Order{}, false }

func (supervisord) StartsAgain() bool { return true }

func (supervisord) ByHand() sys.Text { return "" }

func (m supervisord) SameRun(before *box.Box) sys.Text { return sameMaster(before, m.b) }

func (m supervisord) Unsettled() sys.Text {
	if m.found && m.b.ProgramRewritten(m.program) {
		return "supervisord still runs the program from its old section"
	}
	return ""
}

// Log is what the program writes to standard error.
func (m supervisord) Log(int) (sys.Command, sys.Text) {
	switch {
	case !m.found:
		return sys.Command{}, m.unseen()
	case m.program.Refusal != "":
		return sys.Command{}, sys.Textf("supervisorctl is not asked for the log: %s", m.program.Refusal)
	}
	return sys.Command{Argv: m.ctl("tail", "-f", m.program.Program, "stderr"), Elevate: true, Timeout: follows}, ""
}

func (m supervisord) Look() Look {
	status := m.ask([]string{"status", m.name()})
	return Look{Status: status, Started: append(status, m.ask([]string{"tail", m.name(), "stderr"})...)}
}
