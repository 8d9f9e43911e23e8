package wizard

import (
	"fmt"
	"slices"
	"strings"

	"flasktui/steps"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/ui/layout"
	"flasktui/ui/render"
)

// Guided, one is led through the steps that matter here. A step where a cause was found comes in
// three parts, each of which fits a small screen: what is asked and why, what this box shows and
// how to read it, and what to do about it. What helps is not offered before the last one: it
// should be understood first. Of any other step what the box shows is told, and where its cause lies.
const (
	partOverview = iota - 1
	partWhy
	partSeen
	partDo
)

// tour are the steps that matter, in the order in which they are told: first those where a cause
// was found that decides, then the others that are not as they should be. Where no cause was
// found, what could not be read matters too.
func (s *state) tour() []int {
	var numbers []int
	add := func(number int) {
		if number > 0 && !slices.Contains(numbers, number) {
			numbers = append(numbers, number)
		}
	}
	causes := s.report().Causes
	for _, cause := range causes {
		if cause.Decides() {
			add(cause.Step)
		}
	}
	for _, result := range s.report().Steps {
		bad := result.Status == report.Fail || result.Status == report.Warn
		if bad || result.Status == report.Unknown && len(causes) == 0 {
			add(result.Number)
		}
	}
	return numbers
}

// causesAt are the causes whose step that is. A step without one has its cause elsewhere.
func (s *state) causesAt(number int) []report.Finding {
	return slices.DeleteFunc(slices.Clone(s.report().Causes), func(cause report.Finding) bool { return cause.Step != number })
}

// firstPart and lastPart frame what is told of a step: all of it where a cause was found there,
// or where somebody turned to it by themselves.
func (p *walkPage) firstPart() int {
	if slices.Contains(p.tour(), p.number) && len(p.causesAt(p.number)) == 0 {
		return partSeen
	}
	return partWhy
}

func (p *walkPage) lastPart() int {
	if p.firstPart() == partSeen {
		return partSeen
	}
	return partDo
}

// overview says which steps matter, and folds the others to a line.
func (s *sheet) overview(shared *state) {
	tour := shared.tour()
	s.hang("", matterHere(len(tour)), s.theme.Strong)
	s.gap()
	for _, number := range tour {
		result := shared.result(number)
		text := result.Title
		if causes := shared.causesAt(number); len(causes) > 0 {
			text += ": " + causes[0].Title
		} else if summary := reasonOf(result); summary != "" {
			text += ": " + summary
		}
		s.hang(fmt.Sprintf("  %s %2d  ", s.theme.Mark(result.Status), number), text, nil)
	}
	s.gap()
	for _, status := range []report.Status{report.OK, report.Skipped, report.Unknown, report.Pending} {
		var folded []string
		for _, result := range shared.report().Steps {
			if result.Status == status && !slices.Contains(tour, result.Number) {
				folded = append(folded, fmt.Sprintf("%d %s", result.Number, result.Title))
			}
		}
		if len(folded) > 0 {
			words := render.InWords(status)
			s.hang("  "+s.theme.Mark(status)+" ", strings.ToUpper(words[:1])+words[1:]+": "+strings.Join(folded, ", "), nil)
		}
	}
}

func matterHere(count int) string {
	if count == 1 {
		return fmt.Sprintf("1 of %d steps matters here", len(steps.All()))
	}
	return fmt.Sprintf("%d of %d steps matter here", count, len(steps.All()))
}

// guided is one part of a step.
func (s *sheet) guided(p *walkPage, step steps.Step, result report.Result, lesson guide.Page) {
	if p.part == partOverview {
		s.overview(p.state)
		return
	}
	first, last := p.firstPart(), p.lastPart()
	if last > first {
		s.hang("", fmt.Sprintf("Part %d of %d: %s", p.part-first+1, last-first+1, partName(p.part)), s.theme.Accent)
		s.gap()
	}
	switch p.part {
	case partWhy:
		s.hang("", step.Question, s.theme.Strong)
		s.sections(guide.Page{Why: lesson.Why, Good: lesson.Good}.Sections())
	case partSeen:
		s.answer(result)
		s.elsewhere(p.state, result.Number)
		if last > first {
			s.sections(guide.Page{Read: lesson.Read}.Sections())
		}
		if len(result.Evidence) > 0 {
			s.heading("What was seen")
			s.evidence(2, result.Evidence)
		}
	case partDo:
		s.offered(p.state, p.plansHere())
		s.sections(guide.Page{Mistake: lesson.Mistake, IfItFails: lesson.IfItFails}.Sections())
		s.byHand(result)
		s.sections(guide.Page{Prevent: lesson.Prevent, Guard: lesson.Guard}.Sections())
	}
	p.wordsHere = s.glossary(p.lessons.words())
}

