package steps

import (
	"path"

	"flasktui/steps/report"
	"flasktui/sys"
)

// judgeServiceRestart: each loader's start beside the last change of the code.
func judgeServiceRestart(v *view) report.Result {
	commands := v.restartCommands()
	if !v.running || len(v.loaders) == 0 {
		return unknown("no process of the service runs").With(commands)
	}
	var lines []report.Evidence
	for _, one := range v.loaders {
		lines = append(lines, report.Observed(one.label(), sys.Textf("%s: %s", one.age, one.why), sys.Textf("/proc/%d/stat", one.process.PID)))
	}
	fresh, _, unsure := v.counts()
	changed := v.sourceOf(v.loaders[0]).At
	if rewritten := v.Code.Value.Source; rewritten.Committed {
		lines = append(lines, report.Observed("written by git", sys.Textf("%s at %s, with the content that commit %s has", rewritten.Path, v.clock(rewritten.At), shortCommit(v.Deployment.Value.Repository.Commit)),
			sys.Textf("%s/index", v.Deployment.Value.Repository.GitDirectory)))
	}
	touched := v.Code.Value.Touched
	whose := sys.Textf("All %d processes", fresh)
	if fresh == 1 {
		whose = "The one process"
	}
	younger := whose + sys.Textf(" that imported the app started after the code last changed, at %s.", v.clock(changed))
	switch {
	case unsure > 0:
		for _, one := range v.loaders {
			if one.age == holdsUnknown {
				return unknown(sys.Textf("which code %s %d holds: %s", one.role, one.process.PID, one.why)).With(commands, lines...)
			}
		}
	case v.loaders[0].frozen:
		return warn(sys.Textf("The %s %d holds old code: %s. What stands in the way is its container (step 12).",
			v.loaders[0].role, v.loaders[0].process.PID, v.loaders[0].why)).With(commands, lines...)
	case !v.Code.Value.Unimported.At.IsZero():
		unimported := v.Code.Value.Unimported
		lines = append(lines, report.Observed("never imported", sys.Textf("%s, written at %s", unimported.Path, v.clock(unimported.At)), sys.Typed("ls %s", path.Join(path.Dir(unimported.Path), "__pycache__"))))
		return warn(younger+sys.Textf(" %s was written since, and there is no bytecode of it: the service has never imported it, and nothing that it did import has changed.",
			unimported.Path)).With(commands, lines...)
	case v.headMovedSince():
		return warn(sys.Textf("HEAD has moved since the service was started, though no Python file that it runs has changed in content.")).With(commands, lines...)
	case after(touched.At, v.loaders[0].process.Started):
		lines = append(lines, report.Observed("inode changed", v.clock(touched.At)+sys.Textf(" %s", touched.Path), sys.Typed("stat -c %%z %s", touched.Path)))
		return warn(younger+sys.Textf(" Later, at %s, %s changed in owner or mode; only a write in place that set its old time again would look the same.",
			v.clock(touched.At), touched.Path)).With(commands, lines...)
	}
	return ok(younger).With(commands, lines...)
}

// restartCommands look at how the service was last started.
func (v *view) restartCommands() []sys.Text {
	if program, ok := v.Program(); ok {
		return askSupervisor(program, []string{"status", program.Program}, []string{"tail", program.Program, "stderr"})
	}
	if !v.hasUnit {
		return nil
	}
	return []sys.Text{
		sys.Typed("systemctl show -p ExecMainStartTimestamp,ActiveState,NRestarts %s", v.unit.Name),
		sys.Typed("systemctl status %s --no-pager", v.unit.Name),
		sys.Typed("journalctl -u %s -n 100 --no-pager", v.unit.Name),
	}
}

// headMovedSince tells whether the reflog has an entry younger than the loaders, though
// their source is not.
func (v *view) headMovedSince() bool {
	for _, one := range v.loaders {
		if one.age == holdsNew && one.commitMoved(v) {
			return true
		}
	}
	return false
}
