package facts

import (
	"context"
	"path"
	"slices"
	"strings"

	"flasktui/sys"
)

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
