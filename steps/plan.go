package steps

import (
	"cmp"
	"reflect"
	"slices"
	"strings"

	"flasktui/sys"
	"flasktui/sys/proc"
)

// CommandDetail is what a command of a plan does beside its arguments.
type CommandDetail struct {
	// Elevated asks for root's rights, where the caller has none.
	Elevated bool `json:"elevated"`
	// Directory is where it runs.
	Directory string `json:"directory"`
	// Input is what it is fed, word by word; where it writes a file, that is the content.
	// Empty for nothing.
	Input sys.Text `json:"input,omitempty"`
	// Process is the one that it sends a signal to.
	Process *proc.ProcessID `json:"process,omitempty"`
	// Terminal: it needs the person's own terminal.
	Terminal bool `json:"terminal,omitempty"`
}

// Fed are the lines that a face shows below a command of the plan, before it is agreed to:
// what the command is fed, and so writes. None for most.
func (plan Plan) Fed(index int) []string { return FedLines(plan.Details, index) }

// FedLines is Fed for the details of a plan that is gone.
func FedLines(details []CommandDetail, index int) []string {
	if index >= len(details) || details[index].Input == "" {
		return nil
	}
	var lines []string
	for line := range strings.SplitSeq(strings.TrimSuffix(string(details[index].Input), "\n"), "\n") {
		lines = append(lines, "< "+line)
	}
	return lines
}

// restsOn is a file whose content decides what a command comes to, as it was when the plan
// was made.
type restsOn struct {
	path string
	info sys.FileInfo
}

// restsOnFiles are the unit's files as they are on disk.
func (v *view) restsOnFiles() []restsOn {
	var rests []restsOn
	for _, file := range v.UnitFiles.Value.All() {
		rests = append(rests, restsOn{file.Path, file.Info})
	}
	return rests
}

// restingOn has a plan refused where one of these files changes under the question.
func (plan prepared) restingOn(files []restsOn) prepared {
	plan.rests = files
	return plan
}

// detail is what is shown of an action beside its arguments; shown is false where its input
// cannot be shown as it is.
func (one action) detail() (detail CommandDetail, shown bool) {
	detail = CommandDetail{Elevated: one.command.Elevate, Directory: cmp.Or(one.command.Dir, "/"), Terminal: one.command.Terminal}
	if one.process != (proc.ProcessID{}) {
		process := one.process
		detail.Process = &process
	}
	input := string(one.command.Stdin)
	detail.Input = sys.Safe(input)
	return detail, string(detail.Input) == input
}

// samePlan tells whether two plans are one and the same, in everything that they show, run,
// feed and rest on. Both are compared as whole values, so that nothing that is added to a
// plan, an action or a command can be left out. A function cannot be compared; what it does
// is decided by the fix and by what the plan holds.
func samePlan(one, other prepared) bool {
	return reflect.DeepEqual(one.withoutFunctions(), other.withoutFunctions())
}

func (plan prepared) withoutFunctions() prepared {
	plan.run = slices.Clone(plan.run)
	for index := range plan.run {
		plan.run[index].settled = nil
	}
	return plan
}
