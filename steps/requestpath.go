package steps

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/causes"
	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
)

// requestPath is the way of a request, from the URL to the commit on disk, as it is seen hop
// by hop.
func requestPath(b *box.Box) []report.Hop {
	return []report.Hop{urlHop(b), cacheHop(b), nginxHop(b), socketHop(b), masterHop(b), workersHop(b), unitHop(b), directoryHop(b), releaseHop(b)}
}

// showCauses marks on the request path what is broken: a hop at which a deciding cause shows,
// in the words of the first one. found has the ranked causes first, then all.
func showCauses(hops []report.Hop, found []report.Finding) {
	detailed := map[string]bool{}
	for _, finding := range found {
		cause := causes.Of(finding)
		index := slices.IndexFunc(hops, func(hop report.Hop) bool { return hop.Hop == cause.Hop })
		if index < 0 {
			continue
		}
		hop := &hops[index]
		switch {
		case finding.Decides():
			hop.State, hop.Step = report.Fail, finding.Step
			if !detailed[cause.Hop] {
				hop.Detail, hop.Brief = cause.TellAtHop(hop.Detail), cause.TellAtHop(hop.OnScreen())
			}
			detailed[cause.Hop] = true
		case hop.State == report.OK:
			hop.State = report.Warn
		}
	}
}

// notRead stands for a name that could not be read.
const notRead = "not known"

func urlHop(b *box.Box) report.Hop {
	site := b.Site.Value
	hop := report.Hop{Hop: report.HopURL, Label: sys.Textf("%s", cmp.Or(site.Address.URL, "the site")), State: report.Unknown, Step: 14}
	asked := site.Nginx
	if site.Public.Where != "" && site.Public.Problem == "" {
		asked = site.Public
	} else if asked.Where == "" {
		asked = site.App
		if site.Address.Server == nil && !site.Address.Given {
			// No address of the site is known: it is the app's own that was asked.
			hop.Label = sys.Textf("%s", cmp.Or(site.App.Where, string(hop.Label)))
		}
	}
	switch {
	case !b.Has(facts.GroupSite):
		hop.State = report.Pending
	case b.NginxCannotStart():
		hop.State, hop.Detail = report.Fail, "no Nginx runs to take requests"
	case b.Untraced() != "":
		hop.Detail = sys.Textf("whether %s answers it could not be told", b.Target.Service)
	case slices.ContainsFunc(asked.Version, facts.Answer.OK):
		hop.State, hop.Detail = report.OK, spoken(asked)
		if problem := asked.TLSError(); problem != "" {
			hop.State, hop.Detail = report.Warn, sys.Textf("its certificate cannot be trusted: %s", problem)
		}
	case b.NoPageReason() != "" && asked.Problem != "":
		hop.Detail = sys.Textf("has not answered within %d s", int(facts.AskTimeout.Seconds()))
	case b.NoPageReason() != "":
		hop.Detail = sys.Textf("answers with status %d", asked.Version[0].Status)
	case len(asked.Version) > 0:
		hop.State, hop.Detail = report.Fail, "does not answer: "+sys.Textf("%s", cmp.Or(asked.Problem, "a gateway error"))
	default:
		hop.Detail = asked.Problem
	}
	return hop
}

