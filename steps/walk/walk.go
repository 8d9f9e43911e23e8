// Package walk is the guide's fourteen steps: what each asks of the box, and what it
// shows where no cause is found.
//
// It knows the box and the fixes, and no cause: a cause names the step that shows it, so the
// steps stand below the causes. Begin with All; each step is a file.
package walk

import (
	"slices"
	"sync"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/sys"
)

// Step is one of the guide's fourteen questions.
type Step struct {
	// Number is its place in the walk, from 1.
	Number int
	ID     string
	Title  string
	// Question is what the step asks of the box.
	Question string
	// Claim is the one of the seven that it shows: where the step could not be judged, that is
	// open. None for what only advises.
	Claim report.ClaimID
	// Needs are the groups of facts without which it cannot be judged.
	Needs []func() facts.Group
	// Judge says what is seen where no cause is found; a cause that the step shows
	// has the last word.
	Judge func(*box.Box) report.Result
	// Acts are the commands that a person would type to change what it looks at; nil
	// where there are none.
	Acts func(*box.Box) []sys.Text
	// page teaches it: its id and title are the step's.
	page guide.Page
}

// All is the walk, in the guide's order. The list is everybody's.
func All() []Step { return ordered() }

// ordered makes the steps once, pages and all: they are asked for many times a judgement.
var ordered = sync.OnceValue(func() []Step {
	return []Step{
		CodeOnDisk(),
		ServingProcess(),
		WorkingDirectory(),
		ServiceRestart(),
		DaemonReload(),
		UnitPaths(),
		Environment(),
		ReleaseSymlink(),
		Nginx(),
		StaticAssets(),
		Caches(),
		Containers(),
		GunicornReload(),
		ReleaseMarker(),
	}
})

// Page teaches the step.
func (step Step) Page() guide.Page {
	page := step.page
	page.ID, page.Title = step.ID, step.Title
	return page
}

// ByID finds a step by its id or its number; ok is false where there is none.
func ByID(id string) (Step, bool) {
	all := All()
	index := slices.IndexFunc(all, func(step Step) bool {
		return step.ID == id || string(sys.Textf("%d", step.Number)) == id
	})
	if index < 0 {
		return Step{}, false
	}
	return all[index], true
}

// The four outcomes that a step's own function gives.

func ok(summary sys.Text) report.Result { return report.Result{Status: report.OK, Summary: summary} }

func warn(summary sys.Text) report.Result {
	return report.Result{Status: report.Warn, Summary: summary}
}

func failed(summary sys.Text) report.Result {
	return report.Result{Status: report.Fail, Summary: summary}
}

func unknown(reason sys.Text) report.Result {
	return report.NotKnown(reason)
}

func skipped(reason sys.Text) report.Result {
	return report.NotApplicable(reason)
}

// notKnown turns a fact that is not there into the step's outcome.
func notKnown[T any](fact facts.Fact[T]) report.Result {
	if fact.Absent() {
		return skipped(fact.Problem)
	}
	return unknown(fact.Problem)
}
