package steps

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
)

// requestPath is the way of a request, from the URL to the commit on disk. A hop is
// broken where a deciding cause shows at it, and says so in the words of the first one:
// found has the ranked causes first, then all.
func (v *view) requestPath(found []report.Finding) []report.Hop {
	hops := []report.Hop{v.urlHop(), v.cacheHop(), v.nginxHop(), v.socketHop(), v.masterHop(), v.workersHop(), v.unitHop(), v.directoryHop(), v.releaseHop()}
	told := map[string]bool{}
	for _, finding := range found {
		place := brokenAt(finding.ID)
		index := slices.IndexFunc(hops, func(hop report.Hop) bool { return hop.Hop == place.hop })
		if index < 0 {
			continue
		}
		hop := &hops[index]
		switch {
		case finding.Decides():
			hop.State, hop.Step = report.Fail, finding.Step
			if !told[place.hop] {
				hop.Detail = place.tell(hop.Detail)
			}
			told[place.hop] = true
		case hop.State == report.OK:
			hop.State = report.Warn
		}
	}
	return hops
}

// notRead stands for a name that could not be read.
const notRead = "not known"

func (v *view) urlHop() report.Hop {
	site := v.Site.Value
	hop := report.Hop{Hop: "url", Label: sys.Textf("%s", cmp.Or(site.Address.URL, "the site")), State: report.Unknown, Step: 14}
	asked := site.Nginx
	if site.Public.Where != "" && site.Public.Problem == "" {
		asked = site.Public
	} else if asked.Where == "" {
		asked = site.App
	}
	switch {
	case !v.Has(facts.GroupSite):
		hop.State = report.Pending
	case v.nginxCannotStart():
		hop.State, hop.Detail = report.Fail, "no Nginx runs to take requests"
	case v.untraced() != "":
		hop.Detail = sys.Textf("whether %s answers it could not be told", v.Target.Service)
	case slices.ContainsFunc(asked.Version, facts.Answer.OK):
		hop.State, hop.Detail = report.OK, v.spoken(asked)
		if problem := asked.TLSError(); problem != "" {
			hop.State, hop.Detail = report.Warn, sys.Textf("its certificate is not to be trusted: %s", problem)
		}
	case v.withheld() != "" && asked.Problem != "":
		hop.Detail = sys.Textf("has not answered within %d s", int(facts.AskTimeout.Seconds()))
	case v.withheld() != "":
		hop.Detail = sys.Textf("answers with status %d", asked.Version[0].Status)
	case len(asked.Version) > 0:
		hop.State, hop.Detail = report.Fail, "does not answer: "+sys.Textf("%s", cmp.Or(asked.Problem, "a gateway error"))
	default:
		hop.Detail = sys.Textf("%s", asked.Problem)
	}
	return hop
}

func (v *view) cacheHop() report.Hop {
	hop := report.Hop{Hop: "cache", Label: "none answered", State: report.OK, Step: 11}
	site := v.Site.Value
	if !v.Has(facts.GroupSite) {
		hop.State, hop.Label = report.Pending, ""
		return hop
	}
	for _, asked := range []facts.Asked{site.Nginx, site.Public} {
		if cache, hit := cacheHit(asked); hit {
			hop.Label = sys.Textf("%s: %s", cache.Header, cache.Value)
			hop.Detail = "a copy answered, not the app"
		}
	}
	switch {
	case len(site.Nginx.Version) == 0 && len(site.Public.Version) == 0:
		hop.State, hop.Label, hop.Detail = report.Skipped, "none", "nothing before the app could be asked"
	case site.Public.Where == "" && hop.Detail == "":
		hop.Detail = "on this box; a CDN was not asked"
	}
	return hop
}

func (v *view) nginxHop() report.Hop {
	address := v.Site.Value.Address
	hop := report.Hop{Hop: "nginx", State: report.OK, Step: 9}
	switch {
	case !v.Has(facts.GroupFront) || !v.Has(facts.GroupSite):
		hop.State = report.Pending
	case v.NginxDisk.Absent:
		hop.Label, hop.State, hop.Detail = "none", report.Skipped, sys.Textf("%s", v.NginxDisk.Problem)
	case !v.NginxDisk.Known:
		hop.Label, hop.State, hop.Detail = notRead, report.Unknown, sys.Textf("%s", v.NginxDisk.Problem)
	case v.NginxDisk.Value.FailureFile != "":
		hop.Label = sys.Textf("%s:%d", path.Base(v.NginxDisk.Value.FailureFile), v.NginxDisk.Value.FailureLine)
	case address.Server == nil || address.Location == nil:
		hop.Label, hop.State, hop.Detail = "none", report.Skipped, "no server block for this service"
	default:
		hop.Label = sys.Textf("%s:%d", path.Base(address.Server.File), address.Server.Line)
		hop.Detail = sys.Textf("sends to %s", strings.Join(v.backends, ", "))
		if v.Front.Known {
			hop.Detail = sys.Textf("in %s, ", v.Front.Value.Name) + hop.Detail
		}
	}
	return hop
}

