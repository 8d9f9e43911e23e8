package walk

import (
	"strconv"
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/fixes"
	"flasktui/steps/guide"
	"flasktui/steps/manager"
	"flasktui/steps/report"
	"flasktui/sys"
)

// ServiceRestart is each loader's start beside the last change of the code.
func ServiceRestart() Step {
	return Step{
		Number: 4, ID: "service-restart", Title: "Service restart",
		Question: "Has the service been restarted since the code changed?",
		Claim:    report.ClaimLoaded,
		Needs:    []func() facts.Group{facts.GroupCode, facts.GroupSite, facts.GroupJournal, facts.GroupBackground, facts.GroupSiblings},
		Judge:    judgeServiceRestart,
		Acts:     fixes.RestartByHand,
		page: guide.Page{
			Asks: "Did whoever loaded the code start after the code last changed?",
			Why: "Python reads a module once and keeps it. Until its process is replaced, a worker serves the code it read, " +
				"whatever the disk says by now. This is the commonest cause by far.",
			Good: "The loader is younger than the code: the master under --preload, every single worker otherwise.",
			Read: "Two times decide: when the loader started, from the kernel and good to a hundredth of a second, and when the " +
				"code changed. Close together they need the finer witnesses: birth times of files, and .pyc files, which record " +
				"the source that they were compiled from. Old and new workers side by side are their own verdict, mixed.",
			Mistake: "Trusting \"active (running)\". A service that was never restarted is active too. And `restart` of a unit " +
				"whose KillMode is process leaves old workers behind.",
			Commands: []string{
				"systemctl show {unit} -p ActiveState,MainPID,ExecMainStartTimestamp,NRestarts",
				"ps -o pid,lstart,args --ppid {pid} -p {pid}",
				"stat -c '%z %n' {current}/*.py",
				"sudo journalctl -u {unit} -n 50 --no-pager",
			},
			IfItFails: "Restart the unit. If it does not come up, its journal has the reason in the last lines: most often an " +
				"import error, a missing directory or an address in use.",
			See: []string{"service-not-restarted", "mixed-workers", "service-failed", "restart"},
		},
	}
}

// judgeServiceRestart: each loader's start beside the last change of the code.
func judgeServiceRestart(b *box.Box) report.Result {
	commands := manager.Of(b).Look().Started
	if !b.Running || len(b.Loaders) == 0 {
		if b.Start().Starting {
			return unknown(b.StartingWords()).With(commands)
		}
		return unknown(b.NoProcess()).With(commands)
	}
	var lines []report.Evidence
	for _, one := range b.Loaders {
		_, source := one.Began()
		lines = append(lines, report.Observed(one.Label(), sys.Textf("%s: %s", one.State, one.Why), source))
	}
	if untied := b.Untied; len(untied) > 0 {
		lines = append(lines, untiedEvidence(untied))
	}
	fresh, _, unsure := b.Counts()
	changed := b.Loaders[0].Missed.At
	if rewritten, repository := b.Code.Value.Source, b.Deployment.Value.Repository; rewritten.Committed && repository != nil {
		lines = append(lines, report.Observed("written by git", sys.Textf("%s at %s, with the content that commit %s has", rewritten.Path, b.Clock(rewritten.At), box.ShortCommit(repository.Commit)),
			sys.Textf("%s/index", repository.GitDirectory)))
	}
	touched := b.Code.Value.Touched
	whose := sys.Textf("All %d processes", fresh)
	switch fresh {
	case 1:
		whose = "The one process"
	case 2:
		whose = "Both processes"
	}
	younger := whose + sys.Textf(" that imported the app started after the code last changed, at %s.", b.Clock(changed))
	switch {
	case unsure > 0:
		for _, one := range b.Loaders {
			if one.State == box.Undetermined {
				return unknown(sys.Textf("which code %s %d holds: %s", one.Role, one.Process.PID, one.Why)).With(commands, lines...)
			}
		}
	case b.Loaders[0].Frozen:
		return warn(sys.Textf("The %s %d holds old code: %s. What stands in the way is its container (step 12).",
			b.Loaders[0].Role, b.Loaders[0].Process.PID, b.Loaders[0].Why)).With(commands, lines...)
	case !b.Code.Value.Unimported.At.IsZero():
		unimported := b.Code.Value.Unimported
		lines = append(lines, report.Observed("never imported", sys.Textf("%s, written at %s", unimported.Path, b.Clock(unimported.At)), sys.Textf("statx %s", unimported.Path)))
		return warn(younger+sys.Textf(" %s was written since: the service has never imported it, and nothing that it did import has changed.",
			unimported.Path)).With(commands, lines...)
	case headMovedSince(b):
		return warn(sys.Textf("HEAD has moved since the service was started, though no Python file that it runs has changed in content.")).With(commands, lines...)
	case box.After(touched.At, b.Loaders[0].Process.Started):
		lines = append(lines, report.Observed("inode changed", b.Clock(touched.At)+sys.Textf(" %s", touched.Path), sys.Typed("stat -c %%z %s", touched.Path)))
		return warn(younger+sys.Textf(" Later, at %s, %s changed in a way that left its modification time alone, such as a new owner or mode.",
			b.Clock(touched.At), touched.Path)).With(commands, lines...)
	}
	return ok(younger).With(commands, lines...)
}

// untiedEvidence says which Python processes were not looked at.
func untiedEvidence(pids []int) report.Evidence {
	const shown = 5
	var words []string
	for _, pid := range pids[:min(len(pids), shown)] {
		words = append(words, strconv.Itoa(pid))
	}
	which := sys.Textf("%s: %s", box.Several(len(pids), "Python process", "Python processes"), strings.Join(words, ", "))
	if len(pids) > shown {
		which += sys.Textf(" and %d more", len(pids)-shown)
	}
	return report.Observed("not looked at", which+", whose directories may not be read; neither their units nor their command lines tie them to the app", "readlink /proc/PID/cwd")
}

// headMovedSince tells whether the reflog has an entry younger than the loaders, though
// their source is not.
func headMovedSince(b *box.Box) bool {
	for _, one := range b.Loaders {
		if one.State == box.Current && one.CommitMoved(b) {
			return true
		}
	}
	return false
}
