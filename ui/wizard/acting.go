package wizard

import (
	"reflect"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"flasktui/steps"
	"flasktui/steps/report"
)

// act handles the keys that do something: probe, fix, copy, export, unlock.
func (w *wizard) act(msg tea.KeyMsg) (tea.Cmd, bool) {
	switch {
	case key.Matches(msg, w.keys.ProbeAll) && w.browsing():
		return w.listServices(), true
	case key.Matches(msg, w.keys.ProbeAll):
		w.asked = 0
		return w.examine(), true
	case w.shown == lostKind || w.shown == chooserKind:
		return nil, false
	case key.Matches(msg, w.keys.Probe):
		w.asked = 0
		if w.shown == walkKind {
			w.asked = w.walk.number
		}
		return w.examine(), true
	case key.Matches(msg, w.keys.Fix):
		w.offer()
	case key.Matches(msg, w.keys.Copy):
		return w.copy(), true
	case key.Matches(msg, w.keys.CopyOne):
		w.chooseCopy()
	case key.Matches(msg, w.keys.Export) && w.config.Export != nil:
		return w.export(), true
	case key.Matches(msg, w.keys.Guided):
		w.guide()
	case key.Matches(msg, w.keys.Quick) && !w.run.running():
		w.openQuick()
	case key.Matches(msg, w.keys.Unlock) && w.locked():
		return w.terminal.unlock(nil), true
	default:
		return nil, false
	}
	return nil, true
}

// fixesHere are the plans that f shows on this page.
func (w *wizard) fixesHere() []report.Plan {
	if w.probing || !w.finished {
		return nil
	}
	_, plans := w.offered()
	return plans
}

// offered says against what f would help here, and with which plans: in the walk those
// of the step, in the diagnosis those of the chosen cause, elsewhere those of the first.
func (w *wizard) offered() (string, []report.Plan) {
	causes := w.report().Causes
	switch w.shown {
	case walkKind:
		if !w.walk.understood() {
			return "", nil
		}
		result := w.result(w.walk.number)
		if w.guided {
			return result.Title + ": " + string(result.Summary), w.walk.plansHere()
		}
		return result.Title + ": " + string(result.Summary), w.plans(result.Fixes)
	case diagnosisKind:
		if w.diagnosis.chosen < len(causes) {
			cause := causes[w.diagnosis.chosen]
			return cause.Title, w.plans(cause.Fixes)
		}
	case pathKind, logKind, runningKind, timelineKind, watchKind:
		if w.run.running() || len(causes) == 0 {
			return "", nil
		}
		return causes[0].Title, w.plans(causes[0].Fixes)
	case noPage, helpKind, chooserKind, lostKind, dialogKind, quickKind, debriefKind, copyKind, quizKind, historyKind:
	}
	return "", nil
}

// offer opens the fix dialog, or says why there is none.
func (w *wizard) offer() {
	title, plans := w.offered()
	switch {
	case w.probing:
		w.say("Still probing: a fix is offered once the facts are in.")
	case len(plans) > 0:
		w.dialog.open(title, plans, w.shown)
		w.shown = dialogKind
	case w.report().Verdict == report.Fresh:
		w.say("Nothing needs fixing: the new release is live.")
	case w.shown == walkKind && !w.walk.understood() && w.walk.lastPart() == partSeen:
		w.say("No cause was found at this step, so no fix is offered here.")
	case w.shown == walkKind && !w.walk.understood():
		w.say("First see what this step shows: enter goes on.")
	case w.shown == walkKind:
		w.say("This step offers no fix.")
	case w.shown == quickKind:
		w.say("Enter goes on with the quick fix; the one fix of the first cause is on the path (t).")
	case len(w.report().Causes) > 0:
		w.say("No command fixes this; the diagnosis (d) tells what does.")
	default:
		w.say("No cause was found, so there is no fix to offer.")
	}
}

