package steps

import (
	"maps"
	"slices"
	"strings"

	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
)

// supervisorctl is a command to supervisord by the very configuration that it runs with:
// left to itself supervisorctl would look into its working directory first.
func supervisorctl(program facts.Supervised, words ...string) []string {
	argv := []string{"supervisorctl"}
	if program.Config != "" {
		argv = append(argv, "-c", program.Config)
	}
	return append(argv, words...)
}

// askSupervisor are commands to supervisord for root to type: none where its configuration
// may be another user's, which supervisorctl would obey.
func askSupervisor(program facts.Supervised, commands ...[]string) []sys.Text {
	var lines []sys.Text
	for _, words := range commands {
		if program.Refusal == "" {
			lines = append(lines, sys.Textf("sudo %s", sys.CommandLine(supervisorctl(program, words...))))
		}
	}
	return lines
}

// supervisorName is what may be said of who runs a program.
func supervisorName(program facts.Supervised) sys.Text {
	if program.Refusal != "" {
		return "what calls itself supervisord"
	}
	return "supervisord"
}

// programGroup is what supervisorctl update knows a program by.
func programGroup(program facts.Supervised) string {
	group, _, _ := strings.Cut(program.Program, ":")
	return group
}

// restartArgv starts the service again by whatever runs it; nil where nothing is known to.
// A program whose section was rewritten is updated: restart would start it from what
// supervisord still holds.
func (v *view) restartArgv() []string {
	program, ok := v.Program()
	switch {
	case v.hasUnit:
		return []string{"systemctl", "restart", v.unit.Name}
	case ok && v.programRewritten(program):
		return supervisorctl(program, "update", programGroup(program))
	case ok:
		return supervisorctl(program, "restart", program.Program)
	}
	return nil
}

// programRewritten tells whether the program's section says otherwise than what its
// process shows, or is younger than that and cannot be compared with it.
func (v *view) programRewritten(program facts.Supervised) bool {
	differs, comparable := v.programDifference(program)
	return differs != "" || !comparable && program.Section != nil && v.running && after(facts.ContentTime(program.Section.Info), v.main.Master.Started)
}

// programDifference says what a process shows otherwise than its section would give it.
// comparable is false where too little can be read to tell.
func (v *view) programDifference(program facts.Supervised) (differs sys.Text, comparable bool) {
	section, master := program.Section, v.main.Master
	if section == nil || !v.running {
		return "", false
	}
	directory := strings.TrimSuffix(master.Directory, " (deleted)")
	moved := v.Settings.Value.Chdir == "" && section.Directory != "" && directory != "" && v.Deployment.Value.Problem == "" &&
		v.Deployment.Value.Resolved != "" && directory != v.Deployment.Value.Resolved
	if _, through := v.Deployment.Value.Link.Rest(section.Directory); moved && !through {
		return sys.Textf("it stands in %s, and the section says %s", directory, section.Directory), true
	}
	if section.Gunicorn && !master.Titled && !sameArguments(section.Words(), master.CommandLine) {
		return "the command line", true
	}
	// A script before Gunicorn may set the environment as it likes.
	names, compared := v.environmentDifferences()
	if section.Gunicorn && len(names) > 0 {
		return sys.Textf("environment: %s", strings.Join(names, ", ")), true
	}
	return "", section.Gunicorn && !master.Titled && compared && len(section.Unread) == 0
}

// findProgramNotApplied sees a program of supervisord's whose section was rewritten after
// its process was started from the old one (G23).
func findProgramNotApplied(v *view, program facts.Supervised) *report.Finding {
	section, started := program.Section, v.mainStarted()
	if section == nil || started.IsZero() {
		return nil
	}
	differs, comparable := v.programDifference(program)
	at := facts.ContentTime(section.Info)
	changed := report.Observed("section changed", sys.Textf("%s:%d at %s", section.File, section.Line, v.exactClock(at, started)), sys.Typed("statx %s", section.File))
	began := report.Observed("master started", v.exactClock(started, at), sys.Textf("/proc/%d/stat", v.main.Master.PID))
	switch {
	case differs != "":
		return &report.Finding{
			Confidence: report.Certain,
			Why: sys.Textf("Process %d was started from another section than %s has now: supervisord goes by the one that it read before. A restart would start the old one again; supervisorctl update reads the files and applies them.",
				v.main.Master.PID, section.File),
			Evidence: []report.Evidence{changed, began, report.Observed("differs", differs, sys.Textf("/proc/%d and %s", v.main.Master.PID, section.File))},
			Fixes:    []string{"restart"},
		}
	case comparable || !after(at, started):
		return nil
	}
	return &report.Finding{
		Confidence: report.Possible,
		Why: sys.Textf("%s was changed at %s, after process %d was started at %s. Whether the program's own section changed cannot be told from what the process shows.",
			section.File, v.exactClock(at, started), v.main.Master.PID, v.exactClock(started, at)),
		Evidence: []report.Evidence{changed, began},
		Fixes:    []string{"restart"},
	}
}

