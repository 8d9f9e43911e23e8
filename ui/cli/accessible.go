package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"flasktui/steps"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/ui/render"
	"flasktui/ui/spelling"
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

// choice is one line of a menu. Its number stays its own, whatever else is offered, so that it
// can be learnt; 0 always leaves.
type choice struct {
	number int
	name   string
	do     func(context.Context) error
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
	if err := talk.look(ctx); errors.Is(err, errLeave) {
		return nil
	} else if err != nil {
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
		for i, name := range several.Services {
			services = append(services, choice{i + 1, line(name), func(ctx context.Context) error {
				c.target.options.Service = name
				return c.look(ctx)
			}})
		}
		question := line(string(several.Problem)) + "."
		if near := spelling.Service(c.target.options.Service, several.Services); near != "" {
			question += " Did you mean " + line(near) + "?"
		}
		services = append(services, choice{0, "Leave", func(context.Context) error { return errLeave }})
		return c.choose(ctx, question+" Which one?", services)
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

// mayRun tells whether a fix is worth offering: one that may run now, or could with a password.
func (c *conversation) mayRun(plan report.Plan) bool {
	return plan.Blocked == "" || plan.WantsRights && c.target.unlock
}

// fixed runs a fix, after sudo has asked for a password where that is all that is wanting.
func (c *conversation) fixed(ctx context.Context, id string) error {
	if c.target.unlock && c.looked.Report.Host.Privilege == sys.PrivilegeNone && c.unlocked(c.target.machine, c.looked.Report, &fixFlags{}) != nil {
		// With more rights, more is seen too.
		if err := c.look(ctx); err != nil {
			return err
		}
	}
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
			choices = append(choices, choice{1, "Next step", func(context.Context) error { next = number + 1; return nil }})
		}
		if number > 1 {
			choices = append(choices, choice{2, "Previous step", func(context.Context) error { next = number - 1; return nil }})
		}
		choices = append(choices, choice{3, "Explain this step", func(context.Context) error { return c.explain(strconv.Itoa(number)) }})
		for i, id := range result.Fixes {
			plan, known := render.Plan(c.looked.Report, id)
			if !known || !c.mayRun(plan) {
				continue
			}
			choices = append(choices, choice{4 + i, "Fix: " + line(plan.Title), func(ctx context.Context) error { return c.fixed(ctx, id) }})
		}
		choices = append(choices, choice{0, "Back to the menu", func(context.Context) error { next = 0; return nil }})
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

// choose asks until one of the numbers is typed, and does what it stands for. ? or enter alone
// has the choices said again.
func (c *conversation) choose(ctx context.Context, question string, choices []choice) error {
	list := func() {
		c.sayf("\n%s\n", question)
		for _, choice := range choices {
			c.sayf("%d. %s\n", choice.number, choice.name)
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
		if answer == "" || answer == "?" {
			list()
			continue
		}
		number, err := strconv.Atoi(answer)
		at := slices.IndexFunc(choices, func(choice choice) bool { return choice.number == number })
		if err == nil && at >= 0 {
			return choices[at].do(ctx)
		}
		c.sayf("There is no choice %q here; ? says the choices again.\n", line(shortened(answer)))
	}
}
