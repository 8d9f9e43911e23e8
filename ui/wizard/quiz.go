package wizard

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"flasktui/steps"
	"flasktui/sys"
	"flasktui/ui/quiz"
)

// Quiz is what a quiz works on.
type Quiz struct {
	Series quiz.Series
	// Open makes the box of that name.
	Open func(box string) (sys.Machine, steps.Options, error)
	// Keep writes an answer down, so that the series can be gone on with.
	Keep func(quiz.Answer) error
	// Again begins a new series.
	Again func() (quiz.Series, error)
}

// riddle is the box that is asked about.
type riddle struct {
	box quiz.Box
	// judged is the look with its judgement, which is hidden until the cause was named.
	judged steps.Examination
	// answered says that it was.
	answered bool
}

// veiled says that the judgement is hidden: a quiz waits for its answer.
func (s *state) veiled() bool { return s.riddle != nil && !s.riddle.answered }

// veil hides the judgement of a look where a quiz waits for its answer.
func (s *state) veil(examination steps.Examination) steps.Examination {
	if !s.veiled() {
		return examination
	}
	s.riddle.judged = examination
	examination.Report = quiz.Veil(examination.Report)
	return examination
}

// enterBox makes the next box of the quiz the one that is examined; false where none is left.
func (w *wizard) enterBox() (bool, error) {
	box, left := w.config.Quiz.Series.Next()
	if !left {
		return false, nil
	}
	machine, options, err := w.config.Quiz.Open(box.ID)
	if err != nil {
		return false, err
	}
	w.config.Machine, w.options, w.riddle = machine, options, &riddle{box: box}
	return true, nil
}

// nextBox goes on to the next box or, after the last one, to the score; from there, to the first
// box of a new series.
func (w *wizard) nextBox() tea.Cmd {
	if w.quiz.stage == scored {
		series, err := w.config.Quiz.Again()
		if err != nil {
			w.say("The quiz could not be begun anew: %s", sys.ErrorText(err))
			return nil
		}
		w.config.Quiz.Series = series
	}
	entered, err := w.enterBox()
	switch {
	case err != nil:
		w.say("%s", sys.ErrorText(err))
		return nil
	case !entered:
		w.quiz.stage = scored
		w.quiz.scroll.top()
		w.shown, w.trail = quizKind, nil
		return nil
	}
	w.log.open(nil)
	w.begin()
	return w.examine()
}

// begin forgets what was seen of the box before.
func (w *wizard) begin() {
	w.finished, w.examination, w.nothing, w.watch.on = false, steps.Examination{}, false, false
	w.visits, w.path.cursor = visits{}, -1
	w.shown, w.asked, w.trail = pathKind, 0, nil
}

// nameCause opens the question.
func (w *wizard) nameCause() {
	switch {
	case !w.finished || w.probing:
		w.say("Still probing: look first, then name the cause.")
	default:
		w.quiz.open(quiz.Ask(w.riddle.box.ID, w.riddle.judged.Report))
		w.show(quizKind)
	}
}

// named takes the answer, and shows what was hidden.
func (w *wizard) named(cause, line int) tea.Cmd {
	answer := w.quiz.question.Mark(w.riddle.box.ID, cause, line, len(w.visits.looked))
	w.config.Quiz.Series.Take(answer)
	w.riddle.answered = true
	w.examination = w.riddle.judged
	w.visits.first = w.examination.Report
	w.quiz.answer, w.quiz.stage, w.trail = answer, told, nil
	w.quiz.scroll.top()
	keep := w.config.Quiz.Keep
	return guard("keeping the answer", func() tea.Msg {
		if err := keep(answer); err != nil {
			return noticeMsg{"The answer is not kept for another day: " + string(sys.ErrorText(err))}
		}
		return nil
	})
}

// revealing are the keys that would give the answer away, or act on what is only to be looked at.
func (w *wizard) revealing() []key.Binding {
	k := w.keys
	return []key.Binding{k.Fix, k.Quick, k.Diagnosis, k.Export, k.Debrief, k.Guided, k.Services, k.Watch, k.History}
}

// refuses says so of such a key, while the answer is waited for.
func (w *wizard) refuses(msg tea.KeyMsg) bool {
	if !w.veiled() || !key.Matches(msg, w.revealing()...) {
		return false
	}
	w.say("First name the cause: press a.")
	return true
}

// unrevealing are the hints without those keys, while the answer is waited for.
func (w *wizard) unrevealing(hints []key.Binding) []key.Binding {
	if !w.veiled() {
		return hints
	}
	return slices.DeleteFunc(hints, func(hint key.Binding) bool {
		return slices.ContainsFunc(w.revealing(), func(one key.Binding) bool { return one.Help().Key == hint.Help().Key })
	})
}

// stage is how far the question has come.
type stage int

const (
	askCause stage = iota
	askLine
	told
	scored
)

