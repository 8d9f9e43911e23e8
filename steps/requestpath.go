package steps

import (
	"cmp"
	"slices"
	"strings"

	"flasktui/steps/facts"
	"flasktui/sys"
)

// requestPath is the way of a request, from the URL to the commit on disk. A hop is
// broken where a deciding cause shows at it.
func (v *view) requestPath(found []Finding) []Hop {
	hops := []Hop{v.urlHop(), v.cacheHop(), v.nginxHop(), v.socketHop(), v.masterHop(), v.workersHop(), v.unitHop(), v.directoryHop(), v.releaseHop()}
	broken := map[string]string{
		"cache-serves-old": "cache", "static-stale": "nginx", "nginx-wrong-upstream": "nginx", "nginx-not-reloaded": "nginx",
		"nginx-config-invalid": "nginx", "nginx-stale-address": "nginx", "wrong-service": "socket", "orphan-gunicorn": "socket",
		"service-failed": "master", "hup-with-preload": "master", "release-dir-deleted": "master", "container-stale": "master",
		"service-not-restarted": "workers", "mixed-workers": "workers", "templates-cached": "workers", "stale-bytecode": "workers",
		"installed-package-shadows-checkout": "workers", "env-not-reloaded": "workers", "background-workers-stale": "workers",
		"daemon-reload-needed": "unit", "unit-change-not-applied": "unit", "unit-points-to-old-path": "unit",
		"symlink-not-switched": "directory", "symlink-broken": "directory", "deployed-elsewhere": "release",
	}
	for _, finding := range found {
		index := slices.IndexFunc(hops, func(hop Hop) bool { return hop.Hop == broken[finding.ID] })
		if index < 0 {
			continue
		}
		hop := &hops[index]
		switch {
		case finding.Decides():
			hop.State, hop.Step = Fail, finding.Step
		case hop.State == OK:
			hop.State = Warn
		}
	}
	return hops
}

func (v *view) urlHop() Hop {
	site := v.Site.Value
	hop := Hop{Hop: "url", Label: sys.Textf("%s", cmp.Or(site.Address.URL, "the site")), State: Unknown, Step: 14}
	asked := site.Nginx
	if site.Public.Where != "" && site.Public.Problem == "" {
		asked = site.Public
	} else if asked.Where == "" {
		asked = site.App
	}
	switch {
	case !v.Has(facts.GroupSite):
		hop.State = Pending
	case slices.ContainsFunc(asked.Version, facts.Answer.OK):
		hop.State, hop.Detail = OK, "answers "+answerWords(asked)
	case len(asked.Version) > 0:
		hop.State, hop.Detail = Fail, "does not answer: "+sys.Textf("%s", cmp.Or(asked.Problem, "a gateway error"))
	default:
		hop.Detail = sys.Textf("%s", asked.Problem)
	}
	return hop
}

func (v *view) cacheHop() Hop {
	hop := Hop{Hop: "cache", Label: "caches before the app", State: OK, Step: 11, Detail: "none answered"}
	site := v.Site.Value
	if !v.Has(facts.GroupSite) {
		hop.State, hop.Detail = Pending, ""
		return hop
	}
	for _, asked := range []facts.Asked{site.Nginx, site.Public} {
		if cache, hit := cacheHit(asked); hit {
			hop.Detail = sys.Textf("%s: %s", cache.Header, cache.Value)
		}
	}
	switch {
	case len(site.Nginx.Version) == 0 && len(site.Public.Version) == 0:
		hop.State, hop.Detail = Skipped, "nothing stands before the app that could be asked"
	case site.Public.Where == "" && hop.Detail == "none answered":
		hop.Detail = "none on this box answered; a CDN was not asked"
	}
	return hop
}

func (v *view) nginxHop() Hop {
	address := v.Site.Value.Address
	hop := Hop{Hop: "nginx", Label: "Nginx", State: OK, Step: 9}
	switch {
	case !v.Has(facts.GroupNginx) || !v.Has(facts.GroupSite):
		hop.State = Pending
	case v.NginxDisk.Absent:
		hop.State, hop.Detail = Skipped, sys.Textf("%s", v.NginxDisk.Problem)
	case !v.NginxDisk.Known:
		hop.State, hop.Detail = Unknown, sys.Textf("%s", v.NginxDisk.Problem)
	case address.Server == nil || address.Location == nil:
		hop.State, hop.Detail = Skipped, "no server block for this service"
	default:
		hop.Detail = sys.Textf("%s:%d → %s", address.Server.File, address.Server.Line, strings.Join(v.backends, ", "))
	}
	return hop
}

