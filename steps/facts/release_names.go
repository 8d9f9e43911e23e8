package facts

import (
	"cmp"
	"context"
	"path"
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

// This file knows releases without their names (G52): what makes a directory one is that a
// link beside it or above it leads to one of its siblings.

// leadsToCopies tells whether a link leads to one of several copies of the same: into a
// directory below its own that holds nothing else, or, side by side with them, to one that is
// named by its commit as another is. A copy that somebody laid by, beside the link, is none.
func (look *look) leadsToCopies(ctx context.Context, link, resolved string, siblings []sys.Entry) bool {
	const most = 50
	above, parent := path.Dir(link), path.Dir(resolved)
	if above == "/" || !sys.Within(above, parent) {
		return false
	}
	own, err := look.machine.ReadDir(ctx, resolved)
	if err != nil {
		return false
	}
	copies := 0
	for _, sibling := range siblings[:min(len(siblings), most)] {
		name := path.Join(parent, sibling.Name)
		if !sibling.Type.IsDir() || name == resolved || strings.HasPrefix(sibling.Name, ".") {
			continue
		}
		other, err := look.machine.ReadDir(ctx, name)
		alike := err == nil && isCopyOf(own, other)
		switch {
		case alike && (above != parent || isCommitName(sibling.Name) && isCommitName(path.Base(resolved))):
			copies++
		case above != parent:
			return false
		}
	}
	return copies > 0
}

// isCopyOf tells whether two directories hold the same app: most of what is in the one is in
// the other by the same name, some of it Python's.
func isCopyOf(one, other []sys.Entry) bool {
	common, visible, python := 0, 0, false
	for _, entry := range one {
		if strings.HasPrefix(entry.Name, ".") || entry.Name == "__pycache__" {
			continue
		}
		visible++
		if slices.ContainsFunc(other, func(there sys.Entry) bool { return there.Name == entry.Name && there.Type == entry.Type }) {
			common++
			python = python || entry.Type.IsDir() || isSourceName(entry.Name)
		}
	}
	return python && common*2 >= visible
}

// isCommitName tells a name that is a commit, shortened or whole; figures alone may be a date.
func isCommitName(name string) bool {
	const shortest, whole = 7, 40
	return len(name) >= shortest && len(name) <= whole && strings.Trim(name, "0123456789abcdef") == "" && strings.ContainsAny(name, "abcdef")
}

// holdsCopiesAlone tells whether the releases stand in a directory of their own below the
// link's, whatever it is called, and their names hold no order.
func (deployment *Deployment) holdsCopiesAlone() bool {
	link := deployment.Link
	return link != nil && !link.Dangling && !link.NotALink && path.Dir(link.Path) != deployment.ReleasesDirectory && orderOf(path.Base(link.Resolved)) == ""
}
