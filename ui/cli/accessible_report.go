package cli

import (
	"fmt"
	"strings"

	"flasktui/steps"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/ui/layout"
	"flasktui/ui/render"
)

// This file is how things stand for those who hear it: what matters in as few sentences
// as it takes, one to a line and none broken. The whole report is a choice of the menu.

// standing says the verdict, the releases, the request path and the causes.
func (c *conversation) standing() error {
	looked := c.looked.Report
	var text strings.Builder
	fmt.Fprintf(&text, "%s on %s: %s.\n%s\n", line(string(looked.Target.Service)), line(string(looked.Host.Hostname)),
		strings.ToUpper(string(looked.Verdict)), heard(looked.Summary))
	for _, release := range []struct {
		where string
		report.ReleaseSummary
	}{{"on disk", looked.Releases.OnDisk}, {"in memory", looked.Releases.Loaded}, {"served", looked.Releases.Served.ReleaseSummary}} {
		id := render.NoRelease(looked, release.where)
		if release.ID != "" {
			id = layout.Hash(heard(release.ID))
		}
		fmt.Fprintf(&text, "Release %s: %s.\n", release.where, id)
	}
	text.WriteString("\nThe request path, from the address to the code.\n")
	for i, hop := range looked.Path {
		text.WriteString(hopSentence(hop, looked.PassesOn(i)) + "\n")
	}
	for i, cause := range looked.Causes {
		fmt.Fprintf(&text, "\nCause %d of %d, %s: %s.\n", i+1, len(looked.Causes), cause.Confidence, line(cause.Title))
		if i == 0 {
			text.WriteString(heard(cause.Why) + "\n" + helps(looked, cause))
		}
	}
	if len(looked.Causes) == 0 {
		text.WriteString(unread(looked.Steps))
	}
	return c.printf("%s", text.String())
}

func hopSentence(hop report.Hop, passes string) string {
	name := render.HopName(hop)
	name = strings.ToUpper(name[:1]) + name[1:]
	if hop.Hop == report.HopURL {
		name = "URL"
	}
	var told []string
	for _, text := range []sys.Text{hop.Label, hop.OnScreen()} {
		if text != "" {
			told = append(told, heard(text))
		}
	}
	state := render.InWords(hop.State)
	if passes != "" {
		state = "works, and passes on " + passes
	}
	sentence := fmt.Sprintf("%s, %s: %s.", name, state, strings.Join(told, ", "))
	if len(told) == 0 {
		sentence = fmt.Sprintf("%s, %s.", name, state)
	}
	if hop.State != report.OK && hop.State != report.Skipped && hop.Step > 0 {
		sentence += fmt.Sprintf(" Step %d tells more.", hop.Step)
	}
	return sentence
}

// helps says what helps against a cause, and what would that may not run now.
func helps(looked report.Report, cause report.Finding) string {
	var text strings.Builder
	for _, id := range cause.Fixes {
		plan, known := render.Plan(looked, id)
		switch {
		case !known:
		case plan.Blocked != "":
			fmt.Fprintf(&text, "%s would help, and may not run now: %s\n", id, heard(plan.Blocked))
		default:
			fmt.Fprintf(&text, "What helps: %s, %s risk. %s\n", id, plan.Risk, heard(plan.Effect))
			if plan.MustBeNamed() {
				text.WriteString(heard(plan.Origin.Warning()) + "\n")
				for _, given := range plan.Origin.GivenWords() {
					text.WriteString(heard(given) + "\n")
				}
			}
		}
	}
	if cause.Advice != "" {
		text.WriteString("Advice: " + heard(cause.Advice) + "\n")
	}
	return text.String()
}

// unread says which steps have no answer, where no cause is there to tell of.
func unread(results []report.Result) string {
	var text strings.Builder
	for _, result := range results {
		if result.Status == report.Unknown {
			fmt.Fprintf(&text, "Step %d, %s, has no answer: %s.\n", result.Number, result.Title, strings.TrimRight(heard(result.Reason), "."))
		}
	}
	return text.String()
}

// heard is text in one line, with words for the signs that a screen reader spells out or
// leaves out.
func heard(text sys.Text) string {
	return strings.NewReplacer("→", "leads to", "←", "is", "×", "times ", "—", "-").Replace(line(string(text)))
}

// stepPage is a step: its question, its answer, what was seen, and what can be typed.
func (c *conversation) stepPage(result report.Result) string {
	var page strings.Builder
	fmt.Fprintf(&page, "\nStep %d of %d: %s.\n", result.Number, len(c.looked.Report.Steps), result.Title)
	if at := result.Number - 1; at >= 0 && at < len(steps.All()) {
		page.WriteString(steps.All()[at].Question + "\n")
	}
	if result.Status != report.Pending {
		fmt.Fprintf(&page, "Status: %s.\n", render.InWords(result.Status))
	}
	for _, text := range []string{heard(result.Summary), heard(result.Reason)} {
		if text != "" {
			page.WriteString(text + "\n")
		}
	}
	for _, e := range result.Evidence {
		fmt.Fprintf(&page, "Seen: %s: %s.", e.Label, heard(e.Value))
		if e.Source != "" {
			fmt.Fprintf(&page, " Source: %s.", heard(e.Source))
		}
		page.WriteString("\n")
	}
	for _, part := range []struct {
		lead     string
		commands []sys.Text
	}{{"To look by hand:", result.Commands}, {"To act by hand, which changes the box:", result.Acts}} {
		if len(part.commands) > 0 {
			page.WriteString(part.lead + "\n")
		}
		for _, command := range part.commands {
			page.WriteString("  " + line(string(command)) + "\n")
		}
	}
	return page.String()
}