func (v *view) socketHop() report.Hop {
	hop := report.Hop{Hop: "socket", Step: 2, State: report.OK}
	where := v.backends
	if len(where) == 0 {
		where = v.ownSockets()
	}
	if len(where) > 0 {
		hop.Label = sys.Textf("%s", strings.Join(where, ", "))
	}
	switch {
	case !v.Has(facts.GroupSite):
		hop.State = report.Pending
	case !v.Listeners.Known:
		hop.State, hop.Detail = report.Unknown, sys.Textf("%s", v.Listeners.Problem)
	case len(v.serving) > 0:
		var holders []string
		for _, gunicorn := range v.serving {
			holders = append(holders, v.holderWords(gunicorn))
		}
		hop.Detail = sys.Textf("held by %s", strings.Join(holders, " and "))
	case slices.ContainsFunc(where, v.ListensAt):
		hop.State, hop.Detail = report.OK, "something listens there"
		if v.running && len(v.main.Master.Unreadable) > 0 {
			hop.State, hop.Detail = report.Unknown, "who holds it could not be read"
		}
	default:
		hop.State, hop.Detail = report.Fail, "nothing listens there"
	}
	return hop
}

func (v *view) masterHop() report.Hop {
	hop := report.Hop{Hop: "master", State: report.OK, Step: 3}
	switch {
	case !v.Has(facts.GroupTarget):
		hop.State = report.Pending
	case v.running:
		hop.Label = sys.Textf("Gunicorn %d", v.main.Master.PID)
		hop.Detail = sys.Textf("since %s in %s", v.glanceClock(v.main.Master.Started), cmp.Or(v.releaseOrPath(v.main.Master.Directory), "a directory that could not be read"))
	case v.Processes.Value.Hidden || !v.Processes.Known:
		hop.Label, hop.State, hop.Detail = notRead, report.Unknown, "processes of other users are hidden"
	default:
		hop.Label, hop.State, hop.Detail = "none", report.Fail, "Gunicorn does not run"
	}
	return hop
}

func (v *view) workersHop() report.Hop {
	hop := report.Hop{Hop: "workers", State: report.OK, Step: 4}
	fresh, old, unsure := v.counts()
	switch {
	case !v.Has(facts.GroupCode):
		hop.State = report.Pending
	case len(v.loaders) == 0:
		hop.Label, hop.State, hop.Detail = "none", report.Unknown, "no process has the code loaded"
	case old > 0 && v.loaders[0].role == "master" && len(v.main.Workers) > 0:
		hop.Detail = "copies of a master with old code"
	case old > 0:
		one, _ := v.oldest()
		hop.State = report.Warn
		hop.Detail = sys.Textf("%s old code, since %s", ofAll(old, fresh+old+unsure, "holds", "hold"), v.glanceClock(one.process.Started))
	case unsure > 0:
		hop.State, hop.Detail = report.Unknown, v.loaders[0].why
	default:
		hop.Detail = sys.Textf("%s the code on disk", ofAll(fresh, fresh, "holds", "hold"))
	}
	if v.running && len(v.main.Workers) > 0 {
		hop.Label = processNumbers(v.main.Workers)
	}
	return hop
}

func (v *view) unitHop() report.Hop {
	hop := report.Hop{Hop: "unit", Label: sys.Textf("%s", v.Target.Service), State: report.OK, Step: 5}
	switch {
	case !v.Has(facts.GroupUnitFiles):
		hop.State = report.Pending
	case v.Target.Container != "":
		v.containerHop(&hop)
	case v.Target.Program != "":
		program, _ := v.Program()
		hop.Detail = "run by " + supervisorName(program)
	case v.isUnmanaged():
		hop.State, hop.Detail = report.Skipped, "no unit of the system's"
	case !v.hasUnit:
		hop.State, hop.Detail = report.Skipped, "not a systemd unit"
	case !v.UnitFiles.Known:
		hop.State, hop.Detail = report.Unknown, sys.Textf("%s", v.UnitFiles.Problem)
	default:
		hop.Detail = unitWords(v.unit)
		if v.unit.ActiveState == "failed" {
			hop.State = report.Fail
		}
	}
	return hop
}

func (v *view) directoryHop() report.Hop {
	deployment := v.Deployment.Value
	hop := report.Hop{Hop: "directory", Label: sys.Textf("%s", deployment.Directory), State: report.OK, Step: 8}
	switch {
	case !v.Has(facts.GroupDeployment):
		hop.State = report.Pending
	case !v.Deployment.Known:
		hop.State, hop.Detail = report.Unknown, sys.Textf("%s", v.Deployment.Problem)
	case deployment.Problem != "":
		hop.State, hop.Detail = report.Fail, sys.Textf("%s", deployment.Problem)
	case deployment.Link != nil && deployment.Link.Path == deployment.Directory:
		hop.Detail = sys.Textf("→ %s", v.shortPath(deployment.Active))
	case deployment.Link != nil:
		hop.Detail = sys.Textf("%s → %s", v.shortPath(deployment.Link.Path), v.shortPath(deployment.Active))
	default:
		hop.Detail = "the code itself, no link"
	}
	return hop
}

func (v *view) releaseHop() report.Hop {
	hop := report.Hop{Hop: "release", State: report.OK, Step: 1}
	if !v.Has(facts.GroupCode) || !v.Has(facts.GroupDeployment) {
		hop.State = report.Pending
		return hop
	}
	hop.Label = cmp.Or(v.activeIdentity().label(), sys.Textf("%s", v.Deployment.Value.Active))
	if v.change.At.IsZero() {
		hop.State, hop.Detail = report.Unknown, "when it last changed is not known"
		return hop
	}
	hop.Detail = sys.Textf("since %s: %s", v.glanceClock(v.change.At), v.change.brief(v))
	return hop
}
