package steps

import (
	"testing"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/facts/factstest"
	"flasktui/steps/report"
	"flasktui/steps/walk"
)

func TestUnknownIsNeverNew(t *testing.T) {
	known := factstest.Story{MasterStarted: time.Minute, WorkerStarted: time.Minute, StandsIn: factstest.NewRelease}.Facts()
	known.Code = facts.Unreadable[facts.Code]("permission denied", factstest.NewRelease)
	b := box.New(known)
	if fresh, old, unknown := b.Counts(); fresh+old != 0 || unknown != 1 {
		t.Errorf("of code that could not be read: %d new, %d old, %d unknown", fresh, old, unknown)
	}
	if document := judge(known, true); document.Verdict == report.Fresh {
		t.Errorf("fresh, though not one step was judged: %s", document.Summary)
	}
	for _, step := range walk.All() {
		for _, need := range step.Needs {
			known.Done = append(known.Done, need().Reading(0))
		}
	}
	if document := judge(known, true); document.Verdict == report.Fresh {
		t.Errorf("fresh without having read the code: %s", document.Summary)
	}
}
