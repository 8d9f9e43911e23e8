package walk

import (
	"cmp"

	"flasktui/steps/box"
	"flasktui/steps/report"
	"flasktui/sys"
)

// judgeWorkingDirectory: cwd, interpreter, virtualenv, and the tree that is imported.
func judgeWorkingDirectory(b *box.Box) report.Result {
	if !b.Running {
		return unknown("no process of the service runs")
	}
	master, settings := b.Gunicorn.Master, b.Settings.Value
	commands := []sys.Text{
		sys.Textf("sudo readlink -f /proc/%d/cwd", master.PID),
		sys.Textf("sudo ls -l /proc/%d/exe", master.PID),
		sys.Textf("tr '\\0' ' ' < /proc/%d/cmdline", master.PID),
	}
	if reason := master.Unreadable["directory"]; reason != "" {
		return unknown(sys.Textf("the directory of process %d could not be read: %s", master.PID, reason)).With(commands)
	}
	lines := []report.Evidence{
		report.Observed("directory", sys.Textf("%s", master.Directory), sys.Textf("readlink /proc/%d/cwd", master.PID)),
		report.Observed("interpreter", sys.Textf("%s", cmp.Or(settings.Interpreter, master.Executable)), sys.Textf("/proc/%d/cmdline", master.PID)),
	}
	if settings.Virtualenv != "" {
		lines = append(lines, report.Observed("virtualenv", sys.Textf("%s", settings.Virtualenv), sys.Textf("%s/pyvenv.cfg", settings.Virtualenv)))
	}
	if imported := b.Code.Value.Import; imported.File != "" {
		lines = append(lines, report.Observed("the app is imported from", sys.Textf("%s (by %s)", imported.File, imported.Via), "sys.path rebuilt from the files; no Python was run"))
	}
	deployment := b.Deployment.Value
	if deployment.Link != nil && !deployment.Link.Dangling && !sys.Within(deployment.Active, master.Directory) {
		if _, elsewhere := deployment.ReleaseOf(master.Directory); elsewhere {
			return failed(sys.Textf("Process %d stands in %s; the active release is %s.", master.PID, master.Directory, deployment.Active)).With(commands, lines...)
		}
	}
	summary := sys.Textf("Process %d stands in %s.", master.PID, master.Directory)
	if b.Code.Value.Import.File != "" {
		summary = sys.Textf("Process %d stands in %s, and the app is imported from %s.", master.PID, master.Directory, b.Code.Value.Import.File)
	}
	return ok(summary).With(commands, lines...)
}
