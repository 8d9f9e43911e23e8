package wizard

import (
	"fmt"
	"strings"
	"time"

	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/ui/layout"
)

// header is the line that always stands on top: what is examined and how it stands. In
// a narrow terminal what is least needed goes first; the service and the verdict stay.
func (s *state) header(width int) string {
	report := s.report()
	verdict := s.badge()
	right := []string{strings.TrimRight(verdict+"  "+s.age(), " "), verdict}
	name := s.theme.Fold(s.service())
	switch {
	case name != "":
	case s.probing:
		name = "looking for the site"
	case !s.nothing:
		name = "several services"
	default:
		name = "no service"
	}
	var host, flag string
	if report.Host.Hostname != "" {
		host = " on " + string(report.Host.Hostname)
	}
	if s.config.ReadOnly {
		flag = "  READ-ONLY"
	}
	for _, right := range right {
		for _, left := range []string{
			s.theme.Strong("flasktui") + "  " + s.theme.Strong(name) + host + flag,
			s.theme.Strong(name) + host + flag,
			s.theme.Strong(name) + flag,
			s.theme.Strong(name),
		} {
			if free := width - layout.Width(left) - layout.Width(right); free >= 2 {
				return left + strings.Repeat(" ", free) + right
			}
		}
	}
	short := layout.Middle(name, width-layout.Width(verdict)-1, s.theme.Ellipsis)
	return layout.Pad(s.theme.Strong(short), width-layout.Width(verdict)) + verdict
}

// badge is the verdict of the header; where there is nothing to judge it is inconclusive.
func (s *state) badge() string {
	verdict := s.report().Verdict
	if s.veiled() && s.finished {
		score := s.config.Quiz.Series.Score()
		return s.theme.Verdict("", fmt.Sprintf(" QUIZ %d of %d ", score.Answered+1, score.Boxes))
	}
	if s.nothing && !s.probing {
		verdict = report.Inconclusive
	}
	return s.theme.Verdict(verdict, " "+verdictWord(verdict)+" ")
}

// verdictWord is the verdict as the header writes it.
func verdictWord(verdict report.Verdict) string {
	if verdict == "" {
		return "PROBING"
	}
	return strings.ToUpper(string(verdict))
}

// age says how old what is shown is.
func (s *state) age() string {
	switch {
	case s.probedAt.IsZero():
		return ""
	case s.probing:
		return "probing now"
	}
	return "probed " + ago(s.config.Now().Sub(s.probedAt))
}

// ago is coarser the longer ago it was, so that a screen at rest stays at rest.
func ago(passed time.Duration) string {
	if passed < time.Second {
		return "just now"
	}
	return string(sys.Span(passed.Truncate(grain(passed)))) + " ago"
}

// untilNext is when ago says something else.
func untilNext(passed time.Duration) time.Duration {
	return grain(passed) - passed%grain(passed)
}

// grain is how exactly ago tells a time.
func grain(passed time.Duration) time.Duration {
	switch {
	case passed < 10*time.Second:
		return time.Second
	case passed < 2*time.Minute:
		return 10 * time.Second
	}
	return time.Minute
}
