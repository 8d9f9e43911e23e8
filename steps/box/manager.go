package box

import (
	"strings"

	"flasktui/steps/facts"
	"flasktui/sys"
)

// Supervisorctl is a command to supervisord by the very configuration that it runs with:
// left to itself supervisorctl would look into its working directory first.
func Supervisorctl(program facts.Supervised, words ...string) []string {
	argv := []string{"supervisorctl"}
	if program.Config != "" {
		argv = append(argv, "-c", program.Config)
	}
	return append(argv, words...)
}

// AskSupervisor are commands to supervisord for root to type: none where its configuration
// may be another user's, which supervisorctl would obey.
func AskSupervisor(program facts.Supervised, commands ...[]string) []sys.Text {
	var lines []sys.Text
	for _, words := range commands {
		if program.Refusal == "" {
			lines = append(lines, sys.Textf("sudo %s", sys.CommandLine(Supervisorctl(program, words...))))
		}
	}
	return lines
}

// SupervisorName is what may be said of who runs a program.
func SupervisorName(program facts.Supervised) sys.Text {
	if program.Refusal != "" {
		return "what calls itself supervisord"
	}
	return "supervisord"
}

// ProgramGroup is what supervisorctl update knows a program by.
func ProgramGroup(program facts.Supervised) string {
	group, _, _ := strings.Cut(program.Program, ":")
	return group
}

// RestartArgv starts the service again by whatever runs it; nil where nothing is known to.
// A program whose section was rewritten is updated: restart would start it from what
// supervisord still holds.
func (b *Box) RestartArgv() []string {
	program, ok := b.Program()
	switch {
	case b.HasUnit:
		return []string{"systemctl", "restart", b.Unit.Name}
	case ok && b.ProgramRewritten(program):
		return Supervisorctl(program, "update", ProgramGroup(program))
	case ok:
		return Supervisorctl(program, "restart", program.Program)
	}
	return nil
}

// ProgramRewritten tells whether the program's section says otherwise than what its
// process shows, or is younger than that and cannot be compared with it.
func (b *Box) ProgramRewritten(program facts.Supervised) bool {
	differs, compared := b.ProgramDifference(program)
	return differs != "" || !compared && program.Section != nil && b.Running && After(facts.ContentTime(program.Section.Info), b.Gunicorn.Master.Started)
}

// ProgramDifference says what a process shows otherwise than its section would give it.
// compared is false where too little can be read to tell.
func (b *Box) ProgramDifference(program facts.Supervised) (differs sys.Text, compared bool) {
	section, master := program.Section, b.Gunicorn.Master
	if section == nil || !b.Running {
		return "", false
	}
	directory := master.Directory
	moved := b.Settings.Value.Chdir == "" && section.Directory != "" && directory != "" && b.Deployment.Value.Problem == "" &&
		b.Deployment.Value.Resolved != "" && directory != b.Deployment.Value.Resolved
	if _, through := b.Deployment.Value.Link.Rest(section.Directory); moved && !through {
		return sys.Textf("it stands in %s, and the section says %s", directory, section.Directory), true
	}
	if section.Gunicorn && !master.Titled && !sameArguments(section.Words(), master.CommandLine) {
		return "the command line", true
	}
	// A script before Gunicorn may set the environment as it likes.
	names, compared := b.EnvironmentDifferences()
	if section.Gunicorn && len(names) > 0 {
		return sys.Textf("environment: %s", strings.Join(names, ", ")), true
	}
	return "", section.Gunicorn && !master.Titled && compared && len(section.Unread) == 0
}

// StartRefusal is why starting the unit would fail, so that a running service must not
// be stopped for it; empty where nothing speaks against it. fromDisk judges the unit as
// it would be after a daemon-reload.
func (b *Box) StartRefusal(fromDisk bool) sys.Text {
	if reason := b.restartLeavesOld(); reason != "" {
		return reason
	}
	missing := b.UnitFiles.Value.MissingLoaded
	if fromDisk {
		missing = b.UnitFiles.Value.MissingOnDisk
	}
	if len(missing) > 0 {
		return sys.Textf("the unit names what does not exist, so it would not start again: %s", strings.Join(missing, ", "))
	}
	for _, file := range b.Environment.Value.Files {
		if file.Missing && !file.Optional {
			return sys.Textf("the unit names the EnvironmentFile %s, which does not exist, so it would not start again", file.Path)
		}
	}
	return ""
}

// restartLeavesOld is why a restart of the unit would not bring new processes: it would not
// end the old ones, or may not start at all; empty where it would.
func (b *Box) restartLeavesOld() sys.Text {
	master := b.Gunicorn.Master
	switch {
	case !b.HasUnit:
	case b.Unit.LoadState == "masked" || strings.HasPrefix(b.Unit.UnitFileState, "masked"):
		return sys.Textf("%s is masked, so systemd would not start it again", b.Unit.Name)
	case b.Unit.UnitFileState == "transient" && b.Unit.Collected:
		return sys.Textf("%s was made by systemd-run with --collect: should it not start again at once, nothing is left that could", b.Unit.Name)
	case b.Running && master.PID != b.Unit.MainPID && !b.Unit.StopsAll():
		return sys.Textf("systemd would end the main process of %s alone (KillMode=%s): the Gunicorn %d is another one, and would keep the address", b.Unit.Name, b.Unit.KillMode, master.PID)
	}
	return ""
}

// Manager is who starts and stops the service.
func (b *Box) Manager() sys.Text {
	if _, ok := b.Program(); ok {
		return "supervisord"
	}
	return "systemd"
}
