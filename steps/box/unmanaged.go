package box

import (
	"cmp"

	"flasktui/sys"
)

// This file is about a server that nothing is known to manage: whoever ends it has to start
// it again, and flasktui does neither.

// IsUnmanaged tells whether the examined service is such a process.
func (b *Box) IsUnmanaged() bool { return b.Target.PID != 0 }

// UnmanagedWords say who started it, and what that means.
func (b *Box) UnmanagedWords() sys.Text {
	if !b.Running {
		return "no unit of the system's, no program of supervisord's and no container is known to run the service"
	}
	return sys.Textf("no unit of the system's, no program of supervisord's and no container is known to run process %d: %s", b.Gunicorn.Master.PID, b.StartedBy(b.Gunicorn))
}

// StartAgainByHand is how to stop the process and to start it as it was started.
func (b *Box) StartAgainByHand() sys.Text {
	master := b.Gunicorn.Master
	if restarter := b.Restarter(b.Gunicorn); restarter != "" {
		return sys.Textf("%s may start process %d again by itself (%s): restart it by that one's own means.", restarter, master.PID, b.StartedBy(b.Gunicorn))
	}
	stop := sys.Textf("Nothing starts it again by itself, so flasktui does not stop it (%s). Stop it with `kill -TERM %d`, wait until it has ended, then start it as it was started",
		b.StartedBy(b.Gunicorn), master.PID)
	if master.Titled || len(master.CommandLine) == 0 {
		return stop + "; its command line does not show, as a title was written over it."
	}
	words := make([]string, len(master.CommandLine))
	for index, word := range master.CommandLine {
		words[index] = string(word)
	}
	directory := cmp.Or(b.Deployment.Value.Directory, b.Settings.Value.Directory, master.Directory)
	return stop + sys.Textf(", as user id %d: ", master.UID) + sys.Typed("cd %s", directory) + sys.Textf(" && %s", sys.CommandLine(words))
}

// Untraced is why it is not known whether the examined service is who answers the URL that
// was given; empty where it is.
func (b *Box) Untraced() sys.Text {
	site := b.Site.Value
	if b.Target.Untraced == "" || site.Address.Location != nil && b.ReachesOwn() || SameAnswer(site.Public.Home, site.App.Home) {
		return ""
	}
	return sys.Textf("whether %s is what answers %s could not be told: %s", b.Target.Service, b.Options.URL, b.Target.Untraced)
}
