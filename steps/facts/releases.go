package facts

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"flasktui/sys"
)

// findLink looks for the link that chooses the release: on the way to the directory, or,
// where that is named by its real path, beside the directory of releases. It fails where
// something on the way may be that link, and could not be looked at.
func (look *look) findLink(ctx context.Context, deployment *Deployment) error {
	directory := deployment.Directory
	elements := strings.Split(strings.Trim(path.Clean(directory), "/"), "/")
	for count := range elements {
		prefix := "/" + strings.Join(elements[:count+1], "/")
		info, err := look.machine.Stat(ctx, prefix)
		chooses := false
		if err == nil && info.IsLink() {
			chooses, err = look.choosesRelease(ctx, prefix)
		}
		if errors.Is(err, fs.ErrNotExist) || err != nil && deployment.Problem != "" {
			break
		}
		if err != nil {
			return fmt.Errorf("whether %s chooses the release: %w", prefix, err)
		}
		if chooses {
			last, info := look.lastLink(ctx, prefix, info)
			look.enterLink(ctx, deployment, last, info)
			if last != prefix {
				deployment.Link.Outer = prefix
			}
			return nil
		}
	}
	for parent := deployment.Resolved; parent != "/" && parent != "."; parent = path.Dir(parent) {
		releases := path.Dir(parent)
		if link, info, ok := look.linkInto(ctx, path.Dir(releases), releases); ok {
			look.enterLink(ctx, deployment, link, info)
			return nil
		}
	}
	look.findDirectoryInPlaceOfLink(ctx, deployment, directory)
	if parent := path.Dir(deployment.Resolved); deployment.Link == nil && isReleasesName(path.Base(parent)) {
		// No link chooses: the unit itself names the release.
		deployment.ReleasesDirectory = parent
	}
	return nil
}

// lastLink follows a link to a link: the one that deploys move is the last, which itself
// leads into the releases.
func (look *look) lastLink(ctx context.Context, name string, info sys.FileInfo) (string, sys.FileInfo) {
	const furthest = 8
	for range furthest {
		target, err := look.machine.ReadLink(ctx, name)
		if err != nil {
			break
		}
		next := absolute(path.Dir(name), path.Clean(target))
		nextInfo, err := look.machine.Stat(ctx, next)
		if err != nil || !nextInfo.IsLink() {
			break
		}
		if chooses, err := look.choosesRelease(ctx, next); err != nil || !chooses {
			break
		}
		name, info = next, nextInfo
	}
	return name, info
}

// linksBeside are the other links beside the one that chooses the release, and where they
// lead: what they choose is somebody else's.
func (look *look) linksBeside(ctx context.Context, link string) map[string]string {
	entries, err := look.machine.ReadDir(ctx, path.Dir(link))
	if err != nil {
		return nil
	}
	beside := map[string]string{}
	for _, entry := range entries {
		name := path.Join(path.Dir(link), entry.Name)
		if name == link || entry.Type&fs.ModeSymlink == 0 || len(beside) >= mostLinksBeside {
			continue
		}
		if resolved, err := look.machine.Resolve(ctx, name); err == nil {
			beside[name] = resolved
		}
	}
	return beside
}

// mostLinksBeside bounds how many links beside the release's are followed.
const mostLinksBeside = 50

// choosesRelease tells a link between releases from any other on the way (a /srv that is
// a link to another disk): it leads into a directory in which another one stands, or
// nowhere at all while a directory of releases is beside it.
func (look *look) choosesRelease(ctx context.Context, link string) (bool, error) {
	resolved, err := look.machine.Resolve(ctx, link)
	if err != nil {
		return look.releasesBeside(ctx, path.Dir(link)) != "", nil
	}
	if isReleasesName(path.Base(path.Dir(resolved))) {
		return true, nil
	}
	siblings, err := look.machine.ReadDir(ctx, path.Dir(resolved))
	if err != nil {
		return false, fmt.Errorf("what lies beside %s: %w", resolved, err)
	}
	// Side by side with the link itself (shop-v1, shop-v2, shop), the name must
	// carry the order, or else any link would do.
	inSameParent := path.Dir(resolved) == path.Dir(link)
	directories := 0
	for _, sibling := range siblings {
		if sibling.Type.IsDir() && (!inSameParent || orderOf(sibling.Name) != "") {
			directories++
		}
	}
	if directories > 0 && orderOf(path.Base(resolved)) != "" && path.Dir(link) != "/" {
		return true, nil
	}
	return look.leadsToCopies(ctx, link, resolved, siblings), nil
}

