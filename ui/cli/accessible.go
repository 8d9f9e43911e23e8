package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"flasktui/steps"
	"flasktui/ui/report"
)

// This file is the wizard for those who hear their screen: everything is appended, plain
// and in order; choices are numbered; nothing is ever drawn over. It can do all that the
// drawn wizard can: read the diagnosis, walk the steps, explain, fix, probe again.

// conversation is one accessible run.
type conversation struct {
	*run
	target target
	looked steps.Examination
	// first is the box as it was found, and visits what was looked at.
	first  steps.Report
	visits []string
}

// choice is one line of a menu.
type choice struct {
	name string
	do   func(context.Context) error
}

// errLeave ends the conversation.
var errLeave = errors.New("leave")

// converse holds the conversation, from the step that was asked for or from the report.
func (r *run) converse(ctx context.Context, target target, step int) error {
	r.plain = true
	talk := &conversation{run: r, target: target}
	if target.practice != "" {
		r.sayf("This is the practice box. Nothing real is touched.\n")
	}
	if err := talk.look(ctx); err != nil {
		return err
	}
	err := talk.report()
	if err == nil && step > 0 {
		err = talk.walk(ctx, step)
	}
	for err == nil {
		err = talk.choose(ctx, "What next?", talk.menu())
		var refused *failure
		if errors.As(err, &refused) {
			// A fix that was refused or cancelled is told, and the talk goes on.
			r.complain(err)
			err = nil
		}
	}
	if errors.Is(err, errLeave) || errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// look examines the box; of several services it asks for one.
func (c *conversation) look(ctx context.Context) error {
	c.sayf("Probing.\n")
	looked, err := c.examine(ctx, c.target)
	several, is := asTarget(err)
	if is && len(several.Services) > 0 {
		var services []choice
		for _, name := range several.Services {
			services = append(services, choice{name, func(ctx context.Context) error {
				c.target.options.Service = name
				return c.look(ctx)
			}})
		}
		return c.choose(ctx, line(string(several.Problem))+". Which one?", services)
	}
	if err != nil {
		return err
	}
	c.looked, c.status = looked, exitStatus(looked.Report.Verdict)
	if c.first.Verdict == "" {
		c.first = looked.Report
	}
	return nil
}

func (c *conversation) report() error {
	style := c.style()
	style.Practice = c.target.practice
	return report.WriteText(c.Stdout, c.looked.Report, style)
}

func (c *conversation) fixed(ctx context.Context, id string) error {
	after, err := c.cure(ctx, c.target, c.looked, id, false)
	if err == nil {
		c.looked = after
	}
	return err
}

// walk goes from step to step until the person turns back to the menu.
func (c *conversation) walk(ctx context.Context, number int) error {
	for number >= 1 && number <= len(c.looked.Report.Steps) {
		result := c.looked.Report.Steps[number-1]
		c.visited(fmt.Sprintf("step %d", number))
		if err := c.printf("%s", c.stepPage(result)); err != nil {
			return err
		}
		next := number
		choices := []choice{
			{"Next step", func(context.Context) error { next = number + 1; return nil }},
			{"Previous step", func(context.Context) error { next = number - 1; return nil }},
			{"Explain this step", func(context.Context) error { return c.explain(strconv.Itoa(number)) }},
		}
		for _, id := range result.Fixes {
			choices = append(choices, choice{"Fix: " + id, func(ctx context.Context) error { return c.fixed(ctx, id) }})
		}
		choices = append(choices, choice{"Back to the menu", func(context.Context) error { next = 0; return nil }})
		if err := c.choose(ctx, "What next?", choices); err != nil {
			return err
		}
		number = next
	}
	return nil
}

func (c *conversation) stepPage(result steps.Result) string {
	var page strings.Builder
	fmt.Fprintf(&page, "\nStep %d of %d: %s.\n", result.Number, len(c.looked.Report.Steps), result.Title)
	if at := result.Number - 1; at >= 0 && at < len(steps.All()) {
		page.WriteString(steps.All()[at].Question + "\n")
	}
	fmt.Fprintf(&page, "Status: %s.\n", result.Status)
	for _, text := range []string{line(string(result.Summary)), line(string(result.Reason))} {
		if text != "" {
			page.WriteString(text + "\n")
		}
	}
	for _, e := range result.Evidence {
		fmt.Fprintf(&page, "Evidence: %s: %s. Source: %s.\n", e.Label, line(string(e.Value)), line(string(e.Source)))
	}
	for _, command := range result.Commands {
		fmt.Fprintf(&page, "By hand: %s\n", line(string(command)))
	}
	return page.String()
}

// choose asks until one of the numbers is typed, and does what it stands for.
func (c *conversation) choose(ctx context.Context, question string, choices []choice) error {
	c.sayf("\n%s\n", question)
	for i, choice := range choices {
		c.sayf("%d. %s\n", i+1, choice.name)
	}
	for {
		c.sayf("Type a number and enter: ")
		answer, err := readAnswer(ctx, c.Stdin)
		if err != nil {
			c.sayf("\n")
			return err
		}
		if number, err := strconv.Atoi(answer); err == nil && number >= 1 && number <= len(choices) {
			return choices[number-1].do(ctx)
		}
		c.sayf("There is no choice %q; they are 1 to %d.\n", line(shortened(answer)), len(choices))
	}
}
