package box

import (
	"slices"

	"flasktui/steps/facts"
	"flasktui/sys"
	"flasktui/sys/git"
	"flasktui/sys/web"
)

// Tally counts what a place said of its release, over all times it was asked.
type Tally struct {
	Asked int
	// Values are the different markers, in the order of their first answer, and
	// counts how often each came.
	Values []string
	counts map[string]int
	// Failed are the requests that nobody answered, or with a gateway's status alone,
	// which is FailedStatus then.
	Failed, FailedStatus int
	From                 string
}

// TallyOf counts what the answers of one place say.
func TallyOf(answers []facts.Answer) Tally {
	t := Tally{counts: map[string]int{}}
	for _, answer := range answers {
		t.Asked++
		if !answer.OK() {
			t.Failed++
			t.FailedStatus = answer.Status
			continue
		}
		value := answer.Marker.Value
		if value == "" {
			continue
		}
		if t.counts[value] == 0 {
			t.Values = append(t.Values, value)
		}
		t.counts[value]++
		t.From = answer.Marker.From
	}
	return t
}

// Only is the marker that every answer gave; empty where they differ or gave none.
func (t Tally) Only() string {
	if len(t.Values) == 1 {
		return t.Values[0]
	}
	return ""
}

// Count is how many answers gave a marker.
func (t Tally) Count(value string) int { return t.counts[value] }

// Words writes the tally: "v2 ×8" or "v1 ×3, v2 ×5".
func (t Tally) Words() sys.Text {
	var text sys.Text
	for _, value := range t.Values {
		if text != "" {
			text += ", "
		}
		text += sys.Textf("%s ×%d", value, t.counts[value])
	}
	if t.Failed > 0 {
		if text != "" {
			text += ", "
		}
		if t.FailedStatus != 0 {
			return text + sys.Textf("status %d ×%d", t.FailedStatus, t.Failed)
		}
		text += sys.Textf("no answer ×%d", t.Failed)
	}
	return text
}

// AppTally counts what the app itself answers.
func (b *Box) AppTally() Tally { return TallyOf(b.Site.Value.App.Version) }

// NginxTally counts what comes through Nginx.
func (b *Box) NginxTally() Tally { return TallyOf(b.Site.Value.Nginx.Version) }

// ReleasesNamed are the releases that the site names, wherever it was asked: at the app's socket,
// through Nginx, at the public address. One that several places name is there as often.
func (b *Box) ReleasesNamed() []string {
	return slices.Concat(b.AppTally().Values, b.NginxTally().Values, TallyOf(b.Site.Value.Public.Version).Values)
}

// BustedMarker is what a place says past its caches.
func BustedMarker(asked facts.Asked) string {
	if len(asked.Busted) == 0 {
		return ""
	}
	return asked.Busted[0].Marker.Value
}

// MarkerMeaning says what a marker is worth beside the disk.
type MarkerMeaning string

// What a marker means; none is said, or nothing at all.
const (
	MarkerNone     MarkerMeaning = "none"
	MarkerExpected MarkerMeaning = "expected"
	MarkerOld      MarkerMeaning = "old"
	// MarkerOther is a name in the very form of the release on disk, and not that one.
	MarkerOther MarkerMeaning = "other"
	// MarkerForeign is a name that nothing on disk explains; it proves neither.
	MarkerForeign MarkerMeaning = "foreign"
)

// Meaning compares a marker with what should be live: what the person expects, else the
// active release; and with the releases and commits before it.
func (b *Box) Meaning(marker string) MarkerMeaning {
	if marker == "" {
		return MarkerNone
	}
	active := b.ActiveIdentity()
	if expect := b.Options.Expect; expect != "" {
		if IsExpected(marker, expect) || active.MatchesExpected(expect) && active.Matches(marker) {
			return MarkerExpected
		}
		return MarkerOld
	}
	if active.Matches(marker) {
		return MarkerExpected
	}
	for _, release := range b.Deployment.Value.Releases {
		if release.Path != b.Deployment.Value.Active && ReleaseIdentity(release).Matches(marker) {
			return MarkerOld
		}
	}
	if repository := b.Deployment.Value.Repository; repository != nil {
		earlier := slices.ContainsFunc(repository.Log, func(entry git.ReflogEntry) bool {
			return entry.New != repository.Commit && web.SameRelease(entry.New, marker) ||
				entry.Old != repository.Commit && web.SameRelease(entry.Old, marker)
		})
		if earlier {
			return MarkerOld
		}
	}
	for _, own := range []string{active.Name, active.Commit, active.revision} {
		if web.StampedAlike(own, marker) {
			return MarkerOther
		}
	}
	return MarkerForeign
}

// SaysAnother tells whether the app names, each time, another release than the one on
// disk, and neither its environment nor its source has that name for it to repeat.
func (b *Box) SaysAnother() bool {
	marker := b.AppTally().Only()
	meaning := b.Meaning(marker)
	return (meaning == MarkerOld || meaning == MarkerOther) && !b.MarkerIsLabel(marker) && !b.ActiveIdentity().Matches(marker)
}

// MarkerIsLabel tells whether a marker is nothing but a constant of the source on disk, or
// a variable that the unit sets by hand: then an old one proves an old label, not old code.
func (b *Box) MarkerIsLabel(marker string) bool {
	if b.Label.Value.Repeated && marker == b.AppTally().Only() || slices.Contains(b.Code.Value.Constants, marker) {
		return true
	}
	for _, name := range []string{"APP_RELEASE", "APP_VERSION", "RELEASE", "GIT_SHA", "GIT_COMMIT"} {
		if value, ok := b.Environment.Value.Shown[name]; ok && value == marker {
			return true
		}
	}
	return false
}

// PageDiffers tells whether Nginx, or the public address, answers the site's page with
// different content than the app does, where the app's own answer is the same each time;
// known is false where the page is not stable, so that a difference would tell nothing.
func (b *Box) PageDiffers(asked facts.Asked) (differs, known bool) {
	app := b.Site.Value.App.Home
	if len(app) < 2 || len(asked.Home) == 0 || app[0].SHA256 != app[1].SHA256 || app[0].Status != 200 {
		return false, false
	}
	first := asked.Home[0]
	if first.Status != 200 || first.Problem != "" {
		return false, false
	}
	return first.SHA256 != app[0].SHA256, true
}