func isReleasesName(name string) bool {
	return slices.Contains([]string{"releases", "release", "versions", "builds", "deploys", "deployments", "dists"}, name)
}

// releasesBeside is the directory of releases in a directory; empty for none.
func (look *look) releasesBeside(ctx context.Context, directory string) string {
	entries, err := look.machine.ReadDir(ctx, directory)
	if err != nil {
		return ""
	}
	for _, entry := range entries {
		if entry.Type.IsDir() && isReleasesName(entry.Name) {
			return path.Join(directory, entry.Name)
		}
	}
	return ""
}

// linkInto finds, in a directory, a link that leads into another directory.
func (look *look) linkInto(ctx context.Context, directory, into string) (string, sys.FileInfo, bool) {
	if into == "/" || !isReleasesName(path.Base(into)) {
		return "", sys.FileInfo{}, false
	}
	entries, err := look.machine.ReadDir(ctx, directory)
	if err != nil {
		return "", sys.FileInfo{}, false
	}
	// "current" first: other links into the releases ("previous") choose nothing.
	slices.SortStableFunc(entries, func(a, b sys.Entry) int {
		return cmp.Compare(linkRank(a.Name), linkRank(b.Name))
	})
	for _, entry := range entries {
		name := path.Join(directory, entry.Name)
		info, err := look.machine.Stat(ctx, name)
		if err != nil || !info.IsLink() || linkRank(entry.Name) > 1 {
			continue
		}
		target, err := look.machine.ReadLink(ctx, name)
		if err == nil && sys.Within(into, absolute(directory, path.Clean(target))) {
			return name, info, true
		}
	}
	return "", sys.FileInfo{}, false
}

// linkRank puts names that by custom are not the active release last.
func linkRank(name string) int {
	switch name {
	case "current", "live", "active":
		return 0
	case "previous", "rollback", "last", "old", "next", "staging":
		return 2
	}
	return 1
}

func (look *look) enterLink(ctx context.Context, deployment *Deployment, name string, info sys.FileInfo) {
	link := &Link{Path: name, Info: info}
	link.Target, _ = look.machine.ReadLink(ctx, name)
	resolved, err := look.machine.Resolve(ctx, name)
	if err != nil && !isMissing(err) {
		// Something may be there; it is only not known what.
		deployment.Problem, deployment.Unread = cmp.Or(deployment.Problem, problemOf(err)), true
		return
	}
	link.Resolved = resolved
	link.Dangling = err != nil
	link.Beside = look.linksBeside(ctx, name)
	deployment.Link = link
	deployment.ReleasesDirectory = path.Dir(resolved)
	if link.Dangling {
		if beside := look.releasesBeside(ctx, path.Dir(name)); beside != "" {
			deployment.ReleasesDirectory = beside
		}
		return
	}
	look.findNested(ctx, deployment)
}

// findNested looks for the link that `ln -sf` leaves inside the release when it is given
// the name of an existing link to a directory (G24).
func (look *look) findNested(ctx context.Context, deployment *Deployment) {
	link := deployment.Link
	entries, err := look.machine.ReadDir(ctx, link.Resolved)
	if err != nil {
		return
	}
	for _, entry := range entries {
		name := path.Join(link.Resolved, entry.Name)
		if entry.Type.IsDir() || entry.Type.IsRegular() {
			continue
		}
		target, err := look.machine.ReadLink(ctx, name)
		if err != nil || path.Base(target) != entry.Name {
			continue
		}
		resolved, err := look.machine.Resolve(ctx, absolute(link.Resolved, target))
		if err == nil && resolved != link.Resolved && path.Dir(resolved) == deployment.ReleasesDirectory {
			link.Nested, link.NestedTarget = name, resolved
			return
		}
	}
}

