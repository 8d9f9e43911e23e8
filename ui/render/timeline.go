package render

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"flasktui/steps/report"
	"flasktui/ui/layout"
)

// timeline tells what happened when. What happened in memory is set in further than what
// happened on disk, so that their order is seen without reading.
func (p *textPage) timeline(moments []report.Moment) {
	if len(moments) == 0 {
		return
	}
	p.heading("What happened when (" + p.style.inZone(moments[0].At).Format("MST") + ")")
	clock := report.MomentClock(moments)
	for _, moment := range moments {
		lane := "disk    "
		if moment.Side == report.InMemory {
			lane = "  memory"
		}
		mark := layout.Pad("", markWidth)
		if moment.State == report.Fail {
			mark = p.style.mark(moment.State)
		}
		first := "  " + mark + "  " + p.style.clock(moment.At, clock) + "  " + lane
		if p.style.width() >= 60 {
			p.hang(first+"  ", string(moment.What))
			continue
		}
		p.WriteString(strings.TrimRight(first, " ") + "\n")
		p.hang("        ", string(moment.What))
	}
}

// clock is a time without its zone, for a column of such.
func (s Style) clock(at report.Time, clock string) string {
	return s.inZone(at).Format("2006-01-02 " + clock)
}

func (s Style) inZone(at report.Time) time.Time {
	if s.Zone != nil {
		return at.In(s.Zone)
	}
	return at.Time
}

// TimelineSentences are the moments for those who hear them: what, when and where, and
// which came too early.
func TimelineSentences(moments []report.Moment, style Style) []string {
	sentences := make([]string, 0, len(moments))
	for _, moment := range moments {
		where := "On disk"
		if moment.Side == report.InMemory {
			where = "In memory"
		}
		sentence := fmt.Sprintf("%s: %s: %s.", style.clock(moment.At, report.MomentClock(moments)+" MST"), where, style.Fold(oneLine(string(moment.What))))
		if moment.State == report.Fail {
			sentence += " This is out of date now."
		}
		sentences = append(sentences, sentence)
	}
	return sentences
}

func markdownTimeline(page *bytes.Buffer, moments []report.Moment) {
	if len(moments) == 0 {
		return
	}
	page.WriteString("\n### What happened when\n\n| when | on disk | in memory | known from |\n| --- | --- | --- | --- |\n")
	for _, m := range moments {
		disk, memory := MarkdownText(string(m.What)), ""
		if m.Side == report.InMemory {
			disk, memory = "", disk
		}
		if m.State == report.Fail {
			memory = "**" + memory + "** (out of date)"
		}
		fmt.Fprintf(page, "| %s | %s | %s | %s |\n", moment(m.At), disk, memory, code(string(m.Source)))
	}
}
