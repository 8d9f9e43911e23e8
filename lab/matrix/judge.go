package matrix

import (
	"fmt"
	"slices"

	"flasktui/lab"
)

// said is what flasktui told one person.
type said struct {
	verdict, cause, confidence string // the first deciding cause, else the first
	decides                    bool
}

func hear(report lab.Report) said {
	var s said
	s.verdict = report.Verdict
	for index, cause := range report.Causes {
		deciding := cause.Confidence == "certain" || cause.Confidence == "likely"
		if index == 0 || deciding {
			s.cause, s.confidence, s.decides = cause.ID, cause.Confidence, deciding
		}
		if deciding {
			break
		}
	}
	return s
}

// asked tells whether it was asked at all.
func (s said) asked() bool { return s.verdict != "" }

func (s said) String() string {
	if !s.asked() {
		return "-"
	}
	if s.cause == "" {
		return s.verdict
	}
	return fmt.Sprintf("%s: %s (%s)", s.verdict, s.cause, s.confidence)
}

// fault is how a word misleads; empty where it does not.
func (s said) fault(is truth) string {
	switch {
	case !s.asked():
	case is != same && s.verdict == "fresh":
		return "FRESH on old code"
	case is == same && (s.decides || slices.Contains([]string{"stale", "mixed", "down"}, s.verdict)):
		return "alarm on the same code"
	}
	return ""
}

func (s said) undecided() bool { return s.verdict == "inconclusive" }

// look is a row of the table: what is true, and what was said of it.
type look struct {
	row        string
	is         truth
	missed     []string
	root, user said
	report     lab.Report // root's
	userReport lab.Report
}

// faults are the ways in which a row misleads.
func (l look) faults() []string {
	var all []string
	for _, one := range []struct{ who, fault string }{{"root", l.root.fault(l.is)}, {"user", l.user.fault(l.is)}} {
		if one.fault != "" {
			all = append(all, one.fault+" ("+one.who+")")
		}
	}
	return all
}
