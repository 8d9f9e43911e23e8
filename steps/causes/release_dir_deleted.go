package causes

import (
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
)

func releaseDirDeleted() Kind {
	return Kind{
		ID: "release-dir-deleted", Title: "The process stands in a directory that is gone", Step: 3,
		Hop:   report.HopMaster,
		marks: []Moment{MasterStarted},
		find:  findDeletedDirectory,
	}
}

// findDeletedDirectory sees a process whose directory was removed under it (G9).
func findDeletedDirectory(b *box.Box) *report.Finding {
	for _, gunicorn := range b.Own() {
		for _, process := range append([]facts.Process{gunicorn.Master}, gunicorn.Workers...) {
			directory, deleted := strings.CutSuffix(process.Directory, " (deleted)")
			if !deleted {
				continue
			}
			return &report.Finding{
				Confidence: report.Certain,
				Why: sys.Textf("Process %d stands in %s, which was removed, most likely when old releases were pruned. What it serves it imported before that; a HUP would kill it, since Gunicorn cannot enter the directory again.",
					process.PID, directory),
				Evidence: []report.Evidence{
					report.Observed("working directory", sys.Textf("%s", process.Directory), sys.Textf("readlink /proc/%d/cwd", process.PID)),
					report.Observed("release on disk", sys.Textf("%s", b.Deployment.Value.Active), "readlink -f"),
				},
				Fixes: []string{"restart"},
			}
		}
	}
	return nil
}
