package wizard

import (
	"fmt"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"flasktui/steps"
	"flasktui/steps/guide"
	"flasktui/sys"
)

// keyboard takes a key message apart. Bubble Tea v1 hands all runes that arrived in one
// read over as one message ("jjq"), which would match no key. They are taken one by one;
// but from where a dialog opens, the rest of the burst is thrown away: it was typed
// before the dialog could be read.
func (w *wizard) keyboard(msg tea.KeyMsg) tea.Cmd {
	if msg.Type != tea.KeyRunes || len(msg.Runes) < 2 || msg.Paste || w.shown == dialogKind {
		return w.key(msg)
	}
	var commands []tea.Cmd
	for _, r := range msg.Runes {
		if w.shown == dialogKind {
			w.dialog.discard()
			w.notice = typedAhead
			break
		}
		single := tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}, Alt: msg.Alt}
		if r == ' ' {
			single.Type = tea.KeySpace
		}
		commands = append(commands, w.key(single))
	}
	return tea.Batch(commands...)
}

// key takes one key: those that work everywhere first, then the page, then the keys that
// lead from page to page.
func (w *wizard) key(msg tea.KeyMsg) tea.Cmd {
	w.notice = ""
	if !key.Matches(msg, w.keys.To) && msg.String() != "0" {
		w.digits = digits{}
	}
	switch {
	case key.Matches(msg, w.keys.QuitNow):
		return tea.Quit
	case key.Matches(msg, w.keys.Suspend) && !w.run.running():
		return tea.Suspend
	case w.searchKey(msg):
		return nil
	case msg.Paste && w.shown != dialogKind:
		return nil
	}
	if w.refuses(msg) {
		return nil
	}
	want, taken := w.page().key(msg)
	if taken {
		return w.answer(want)
	}
	if command, taken := w.act(msg); taken {
		return command
	}
	command, taken := w.turn(msg)
	if name := msg.String(); !taken && !w.strangers[name] && w.notice == "" {
		w.strangers[name] = true
		w.say("%s does nothing here; ? shows the keys.", sys.Safe(name))
	}
	return command
}

// answer does what a page asks for.
func (w *wizard) answer(want request) tea.Cmd {
	w.notice = want.notice
	switch {
	case want.quit:
		w.practice = w.shown == lostKind
		return tea.Quit
	case want.run:
		return w.confirmed()
	case want.named:
		return w.named(want.cause, want.line)
	case want.nextBox:
		return w.nextBox()
	case want.part:
		return w.nextPart()
	case want.service != "":
		return w.chosen(want.service)
	}
	if w.shown == dialogKind && want.open != noPage {
		// Whoever cancels is back where the dialog was opened, as it was left.
		w.quick.under, w.awaited = false, nil
		w.shown = want.open
		return want.command
	}
	switch want.open {
	case walkKind:
		w.walk.open(want.step)
	case diagnosisKind:
		w.diagnosis.open(want.cause)
	case noPage:
		return want.command
	}
	w.show(want.open)
	return want.command
}

// show turns to a page; esc comes back from it.
func (w *wizard) show(next kind) {
	if next == w.shown {
		return
	}
	w.endSearch()
	if w.shown == chooserKind {
		w.chooser.stop()
	}
	switch {
	case next == pathKind:
		w.trail = nil
	case len(w.trail) > 0 && w.trail[len(w.trail)-1] == next:
		w.trail = w.trail[:len(w.trail)-1]
	case w.shown != dialogKind && w.shown != runningKind && w.shown != helpKind:
		w.trail = append(w.trail, w.shown)
	}
	w.shown = next
}

