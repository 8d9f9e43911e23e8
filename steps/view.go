package steps

import (
	"cmp"
	"strings"
	"time"

	"flasktui/steps/facts"
	"flasktui/sys"
)

// view is the facts with what every judgement needs worked out from them once. It is
// never changed after newView.
type view struct {
	*facts.Facts
	unit    facts.Unit
	hasUnit bool
	// main is the service's own Gunicorn; running says that there is one.
	main    facts.Gunicorn
	running bool
	// preload: the master imports the app; preloadKnown is false where that could not
	// be told.
	preload, preloadKnown bool
	// loaders are the processes that imported the app, with what they imported.
	loaders []loader
	// change is when the code that should run came to be as it is.
	change codeChange
	// serving are the Gunicorns behind the address that Nginx (or the visitor) asks,
	// whosever they are.
	serving []facts.Gunicorn
	// backends are the addresses that Nginx sends the site's requests to.
	backends []string
}

func newView(known *facts.Facts) *view {
	v := &view{Facts: known}
	v.unit, v.hasUnit = known.Unit()
	v.main, v.running = known.Main()
	v.preload, v.preloadKnown = known.Settings.Value.Preloads()
	if !known.Settings.Known {
		v.preloadKnown = false
	}
	v.readBackends()
	v.change = v.codeChange()
	v.loaders = v.readLoaders()
	return v
}

// readBackends finds who answers the site's requests.
func (v *view) readBackends() {
	address := v.Site.Value.Address
	v.backends = v.SiteBackends(address)
	if len(v.backends) == 0 && address.Location == nil {
		v.backends = v.Settings.Value.Wanted
	}
	seen := map[int]bool{}
	for _, backend := range v.backends {
		for _, gunicorn := range v.GunicornsAt(backend) {
			if !seen[gunicorn.Master.PID] {
				seen[gunicorn.Master.PID] = true
				v.serving = append(v.serving, gunicorn)
			}
		}
	}
}

// isOwn tells whether a Gunicorn belongs to the examined service.
func (v *view) isOwn(gunicorn facts.Gunicorn) bool {
	for _, own := range v.Own() {
		if own.Master.PID == gunicorn.Master.PID {
			return true
		}
	}
	return false
}

// clock writes a time as a person on the box would read it, with the day where it is not
// the day of the look.
func (v *view) clock(at time.Time) sys.Text {
	if at.IsZero() {
		return "unknown"
	}
	at = at.In(v.TakenAt.Location())
	if at.YearDay() == v.TakenAt.YearDay() && at.Year() == v.TakenAt.Year() {
		return sys.Text(at.Format("15:04:05"))
	}
	return sys.Text(at.Format("2006-01-02 15:04:05"))
}

// exactClock is clock with milliseconds, for times that lie close together.
func (v *view) exactClock(at, other time.Time) sys.Text {
	if gap := at.Sub(other); gap > -2*time.Second && gap < 2*time.Second {
		return sys.Text(at.In(v.TakenAt.Location()).Format("15:04:05.000"))
	}
	return v.clock(at)
}

// shortCommit is how git abbreviates.
func shortCommit(commit string) string {
	if len(commit) >= 40 && isHexadecimal(commit) {
		return commit[:7]
	}
	return commit
}

func isHexadecimal(text string) bool {
	return text != "" && strings.Trim(strings.ToLower(text), "0123456789abcdef") == ""
}

// identity is the names by which a release may call itself.
type identity struct {
	name, commit, revision string
}

// matches tells whether a marker, or what the person expects, names this release. Hex
// names are compared by prefix, as git does, from four digits up; others whole, with or
// without a leading "v".
func (id identity) matches(wanted string) bool {
	wanted = strings.TrimSpace(wanted)
	if wanted == "" {
		return false
	}
	for _, own := range []string{id.name, id.commit, id.revision} {
		if own != "" && sameRelease(own, wanted) {
			return true
		}
	}
	return false
}

func sameRelease(own, wanted string) bool {
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

// label is the shortest name that a person would recognise.
func (id identity) label() sys.Text {
	if id.name != "" && id.commit != "" && !sameRelease(id.name, id.commit) {
		return sys.Textf("%s (%s)", id.name, shortCommit(id.commit))
	}
	return sys.Textf("%s", cmp.Or(id.name, shortCommit(id.commit), shortCommit(id.revision)))
}

// activeIdentity is the release that the disk says should run.
func (v *view) activeIdentity() identity {
	deployment := v.Deployment.Value
	id := identity{revision: deployment.Revision}
	if release, ok := deployment.ReleaseOf(deployment.Active); ok {
		id.name = release.Name
		id.commit = release.Commit
	}
	if deployment.Repository != nil {
		id.commit = cmp.Or(id.commit, deployment.Repository.Commit)
	}
	if id.commit == "" && isHexadecimal(deployment.Revision) {
		id.commit = deployment.Revision
	}
	return id
}

// releaseIdentity is a release among its siblings.
func releaseIdentity(release facts.Release) identity {
	return identity{name: release.Name, commit: release.Commit}
}
