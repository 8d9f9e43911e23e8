package wizard

import (
	"fmt"
	"strings"
	"time"

	"flasktui/steps/report"
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
	switch {
	case passed < time.Second:
		return "just now"
	case passed < 10*time.Second:
		return fmt.Sprintf("%d s ago", int(passed.Seconds()))
	case passed < time.Minute:
		return fmt.Sprintf("%d s ago", int(passed.Seconds())/10*10)
	case passed < time.Hour:
		return fmt.Sprintf("%d min ago", int(passed.Minutes()))
	}
	if passed < 48*time.Hour {
		return fmt.Sprintf("%d h ago", int(passed.Hours()))
	}
	return fmt.Sprintf("%d days ago", int(passed.Hours()/24))
}

// untilNext is when ago says something else.
func untilNext(passed time.Duration) time.Duration {
	grain := time.Minute
	switch {
	case passed < 10*time.Second:
		grain = time.Second
	case passed < time.Minute:
		grain = 10 * time.Second
	}
	return grain - passed%grain
}
