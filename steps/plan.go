package steps

import (
	"cmp"
	"reflect"
	"slices"

	"flasktui/steps/box"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/sys/proc"
)

// restsOn is a file whose content decides what a command comes to, as it was when the plan
// was made.
type restsOn struct {
	path string
	info sys.FileInfo
}

// restsOnFiles are the unit's files as they are on disk.
func restsOnFiles(b *box.Box) []restsOn {
	var rests []restsOn
	for _, file := range b.UnitFiles.Value.All() {
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
func (one action) detail() (detail report.CommandDetail, shown bool) {
	detail = report.CommandDetail{Elevated: one.command.Elevate, Directory: cmp.Or(one.command.Dir, "/"), Terminal: one.command.Terminal}
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
