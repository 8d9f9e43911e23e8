package wizard

import (
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"flasktui/steps"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/ui/layout"
)

// runningPage shows a fix while it runs, and then what came of it.
type runningPage struct {
	*state
	scroll scroller
	plan   report.Plan
	before report.Verdict
	// was is the request path before.
	was   report.Report
	begun time.Time
	runs  []commandRun
	// tail is the service's log beside it.
	tail    *tail
	service string
	// leaving says that the person was asked whether to leave a fix that runs.
	leaving bool

	ended   bool
	took    time.Duration
	outcome steps.Outcome
	err     error
	body    []string
	// after is the page that enter leads to when it is over.
	after kind
}

// commandRun is one command of the plan.
type commandRun struct {
	argv           []string
	started, ended bool
	exit           int
	took           time.Duration
	lines          []sys.Text
}

// outputKeeps is how many lines of output are kept for each command.
const outputKeeps = 200

func newRunningPage(shared *state) *runningPage { return &runningPage{state: shared} }

func (p *runningPage) open(plan report.Plan, log *tail) {
	*p = runningPage{
		after: pathKind,
		state: p.state, plan: plan, before: p.report().Verdict, was: *p.report(), begun: p.config.Now(),
		tail: log, service: p.state.service(), scroll: scroller{sticky: true},
	}
	for _, argv := range plan.Commands {
		p.runs = append(p.runs, commandRun{argv: argv})
	}
}

// running says that a fix is under way.
func (p *runningPage) running() bool { return !p.begun.IsZero() && !p.ended }

func (p *runningPage) progress(events []steps.Progress) {
	for _, event := range events {
		if event.Command < 0 || event.Command >= len(p.runs) {
			continue
		}
		run := &p.runs[event.Command]
		switch {
		case event.Started:
			run.started = true
		case event.Ended:
			run.started, run.ended, run.exit, run.took = true, true, event.Exit, event.Took
		default:
			run.lines = append(run.lines, event.Line)
			if over := len(run.lines) - outputKeeps; over > 0 {
				run.lines = run.lines[over:]
			}
		}
	}
}

// end takes what came of the fix.
func (p *runningPage) end(outcome steps.Outcome, err error) {
	p.ended, p.outcome, p.err, p.leaving = true, outcome, err, false
	p.took = p.config.Now().Sub(p.begun)
	p.tail.stop()
	p.scroll = scroller{}
}

func (p *runningPage) arrange(width, height int) {
	sheet := newSheet(p.theme, width)
	if p.ended {
		p.came(sheet)
		p.scroll.arrange(sheet.lines, width, height)
		p.body = p.scroll.render(p.theme.Selected)
		return
	}
	p.under(sheet)
	// The log gets what room is left, and a third of the page at least.
	log := p.log(width, max(height/3, height-len(sheet.lines)-1))
	p.scroll.arrange(sheet.lines, width, height-len(log))
	p.body = append(p.scroll.render(p.theme.Selected), log...)
}

// under shows the commands, and the output of the one that runs.
func (p *runningPage) under(sheet *sheet) {
	passed := p.config.Now().Sub(p.begun).Truncate(time.Second)
	sheet.hang("", fmt.Sprintf("Running for %d s: %s", int(passed.Seconds()), p.plan.Title), p.theme.Strong)
	sheet.gap()
	waits := true
	for _, run := range p.runs {
		p.command(sheet, run, !run.ended)
		waits = waits && run.ended
	}
	if waits && len(p.runs) > 0 {
		sheet.gap()
		sheet.prose(0, "Waiting for the effect, then probing again.")
	}
	if p.leaving {
		sheet.gap()
		sheet.hang(p.theme.Mark(report.Warn)+" ", "The fix goes on without the screens, and flasktui waits for its end on the normal screen. Press y to leave, any other key to stay.", p.theme.Strong)
	}
}

func (p *runningPage) command(sheet *sheet, run commandRun, output bool) {
	status, note := report.Pending, ""
	switch {
	case run.ended && run.exit == 0:
		status, note = report.OK, seconds(run.took)
	case run.ended:
		status, note = report.Fail, fmt.Sprintf("exit status %d after %s", run.exit, seconds(run.took))
		output = true
	case run.started && p.ended:
		status, note = report.Unknown, "its end was not seen"
	case run.started:
		note = "running"
	case p.ended:
		status, note = report.Skipped, "was not run"
	}
	lead := "  " + p.theme.Mark(status) + " "
	line := sys.CommandLine(run.argv)
	for i, part := range layout.WrapCommand(line, sheet.width-4-commandHang) {
		if i > 0 {
			lead = strings.Repeat(" ", 4+commandHang)
		}
		sheet.add(lead + p.theme.Strong(part))
	}
	if note != "" {
		last := len(sheet.lines) - 1
		if layout.Width(sheet.lines[last])+2+len(note) <= sheet.width {
			sheet.lines[last] += "  " + note
		} else {
			sheet.prose(4, note)
		}
	}
	if !output {
		return
	}
	for _, line := range run.lines {
		sheet.verbatim(6, string(line), nil)
	}
}