// judgeProgram: step 5 of a service that supervisord runs.
func (v *view) judgeProgram(program facts.Supervised) report.Result {
	commands := askSupervisor(program, []string{"status", program.Program})
	lines := []report.Evidence{report.Observed("started by", supervisorName(program)+sys.Textf(", process %d", program.Supervisor), sys.Textf("/proc/%d/stat", program.Master))}
	if program.Section == nil {
		return unknown(programProblem(program)).With(commands, lines...)
	}
	lines = append(lines, report.Observed("section", sys.Textf("%s:%d", program.Section.File, program.Section.Line), sys.Textf("%s", program.Config)))
	if at := facts.ContentTime(program.Section.Info); after(at, v.mainStarted()) {
		return ok(sys.Textf("%s was changed at %s, after the program was started, but nothing of it that can be compared differs from what runs.", program.Section.File, v.clock(at))).With(commands, lines...)
	}
	return ok(supervisorName(program)+" runs the service, and its section on disk has not changed since it was started.").With(commands, lines...)
}

// programProblem is why the section of a program is not known.
func programProblem(program facts.Supervised) sys.Text {
	if program.ConfigProblem != "" {
		return sys.Textf("%s", program.ConfigProblem)
	}
	return sys.Textf("no section of program %s was found in %s or what it includes", program.Program, program.Config)
}

// judgeProgramPaths: step 6 of a service that supervisord runs.
func (v *view) judgeProgramPaths(program facts.Supervised) report.Result {
	if program.Section == nil {
		return unknown(programProblem(program))
	}
	commands := []sys.Text{sys.Typed("sed -n '%d,$p' %s", program.Section.Line, program.Section.File)}
	var lines []report.Evidence
	for _, one := range v.programPaths(program) {
		lines = append(lines, report.Observed(one.key, sys.Textf("%s", one.path), one.source))
	}
	if !v.Deployment.Known {
		return unknown(sys.Textf("%s", v.Deployment.Problem)).With(commands, lines...)
	}
	return ok(sys.Textf("What the program's section names leads to %s.", v.Deployment.Value.Active)).With(commands, lines...)
}

// programPaths are the paths that decide what supervisord starts.
func (v *view) programPaths(program facts.Supervised) []unitPath {
	section := program.Section
	if section == nil {
		return nil
	}
	source := sys.Textf("%s:%d", section.File, section.Line)
	paths := absolutePaths(unitPath{"directory", section.Directory, source}, unitPath{"--chdir", section.Settings.Chdir, source})
	for _, word := range section.Words()[:min(len(section.Words()), 2)] {
		paths = append(paths, absolutePaths(unitPath{"command", word, source})...)
	}
	if settings := v.Settings.Value; settings.Shebang != "" {
		paths = append(paths, unitPath{"first line of " + settings.Script, settings.Shebang, sys.Typed("head -1 %s", settings.Script)})
	}
	return paths
}

// judgeProgramEnvironment: step 7 of a service that supervisord runs.
func (v *view) judgeProgramEnvironment(program facts.Supervised) report.Result {
	commands := []sys.Text{sys.Textf("sudo cat /proc/%d/environ | tr '\\0' '\\n' | cut -d= -f1 | sort", program.Master)}
	section := program.Section
	switch {
	case section == nil:
		return unknown(programProblem(program)).With(commands)
	case slices.Contains(section.Unread, "environment"):
		return unknown(sys.Textf("environment= in %s holds what only supervisord can expand", section.File)).With(commands)
	case len(section.Prints) == 0:
		return ok("The program's section sets no environment of its own.").With(commands)
	case v.main.Master.Prints == nil:
		return unknown(sys.Textf("the environment of process %d could not be read: %s", program.Master, v.main.Master.Unreadable["environ"])).With(commands)
	}
	names := strings.Join(slices.Sorted(maps.Keys(section.Prints)), ", ")
	line := report.Observed("section", sys.Textf("%s sets %s", section.File, names), sys.Textf("%s:%d", section.File, section.Line))
	if differing, _ := v.environmentDifferences(); len(differing) > 0 {
		return warn(sys.Textf("Process %d has another value of %s than the section sets.", program.Master, strings.Join(differing, ", "))).With(commands, line)
	}
	return ok(sys.Textf("All %d variables that the section sets are the same in process %d.", len(section.Prints), program.Master)).With(commands, line)
}
