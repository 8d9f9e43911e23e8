package causes

import (
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/fixes"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/steps/walk"
	"flasktui/sys"
)

func daemonReloadNeeded() Kind {
	return Kind{
		ID: "daemon-reload-needed", Title: "systemd has not loaded the unit that is on disk",
		Step:  walk.DaemonReload().Number,
		Claim: report.ClaimConfiguration,
		Hop:   report.HopUnit, instead: "systemd holds an older unit than the disk",
		marks: []Moment{MasterStarted, UnitLoaded},
		find:  findDaemonReload,
		page: guide.Page{
			What: "The unit file or one of its drop-ins changed on disk, and systemd still works from the copy that it read before.",
			How: "A unit that was edited with an editor, copied or templated by a tool. `systemctl edit` reloads by itself, other " +
				"ways do not. A new file in a directory of higher precedence is not even flagged.",
			Commands: []string{
				"systemctl show {unit} -p NeedDaemonReload,FragmentPath,DropInPaths",
				"systemctl cat {unit}",
			},
			Prevent: "Reload where you write, always followed by the restart.",
			Guard:   []string{"sudo install -m 0644 shop.service /etc/systemd/system/{unit}", "sudo systemctl daemon-reload", "sudo systemctl restart {unit}"},
			See:     []string{"daemon-reload-restart", "unit-change-not-applied"},
		},
	}
}

// findDaemonReload sees a unit on disk that is not the one systemd holds: by systemd's
// own flag, by looking along the search path for what the flag misses, and by comparing
// what the files say with what systemd holds (G17). systemd goes by times alone: a file
// that was written again with the same content makes it ask, one put back with its old time
// does not.
func findDaemonReload(b *box.Box) *report.Finding {
	if !b.HasUnit {
		return nil
	}
	files := b.UnitFiles.Value
	if !b.AsksForReload() && len(files.Comparison.Differs) == 0 {
		return nil
	}
	finding := &report.Finding{Fixes: fixes.IDs(fixes.DaemonReloadRestart, fixes.DaemonReload)}
	finding.Confidence, finding.Why = unitVerdict(b)
	if finding.Confidence == report.Possible {
		finding.Fixes = fixes.IDs(fixes.DaemonReload)
	}
	if b.Unit.NeedsReload {
		finding.Evidence = append(finding.Evidence, report.Observed("NeedDaemonReload", "yes", b.Unit.Typed("systemctl show -p NeedDaemonReload %s", b.Unit.Name)))
	}
	for _, other := range b.OtherUnitFiles() {
		finding.Evidence = append(finding.Evidence, report.Observed(other.Label, other.Value, "systemctl show -p FragmentPath,DropInPaths"))
	}
	for _, one := range files.Comparison.Differs {
		finding.Evidence = append(finding.Evidence, report.Observed(one.Key, sys.Textf("loaded %s; on disk %s", heldWords(one.Loaded), heldWords(one.OnDisk)),
			b.Unit.Typed("systemctl show --all %s", b.Unit.Name)))
	}
	for _, one := range files.Comparison.Untold {
		finding.Evidence = append(finding.Evidence, report.Observed(one.Key, "not compared: "+one.Why, b.Unit.Typed("systemctl show --all %s", b.Unit.Name)))
	}
	for _, file := range files.All() {
		if at := file.Info.ContentTime(); !at.IsZero() && box.After(at, b.Unit.MainStarted) {
			finding.Evidence = append(finding.Evidence, report.Observed("changed on disk", sys.Textf("%s at %s", file.Path, b.Clock(at)), sys.Textf("statx %s", file.Path)))
		}
	}
	return finding
}

func heldWords(value sys.Text) sys.Text {
	if value == "" {
		return "not set"
	}
	return value
}

// unitVerdict says how sure it is that the files say something else than systemd holds.
func unitVerdict(b *box.Box) (report.Confidence, sys.Text) {
	files := b.UnitFiles.Value
	problem := files.ComparisonProblem
	if !b.UnitFiles.Known {
		problem = b.UnitFiles.Problem
	}
	var differs []string
	for _, one := range files.Comparison.Differs {
		differs = append(differs, one.Key)
	}
	const until = "Until systemctl daemon-reload, a restart starts the unit as systemd holds it."
	switch {
	case len(differs) > 0 && !b.AsksForReload():
		return report.Likely, sys.Textf("The files of %s on disk differ from what systemd holds: %s. systemd does not ask for a daemon-reload, because it compares only the files' times. %s",
			b.Unit.Name, strings.Join(differs, ", "), until)
	case len(differs) > 0:
		return report.Certain, sys.Textf("The files of %s on disk are not those that systemd has loaded; they differ in %s. %s", b.Unit.Name, strings.Join(differs, ", "), until)
	case b.UnitFiles.Known && files.Fragment == nil:
		return report.Likely, sys.Textf("%s: systemd still holds the unit that it read before. %s", problem, until)
	case problem != "":
		return report.Possible, sys.Textf("systemd asks for a daemon-reload of %s; whether its files differ from what systemd holds was not compared: %s. %s",
			b.Unit.Name, problem, until)
	case len(files.Comparison.Untold) > 0:
		return report.Possible, sys.Textf("systemd asks for a daemon-reload of %s, or would load other files of it. What can be compared is the same; whether %s is the same too cannot be told from what systemctl shows. %s",
			b.Unit.Name, box.UntoldKeys(files.Comparison), until)
	}
	return report.Possible, sys.Textf("systemd asks for a daemon-reload of %s, or would load other files of it; yet the %s that its files set are what systemd holds, and it holds no other command, variable or option. It may have been written again with the same content. systemctl shows commands without their quotes and no conditions: whether one of those was changed or taken away is not compared.",
		b.Unit.Name, box.Several(files.Comparison.Compared, "key", "keys"))
}
