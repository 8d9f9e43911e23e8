package wizard

import (
	"fmt"
	"strings"

	"flasktui/steps"
	"flasktui/ui/layout"
)

// headline says in a sentence how things stand.
func (s *sheet) headline(shared *state) {
	report := shared.report()
	switch {
	case report.Summary != "":
		s.hang("", string(report.Summary), s.theme.Strong)
	case shared.probing:
		s.prose(0, "Looking at the box: from the URL to the commit on disk.")
	}
}

// releases sets side by side which release is on disk, in memory and on the site: the
// whole question in one line.
func (s *sheet) releases(releases steps.Releases) {
	names := []string{"on disk", "in memory", "served"}
	of := []steps.ReleaseSummary{releases.OnDisk, releases.Loaded, releases.Served}
	var cells []string
	total := 0
	for i, release := range of {
		id := string(release.ID)
		if id == "" {
			id = "not known"
		}
		id = layout.Middle(s.theme.Fold(id), max(s.width-12, 8), s.theme.Ellipsis)
		total += layout.Width(names[i]) + layout.Width(id) + 4
		switch {
		case release.ID == "":
			id = s.theme.Quiet(id)
		case releases.OnDisk.ID != "" && release.ID != releases.OnDisk.ID:
			id = s.theme.Status(steps.Fail, id)
		default:
			id = s.theme.Strong(id)
		}
		cells = append(cells, names[i]+" "+id)
	}
	if releases.OnDisk.ID == "" && releases.Loaded.ID == "" && releases.Served.ID == "" {
		return
	}
	s.gap()
	if total <= s.width {
		s.add("  " + strings.Join(cells, "    "))
		return
	}
	for i, cell := range cells {
		s.add("  " + layout.Pad(names[i], 10) + strings.TrimPrefix(cell, names[i]+" "))
	}
}

// causes lists the ranked causes in short, the first one with its reasoning if in full;
// it gives the lines of each.
func (s *sheet) causes(causes []steps.Finding, selected int, full bool) [][2]int {
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
			if full {
				s.hang(margin, string(cause.Why), nil)
			}
			s.hang(margin, remedy(cause), nil)
		}
		rows = append(rows, [2]int{first, len(s.lines) - 1})
	}
	return rows
}

// remedy says what helps against a cause.
func remedy(cause steps.Finding) string {
	switch {
	case len(cause.Fixes) > 0:
		return "press f to fix it: " + strings.Join(cause.Fixes, ", or ")
	case cause.Advice != "":
		return "no command fixes it; press d for what does"
	}
	return ""
}

// notKnown says, where there is no cause to show, what is left to say: what could not be
// read, or that all is well.
func (s *sheet) notKnown(shared *state) {
	report := shared.report()
	if report.Verdict == "" || report.Verdict == steps.Fresh {
		return
	}
	first := true
	for _, result := range report.Steps {
		if result.Status != steps.Unknown {
			continue
		}
		if first {
			s.heading("What could not be read")
			first = false
		}
		s.hang("  "+s.theme.Mark(result.Status)+" "+layout.Pad(result.Title, titleWidth)+" ", reasonOf(result), nil)
	}
	if shared.locked() {
		s.gap()
		s.prose(0, "Press u and sudo asks for your password; then more can be read.")
	}
}

const titleWidth = 17

func reasonOf(result steps.Result) string {
	if result.Reason != "" {
		return string(result.Reason)
	}
	return string(result.Summary)
}
