package wizard

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"flasktui/sys"
	"flasktui/ui/render"
)

// copies puts lines on the clipboard, and says what was sent; whether it arrived, no terminal
// tells.
func (s *state) copies(what string, lines ...string) tea.Cmd {
	clipboard := s.config.Copy
	return guard("copying", func() tea.Msg {
		if err := clipboard(strings.Join(lines, "\n") + "\n"); err != nil {
			return noticeMsg{"Could not copy: " + string(sys.ErrorText(err))}
		}
		return noticeMsg{fmt.Sprintf("Sent %s to the terminal's clipboard", what)}
	})
}

// copy takes the commands that look at what the step shows. Those that act are not among them:
// what is pasted runs.
func (w *wizard) copy() tea.Cmd {
	number := w.page().step()
	lines := w.commandsOf(number)
	if len(lines) == 0 {
		w.say("This step has no commands to copy.")
		return nil
	}
	return w.copies(fmt.Sprintf("%s of step %d", several(len(lines), "command"), number), lines...)
}

func several(count int, what string) string {
	if count == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", count, what)
}

// commandsOf are what can be typed to see what a step shows.
func (s *state) commandsOf(step int) []string {
	var lines []string
	for _, command := range s.result(step).Commands {
		lines = append(lines, string(command))
	}
	return lines
}

// copyPlan takes the commands of the fix that the dialog shows, to be run elsewhere. One that
// also writes is not made of its commands alone, and is not copied.
func (p *fixDialog) copyPlan() request {
	plan := p.plan()
	var lines []string
	for index, argv := range plan.Commands {
		if len(plan.Fed(index)) > 0 {
			return request{notice: "Not copied: this fix also writes what is shown, which its commands alone do not."}
		}
		lines = append(lines, sys.CommandLine(argv))
	}
	if len(lines) == 0 {
		return request{notice: "This fix has no commands to copy."}
	}
	return request{command: p.copies(several(len(lines), "command")+" of the fix", lines...)}
}

// copyPage has one line chosen from several.
type copyPage struct {
	*state
	scroll  scroller
	title   string
	choices []string
	cursor  int
	// rows are the first and last line on the screen of each.
	rows [][2]int
}

func newCopyPage(shared *state) *copyPage { return &copyPage{state: shared} }

// chooseCopy asks which line: of the commands of the step that is shown or, in the debrief, of
// what it says to type.
func (w *wizard) chooseCopy() {
	lines, title := w.commandsOf(w.page().step()), fmt.Sprintf("Copy one command of step %d", w.page().step())
	if w.shown == debriefKind {
		lines, title = nil, "Copy one line of the debrief"
		for _, section := range render.Debrief(w.visits.first, w.visits.looked, w.visits.runs) {
			for _, line := range section.Lines {
				lines = append(lines, strings.TrimPrefix(line, "$ "))
			}
		}
	}
	if len(lines) == 0 {
		w.say("There is nothing to copy here.")
		return
	}
	*w.copying = copyPage{state: w.state, title: title, choices: lines}
	w.show(copyKind)
}

func (p *copyPage) arrange(width, height int) {
	sheet := newSheet(p.theme, width)
	sheet.hang("", p.title, p.theme.Strong)
	sheet.gap()
	p.rows = nil
	for i, line := range p.choices {
		first := len(sheet.lines)
		paint := func(text string) string { return text }
		cursor := " "
		if i == p.cursor {
			cursor, paint = p.theme.Cursor, p.theme.Selected
		}
		number := "  "
		if i < 9 {
			number = strconv.Itoa(i+1) + " "
		}
		sheet.command(4, line, paint)
		sheet.lines[first] = cursor + " " + number + strings.TrimPrefix(sheet.lines[first], "    ")
		p.rows = append(p.rows, [2]int{first, len(sheet.lines) - 1})
	}
	p.scroll.arrange(sheet.lines, width, height)
	if p.cursor < len(p.rows) {
		p.scroll.reveal(p.rows[p.cursor][0], p.rows[p.cursor][1])
	}
}

func (p *copyPage) key(msg tea.KeyMsg) (request, bool) {
	last := len(p.choices) - 1
	switch {
	case key.Matches(msg, p.keys.Up):
		p.cursor = max(0, p.cursor-1)
	case key.Matches(msg, p.keys.Down):
		p.cursor = min(last, p.cursor+1)
	case key.Matches(msg, p.keys.To):
		if number, _ := strconv.Atoi(msg.String()); number-1 <= last {
			p.cursor = number - 1
			return p.chosen(), true
		}
	case key.Matches(msg, p.keys.Enter), key.Matches(msg, p.keys.Copy):
		return p.chosen(), true
	default:
		return request{}, p.scroll.key(msg, p.keys)
	}
	return request{}, true
}

func (p *copyPage) chosen() request {
	return request{command: p.copies("line "+strconv.Itoa(p.cursor+1), p.choices[p.cursor])}
}

func (p *copyPage) hints() []key.Binding {
	return []key.Binding{as(p.keys.Enter, "copy it"), named(p.theme.UpDown, "move"), as(p.keys.Back, "back")}
}

func (p *copyPage) step() int { return p.matters() }

func (p *copyPage) lines() []string { return p.scroll.render(p.theme.Selected) }

func (p *copyPage) more() string { return p.scroll.more() }

// clipboard writes text to the terminal's clipboard by OSC 52, which also works at the
// far end of an ssh connection. Multiplexers swallow the sequence unless it is wrapped
// for them; tmux gets both forms, as it depends on its settings which one it passes on.
func clipboard(output io.Writer, getenv func(string) string) func(string) error {
	return func(text string) error {
		sequence := ansi.SetSystemClipboard(text)
		switch {
		case getenv("TMUX") != "":
			sequence += ansi.TmuxPassthrough(sequence)
		case getenv("STY") != "":
			sequence = ansi.ScreenPassthrough(sequence, screenLimit)
		}
		_, err := io.WriteString(output, sequence)
		return err
	}
}

// screenLimit is the longest control string that GNU screen takes.
const screenLimit = 76
