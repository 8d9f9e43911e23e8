package wizard

import (
	"fmt"

	"flasktui/steps"
	"flasktui/steps/guide"
	"flasktui/steps/report"
)

// Guided, a step comes in three parts, each of which fits a small screen: what is asked
// and why, what this box shows and how to read it, and what to do about it. What helps is
// not offered before the last one: it should be understood first.
const (
	partWhy = iota
	partSeen
	partDo
	guidedParts
)

// guided is one part of a step.
func (s *sheet) guided(shared *state, step steps.Step, result report.Result, lesson guide.Page, part int) {
	s.hang("", fmt.Sprintf("Part %d of %d: %s", part+1, guidedParts, partName(part)), s.theme.Accent)
	s.gap()
	switch part {
	case partWhy:
		s.hang("", step.Question, s.theme.Strong)
		s.sections(guide.Page{Why: lesson.Why, Good: lesson.Good}.Sections())
	case partSeen:
		s.answer(result)
		s.sections(guide.Page{Read: lesson.Read}.Sections())
		if len(result.Evidence) > 0 {
			s.heading("What was seen")
			s.evidence(2, result.Evidence)
		}
	case partDo:
		s.sections(guide.Page{Mistake: lesson.Mistake, IfItFails: lesson.IfItFails}.Sections())
		s.byHand(result)
		s.offered(shared, shared.plans(result.Fixes))
		s.sections(guide.Page{Prevent: lesson.Prevent, Guard: lesson.Guard}.Sections())
	}
}

func partName(part int) string {
	switch part {
	case partWhy:
		return "what is asked, and why"
	case partSeen:
		return "what this box shows"
	}
	return "what to do"
}

// understood says that what helps may be offered: always, but for a guided step that was
// not read to its end.
func (p *walkPage) understood() bool { return !p.guided || p.part == partDo }

// pages says that enter shows the rest of a guided part first.
func (p *walkPage) pages() bool {
	return p.guided && p.scroll.overflows() && !p.scroll.view.AtBottom()
}

// turn goes to the next or the previous part, and says whether the step is left by that.
func (p *walkPage) turn(by int) (left bool) {
	next := p.part + by
	if !p.guided || next < 0 || next >= guidedParts {
		return true
	}
	p.part = next
	p.scroll.top()
	return false
}

// offerGuide is told to whoever is here for the first time, until the next key, whatever
// that is; the key itself stays in the footer.
const offerGuide = "New here? Press g, and each step is explained in turn."

// guide switches the guided walk on and off. On, it begins at the first step, or stays
// at the step that is shown; all is told then that the expert's pages leave to scrolling.
func (w *wizard) guide() {
	w.guided = !w.guided
	w.walk.part = partWhy
	w.walk.scroll.top()
	if !w.guided {
		w.say("The guided walk is off: each step on one page.")
		return
	}
	w.say("Guided: enter goes on through each step; g ends it.")
	if w.shown != walkKind {
		w.walk.open(1)
		w.show(walkKind)
	}
}