// turn handles the keys that lead from page to page.
func (w *wizard) turn(msg tea.KeyMsg) (command tea.Cmd, taken bool) {
	examined := w.shown != lostKind && w.shown != chooserKind || w.browsing()
	switch {
	case key.Matches(msg, w.keys.Quit):
		return tea.Quit, true
	case key.Matches(msg, w.keys.Help):
		if w.shown == helpKind {
			w.back()
			return nil, true
		}
		w.help.open(w.hints(), w.wordsHere())
		w.show(helpKind)
	case key.Matches(msg, w.keys.Back):
		w.back()
	case !examined:
		return nil, false
	case key.Matches(msg, w.keys.Services) && w.shown != chooserKind:
		return w.listServices(), true
	case key.Matches(msg, w.keys.Path):
		w.show(pathKind)
	case key.Matches(msg, w.keys.Timeline):
		w.timeline.scroll.top()
		w.show(timelineKind)
	case key.Matches(msg, w.keys.Watch) && !w.run.running():
		return w.toggleWatch(), true
	case key.Matches(msg, w.keys.History):
		return w.readHistory(), true
	case key.Matches(msg, w.keys.Quiz) && w.config.OfferQuiz && w.riddle == nil && !w.run.running():
		w.quizzed = true
		return tea.Quit, true
	case key.Matches(msg, w.keys.Answer) && w.veiled():
		w.nameCause()
	case key.Matches(msg, w.keys.Debrief) && w.riddle != nil:
		w.show(quizKind)
	case key.Matches(msg, w.keys.Debrief) && w.config.Practice && w.finished:
		w.debrief.scroll.top()
		w.show(debriefKind)
	case key.Matches(msg, w.keys.Walk):
		w.walk.open(w.matters())
		w.show(walkKind)
	case key.Matches(msg, w.keys.Diagnosis):
		w.diagnosis.open(0)
		w.show(diagnosisKind)
	case key.Matches(msg, w.keys.Log):
		return w.follow(), true
	case w.toStep(msg, len(steps.All())):
	default:
		return nil, false
	}
	return nil, true
}

// wordsHere are the words of the glossary that the page names.
func (w *wizard) wordsHere() []guide.Word {
	if w.shown == walkKind {
		return w.walk.wordsHere
	}
	return nil
}

// browsing says that the chooser was opened over a service that is examined already.
func (w *wizard) browsing() bool { return w.shown == chooserKind && w.chooser.browsing }

// back goes to where one came from; from the first page there is none.
func (w *wizard) back() {
	if len(w.trail) > 0 {
		w.show(w.trail[len(w.trail)-1])
		return
	}
	if w.shown != lostKind && w.shown != chooserKind || w.browsing() {
		w.show(pathKind)
	}
}

// follow opens the log page.
func (w *wizard) follow() tea.Cmd {
	if w.service() == "" {
		w.say("No service is known yet whose log could be followed.")
		return nil
	}
	log, nothing := steps.LogCommand(w.examination, tailOpens)
	if nothing != "" {
		w.say("There is no log to follow: %s.", nothing)
		return nil
	}
	if w.log.follows(log) {
		w.show(logKind)
		return nil
	}
	started, command := follow(w.ctx, w.config.Machine, log, w.send)
	w.log.open(started)
	w.show(logKind)
	return command
}

// tailOpens is how many old lines a log starts with.
const tailOpens = 100

// hints are the page's keys with the fix in front, where there is one, and the unlocking.
func (w *wizard) hints() []key.Binding {
	hints := w.searchHints()
	if hints != nil {
		return hints
	}
	if w.veiled() && w.shown != quizKind && w.finished {
		hints = append(hints, as(w.keys.Answer, "name the cause"))
	}
	if len(w.fixesHere()) > 0 {
		hints = append(hints, w.keys.Fix)
	}
	if w.locked() && w.shown != dialogKind && !w.run.running() {
		hints = append(hints, as(w.keys.Unlock, "unlock"))
	}
	return w.unrevealing(append(hints, w.page().hints()...))
}

// always are the keys that the footer never leaves out.
func (w *wizard) always() []key.Binding {
	switch {
	case w.shown == dialogKind, w.run.running(), w.search.typing:
		return nil
	case w.shown == helpKind:
		return []key.Binding{w.keys.Quit}
	}
	return []key.Binding{w.keys.Help, w.keys.Quit}
}

// kindOf names a message for a crash.
func kindOf(msg tea.Msg) string {
	if msg, ok := msg.(tea.KeyMsg); ok {
		return "the key " + string(sys.Safe(msg.String()))
	}
	return fmt.Sprintf("a %T", msg)
}
