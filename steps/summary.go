package steps

import (
	"path"
	"time"

	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
)

// This file is the sentence under the verdict: what is the matter, and with this box's
// own names and times how it shows.

// staleWords is the summary where causes decide: the first of them, and the two releases
// that differ.
func (v *view) staleWords(deciding []report.Finding) sys.Text {
	summary := sys.Text(deciding[0].Title)
	gap := v.gap()
	if id := deciding[0].ID; gap == "" && (id == "symlink-not-switched" || id == "symlink-broken") {
		gap = v.linkGap()
	}
	if gap != "" {
		summary += ": " + gap
	}
	summary += "."
	switch more := len(deciding) - 1; {
	case more == 1:
		summary += " There is one more cause."
	case more > 1:
		summary += sys.Textf(" There are %d more causes.", more)
	}
	return summary
}

// gap says what runs and what should, where both are known by name or by time; empty
// where the evidence does not set them apart.
func (v *view) gap() sys.Text {
	if old, ok := v.oldest(); ok {
		started := old.process.Started
		return sys.Textf("%s loaded %s %s, the disk has %s", v.whose(old), v.loadedName(old), v.glanceAt(started, v.change.At), v.onDisk(started))
	}
	disk := v.onDisk(time.Time{})
	app := v.appTally().only()
	for _, outside := range []tally{v.nginxTally(), tallyOf(v.Site.Value.Public.Version)} {
		if site := outside.only(); site != "" && app != "" && site != app {
			return sys.Textf("the site answers %s, %s itself %s", shortCommit(site), v.Target.Service, shortCommit(app))
		}
	}
	if app == "" || v.meaning(app) != markerOld {
		return ""
	}
	if !v.running {
		return sys.Textf("it answers %s, the disk has %s", shortCommit(app), disk)
	}
	return sys.Textf("%s answers %s, the disk has %s", v.Target.Service, shortCommit(app), disk)
}

// linkGap says where the link leads and where it ought to: all that runs agrees with the
// link, so that the release which waits would be named nowhere else.
func (v *view) linkGap() sys.Text {
	wanted, found := v.wantedRelease()
	deployment := v.Deployment.Value
	if !found || deployment.Link == nil || deployment.Active == "" || wanted.Path == deployment.Active {
		return ""
	}
	return sys.Textf("%s leads to %s, and %s stands beside it", path.Base(deployment.Link.Path), v.releaseOrPath(deployment.Active), wanted.Name)
}

// servedRelease is what visitors get: the app's own answers, which are asked for most
// often, unless what stands before it answers otherwise.
func (v *view) servedRelease() report.ReleaseSummary {
	site := v.Site.Value
	from, told := site.App, v.appTally()
	for _, outside := range []facts.Asked{site.Public, site.Nginx} {
		answers := tallyOf(outside.Version)
		differ := told.only() != "" && answers.only() != "" && told.only() != answers.only()
		if len(answers.values) > 0 && (len(told.values) == 0 || differ) {
			from, told = outside, answers
			break
		}
	}
	if len(told.values) == 0 {
		return report.ReleaseSummary{}
	}
	served := report.ReleaseSummary{ID: sys.Textf("%s", told.values[0]), Source: sys.Textf("GET %s at %s (%s)", site.VersionPath, from.Where, told.from)}
	if len(told.values) > 1 {
		served.ID = told.words()
	}
	return served
}

// whose names the service, and how many of its processes are meant where not all are.
func (v *view) whose(one loader) sys.Text {
	fresh, old, unsure := v.counts()
	all := fresh + old + unsure
	if old < all {
		return sys.Textf("%d of %d processes of %s", old, all, v.Target.Service)
	}
	if one.role == "master" {
		return sys.Textf("the master of %s", v.Target.Service)
	}
	return sys.Textf("%s", v.Target.Service)
}

// loadedName is the shortest name of what a process imported.
func (v *view) loadedName(one loader) sys.Text {
	if release, ok := v.Deployment.Value.ReleaseOf(one.release); ok && release.Path != v.Deployment.Value.Active {
		return shortest(releaseIdentity(release))
	}
	if one.commit != "" && one.commitMoved(v) {
		return sys.Textf("%s", shortCommit(one.commit))
	}
	return "its code"
}

// onDisk is the release on disk and since when it is there, told apart from another time.
func (v *view) onDisk(other time.Time) sys.Text {
	since := v.glanceNear(v.change.At, other)
	name := shortest(v.activeIdentity())
	switch {
	case name == "" && v.change.At.IsZero():
		return "another release"
	case name == "":
		return sys.Textf("other code since %s", since)
	case v.change.At.IsZero():
		return name
	}
	return sys.Textf("%s since %s", name, since)
}

// shortest is the one name that tells a release apart in a sentence.
func shortest(id identity) sys.Text {
	if id.commit != "" {
		return sys.Textf("%s", shortCommit(id.commit))
	}
	return id.label()
}

// freshWords says what the proof was.
func (v *view) freshWords() sys.Text {
	const started = "every process that imported it started after it last changed"
	label := v.activeIdentity().label()
	if marker := v.appTally().only(); marker != "" && v.meaning(marker) == markerExpected {
		return sys.Textf("The site runs %s: it says so itself, asked %d times.", shortCommit(marker), v.appTally().asked)
	}
	if label == "" {
		return sys.Textf("The site runs the code in %s: %s.", v.Deployment.Value.Active, started)
	}
	return sys.Textf("The site runs %s: %s.", label, started)
}
