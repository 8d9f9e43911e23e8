package quiz

import (
	"fmt"
	"strings"

	"flasktui/steps"
	"flasktui/steps/guide"
	"flasktui/steps/report"
)

// Mark is the answer to a question: which cause and which line were named, and after how many
// looks. line is -1 where none was asked for.
func (q Question) Mark(box string, cause, line, looks int) Answer {
	answer := Answer{Box: box, Cause: q.Causes[cause].ID, CauseRight: q.Causes[cause].Right, Looks: looks, Needed: len(q.decidingSteps())}
	if line >= 0 {
		answer.LineAsked, answer.LineRight = true, q.Lines[line].Right
	}
	return answer
}

// decidingSteps are the steps that show what is wrong, each once.
func (q Question) decidingSteps() []int {
	var numbers []int
	for _, cause := range deciding(q.report) {
		known := false
		for _, number := range numbers {
			known = known || number == cause.Step
		}
		if !known {
			numbers = append(numbers, cause.Step)
		}
	}
	return numbers
}

// Debrief tells how it went: right or wrong, what decides, the looks, and what in the deploy
// would have prevented it.
func (q Question) Debrief(answer Answer) []guide.Section {
	found := deciding(q.report)
	sections := []guide.Section{{Heading: "What it was", Text: q.whatItWas(answer, found)}}
	for _, cause := range found {
		if len(cause.Evidence) == 0 {
			continue
		}
		section := guide.Section{Heading: "What decides", Text: fmt.Sprintf("Step %d shows it (%s).", cause.Step, cause.ID)}
		for _, row := range cause.Evidence[:min(clues, len(cause.Evidence))] {
			section.Text += "\n- " + lineOf(row)
		}
		sections = append(sections, section)
	}
	sections = append(sections, guide.Section{Heading: "Your looks", Text: looks(answer, q.decidingSteps())})
	for _, cause := range found {
		page, known := steps.CausePage(cause.ID)
		if !known {
			continue
		}
		section := guide.Section{Heading: "What the deploy should do", Text: page.Prevent}
		names := guide.Names{"unit": string(q.report.Target.Service), "current": string(q.report.Target.AppDir), "url": string(q.report.Target.URL)}
		for _, line := range page.Guard {
			section.Lines = append(section.Lines, guide.Fill(line, names))
		}
		sections = append(sections, section)
	}
	return sections
}

// clues is how many lines of evidence are told of a cause.
const clues = 3

func (q Question) whatItWas(answer Answer, found []report.Finding) string {
	var parts []string
	switch {
	case answer.CauseRight:
		parts = append(parts, "Right.")
	default:
		parts = append(parts, "Not so: you named \""+q.nameOf(answer.Cause)+"\".")
	}
	switch len(found) {
	case 0:
		parts = append(parts, "Nothing was wrong with this box: every claim is proved, and the new release is live.")
	case 1:
		parts = append(parts, found[0].Title+".")
	default:
		var titles []string
		for _, cause := range found {
			titles = append(titles, cause.Title)
		}
		parts = append(parts, fmt.Sprintf("%d things were wrong at once: %s.", len(found), strings.Join(titles, "; ")))
	}
	if answer.LineAsked && answer.LineRight {
		parts = append(parts, "The line that you named decides it.")
	} else if answer.LineAsked {
		parts = append(parts, "The line that you named does not decide it.")
	}
	return strings.Join(parts, " ")
}

func (q Question) nameOf(id string) string {
	for _, choice := range q.Causes {
		if choice.ID == id {
			return choice.Text
		}
	}
	return id
}

func looks(answer Answer, needed []int) string {
	if len(needed) == 0 {
		return fmt.Sprintf("You looked at %s beside the request path. That nothing is wrong takes a look at all that could be.", pages(answer.Looks))
	}
	numbers := make([]string, len(needed))
	for i, number := range needed {
		numbers[i] = fmt.Sprint(number)
	}
	noun := "step"
	if len(numbers) > 1 {
		noun = "steps"
	}
	return fmt.Sprintf("You looked at %s beside the request path; %s would have done: %s %s.", pages(answer.Looks), pages(len(needed)), noun, strings.Join(numbers, ", "))
}

func pages(count int) string {
	switch count {
	case 0:
		return "no page"
	case 1:
		return "one page"
	}
	return fmt.Sprintf("%d pages", count)
}
