package wizard

import (
	"strings"
	"testing"

	"flasktui/steps"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/sys/practice"
)

// TestGuided goes through a step part by part; what helps is offered at its end.
func TestGuided(t *testing.T) {
	b := open(t, Config{}, staleReport())
	b.press("w", "g")
	b.sees("Part 1 of 3: what is asked, and why")
	b.seesNot("f fix")
	b.press("f")
	b.sees("First see what this step shows: enter goes on.")
	b.press("enter")
	b.sees("Part 2 of 3: what this box shows")
	b.sees("master started")
	b.press("f")
	b.seesNot("systemctl restart")
	b.press("n")
	b.sees("Part 3 of 3: what to do")
	b.press("f")
	b.sees("Restart the service?")
	b.press("esc")
	b.sees("Step 4 of 14")
	b.sees("Part 3 of 3: what to do")
	b.press("p", "p")
	b.sees("Part 1 of 3")
	b.press("p")
	b.sees("steps matter here")
	b.press("g")
	b.seesNot("steps matter here")
}

// TestTheGuideIsOfferedOnce on the opening page, and is in the way of no key: the
// expert's f, y and q do what they always do.
func TestTheGuideIsOfferedOnce(t *testing.T) {
	const offer = "New here? Press g"
	b := open(t, Config{Newcomer: true}, staleReport())
	b.sees(offer)
	b.press("g")
	b.sees("steps matter here")
	b.seesNot(offer)

	b = open(t, Config{Newcomer: true}, staleReport())
	b.press("f")
	b.sees("Restart the service?")
	b.confirms(steps.Outcome{Done: true, After: finished(freshReport())})
	b.sees("FRESH")
	b.press("t")
	b.seesNot(offer)
	b.press("q")
	if !b.quits() {
		t.Error("q does not quit")
	}

	b = open(t, Config{Newcomer: true, Step: 3}, staleReport())
	b.seesNot(offer)
	b = open(t, Config{}, staleReport())
	b.seesNot(offer)
}

// TestGuidedBeginsAtWhatMatters folds the rest to a line, and offers no fix at a step whose cause
// lies elsewhere.
func TestGuidedBeginsAtWhatMatters(t *testing.T) {
	b := open(t, Config{}, staleReport())
	b.press("g")
	b.sees("2 of 14 steps matter here")
	b.sees("✓ As it should be: 1 Code on disk")
	b.sees("? Not known: 7 Environment")
	b.press("enter")
	b.sees("Step 4 of 14")
	b.press("enter", "enter", "enter")
	b.sees("Step 13 of 14")
	b.sees("No cause was found at this step")
	b.press("f")
	b.sees("No cause was found at this step, so no fix is offered here.")
	b.press("enter")
	if b.shown != diagnosisKind {
		t.Errorf("it does not end at the diagnosis:\n%s", b.screen())
	}
}

// TestTheGuideIsShort: on every practice box a newcomer is through in under fifteen enters, and
// the step's name is always in sight.
func TestTheGuideIsShort(t *testing.T) {
	for _, fault := range append(practice.Faults(), practice.Variants()...) {
		t.Run(fault.ID, func(t *testing.T) {
			b := onFault(t, fault.ID)
			b.lessons = lessons{steps.StepPage, steps.CausePage, guide.Words}
			b.size(80, 24)
			b.press("g")
			enters := 0
			for ; b.shown == walkKind && enters < 30; enters++ {
				if !strings.Contains(b.screen(), "Step ") && !strings.Contains(b.screen(), "The guided walk") {
					t.Errorf("the step's name is not in sight on\n%s", b.screen())
				}
				b.press("enter")
			}
			if enters >= 15 {
				t.Errorf("%d enters", enters)
			}
		})
	}
}

// TestTheWordsOfAPageAreExplained first, where help is asked from it.
func TestTheWordsOfAPageAreExplained(t *testing.T) {
	b := onFault(t, "hup-with-preload")
	b.lessons = lessons{steps.StepPage, steps.CausePage, guide.Words}
	b.size(80, 100)
	b.press("g", "enter")
	b.sees("? tells what these words mean: ")
	b.press("?")
	b.sees("The words of that page")
}

// TestEnterReadsAGuidedPartToItsEnd before it goes on.
func TestEnterReadsAGuidedPartToItsEnd(t *testing.T) {
	b := open(t, Config{}, staleReport())
	b.size(40, 12)
	b.press("w", "g", "n")
	for range 9 {
		if b.walk.part != partSeen {
			return
		}
		b.press("enter")
		if b.walk.part == partDo && !b.walk.scroll.view.AtTop() {
			t.Error("the next part does not begin at its top")
		}
	}
	t.Error("enter never came to the end")
}

