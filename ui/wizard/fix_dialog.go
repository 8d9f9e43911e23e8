package wizard

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"flasktui/steps/report"
	"flasktui/sys"
)

// fixDialog shows what a fix would run and runs it on a y that was meant: one that was
// pressed alone, after the dialog could be seen. A y counts only
//   - as a key message of one rune that was not pasted (Bubble Tea hands everything that
//     arrived in one read over as one message),
//   - after the keyboard was quiet for the grace time, and the dialog open for as long,
//   - if no other key follows at once.
//
// Whatever fails that is thrown away, in so many words.
type fixDialog struct {
	*state
	scroll scroller
	title  string
	plans  []report.Plan
	chosen int
	// quietSince is when the last key came, or the dialog opened.
	quietSince time.Time
	// press counts the y that wait for the burst to be over; waiting says that one does.
	press   int
	waiting bool
	// back is the page that the dialog was opened from.
	back kind
}

const typedAhead = "typed ahead: not taken"

func newFixDialog(shared *state) *fixDialog { return &fixDialog{state: shared} }

// open asks about plans, the best of which may run first.
func (p *fixDialog) open(title string, plans []report.Plan, back kind) {
	p.title, p.plans, p.back = title, plans, back
	p.chosen = max(0, slices.IndexFunc(plans, func(plan report.Plan) bool { return p.state.blocked(plan) == "" }))
	p.scroll.top()
	p.hush()
}

// hush starts the grace time anew: the terminal was away, or the dialog has just opened.
func (p *fixDialog) hush() { p.waiting, p.quietSince = false, p.config.Now() }

func (p *fixDialog) plan() report.Plan { return p.plans[p.chosen] }

// blocked is why the chosen plan may not run.
func (p *fixDialog) blocked() string { return p.state.blocked(p.plan()) }

// again are the plans of the dialog as the newest look has them.
func (p *fixDialog) again() []report.Plan {
	known := p.report().Fixes
	if p.back == quickKind {
		known = nil
		for _, part := range p.config.QuickFix(p.examination) {
			known = append(known, part.Plan)
		}
	}
	var plans []report.Plan
	for _, plan := range p.plans {
		if at := slices.IndexFunc(known, func(one report.Plan) bool { return one.ID == plan.ID }); at >= 0 {
			plans = append(plans, known[at])
		}
	}
	return plans
}

func (p *fixDialog) arrange(width, height int) {
	sheet := newSheet(p.theme, width)
	if len(p.plans) == 0 {
		return
	}
	plan := p.plan()
	ask := plan.Title + "?"
	if p.blocked() != "" {
		ask = "Blocked: " + plan.Title
	}
	sheet.hang("", ask, p.theme.Strong)
	sheet.gap()
	if plan.MustBeNamed() {
		// Before all else: a small screen shows no more than this at first.
		sheet.hang(p.theme.Mark(report.Warn)+" Risk high. ", string(plan.Origin.Warning()), nil)
		for _, given := range plan.Origin.GivenWords() {
			sheet.hang("    ", string(given), p.theme.Strong)
		}
		sheet.gap()
	}
	for index, argv := range plan.Commands {
		sheet.command(4, sys.CommandLine(argv), p.theme.Strong)
		for _, fed := range plan.Fed(index) {
			sheet.verbatim(8, fed, p.theme.Strong)
		}
	}
	sheet.gap()
	if blocked := p.blocked(); blocked != "" {
		sheet.hang(p.theme.Mark(report.Fail)+" It may not run now: ", blocked, nil)
		sheet.gap()
	}
	fields := []field{{"Why", p.title}, {"Effect", string(plan.Effect)}}
	if len(plan.Commands) > 0 {
		fields = append(fields, field{"Risk", riskWords(plan.Risk)})
	}
	if plan.Origin != nil {
		fields = append(fields, field{"Files", string(plan.Origin.Words())})
	}
	fields = append(fields, field{"Undo", string(plan.Undo)})
	if len(plan.Commands) > 0 {
		fields = append(fields, field{"Runs", p.runsAs(plan)})
	}
	sheet.fields(2, fields)
	p.others(sheet)
	p.scroll.arrange(sheet.lines, width, height)
}

func riskWords(risk report.Risk) string {
	switch risk {
	case report.LowRisk:
		return "low: nobody notices"
	case report.MediumRisk:
		return "medium: requests may fail for a moment"
	case report.HighRisk:
		return "high: look twice"
	}
	return string(risk)
}

