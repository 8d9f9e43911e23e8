package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"flasktui/steps"
	"flasktui/steps/report"
	"flasktui/ui/render"
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
	first  report.Report
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
	err := talk.standing()
	if err == nil && step > 0 {
		err = talk.walk(ctx, step)
	}
	for err == nil {
		err = talk.overRefusals(talk.choose(ctx, "What next?", talk.menu()))
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
	return render.WriteText(c.Stdout, c.looked.Report, style)
}

func (c *conversation) fixed(ctx context.Context, id string) error {
	after, err := c.cure(ctx, c.target, c.looked, id)
	if err == nil {
		c.looked = after
	}
	return err
}

// walk goes from step to step until the person turns back to the menu. A step is told when
// it is come to, and again when a fix has changed what there is to tell.
func (c *conversation) walk(ctx context.Context, number int) error {
	told := ""
	for number >= 1 && number <= len(c.looked.Report.Steps) {
		result := c.looked.Report.Steps[number-1]
		c.visited(fmt.Sprintf("step %d", number))
		if page := c.stepPage(result); page != told {
			told = page
			if err := c.printf("%s", page); err != nil {
				return err
			}
		}
		next := number
		var choices []choice
		if number < len(c.looked.Report.Steps) {
			choices = append(choices, choice{"Next step", func(context.Context) error { next = number + 1; return nil }})
		}
		if number > 1 {
			choices = append(choices, choice{"Previous step", func(context.Context) error { next = number - 1; return nil }})
		}
		choices = append(choices, choice{"Explain this step", func(context.Context) error { return c.explain(strconv.Itoa(number)) }})
		for _, id := range result.Fixes {
			name := "Fix: " + id
			if plan, known := render.Plan(c.looked.Report, id); known && plan.Blocked != "" {
				name += ", which may not run now"
			}
			choices = append(choices, choice{name, func(ctx context.Context) error { return c.fixed(ctx, id) }})
		}
		choices = append(choices, choice{"Back to the menu", func(context.Context) error { next = 0; return nil }})
		if err := c.overRefusals(c.choose(ctx, "What next?", choices)); err != nil {
			return err
		}
		number = next
	}
	return nil
}

// overRefusals lets the talk go on after a fix that was refused or cancelled, which is told.
func (c *conversation) overRefusals(err error) error {
	var refused *failure
	if !errors.As(err, &refused) {
		return err
	}
	c.complain(err)
	return nil
}

// choose asks until one of the numbers is typed, and does what it stands for. Enter alone
// has the choices said again.
func (c *conversation) choose(ctx context.Context, question string, choices []choice) error {
	list := func() {
		c.sayf("\n%s\n", question)
		for i, choice := range choices {
			c.sayf("%d. %s\n", i+1, choice.name)
		}
	}
	list()
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
		if answer == "" {
			list()
			continue
		}
		c.sayf("There is no choice %q; they are 1 to %d.\n", line(shortened(answer)), len(choices))
	}
}
