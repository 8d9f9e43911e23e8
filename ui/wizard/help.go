package wizard

import (
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/ui/layout"
	"flasktui/ui/render"
)

// helpPage tells the keys, and what the words mean.
type helpPage struct {
	*state
	scroll scroller
	// here are the keys of the page that help was asked from.
	here []key.Binding
	// words are those of the glossary that stand on that page.
	words []guide.Word
}

func newHelpPage(shared *state) *helpPage { return &helpPage{state: shared} }

// open begins with the keys of the page that is left.
func (p *helpPage) open(here []key.Binding, words []guide.Word) {
	p.here, p.words = here, words
	p.scroll.top()
}

func (p *helpPage) arrange(width, height int) {
	sheet := newSheet(p.theme, width)
	if len(p.here) > 0 {
		sheet.keys("On the page that you came from", p.here)
	}
	sheet.words("The words of that page", p.words)
	sheet.keys("Where to", []key.Binding{
		as(p.keys.Path, "the request path, where flasktui opens"),
		as(p.keys.Walk, "the walk, at the step that matters most"),
		as(p.keys.Diagnosis, "the diagnosis: every cause in full"),
		as(p.keys.Timeline, "the time line: what happened when, and what came first"),
		as(p.keys.Guided, "the guided walk: each step explained before anything is offered"),
		as(p.keys.Log, "the service's log, following"),
		as(p.keys.Debrief, "in practice: what it was, and what to do next time"),
		as(p.keys.Watch, "watch: it looks again by itself, a line a change, until it is fresh; again ends it"),
		as(p.keys.History, "history: what was run here, by whom, and the way back"),
		as(p.keys.Quiz, "in practice: the quiz, which tells the symptom and asks for the cause"),
		as(p.keys.Answer, "in the quiz: name the cause"),
		as(p.keys.Services, "the services of this box, each with its verdict"),
		as(p.keys.Help, "this page"),
		as(p.keys.Back, "back"),
	})
	sheet.keys("Moving", []key.Binding{
		named("n p "+p.theme.LeftRight, "next, previous step or cause"),
		named("j k "+p.theme.UpDown, "move, scroll"),
		named("pgup pgdn", "a page up, down"),
		named("ctrl+u ctrl+d", "half a page up, down"),
		named("home end G", "to the top, to the end"),
		named("1-14", "to the step of that number"),
		as(p.keys.Search, "search this page: n and N go from place to place, esc ends it"),
		as(p.keys.Enter, "open what the cursor is on"),
		as(p.keys.To, "a fix, or a service, by its number"),
	})
	sheet.keys("In the log", []key.Binding{
		as(p.keys.Recent, "what came since the service was last started, or all"),
		as(p.keys.Fold, "tracebacks by their last line, or whole"),
		as(p.keys.Wrap, "long lines wrapped, or each in one"),
	})
	sheet.keys("Doing", []key.Binding{
		as(p.keys.Fix, "the fix: shows each command first, asks before it runs"),
		as(p.keys.Quick, "the guide's quick fix: unit, restart, Nginx, proof; each one asked"),
		as(p.keys.Confirm, "in that dialog alone: run it; any other key cancels"),
		as(p.keys.Probe, "probe this step again"),
		as(p.keys.ProbeAll, "probe all steps again"),
		as(p.keys.Copy, "copy the commands that look at this step (OSC 52)"),
		as(p.keys.CopyOne, "choose one of them to copy; in the debrief, one of its lines"),
		as(p.keys.Export, "write the report as Markdown"),
		as(p.keys.Unlock, "let sudo ask for your password, where that is needed"),
		as(p.keys.Quit, "quit"),
		as(p.keys.QuitNow, "quit at once"),
		as(p.keys.Suspend, "suspend; fg comes back"),
	})
	sheet.verdicts()
	sheet.marks()
	sheet.words("What the words mean", p.lessons.words())
	p.scroll.arrange(sheet.lines, width, height)
}

// named is a hint for keys that are no one binding. It names a key, since a binding
// without any counts as disabled.
func named(keys, does string) key.Binding {
	return key.NewBinding(key.WithKeys(keys), key.WithHelp(keys, does))
}

func (s *sheet) keys(title string, bindings []key.Binding) {
	s.heading(title)
	names := 0
	for _, binding := range bindings {
		names = max(names, layout.Width(binding.Help().Key))
	}
	for _, binding := range bindings {
		name := s.theme.Accent(binding.Help().Key)
		s.hang("  "+layout.Pad(name, names)+"  ", binding.Help().Desc, nil)
	}
}

func (s *sheet) verdicts() {
	s.heading("The five verdicts")
	s.fields(2, []field{
		{"FRESH", "proved: every hop of the request path runs the expected release"},
		{"STALE", "old code answers"},
		{"MIXED", "old and new code answer in turn"},
		{"DOWN", "nothing answers"},
		{"INCONCLUSIVE", "something needed could not be read; all may be well, or not"},
	})
}

func (s *sheet) marks() {
	s.heading("The marks")
	for _, status := range []report.Status{report.OK, report.Warn, report.Fail, report.Unknown, report.Skipped, report.Pending} {
		meaning := render.InWords(status)
		if status == report.Unknown {
			meaning += ": it could not be read, and never counts as well"
		}
		s.hang("  "+s.theme.Mark(status)+"  ", meaning, nil)
	}
	s.hang("  "+s.theme.Status(report.Warn, s.theme.Passes)+"  ", "works, and passes on old code from a hop below it", nil)
}

// words is the glossary: the word, and its meaning below it, as some words are long.
func (s *sheet) words(title string, words []guide.Word) {
	if len(words) == 0 {
		return
	}
	s.heading(title)
	for _, word := range words {
		s.hang("  ", word.Word, s.theme.Strong)
		s.prose(4, word.Meaning)
	}
}

func (p *helpPage) key(msg tea.KeyMsg) (request, bool) {
	return request{}, p.scroll.key(msg, p.keys)
}

func (p *helpPage) hints() []key.Binding {
	return []key.Binding{as(p.keys.Back, "back"), p.keys.Search}
}

func (p *helpPage) step() int { return p.matters() }

func (p *helpPage) lines() []string { return p.scroll.render(p.theme.Selected) }

func (p *helpPage) more() string { return p.scroll.more() }