// runsAs says where and with whose rights the commands run.
func (p *fixDialog) runsAs(plan report.Plan) string {
	host := p.examination.Report.Host
	where := ""
	switch {
	case p.config.Practice:
		return "on the practice box; nothing real is touched"
	case host.Hostname != "":
		where = "on " + string(host.Hostname) + " "
	}
	rights := "as " + string(host.User)
	switch {
	case host.User == "":
		rights = "with your rights"
	case host.Privilege == sys.PrivilegeSudo:
		rights += ", through sudo where root's rights are needed"
	case host.Privilege == sys.PrivilegeNone:
		if plan.WantsRights && p.locked() {
			rights += "; sudo asks for your password first"
		}
	}
	if plan.Terminal {
		rights += ", in your own terminal"
	}
	return where + rights
}

// others lists the plans by number, if there are several.
func (p *fixDialog) others(sheet *sheet) {
	if len(p.plans) < 2 {
		return
	}
	sheet.heading("The fixes, by number")
	for i, plan := range p.plans {
		cursor, paint := " ", func(text string) string { return text }
		if i == p.chosen {
			cursor, paint = p.theme.Cursor, p.theme.Selected
		}
		text := plan.Title
		if p.state.blocked(plan) != "" {
			text += " (blocked)"
		} else if plan.Risk != "" {
			text += fmt.Sprintf(" (%s risk)", plan.Risk)
		}
		sheet.hang(fmt.Sprintf("%s %d ", cursor, i+1), text, paint)
	}
}

// key takes every key: y runs, a number chooses, and all others cancel, but those that
// scroll where there is something to scroll to.
func (p *fixDialog) key(msg tea.KeyMsg) (request, bool) {
	now := p.config.Now()
	quiet := now.Sub(p.quietSince) >= p.config.Grace
	p.quietSince = now
	confirms := key.Matches(msg, p.keys.Confirm) && !msg.Alt
	switch {
	case msg.Paste || len(msg.Runes) > 1, p.waiting, confirms && !quiet:
		p.discard()
		return request{notice: typedAhead}, true
	case confirms:
		return p.confirm(), true
	case len(p.plans) > 1 && key.Matches(msg, p.keys.To):
		if number, _ := strconv.Atoi(msg.String()); number <= len(p.plans) {
			p.chosen = number - 1
			p.scroll.top()
			return request{}, true
		}
	case key.Matches(msg, p.keys.Copy) && !msg.Alt:
		return p.copyPlan(), true
	case p.scroll.overflows() && p.scroll.key(msg, p.keys):
		return request{}, true
	}
	return request{open: p.back, notice: "Cancelled: nothing was run."}, true
}

// discard throws a y that waits away, and any that comes before the keyboard is quiet.
func (p *fixDialog) discard() {
	p.waiting = false
	p.press++
	p.quietSince = p.config.Now()
}

// confirm takes a y, but runs nothing before the burst it may be part of is over.
func (p *fixDialog) confirm() request {
	if blocked := p.blocked(); blocked != "" {
		return request{notice: "Blocked: " + blocked}
	}
	p.press++
	if p.config.Grace == 0 {
		return request{run: true}
	}
	p.waiting = true
	press := p.press
	return request{command: tea.Tick(p.config.Grace/3, func(time.Time) tea.Msg { return settledMsg{press} })}
}

// settled says whether the y of that number stood alone.
func (p *fixDialog) settled(press int) bool {
	alone := p.waiting && press == p.press
	p.waiting = p.waiting && !alone
	return alone
}

func (p *fixDialog) hints() []key.Binding {
	hints := []key.Binding{p.keys.Confirm, named("any other key", "cancels")}
	if p.blocked() != "" {
		hints = []key.Binding{named("any key", "closes")}
	}
	if len(p.plan().Commands) > 0 {
		hints = append(hints, as(p.keys.Copy, "copy"))
	}
	if len(p.plans) > 1 {
		hints = append(hints, named(fmt.Sprintf("1-%d", min(9, len(p.plans))), "choose"))
	}
	return hints
}

func (p *fixDialog) step() int { return 0 }

func (p *fixDialog) lines() []string { return p.scroll.render(p.theme.Selected) }

func (p *fixDialog) more() string { return p.scroll.more() }
