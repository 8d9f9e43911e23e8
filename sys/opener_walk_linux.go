package sys

import (
	"errors"
	"path"
	"path/filepath"
	"slices"

	"golang.org/x/sys/unix"
)

// walk follows a path element by element, and holds each directory that it is in: nobody
// can exchange what is held.
type walk struct {
	opener *opener
	// held are the directories from the root to here; ".." goes back among them, so that
	// it leads out of no root.
	held []place
	rest []string
	led  []Decider
	// shared are the directories that containers write to, too; within are those of them in
	// which a link was followed that may be a container's.
	shared, within []string
	// passed are the directories that were on the way before anybody led anywhere: who
	// asks for the path has named them.
	passed []inode
}

// place is a directory that is held.
type place struct {
	descriptor int
	inode      inode
	name       string
}

func newWalk(opener *opener, root int, name string, who behalf) (*walk, error) {
	flags := unix.O_PATH | unix.O_DIRECTORY | unix.O_CLOEXEC
	at := "."
	if root == unix.AT_FDCWD && path.IsAbs(name) {
		at = "/"
	}
	descriptor, err := openAt(root, at, flags)
	if err != nil {
		return nil, err
	}
	w := &walk{opener: opener, rest: elements(name), led: slices.Clone(who.Led), shared: who.Shared}
	var stat unix.Stat_t
	if err := unix.Fstat(descriptor, &stat); err != nil {
		_ = unix.Close(descriptor)
		return nil, err
	}
	w.held = []place{{descriptor, inodeOf(&stat), "/"}}
	return w, nil
}

func (w *walk) close() { w.back(0) }

// back lets go of what is held beyond so many directories.
func (w *walk) back(count int) {
	for _, left := range w.held[count:] {
		_ = unix.Close(left.descriptor)
	}
	w.held = w.held[:count]
}

func (w *walk) here() place { return w.held[len(w.held)-1] }

// run walks to the end. Where the path leads nowhere, the name of what was opened is how
// far its links could be followed, and what was left of the path.
func (w *walk) run(why purpose) (*opened, error) {
	for links := 0; len(w.rest) > 0; {
		element := w.rest[0]
		w.rest = w.rest[1:]
		if element == ".." {
			w.back(max(1, len(w.held)-1))
			continue
		}
		last := len(w.rest) == 0 && why != toEnter
		next, err := w.enter(element, !last || why == toList)
		if err != nil {
			return &opened{descriptor: -1, name: path.Join(w.here().name, element, path.Join(w.rest...))}, err
		}
		switch {
		case next.kind() == unix.S_IFLNK && !(last && why == toLook):
			err = w.follow(next, &links)
		case last:
			return w.arrive(next, why)
		default:
			err = w.pass(next)
		}
		if err != nil {
			next.close()
			return &opened{descriptor: -1, name: next.name}, err
		}
	}
	return w.arriveHere(why)
}

// enter opens one element. To ask for a directory first is what mounts one that is to be
// mounted when it is used (autofs); O_PATH alone does not.
func (w *walk) enter(element string, directory bool) (*opened, error) {
	next := &opened{name: path.Join(w.here().name, element)}
	err := error(unix.ENOTDIR)
	if directory {
		next.descriptor, err = openAt(w.here().descriptor, element, pathOnly|unix.O_DIRECTORY)
	}
	if errors.Is(err, unix.ENOTDIR) || errors.Is(err, unix.ELOOP) {
		next.descriptor, err = openAt(w.here().descriptor, element, pathOnly)
	}
	if err != nil {
		return nil, err
	}
	if err := unix.Fstat(next.descriptor, &next.stat); err != nil {
		next.close()
		return nil, err
	}
	return next, nil
}

// follow goes on where a link leads, on behalf of those who decide that it leads there.
func (w *walk) follow(link *opened, links *int) error {
	if *links++; *links > LinkLimit {
		return unix.ELOOP
	}
	target, err := link.target()
	if err != nil {
		return err
	}
	if target == "" {
		return unix.ENOENT
	}
	w.led = together(w.led, w.opener.ofEntry(w.here().inode, inodeOf(&link.stat), true))
	if owned, err := ownersAreKnown(link.descriptor); err != nil || !owned {
		w.led = together(w.led, []Decider{{Anybody: true}})
	}
	for _, directory := range w.shared {
		if link.stat.Uid == 0 && Within(directory, link.name) {
			w.within = append(w.within, directory)
		}
	}
	link.close()
	link.descriptor = -1
	if filepath.IsAbs(target) {
		w.back(1)
	}
	w.rest = append(elements(target), w.rest...)
	return nil
}

// ownersAreKnown tells of a file system whether its owners are what the kernel keeps: a
// program that serves one (FUSE) may say of its own links that they are root's.
func ownersAreKnown(descriptor int) (bool, error) {
	var stat unix.Statfs_t
	err := retry(func() error { return unix.Fstatfs(descriptor, &stat) })
	return int64(stat.Type) != unix.FUSE_SUPER_MAGIC, err //nolint:unconvert // 32 bits wide elsewhere
}

// pass goes into a directory.
func (w *walk) pass(next *opened) error {
	if next.kind() != unix.S_IFDIR {
		return unix.ENOTDIR
	}
	entered := inodeOf(&next.stat)
	if err := w.judge(next.name, entered, maySearch); err != nil {
		return err
	}
	if len(w.led) == 0 && len(w.within) == 0 {
		w.passed = append(w.passed, entered)
	}
	w.held = append(w.held, place{next.descriptor, entered, next.name})
	return nil
}

func (w *walk) judge(name string, directory inode, bits uint32) error {
	known := func(passed inode) bool { return passed.device == directory.device && passed.number == directory.number }
	if slices.ContainsFunc(w.passed, known) {
		return nil
	}
	return judgeAll(directory, w.leaders(name), bits)
}

// leaders are those who led to what was opened. A container's root is not the box's: its
// link in a directory that it shares is followed inside that directory, or to what
// everybody may read.
func (w *walk) leaders(name string) []Decider {
	for _, directory := range w.within {
		if !Within(directory, name) && !Within(name, directory) {
			return together(slices.Clone(w.led), []Decider{{Anybody: true}})
		}
	}
	return w.led
}

// arrive judges what the path ended at.
func (w *walk) arrive(end *opened, why purpose) (*opened, error) {
	end.led = w.leaders(end.name)
	what := inodeOf(&end.stat)
	var err error
	switch {
	case why == toLook, why == toEnter:
	case end.kind() == unix.S_IFDIR:
		err = w.judge(end.name, what, mayList)
	case end.kind() == unix.S_IFREG:
		err = w.opener.judgeFile(w.here().inode, what, end.led)
	}
	if errors.Is(err, ErrKept) {
		end.kept, err = err, nil
	}
	if err != nil {
		end.close()
		return &opened{descriptor: -1, name: end.name}, err
	}
	return end, nil
}

// arriveHere ends at a directory that is held already: "/", or where ".." led.
func (w *walk) arriveHere(why purpose) (*opened, error) {
	here := w.here()
	end := &opened{name: here.name}
	var err error
	if end.descriptor, err = openAt(here.descriptor, ".", unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC); err != nil {
		return nil, err
	}
	if err := unix.Fstat(end.descriptor, &end.stat); err != nil {
		end.close()
		return nil, err
	}
	return w.arrive(end, why)
}
