package wizard

import (
	"fmt"
	"unicode/utf8"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
)

// search is what is looked for on the page that is shown, as in less(1): / asks for it, n and N
// go on from place to place, and esc ends it.
type search struct {
	// typing says that the text is being typed; each letter turns to the first place already.
	typing bool
	text   string
	// active says that n and N go from place to place.
	active bool
}

// longestSearch bounds what is kept of the text.
const longestSearch = 80

// searched is the scroller of the page that is shown; nil where there is nothing to search.
func (w *wizard) searched() *scroller {
	switch w.shown {
	case pathKind:
		return &w.path.scroll
	case walkKind:
		return &w.walk.scroll
	case diagnosisKind:
		return &w.diagnosis.scroll
	case logKind:
		return &w.log.scroll
	case helpKind:
		return &w.help.scroll
	case chooserKind:
		return &w.chooser.scroll
	case lostKind:
		return &w.lost.scroll
	case timelineKind:
		return &w.timeline.scroll
	case debriefKind:
		return &w.debrief.scroll
	case quizKind:
		return &w.quiz.scroll
	case watchKind:
		return &w.watch.scroll
	case historyKind:
		return &w.history.scroll
	case copyKind, noPage, dialogKind, runningKind, quickKind:
	}
	return nil
}

// searchKey takes the keys of a search, and says whether it was one.
func (w *wizard) searchKey(msg tea.KeyMsg) bool {
	scroller := w.searched()
	switch {
	case scroller == nil:
		return false
	case w.search.typing:
		w.typed(msg, scroller)
	case key.Matches(msg, w.keys.Search):
		w.search = search{typing: true}
		w.say("/")
	case !w.search.active:
		return false
	case key.Matches(msg, w.keys.NextHit):
		w.seek(scroller, 1)
	case key.Matches(msg, w.keys.PreviousHit):
		w.seek(scroller, -1)
	case key.Matches(msg, w.keys.Back):
		w.endSearch()
	default:
		return false
	}
	return true
}

// typed takes a key while the text is typed.
func (w *wizard) typed(msg tea.KeyMsg, scroller *scroller) {
	switch {
	case msg.Type == tea.KeyEnter && w.search.text != "":
		w.search.typing, w.search.active = false, true
		w.seek(scroller, 0)
		return
	case msg.Type == tea.KeyEsc, msg.Type == tea.KeyEnter, msg.Type == tea.KeyBackspace && w.search.text == "":
		w.endSearch()
		return
	case msg.Type == tea.KeyBackspace:
		_, size := utf8.DecodeLastRuneInString(w.search.text)
		w.search.text = w.search.text[:len(w.search.text)-size]
	case (msg.Type == tea.KeyRunes || msg.Type == tea.KeySpace) && !msg.Alt && len(w.search.text) < longestSearch:
		w.search.text += string(msg.Runes)
	}
	w.seek(scroller, 0)
	w.say("/%s", w.search.text)
}

// seek turns to a place where the text stands.
func (w *wizard) seek(scroller *scroller, by int) {
	at, all := scroller.seek(w.search.text, by)
	if w.shown == chooserKind && all > 0 {
		w.chooser.turnTo(scroller.found)
	}
	if all == 0 {
		w.say("%q stands nowhere on this page; esc ends the search.", w.search.text)
		return
	}
	w.say("%q: %d of %d", w.search.text, at, all)
}

// endSearch leaves the page where it is.
func (w *wizard) endSearch() {
	w.search = search{}
	if scroller := w.searched(); scroller != nil {
		scroller.sought = ""
	}
}

// searchHints are the keys while a search is under way; none where there is no search.
func (w *wizard) searchHints() []key.Binding {
	switch {
	case w.search.typing:
		return []key.Binding{named("enter", "find"), named("esc", "cancel")}
	case w.search.active:
		return []key.Binding{w.keys.NextHit, w.keys.PreviousHit, named("esc", "end of search")}
	}
	return nil
}

// digits are steps by their number: a digit turns to that step, and a second one right behind it
// to the step of both.
type digits struct {
	first int
	// open says that the key before this one was that digit.
	open bool
}

// toStep takes a digit, and says whether it was one.
func (w *wizard) toStep(msg tea.KeyMsg, steps int) bool {
	number := 0
	if _, err := fmt.Sscanf(msg.String(), "%d", &number); err != nil || len(msg.String()) != 1 {
		w.digits = digits{}
		return false
	}
	if both := w.digits.first*10 + number; w.digits.open && both <= steps {
		w.digits = digits{}
		number = both
	} else {
		w.digits = digits{first: number, open: number > 0 && number*10 <= steps}
	}
	if number == 0 {
		return false
	}
	w.walk.open(number)
	w.show(walkKind)
	return true
}
