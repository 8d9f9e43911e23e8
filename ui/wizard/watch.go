package wizard

import (
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"flasktui/steps/report"
	"flasktui/ui/watch"
)

// watchPage looks again by itself while a deploy runs, and tells a line a change, until it is
// fresh. There is never more than one look at a time, and the rest between two is long enough to
// leave the box its processor. It goes on while other pages are shown.
type watchPage struct {
	*state
	scroll scroller
	// on says that it watches; chain numbers the timers, so that an old one cannot go on.
	on    bool
	chain int
	told  string
	seen  []watched
	// began is when the look under way was begun.
	began time.Time
}

// watched is what changed, and when that was seen.
type watched struct {
	at      time.Time
	verdict report.Verdict
	text    string
}

// watchMsg says that the rest between two looks is over.
type watchMsg struct{ chain int }

func newWatchPage(shared *state) *watchPage {
	return &watchPage{state: shared, scroll: scroller{sticky: true}}
}

// toggleWatch begins to watch, or ends it.
func (w *wizard) toggleWatch() tea.Cmd {
	if w.watch.on {
		w.watch.on = false
		w.say("No longer watching.")
		return nil
	}
	if w.config.Now().IsZero() || !w.finished {
		w.say("Still probing: it can be watched once the first look is over.")
		return nil
	}
	*w.watch = watchPage{state: w.state, scroll: scroller{sticky: true}, on: true, chain: w.watch.chain + 1}
	w.watch.saw(*w.report())
	w.show(watchKind)
	if !w.watch.on {
		return nil
	}
	return w.rest(0)
}

// rest waits until the next look is due.
func (w *wizard) rest(took time.Duration) tea.Cmd {
	if !w.watch.on {
		return nil
	}
	chain := w.watch.chain
	return tea.Tick(watch.Pause(took), func(time.Time) tea.Msg { return watchMsg{chain} })
}

// lookAgain takes the next look of a watch. While a fix runs, or a look is under way, it waits.
func (w *wizard) lookAgain(msg watchMsg) tea.Cmd {
	switch {
	case !w.watch.on || msg.chain != w.watch.chain:
		return nil
	case w.probing || w.run.running() || w.shown == dialogKind:
		return w.rest(0)
	}
	w.watch.began, w.asked = w.config.Now(), 0
	return w.examine()
}

// watchedLook is what follows from a look: a line if something changed, and the next rest.
func (w *wizard) watchedLook() tea.Cmd {
	if !w.watch.on || w.watch.began.IsZero() {
		return nil
	}
	took := w.config.Now().Sub(w.watch.began)
	w.watch.began = time.Time{}
	return w.rest(took)
}

// saw takes a look, and ends at the first that is fresh.
func (p *watchPage) saw(looked report.Report) {
	if words := watch.Words(looked); p.on && words != p.told {
		p.told = words
		p.seen = append(p.seen, watched{p.config.Now(), looked.Verdict, string(looked.Summary)})
	}
	p.on = p.on && looked.Verdict != report.Fresh
}

// lost takes a look that found nothing to examine.
func (p *watchPage) lost(problem string) {
	if problem != p.told {
		p.told = problem
		p.seen = append(p.seen, watched{p.config.Now(), "", problem})
	}
}

func (p *watchPage) arrange(width, height int) {
	sheet := newSheet(p.theme, width)
	heading := "Watching: a line a change, until it is fresh"
	if !p.on {
		heading = "Watched"
	}
	sheet.hang("", heading, p.theme.Strong)
	sheet.gap()
	for _, one := range p.seen {
		verdict := strings.Repeat(" ", len(" INCONCLUSIVE "))
		if one.verdict != "" {
			word := verdictWord(one.verdict)
			verdict = p.theme.Verdict(one.verdict, " "+word+" ") + strings.Repeat(" ", len("INCONCLUSIVE")-len(word))
		}
		lead := "  " + one.at.Format(time.TimeOnly) + "  " + verdict + "  "
		if width < roomy {
			sheet.add(strings.TrimRight(lead, " "))
			sheet.prose(4, one.text)
			continue
		}
		sheet.hang(lead, one.text, nil)
	}
	sheet.gap()
	switch last := len(p.seen) - 1; {
	case p.on:
		sheet.prose(0, "It looks again by itself, and rests three times as long as a look takes. Other keys work as ever.")
	case last >= 0 && p.seen[last].verdict == report.Fresh:
		sheet.prose(0, "Fresh: the watch is over.")
	default:
		sheet.prose(0, "The watch was ended. Press v to begin again.")
	}
	p.scroll.arrange(sheet.lines, width, height)
}

func (p *watchPage) key(msg tea.KeyMsg) (request, bool) {
	return request{}, p.scroll.key(msg, p.keys)
}

func (p *watchPage) hints() []key.Binding {
	watches := as(p.keys.Watch, "end it")
	if !p.on {
		watches = as(p.keys.Watch, "watch again")
	}
	return []key.Binding{watches, as(p.keys.Back, "back"), p.keys.Path, p.keys.Log, p.keys.Timeline}
}

func (p *watchPage) step() int       { return p.matters() }
func (p *watchPage) lines() []string { return p.scroll.render(p.theme.Selected) }
func (p *watchPage) more() string    { return p.scroll.more() }
