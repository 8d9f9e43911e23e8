package causes

import (
	"slices"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/fixes"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/steps/walk"
	"flasktui/sys"
)

func hupWithPreload() Kind {
	return Kind{
		ID: "hup-with-preload", Title: "A HUP under --preload kept the old code",
		Step:  walk.GunicornReload().Number,
		Claim: report.ClaimLoaded,
		Hop:   report.HopMaster, instead: "holds the old code that it preloaded",
		find:  findPreloadReload,
		under: []func() Kind{releaseDirDeleted},
		page: guide.Page{
			What: "The workers are new, and the code is not: with --preload the master imports the app once, and every worker is " +
				"a copy of it.",
			How: "ExecReload sends HUP, the deploy calls `systemctl reload`, and somebody added --preload to save memory. From " +
				"then on each reload looks as if it worked.",
			Commands: []string{
				"tr '\\0' '\\n' < /proc/{pid}/cmdline | grep -e preload",
				"grep -rn preload_app {current}/gunicorn.conf.py",
				"ps -o pid,lstart,args --ppid {pid} -p {pid}",
			},
			Prevent: "Choose one: preload with restarts, or reloads without preload. Take ExecReload out of a unit that preloads, " +
				"so that a reload fails loudly.",
			Guard: []string{"[Service]", "ExecReload=", "# and in the deploy: systemctl restart {unit}"},
			See:   []string{"restart", "gunicorn-reload"},
		},
	}
}

// findPreloadReload sees workers that a HUP made anew from a master that had imported
// the app before the change (G3).
func findPreloadReload(b *box.Box) *report.Finding {
	if !b.Running || !b.PreloadKnown || !b.Preload || !b.Server.IsGunicorn() {
		return nil
	}
	master, ok := b.Oldest()
	if !ok || master.Frozen {
		return nil
	}
	changed := b.Change.At
	reloaded := slices.ContainsFunc(b.Server.Workers, func(worker facts.Process) bool { return box.After(worker.Started, changed) })
	if !reloaded || !box.After(changed, master.Process.Started) {
		// What was put in place since may be older than the master: no reload shows in that.
		return nil
	}
	return &report.Finding{
		Confidence: confidence(master.Certain),
		Why: sys.Textf("The master %d preloads the app, and did so before the code changed. Its workers are newer than the change, but they were forked from that master, old code included: a HUP cannot reload a preloaded app.",
			b.Server.Master.PID),
		Evidence: append(loaderEvidence(b, master),
			report.Observed("newest worker started", b.Clock(box.NewestStart(b.Server.Workers)), sys.Textf("/proc/%d/task/%d/children", b.Server.Master.PID, b.Server.Master.PID)),
			report.Observed("preload", "on", "the command line or the configuration file")),
		Fixes: fixes.IDs(fixes.Restart),
	}
}
