package walk

import (
	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/fixes"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/sys"
)

// DaemonReload is the unit on disk beside the one that systemd holds.
func DaemonReload() Step {
	return Step{
		Number: 5, ID: "daemon-reload", Title: "Daemon reload",
		Question: "Does systemd hold the unit that is on disk?",
		Claim:    report.ClaimConfiguration,
		Needs:    []func() facts.Group{facts.GroupUnitFiles, facts.GroupEnvironment},
		Judge:    judgeDaemonReload,
		Acts:     fixes.LoadUnitByHand,
		page: guide.Page{
			Asks: "Is the unit that systemd holds in memory the one that lies on disk, drop-ins included?",
			Why: "systemd reads unit files when it is told to. After an edit it goes on restarting the service from its own " +
				"copy, and does not mention it where nobody looks.",
			Good: "NeedDaemonReload=no, the file found first on the unit path is the one that is loaded, and the process was " +
				"started after the last change to any of them.",
			Read: "\"no\" is not proof. A new unit file in a directory of higher precedence goes unnoticed, so flasktui " +
				"compares the files themselves. And a reload alone starts nothing: after it, the answer is \"no\" while the " +
				"process still runs from the older unit.",
			Mistake: "Editing the copy in /lib or /usr/lib while one in /etc hides it. Or reloading systemd and forgetting the " +
				"restart.",
			Commands: []string{
				"systemctl show {unit} -p NeedDaemonReload,FragmentPath,DropInPaths,ExecMainStartTimestamp",
				"systemctl cat {unit}",
				"systemctl show -p UnitPath",
			},
			IfItFails: "`systemctl daemon-reload`, then restart the service. In that order.",
			See:       []string{"daemon-reload-needed", "unit-change-not-applied", "daemon-reload-restart"},
		},
	}
}

// judgeDaemonReload: the unit on disk against the one that systemd holds, and the process
// against both.
func judgeDaemonReload(b *box.Box) report.Result {
	if program, ok := b.Program(); ok {
		return judgeProgram(b, program)
	}
	if !b.HasUnit {
		return noUnit(b)
	}
	commands := []sys.Text{
		sys.Typed("systemctl show -p NeedDaemonReload,FragmentPath,DropInPaths %s", b.Unit.Name),
	}
	lines := []report.Evidence{report.Observed("NeedDaemonReload", yesNo(b.Unit.NeedsReload), sys.Typed("systemctl show %s", b.Unit.Name))}
	if b.Unit.FragmentPath != "" {
		lines = append(lines, report.Observed("unit file", sys.Textf("%s", b.Unit.FragmentPath), sys.Typed("systemctl show %s", b.Unit.Name)))
	}
	for _, dropIn := range b.Unit.DropInPaths {
		lines = append(lines, report.Observed("drop-in", sys.Textf("%s", dropIn), sys.Typed("systemctl show %s", b.Unit.Name)))
	}
	if !b.UnitFiles.Known {
		return unknown(sys.Textf("%s", b.UnitFiles.Problem)).With(commands, lines...)
	}
	if b.UnitFiles.Value.ComparisonProblem != "" {
		return unknown(sys.Textf("what the files say was not compared with what systemd holds: %s", b.UnitFiles.Value.ComparisonProblem)).With(commands, lines...)
	}
	comparison := b.UnitFiles.Value.Comparison
	if b.AsksForReload() && len(comparison.Differs) == 0 && len(comparison.Untold) > 0 {
		return unknown(sys.Textf("systemd asks for a daemon-reload of %s, or would load other files of it, and whether %s is as systemd holds it cannot be told from what systemctl shows; all else is the same",
			b.Unit.Name, box.UntoldKeys(comparison))).With(commands, lines...)
	}
	return ok(comparedWords(b)).With(commands, lines...)
}

// comparedWords say what was compared of a unit in which nothing differs, and what was not.
func comparedWords(b *box.Box) sys.Text {
	comparison := b.UnitFiles.Value.Comparison
	words := sys.Textf("systemd holds the files that are on disk: it asks for no daemon-reload, and of the %s that they set none differs from what it holds.",
		box.Several(comparison.Compared, "key", "keys"))
	if len(comparison.Untold) > 0 {
		words += sys.Textf(" Not compared: %s, which systemctl shows in another form or not at all; none of their files is newer than systemd's look.", box.UntoldKeys(comparison))
	}
	return words
}

// noUnit is the outcome of the steps about systemd for a service that is no unit.
func noUnit(b *box.Box) report.Result {
	if b.Target.Container != "" {
		return skipped("the service runs in a container, not under systemd")
	}
	if program, ok := b.Program(); ok {
		return skipped(box.SupervisorName(program) + " runs the service, not systemd")
	}
	if !b.Units.Known && !b.Units.Absent() {
		return unknown(sys.Textf("%s", b.Units.Problem))
	}
	if b.Units.Absent() {
		return skipped(sys.Textf("%s", b.Units.Problem))
	}
	if b.IsUnmanaged() {
		return skipped(b.UnmanagedWords())
	}
	return skipped("the service is no systemd unit")
}

func yesNo(yes bool) sys.Text {
	if yes {
		return "yes"
	}
	return "no"
}
