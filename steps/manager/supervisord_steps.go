package manager

import (
	"maps"
	"slices"
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/report"
	"flasktui/sys"
)

// Configuration sets the program's section on disk against what runs.
func (m supervisord) Configuration() report.Result {
	b, program := m.b, m.program
	commands := m.ask([]string{"status", m.name()})
	lines := []report.Evidence{report.Observed("started by", m.Name()+sys.Textf(", process %d", program.Supervisor), sys.Textf("/proc/%d/stat", program.Master))}
	if program.Section == nil {
		return unknown(m.unread()).With(commands, lines...)
	}
	lines = append(lines, report.Observed("section", sys.Textf("%s:%d", program.Section.File, program.Section.Line), sys.Textf("%s", program.Config)))
	if at := program.Section.Info.ContentTime(); box.After(at, b.MainStarted()) {
		return judged(report.OK, sys.Textf("%s was changed at %s, after the program was started, but nothing of it that can be compared differs from what runs.", program.Section.File, b.Clock(at))).With(commands, lines...)
	}
	return judged(report.OK, m.Name()+" runs the service, and its section on disk has not changed since it was started.").With(commands, lines...)
}

// unread is why the section of a program is not known.
func (m supervisord) unread() sys.Text {
	program := m.program
	if !m.found {
		return m.unseen()
	}
	if program.ConfigProblem != "" {
		return sys.Textf("%s", program.ConfigProblem)
	}
	return sys.Textf("no section of program %s was found in %s or what it includes", program.Program, program.Config)
}

// Paths are those that the program's section names.
func (m supervisord) Paths() report.Result {
	b, program := m.b, m.program
	if program.Section == nil {
		return unknown(m.unread())
	}
	commands := []sys.Text{sys.Typed("sed -n '%d,$p' %s", program.Section.Line, program.Section.File)}
	var lines []report.Evidence
	for _, one := range b.ProgramPaths(program) {
		lines = append(lines, report.Observed(one.Key, sys.Textf("%s", one.Path), one.Source))
	}
	if !b.Deployment.Known {
		return unknown(b.Deployment.Problem).With(commands, lines...)
	}
	if settings := b.Settings.Value; slices.Contains(settings.Computed, "chdir") {
		return unknown(sys.Textf("chdir in %s is computed by Python, which flasktui does not run", settings.ConfigPath)).With(commands, lines...)
	}
	return judged(report.OK, sys.Textf("What the program's section names leads to %s.", b.Deployment.Value.Active)).With(commands, lines...)
}

// Environment sets what the section sets against what the process has.
func (m supervisord) Environment() report.Result {
	b, program := m.b, m.program
	if m.found && program.Master == 0 {
		return unknown("no process of the service runs").With(m.Look().Status)
	}
	commands := []sys.Text{sys.Textf("sudo cat /proc/%d/environ | tr '\\0' '\\n' | cut -d= -f1 | sort", program.Master)}
	section := program.Section
	switch {
	case section == nil:
		return unknown(m.unread()).With(commands)
	case slices.Contains(section.Unread, "environment"):
		return unknown(sys.Textf("environment= in %s holds what only supervisord can expand", section.File)).With(commands)
	case len(section.Prints) == 0:
		return judged(report.OK, "The program's section sets no environment of its own.").With(commands)
	case b.Server.Master.Prints == nil:
		return unknown(sys.Textf("the environment of process %d could not be read: %s", program.Master, b.Server.Master.Unreadable["environ"])).With(commands)
	}
	names := strings.Join(slices.Sorted(maps.Keys(section.Prints)), ", ")
	line := report.Observed("section", sys.Textf("%s sets %s", section.File, names), sys.Textf("%s:%d", section.File, section.Line))
	if differing, _ := b.EnvironmentDifferences(); len(differing) > 0 {
		return judged(report.Warn, sys.Textf("Process %d has a different value for %s from the one that the section sets.", program.Master, strings.Join(differing, ", "))).With(commands, line)
	}
	return judged(report.OK, sys.Textf("All %d variables that the section sets are the same in process %d.", len(section.Prints), program.Master)).With(commands, line)
}
