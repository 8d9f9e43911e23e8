package wizard

import (
	"errors"
	"strings"
	"testing"
	"time"

	"flasktui/steps"
	"flasktui/sys"
	"flasktui/sys/practice"
	"flasktui/ui/quiz"
)

// openQuiz is the wizard in a quiz of these boxes, and what it keeps.
func openQuiz(t *testing.T, config Config, ids ...string) (*bench, <-chan quiz.Answer) {
	t.Helper()
	var boxes []quiz.Box
	for _, fault := range append(practice.Faults(), practice.Variants()...) {
		for _, id := range ids {
			if fault.ID == id {
				boxes = append(boxes, quiz.Box{ID: id, Symptom: fault.Symptom()})
			}
		}
	}
	kept := make(chan quiz.Answer, 9)
	fixed := func() time.Time { return time.Date(2026, time.March, 5, 14, 20, 0, 0, time.UTC) }
	config.Practice = true
	config.Quiz = &Quiz{
		Series: quiz.Begin(boxes, "seed"),
		Open: func(id string) (sys.Machine, steps.Options, error) {
			box, err := practice.New(id, fixed)
			if err != nil {
				return nil, steps.Options{}, err
			}
			asked := box.Asked()
			return box, steps.Options{Service: asked.Service, AppDir: asked.AppDir, URL: asked.URL, Expect: asked.Expect, Timeout: steps.DefaultTimeout}, nil
		},
		Keep:  func(answer quiz.Answer) error { kept <- answer; return nil },
		Again: func() (quiz.Series, error) { return quiz.Begin(boxes, "another"), nil },
	}
	b := newBench(t, config)
	b.lookAtTheBox()
	return b, kept
}

// quizAt is a quiz of one box, after these keys.
func quizAt(keys ...string) func(*testing.T, Config) *bench {
	return func(t *testing.T, config Config) *bench {
		b, _ := openQuiz(t, config, "service-not-restarted")
		b.press(keys...)
		return b
	}
}

// lookAtTheBox tells the wizard what a look at its box comes to.
func (b *bench) lookAtTheBox() {
	b.t.Helper()
	examination, err := steps.Examine(b.t.Context(), b.config.Machine, b.options, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	b.clock = examination.Report.GeneratedAt.Time
	b.tell(examineEndedMsg{look: b.look, examination: examination})
	b.clock = b.clock.Add(3 * time.Second)
}

// answers names a cause and a line, by being right or wrong.
func (b *bench) answers(right bool) {
	b.t.Helper()
	b.press("a")
	for range 2 {
		if b.quiz.stage != askCause && b.quiz.stage != askLine {
			break
		}
		at := 0
		for i, choice := range b.quiz.choices() {
			if choice.Right == right {
				at = i
			}
		}
		for range at {
			b.press("down")
		}
		b.press("enter")
	}
}

func TestAQuizHidesTheJudgementUntilTheCauseIsNamed(t *testing.T) {
	b, kept := openQuiz(t, Config{}, "service-not-restarted", "cache-serves-old/queue")
	for _, hidden := range []string{"STALE", "✗", "certain", "f fix", "d diagnosis", "not restarted"} {
		for _, keys := range [][]string{{}, {"i"}, {"t", "w"}, {"4"}, {"t"}} {
			b.press(keys...)
			if strings.Contains(b.screen(), hidden) {
				t.Errorf("%q is to be seen on\n%s", hidden, b.screen())
			}
		}
	}
	b.sees("QUIZ 1 of 2")
	b.sees(b.riddle.box.Symptom[:20])
	for _, key := range []string{"f", "d", "x", "e", "g", "b", "s"} {
		b.press(key)
		b.sees("First name the cause")
	}
	b.press("r")
	b.lookAtTheBox()
	b.sees("Probed again.")
	b.answers(true)
	b.start(b.command)
	if answer := <-kept; !answer.CauseRight || !answer.LineRight || answer.Looks != 3 {
		t.Errorf("kept %+v", answer)
	}
	b.sees("Box 1 of 2, 1 right")
	b.sees("The line that you named decides it.")
	b.sees("STALE")
	b.press("t")
	b.sees("✗")
	b.press("b", "enter")
	b.lookAtTheBox()
	b.sees("QUIZ 2 of 2")
	b.answers(false)
	b.sees("Box 2 of 2, 1 right")
	b.sees("Not so: you named")
	b.press("enter")
	b.sees("All 2 boxes are done")
	b.sees("1 of 2 named")
	b.press("enter")
	b.lookAtTheBox()
	b.sees("QUIZ 1 of 2")
}

func TestPracticeLeadsToTheQuiz(t *testing.T) {
	b := open(t, Config{Practice: true, OfferQuiz: true}, staleReport())
	b.press("b")
	b.sees("Q quiz")
	b.press("Q")
	if _, err := b.leave(b.config); !errors.Is(err, ErrQuiz) {
		t.Fatal(err)
	}
	b = open(t, Config{}, staleReport())
	b.press("Q")
	b.sees("Q does nothing here")
}
