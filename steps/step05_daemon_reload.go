package steps

import (
	"strings"

	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/sys/systemd"
)

// judgeDaemonReload: the unit on disk against the one that systemd holds, and the process
// against both.
func judgeDaemonReload(v *view) report.Result {
	if program, ok := v.Program(); ok {
		return v.judgeProgram(program)
	}
	if !v.hasUnit {
		return v.noUnit()
	}
	commands := []sys.Text{
		sys.Typed("systemctl show -p NeedDaemonReload,FragmentPath,DropInPaths %s", v.unit.Name),
	}
	lines := []report.Evidence{report.Observed("NeedDaemonReload", yesNo(v.unit.NeedsReload), sys.Typed("systemctl show %s", v.unit.Name))}
	if v.unit.FragmentPath != "" {
		lines = append(lines, report.Observed("unit file", sys.Textf("%s", v.unit.FragmentPath), sys.Typed("systemctl show %s", v.unit.Name)))
	}
	for _, dropIn := range v.unit.DropInPaths {
		lines = append(lines, report.Observed("drop-in", sys.Textf("%s", dropIn), sys.Typed("systemctl show %s", v.unit.Name)))
	}
	if !v.UnitFiles.Known {
		return unknown(sys.Textf("%s", v.UnitFiles.Problem)).With(commands, lines...)
	}
	if v.UnitFiles.Value.ComparisonProblem != "" {
		return unknown(sys.Textf("what the files say was not compared with what systemd holds: %s", v.UnitFiles.Value.ComparisonProblem)).With(commands, lines...)
	}
	comparison := v.UnitFiles.Value.Comparison
	if v.asksForReload() && len(comparison.Differs) == 0 && len(comparison.Untold) > 0 {
		return unknown(sys.Textf("systemd asks for a daemon-reload of %s, or would load other files of it, and whether %s is as systemd holds it cannot be told from what systemctl shows; all else is the same",
			v.unit.Name, untoldKeys(comparison))).With(commands, lines...)
	}
	return ok(v.comparedWords()).With(commands, lines...)
}

// comparedWords say what was compared of a unit in which nothing differs, and what was not.
func (v *view) comparedWords() sys.Text {
	comparison := v.UnitFiles.Value.Comparison
	words := sys.Textf("systemd holds the files that are on disk: it asks for no daemon-reload, and of the %s that they set none differs from what it holds.",
		several(comparison.Compared, "key", "keys"))
	if len(comparison.Untold) > 0 {
		words += sys.Textf(" Not compared: %s, which systemctl shows in another form or not at all; none of their files is newer than systemd's look.", untoldKeys(comparison))
	}
	return words
}

func untoldKeys(comparison systemd.UnitComparison) string {
	keys := make([]string, 0, len(comparison.Untold))
	for _, one := range comparison.Untold {
		keys = append(keys, one.Key)
	}
	return strings.Join(keys, ", ")
}

// noUnit is the outcome of the steps about systemd for a service that is no unit.
func (v *view) noUnit() report.Result {
	if v.Target.Container != "" {
		return skipped("the service runs in a container, not under systemd")
	}
	if program, ok := v.Program(); ok {
		return skipped(supervisorName(program) + " runs the service, not systemd")
	}
	if !v.Units.Known && !v.Units.Absent {
		return unknown(sys.Textf("%s", v.Units.Problem))
	}
	if v.Units.Absent {
		return skipped(sys.Textf("%s", v.Units.Problem))
	}
	if v.isUnmanaged() {
		return skipped(v.unmanagedWords())
	}
	return skipped("the service is no systemd unit")
}

func yesNo(yes bool) sys.Text {
	if yes {
		return "yes"
	}
	return "no"
}
