package box

import (
	"cmp"
	"slices"
	"strings"

	"flasktui/steps/facts"
	"flasktui/sys"
	"flasktui/sys/git"
	"flasktui/sys/web"
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

// Matches tells whether a marker names this release: by its name, or by its commit.
func (id Identity) Matches(marker string) bool {
	return slices.ContainsFunc(id.names(), func(own string) bool { return web.SameRelease(own, marker) })
}

// MatchesExpected tells whether what the person expects (--expect) names this release. A name
// may be given by its beginning then.
func (id Identity) MatchesExpected(expect string) bool {
	return slices.ContainsFunc(id.names(), func(own string) bool { return IsExpected(own, expect) })
}

func (id Identity) names() []string {
	return slices.DeleteFunc([]string{id.Name, id.Commit, id.revision}, func(name string) bool { return name == "" })
}

// IsExpected tells whether a release's name, commit or marker is what the person expects,
// which may be its beginning: up to where a part of it ends ("20261102" of "20261102-1000"),
// or as much of a time of digits alone as is a day. What ends within a number or a word is
// another name: "release-1" is not "release-12".
func IsExpected(own, expect string) bool {
	if web.SameRelease(own, expect) {
		return true
	}
	const day = 8
	own, expect = web.PlainName(own), web.PlainName(expect)
	rest, begins := strings.CutPrefix(own, expect)
	if !begins || expect == "" {
		return false
	}
	digits := func(name string) bool { return strings.Trim(name, "0123456789") == "" }
	return strings.ContainsAny(rest[:1], "-_.+ ~@:/T") || len(expect) >= day && digits(own)
}

// Label is the shortest name that a person would recognise.
func (id Identity) Label() sys.Text {
	if id.Name != "" && id.Commit != "" && !web.SameRelease(id.Name, id.Commit) {
		return sys.Textf("%s (%s)", id.Name, ShortCommit(id.Commit))
	}
	return sys.Textf("%s", cmp.Or(id.Name, ShortCommit(id.Commit), ShortCommit(id.revision)))
}

// CommitNamed tells whether a name is that of one of the commits.
func CommitNamed(name string, commits ...string) bool {
	return slices.ContainsFunc(commits, func(commit string) bool { return git.SameCommit(commit, name) })
}

// Contradicts tells whether something that bears a name of the same kind as the expected one,
// on disk or in the site's answers, is called otherwise.
func (b *Box) Contradicts(expect string) bool {
	named := append(slices.Concat(b.AppTally().Values, b.NginxTally().Values), b.ActiveIdentity().names()...)
	return slices.ContainsFunc(named, func(name string) bool { return web.NamedAlike(name, expect) })
}

// SiteNames tells whether the site, wherever it was asked, says that it is the expected release.
func (b *Box) SiteNames(release string) bool {
	return slices.ContainsFunc(b.ReleasesNamed(), func(value string) bool { return IsExpected(value, release) })
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
	return b.Options.Expect != "" && b.ActiveIdentity().MatchesExpected(b.Options.Expect)
}

// WantedRelease is the release that ought to be live: the expected one, else the newest.
func (b *Box) WantedRelease() (facts.Release, bool) {
	deployment := b.Deployment.Value
	if b.Options.Expect == "" {
		return deployment.Newest()
	}
	// Of several that begin as expected, the one that is active is it.
	for _, named := range []func(Identity, string) bool{Identity.Matches, Identity.MatchesExpected} {
		var wanted facts.Release
		for _, release := range deployment.Releases {
			newer := wanted.Path == "" || release.Path == deployment.Active || wanted.Path != deployment.Active && deployment.CompareAge(release, wanted) > 0
			if release.Complete && newer && named(ReleaseIdentity(release), b.Options.Expect) {
				wanted = release
			}
		}
		if wanted.Path != "" {
			return wanted, true
		}
	}
	return facts.Release{}, false
}
