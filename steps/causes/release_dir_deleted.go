package causes

import (
	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/fixes"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/steps/walk"
	"flasktui/sys"
)

func releaseDirDeleted() Kind {
	return Kind{
		ID: "release-dir-deleted", Title: "The process runs in a directory that is gone",
		Step:  walk.WorkingDirectory().Number,
		Claim: report.ClaimLoaded,
		Hop:   report.HopMaster,
		marks: []Moment{MasterStarted},
		find:  findDeletedDirectory,
		page: guide.Page{
			What: "The release that the process runs from was removed. It answers from memory, until it has to open a template, " +
				"import a module or start a worker.",
			How: "Pruning old releases is part of most deploy tools. If the service was not restarted for a few deploys, its own " +
				"release is the one that is pruned.",
			Commands: []string{
				"sudo readlink /proc/{pid}/cwd",
				"ls -la {root}/releases",
				"systemctl show {unit} -p WorkingDirectory,Restart",
			},
			Prevent: "Restart before you prune, and never prune the release that a process still runs in. Do not send a HUP: " +
				"in a directory that is gone it kills the master.",
			Guard: []string{"sudo systemctl restart {unit}", "ls -1dt {root}/releases/* | tail -n +6 | xargs -r rm -rf --"},
			See:   []string{"restart", "gunicorn-reload"},
		},
	}
}

// findDeletedDirectory sees a process whose directory was removed under it (G9).
func findDeletedDirectory(b *box.Box) *report.Finding {
	for _, server := range b.Own() {
		for _, process := range append([]facts.Process{server.Master}, server.Workers...) {
			if !process.DirectoryDeleted {
				continue
			}
			harm := sys.Text("it can import nothing more from there.")
			if server.IsGunicorn() {
				harm = "a HUP would kill it, since Gunicorn cannot enter the directory again."
			}
			return &report.Finding{
				Confidence: report.Certain,
				Why: sys.Textf("Process %d runs in %s, which was removed, most likely when old releases were pruned. What it serves it imported before that; ",
					process.PID, process.Directory) + harm,
				Evidence: []report.Evidence{
					report.Observed("working directory", process.ShownDirectory(), sys.Textf("readlink /proc/%d/cwd", process.PID)),
					report.Observed("release on disk", sys.Textf("%s", b.Deployment.Value.Active), "readlink -f"),
				},
				Fixes: fixes.IDs(fixes.TouchWSGI, fixes.ApacheReload, fixes.Restart),
			}
		}
	}
	return nil
}
