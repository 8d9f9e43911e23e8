package walk

import (
	"cmp"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/sys"
)

// WorkingDirectory is what the processes run from.
func WorkingDirectory() Step {
	return Step{
		Number: 3, ID: "working-directory", Title: "Working directory",
		Question: "What directory and interpreter do they run from?",
		Claim:    report.ClaimLoaded,
		Needs:    []func() facts.Group{facts.GroupSettings, facts.GroupCode},
		Judge:    judgeWorkingDirectory,
		page: guide.Page{
			Asks: "From what directory, with what Python and from what tree do the processes run?",
			Why: "A process stays in the directory that its link pointed at when it started. Behind a switched link it goes on " +
				"living in yesterday's release.",
			Good: "The directory is the active release, it still exists, the interpreter is that of the intended virtualenv, " +
				"and the app's package is found in the release first.",
			Read: "\" (deleted)\" behind the directory means that the release was pruned under the running process. The " +
				"directory alone proves nothing about the code: after a HUP under --preload it is new and the code is old. The " +
				"tree that is imported from is worked out from Python's search path without running it.",
			Mistake: "Seeing the right directory and stopping there, while `pip install .` once copied the app into " +
				"site-packages, and that copy, or one on PYTHONPATH, is what gets imported.",
			Commands: []string{
				"sudo readlink /proc/{pid}/cwd",
				"sudo readlink /proc/{pid}/exe",
				"tr '\\0' ' ' < /proc/{pid}/cmdline; echo",
				"head -1 {venv}/bin/{server}",
			},
			IfItFails: "Pinned to an old path by the unit: see unit-points-to-old-path. Left behind by a switch: restart. " +
				"Deleted: restart, and never send it a HUP.",
			See: []string{"release-dir-deleted", "unit-points-to-old-path", "installed-package-shadows-checkout"},
		},
	}
}

// judgeWorkingDirectory: cwd, interpreter, virtualenv, and the tree that is imported.
func judgeWorkingDirectory(b *box.Box) report.Result {
	if !b.Running {
		return unknown(b.NoProcess())
	}
	master, settings := b.Server.Master, b.Settings.Value
	commands := []sys.Text{
		sys.Textf("sudo readlink -f /proc/%d/cwd", master.PID),
		sys.Textf("sudo ls -l /proc/%d/exe", master.PID),
		sys.Textf("tr '\\0' ' ' < /proc/%d/cmdline", master.PID),
	}
	stands := b.Stands()
	if stands.Unknown != "" {
		return unknown(stands.Unknown).With(commands)
	}
	shown, inferred := master.ShownDirectory(), sys.Text("")
	directory := report.Observed("directory", shown, sys.Textf("readlink /proc/%d/cwd", master.PID))
	if stands.Inferred != "" {
		shown = sys.Textf("%s", stands.Directory)
		label := "directory (inferred)"
		if stands.Workers {
			label = "workers import from (inferred)"
		}
		directory = report.Observed(label, shown, "how it was started, and lstat of each name on the way")
		inferred = sys.Textf(" (Inferred: %s.)", stands.Inferred)
	}
	lines := []report.Evidence{
		directory,
		report.Observed("interpreter", sys.Textf("%s", cmp.Or(sys.Safe(settings.Interpreter), master.ShownExecutable())), sys.Textf("/proc/%d/cmdline", master.PID)),
	}
	if settings.Virtualenv != "" {
		lines = append(lines, report.Observed("virtualenv", sys.Textf("%s", settings.Virtualenv), sys.Textf("%s/pyvenv.cfg", settings.Virtualenv)))
	}
	if imported := b.Code.Value.Import; imported.File != "" {
		lines = append(lines, report.Observed("the app is imported from", sys.Textf("%s (by %s)", imported.File, imported.Via), "sys.path rebuilt from the files; no Python was run"))
	}
	deployment := b.Deployment.Value
	if deployment.Link != nil && !deployment.Link.Dangling && !master.DirectoryDeleted && !b.Settings.Value.ImportsElsewhere() && !sys.Within(deployment.Active, stands.Directory) {
		if _, elsewhere := deployment.ReleaseOf(stands.Directory); elsewhere {
			return failed(sys.Textf("Process %d runs in %s; the active release is %s.%s", master.PID, stands.Directory, deployment.Active, inferred)).With(commands, lines...)
		}
	}
	summary := sys.Textf("Process %d runs in %s", master.PID, shown)
	if stands.Workers {
		summary = sys.Textf("The workers of process %d have imported from what leads to %s", master.PID, shown)
	}
	if b.Code.Value.Import.File != "" {
		summary += sys.Textf(", and the app is imported from %s", b.Code.Value.Import.File)
	}
	summary += "."
	return ok(summary+inferred).With(commands, lines...)
}
