package wizard

import (
	"context"
	"errors"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"flasktui/steps"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/ui/render"
	"flasktui/ui/spelling"
)

// examine looks at the box anew. What is shown stays until the new look is whole.
func (w *wizard) examine() tea.Cmd {
	if w.cancelLook != nil {
		w.cancelLook()
	}
	ctx, cancel := context.WithCancel(w.ctx)
	w.look, w.cancelLook = w.look+1, cancel
	w.probing, w.startedAt, w.progress = true, w.config.Now(), steps.Examination{}
	look, config, options, send := w.look, w.config, w.options, w.send
	return guard("probing", func() tea.Msg {
		examination, err := config.Examine(ctx, config.Machine, options, func(partial steps.Examination) {
			send(examinedMsg{look, partial})
		})
		return examineEndedMsg{look, examination, err}
	})
}

func (w *wizard) examined(msg examinedMsg) {
	if msg.look != w.look || !w.probing {
		return
	}
	w.progress = msg.examination
	if !w.finished {
		w.examination = w.veil(msg.examination)
		// A verdict on half of the facts is none.
		if msg.examination.Pending > 0 {
			w.examination.Report.Verdict = ""
		}
	}
}

func (w *wizard) examineEnded(msg examineEndedMsg) tea.Cmd {
	if msg.look != w.look || w.ctx.Err() != nil {
		return nil
	}
	w.probing = false
	w.cancelLook()
	if msg.err != nil && w.watch.on && !w.watch.began.IsZero() {
		// In the middle of a deploy there may be nothing for a moment.
		w.watch.lost(string(sys.ErrorText(msg.err)))
		return w.watchedLook()
	}
	if msg.err != nil {
		w.watch.on = false
		return w.nothingToExamine(msg.err)
	}
	watching := w.watch.on && !w.watch.began.IsZero()
	again, before := w.finished, w.result(w.asked).Status
	w.take(msg.examination)
	if w.shown == lostKind || w.shown == chooserKind && !w.browsing() {
		w.shown, w.trail = pathKind, nil
	}
	switch {
	case w.awaited != nil:
		return w.runAwaited()
	case watching:
		return tea.Batch(w.watchedLook(), w.askRefusal())
	case again:
		w.sayProbed(before)
	case w.config.Newcomer && w.shown == pathKind && w.riddle == nil:
		w.say(offerGuide)
	}
	return w.askRefusal()
}

// askRefusal asks sudo, once, whether a password would get this person anything, so that none
// is asked for in vain.
func (w *wizard) askRefusal() tea.Cmd {
	if !w.locked() || w.askedSudo || w.config.Refusal == nil {
		return nil
	}
	w.askedSudo = true
	ctx, refusal := w.ctx, w.config.Refusal
	return guard("asking sudo", func() tea.Msg { return refusedMsg{refusal(ctx)} })
}

// take makes an examination the one that is shown.
func (w *wizard) take(examination steps.Examination) {
	w.examination, w.finished, w.probedAt = w.veil(examination), true, w.config.Now()
	w.nothing = false
	if w.home == "" {
		w.home = w.service()
	}
	w.visits.begin(examination.Report)
	w.watch.saw(examination.Report)
}

func (w *wizard) sayProbed(before report.Status) {
	if w.veiled() {
		w.say("Probed again.")
		return
	}
	if w.asked == 0 {
		w.say("Probed again: %s", strings.ToUpper(string(w.report().Verdict)))
		return
	}
	after := w.result(w.asked).Status
	if after == before {
		w.say("Step %d probed again: still %s", w.asked, render.InWords(after))
		return
	}
	w.say("Step %d probed again: %s, was %s", w.asked, render.InWords(after), render.InWords(before))
}

func (w *wizard) nothingToExamine(err error) tea.Cmd {
	var target *steps.TargetError
	w.trail = nil
	if errors.As(err, &target) && len(target.Services) > 0 {
		w.chooser.open(target, spelling.Service(w.options.Service, target.Services))
		w.options.Service = ""
		w.shown = chooserKind
		return w.glance()
	}
	w.lost.open(err)
	w.shown, w.nothing = lostKind, true
	return nil
}
