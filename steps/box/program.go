package box

import (
	"strings"

	"flasktui/steps/facts"
	"flasktui/sys"
)

// ProgramRewritten tells whether the program's section says otherwise than what its
// process shows, or is younger than that and cannot be compared with it.
func (b *Box) ProgramRewritten(program facts.Supervised) bool {
	differs, comparable := b.ProgramDifference(program)
	return differs != "" || !comparable && program.Section != nil && b.Running && After(program.Section.Info.ContentTime(), b.Server.Master.Started)
}

// ProgramDifference says what a process shows otherwise than its section would give it.
// comparable is false where too little can be read to tell.
func (b *Box) ProgramDifference(program facts.Supervised) (differs sys.Text, comparable bool) {
	section, master := program.Section, b.Server.Master
	if section == nil || !b.Running {
		return "", false
	}
	directory := master.Directory
	moved := b.Settings.Value.Chdir == "" && section.Directory != "" && directory != "" && b.Deployment.Value.Problem == "" &&
		b.Deployment.Value.Resolved != "" && directory != b.Deployment.Value.Resolved
	if _, through := b.Deployment.Value.Link.Rest(section.Directory); moved && !through {
		return sys.Textf("it runs in %s, and the section says %s", directory, section.Directory), true
	}
	if section.Serves && !master.Titled && !sameArguments(section.Words(), master.CommandLine) {
		return "the command line", true
	}
	// A script before Gunicorn may set the environment as it likes.
	names, compared := b.EnvironmentDifferences()
	if section.Serves && len(names) > 0 {
		return sys.Textf("environment: %s", strings.Join(names, ", ")), true
	}
	return "", section.Serves && !master.Titled && compared && len(section.Unread) == 0
}
