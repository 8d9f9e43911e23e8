package wizard

import (
	"strings"

	"flasktui/steps"
	"flasktui/ui/layout"
)

// In a wide window a second pane stands beside the page and follows its cursor: the step behind
// the hop or the cause that is chosen, with what was seen, the commands and the fixes.

const (
	// wide is the width from which there is one.
	wide = 130
	// seam is what stands between the two.
	seam = 3
)

// sided is a page that has something to tell of what its cursor is on.
type sided interface {
	beside(sheet *sheet)
}

// panes are the widths of the page and of what stands beside it; 0 where nothing does.
func (w *wizard) panes() (page, beside int) {
	if _, has := w.page().(sided); !has || w.width < wide || !w.finished && w.progress.Total == 0 {
		return w.width, 0
	}
	page = min(max(roomy, w.width/2), readable)
	return page, w.width - page - seam
}

// arrangePanes lays the page and what stands beside it out.
func (w *wizard) arrangePanes() {
	width, beside := w.panes()
	w.page().arrange(width, w.bodyHeight())
	w.aside = nil
	if page, has := w.page().(sided); has && beside > 0 {
		sheet := newSheet(w.theme, beside)
		page.beside(sheet)
		w.aside = sheet.lines
		if height := w.bodyHeight(); len(w.aside) > height {
			w.aside = append(w.aside[:height-1:height-1], w.theme.Quiet(w.theme.Fold("… enter shows all of it")))
		}
	}
}

// joined are the lines of the page with those that stand beside it.
func (w *wizard) joined() []string {
	width, beside := w.panes()
	lines := w.page().lines()
	if beside == 0 {
		return lines
	}
	var joined []string
	for i := range w.bodyHeight() {
		left, right := "", ""
		if i < len(lines) {
			left = layout.End(lines[i], width, "")
		}
		if i < len(w.aside) {
			right = w.aside[i]
		}
		joined = append(joined, strings.TrimRight(layout.Pad(left, width)+" "+w.theme.Quiet(w.theme.Rail)+" "+right, " "))
	}
	return joined
}

// besides is a step in short: the pane has no room for what the guide teaches of it.
func (s *sheet) besides(shared *state, number int) {
	step := steps.All()[number-1]
	s.place(shared, number, step.Title)
	s.asked(shared, step, shared.result(number))
}

func (p *pathPage) beside(sheet *sheet) {
	if at := p.selected() - len(p.report().Path); at >= 0 && at < len(p.report().Causes) {
		lesson, _ := p.lessons.cause(p.report().Causes[at].ID)
		sheet.cause(p.state, at, false, lesson.Prevent)
		return
	}
	sheet.besides(p.state, p.step())
}

func (p *diagnosisPage) beside(sheet *sheet) { sheet.besides(p.state, p.step()) }

// prompting says that the page asks something: the question's keys stand right under its text
// then, not at the bottom of a tall window.
func (w *wizard) prompting() bool {
	return w.height >= tall && (w.shown == dialogKind || w.shown == runningKind && w.run.leaving && w.run.tail == nil)
}

// tall is the height from which a text and the bottom of the window lie far apart.
const tall = 30

// closed is the body of a page that asks, without the empty lines below its text.
func (w *wizard) closed(body []string) []string {
	if !w.prompting() {
		return body
	}
	end := len(body)
	for end > 0 && strings.TrimSpace(layout.Plain(body[end-1])) == "" {
		end--
	}
	return body[:min(end+1, len(body))]
}
