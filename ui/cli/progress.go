package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"flasktui/steps"
)

// progressDelay keeps a check that is over at once from flashing a line.
const progressDelay = 300 * time.Millisecond

// progressWidth fits every terminal; what is longer would wrap and not be erased.
const progressWidth = 39

// progressLine is one line on standard error that says what is being read, while it is.
type progressLine struct {
	run   *run
	since time.Time
	shown bool
}

func (r *run) progressLine() *progressLine { return &progressLine{run: r, since: time.Now()} }

// watch is told of a look as it goes on; it is nil where nobody would see the line, as each
// state of a look that is told costs a judgement.
func (p *progressLine) watch() func(steps.Examination) {
	if !p.run.Terminal.Stderr || p.run.dumb() {
		return nil
	}
	return p.show
}

func (p *progressLine) show(examination steps.Examination) {
	if time.Since(p.since) < progressDelay || examination.Total == 0 {
		return
	}
	p.shown = true
	text := fmt.Sprintf("reading %d/%d %s", examination.Total-examination.Pending, examination.Total, strings.Join(examination.Reading, ", "))
	p.run.sayf("\r%s%s", ansi.Truncate(line(text), progressWidth, "..."), ansi.EraseLineRight)
}

func (p *progressLine) clear() {
	if p.shown {
		p.run.sayf("\r%s", ansi.EraseLineRight)
		p.shown = false
	}
}
