package steps

import (
	"slices"
	"strings"

	"flasktui/steps/facts"
	"flasktui/sys"
	"flasktui/sys/git"
)

// tally counts what a place said of its release, over all times it was asked.
type tally struct {
	asked int
	// values are the different markers, in the order of their first answer, and
	// counts how often each came.
	values []string
	counts map[string]int
	// failed are the requests that nobody answered, or with a gateway's status alone,
	// which is failedStatus then.
	failed, failedStatus int
	from                 string
}

func tallyOf(answers []facts.Answer) tally {
	t := tally{counts: map[string]int{}}
	for _, answer := range answers {
		t.asked++
		if !answer.OK() {
			t.failed++
			t.failedStatus = answer.Status
			continue
		}
		value := answer.Marker.Value
		if value == "" {
			continue
		}
		if t.counts[value] == 0 {
			t.values = append(t.values, value)
		}
		t.counts[value]++
		t.from = answer.Marker.From
	}
	return t
}

// only is the marker that every answer gave; empty where they differ or gave none.
func (t tally) only() string {
	if len(t.values) == 1 {
		return t.values[0]
	}
	return ""
}

// words writes the tally: "v2 ×8" or "v1 ×3, v2 ×5".
func (t tally) words() sys.Text {
	var text sys.Text
	for _, value := range t.values {
		if text != "" {
			text += ", "
		}
		text += sys.Textf("%s ×%d", value, t.counts[value])
	}
	if t.failed > 0 {
		if text != "" {
			text += ", "
		}
		if t.failedStatus != 0 {
			return text + sys.Textf("status %d ×%d", t.failedStatus, t.failed)
		}
		text += sys.Textf("no answer ×%d", t.failed)
	}
	return text
}

func (v *view) appTally() tally { return tallyOf(v.Site.Value.App.Version) }

func (v *view) nginxTally() tally { return tallyOf(v.Site.Value.Nginx.Version) }

// bustedMarker is what a place says past its caches.
func bustedMarker(asked facts.Asked) string {
	if len(asked.Busted) == 0 {
		return ""
	}
	return asked.Busted[0].Marker.Value
}

// markerMeaning says what a marker is worth beside the disk.
type markerMeaning string

const (
	markerNone     markerMeaning = "none"
	markerExpected markerMeaning = "expected"
	markerOld      markerMeaning = "old"
	// markerOther: a name in the very form of the release on disk, and not that one.
	markerOther markerMeaning = "other"
	// markerForeign: a name that nothing on disk explains; it proves neither.
	markerForeign markerMeaning = "foreign"
)

// meaning compares a marker with what should be live: what the person expects, else the
// active release; and with the releases and commits before it.
func (v *view) meaning(marker string) markerMeaning {
	if marker == "" {
		return markerNone
	}
	active := v.activeIdentity()
	if expect := v.Options.Expect; expect != "" {
		if sameRelease(marker, expect) || active.matches(expect) && active.matches(marker) {
			return markerExpected
		}
		return markerOld
	}
	if active.matches(marker) {
		return markerExpected
	}
	for _, release := range v.Deployment.Value.Releases {
		if release.Path != v.Deployment.Value.Active && releaseIdentity(release).matches(marker) {
			return markerOld
		}
	}
	if repository := v.Deployment.Value.Repository; repository != nil {
		earlier := slices.ContainsFunc(repository.Log, func(entry git.ReflogEntry) bool {
			return entry.New != repository.Commit && sameRelease(entry.New, marker) ||
				entry.Old != repository.Commit && sameRelease(entry.Old, marker)
		})
		if earlier {
			return markerOld
		}
	}
	for _, own := range []string{active.name, active.commit, active.revision} {
		if sameForm(own, marker) {
			return markerOther
		}
	}
	return markerForeign
}

// sameForm tells names of the same making: two commits, or two times written as digits.
// Version numbers are none: they are changed by hand, and seldom when they ought to be.
func sameForm(one, other string) bool {
	digits := func(name string) bool { return strings.Trim(name, "0123456789") == "" }
	const shortestTime, shortestCommit = 8, 7
	if digits(one) || digits(other) {
		return digits(one) && digits(other) && len(one) == len(other) && len(one) >= shortestTime
	}
	return isHexadecimal(one) && isHexadecimal(other) && min(len(one), len(other)) >= shortestCommit
}

// saysAnother tells whether the app names, each time, another release than the one on
// disk, and neither its environment nor its source has that name for it to repeat.
func (v *view) saysAnother() bool {
	marker := v.appTally().only()
	meaning := v.meaning(marker)
	return (meaning == markerOld || meaning == markerOther) && !v.markerIsLabel(marker)
}

// markerIsLabel tells whether a marker is nothing but a constant of the source on disk, or
// a variable that the unit sets by hand: then an old one proves an old label, not old code.
func (v *view) markerIsLabel(marker string) bool {
	if slices.Contains(v.Code.Value.Constants, marker) {
		return true
	}
	for _, name := range []string{"APP_RELEASE", "APP_VERSION", "RELEASE", "GIT_SHA", "GIT_COMMIT"} {
		if value, ok := v.Environment.Value.Shown[name]; ok && value == marker {
			return true
		}
	}
	return false
}

// pageDiffers tells whether Nginx, or the public address, answers the site's page with
// another content than the app does, where the app's own answer is the same each time;
// known is false where the page is not stable, so that a difference would tell nothing.
func (v *view) pageDiffers(asked facts.Asked) (differs, known bool) {
	app := v.Site.Value.App.Home
	if len(app) < 2 || len(asked.Home) == 0 || app[0].SHA256 != app[1].SHA256 || app[0].Status != 200 {
		return false, false
	}
	first := asked.Home[0]
	if first.Status != 200 || first.Problem != "" {
		return false, false
	}
	return first.SHA256 != app[0].SHA256, true
}
