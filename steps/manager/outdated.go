package manager

import (
	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
)

// This file is what shows that a service was started from an older declaration than the disk
// has.

// Outdated sees a unit that changed, and was loaded, after the process was started (G18).
func (m systemd) Outdated() *report.Finding {
	b := m.b
	started := b.MainStarted()
	if !m.found || started.IsZero() || !b.UnitFiles.Known {
		return nil
	}
	for _, file := range b.UnitFiles.Value.All() {
		at := file.Info.ContentTime()
		if !box.After(at, started) {
			continue
		}
		differs := b.ProcessDiffersFromUnit()
		finding := &report.Finding{
			Confidence: report.Certain,
			Why: sys.Textf("%s was changed at %s, and the main process %d has run since %s: it was started from the unit as it was before. Only a restart applies the change.",
				file.Path, b.ExactClock(at, started), m.unit.MainPID, b.ExactClock(started, at)),
			Evidence: []report.Evidence{
				report.Observed("unit changed", sys.Textf("%s at %s", file.Path, b.ExactClock(at, started)), sys.Textf("statx %s", file.Path)),
				report.Observed("main process started", b.ExactClock(started, at), m.unit.Typed("systemctl show -p ExecMainStartTimestamp %s", m.unit.Name)),
			},
		}
		if differs != "" {
			finding.Evidence = append(finding.Evidence, report.Observed("differs", differs, "/proc/PID and systemctl show"))
		} else if comparedWhole(b.Server.Master) {
			// The file was written, but nothing in it that a process shows.
			finding.Confidence = report.Possible
			finding.Why += " What can be compared (command line, directory, environment) is the same in both."
		}
		if differs == "" && !b.ClockDecides(at, started) {
			finding.Confidence = report.Possible
			finding.Why = sys.Textf("%s was changed at %s; whether the main process %d was started before or after is not known: %s.",
				file.Path, b.Clock(at), m.unit.MainPID, b.ClockWords())
		}
		return finding
	}
	return nil
}

// comparedWhole tells whether all of a process that can be compared was readable.
func comparedWhole(master facts.Process) bool {
	return !master.Titled && master.Prints != nil && master.Directory != ""
}

// Outdated sees a program whose section was rewritten after its process was started from the
// old one (G23).
func (m supervisord) Outdated() *report.Finding {
	b, program := m.b, m.program
	section, started := program.Section, b.MainStarted()
	if section == nil || started.IsZero() {
		return nil
	}
	differs, compared := b.ProgramDifference(program)
	at := section.Info.ContentTime()
	changed := report.Observed("section changed", sys.Textf("%s:%d at %s", section.File, section.Line, b.ExactClock(at, started)), sys.Typed("statx %s", section.File))
	began := report.Observed("process started", b.ExactClock(started, at), sys.Textf("/proc/%d/stat", b.Server.Master.PID))
	switch {
	case differs != "":
		return &report.Finding{
			Confidence: report.Certain,
			Why: sys.Textf("Process %d was started from another section than %s has now: supervisord goes by the one that it read before. A restart would start the old one again; supervisorctl update reads the files and applies them.",
				b.Server.Master.PID, section.File),
			Evidence: []report.Evidence{changed, began, report.Observed("differs", differs, sys.Textf("/proc/%d and %s", b.Server.Master.PID, section.File))},
		}
	case compared || !box.After(at, started):
		return nil
	}
	return &report.Finding{
		Confidence: report.Possible,
		Why: sys.Textf("%s was changed at %s, after process %d was started at %s. Whether the program's own section changed cannot be told from what the process shows.",
			section.File, b.ExactClock(at, started), b.Server.Master.PID, b.ExactClock(started, at)),
		Evidence: []report.Evidence{changed, began},
	}
}

// Outdated is nothing here: what a container was made with is held against its files as a
// whole, and a process by itself has none.
func (compose) Outdated() *report.Finding { return nil }
func (none) Outdated() *report.Finding    { return nil }