// elsewhere says where the causes are, at a step that has none.
func (s *sheet) elsewhere(shared *state, number int) {
	var places []string
	for _, cause := range shared.report().Causes {
		if cause.Step == number {
			return
		}
		if cause.Decides() {
			places = append(places, fmt.Sprintf("step %d (%s)", cause.Step, cause.Title))
		}
	}
	if len(places) > 0 {
		s.gap()
		s.prose(0, "No cause was found at this step, and so no fix is offered here. What was found is at "+strings.Join(slices.Compact(places), " and ")+".")
	}
}

// glossary names the words of the glossary that stand on the sheet, and gives them: ? begins with
// what they mean.
func (s *sheet) glossary(words []guide.Word) []guide.Word {
	text := " " + strings.ToLower(plain(s.lines)) + " "
	var here []guide.Word
	var names []string
	for _, word := range words {
		if said(text, strings.ToLower(word.Word)) {
			here, names = append(here, word), append(names, word.Word)
		}
	}
	if len(names) > 0 {
		s.gap()
		s.hang(s.theme.Accent("?")+" tells what these words mean: ", strings.Join(names, ", "), nil)
	}
	return here
}

// said says that a word stands in a text as a word of its own, or in the plural.
func said(text, word string) bool {
	for at := 0; ; {
		found := strings.Index(text[at:], word)
		if found < 0 {
			return false
		}
		at += found + len(word)
		before, after := text[at-len(word)-1], strings.TrimPrefix(text[at:], "s")
		if !letter(before) && (after == "" || !letter(after[0])) {
			return true
		}
	}
}

func letter(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '_' || b == '/'
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

// plansHere are the fixes that are offered at a guided step: those of its own causes.
func (p *walkPage) plansHere() []report.Plan {
	var plans []report.Plan
	for _, cause := range p.causesAt(p.number) {
		plans = append(plans, p.plans(cause.Fixes)...)
	}
	if len(p.report().Causes) == 0 {
		plans = p.plans(p.result(p.number).Fixes)
	}
	return plans
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
	if !p.guided || next < p.firstPart() || next > p.lastPart() || p.part == partOverview {
		return true
	}
	p.part = next
	p.scroll.top()
	return false
}

// next is the step that follows: guided, the next of the tour; 0 behind the last.
func (p *walkPage) next() int {
	if !p.guided {
		if p.number == len(steps.All()) {
			return 0
		}
		return p.number + 1
	}
	tour := p.tour()
	at := slices.Index(tour, p.number)
	switch {
	case p.part == partOverview:
		at = 0
	case at < 0:
		at = slices.IndexFunc(tour, func(number int) bool { return number > p.number })
		if at < 0 {
			return 0
		}
	default:
		at++
	}
	if at >= len(tour) {
		return 0
	}
	return tour[at]
}

// previous is the step before: guided, the one of the tour; 0 before the first.
func (p *walkPage) previous() int {
	if !p.guided {
		return p.number - 1
	}
	if at := slices.Index(p.tour(), p.number); at > 0 {
		return p.tour()[at-1]
	}
	return 0
}

// offerGuide is told to whoever is here for the first time, until the next key, whatever
// that is; the key itself stays in the footer.
const offerGuide = "New here? Press g, and each step is explained in turn."

// guide switches the guided walk on and off. On, it begins with which steps matter, or stays at
// the step that is shown; all is told then that the expert's pages leave to scrolling.
func (w *wizard) guide() {
	w.guided = !w.guided
	w.walk.scroll.top()
	if !w.guided {
		w.walk.part = max(w.walk.part, partWhy)
		w.say("The guided walk is off: each step on one page.")
		return
	}
	w.say("Guided: enter goes on through what matters; g ends it.")
	if w.shown == walkKind {
		w.walk.open(w.walk.number)
		return
	}
	w.walk.open(w.matters())
	w.walk.part = partOverview
	w.show(walkKind)
}

// plain is lines without their paint.
func plain(lines []string) string { return layout.Plain(strings.Join(lines, " ")) }
