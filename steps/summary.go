package steps

import (
	"cmp"
	"path"

	"flasktui/steps/box"
	"flasktui/steps/causes"
	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
)

// This file is the sentence under the verdict: what is the matter, and with this box's
// own names and times how it shows.

// staleWords is the summary where causes decide: the first of them, and the two releases
// that differ.
func staleWords(b *box.Box, deciding []report.Finding) sys.Text {
	summary := sys.Text(deciding[0].Title)
	gap := gap(b)
	if gap == "" && causes.Of(deciding[0]).Hop == report.HopDirectory {
		gap = linkGap(b)
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
func gap(b *box.Box) sys.Text {
	if old, ok := b.Oldest(); ok {
		started := old.Process.Started
		if name := shortest(b.ActiveIdentity()); !b.Change.At.IsZero() && box.After(started, b.Change.At) && name != "" && loadedName(b, old) != unnamed {
			return sys.Textf("%s runs %s, the disk has %s", whose(b, old), loadedName(b, old), name)
		}
		if server, late := b.LateServer(old.Process); late && server.LoadsLate() {
			return sys.Textf("%s holds old code and was started %s, %s", whose(b, old), b.Since(started, b.Change.At), changed(b, old))
		}
		return sys.Textf("%s loaded %s %s, %s", whose(b, old), loadedName(b, old), b.Since(started, b.Change.At), changed(b, old))
	}
	disk := onDisk(b)
	app := b.AppTally().Only()
	for _, outside := range []box.Tally{b.NginxTally(), box.TallyOf(b.Site.Value.Public.Version)} {
		if site := outside.Only(); site != "" && app != "" && site != app {
			return sys.Textf("the site answers %s, %s itself %s", box.ShortCommit(site), b.Target.Service, box.ShortCommit(app))
		}
	}
	if app == "" || b.Meaning(app) != box.MarkerOld || b.ActiveIdentity().Matches(app) {
		return ""
	}
	if !b.Running {
		return sys.Textf("it answers %s, the disk has %s", box.ShortCommit(app), disk)
	}
	return sys.Textf("%s answers %s, the disk has %s", b.Target.Service, box.ShortCommit(app), disk)
}

// linkGap says where the link leads and where it ought to: all that runs agrees with the
// link, so that the release which waits would be named nowhere else.
func linkGap(b *box.Box) sys.Text {
	wanted, found := b.WantedRelease()
	deployment := b.Deployment.Value
	if !found || deployment.Link == nil || deployment.Active == "" || wanted.Path == deployment.Active {
		return ""
	}
	return sys.Textf("%s leads to %s, and %s stands beside it", path.Base(deployment.Link.Path), b.ReleaseOrPath(deployment.Active), wanted.Name)
}

// servedRelease is what visitors get: the app's own answers, which are asked for most
// often, unless what stands before it answers otherwise.
func servedRelease(b *box.Box) report.ServedRelease {
	site := b.Site.Value
	from, tally := site.App, b.AppTally()
	for _, outside := range []facts.Asked{site.Public, site.Nginx} {
		answers := box.TallyOf(outside.Version)
		differ := tally.Only() != "" && answers.Only() != "" && tally.Only() != answers.Only()
		if len(answers.Values) > 0 && (len(tally.Values) == 0 || differ) {
			from, tally = outside, answers
			break
		}
	}
	if len(tally.Values) == 0 {
		return report.ServedRelease{}
	}
	served := report.ServedRelease{ReleaseSummary: report.ReleaseSummary{
		ID: tally.Words(), Marker: sys.Textf("%s", tally.Only()), Source: sys.Textf("GET %s at %s (%s)", site.VersionAt(from), from.Where, tally.From),
	}}
	if only := tally.Only(); only != "" {
		served.ID = sys.Textf("%s", only)
	}
	for _, value := range tally.Values {
		served.Values = append(served.Values, report.ServedValue{Value: sys.Textf("%s", value), Count: tally.Count(value)})
	}
	return served
}

// whose names the service, and how many of its processes are meant where not all are.
func whose(b *box.Box, one box.Loader) sys.Text {
	fresh, old, unsure := b.Counts()
	all := fresh + old + unsure
	if old < all {
		return sys.Textf("%d of %d processes of %s", old, all, b.Target.Service)
	}
	if one.Main && one.Role == "master" {
		return sys.Textf("the master of %s", b.Target.Service)
	}
	return sys.Textf("%s", b.Target.Service)
}

// loadedName is the shortest name of what a process imported.
func loadedName(b *box.Box, one box.Loader) sys.Text {
	if release, ok := b.Deployment.Value.ReleaseOf(one.Release); ok && release.Path != b.Deployment.Value.Active {
		return shortest(box.ReleaseIdentity(release))
	}
	if one.Commit != "" && one.CommitMoved(b) {
		return sys.Textf("%s", box.ShortCommit(one.Commit))
	}
	return unnamed
}

// unnamed is what a process imported that no release's name is known of.
const unnamed = sys.Text("its code")

// changed says since when the disk has other code than a process, told apart from its start; and
// which release that is, where it bears another name than what the process has.
func changed(b *box.Box, one box.Loader) sys.Text {
	name := shortest(b.ActiveIdentity())
	app := b.AppTally().Only()
	renamed := b.Change.Kind != box.FileWritten || one.Release != "" && one.Release != b.Deployment.Value.Active || app != "" && !b.ActiveIdentity().Matches(app)
	switch when := b.Since(b.Change.At, one.Process.Started); {
	case b.Change.At.IsZero():
		return "the disk has " + cmp.Or(name, "another release")
	case name == "" || !renamed:
		return "the code changed " + when
	default:
		return sys.Textf("the code changed to %s ", name) + when
	}
}

// onDisk is the release on disk, and since when it is there.
func onDisk(b *box.Box) sys.Text {
	since := b.Clock(b.Change.At)
	name := shortest(b.ActiveIdentity())
	switch {
	case name == "" && b.Change.At.IsZero():
		return "another release"
	case name == "":
		return sys.Textf("other code since %s", since)
	case b.Change.At.IsZero():
		return name
	}
	return sys.Textf("%s since %s", name, since)
}

// shortest is the one name that tells a release apart in a sentence.
func shortest(id box.Identity) sys.Text {
	if id.Commit != "" {
		return sys.Textf("%s", box.ShortCommit(id.Commit))
	}
	return id.Label()
}

// freshWords names the release, and what proved that it runs: what the processes hold, never
// what the app says of itself, which may be a file that it reads anew for each answer (G49).
func freshWords(b *box.Box, proof []report.Claim) sys.Text {
	release := b.ActiveIdentity().Label()
	if release == "" {
		release = sys.Textf("the code in %s", b.Deployment.Value.Active)
	}
	words := sys.Textf("The site runs %s.", release)
	for _, one := range proof {
		if one.Claim == report.ClaimLoaded && one.State == report.Proved {
			words += " " + one.Because
		}
	}
	return words
}
