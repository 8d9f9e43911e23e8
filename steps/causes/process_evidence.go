package causes

import (
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/report"
	"flasktui/sys"
)

func markerSource(b *box.Box) sys.Text {
	return sys.Textf("GET %s at %s", b.Site.Value.VersionAt(b.Site.Value.App), b.Site.Value.App.Where)
}

// loaderEvidence sets the start of a process beside the change of the code.
func loaderEvidence(b *box.Box, one box.Loader) []report.Evidence {
	did, source := one.Began()
	lines := []report.Evidence{
		report.Observed(one.Role+" "+string(did), b.ExactClock(one.Process.Started, b.Change.At)+sys.Textf(" (process %d)", one.Process.PID), source),
	}
	if !b.Change.At.IsZero() {
		lines = append(lines, report.Observed("code changed", b.ExactClock(b.Change.At, one.Process.Started)+" — "+b.Change.What, b.Change.Source))
	}
	if one.CommitMoved(b) {
		lines = append(lines,
			report.Observed("commit it was started from", sys.Textf("%s", box.ShortCommit(one.Commit)), sys.Textf("%s/logs/HEAD (whole seconds)", b.Deployment.Value.Repository.GitDirectory)),
			report.Observed("commit on disk", sys.Textf("%s", box.ShortCommit(b.Deployment.Value.Repository.Commit)), sys.Textf("%s/HEAD", b.Deployment.Value.Repository.GitDirectory)))
	} else if one.Release != "" && one.Release != b.Deployment.Value.Active && b.Target.Container == "" {
		lines = append(lines,
			report.Observed("it runs from", sys.Textf("%s", one.Release), sys.Textf("readlink /proc/%d/cwd", one.Process.PID)),
			report.Observed("release on disk", sys.Textf("%s", b.Deployment.Value.Active), "readlink -f"))
	}
	if tally := b.AppTally(); len(tally.Values) > 0 {
		lines = append(lines, report.Observed("the app answers", tally.Words(), markerSource(b)))
	}
	return lines
}

func commandWords(words []sys.Text) sys.Text {
	var line []string
	for _, word := range words {
		line = append(line, string(word))
	}
	return sys.Textf("%s", strings.Join(line, " "))
}
