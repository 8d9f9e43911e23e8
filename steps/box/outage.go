package box

import (
	"net/http"
	"slices"
	"time"

	"flasktui/steps/facts"
	"flasktui/sys"
	"flasktui/sys/proc"
)

// This file tells an outage from a site that keeps its visitors waiting, or turns them
// away on purpose.

// IsDown tells whether visitors get nothing but gateway errors, or, where no Nginx stands
// before it, whether the app does not answer at its own socket.
func (b *Box) IsDown() bool {
	site := b.Site.Value
	if !b.Site.Known {
		return false
	}
	if b.NginxCannotStart() {
		return true
	}
	appAsked, nginxAsked := b.appAsked(), len(site.Nginx.Version) > 0
	if !appAsked && !nginxAsked {
		// What is no server cannot be asked; that it does not answer is not known.
		readable := b.HasUnit && (b.Unit.Serves || b.Unit.ActiveState != "active")
		return (readable || b.Target.Container != "" || b.Target.Program != "") && !b.Running && b.SeesProcesses()
	}
	if site.App.Why == facts.WhyDenied && !nginxAsked {
		return false
	}
	return !b.someoneAnswers() && b.NoPageReason() == ""
}

// HasNoAnswer tells whether no answer was seen, be it that nothing could be asked.
func (b *Box) HasNoAnswer() bool { return !b.someoneAnswers() }

// appAsked tells whether the app was asked at its own socket.
func (b *Box) appAsked() bool {
	return b.Site.Value.App.Where != "" && len(b.Site.Value.App.Version) > 0
}

// someoneAnswers tells whether a visitor gets any answer of the app. What Nginx gives is
// what counts, whatever the app would say, where it is known to be the site's.
func (b *Box) someoneAnswers() bool {
	site := b.Site.Value
	throughNginx := slices.ContainsFunc(site.Nginx.Version, facts.Answer.OK) || slices.ContainsFunc(site.Nginx.Home, facts.Answer.OK)
	if len(site.Nginx.Version) > 0 && !site.Address.Guessed {
		return throughNginx
	}
	return throughNginx || slices.ContainsFunc(site.App.Version, facts.Answer.OK) || slices.ContainsFunc(site.Public.Version, facts.Answer.OK)
}

// NoPageReason is why visitors get no page although nothing shows an outage of the app: it
// takes connections and takes its time, or it, or Nginx before it, turns people away;
// empty where somebody is answered, or nobody is for another reason.
func (b *Box) NoPageReason() sys.Text {
	site := b.Site.Value
	if !b.Site.Known || b.someoneAnswers() || b.Start().Failing || site.App.Why == facts.WhyDenied && len(site.Nginx.Version) == 0 {
		return ""
	}
	own, ownStatus := statusOf(site.App)
	through, status := statusOf(site.Nginx)
	nginxAsked := len(site.Nginx.Version) > 0
	switch {
	case isSilent(site.App) && (!nginxAsked || isSilent(site.Nginx) || status == http.StatusServiceUnavailable || status == http.StatusGatewayTimeout):
		return b.WaitingWords()
	case isSilent(site.Nginx) && own && b.appTakesLong():
		return sys.Textf("the app takes %d ms for an answer at its own socket, and through Nginx none came within %d s.", b.slowest(), int(facts.AskTimeout.Seconds()))
	case own && ownStatus >= http.StatusInternalServerError && (!nginxAsked || status == ownStatus):
		return sys.Textf("the app itself answers with status %d at %s, so it runs, and does not show its pages.", ownStatus, site.App.Where)
	case own && ownStatus < http.StatusInternalServerError && through && status == http.StatusServiceUnavailable:
		return sys.Textf("Nginx itself answers with status 503 for %s (closed for maintenance, or a limit on requests), and does not ask the app, which answers at %s. What visitors get once it is open again could not be seen.", site.Address.URL, site.App.Where)
	}
	return ""
}

// IsWaiting tells whether the app takes connections and has answered none of them yet.
func (b *Box) IsWaiting() bool { return isSilent(b.Site.Value.App) && !b.someoneAnswers() }

// isSilent tells whether a place took the connection and did not answer in time.
func isSilent(asked facts.Asked) bool {
	return len(asked.Version) > 0 && asked.Version[len(asked.Version)-1].Silent && !slices.ContainsFunc(asked.Version, facts.Answer.Answered)
}

// statusOf is the status of a place's first answer, where there was one.
func statusOf(asked facts.Asked) (answered bool, status int) {
	for _, answer := range asked.Version {
		if answer.Answered() {
			return true, answer.Status
		}
	}
	return false, 0
}

// appTakesLong tells whether so slow an app may keep a request waiting behind another for
// as long as flasktui waits.
func (b *Box) appTakesLong() bool {
	return time.Duration(b.slowest())*time.Millisecond > facts.AskTimeout/4
}

// slowest is the longest that the app took for an answer, in milliseconds.
func (b *Box) slowest() int64 {
	var slowest int64
	for _, answer := range slices.Concat(b.Site.Value.App.Version, b.Site.Value.App.Home) {
		slowest = max(slowest, answer.TookMS)
	}
	return slowest
}

// WaitingWords says that the app listens and has not answered; the youngest worker's age
// tells whether it may be importing the app still.
func (b *Box) WaitingWords() sys.Text {
	words := sys.Textf("%s listens at %s and has not answered within %d s", b.Target.Service, b.Site.Value.App.Where, int(facts.AskTimeout.Seconds()))
	if !b.Running || len(b.Server.Workers) == 0 {
		return words + "."
	}
	youngest := slices.MaxFunc(b.Server.Workers, func(a, b facts.Process) int { return a.Started.Compare(b.Started) })
	return words + sys.Textf("; worker %d was started %d s ago. It may still import the app, or be busy with other requests: check again in a while.",
		youngest.PID, int(max(b.TakenAt.Sub(youngest.Started), 0).Seconds()))
}

// NginxStopped tells whether Nginx is installed on the box and none runs.
func (b *Box) NginxStopped() bool {
	return b.NginxDisk.Known && !b.Front.Known && b.SeesProcesses() && len(b.Processes.Value.Nginx) == 0
}

// NginxCannotStart tells whether the site has no door to the world: no Nginx runs, its
// configuration is refused, nothing else listens where visitors come in, and the app
// itself listens for this box alone.
func (b *Box) NginxCannotStart() bool {
	own := b.OwnSockets()
	if !b.NginxStopped() || b.NginxDisk.Value.Failure == "" || !b.Listeners.Known || len(own) == 0 {
		return false
	}
	door := func(listener proc.Listener) bool {
		port := listener.Address.Port()
		return listener.Path == "" && (port == 80 || port == 443)
	}
	return !slices.ContainsFunc(own, ReachedFromOutside) && !slices.ContainsFunc(b.Listeners.Value, door)
}

// NginxStoppedWords says what to do where visitors ask an Nginx that does not run; empty
// where that is not what is wrong.
func (b *Box) NginxStoppedWords() sys.Text {
	if !b.NginxStopped() || b.Site.Value.Address.Server == nil && b.NginxDisk.Value.Failure == "" {
		return ""
	}
	if _, answers := statusOf(b.Site.Value.App); answers == 0 {
		return "Nginx does not run; start it: systemctl start nginx."
	}
	return "Nginx does not run, and the app behind it answers. Start it: systemctl start nginx."
}
