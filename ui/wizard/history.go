package wizard

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"flasktui/steps"
	"flasktui/steps/report"
	"flasktui/sys"
)

// historyPage is the record as a page: what was run for this service here, when, by whom, what
// came of it, and how to go back.
type historyPage struct {
	*state
	scroll scroller
	runs   []report.Run
	err    error
	read   bool
}

// historyMsg is the record, read.
type historyMsg struct {
	runs []report.Run
	err  error
}

func newHistoryPage(shared *state) *historyPage { return &historyPage{state: shared} }

// readHistory opens the page and has the record read.
func (w *wizard) readHistory() tea.Cmd {
	if w.config.History == nil {
		w.say("In practice nothing is recorded: the record is about real boxes.")
		return nil
	}
	*w.history = historyPage{state: w.state}
	w.show(historyKind)
	history, service := w.config.History, w.service()
	return guard("reading the record", func() tea.Msg {
		runs, err := history(service)
		return historyMsg{runs, err}
	})
}

func (p *historyPage) arrange(width, height int) {
	sheet := newSheet(p.theme, width)
	sheet.hang("", "What was run here for "+p.service(), p.theme.Strong)
	switch {
	case p.err != nil:
		sheet.gap()
		sheet.hang(p.theme.Mark(report.Unknown)+" ", "The record cannot be read: "+string(sys.ErrorText(p.err)), nil)
	case !p.read:
		sheet.prose(0, "Reading the record.")
	case len(p.runs) == 0:
		sheet.prose(0, "Nothing is on record.")
	default:
		sheet.prose(0, "The newest first. Root's record tells of all that root ran; each other user has one of their own.")
	}
	for _, run := range p.runs {
		sheet.gap()
		sheet.past(p.state, run)
	}
	p.scroll.arrange(sheet.lines, width, height)
}

// past is one fix that was run.
func (s *sheet) past(shared *state, run report.Run) {
	who := string(run.User)
	if run.LoginUser != "" {
		who = string(run.LoginUser) + " as " + who
	}
	s.hang("", fmt.Sprintf("%s  %s, by %s (%s)", run.At.Format("2006-01-02 15:04:05 MST"), run.Fix, who, ago(shared.config.Now().Sub(run.At.Time))), s.theme.Strong)
	verdicts := "  " + s.theme.Verdict(run.Before, " "+verdictWord(run.Before)+" ") + " " + s.theme.Arrow + " "
	if run.Ended.IsZero() {
		s.add(verdicts + "its end is not on record")
	} else {
		s.add(verdicts + s.theme.Verdict(run.After, " "+verdictWord(run.After)+" "))
	}
	for _, command := range run.Commands {
		line := "$ " + sys.CommandLine(command.Argv)
		if command.Exit != 0 {
			line += fmt.Sprintf("  (exit status %d)", command.Exit)
		}
		s.command(4, line, nil)
	}
	if !run.Done && run.Message != "" {
		s.prose(4, string(run.Message))
	}
	if page, known := steps.FixPage(run.Fix); known && page.Undo != "" {
		s.hang("    The way back: ", strings.TrimSpace(page.Undo), nil)
	}
}

func (p *historyPage) key(msg tea.KeyMsg) (request, bool) {
	return request{}, p.scroll.key(msg, p.keys)
}

func (p *historyPage) hints() []key.Binding {
	return []key.Binding{as(p.keys.Back, "back"), p.keys.Path, p.keys.Diagnosis, p.keys.Log}
}

func (p *historyPage) step() int       { return p.matters() }
func (p *historyPage) lines() []string { return p.scroll.render(p.theme.Selected) }
func (p *historyPage) more() string    { return p.scroll.more() }
