package causes

import (
	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
)

// findProgramNotApplied sees a program of supervisord's whose section was rewritten after
// its process was started from the old one (G23).
func findProgramNotApplied(b *box.Box, program facts.Supervised) *report.Finding {
	section, started := program.Section, b.MainStarted()
	if section == nil || started.IsZero() {
		return nil
	}
	differs, comparable := b.ProgramDifference(program)
	at := facts.ContentTime(section.Info)
	changed := report.Observed("section changed", sys.Textf("%s:%d at %s", section.File, section.Line, b.ExactClock(at, started)), sys.Typed("statx %s", section.File))
	began := report.Observed("master started", b.ExactClock(started, at), sys.Textf("/proc/%d/stat", b.Gunicorn.Master.PID))
	switch {
	case differs != "":
		return &report.Finding{
			Confidence: report.Certain,
			Why: sys.Textf("Process %d was started from another section than %s has now: supervisord goes by the one that it read before. A restart would start the old one again; supervisorctl update reads the files and applies them.",
				b.Gunicorn.Master.PID, section.File),
			Evidence: []report.Evidence{changed, began, report.Observed("differs", differs, sys.Textf("/proc/%d and %s", b.Gunicorn.Master.PID, section.File))},
			Fixes:    []string{"restart"},
		}
	case comparable || !box.After(at, started):
		return nil
	}
	return &report.Finding{
		Confidence: report.Possible,
		Why: sys.Textf("%s was changed at %s, after process %d was started at %s. Whether the program's own section changed cannot be told from what the process shows.",
			section.File, b.ExactClock(at, started), b.Gunicorn.Master.PID, b.ExactClock(started, at)),
		Evidence: []report.Evidence{changed, began},
		Fixes:    []string{"restart"},
	}
}
