package sys

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"golang.org/x/sys/unix"
)

// opener is the one way to a file. It opens what a path leads to without acting on it
// (O_PATH), by held directories, and judges who decided that it leads there by what was
// opened: a name that was looked at may lead elsewhere by the time it is used.
//
// A path below /proc/PID/root is followed inside that root, as the processes of the
// container do: an absolute link in an image leads to the image's own file.
type opener struct {
	authority
	// plain is set where the kernel has no openat2(2), or a sandbox refuses it.
	plain atomic.Bool
}

// purpose is what something is opened for, which says whether a link at the end of the path
// is followed, and what those who led there must be allowed to do with it themselves.
type purpose int

const (
	// toLook is for what stat(2) and readlink(2) say of the path itself.
	toLook purpose = iota
	// toList is for the names in a directory.
	toList
	// toRead is for the content of a file.
	toRead
	// toResolve is for the name of what it leads to.
	toResolve
	// toEnter is for what lies in a directory, by names that are known.
	toEnter
)

// opened is what a path led to: a descriptor without the right to read (O_PATH).
type opened struct {
	descriptor int
	stat       unix.Stat_t
	// name is the path without a link in it.
	name string
	// led lists those who decided that the path leads there.
	led []Decider
	// kept is ErrKept for a file whose content is not to be shown.
	kept error
}

func (o *opened) close() { _ = unix.Close(o.descriptor) }

func (o *opened) kind() uint32 { return o.stat.Mode & unix.S_IFMT }

const (
	pathOnly = unix.O_PATH | unix.O_NOFOLLOW | unix.O_CLOEXEC
)

// open opens a path for a purpose, on behalf of those who have led there already.
func (o *opener) open(name string, who behalf, why purpose) (*opened, error) {
	root, inside := splitRoot(name)
	if why == toLook && (strings.HasSuffix(name, "/") || strings.HasSuffix(name, "/.")) {
		// Such a name is that of the directory itself, not of a link to it.
		why = toResolve
	}
	place := unix.AT_FDCWD
	if root != "" {
		container, runners, err := o.openRoot(root)
		if err != nil {
			return nil, err
		}
		defer func() { _ = unix.Close(container) }()
		place, who = container, behalf{Led: together(slices.Clone(who.Led), runners)}
	}
	if len(who.Led) == 0 && !o.plain.Load() {
		if found, done, err := o.atOnce(place, root, inside, why); done {
			return found, err
		}
	}
	walk, err := newWalk(o, place, inside, who)
	if err != nil {
		return nil, err
	}
	defer walk.close()
	found, err := walk.run(why)
	if found != nil {
		found.name = path.Join("/", root, found.name)
	}
	return found, err
}

// atOnce has the kernel walk a path in which no link is, the common case: where nobody's
// link leads, nobody leads. done is false where the path has to be walked step by step.
func (o *opener) atOnce(place int, root, inside string, why purpose) (found *opened, done bool, err error) {
	how := unix.OpenHow{Flags: pathOnly, Resolve: unix.RESOLVE_NO_SYMLINKS | unix.RESOLVE_NO_MAGICLINKS}
	if root != "" {
		how.Resolve |= unix.RESOLVE_IN_ROOT
	}
	var descriptor int
	err = retry(func() (err error) {
		descriptor, err = unix.Openat2(place, inside, &how)
		return err
	})
	switch {
	case err == nil:
	case errors.Is(err, unix.ENOSYS), errors.Is(err, unix.EPERM), errors.Is(err, unix.EINVAL), errors.Is(err, unix.E2BIG):
		o.plain.Store(true)
		return nil, false, nil
	case why == toResolve, errors.Is(err, unix.ELOOP), errors.Is(err, unix.EAGAIN):
		return nil, false, nil
	default:
		return nil, true, err
	}
	found = &opened{descriptor: descriptor, name: path.Join("/", root, inside)}
	if err := unix.Fstat(descriptor, &found.stat); err != nil {
		found.close()
		return nil, true, err
	}
	// What everybody may read needs no look at whose directory it lies in.
	judged := found.kind() != unix.S_IFREG || found.stat.Mode&mayRead != 0 || why == toLook || why == toList
	if !judged || found.kind() == unix.S_IFLNK && why != toLook {
		found.close()
		return nil, false, nil
	}
	return found, true, nil
}

