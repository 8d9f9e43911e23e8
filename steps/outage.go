package steps

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"flasktui/steps/facts"
	"flasktui/sys"
	"flasktui/sys/proc"
)

// This file tells an outage from a site that keeps its visitors waiting, or turns them
// away on purpose.

// isDown tells whether visitors get nothing but gateway errors, or, where no Nginx stands
// before it, whether the app does not answer at its own socket.
func (v *view) isDown() bool {
	site := v.Site.Value
	if !v.Site.Known {
		return false
	}
	if v.nginxCannotStart() {
		return true
	}
	appAsked, nginxAsked := v.appAsked(), len(site.Nginx.Version) > 0
	if !appAsked && !nginxAsked {
		// What is no Gunicorn cannot be asked; that it does not answer is not known.
		readable := v.hasUnit && (v.unit.Gunicorn || v.unit.ActiveState != "active")
		return (readable || v.Target.Container != "") && !v.running && v.Processes.Known && !v.Processes.Value.Hidden
	}
	if refusedByRights(site.App.Problem) && !nginxAsked {
		return false
	}
	return !v.someoneAnswers() && v.withheld() == ""
}

// appAsked tells whether the app was asked at its own socket.
func (v *view) appAsked() bool {
	return v.Site.Value.App.Where != "" && len(v.Site.Value.App.Version) > 0
}

// someoneAnswers tells whether a visitor gets any answer of the app. What Nginx gives is
// what counts, whatever the app would say, where it is known to be the site's.
func (v *view) someoneAnswers() bool {
	site := v.Site.Value
	throughNginx := slices.ContainsFunc(site.Nginx.Version, facts.Answer.OK) || slices.ContainsFunc(site.Nginx.Home, facts.Answer.OK)
	if len(site.Nginx.Version) > 0 && !site.Address.Guessed {
		return throughNginx
	}
	return throughNginx || slices.ContainsFunc(site.App.Version, facts.Answer.OK) || slices.ContainsFunc(site.Public.Version, facts.Answer.OK)
}

// withheld is why visitors get no page although nothing shows an outage of the app: it
// takes connections and takes its time, or it, or Nginx before it, turns people away;
// empty where somebody is answered, or nobody is for another reason.
func (v *view) withheld() sys.Text {
	site := v.Site.Value
	if !v.Site.Known || v.someoneAnswers() || refusedByRights(site.App.Problem) && len(site.Nginx.Version) == 0 {
		return ""
	}
	own, ownStatus := statusOf(site.App)
	through, status := statusOf(site.Nginx)
	nginxAsked := len(site.Nginx.Version) > 0
	switch {
	case isSilent(site.App) && (!nginxAsked || isSilent(site.Nginx) || status == http.StatusServiceUnavailable || status == http.StatusGatewayTimeout):
		return v.waitingWords()
	case isSilent(site.Nginx) && own && v.appTakesLong():
		return sys.Textf("the app takes %d ms for an answer at its own socket, and through Nginx none came within %d s.", v.slowest(), int(facts.AskTimeout.Seconds()))
	case own && ownStatus >= http.StatusInternalServerError && (!nginxAsked || status == ownStatus):
		return sys.Textf("the app itself answers with status %d at %s, so it runs, and does not show its pages.", ownStatus, site.App.Where)
	case own && ownStatus < http.StatusInternalServerError && through && status == http.StatusServiceUnavailable:
		return sys.Textf("Nginx itself answers with status 503 for %s (closed for maintenance, or a limit on requests), and does not ask the app, which answers at %s. What visitors get once it is open again could not be seen.", site.Address.URL, site.App.Where)
	}
	return ""
}

// isWaiting tells whether the app takes connections and has answered none of them yet.
func (v *view) isWaiting() bool { return isSilent(v.Site.Value.App) && !v.someoneAnswers() }

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
func (v *view) appTakesLong() bool {
	return time.Duration(v.slowest())*time.Millisecond > facts.AskTimeout/4
}

// slowest is the longest that the app took for an answer, in milliseconds.
func (v *view) slowest() int64 {
	var slowest int64
	for _, answer := range slices.Concat(v.Site.Value.App.Version, v.Site.Value.App.Home) {
		slowest = max(slowest, answer.TookMS)
	}
	return slowest
}

// waitingWords: it listens, and has not answered; the youngest worker's age tells whether
// it may be importing the app still.
func (v *view) waitingWords() sys.Text {
	words := sys.Textf("%s listens at %s and has not answered within %d s", v.Target.Service, v.Site.Value.App.Where, int(facts.AskTimeout.Seconds()))
	if !v.running || len(v.main.Workers) == 0 {
		return words + "."
	}
	youngest := slices.MaxFunc(v.main.Workers, func(a, b facts.Process) int { return a.Started.Compare(b.Started) })
	return words + sys.Textf("; worker %d was started %d s ago. It may still import the app, or be busy with other requests: check again in a while.",
		youngest.PID, int(max(v.TakenAt.Sub(youngest.Started), 0).Seconds()))
}

// nginxStopped tells whether Nginx is installed on the box and none runs.
func (v *view) nginxStopped() bool {
	return v.NginxDisk.Known && !v.Front.Known && v.Processes.Known && !v.Processes.Value.Hidden && len(v.Processes.Value.Nginx) == 0
}

// nginxCannotStart tells whether the site has no door to the world: no Nginx runs, its
// configuration is refused, nothing else listens where visitors come in, and the app
// itself listens for this box alone.
func (v *view) nginxCannotStart() bool {
	own := v.ownSockets()
	if !v.nginxStopped() || v.NginxDisk.Value.Failure == "" || !v.Listeners.Known || len(own) == 0 {
		return false
	}
	door := func(listener proc.Listener) bool {
		port := listener.Address.Port()
		return listener.Path == "" && (port == 80 || port == 443)
	}
	return !slices.ContainsFunc(own, reachedFromOutside) && !slices.ContainsFunc(v.Listeners.Value, door)
}

// nginxStoppedWords says what to do where visitors ask an Nginx that does not run; empty
// where that is not what is wrong.
func (v *view) nginxStoppedWords() sys.Text {
	if !v.nginxStopped() || v.Site.Value.Address.Server == nil && v.NginxDisk.Value.Failure == "" {
		return ""
	}
	if _, answers := statusOf(v.Site.Value.App); answers == 0 {
		return "Nginx does not run; start it: systemctl start nginx."
	}
	return "Nginx does not run, and the app behind it answers. Start it: systemctl start nginx."
}

func refusedByRights(problem string) bool {
	return strings.HasSuffix(problem, "permission denied")
}