// log is the end of the service's log, under a heading, in at most height lines.
func (p *runningPage) log(width, height int) []string {
	if p.tail == nil || height < 2 {
		return nil
	}
	sheet := newSheet(p.theme, width)
	for _, line := range p.tail.lines {
		sheet.verbatim(2, string(line), nil)
	}
	lines := sheet.lines
	if over := len(lines) - (height - 1); over > 0 {
		lines = lines[over:]
	}
	for len(lines) < height-1 {
		lines = append(lines, "")
	}
	heading := layout.Middle("The log of "+p.service, width, p.theme.Ellipsis)
	return append([]string{p.theme.Strong(heading)}, lines...)
}

// came tells the outcome: before and after, what ran, and the request path as it is now.
func (p *runningPage) came(sheet *sheet) {
	after := p.outcome.After.Report
	switch {
	case p.err != nil:
		sheet.hang(p.theme.Mark(report.Fail)+" ", string(sys.ErrorText(p.err)), p.theme.Strong)
	case p.outcome.Done:
		sheet.hang(p.theme.Mark(report.OK)+" ", string(p.outcome.Message), p.theme.Strong)
	case p.outcome.Open:
		sheet.hang(p.theme.Mark(report.Unknown)+" ", string(p.outcome.Message), p.theme.Strong)
	default:
		sheet.hang(p.theme.Mark(report.Fail)+" ", string(p.outcome.Message), p.theme.Strong)
	}
	if after.Verdict != "" {
		sheet.gap()
		sheet.add("  " + p.theme.Verdict(p.before, " "+verdictWord(p.before)+" ") + " " + p.theme.Arrow + " " +
			p.theme.Verdict(after.Verdict, " "+verdictWord(after.Verdict)+" ") + "  after " + seconds(p.took))
	}
	sheet.gap()
	for _, run := range p.runs {
		p.command(sheet, run, false)
	}
	if after.Summary != "" {
		sheet.gap()
		sheet.prose(0, string(after.Summary))
	}
	sheet.causes(p.state, &after, -1, false)
	switch {
	case len(after.Path) > 0 && sheet.width >= lanesFrom:
		sheet.gap()
		sheet.beforeAndAfter(&p.was, &after)
	case len(after.Path) > 0:
		sheet.gap()
		sheet.path(&after, 0, -1, reasoned)
	}
}

// key takes every key while the fix runs; after that, scrolling alone.
func (p *runningPage) key(msg tea.KeyMsg) (request, bool) {
	if p.ended {
		if key.Matches(msg, p.keys.Enter) {
			return request{open: p.after}, true
		}
		return request{}, p.scroll.key(msg, p.keys)
	}
	switch {
	case p.leaving && key.Matches(msg, p.keys.Confirm):
		return request{quit: true}, true
	case p.leaving:
		p.leaving = false
	case key.Matches(msg, p.keys.Quit):
		p.leaving = true
	case key.Matches(msg, p.keys.Suspend):
		return request{notice: "Not while a fix runs."}, true
	default:
		p.scroll.key(msg, p.keys)
	}
	return request{}, true
}

func (p *runningPage) hints() []key.Binding {
	switch {
	case p.leaving:
		return []key.Binding{as(p.keys.Confirm, "leave"), named("any other key", "stays")}
	case !p.ended:
		return []key.Binding{as(p.keys.Quit, "leave")}
	}
	if p.after == quickKind {
		return []key.Binding{as(p.keys.Enter, "go on with the quick fix"), p.keys.Path, p.keys.Log}
	}
	hints := []key.Binding{as(p.keys.Enter, "request path")}
	if p.config.Practice {
		hints = append(hints, p.keys.Debrief)
	}
	return append(hints, p.keys.Diagnosis, p.keys.Log, p.keys.Export)
}

func (p *runningPage) step() int { return p.matters() }

func (p *runningPage) lines() []string { return p.body }

func (p *runningPage) more() string { return p.scroll.more() }

// seconds is a duration as a person reads one.
func seconds(took time.Duration) string {
	switch {
	case took < 100*time.Millisecond:
		return fmt.Sprintf("%d ms", took.Milliseconds())
	case took < 10*time.Second:
		return fmt.Sprintf("%.1f s", took.Seconds())
	case took < time.Minute:
		return fmt.Sprintf("%d s", int(took.Seconds()))
	}
	return fmt.Sprintf("%d min %02d s", int(took.Minutes()), int(took.Seconds())%60)
}
