package wizard

import (
	"errors"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"flasktui/steps"
	"flasktui/steps/report"
	"flasktui/sys"
)

// lostPage is shown where there is nothing to examine: no service was found, or what was
// asked for does not exist.
type lostPage struct {
	*state
	scroll scroller
	err    error
}

func newLostPage(shared *state) *lostPage { return &lostPage{state: shared} }

func (p *lostPage) open(err error) {
	p.err = err
	p.scroll.top()
}

func (p *lostPage) arrange(width, height int) {
	sheet := newSheet(p.theme, width)
	if p.err == nil {
		return
	}
	sheet.hang("", "There is nothing to examine", p.theme.Strong)
	sheet.gap()
	var target *steps.TargetError
	if !errors.As(p.err, &target) {
		sheet.hang(p.theme.Mark(report.Fail)+" ", string(sys.ErrorText(p.err)), nil)
		sheet.gap()
		sheet.prose(0, "Press R to look again.")
		p.scroll.arrange(sheet.lines, width, height)
		return
	}
	sheet.hang(p.theme.Mark(report.Fail)+" ", string(target.Problem), nil)
	sheet.hint(2, target.Hint)
	sheet.heading("What was looked for")
	sheet.prose(2, "A running server of a Python app (Gunicorn, uWSGI, uvicorn, Waitress, flask run and others), the unit or the service that it belongs to, and the Nginx server that sends requests to it.")
	sheet.heading("What you can tell flasktui")
	sheet.fields(2, []field{
		{"flasktui shop", "the systemd unit shop.service"},
		{"flasktui compose:web/app", "the service app of the Compose project web"},
		{"--app-dir /srv/shop", "where the deploy puts the new code"},
		{"--url https://…", "where the public asks for the site"},
	})
	if p.config.OfferPractice {
		sheet.heading("No Flask site at hand?")
		sheet.prose(2, "Press p for the practice box: a box in memory with a broken deploy, which touches nothing real.")
	}
	p.scroll.arrange(sheet.lines, width, height)
}

// hint is what to do, as the command line words it too.
func (s *sheet) hint(indent int, hint sys.Text) {
	if hint != "" {
		s.hang(strings.Repeat(" ", indent)+"Hint: ", string(hint), nil)
	}
}

func (p *lostPage) key(msg tea.KeyMsg) (request, bool) {
	if p.config.OfferPractice && key.Matches(msg, p.keys.Practice) {
		return request{quit: true}, true
	}
	return request{}, p.scroll.key(msg, p.keys)
}

func (p *lostPage) hints() []key.Binding {
	hints := []key.Binding{as(p.keys.ProbeAll, "look again")}
	if p.config.OfferPractice {
		hints = append(hints, p.keys.Practice)
	}
	return hints
}

func (p *lostPage) step() int { return 0 }

func (p *lostPage) lines() []string { return p.scroll.render(p.theme.Selected) }

func (p *lostPage) more() string { return p.scroll.more() }
