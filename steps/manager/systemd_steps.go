package manager

import (
	"slices"
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/report"
	"flasktui/sys"
)

// absent is the outcome of the steps about a unit that no look has found.
func (m systemd) absent() report.Result {
	if m.b.Units.Absent() {
		return skipped(m.b.Units.Problem)
	}
	return unknown(m.NoUnit())
}

// Configuration sets the unit on disk against the one that systemd holds.
func (m systemd) Configuration() report.Result {
	b := m.b
	if !m.found {
		return m.absent()
	}
	commands := []sys.Text{
		m.typed("systemctl show -p NeedDaemonReload,FragmentPath,DropInPaths %s", m.unit.Name),
	}
	lines := []report.Evidence{report.Observed("NeedDaemonReload", yesNo(m.unit.NeedsReload), m.unit.Typed("systemctl show %s", m.unit.Name))}
	if m.unit.FragmentPath != "" {
		lines = append(lines, report.Observed("unit file", sys.Textf("%s", m.unit.FragmentPath), m.unit.Typed("systemctl show %s", m.unit.Name)))
	}
	for _, dropIn := range m.unit.DropInPaths {
		lines = append(lines, report.Observed("drop-in", sys.Textf("%s", dropIn), m.unit.Typed("systemctl show %s", m.unit.Name)))
	}
	if !b.UnitFiles.Known {
		return unknown(b.UnitFiles.Problem).With(commands, lines...)
	}
	if b.UnitFiles.Value.ComparisonProblem != "" {
		return unknown(sys.Textf("what the files say was not compared with what systemd holds: %s", b.UnitFiles.Value.ComparisonProblem)).With(commands, lines...)
	}
	comparison := b.UnitFiles.Value.Comparison
	if b.AsksForReload() && len(comparison.Differs) == 0 && len(comparison.Untold) > 0 {
		return unknown(sys.Textf("systemd asks for a daemon-reload of %s, or would load other files of it, and whether %s is as systemd holds it cannot be told from what systemctl shows; all else is the same",
			m.unit.Name, box.UntoldKeys(comparison))).With(commands, lines...)
	}
	if m.ofUser() {
		linger, status := m.linger()
		return judged(status, linger.words+m.comparedWords()).With(append(commands, linger.command), append(lines, linger.line)...)
	}
	return judged(report.OK, m.comparedWords()).With(commands, lines...)
}

// comparedWords say what was compared of a unit in which nothing differs, and what was not.
func (m systemd) comparedWords() sys.Text {
	comparison := m.b.UnitFiles.Value.Comparison
	words := sys.Textf("systemd holds the files that are on disk: it asks for no daemon-reload, and none of the %s that they set differs from what it holds.",
		box.Several(comparison.Compared, "key", "keys"))
	if len(comparison.Untold) > 0 {
		words += sys.Textf(" Not compared: %s, which systemctl shows in another form or not at all; none of their files is newer than systemd's look.", box.UntoldKeys(comparison))
	}
	return words
}

