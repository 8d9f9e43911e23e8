package facts

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"flasktui/sys"
)

// leaveUnusedLink takes a link that only stands beside the releases for none where nothing
// that starts the service goes through it and that names a newer release itself: it is of
// another time, and to move it would change nothing.
func (deployment *Deployment) leaveUnusedLink(named []string) {
	link := deployment.Link
	if link == nil || link.NotALink || link.Dangling {
		return
	}
	at := func(name string) int {
		return slices.IndexFunc(deployment.Releases, func(release Release) bool { return sys.Within(release.Path, name) })
	}
	newest := at(deployment.Resolved)
	for _, name := range append(named, deployment.Directory) {
		if _, through := link.Rest(name); through {
			return
		}
		newest = max(newest, at(name))
	}
	if newest > at(link.Resolved) {
		deployment.Link, deployment.Active = nil, deployment.Resolved
	}
}

// namedByUnit are the paths that a start goes by: those of the unit on disk where it could be
// read.
func (facts *Facts) namedByUnit() []string {
	files := facts.UnitFiles.Value
	if !facts.UnitFiles.Known || files.Fragment == nil {
		return facts.startedWith()
	}
	named := []string{files.WorkingDirectory.Value, files.Settings.Chdir, facts.Settings.Value.Chdir}
	return append(named, files.ExecStart[:min(len(files.ExecStart), 1)]...)
}

// orderOf tells by which kind of order a release is named: "time" (a date, a time stamp,
// an epoch), "number" (v3, 1.4.2, release-12); empty where the name holds none (a commit).
func orderOf(name string) string {
	switch {
	case regexp.MustCompile(`^\D*(19|20)\d{2}[-_.]?(0[1-9]|1[0-2])[-_.]?([0-2]\d|3[01])([-_.T]?\d+)*Z?$`).MatchString(name):
		return "time"
	case regexp.MustCompile(`^\D*1\d{9}(\d{3})?$`).MatchString(name):
		return "time"
	case regexp.MustCompile(`^([a-zA-Z]+[-_.]?)*v?\d{1,6}([._-]\d{1,6})*$`).MatchString(name):
		return "number"
	}
	return ""
}

// compareNatural orders names so that v9 comes before v10.
func compareNatural(a, b string) int {
	numbers := regexp.MustCompile(`\d+`)
	one, other := numbers.FindAllString(a, -1), numbers.FindAllString(b, -1)
	for index := range min(len(one), len(other)) {
		x, y := strings.TrimLeft(one[index], "0"), strings.TrimLeft(other[index], "0")
		if order := cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(x, y)); order != 0 {
			return order
		}
	}
	return cmp.Or(cmp.Compare(len(one), len(other)), cmp.Compare(a, b))
}
