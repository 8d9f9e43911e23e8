package steps

import (
	"cmp"
	"slices"
	"strings"

	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
)

// This file is about a server that nothing is known to manage: whoever ends it has to start
// it again, and flasktui does neither.

// isUnmanaged tells whether the examined service is such a process.
func (v *view) isUnmanaged() bool { return v.Target.PID != 0 }

// unmanagedWords say who started it, and what that means.
func (v *view) unmanagedWords() sys.Text {
	if !v.running {
		return "no unit of the system's, no program of supervisord's and no container is known to run the service"
	}
	return sys.Textf("no unit of the system's, no program of supervisord's and no container is known to run process %d: %s", v.main.Master.PID, v.StartedBy(v.main))
}

// advise takes from a finding the fixes that would have to start the service again, where
// nothing is known to, and says in their place what a person can type.
func (v *view) advise(finding *report.Finding) {
	if !v.isUnmanaged() {
		return
	}
	before := len(finding.Fixes)
	finding.Fixes = slices.DeleteFunc(slices.Clone(finding.Fixes), func(id string) bool { return !strings.HasPrefix(id, "nginx-") && id != "edit-nginx" })
	if len(finding.Fixes) == before || !v.running {
		return
	}
	finding.Advice = sys.Text(strings.TrimSpace(string(finding.Advice + " " + v.startAgainByHand())))
}

// startAgainByHand is how to stop the process and to start it as it was started.
func (v *view) startAgainByHand() sys.Text {
	master := v.main.Master
	if restarter := v.Restarter(v.main); restarter != "" {
		return sys.Textf("%s may start process %d again by itself (%s): restart it by that one's own means.", restarter, master.PID, v.StartedBy(v.main))
	}
	stop := sys.Textf("Nothing starts it again by itself, so flasktui does not stop it (%s). Stop it with `kill -TERM %d`, wait until it has ended, then start it as it was started",
		v.StartedBy(v.main), master.PID)
	if master.Titled || len(master.CommandLine) == 0 {
		return stop + "; its command line does not show, as a title was written over it."
	}
	words := make([]string, len(master.CommandLine))
	for index, word := range master.CommandLine {
		words[index] = string(word)
	}
	directory := cmp.Or(v.Deployment.Value.Directory, v.Settings.Value.Directory, facts.PlainDirectory(master.Directory))
	return stop + sys.Textf(", as user id %d: ", master.UID) + sys.Typed("cd %s", directory) + sys.Textf(" && %s", sys.CommandLine(words))
}

// untraced is why it is not known whether the examined service is who answers the URL that
// was given; empty where it is.
func (v *view) untraced() sys.Text {
	site := v.Site.Value
	if v.Target.Untraced == "" || site.Address.Location != nil && v.reachesOwn() || sameAnswer(site.Public.Home, site.App.Home) {
		return ""
	}
	return sys.Textf("whether %s is what answers %s could not be told: %s", v.Target.Service, v.Options.URL, v.Target.Untraced)
}
