package fixes

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
func (plan Prepared) restingOn(files []restsOn) Prepared {
	plan.rests = files
	return plan
}

// detail is what is shown of an action beside its arguments; shown is false where its input
// cannot be shown as it is.
func (one Action) detail() (detail report.CommandDetail, shown bool) {
	detail = report.CommandDetail{Elevated: one.Command.Elevate, Directory: cmp.Or(one.Command.Dir, "/"), Terminal: one.Command.Terminal}
	if one.Process != (proc.ProcessID{}) {
		process := one.Process
		detail.Process = &process
	}
	input := string(one.Command.Stdin)
	detail.Input = sys.Safe(input)
	return detail, string(detail.Input) == input
}

// SamePlan tells whether two plans are one and the same, in everything that they show, run,
// feed and rest on. Both are compared as whole values, so that nothing that is added to a
// plan, an action or a command can be left out. A function cannot be compared; what it does
// is decided by the fix and by what the plan holds.
func SamePlan(one, other Prepared) bool {
	return reflect.DeepEqual(one.withoutFunctions(), other.withoutFunctions())
}

func (plan Prepared) withoutFunctions() Prepared {
	plan.Run = slices.Clone(plan.Run)
	for index := range plan.Run {
		plan.Run[index].Settled = nil
	}
	return plan
}