// confirmed runs the plan of the dialog, after sudo has asked for a password where it
// has to.
func (w *wizard) confirmed() tea.Cmd {
	plan := w.dialog.plan()
	if w.dialog.blocked() != "" || w.awaited != nil {
		return nil
	}
	if plan.WantsRights && w.locked() && !w.config.Practice {
		return w.terminal.unlock(&plan)
	}
	return w.apply(plan)
}

// unlocked goes on after sudo has asked: the box is looked at again, as more can be read now.
func (w *wizard) unlocked(msg unlockedMsg) tea.Cmd {
	w.dialog.hush()
	if msg.err != nil {
		w.say("sudo did not let you in; nothing was run.")
		return nil
	}
	if w.shown == dialogKind {
		w.awaited = msg.run
	}
	w.asked = 0
	return w.examine()
}

// runAwaited runs the plan that was confirmed before sudo had asked, if it still is what was
// shown. Otherwise the new one is shown, and runs on a y of its own.
func (w *wizard) runAwaited() tea.Cmd {
	shown := *w.awaited
	w.awaited = nil
	if w.shown != dialogKind {
		return nil
	}
	for _, plan := range w.dialog.again() {
		switch {
		case plan.ID != shown.ID:
			continue
		case w.blocked(plan) == "" && sameToRead(shown, plan):
			return w.apply(plan)
		}
		w.dialog.open(w.dialog.title, []report.Plan{plan}, w.dialog.back)
		w.say("With root's rights more is seen, and this is what is to run: read it again.")
		return nil
	}
	w.shown = w.dialog.back
	w.say("With root's rights more is seen, and this fix is not called for any more; nothing was run.")
	return nil
}

// sameToRead tells whether two plans are the same in all that a person was shown of them, but
// for the rights that were wanting.
func sameToRead(one, other report.Plan) bool {
	one.Blocked, other.Blocked, one.WantsRights, other.WantsRights = "", "", false, false
	return reflect.DeepEqual(one, other)
}

// apply runs a plan. It does not end with the wizard: Run waits for it.
func (w *wizard) apply(plan report.Plan) tea.Cmd {
	var log *tail
	var following tea.Cmd
	if command, nothing := steps.LogCommand(w.examination, 0); w.service() != "" && !plan.Terminal && nothing == "" {
		log, following = follow(w.ctx, w.config.Machine, command, w.send)
	}
	w.run.open(plan, log)
	if w.quick.under {
		w.run.after = quickKind
	}
	w.shown = runningKind
	w.fix = &fixRun{plan: plan, done: make(chan struct{})}
	machine := w.terminal.machine(w.config.Machine)
	return tea.Batch(following, w.fix.start(w.starting, &w.acting, w.config, machine, w.options, w.examination, w.send))
}

// applied takes what came of a fix, which is the box examined anew; where it is not, a
// look of our own is due: nothing on the screen may be older than the fix.
func (w *wizard) applied(msg appliedMsg) tea.Cmd {
	w.run.end(msg.outcome, msg.err)
	w.visits.ran(w.run.plan, w.run.before, msg.outcome)
	w.trail = nil
	if w.quick.under {
		w.quick.ended(msg.outcome, msg.err)
		w.trail = []kind{pathKind}
		if w.quick.stopped == "" && w.shown == runningKind {
			w.shown = quickKind
		}
	}
	w.path.cursor = -1
	if msg.outcome.After.Report.Verdict == "" {
		w.asked = 0
		return w.examine()
	}
	w.take(msg.outcome.After)
	return nil
}

// export writes the report down.
func (w *wizard) export() tea.Cmd {
	if !w.finished {
		w.say("Nothing to export before the facts are in.")
		return nil
	}
	export, report := w.config.Export, *w.report()
	return guard("exporting", func() tea.Msg {
		path, err := export(report)
		if err != nil {
			return noticeMsg{"Could not export: " + err.Error()}
		}
		return noticeMsg{"The report is in " + path}
	})
}
