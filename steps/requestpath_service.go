package steps

import (
	"cmp"
	"slices"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/manager"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/sys/appserver"
)

// This file is the part of the request path below its socket: what answers there, who keeps it
// running, and the code that it was started from.

func masterHop(b *box.Box) report.Hop {
	hop := report.Hop{Hop: report.HopMaster, State: report.OK, Step: 3}
	if b.Software().Kind != appserver.Gunicorn {
		hop.Name = "server"
	}
	switch {
	case !b.Has(facts.GroupTarget):
		hop.State = report.Pending
	case b.Running:
		hop.Label = sys.Textf("%s %d", b.Software().Name, b.Server.Master.PID)
		began, did := b.Server.LoadedBy().Started, "started"
		if !began.Equal(b.Server.Master.Started) {
			did = "reloaded"
		}
		timed(&hop, b, began, func(when sys.Text) sys.Text {
			return sys.Textf("%s %s in %s", did, when, cmp.Or(standsIn(b), "a directory that could not be read"))
		})
	case !b.SeesProcesses():
		hop.Label, hop.State, hop.Detail = notRead, report.Unknown, cmp.Or(b.Unseen(), b.Processes.Problem)
	case b.Start().Starting:
		hop.Label, hop.State, hop.Detail = "none", report.Unknown, "it is starting"
	default:
		hop.Label, hop.State, hop.Detail = "none", report.Fail, b.NoServer()+" runs"
	}
	return hop
}

// standsIn is the release, or else the directory, in which the master stands; a directory that
// was removed is no release, whatever is there by now.
func standsIn(b *box.Box) string {
	if master := b.Server.Master; master.DirectoryDeleted {
		return b.ShortPath(string(master.ShownDirectory()))
	}
	return b.ReleaseOrPath(b.Server.Master.Directory)
}

func workersHop(b *box.Box) report.Hop {
	hop := report.Hop{Hop: report.HopWorkers, State: report.OK, Step: 4}
	fresh, old, unsure := b.Counts()
	switch {
	case !b.Has(facts.GroupCode):
		hop.State = report.Pending
	case len(b.Loaders) == 0 && b.Unseen() != "":
		hop.Label, hop.State, hop.Detail = notRead, report.Unknown, b.Unseen()
	case len(b.Loaders) == 0:
		hop.Label, hop.State, hop.Detail = "none", report.Unknown, "no process has the code loaded"
	case old > 0 && b.Loaders[0].Main && b.Server.IsGunicorn() && len(b.Server.Workers) > 0:
		hop.Detail = "copies of a master with old code"
	case old > 0:
		one, _ := b.Oldest()
		hop.State = report.Warn
		timed(&hop, b, one.Process.Started, func(when sys.Text) sys.Text {
			since := sys.Text("loaded")
			if server, late := b.LateServer(one.Process); late && server.LoadsLate() {
				since = "started"
			}
			return sys.Textf("%s old code, %s %s", ofAll(old, fresh+old+unsure, "holds", "hold"), since, when)
		})
	case unsure > 0:
		one := slices.IndexFunc(b.Loaders, func(one box.Loader) bool { return one.State == box.Undetermined })
		hop.State, hop.Detail = report.Unknown, b.Loaders[one].Why
	default:
		hop.Detail = sys.Textf("%s the code on disk", ofAll(fresh, fresh, "holds", "hold"))
	}
	switch {
	case b.Running && len(b.Server.Workers) > 0:
		hop.Label = processNumbers(b.Server.Workers)
	case b.Running && !b.Server.IsGunicorn():
		hop.Name, hop.Label = "process", sys.Textf("%d", b.Server.Master.PID)
	}
	return hop
}

// unitHop is what starts the service, by its manager's own word.
func unitHop(b *box.Box) report.Hop {
	state := manager.Of(b).State()
	hop := report.Hop{Hop: report.HopUnit, Name: state.Noun, Label: sys.Textf("%s", b.Target.Service), State: state.Status, Detail: state.Words, Step: state.Step}
	if !state.Since.IsZero() {
		hop.Detail = state.Words + sys.Textf(", started %s", b.Clock(state.Since))
		hop.Brief = cmp.Or(state.Brief, state.Words) + sys.Textf(", started %s", b.Ago(state.Since))
	}
	if !b.Has(facts.GroupUnitFiles) {
		hop.State, hop.Detail, hop.Brief = report.Pending, "", ""
	}
	return hop
}

func directoryHop(b *box.Box) report.Hop {
	deployment := b.Deployment.Value
	hop := report.Hop{Hop: report.HopDirectory, Label: sys.Textf("%s", deployment.Directory), State: report.OK, Step: 8}
	switch {
	case !b.Has(facts.GroupDeployment):
		hop.State = report.Pending
	case !b.Deployment.Known:
		hop.State, hop.Detail = report.Unknown, b.Deployment.Problem
	case deployment.Problem != "" && deployment.Unread:
		hop.State, hop.Detail = report.Unknown, deployment.Problem
	case deployment.Problem != "":
		hop.State, hop.Detail = report.Fail, deployment.Problem
	case deployment.Link != nil && deployment.Link.Path == deployment.Directory:
		hop.Detail = sys.Textf("→ %s", b.ShortPath(deployment.Active))
	case deployment.Link != nil:
		hop.Detail = sys.Textf("%s → %s", b.ShortPath(deployment.Link.Path), b.ShortPath(deployment.Active))
	default:
		hop.Detail = "the code itself, no link"
	}
	return hop
}

func releaseHop(b *box.Box) report.Hop {
	hop := report.Hop{Hop: report.HopRelease, State: report.OK, Step: 1}
	if !b.Has(facts.GroupCode) || !b.Has(facts.GroupDeployment) {
		hop.State = report.Pending
		return hop
	}
	hop.Label = cmp.Or(b.ActiveIdentity().Label(), sys.Textf("%s", b.Deployment.Value.Active))
	switch unsettled := b.Code.Value.Unsettled; {
	case b.Change.At.IsZero() && !unsettled.At.IsZero():
		timed(&hop, b, unsettled.At, func(when sys.Text) sys.Text {
			return sys.Textf("%s changed in some way %s", b.ShortSource(unsettled.Path), when)
		})
		return hop
	case b.Change.At.IsZero():
		hop.State, hop.Detail = report.Unknown, "when it last changed is not known"
		return hop
	}
	timed(&hop, b, b.Change.At, func(when sys.Text) sys.Text { return brief(b.Change, b) + sys.Textf(" %s", when) })
	return hop
}
