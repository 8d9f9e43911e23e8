package sys

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// readFile reads a file from its beginning, up to a limit.
func (o *opener) readFile(name string, who behalf, limit int64) ([]byte, error) {
	if kernelFile(name) {
		descriptor, err := openAt(unix.AT_FDCWD, name, unix.O_RDONLY|unix.O_NOFOLLOW|unix.O_NOCTTY|unix.O_CLOEXEC)
		if err != nil {
			return nil, fileError("open", name, err)
		}
		defer func() { _ = unix.Close(descriptor) }()
		return readUpTo(descriptor, name, 0, limit)
	}
	return o.read(name, who, func(descriptor int, size int64) ([]byte, error) {
		return readUpTo(descriptor, name, size, limit)
	})
}

// memory opens the memory of a process. The kernel itself looks at whose it is, and at the
// right to trace it.
func (o *opener) memory(pid int) (Memory, error) {
	name := fmt.Sprintf("/proc/%d/mem", pid)
	descriptor, err := openAt(unix.AT_FDCWD, name, unix.O_RDONLY|unix.O_NOFOLLOW|unix.O_CLOEXEC)
	if err != nil {
		return nil, fileError("open", name, err)
	}
	return os.NewFile(uintptr(descriptor), name), nil
}

// readEnd reads the last bytes of a file.
func (o *opener) readEnd(name string, who behalf, limit int64) ([]byte, error) {
	return o.read(name, who, func(descriptor int, size int64) ([]byte, error) {
		return readFrom(descriptor, name, size, limit)
	})
}

func (o *opener) read(name string, who behalf, read func(descriptor int, size int64) ([]byte, error)) ([]byte, error) {
	found, err := o.open(name, who, toRead)
	if err != nil {
		return nil, fileError("open", name, err)
	}
	defer found.close()
	descriptor, err := found.regular()
	if err != nil {
		return nil, fileError("read", name, err)
	}
	defer func() { _ = unix.Close(descriptor) }()
	data, err := read(descriptor, found.stat.Size)
	switch {
	case found.kept == nil:
		return data, err
	case err != nil:
		// Who takes a part for enough is not to take this one.
		return nil, fileError("read", name, ErrLedAway)
	}
	return data, fileError("read", name, found.kept)
}

// readLink returns a symbolic link's own text.
func (o *opener) readLink(name string, who behalf) (string, error) {
	if kernelLink(name) {
		target, err := readLinkAt(unix.AT_FDCWD, name)
		return target, fileError("readlink", name, err)
	}
	found, err := o.open(name, who, toLook)
	if err != nil {
		return "", fileError("readlink", name, err)
	}
	defer found.close()
	target, err := found.target()
	return target, fileError("readlink", name, err)
}

// list lists a directory, sorted by name.
func (o *opener) list(name string, who behalf) ([]Entry, error) {
	found, err := o.open(name, who, toList)
	if err != nil {
		return nil, fileError("readdir", name, err)
	}
	defer found.close()
	descriptor, err := found.again(unix.O_DIRECTORY)
	if err != nil {
		return nil, fileError("readdir", name, err)
	}
	// By this name, as a file system that does not tell types has them looked up by name.
	directory := os.NewFile(uintptr(descriptor), fmt.Sprint("/proc/self/fd/", descriptor))
	defer func() { _ = directory.Close() }()
	listed, err := directory.ReadDir(-1)
	if err != nil {
		return nil, fileError("readdir", name, err)
	}
	entries := make([]Entry, len(listed))
	for i, entry := range listed {
		entries[i] = Entry{Name: entry.Name(), Type: entry.Type()}
	}
	slices.SortFunc(entries, func(a, b Entry) int { return cmp.Compare(a.Name, b.Name) })
	return entries, nil
}

// look describes a path itself.
func (o *opener) look(name string, who behalf) (FileInfo, error) {
	found, err := o.open(name, who, toLook)
	if err != nil {
		return FileInfo{}, fileError("stat", name, err)
	}
	defer found.close()
	info, err := statHeld(found.descriptor)
	return info, fileError("stat", name, err)
}

// lookIn describes entries of one directory, which is held meanwhile. An entry on which
// something else is mounted is not described: it may be a file system that does not answer.
func (o *opener) lookIn(directory string, who behalf, names []string) ([]Described, error) {
	found, err := o.open(directory, who, toEnter)
	if err != nil {
		return nil, fileError("stat", directory, err)
	}
	defer found.close()
	owned, err := ownersAreKnown(found.descriptor)
	served := err != nil || !owned
	described := make([]Described, len(names))
	for index, name := range names {
		info, mounted, err := statAt(found.descriptor, name, unix.AT_SYMLINK_NOFOLLOW|unix.AT_NO_AUTOMOUNT)
		if info.Served = served; err == nil && mounted {
			err = errMountedOver
		}
		described[index] = Described{name, info, fileError("stat", path.Join(directory, name), err)}
	}
	return described, nil
}

// errMountedOver is for lookIn alone: such an entry is asked about by itself.
var errMountedOver = errors.New("another file system is mounted there")

// statEntries walks to the directory once. What that does not tell is asked by itself, as
// everything is where a remote file system might lie on the way.
func (l *Local) statEntries(ctx context.Context, directory string, names []string) []Described {
	asked := question{Op: askLook, Path: directory}
	asked.Led, asked.Shared = together(l.led.to(directory), l.opener.named(NamersIn(ctx))), sharedIn(ctx)
	described, err := []Described(nil), errMountedOver
	if len(l.disks.mounts()) == 0 && !slices.ContainsFunc(names, func(name string) bool { return strings.Contains(name, "/") || name == ".." }) {
		described, err = within(ctx, &l.disks, string(askLook), directory, func() ([]Described, error) { return l.opener.lookIn(directory, asked.behalf, names) })
	}
	if err != nil {
		described = make([]Described, len(names))
	}
	for index, name := range names {
		if told := described[index].Err; err != nil || told != nil && !errors.Is(told, fs.ErrNotExist) {
			info, err := l.Stat(ctx, path.Join(directory, name))
			described[index] = Described{name, info, err}
		}
	}
	return described
}

// resolve follows every link, and says on whose behalf. Beside an error it names how far the
// links could be followed.
func (o *opener) resolve(name string, who behalf) (string, []Decider, error) {
	found, err := o.open(name, who, toResolve)
	if err != nil {
		if found == nil {
			return name, nil, fileError("resolve", name, err)
		}
		return found.name, nil, fileError("resolve", name, err)
	}
	defer found.close()
	// What belongs to those who led there is theirs to show, and so is what lies below.
	others := slices.DeleteFunc(slices.Clone(found.led), func(one Decider) bool { return !one.Anybody && one.User == found.stat.Uid })
	return found.name, others, nil
}