// findDirectoryInPlaceOfLink sees a "current" that is a directory while releases stand
// beside it: something copied over the link.
func (look *look) findDirectoryInPlaceOfLink(ctx context.Context, deployment *Deployment, directory string) {
	for place := directory; place != "/" && place != "."; place = path.Dir(place) {
		if path.Base(place) != "current" {
			continue
		}
		info, err := look.machine.Stat(ctx, place)
		releases := look.releasesBeside(ctx, path.Dir(place))
		if err == nil && info.IsDir() && releases != "" {
			deployment.Link = &Link{Path: place, Resolved: place, Info: info, NotALink: true}
			deployment.ReleasesDirectory = releases
		}
	}
}

// readReleases lists the releases, oldest first. Which is the newest cannot be told of a
// directory that may not be read.
func (deployment *Deployment) readReleases(ctx context.Context, look *look, module string) error {
	if deployment.ReleasesDirectory == "" {
		return nil
	}
	entries, err := look.machine.ReadDir(ctx, deployment.ReleasesDirectory)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("the releases in %s: %w", deployment.ReleasesDirectory, err)
	}
	inside := ""
	if link := deployment.Link; link != nil && sys.Within(link.Resolved, deployment.Resolved) {
		inside = strings.TrimPrefix(deployment.Resolved, link.Resolved)
	}
	pattern := ""
	if deployment.Link != nil {
		pattern = orderOf(path.Base(deployment.Link.Resolved))
	}
	deployment.ByName = true
	for _, entry := range entries {
		name := path.Join(deployment.ReleasesDirectory, entry.Name)
		if !entry.Type.IsDir() || strings.HasPrefix(entry.Name, ".") || entry.Name == "current" {
			continue
		}
		order := orderOf(entry.Name)
		if !isReleasesName(path.Base(deployment.ReleasesDirectory)) && order == "" && !isCommitName(entry.Name) && !deployment.holdsCopiesAlone() {
			continue
		}
		info, err := look.machine.Stat(ctx, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue // It was removed just now.
		}
		if err != nil {
			return fmt.Errorf("the release %s: %w", name, err)
		}
		if order == "" || pattern != "" && order != pattern {
			deployment.ByName = false
		}
		release := Release{Name: entry.Name, Path: name, Info: info}
		release.Complete = look.holdsModule(ctx, name+inside, module)
		release.Commit = look.readRevision(ctx, name)
		deployment.Releases = append(deployment.Releases, release)
	}
	slices.SortStableFunc(deployment.Releases, deployment.CompareAge)
	return nil
}

// CompareAge puts the older of two releases first: by their names, where all of these tell it,
// or else by when they were made.
func (deployment *Deployment) CompareAge(a, b Release) int {
	if deployment.ByName {
		return compareNatural(a.Name, b.Name)
	}
	return cmp.Or(a.MadeAt().Compare(b.MadeAt()), cmp.Compare(a.Name, b.Name))
}

// MadeAt is when the release's directory was made, or, where the file system does not
// say, when its list of names last changed.
func (release Release) MadeAt() time.Time {
	if !release.Info.Born.IsZero() {
		return release.Info.Born
	}
	return release.Info.Modified
}

// Newest is the newest complete release; ok is false where there is none.
func (deployment *Deployment) Newest() (Release, bool) {
	complete := slices.DeleteFunc(slices.Clone(deployment.Releases), func(release Release) bool { return !release.Complete })
	if len(complete) == 0 {
		return Release{}, false
	}
	return slices.MaxFunc(complete, deployment.CompareAge), true
}

// ReleaseOf is the release that a path lies in.
func (deployment *Deployment) ReleaseOf(name string) (Release, bool) {
	for _, release := range deployment.Releases {
		if sys.Within(release.Path, name) {
			return release, true
		}
	}
	return Release{}, false
}