func cacheHop(b *box.Box) report.Hop {
	hop := report.Hop{Hop: report.HopCache, Label: "none answered", State: report.OK, Step: 11}
	site := b.Site.Value
	if !b.Has(facts.GroupSite) {
		hop.State, hop.Label = report.Pending, ""
		return hop
	}
	for _, asked := range []facts.Asked{site.Nginx, site.Public} {
		if cache, hit := box.CacheHit(asked); hit {
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

func nginxHop(b *box.Box) report.Hop {
	address := b.Site.Value.Address
	hop := report.Hop{Hop: report.HopNginx, State: report.OK, Step: 9}
	switch {
	case !b.Has(facts.GroupFront) || !b.Has(facts.GroupSite):
		hop.State = report.Pending
	case len(b.Site.Value.Doors) > 0 && address.Server == nil:
		tellDoor(b, &hop)
	case b.SiteNginx().Absent():
		hop.Label, hop.State, hop.Detail = "none", report.Skipped, b.SiteNginx().Problem
	case !b.SiteNginx().Known:
		hop.Label, hop.State, hop.Detail = notRead, report.Unknown, b.SiteNginx().Problem
	case b.SiteNginx().Value.FailureFile != "":
		hop.Label = sys.Textf("%s line %d", path.Base(b.SiteNginx().Value.FailureFile), b.SiteNginx().Value.FailureLine)
	case address.Server == nil || address.Location == nil:
		hop.Label, hop.State, hop.Detail = "none", report.Skipped, "no server block for this service"
	default:
		hop.Label = sys.Textf("%s line %d", path.Base(address.Server.File), address.Server.Line)
		hop.Detail = sys.Textf("sends to %s", strings.Join(b.Backends, ", "))
		switch to := b.RedirectsTo(); {
		case to != "":
			hop.State, hop.Detail = report.Unknown, sys.Textf("redirects to %s", to)
		case b.AnswersItself():
			hop.Detail = b.BlockAnswer()
			if !box.SameAnswer(b.Site.Value.Nginx.Home, b.Site.Value.App.Home) {
				hop.State = report.Unknown
			}
		case len(b.Backends) == 0:
			hop.State, hop.Detail = report.Unknown, sys.Textf("where %s leads could not be told", address.Location.Pass)
		}
		if b.Front.Known {
			hop.Detail = sys.Textf("in %s, ", b.Front.Value.Name) + hop.Detail
		}
		if door, before := b.DoorBeforeNginx(); before {
			hop.Detail = sys.Textf("behind %s, ", b.DoorWords(door)) + hop.Detail
		}
	}
	return hop
}

// tellDoor says of the first program before the service that leads to it, or else of the first
// one, what it answers.
func tellDoor(b *box.Box, hop *report.Hop) {
	hop.State = report.Unknown
	for index, door := range b.Site.Value.Doors {
		state, words := b.JudgeDoor(door)
		if index == 0 || state == box.DoorSame {
			hop.Label, hop.Detail = b.DoorWords(door), words
		}
		if state == box.DoorSame {
			hop.State = report.OK
			return
		}
	}
}

func socketHop(b *box.Box) report.Hop {
	hop := report.Hop{Hop: report.HopSocket, Step: 2, State: report.OK}
	where := b.Backends
	if len(where) == 0 {
		where = b.OwnSockets()
	}
	if len(where) > 0 {
		hop.Label = sys.Textf("%s", strings.Join(where, ", "))
	}
	switch {
	case !b.Has(facts.GroupSite):
		hop.State = report.Pending
	case !b.Listeners.Known:
		hop.State, hop.Detail = report.Unknown, b.Listeners.Problem
	case len(b.Serving) > 0:
		var holders []string
		for _, server := range b.Serving {
			holders = append(holders, holderWords(b, server))
		}
		hop.Detail = sys.Textf("held by %s", strings.Join(holders, " and "))
	case slices.ContainsFunc(where, b.ListensAt):
		hop.State, hop.Detail = report.OK, "something listens there"
		if b.Running && len(b.Server.Master.Unreadable) > 0 {
			hop.State, hop.Detail = report.Unknown, "who holds it could not be read"
		}
	case b.Start().Starting:
		hop.State, hop.Detail = report.Unknown, "nothing listens there yet"
	case len(b.DeadBackends()) == 0 && !b.IsDown():
		hop.State, hop.Detail = report.Unknown, "nothing of this box listens there, and it may be another machine's address"
	default:
		hop.State, hop.Detail = report.Fail, "nothing listens there"
	}
	return hop
}

// timed gives a hop a detail with a time in it: for documents with its date, for a screen with
// how long ago it was.
func timed(hop *report.Hop, b *box.Box, at time.Time, words func(when sys.Text) sys.Text) {
	hop.Detail, hop.Brief = words(b.Clock(at)), words(b.Ago(at))
}
