package wizard

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"flasktui/steps"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/ui/layout"
)

// walkPage is one of the fourteen steps.
type walkPage struct {
	*state
	scroll scroller
	number int
	// part is what of a guided step is shown.
	part int
	// head is the line with the step's name, which stays in sight.
	head string
	// wordsHere are the words of the glossary that stand on a guided page.
	wordsHere []guide.Word
}

func newWalkPage(shared *state) *walkPage { return &walkPage{state: shared, number: 1} }

// open turns to a step; whoever comes from outside starts at its top.
func (p *walkPage) open(number int) {
	p.number = min(max(number, 1), len(steps.All()))
	p.part = p.firstPart()
	p.scroll.top()
}

func (p *walkPage) arrange(width, height int) {
	place := newSheet(p.theme, width)
	sheet := newSheet(p.theme, width)
	result := p.result(p.number)
	step := steps.All()[p.number-1]
	place.place(p.state, p.number, step.Title)
	p.head, p.wordsHere = place.lines[0], nil
	if p.guided && p.part == partOverview {
		p.head = p.theme.Strong("The guided walk")
	}
	height--
	if p.guided {
		lesson, _ := p.lessons.step(step.ID)
		sheet.guided(p, step, result, lesson)
		p.scroll.arrange(sheet.lines, width, height)
		return
	}
	sheet.asked(p.state, step, result)
	if page, ok := p.lessons.step(step.ID); ok {
		sheet.lesson(page)
	}
	p.scroll.arrange(sheet.lines, width, height)
}

// asked is a step: its question and answer, what was seen, what helps and what can be typed.
func (s *sheet) asked(shared *state, step steps.Step, result report.Result) {
	s.prose(0, step.Question)
	s.gap()
	if !shared.veiled() || result.Status != report.Pending {
		s.answer(result)
	}
	if len(result.Evidence) > 0 {
		s.heading("What was seen")
		s.evidence(2, result.Evidence)
	}
	s.offered(shared, shared.plans(result.Fixes))
	s.byHand(result)
}

// place says where in the walk one is, and how the other steps came out.
func (s *sheet) place(shared *state, number int, title string) {
	all := steps.All()
	left := fmt.Sprintf("Step %d of %d", number, len(all))
	head := s.theme.Strong(left) + "  " + s.theme.Strong(title)
	var strip strings.Builder
	for _, step := range all {
		mark := s.theme.Mark(shared.result(step.Number).Status)
		switch step.Number {
		case number:
			mark = "[" + mark + "]"
		case number + 1:
		default:
			mark = " " + mark
		}
		strip.WriteString(mark)
	}
	if free := s.width - layout.Width(head) - layout.Width(strip.String()); free >= 2 {
		head += strings.Repeat(" ", free) + strip.String()
	}
	s.add(head)
}

// answer is the step's verdict in words.
func (s *sheet) answer(result report.Result) {
	text := string(result.Summary)
	lead := s.theme.Mark(result.Status) + " "
	switch result.Status {
	case report.Pending:
		text = "Being read now."
	case report.Unknown:
		text = strings.TrimSpace("Not known: " + reasonOf(result))
	case report.Skipped:
		text = strings.TrimSpace("Does not apply here: " + reasonOf(result))
	case report.OK, report.Warn, report.Fail:
	}
	if text == "" {
		text = string(result.Status)
	}
	s.hang(lead, text, s.theme.Strong)
	if result.Status != report.Unknown && result.Status != report.Skipped && result.Reason != "" {
		s.prose(2, string(result.Reason))
	}
}

// offered lists fixes in short; f shows them whole.
func (s *sheet) offered(shared *state, plans []report.Plan) {
	if len(plans) == 0 {
		return
	}
	s.heading("Fix: press f to see what would run")
	names := 0
	for _, plan := range plans {
		names = max(names, layout.Width(plan.ID))
	}
	for _, plan := range plans {
		text := plan.Title + " (" + string(plan.Risk) + " risk)"
		if blocked := shared.blocked(plan); blocked != "" {
			text = plan.Title + ". Blocked: " + blocked
		}
		s.hang("  "+s.theme.Strong(layout.Pad(plan.ID, names))+"  ", text, nil)
	}
}

// byHand lists what can be typed: to look, and apart from that to act.
func (s *sheet) byHand(result report.Result) {
	for _, part := range []struct {
		heading  string
		commands []sys.Text
	}{
		{"To see the same by hand", result.Commands},
		{"To act by hand: this changes the box", result.Acts},
	} {
		if len(part.commands) == 0 {
			continue
		}
		s.heading(part.heading)
		for _, command := range part.commands {
			s.command(2, string(command), nil)
		}
	}
}

// lesson is what the guide teaches of a step; the question was asked already, and the
// commands were shown with this box's names.
func (s *sheet) lesson(page guide.Page) {
	page.Asks, page.Commands = "", nil
	s.sections(page.Sections())
}

func (s *sheet) sections(sections []guide.Section) {
	for _, section := range sections {
		s.heading(section.Heading)
		s.prose(2, section.Text)
		if len(section.Lines) > 0 && section.Text != "" {
			s.gap()
		}
		for _, line := range section.Lines {
			s.command(4, line, nil)
		}
	}
}

func (p *walkPage) key(msg tea.KeyMsg) (request, bool) {
	switch {
	case key.Matches(msg, p.keys.Enter) && p.pages():
		p.scroll.view.PageDown()
	case key.Matches(msg, p.keys.Next), key.Matches(msg, p.keys.Enter):
		if !p.turn(1) {
			return request{}, true
		}
		next := p.next()
		if next == 0 {
			return request{open: diagnosisKind}, true
		}
		p.open(next)
	case key.Matches(msg, p.keys.Previous):
		if !p.turn(-1) {
			return request{}, true
		}
		if previous := p.previous(); previous > 0 {
			p.open(previous)
			p.part = p.lastPart()
		} else if p.guided {
			p.part = partOverview
			p.scroll.top()
		}
	default:
		return request{}, p.scroll.key(msg, p.keys)
	}
	return request{}, true
}

func (p *walkPage) hints() []key.Binding {
	next, guided := as(p.keys.Next, "next step"), as(p.keys.Guided, "guide me")
	if p.guided {
		guided = as(p.keys.Guided, "end the guide")
	}
	switch {
	case p.part < p.lastPart() && p.guided || p.pages():
		next = as(p.keys.Enter, "go on")
	case p.guided && p.next() > 0:
		next = as(p.keys.Enter, fmt.Sprintf("step %d", p.next()))
	case p.next() == 0 && p.guided:
		next = as(p.keys.Enter, "diagnosis")
	case p.next() == 0:
		next = as(p.keys.Next, "diagnosis")
	}
	hints := []key.Binding{next}
	if p.number > 1 && !p.guided || p.guided && p.part > partOverview {
		hints = append(hints, as(p.keys.Previous, "back"))
	}
	hints = append(hints, guided)
	if len(p.result(p.number).Commands) > 0 && p.understood() {
		hints = append(hints, as(p.keys.Copy, "copy"), p.keys.CopyOne)
	}
	return append(hints, as(p.keys.Path, "path"), p.keys.Probe)
}

func (p *walkPage) step() int { return p.number }

func (p *walkPage) lines() []string {
	return append([]string{p.head}, p.scroll.render(p.theme.Selected)...)
}

func (p *walkPage) more() string { return p.scroll.more() }
