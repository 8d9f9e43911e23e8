package steps_test

import (
	"fmt"
	"hash/crc32"
	"maps"
	"slices"
	"strings"
	"testing"

	"flasktui/steps"
	"flasktui/steps/facts/factstest"
	"flasktui/steps/report"
)

// TestWhatEachFactChanges changes one value of the facts of a box, or a few at once, and holds
// all that is told then. A row of the file is such a change; beside its digest stands the verdict
// with its causes, where they are not the box's own. The rows were drawn from all that can be
// changed on all boxes, and kept where they made the judgement decide something anew; for
// another one write its name into the file, with nothing behind it, and let -update do the rest.
func TestWhatEachFactChanges(t *testing.T) {
	told := &factstest.Digests{File: "testdata/told_changed.txt"}
	rows := map[string][]string{}
	for row := range told.Kept(t) {
		what, name, _ := strings.Cut(row, onBox)
		rows[name] = append(rows[name], what)
	}
	tryBoxes(t, slices.Collect(maps.Keys(rows)), func(t *testing.T, name string, _ steps.Examination) {
		known := factsOf(t, name)
		before := verdictOf(steps.JudgeOf(known))
		all := factstest.ChangesOf(known)
		for _, row := range rows[name] {
			var made []factstest.Change
			for what := range strings.SplitSeq(row, andMore) {
				one, found := factstest.ChangeBy(what, all)
				if !found {
					t.Errorf("there is no change %q on %s", what, name)
					return
				}
				made = append(made, one)
			}
			judged := factstest.With(known, made, func() {
				remark := verdictOf(steps.JudgeOf(known))
				if remark == before {
					remark = ""
				}
				told.Add(t, row+onBox+name, remark, wholeOf(t, known))
			})
			if !judged {
				t.Errorf("%s on %s: %s", row, name, "no look could have seen that")
			}
		}
	})
	told.Settle(t)
}

// How the changes of a row are joined, and the box named.
const (
	andMore = " + "
	onBox   = " on "
)

// TestNoChangeIsTooMuch makes every change there is on some of the boxes: whatever the facts say,
// they are judged.
func TestNoChangeIsTooMuch(t *testing.T) {
	everyBox(t, func(t *testing.T, name string, _ steps.Examination) {
		mine := byTurns(name)
		if testing.Short() && !mine() {
			return
		}
		known := factsOf(t, name)
		for what, one := range factstest.ChangesOf(known) {
			if testing.Short() && crc32.ChecksumIEEE([]byte(name+what))%100 > 0 {
				continue
			}
			factstest.With(known, []factstest.Change{one}, func() {
				defer func() {
					if fault := recover(); fault != nil {
						t.Errorf("%s: %v", what, fault)
					}
				}()
				steps.JudgeOf(known)
			})
		}
	})
}

// verdictOf is the verdict with the causes that decide it.
func verdictOf(document report.Report) string {
	words := []string{string(document.Verdict)}
	for _, cause := range document.Causes {
		words = append(words, fmt.Sprintf("%s %s", cause.ID, cause.Confidence))
	}
	return strings.Join(words, ", ")
}