// openRoot opens the root of a process, and says on whose behalf: a process sees there what
// it has mounted, so what it may not read itself is not read for it.
func (o *opener) openRoot(root string) (int, []Decider, error) {
	process, err := openAt(unix.AT_FDCWD, path.Dir(root), unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC)
	if err != nil {
		return -1, nil, err
	}
	defer func() { _ = unix.Close(process) }()
	// The root comes first: who has left the box's own root behind cannot become root any
	// more by the time whose process it is is read; the other way round, a sudo could still
	// turn into a user's program with a root of its own.
	container, err := openAt(process, "root", unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC)
	if err != nil {
		return -1, nil, err
	}
	runners, err := o.runnersOf(process, root)
	if err != nil {
		_ = unix.Close(container)
		return -1, nil, err
	}
	return container, runners, nil
}

// runnersOf are those as whom a process runs that is held.
func (o *opener) runnersOf(process int, root string) ([]Decider, error) {
	status, err := openAt(process, "status", unix.O_RDONLY|unix.O_CLOEXEC)
	if err != nil {
		return nil, err
	}
	defer func() { _ = unix.Close(status) }()
	const enough = 64 << 10
	raw, err := readUpTo(status, root, 0, enough)
	if err != nil && !errors.Is(err, ErrTruncated) {
		return nil, err
	}
	return o.runners(string(raw)), nil
}

// runners reads proc_pid_status(5): "Uid:" and "Gid:" with four numbers each (real,
// effective, saved, file system), as the box counts them, and "Groups:".
func (o *opener) runners(status string) []Decider {
	var users, groups []uint32
	for line := range strings.Lines(status) {
		name, values, _ := strings.Cut(line, ":")
		for _, field := range strings.Fields(values) {
			id, err := strconv.ParseUint(field, 10, 32)
			switch {
			case err != nil:
			case name == "Uid":
				users = append(users, uint32(id))
			case name == "Gid" || name == "Groups":
				groups = append(groups, uint32(id))
			}
		}
	}
	var runners []Decider
	for i, user := range users {
		if !o.trusts(user) && (i == 0 || user != users[i-1]) {
			runners = append(runners, Decider{User: user, Groups: groups})
		}
	}
	return runners
}

func openAt(directory int, name string, flags int) (descriptor int, err error) {
	err = retry(func() (err error) {
		descriptor, err = unix.Openat(directory, name, flags, 0)
		return err
	})
	return descriptor, err
}

// again opens what is held once more, now to read it. It is the same inode by any name.
func (o *opened) again(flags int) (int, error) {
	return openAt(unix.AT_FDCWD, fmt.Sprint("/proc/self/fd/", o.descriptor), unix.O_RDONLY|unix.O_NONBLOCK|unix.O_NOCTTY|unix.O_CLOEXEC|flags)
}

// regular opens a file's content. Opening alone may act (a watchdog) or wait (a FIFO), so
// nothing but a file ever is.
func (o *opened) regular() (int, error) {
	if o.kind() != unix.S_IFREG {
		return -1, ErrNotRegular
	}
	return o.again(0)
}

func (o *opened) target() (string, error) {
	if o.kind() != unix.S_IFLNK {
		return "", unix.EINVAL
	}
	return readLinkAt(o.descriptor, "")
}

func readLinkAt(descriptor int, name string) (string, error) {
	buffer := make([]byte, unix.PathMax)
	var count int
	err := retry(func() (err error) {
		count, err = unix.Readlinkat(descriptor, name, buffer)
		return err
	})
	return string(buffer[:max(count, 0)]), err
}

func inodeOf(stat *unix.Stat_t) inode {
	//nolint:unconvert // the types differ between architectures
	return inode{uid: stat.Uid, gid: stat.Gid, mode: stat.Mode, links: uint64(stat.Nlink), device: uint64(stat.Dev), number: stat.Ino}
}
