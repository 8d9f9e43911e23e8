package cli

import (
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"flasktui/steps"
	"flasktui/steps/guide"
	"flasktui/ui/layout"
	"flasktui/ui/spelling"
)

func (r *run) explainCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "explain [STEP, CAUSE, FIX or WORD]",
		Short: "Explain a step, a cause, a fix, a verdict, a trap or a word",
		Long: "Explain a step (by its number or id), a cause, a fix, a verdict, a word of the trade or a\n" +
			"trap (by its number, G24). Without one, list what can be explained. Words in capitals in\n" +
			"the commands stand for your own.",
		Example:           "  flasktui explain 4\n  flasktui explain symlink-not-switched\n  flasktui explain bind mount\n  flasktui explain G24",
		ValidArgsFunction: first(func(*cobra.Command) []string { return subjects() }),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return r.listSubjects()
			}
			return r.explain(strings.Join(args, " "))
		},
	}
}

func (r *run) listSubjects() error {
	var text strings.Builder
	text.WriteString("Steps\n")
	for _, step := range steps.All() {
		text.WriteString("  " + strings.Repeat(" ", 2-len(strconv.Itoa(step.Number))) + strconv.Itoa(step.Number) + "  " + padded(step.ID, 19) + step.Question + "\n")
	}
	text.WriteString("\nCauses\n")
	for _, cause := range steps.Causes() {
		text.WriteString("  " + padded(cause.ID, 36) + cause.Title + "\n")
	}
	text.WriteString("\nFixes\n")
	for _, fix := range steps.Fixes() {
		text.WriteString("  " + padded(fix.ID, 36) + fix.Title + "\n")
	}
	text.WriteString("\nVerdicts\n")
	for _, verdict := range guide.Verdicts() {
		text.WriteString("  " + verdict.Word + "\n")
	}
	text.WriteString("\nTraps\n")
	for _, trap := range guide.Traps() {
		text.WriteString("  " + padded(trap.Number, 5) + trap.Title + "\n")
	}
	var words []string
	for _, word := range guide.Words() {
		words = append(words, word.Word)
	}
	if len(words) > 0 {
		text.WriteString("\nWords\n" + r.wrapped("  ", strings.Join(words, ", ")))
	}
	return r.printf("%s", text.String())
}

func padded(text string, width int) string {
	return text + strings.Repeat(" ", max(1, width-len(text)))
}

// explain prints every page of a name: "daemon-reload" is a step and a fix.
func (r *run) explain(subject string) error {
	id := strings.ToLower(subject)
	if number, err := strconv.Atoi(id); err == nil {
		all := steps.All()
		if number < 1 || number > len(all) {
			return fail("there is no step %s", shortened(subject)).with("the steps are 1 to " + strconv.Itoa(len(all)))
		}
		id = all[number-1].ID
	}
	var text strings.Builder
	for _, kind := range []struct {
		name string
		page func(string) (guide.Page, bool)
	}{{"Step", steps.StepPage}, {"Cause", steps.CausePage}, {"Fix", steps.FixPage}} {
		if page, is := kind.page(id); is {
			text.WriteString(r.page(kind.name, page))
		}
	}
	if trap, is := guide.TrapPage(strings.ToUpper(id)); is {
		text.WriteString(r.style().Bold("Trap "+trap.Number+": "+trap.Title) + "\n\n" + r.wrapped("  ", trap.Text) + "\n")
	}
	for _, word := range slices.Concat(guide.Verdicts(), guide.Words()) {
		if strings.EqualFold(word.Word, id) {
			text.WriteString(r.style().Bold(word.Word) + "\n\n" + r.wrapped("  ", word.Meaning) + "\n")
		}
	}
	if text.Len() == 0 {
		return fail("there is nothing to explain by the name %q", shortened(subject)).with(spelling.DidYouMean(subject, named(subjects())), "`flasktui explain` lists what there is")
	}
	return r.printf("%s\n", strings.TrimRight(text.String(), "\n"))
}

func (r *run) page(kind string, page guide.Page) string {
	var text strings.Builder
	name := page.ID
	for _, step := range steps.All() {
		if kind == "Step" && step.ID == page.ID {
			kind = "Step " + strconv.Itoa(step.Number) + " of " + strconv.Itoa(len(steps.All()))
		}
	}
	text.WriteString(r.style().Bold(kind+": "+page.Title) + " (" + name + ")\n\n")
	text.WriteString(r.sections(page.Sections()))
	if len(page.See) > 0 {
		text.WriteString(r.wrapped("", "See also: "+strings.Join(page.See, ", ")) + "\n")
	}
	return text.String()
}

// sections are headed parts of a page; what names they have no value for stand in capitals.
func (r *run) sections(sections []guide.Section) string {
	var text strings.Builder
	for _, section := range sections {
		text.WriteString(r.style().Bold(section.Heading) + "\n")
		if section.Text != "" {
			text.WriteString(r.wrapped("  ", section.Text))
		}
		for _, command := range section.Lines {
			text.WriteString(strings.TrimRight("    "+r.style().Fold(guide.Fill(command, nil)), " ") + "\n")
		}
		text.WriteString("\n")
	}
	return text.String()
}

// wrapped breaks text at the width of the page, each line with the same lead. For those
// who hear it nothing is broken.
func (r *run) wrapped(lead, text string) string {
	if r.plain {
		return lead + r.style().Fold(text) + "\n"
	}
	width := min(max(r.Terminal.Width, 40), 80)
	if r.Terminal.Width == 0 {
		width = 80
	}
	var lines strings.Builder
	for _, part := range layout.Wrap(r.style().Fold(text), width-len(lead)) {
		lines.WriteString(lead + part + "\n")
	}
	return lines.String()
}
