package render

import (
	"fmt"
	"strings"

	"flasktui/steps"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/sys"
)

// clues is how many lines of evidence a debrief shows: what gave it away, not all of it.
const clues = 3

// Debrief looks back on a practice box: what was looked at and done, what gave the fault
// away, and what to do next time. before is the box as it was found.
func Debrief(before report.Report, looked []string, actions []Action) []guide.Section {
	sections := []guide.Section{{Heading: "What you did", Text: whatWasDone(looked, actions)}}
	if len(before.Causes) == 0 {
		return append(sections, guide.Section{
			Heading: "What it was",
			Text:    "Nothing was wrong with this box. `flasktui practice --list` names the boxes with a fault.",
		})
	}
	cause := before.Causes[0]
	sections = append(sections, guide.Section{Heading: "What it was", Text: fmt.Sprintf("%s (%s).", cause.Title, cause.ID)})
	away := guide.Section{Heading: "What gave it away", Text: fmt.Sprintf("Step %d shows it:", cause.Step)}
	for _, e := range cause.Evidence[:min(clues, len(cause.Evidence))] {
		told := e.Label + ": " + oneLine(string(e.Value))
		if e.Source != "" {
			told += "  [" + oneLine(string(e.Source)) + "]"
		}
		away.Lines = append(away.Lines, told)
	}
	sections = append(sections, away)
	next := guide.Section{Heading: "Next time", Text: shortcut(before, cause)}
	for _, id := range cause.Fixes {
		if plan, known := Plan(before, id); known && plan.Blocked == "" {
			for index, argv := range plan.Commands {
				next.Lines = append(next.Lines, "$ "+sys.CommandLine(argv))
				for _, fed := range plan.Fed(index) {
					next.Lines = append(next.Lines, "    "+fed)
				}
			}
			break
		}
	}
	sections = append(sections, next)
	if page, known := steps.CausePage(cause.ID); known {
		never := guide.Section{Heading: "So that there is no next time", Text: page.Prevent}
		names := guide.Names{"unit": string(before.Target.Service), "current": string(before.Target.AppDir), "url": string(before.Target.URL)}
		for _, line := range page.Guard {
			never.Lines = append(never.Lines, guide.Fill(line, names))
		}
		sections = append(sections, never)
	}
	return append(sections, guide.Section{
		Heading: "More", Text: "`flasktui explain " + cause.ID + "` tells all about it; `flasktui practice --list` names the other boxes.",
	})
}

func whatWasDone(looked []string, actions []Action) string {
	text := "You looked at the request path alone."
	if len(looked) > 0 {
		text = "Beside the request path you looked at " + series(looked) + "."
	}
	if len(actions) == 0 {
		return text + " You ran nothing."
	}
	ran := make([]string, len(actions))
	for i, action := range actions {
		ran[i] = action.Fix
		if action.After != "" {
			ran[i] += fmt.Sprintf(" (%s → %s)", strings.ToUpper(string(action.Before)), strings.ToUpper(string(action.After)))
		}
	}
	return text + " You ran " + series(ran) + "."
}

// shortcut is the straight way from the verdict to the cure.
func shortcut(before report.Report, cause report.Finding) string {
	if curable(before, cause) {
		return "The request path names the cause at once. f shows its fix, y runs it, q leaves. By hand:"
	}
	if cause.Advice != "" {
		return string(cause.Advice)
	}
	return "The diagnosis (d) tells what helps."
}

// series joins words as a sentence does.
func series(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
