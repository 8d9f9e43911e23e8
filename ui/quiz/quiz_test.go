package quiz

import (
	"slices"
	"strings"
	"testing"
	"time"

	"flasktui/steps"
	"flasktui/steps/report"
	"flasktui/sys/practice"
)

func everyBox(t *testing.T, try func(t *testing.T, fault practice.Fault, document report.Report)) {
	t.Helper()
	for _, fault := range append(practice.Faults(), practice.Variants()...) {
		t.Run(fault.ID, func(t *testing.T) {
			t.Parallel()
			box, err := practice.New(fault.ID, time.Now)
			if err != nil {
				t.Fatal(err)
			}
			asked := box.Asked()
			examination, err := steps.Examine(t.Context(), box, steps.Options{
				Service: asked.Service, AppDir: asked.AppDir, URL: asked.URL, Expect: asked.Expect, Timeout: steps.DefaultTimeout,
			}, nil)
			if err != nil {
				t.Fatal(err)
			}
			try(t, fault, examination.Report)
		})
	}
}

// Whoever is asked must be able to answer: each box offers the cause that it is named for and a
// line of its evidence, once, among others that are not part of what was found.
func TestEveryBoxCanBeAnswered(t *testing.T) {
	t.Parallel()
	everyBox(t, func(t *testing.T, fault practice.Fault, document report.Report) {
		question := Ask(fault.ID, document)
		wanted := CauseOf(fault.ID)
		if wanted == "healthy" {
			wanted = Nothing
		}
		at := slices.IndexFunc(question.Causes, func(choice Choice) bool { return choice.ID == wanted })
		if at < 0 || !question.Causes[at].Right || len(question.Causes) != causesOffered {
			t.Fatalf("the cause is not to be chosen among %+v", question.Causes)
		}
		line := slices.IndexFunc(question.Lines, func(choice Choice) bool { return choice.Right })
		if wanted != Nothing && (line < 0 || len(question.Lines) < 3) {
			t.Fatalf("the line is not to be chosen among %+v", question.Lines)
		}
		answer := question.Mark(fault.ID, at, line, 3)
		if !answer.CauseRight || answer.LineRight != (wanted != Nothing) {
			t.Fatalf("%+v", answer)
		}
		var told strings.Builder
		for _, section := range question.Debrief(answer) {
			told.WriteString(section.Heading + "\n" + section.Text + "\n" + strings.Join(section.Lines, "\n") + "\n")
		}
		for _, want := range []string{"Right.", "You looked at 3 pages"} {
			if !strings.Contains(told.String(), want) {
				t.Errorf("%q is not told in\n%s", want, told.String())
			}
		}
		if wanted != Nothing && !strings.Contains(told.String(), "What the deploy should do") {
			t.Errorf("nothing is said of the deploy in\n%s", told.String())
		}
	})
}

// What is shown before the answer gives no verdict away, nor any mark.
func TestTheVeilHidesTheJudgement(t *testing.T) {
	t.Parallel()
	everyBox(t, func(t *testing.T, _ practice.Fault, document report.Report) {
		veiled := Veil(document)
		if veiled.Verdict != "" || veiled.Summary != "" || len(veiled.Causes)+len(veiled.Fixes)+len(veiled.Proof)+len(veiled.Checklist) > 0 {
			t.Errorf("%+v", veiled)
		}
		for i, hop := range veiled.Path {
			if hop.State != report.Pending || hop.Detail != "" || veiled.PassesOn(i) != "" {
				t.Errorf("%+v", hop)
			}
		}
		for _, moment := range veiled.Timeline {
			if moment.State != report.OK {
				t.Errorf("%+v", moment)
			}
		}
		for i, step := range veiled.Steps {
			if step.Summary != "" || len(step.Fixes)+len(step.Acts) > 0 || step.Status == report.Fail || step.Status == report.Warn || step.Status == report.OK {
				t.Errorf("%+v", step)
			}
			if len(step.Evidence) != len(document.Steps[i].Evidence) {
				t.Errorf("step %d has other evidence", step.Number)
			}
		}
		if document.Verdict == "" || len(document.Steps[0].Summary) == 0 {
			t.Error("the judged report was changed")
		}
	})
}

func TestASeriesIsGoneOnWith(t *testing.T) {
	t.Parallel()
	boxes := []Box{{ID: "one"}, {ID: "two"}, {ID: "three"}, {ID: "four"}}
	order := func(series Series) (ids []string) {
		for {
			box, left := series.Next()
			if !left {
				return ids
			}
			ids = append(ids, box.ID)
			series.Take(Answer{Box: box.ID})
		}
	}
	first := order(Begin(boxes, "a"))
	if len(first) != 4 || !slices.Equal(first, order(Begin(boxes, "a"))) {
		t.Fatalf("%q", first)
	}
	kept := []Answer{{Seed: "z"}, {Box: "one"}, {Seed: "a"}, {Box: first[0], CauseRight: true, LineAsked: true, LineRight: true, Looks: 3, Needed: 1}, {Box: first[0]}, {Box: "gone"}}
	series, begun := Resume(boxes, kept)
	next, _ := series.Next()
	if !begun || next.ID != first[1] {
		t.Fatalf("%v %+v", begun, next)
	}
	series.Take(Answer{Box: first[1], Cause: "x", LineAsked: true, Looks: 5, Needed: 1})
	want := Score{Boxes: 4, Answered: 2, Causes: 1, LinesAsked: 2, Lines: 1, Looks: 8, Needed: 2, Missed: []string{first[1]}}
	if score := series.Score(); score.Causes != want.Causes || score.Answered != want.Answered || score.Lines != want.Lines ||
		score.LinesAsked != want.LinesAsked || score.Looks != want.Looks || score.Needed != want.Needed || !slices.Equal(score.Missed, want.Missed) {
		t.Errorf("%+v, want %+v", score, want)
	}
	for _, id := range first {
		kept = append(kept, Answer{Box: id})
	}
	if _, begun := Resume(boxes, kept); begun {
		t.Error("a series that is through is gone on with")
	}
	if _, begun := Resume(boxes, nil); begun {
		t.Error("a series is gone on with that nobody began")
	}
}