// TestQuickFix runs part after part, each confirmed, and ends in the checklist.
func TestQuickFix(t *testing.T) {
	b := open(t, Config{}, staleReport())
	b.press("x", "enter")
	b.sees("systemctl daemon-reload")
	b.sees("part 1 of 4 of the quick fix")
	b.press("esc")
	b.sees("Cancelled: nothing was run.")
	b.sees("The quick fix, one part at a time")
	if b.quick.under || b.fix != nil {
		t.Fatal("a part that was cancelled is under way")
	}
	quickly(b, steps.Outcome{Done: true, Message: "loaded", After: finished(staleReport())})
	b.sees("✓ 1  Have systemd load the unit from disk")
	quickly(b, steps.Outcome{Done: true, Message: "restarted", After: finished(freshReport())})
	b.sees("Asked again:  FRESH")
	b.sees("checklist, as measured")
	b.press("enter")
	b.sees("Directory")
}

// TestQuickFixStops at the first part that fails: nothing after it can be run.
func TestQuickFixStops(t *testing.T) {
	b := open(t, Config{}, staleReport())
	b.press("x")
	quickly(b, steps.Outcome{Message: "No such file", After: finished(staleReport())})
	b.sees("No such file")
	b.press("enter")
	b.sees("It stopped here. What comes after was not run.")
	b.press("enter")
	if b.shown != pathKind || b.quick.parts[1].status != report.Pending {
		t.Errorf("shown %d, the next part is %s", b.shown, b.quick.parts[1].status)
	}
}

// TestAFixOfItsOwnIsNoPartOfTheQuickFix that was left half-way.
func TestAFixOfItsOwnIsNoPartOfTheQuickFix(t *testing.T) {
	b := open(t, Config{}, staleReport())
	b.press("x", "enter", "esc", "esc", "f")
	b.confirms(steps.Outcome{Done: true, Message: "restarted", After: finished(freshReport())})
	if b.shown != runningKind || b.quick.parts[0].status != report.Pending {
		t.Errorf("shown %d, the first part is %s", b.shown, b.quick.parts[0].status)
	}
}

// TestTheDebriefIsOfferedInPracticeAlone: a real box is nobody's lesson.
func TestTheDebriefIsOfferedInPracticeAlone(t *testing.T) {
	b := open(t, Config{}, staleReport())
	b.press("b")
	b.seesNot("Debrief")
	b = open(t, Config{Practice: true}, staleReport())
	b.press("w", "i", "t", "f")
	b.confirms(steps.Outcome{Done: true, Message: "restarted", After: finished(freshReport())})
	b.sees("b debrief")
	b.press("b")
	b.sees("you looked at step 4 and the time line.")
	b.sees("restart (STALE → FRESH).")
	b.sees("workers started: 2025-11-23 13:51:02.870")
}

// TestTimeline shows a process that came too early as that, in words and with a mark.
func TestTimeline(t *testing.T) {
	b := open(t, Config{}, staleReport())
	b.press("i")
	b.sees("✗ 13:51:02    memory  workers 815, 816, 817 started and loaded the code")
	b.sees("14:03:10  disk      HEAD moved to 3e9d0c4")
	b.sees("21 days later")
	b.press("esc")
	b.seesNot("21 days later")
}

// TestEveryStepTeaches: the guided walk says of each step all that the guide has on it,
// with commands that name this box, and no part is much longer than a small screen.
func TestEveryStepTeaches(t *testing.T) {
	b := onFault(t, "healthy")
	b.lessons = lessons{steps.StepPage, steps.CausePage, guide.Words}
	b.size(80, 24)
	b.press("g")
	for _, step := range steps.All() {
		var told strings.Builder
		b.walk.open(step.Number)
		for part := partWhy; part <= partDo; part++ {
			b.walk.part = part
			b.arrange()
			if pages := b.walk.scroll.total / b.walk.scroll.view.Height; pages > 1 {
				t.Errorf("step %d, part %d: %d lines for a screen of %d", step.Number, b.walk.part+1, b.walk.scroll.total, b.walk.scroll.view.Height)
			}
			b.size(80, 100)
			told.WriteString(b.screen())
			b.size(80, 24)
		}
		headings := []string{"Why it matters", "What good looks like", "How to read it", "The usual mistake", "If it fails", step.Title}
		if len(b.result(step.Number).Commands) > 0 {
			headings = append(headings, "To see the same by hand")
		} else if step.ID != "containers" {
			t.Errorf("step %d has no command to type", step.Number)
		}
		for _, heading := range headings {
			if !strings.Contains(told.String(), heading) {
				t.Errorf("step %d says nothing under %q", step.Number, heading)
			}
		}
	}
}
