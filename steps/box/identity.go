package box

import (
	"cmp"
	"slices"
	"strings"

	"flasktui/steps/facts"
	"flasktui/sys"
)

// ShortCommit is how git abbreviates.
func ShortCommit(commit string) string {
	if len(commit) >= 40 && isHexadecimal(commit) {
		return commit[:7]
	}
	return commit
}

func isHexadecimal(text string) bool {
	return text != "" && strings.Trim(strings.ToLower(text), "0123456789abcdef") == ""
}

// Identity is the names by which a release may call itself.
type Identity struct {
	Name, Commit, revision string
}

// Matches tells whether a marker, or what the person expects, names this release. Hex
// names are compared by prefix, as git does, from four digits up; others whole, with or
// without a leading "v".
func (id Identity) Matches(wanted string) bool {
	wanted = strings.TrimSpace(wanted)
	if wanted == "" {
		return false
	}
	for _, own := range []string{id.Name, id.Commit, id.revision} {
		if own != "" && SameRelease(own, wanted) {
			return true
		}
	}
	return false
}

// SameRelease compares two names of releases: hex names by prefix, as git does, from four
// digits up; others whole, with or without a leading "v".
func SameRelease(own, wanted string) bool {
	plain := func(name string) string { return strings.ToLower(strings.TrimPrefix(strings.TrimSpace(name), "v")) }
	one, other := plain(own), plain(wanted)
	if one == other {
		return one != ""
	}
	shorter, longer := one, other
	if len(shorter) > len(longer) {
		shorter, longer = longer, shorter
	}
	// A prefix of a plain number ("2" of "2024…") names nothing.
	const shortest = 4
	return len(shorter) >= shortest && strings.HasPrefix(longer, shorter) && (isHexadecimal(longer) || len(shorter) >= 7)
}

// Label is the shortest name that a person would recognise.
func (id Identity) Label() sys.Text {
	if id.Name != "" && id.Commit != "" && !SameRelease(id.Name, id.Commit) {
		return sys.Textf("%s (%s)", id.Name, ShortCommit(id.Commit))
	}
	return sys.Textf("%s", cmp.Or(id.Name, ShortCommit(id.Commit), ShortCommit(id.revision)))
}

// CommitNamed tells whether a name is that of one of the commits.
func CommitNamed(name string, commits ...string) bool {
	return slices.ContainsFunc(commits, func(commit string) bool { return commit != "" && SameRelease(commit, name) })
}

// NamedAlike tells whether two names of releases follow one pattern: numbers, decimal or
// hexadecimal, where the other has them, and the same words and marks between. Names that do
// not cannot be compared: "v2" contradicts "v1", and says nothing of a directory of a date.
func NamedAlike(one, other string) bool {
	return one != "" && other != "" && namePattern(one) == namePattern(other)
}

func namePattern(name string) string {
	var pattern strings.Builder
	last := false
	for _, char := range strings.ToLower(name) {
		number := strings.ContainsRune("0123456789abcdef", char)
		switch {
		case !number:
			pattern.WriteRune(char)
		case !last:
			pattern.WriteByte('0')
		}
		last = number
	}
	return pattern.String()
}

// Contradicts tells whether something that bears a name of the same kind as the expected one,
// on disk or in the site's answers, is called otherwise.
func (b *Box) Contradicts(expect string) bool {
	id := b.ActiveIdentity()
	named := append(slices.Concat(b.AppTally().Values, b.NginxTally().Values), id.Name, id.revision)
	if isHexadecimal(expect) && id.Commit != "" {
		return true
	}
	return slices.ContainsFunc(named, func(name string) bool { return NamedAlike(name, expect) })
}

// SiteNames tells whether the site, wherever it was asked, says that it is a release.
func (b *Box) SiteNames(release string) bool {
	named := slices.Concat(b.AppTally().Values, b.NginxTally().Values, TallyOf(b.Site.Value.Public.Version).Values)
	return slices.ContainsFunc(named, func(value string) bool { return SameRelease(value, release) })
}

// ActiveIdentity is the release that the disk says should run.
func (b *Box) ActiveIdentity() Identity {
	deployment := b.Deployment.Value
	id := Identity{revision: deployment.Revision}
	if release, ok := deployment.ReleaseOf(deployment.Active); ok {
		id.Name = release.Name
		id.Commit = release.Commit
	}
	if deployment.Repository != nil {
		id.Commit = cmp.Or(id.Commit, deployment.Repository.Commit)
	}
	if id.Commit == "" && isHexadecimal(deployment.Revision) {
		id.Commit = deployment.Revision
	}
	return id
}

// ReleaseIdentity is a release among its siblings.
func ReleaseIdentity(release facts.Release) Identity {
	return Identity{Name: release.Name, Commit: release.Commit}
}

// ExpectsActive tells whether the person said that the active release is the right one.
func (b *Box) ExpectsActive() bool {
	return b.Options.Expect != "" && b.ActiveIdentity().Matches(b.Options.Expect)
}

// WantedRelease is the release that ought to be live: the expected one, else the newest.
func (b *Box) WantedRelease() (facts.Release, bool) {
	deployment := b.Deployment.Value
	if b.Options.Expect == "" {
		return deployment.Newest()
	}
	for _, release := range deployment.Releases {
		if ReleaseIdentity(release).Matches(b.Options.Expect) && release.Complete {
			return release, true
		}
	}
	return facts.Release{}, false
}
