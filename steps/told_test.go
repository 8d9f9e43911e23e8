package steps_test

import (
	"fmt"
	"strings"
	"testing"

	"flasktui/steps"
	"flasktui/steps/facts"
	"flasktui/steps/report"
)

// telling is a box on which something is otherwise, and what a person is told of it then.
type telling struct {
	box    string
	change func(known *facts.Facts)
	// step is the one that tells it; 0 is the verdict with its proof, the path and the causes.
	step   int
	status string
	// says is in what is told; where it begins with "!", the rest is not.
	says string
}

// wordsOf are all words of a step, or of the report's head.
func wordsOf(document report.Report, step int) (status, words string) {
	if step == 0 {
		words = fmt.Sprintf("%s\n", document.Summary)
		for _, claim := range document.Proof {
			words += fmt.Sprintf("%s is %s: %s\n", claim.Claim, claim.State, claim.Because)
		}
		for _, hop := range document.Path {
			words += fmt.Sprintf("%s %s: %s, %s\n", hop.Hop, hop.State, hop.Label, hop.Detail)
		}
		for _, cause := range document.Causes {
			words += fmt.Sprintf("%s is %s, fixes %v: %s %s\n", cause.ID, cause.Confidence, cause.Fixes, cause.Why, cause.Advice)
			for _, line := range cause.Evidence {
				words += fmt.Sprintf("%s: %s (%s)\n", line.Label, line.Value, line.Source)
			}
		}
		return string(document.Verdict), words
	}
	result := document.Steps[step-1]
	words = fmt.Sprintf("%s\n%s\n", result.Summary, result.Reason)
	for _, line := range result.Evidence {
		words += fmt.Sprintf("%s: %s (%s)\n", line.Label, line.Value, line.Source)
	}
	for _, command := range result.Commands {
		words += fmt.Sprintf("$ %s\n", command)
	}
	return string(result.Status), words
}

// hold tries each box and what is told of it.
func hold(t *testing.T, tellings []telling) {
	t.Helper()
	for _, test := range tellings {
		known := factsOf(t, test.box)
		if test.change != nil {
			test.change(known)
		}
		status, words := wordsOf(steps.JudgeOf(known), test.step)
		unwanted, isNot := strings.CutPrefix(test.says, "!")
		if status != test.status || isNot && strings.Contains(words, unwanted) || !isNot && !strings.Contains(words, test.says) {
			t.Errorf("%s, step %d is to be %s and to say %q; it is %s:\n%s", test.box, test.step, test.status, test.says, status, words)
		}
	}
}

func gone[T any](fact *facts.Fact[T]) { *fact = facts.Missing[T]("it is not here", "") }

func unreadable[T any](fact *facts.Fact[T]) { *fact = facts.Unreadable[T]("permission denied", "") }
