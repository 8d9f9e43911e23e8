package wizard

import (
	"fmt"
	"slices"
	"strings"

	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/ui/layout"
	"flasktui/ui/render"
)

// headline says in a sentence how things stand; in a low window, where a cause decides, in
// the cause's own words alone.
func (s *sheet) headline(shared *state, low bool) {
	report := shared.report()
	switch {
	case shared.veiled() && !shared.probing:
		s.hang("", "\""+shared.riddle.box.Symptom+"\"", s.theme.Strong)
	case low && len(report.Causes) > 0 && report.Causes[0].Decides():
		s.hang("", report.Causes[0].Title, s.theme.Strong)
	case report.Summary != "":
		s.hang("", string(report.Summary), s.theme.Strong)
	case shared.probing:
		s.prose(0, "Looking at the box: from the URL to the commit on disk.")
	}
}

// whatNow answers, right under the headline, how sure it is and what to press; where nothing
// is decided, what would settle it.
func (s *sheet) whatNow(shared *state) {
	document := shared.report()
	switch {
	case shared.veiled() && shared.finished:
		s.hang("", "Find out why: look where you like, then press a and name the cause.", nil)
	case len(document.Causes) > 0 && document.Causes[0].Decides():
		cause := document.Causes[0]
		s.hang(s.theme.Strong(string(cause.Confidence))+": ", shared.remedy(document, cause), nil)
	case document.Verdict == report.Inconclusive:
		s.hang("", settles(shared), nil)
	case document.Verdict == report.Down:
		s.hang("", "The log may say why: press l to read it, r to look again.", nil)
	}
}

// settles is what would settle a look that came to no verdict, with the key for it. The
// headline has said what could not be told.
func settles(shared *state) string {
	switch {
	case shared.locked():
		return "Press u and sudo asks for your password; then more can be read."
	case shared.report().Host.Privilege == sys.PrivilegeNone:
		return "More can be read as root (sudo flasktui). Press r to look again, enter for what is open."
	}
	return "Press r to look again, enter for what could not be told."
}

// releases sets side by side which release is on disk, in memory and on the site: the
// whole question in one line.
// releases marks those that differ from the one on disk, unless that is for the person to see.
func (s *sheet) releases(report *report.Report, marked bool) {
	releases := report.Releases
	disk := releases.OnDisk
	if disk.ID == "" && releases.Loaded.ID == "" && releases.Served.ID == "" {
		return
	}
	names := releasePlaces()
	// The full names in a line, else the shorter ones, else the full ones in three.
	for _, name := range []func(sys.Text) string{fullName, commitOnly} {
		cells := s.releaseCells(report, name, marked)
		line := ""
		for i, cell := range cells {
			line += "  " + strings.Repeat(" ", min(i, 1)*2) + names[i] + " " + cell
		}
		if layout.Width(line) <= s.width {
			s.add(line)
			return
		}
	}
	for i, cell := range s.releaseCells(report, fullName, marked) {
		s.add("  " + layout.Pad(names[i], 10) + cell)
	}
}

// releaseCells are the three names, those that are not the one on disk marked.
func (s *sheet) releaseCells(document *report.Report, name func(sys.Text) string, marked bool) []string {
	releases := document.Releases
	disk := releases.OnDisk
	var cells []string
	for i, release := range []report.ReleaseSummary{disk, releases.Loaded, releases.Served.ReleaseSummary} {
		id := layout.Middle(s.theme.Fold(name(release.ID)), max(s.width-12, 8), s.theme.Ellipsis)
		switch {
		case release.ID == "":
			id = s.theme.Quiet(render.NoRelease(*document, releasePlaces()[i]))
		case marked && disk.ID != "" && !disk.Same(release):
			id = s.theme.Status(report.Fail, id)
		default:
			id = s.theme.Strong(id)
		}
		cells = append(cells, id)
	}
	return cells
}

// releasePlaces are where a release is looked for, in the order of a deploy.
func releasePlaces() []string { return []string{"on disk", "in memory", "served"} }

// fullName is a release's name, of a commit as much as the request path shows of it; other
// names are left alone.
func fullName(id sys.Text) string {
	if short := layout.Hash(string(id)); short != string(id) {
		return short[:7]
	}
	return string(id)
}

// commitOnly is the commit of a name that gives both, "20251123140310 (3e9d0c4)".
func commitOnly(id sys.Text) string {
	if _, commit, both := strings.Cut(string(id), " ("); both {
		return strings.TrimSuffix(commit, ")")
	}
	return fullName(id)
}

// causes lists the ranked causes in short, the first one with its reasoning if that is
// wanted; it gives the lines of each. What helps against the first was said under the
// headline, unless it decides nothing.
func (s *sheet) causes(shared *state, report *report.Report, selected int, reasoned bool) [][2]int {
	causes := report.Causes
	if len(causes) == 0 {
		return nil
	}
	s.heading("Why")
	confidences := 0
	for _, cause := range causes {
		confidences = max(confidences, len(cause.Confidence))
	}
	var rows [][2]int
	for i, cause := range causes {
		first := len(s.lines)
		cursor, paint := " ", func(text string) string { return text }
		switch i {
		case selected:
			cursor, paint = s.theme.Cursor, s.theme.Selected
		case 0:
			paint = s.theme.Strong
		}
		lead := fmt.Sprintf("%s %d %s  ", cursor, i+1, layout.Pad(string(cause.Confidence), confidences))
		s.hang(lead, cause.Title, paint)
		if i == 0 {
			margin := strings.Repeat(" ", layout.Width(lead))
			if reasoned {
				s.hang(margin, string(cause.Why), nil)
			}
			if !cause.Decides() {
				s.hang(margin, shared.remedy(report, cause), nil)
			}
		}
		rows = append(rows, [2]int{first, len(s.lines) - 1})
	}
	return rows
}

// remedy says what helps against a cause: the fixes that may run now, or what to do by hand.
func (s *state) remedy(document *report.Report, cause report.Finding) string {
	may := slices.DeleteFunc(slices.Clone(cause.Fixes), func(id string) bool {
		return slices.ContainsFunc(document.Fixes, func(plan report.Plan) bool { return plan.ID == id && s.blocked(plan) != "" })
	})
	switch {
	case len(may) > 0:
		return "press f to fix it: " + strings.Join(may, ", or ")
	case len(cause.Fixes) > 0:
		return "press f to see why its fix may not run now"
	case cause.Advice != "":
		return string(cause.Advice)
	}
	return "press d for all that is known of it"
}

// notKnown says, where there is no cause to show, what is left to say: what could not be
// read, or that all is well.
func (s *sheet) notKnown(shared *state) {
	document := shared.report()
	if document.Verdict == "" || document.Verdict == report.Fresh {
		return
	}
	first := true
	for _, result := range document.Steps {
		if result.Status != report.Unknown {
			continue
		}
		if first {
			s.heading("What could not be read")
			first = false
		}
		s.hang("  "+s.theme.Mark(result.Status)+" "+layout.Pad(result.Title, titleWidth)+" ", reasonOf(result), nil)
	}
}

const titleWidth = 17

func reasonOf(result report.Result) string {
	if result.Reason != "" {
		return string(result.Reason)
	}
	return string(result.Summary)
}
