package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"flasktui/steps"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/ui/render"
)

// This file is what the accessible wizard's menu offers beside the walk and the fix.

func (c *conversation) menu() []choice {
	menu := []choice{{"Walk through the fourteen steps", func(ctx context.Context) error { return c.walk(ctx, 1) }}}
	if causes := c.looked.Report.Causes; len(causes) > 0 {
		menu = append(menu,
			choice{"Fix: " + line(causes[0].Title), func(ctx context.Context) error { return c.fixed(ctx, "") }},
			choice{"Explain this cause", func(context.Context) error { return c.explain(causes[0].ID) }})
	}
	menu = append(menu,
		choice{"What happened when", func(context.Context) error { return c.timeline() }},
		choice{"The checklist, as measured", func(context.Context) error { return c.checklist() }},
		choice{"The quick fix: unit, restart, Nginx, proof", c.quickFix},
		choice{"Follow the log for ten seconds", c.log},
		choice{"What the words mean", func(context.Context) error { return c.words() }},
		choice{"Export the report", func(context.Context) error { return c.exported() }},
		choice{"The state, once more", func(context.Context) error { return c.standing() }},
		choice{"The whole report", func(context.Context) error { return c.report() }},
		choice{"Probe again", func(ctx context.Context) error { return errors.Join(c.look(ctx), c.standing()) }})
	if c.target.practice != "" {
		menu = append(menu, choice{"Debrief: what it was, and what to do next time", func(context.Context) error { return c.debrief() }})
	}
	return append(menu, choice{"Leave", func(context.Context) error { return errLeave }})
}

// visited remembers what was looked at, for the debrief.
func (c *conversation) visited(name string) {
	for _, known := range c.visits {
		if known == name {
			return
		}
	}
	c.visits = append(c.visits, name)
}

func (c *conversation) timeline() error {
	c.visited("the time line")
	sentences := render.TimelineSentences(c.looked.Report.Timeline, render.Style{})
	if len(sentences) == 0 {
		sentences = []string{"No time is known."}
	}
	return c.printf("\nWhat happened when, the first thing first.\n%s\n", strings.Join(sentences, "\n"))
}

func (c *conversation) checklist() error {
	var text strings.Builder
	text.WriteString("\nThe guide's checklist, as measured.\n")
	for _, item := range c.looked.Report.Checklist {
		fmt.Fprintf(&text, "%s: %s (step %d).\n", spoken(item.Status), line(item.Item), item.Step)
	}
	return c.printf("%s", text.String())
}

// spoken is a status as an answer.
func spoken(status report.Status) string {
	switch status {
	case report.OK:
		return "Yes"
	case report.Warn:
		return "Worth a look"
	case report.Fail:
		return "No"
	case report.Skipped:
		return "Does not apply"
	case report.Unknown, report.Pending:
	}
	return "Not known"
}

// quickFix runs the guide's quick fix: each part is shown and asked about, and the first
// that fails, or is not wanted, ends it.
func (c *conversation) quickFix(ctx context.Context) error {
	parts := c.Engine.QuickFix(c.looked)
	for i, part := range parts {
		c.sayf("\nPart %d of %d: %s.\n", i+1, len(parts)+1, line(part.Plan.Title))
		if part.Skip != "" {
			c.sayf("It has nothing to do here: %s.\n", line(string(part.Skip)))
			continue
		}
		// What ran before may have changed what this one would do.
		for _, now := range c.Engine.QuickFix(c.looked) {
			if now.Plan.ID == part.Plan.ID {
				part = now
			}
		}
		if err := c.part(ctx, part.Plan); err != nil {
			c.sayf("The quick fix ends here. What comes after was not run.\n")
			return err
		}
	}
	c.sayf("\nPart %d of %d: proof.\n", len(parts)+1, len(parts)+1)
	return errors.Join(c.printf("%s\n", headline(c.looked.Report)), c.checklist())
}

// part runs one plan, after asking.
func (c *conversation) part(ctx context.Context, plan report.Plan) error {
	err := c.runnable(plan)
	if err == nil {
		err = c.printPlan(c.looked.Report, plan)
	}
	if err == nil {
		err = c.confirm(ctx, unasked(c.looked.Report, plan))
	}
	if err != nil {
		return err
	}
	after, err := c.apply(ctx, c.target, c.looked, plan)
	if err != nil {
		return err
	}
	c.looked = after
	if actions := c.remembering(); len(actions) == 0 || !actions[len(actions)-1].Done {
		return fail("%s: its effect was not seen", line(plan.Title))
	}
	return nil
}

// listens is how long a log is followed: long enough for a request, and then it ends.
const listens = 10 * time.Second

func (c *conversation) log(ctx context.Context) error {
	c.visited("the log")
	const lines = 20
	command, nothing := steps.LogCommand(c.looked, lines)
	if nothing != "" {
		c.sayf("\nThere is no log to follow: %s.\n", nothing)
		return nil
	}
	command.Timeout = listens
	command.Line = func(text sys.Text) { c.sayf("%s\n", line(string(text))) }
	c.sayf("\nThe last %d lines, and what comes in the next ten seconds.\n", lines)
	ctx, cancel := context.WithTimeout(ctx, listens)
	defer cancel()
	output := c.target.machine.Run(ctx, command)
	if output.Err != nil && ctx.Err() == nil && !errors.Is(output.Err, context.DeadlineExceeded) {
		c.sayf("The log cannot be read: %s\n", sys.ErrorText(output.Err))
	}
	c.sayf("That was the log.\n")
	return nil
}

func (c *conversation) words() error {
	var text strings.Builder
	text.WriteString("\n")
	for _, word := range guide.Words() {
		text.WriteString(word.Word + ": " + word.Meaning + "\n")
	}
	return c.printf("%s", text.String())
}

func (c *conversation) exported() error {
	path, err := c.export(c.looked.Report)
	if err != nil {
		return fail("%v", err)
	}
	c.sayf("The report is in %s\n", line(path))
	return nil
}

func (c *conversation) debrief() error {
	return c.printf("\n%s", c.sections(render.Debrief(c.first, c.visits, c.remembering())))
}
