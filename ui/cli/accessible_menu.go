package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"flasktui/steps"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/ui/render"
)

// This file is what the accessible wizard's menu offers beside the walk and the fix.

// menu offers what there is, the fix first; what is not there is left out, and keeps its number.
func (c *conversation) menu() []choice {
	looked := c.looked.Report
	var menu []choice
	offer := func(number int, is bool, name string, do func(context.Context) error) {
		if is {
			menu = append(menu, choice{number, name, do})
		}
	}
	said := func(say func() error) func(context.Context) error {
		return func(context.Context) error { return say() }
	}
	caused := len(looked.Causes) > 0
	if caused {
		cause := looked.Causes[0]
		offer(1, c.hasFix(cause), "Fix: "+line(cause.Title), func(ctx context.Context) error { return c.fixed(ctx, "") })
		offer(3, true, "Explain this cause", func(context.Context) error { return c.explain(cause.ID) })
	}
	_, noLog := steps.LogCommand(c.looked, 0)
	offer(2, true, "Walk through the fourteen steps", func(ctx context.Context) error { return c.walk(ctx, 1) })
	offer(4, len(looked.Timeline) > 0, "What happened when", said(c.timeline))
	offer(5, len(looked.Checklist) > 0, "The checklist, as measured", said(c.checklist))
	offer(6, len(c.Engine.QuickFix(c.looked)) > 0, "The quick fix: unit, restart, Nginx, proof", c.quickFix)
	offer(7, noLog == "", "Follow the log for ten seconds", c.log)
	offer(8, true, "What the words mean", said(c.words))
	offer(9, true, "Export the report", said(c.exported))
	offer(10, true, "The state, once more", said(c.standing))
	offer(11, true, "The whole report", said(c.report))
	offer(12, true, "Probe again", func(ctx context.Context) error { return errors.Join(c.look(ctx), c.standing()) })
	offer(13, c.target.practice != "", "Debrief: what it was, and what to do next time", said(c.debrief))
	offer(0, true, "Leave", func(context.Context) error { return errLeave })
	slices.SortStableFunc(menu, func(a, b choice) int { return cmp.Compare(last(a.number), last(b.number)) })
	return menu
}

// last puts 0, which leaves, behind all others.
func last(number int) int {
	if number == 0 {
		return math.MaxInt
	}
	return number
}

// hasFix tells whether a cause has a fix that is worth offering.
func (c *conversation) hasFix(cause report.Finding) bool {
	return slices.ContainsFunc(cause.Fixes, func(id string) bool {
		plan, known := render.Plan(c.looked.Report, id)
		return known && c.mayRun(plan)
	})
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
