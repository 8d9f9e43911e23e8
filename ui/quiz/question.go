package quiz

import (
	"cmp"
	"hash/fnv"
	"slices"
	"strings"

	"flasktui/steps"
	"flasktui/steps/report"
)

// Question is what is asked of one box: which cause, of a list, and which line of what was
// seen decides it.
type Question struct {
	// Causes and Lines are what there is to choose from. No line is asked for where nothing is
	// wrong: there all of them together decide.
	Causes []Choice
	Lines  []Choice
	// report is the box as it was judged.
	report report.Report
}

// Choice is one answer.
type Choice struct {
	// ID is the cause's; of a line it is empty.
	ID    string
	Text  string
	Right bool
}

// Nothing is the answer that nothing is wrong.
const Nothing = "nothing"

// How many causes and lines are offered, the right ones among them.
const (
	causesOffered = 8
	linesOffered  = 5
)

// Ask makes the question of a box. box is its name: by it the wrong answers are drawn, so that
// the same box asks the same each time.
func Ask(box string, document report.Report) Question {
	question := Question{report: document}
	found := deciding(document)
	var others []Choice
	for _, kind := range steps.Causes() {
		one := Choice{ID: kind.ID, Text: kind.Title, Right: slices.ContainsFunc(found, func(cause report.Finding) bool { return cause.ID == kind.ID })}
		switch {
		case one.Right:
			question.Causes = append(question.Causes, one)
		case !mentioned(document, kind.ID):
			others = append(others, one)
		}
	}
	question.Causes = append(question.Causes, drawn(box, others, causesOffered-1-len(question.Causes))...)
	sortByText(question.Causes)
	question.Causes = append(question.Causes, Choice{ID: Nothing, Text: "Nothing is wrong: the new release is live", Right: len(found) == 0})
	if len(found) > 0 {
		question.Lines = lines(box, document, found)
	}
	return question
}

// deciding are the causes that the verdict rests on or, where none does, those that are possible.
func deciding(document report.Report) []report.Finding {
	found := slices.DeleteFunc(slices.Clone(document.Causes), func(cause report.Finding) bool { return !cause.Decides() })
	if len(found) == 0 {
		return document.Causes
	}
	return found
}

// mentioned says that a cause is part of what was found, if only as what follows from another
// or as possible: it is not offered as a wrong answer.
func mentioned(document report.Report, id string) bool {
	return slices.ContainsFunc(document.Causes, func(cause report.Finding) bool {
		return cause.ID == id || slices.Contains(cause.Follows, id)
	})
}

// lines are lines of evidence, one or two that decide and others that do not.
func lines(box string, document report.Report, found []report.Finding) []Choice {
	decide := map[string]bool{}
	for _, cause := range found {
		for _, row := range cause.Evidence {
			for _, number := range numbers(row) {
				decide[number] = true
			}
		}
	}
	right := Choice{Text: lineOf(found[0].Evidence[0]), Right: true}
	var others []Choice
	seen := map[string]bool{}
	for _, step := range document.Steps {
		for _, row := range step.Evidence {
			line := lineOf(row)
			// A line that speaks of the same process, time or release, or of a step that fails or is
			// worth a look, may well decide too.
			tells := slices.ContainsFunc(numbers(row), func(number string) bool { return decide[number] })
			if tells || seen[line] || step.Status == report.Fail || step.Status == report.Warn || len([]rune(line)) > longestLine {
				continue
			}
			seen[line] = true
			others = append(others, Choice{Text: line})
		}
	}
	choices := append(drawn(box, others, linesOffered-1), right)
	sortByText(choices)
	return choices
}

// numbers are the words of a line by which it speaks of the same thing as another: a process's
// number, a time of day, a release, a commit. A date is none of them: all of a deploy share it.
func numbers(row report.Evidence) []string {
	return slices.DeleteFunc(strings.FieldsFunc(string(row.Value), func(r rune) bool { return strings.ContainsRune(" /,;()[]", r) }), func(word string) bool {
		return len(word) < 3 || !strings.ContainsAny(word, "0123456789") || strings.Count(word, "-") == 2
	})
}

// longestLine is more than a wrong line needs to be believed.
const longestLine = 160

// lineOf is what was seen in one line, and in signs that every terminal has.
func lineOf(row report.Evidence) string {
	line := strings.Join(strings.Fields(row.Label+": "+string(row.Value)), " ")
	return strings.NewReplacer("→", "->", "—", "-", "×", "x").Replace(line)
}

// drawn are so many of the choices, by lot; the lot is the box's own.
func drawn(box string, choices []Choice, count int) []Choice {
	slices.SortStableFunc(choices, func(one, other Choice) int {
		return cmp.Compare(lot(box, one.ID+one.Text), lot(box, other.ID+other.Text))
	})
	return choices[:max(0, min(count, len(choices)))]
}

// lot is a number by which things are put into an order that nobody can foresee.
func lot(seed, name string) uint32 {
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(seed + "\x00" + name))
	return hash.Sum32()
}

func sortByText(choices []Choice) {
	slices.SortFunc(choices, func(one, other Choice) int { return strings.Compare(one.Text, other.Text) })
}