// Paths are those that the unit, its drop-ins and Gunicorn's own settings name.
func (m systemd) Paths() report.Result {
	b := m.b
	if !m.found {
		return m.absent()
	}
	commands := []sys.Text{
		m.typed("systemctl cat %s", m.unit.Name),
		m.typed("systemctl show -p WorkingDirectory,ExecStart,EnvironmentFiles %s", m.unit.Name),
	}
	var lines []report.Evidence
	for _, one := range b.UnitPaths() {
		lines = append(lines, report.Observed(one.Key, sys.Textf("%s", one.Path), one.Source))
	}
	for _, file := range b.Environment.Value.Files {
		state := sys.Text("is there")
		switch {
		case file.Missing && file.Optional:
			state = "does not exist (optional)"
		case file.Missing:
			state = "does not exist"
		case file.Problem != "":
			state = file.Problem
		}
		lines = append(lines, report.Observed("EnvironmentFile", sys.Textf("%s %s", file.Path, state), m.unit.Typed("systemctl cat %s", m.unit.Name)))
		if file.Missing && !file.Optional {
			return judged(report.Fail, sys.Textf("The unit names the EnvironmentFile %s, which does not exist: the next start will fail.", file.Path)).With(commands, lines...)
		}
	}
	if m.unit.KillMode == "process" || m.unit.KillMode == "none" {
		lines = append(lines, report.Observed("KillMode", sys.Textf("%s", m.unit.KillMode), m.typed("systemctl show -p KillMode %s", m.unit.Name)))
		return judged(report.Warn, sys.Textf("KillMode=%s lets workers outlive a restart of the unit, with the code that they have.", m.unit.KillMode)).With(commands, lines...)
	}
	if !b.Deployment.Known {
		return unknown(b.Deployment.Problem).With(commands, lines...)
	}
	if settings := b.Settings.Value; slices.Contains(settings.Computed, "chdir") {
		return unknown(sys.Textf("chdir in %s is computed by Python, which flasktui does not run", settings.ConfigPath)).With(commands, lines...)
	}
	return judged(report.OK, sys.Textf("What the unit names leads to %s.", b.Deployment.Value.Active)).With(commands, lines...)
}

// Environment sets what the unit and its files set against what the process has. No value is
// shown.
func (m systemd) Environment() report.Result {
	b := m.b
	if !m.found {
		return m.absent()
	}
	commands := []sys.Text{
		m.typed("systemctl show %s | grep -E 'Environment=|EnvironmentFiles='", m.unit.Name),
	}
	if b.Running {
		commands = append(commands, sys.Textf("sudo cat /proc/%d/environ | tr '\\0' '\\n' | cut -d= -f1 | sort", b.Server.Master.PID))
	}
	if !b.Environment.Known {
		return notRead(b.Environment).With(commands)
	}
	var lines []report.Evidence
	for _, file := range b.Environment.Value.Files {
		if file.Problem != "" {
			return unknown(sys.Textf("%s: %s", file.Path, file.Problem)).With(commands, lines...)
		}
		if !file.Missing {
			lines = append(lines, report.Observed("file", sys.Textf("%s sets %s", file.Path, strings.Join(file.Names, ", ")), sys.Textf("EnvironmentFile= of %s", m.unit.Name)))
		}
	}
	if overruled := b.Environment.Value.DotEnvOverruled; len(overruled) > 0 {
		lines = append(lines, report.Observed("set twice", sys.Textf("%s: the unit's value wins over .env", strings.Join(overruled, ", ")), sys.Textf("%s", b.Environment.Value.DotEnv.Path)))
	}
	if !b.Running {
		return unknown(b.NoProcess()).With(commands, lines...)
	}
	total := len(b.Environment.Value.Prints)
	names, compared := b.EnvironmentDifferences()
	if !compared {
		reason := b.Server.Master.Unreadable["environ"]
		if total == 0 && len(b.Environment.Value.Files) == 0 {
			return judged(report.OK, "The unit sets no environment of its own.").With(commands, lines...)
		}
		started := b.MainStarted()
		if changed, _ := b.ChangedEnvironmentFile(started); changed == "" && !started.IsZero() && b.UnitFiles.Known {
			return judged(report.OK, sys.Textf("By times alone: neither the unit nor its environment files changed after process %d was started. (Its environment could not be read: %s.)", b.Server.Master.PID, reason)).With(commands, lines...)
		}
		return unknown(sys.Textf("the environment of process %d could not be read: %s", b.Server.Master.PID, reason)).With(commands, lines...)
	}
	if len(names) == 0 && total == 0 {
		return judged(report.OK, "The unit sets no environment of its own.").With(commands, lines...)
	}
	return judged(report.OK, sys.Textf("All %d variables that the unit and its files set are the same in process %d.", total-len(names), b.Server.Master.PID)).With(commands, lines...)
}

func yesNo(yes bool) sys.Text {
	if yes {
		return "yes"
	}
	return "no"
}