// quizPage asks which cause it is and which line decides, and tells how it went.
type quizPage struct {
	*state
	scroll   scroller
	question quiz.Question
	stage    stage
	// cursor is the choice that enter takes; cause is what was taken as the cause.
	cursor, cause int
	answer        quiz.Answer
	rows          [][2]int
}

func newQuizPage(shared *state) *quizPage { return &quizPage{state: shared} }

func (p *quizPage) open(question quiz.Question) {
	*p = quizPage{state: p.state, question: question}
}

// choices are what there is to choose from now.
func (p *quizPage) choices() []quiz.Choice {
	switch p.stage {
	case askCause:
		return p.question.Causes
	case askLine:
		return p.question.Lines
	case told, scored:
	}
	return nil
}

func (p *quizPage) arrange(width, height int) {
	sheet := newSheet(p.theme, width)
	switch p.stage {
	case askCause:
		sheet.hang("", "Which cause is it?", p.theme.Strong)
		sheet.prose(0, "\""+p.riddle.box.Symptom+"\"")
	case askLine:
		sheet.hang("", "Which line decides it?", p.theme.Strong)
		sheet.prose(0, "All of these were seen on this box; one of them shows what is wrong.")
	case told:
		score := p.config.Quiz.Series.Score()
		sheet.hang("", fmt.Sprintf("Box %d of %d, %d right", score.Answered, score.Boxes, score.Causes), p.theme.Strong)
		sheet.sections(p.question.Debrief(p.answer))
	case scored:
		sheet.score(p.config.Quiz.Series.Score())
	}
	p.rows = nil
	for i, choice := range p.choices() {
		if i == 0 {
			sheet.gap()
		}
		first := len(sheet.lines)
		cursor, paint := " ", func(text string) string { return text }
		if i == p.cursor {
			cursor, paint = p.theme.Cursor, p.theme.Selected
		}
		sheet.hang(fmt.Sprintf("%s %d ", cursor, i+1), choice.Text, paint)
		p.rows = append(p.rows, [2]int{first, len(sheet.lines) - 1})
	}
	p.scroll.arrange(sheet.lines, width, height)
	if p.cursor < len(p.rows) {
		p.scroll.reveal(p.rows[p.cursor][0], p.rows[p.cursor][1])
	}
}

// score is the end of a series.
func (s *sheet) score(score quiz.Score) {
	s.hang("", fmt.Sprintf("All %d boxes are done", score.Boxes), s.theme.Strong)
	s.gap()
	s.fields(2, []field{
		{"Causes", fmt.Sprintf("%d of %d named", score.Causes, score.Answered)},
		{"Lines", fmt.Sprintf("%d of %d that decide", score.Lines, score.LinesAsked)},
		{"Looks", fmt.Sprintf("%d taken, %d would have done", score.Looks, score.Needed)},
	})
	if len(score.Missed) > 0 {
		s.heading("To read up on")
		for _, box := range score.Missed {
			s.command(2, "flasktui explain "+quiz.CauseOf(box), nil)
		}
	}
}

func (p *quizPage) key(msg tea.KeyMsg) (request, bool) {
	last := len(p.choices()) - 1
	switch {
	case last < 0 && key.Matches(msg, p.keys.Enter):
		return request{nextBox: true}, true
	case last < 0:
		return request{}, p.scroll.key(msg, p.keys)
	case key.Matches(msg, p.keys.Up):
		p.cursor = max(0, p.cursor-1)
		if p.cursor == 0 {
			p.scroll.top()
		}
	case key.Matches(msg, p.keys.Down):
		p.cursor = min(last, p.cursor+1)
	case key.Matches(msg, p.keys.To):
		if number, _ := strconv.Atoi(msg.String()); number-1 <= last {
			p.cursor = number - 1
		}
	case key.Matches(msg, p.keys.Enter):
		return p.take(), true
	default:
		return request{}, p.scroll.key(msg, p.keys)
	}
	return request{}, true
}

// take takes the choice under the cursor.
func (p *quizPage) take() request {
	if p.stage == askLine {
		return request{named: true, cause: p.cause, line: p.cursor}
	}
	p.cause = p.cursor
	if len(p.question.Lines) == 0 {
		return request{named: true, cause: p.cause, line: -1}
	}
	p.stage, p.cursor = askLine, 0
	p.scroll.top()
	return request{}
}

func (p *quizPage) hints() []key.Binding {
	switch p.stage {
	case askCause, askLine:
		return []key.Binding{as(p.keys.Enter, "answer"), named(p.theme.UpDown, "move"), as(p.keys.Back, "look on")}
	case told:
		return []key.Binding{as(p.keys.Enter, "next box"), p.keys.Path, p.keys.Diagnosis, p.keys.Log}
	case scored:
	}
	return []key.Binding{as(p.keys.Enter, "begin anew")}
}

func (p *quizPage) step() int       { return p.matters() }
func (p *quizPage) lines() []string { return p.scroll.render(p.theme.Selected) }
func (p *quizPage) more() string    { return p.scroll.more() }