func (v *view) socketHop() Hop {
	hop := Hop{Hop: "socket", Label: "socket", Step: 2, State: OK}
	where := v.backends
	if len(where) == 0 {
		where = v.ownSockets()
	}
	if len(where) > 0 {
		hop.Label = sys.Textf("%s", strings.Join(where, ", "))
	}
	switch {
	case !v.Has(facts.GroupSite):
		hop.State = Pending
	case !v.Listeners.Known:
		hop.State, hop.Detail = Unknown, sys.Textf("%s", v.Listeners.Problem)
	case len(v.serving) > 0:
		var holders []string
		for _, gunicorn := range v.serving {
			holders = append(holders, string(sys.Textf("process %d", gunicorn.Master.PID)))
		}
		hop.Detail = sys.Textf("held by %s", strings.Join(holders, ", "))
	case slices.ContainsFunc(where, v.ListensAt):
		hop.State, hop.Detail = OK, "something listens there"
		if v.running && len(v.main.Master.Unreadable) > 0 {
			hop.State, hop.Detail = Unknown, "who holds it could not be read"
		}
	default:
		hop.State, hop.Detail = Fail, "nothing listens there"
	}
	return hop
}

func (v *view) masterHop() Hop {
	hop := Hop{Hop: "master", Label: "Gunicorn master", State: OK, Step: 3}
	switch {
	case !v.Has(facts.GroupTarget):
		hop.State = Pending
	case v.running:
		hop.Label = sys.Textf("Gunicorn master %d", v.main.Master.PID)
		hop.Detail = sys.Textf("since %s in %s", v.clock(v.main.Master.Started), cmp.Or(v.main.Master.Directory, "a directory that could not be read"))
	case v.Processes.Value.Hidden || !v.Processes.Known:
		hop.State, hop.Detail = Unknown, "processes of other users are hidden"
	default:
		hop.State, hop.Detail = Fail, "does not run"
	}
	return hop
}

func (v *view) workersHop() Hop {
	hop := Hop{Hop: "workers", Label: "workers", State: OK, Step: 4}
	fresh, old, unsure := v.counts()
	switch {
	case !v.Has(facts.GroupCode):
		hop.State = Pending
	case len(v.loaders) == 0:
		hop.State, hop.Detail = Unknown, "none runs"
	case old > 0:
		one, _ := v.oldest()
		hop.Detail = sys.Textf("%d of %d hold old code, since %s", old, fresh+old+unsure, v.clock(one.process.Started))
	case unsure > 0:
		hop.State, hop.Detail = Unknown, v.loaders[0].why
	default:
		hop.Detail = sys.Textf("%d of %d hold the code on disk", fresh, fresh)
	}
	if v.running && len(v.main.Workers) > 0 {
		hop.Label = sys.Textf("%d workers", len(v.main.Workers))
	}
	return hop
}

func (v *view) unitHop() Hop {
	hop := Hop{Hop: "unit", Label: sys.Textf("%s", cmp.Or(v.Target.Service, "unit")), State: OK, Step: 5}
	switch {
	case !v.Has(facts.GroupUnitFiles):
		hop.State = Pending
	case !v.hasUnit:
		hop.State, hop.Detail = Skipped, "not a systemd unit"
	case !v.UnitFiles.Known:
		hop.State, hop.Detail = Unknown, sys.Textf("%s", v.UnitFiles.Problem)
	default:
		hop.Detail = sys.Textf("%s (%s)", v.unit.ActiveState, v.unit.SubState)
	}
	return hop
}

func (v *view) directoryHop() Hop {
	deployment := v.Deployment.Value
	hop := Hop{Hop: "directory", Label: sys.Textf("%s", cmp.Or(deployment.Directory, "directory")), State: OK, Step: 8}
	switch {
	case !v.Has(facts.GroupDeployment):
		hop.State = Pending
	case !v.Deployment.Known:
		hop.State, hop.Detail = Unknown, sys.Textf("%s", v.Deployment.Problem)
	case deployment.Problem != "":
		hop.State, hop.Detail = Fail, sys.Textf("%s", deployment.Problem)
	case deployment.Link != nil:
		hop.Detail = sys.Textf("%s → %s", deployment.Link.Path, deployment.Active)
	default:
		hop.Detail = "no link: the code lies there itself"
	}
	return hop
}

func (v *view) releaseHop() Hop {
	hop := Hop{Hop: "release", Label: "release on disk", State: OK, Step: 1}
	if !v.Has(facts.GroupCode) || !v.Has(facts.GroupDeployment) {
		hop.State = Pending
		return hop
	}
	if label := v.activeIdentity().label(); label != "" {
		hop.Label = "release " + label
	}
	if v.change.At.IsZero() {
		hop.State, hop.Detail = Unknown, "when it last changed is not known"
		return hop
	}
	hop.Detail = "changed " + v.clock(v.change.At) + ": " + v.change.What
	return hop
}
