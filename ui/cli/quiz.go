package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/spf13/cobra"

	"flasktui/steps"
	"flasktui/steps/report"
	"flasktui/ui/layout"
	"flasktui/ui/quiz"
	"flasktui/ui/record"
	"flasktui/ui/render"
	"flasktui/ui/wizard"
)

// askedQuiz checks that nothing stands beside --quiz that says which box, or how to print it.
func askedQuiz(cmd *cobra.Command, flags *practiceFlags, args []string) error {
	if len(args) > 0 {
		return fail("--quiz chooses the box itself, so %q says nothing", shortened(args[0])).with("leave one of the two out")
	}
	for _, name := range []string{"check", "list", "json", "format"} {
		if cmd.Flags().Changed(name) {
			return fail("--quiz and --%s do not go together", name).with("leave one of the two out")
		}
	}
	if flags.looks.step > 0 {
		return fail("--quiz and --step do not go together").with("leave one of the two out")
	}
	return nil
}

// quizSeries is the series that was left, or a new one.
func (r *run) quizSeries() (quiz.Series, error) {
	kept, err := record.Answers(r.Engine.Home)
	if err != nil {
		return quiz.Series{}, fail("read the quiz so far: %v", err).with("mend or remove the file; a new series is begun then")
	}
	if series, begun := quiz.Resume(r.Engine.QuizBoxes(), kept); begun {
		return series, nil
	}
	return r.newQuizSeries()
}

// newQuizSeries begins a series. One that cannot be kept can be played all the same.
func (r *run) newQuizSeries() (quiz.Series, error) {
	seed := strconv.FormatInt(r.Engine.Now().UnixNano(), 36)
	if err := record.KeepAnswer(r.Engine.Home, quiz.Answer{Seed: seed}); err != nil {
		r.sayf("flasktui: the quiz is not kept for another day: %v\n", err)
	}
	return quiz.Begin(r.Engine.QuizBoxes(), seed), nil
}

// quiz opens the wizard on one box after another, and tells the score at the end.
func (r *run) quiz(ctx context.Context, looks wizardFlags) error {
	if !r.canDraw(looks) {
		return fail("the quiz needs a terminal to be asked on").with("`flasktui practice --list` names the boxes to look at without one")
	}
	series, err := r.quizSeries()
	if err != nil {
		return err
	}
	asked := &wizard.Quiz{
		Series: series,
		Open:   r.Engine.Practice,
		Keep:   func(answer quiz.Answer) error { return record.KeepAnswer(r.Engine.Home, answer) },
		Again:  r.newQuizSeries,
	}
	if looks.accessible {
		return r.tellQuiz(ctx, asked)
	}
	config := r.wizardConfig(target{}, looks)
	config.Apply, config.Practice, config.Newcomer, config.Quiz = r.remembered(r.Engine.Apply), true, false, asked
	config.History = nil
	err = r.openWizard(ctx, config)
	if err != nil {
		return err
	}
	r.status = 0
	return r.printf("%s\n", standing(asked.Series.Score()))
}

// standing is the score in a sentence.
func standing(score quiz.Score) string {
	text := fmt.Sprintf("Quiz: %d of %d boxes done, %d causes named", score.Answered, score.Boxes, score.Causes)
	if score.Answered < score.Boxes {
		text += "; `flasktui practice --quiz` goes on"
	}
	return text + "."
}

// tellQuiz is the quiz for those who hear their screen.
func (r *run) tellQuiz(ctx context.Context, asked *wizard.Quiz) error {
	r.plain = true
	for {
		box, left := asked.Series.Next()
		if !left {
			break
		}
		if err := r.tellBox(ctx, asked, box); errors.Is(err, errLeave) || errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return err
		}
	}
	r.status = 0
	return r.printf("%s\n", standing(asked.Series.Score()))
}

// tellBox asks about one box, and leaves with errLeave where the person does.
func (r *run) tellBox(ctx context.Context, asked *wizard.Quiz, box quiz.Box) error {
	machine, options, err := asked.Open(box.ID)
	if err != nil {
		return err
	}
	talk := &conversation{run: r, target: target{machine: machine, options: options, practice: box.ID}}
	if err := talk.look(ctx); err != nil {
		return err
	}
	question := quiz.Ask(box.ID, talk.looked.Report)
	talk.looked.Report = quiz.Veil(talk.looked.Report)
	score := asked.Series.Score()
	r.sayf("\nBox %d of %d. Nothing real is touched. Somebody says:\n%s\n", score.Answered+1, score.Boxes, box.Symptom)
	_, noLog := steps.LogCommand(talk.looked, 0)
	over := false
	for !over {
		menu := []choice{
			{1, "Name the cause", func(ctx context.Context) error { over = true; return talk.nameCause(ctx, asked, box, question) }},
			{2, "Walk through the fourteen steps", func(ctx context.Context) error { return talk.walk(ctx, 1) }},
			{3, "The request path", func(context.Context) error { return talk.values() }},
			{4, "What happened when", func(context.Context) error { return talk.timeline() }},
		}
		if noLog == "" {
			menu = append(menu, choice{5, "Follow the log for ten seconds", talk.log})
		}
		menu = append(menu, choice{0, "Leave", func(context.Context) error { return errLeave }})
		if err := talk.choose(ctx, "What next?", menu); err != nil {
			return err
		}
	}
	return talk.choose(ctx, "What next?", []choice{
		{1, "Next box", func(context.Context) error { return nil }}, {0, "Leave", func(context.Context) error { return errLeave }},
	})
}

// values says the releases and the hops by their names.
func (c *conversation) values() error {
	looked, text := c.looked.Report, "\n"
	for _, release := range []struct {
		where string
		report.ReleaseSummary
	}{{"on disk", looked.Releases.OnDisk}, {"in memory", looked.Releases.Loaded}, {"served", looked.Releases.Served.ReleaseSummary}} {
		if release.ID != "" {
			text += "Release " + release.where + ": " + layout.Hash(heard(release.ID)) + ".\n"
		}
	}
	for _, hop := range looked.Path {
		text += render.HopName(hop) + ": " + heard(hop.Label) + ".\n"
	}
	return c.printf("%s", text)
}

// nameCause asks for the cause and for the line, and tells how it went.
func (c *conversation) nameCause(ctx context.Context, asked *wizard.Quiz, box quiz.Box, question quiz.Question) error {
	cause, err := c.pick(ctx, "Which cause is it?", question.Causes)
	if err != nil {
		return err
	}
	line := -1
	if len(question.Lines) > 0 {
		if line, err = c.pick(ctx, "Which line decides it?", question.Lines); err != nil {
			return err
		}
	}
	answer := question.Mark(box.ID, cause, line, len(c.visits))
	asked.Series.Take(answer)
	if err := asked.Keep(answer); err != nil {
		c.sayf("flasktui: the answer is not kept for another day: %v\n", err)
	}
	return c.printf("\n%s", c.sections(question.Debrief(answer)))
}

// pick asks for one of the choices, and gives its place.
func (c *conversation) pick(ctx context.Context, question string, choices []quiz.Choice) (int, error) {
	at := 0
	var menu []choice
	for i, one := range choices {
		menu = append(menu, choice{i + 1, line(one.Text), func(context.Context) error { at = i; return nil }})
	}
	err := c.choose(ctx, question, menu)
	return at, err
}
