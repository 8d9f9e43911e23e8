package sys

import (
	"errors"
	"time"

	"golang.org/x/sys/unix"
)

// statTarget describes what the kernel follows a path to, links of /proc included. It opens
// nothing for reading.
func statTarget(path string) (FileInfo, error) {
	var descriptor int
	err := retry(func() (err error) {
		descriptor, err = unix.Open(path, unix.O_PATH|unix.O_CLOEXEC, 0)
		return err
	})
	if err != nil {
		return FileInfo{}, fileError("stat", path, err)
	}
	defer func() { _ = unix.Close(descriptor) }()
	info, err := statHeld(descriptor)
	if err != nil {
		return FileInfo{}, fileError("stat", path, err)
	}
	return info, nil
}

// statHeld describes what a descriptor holds.
func statHeld(descriptor int) (FileInfo, error) {
	info, _, err := statAt(descriptor, "", unix.AT_EMPTY_PATH)
	if errors.Is(err, unix.ENOSYS) {
		return statWithoutBirth(descriptor)
	}
	if err != nil {
		return FileInfo{}, err
	}
	owned, err := ownersAreKnown(descriptor)
	info.Served = err != nil || !owned
	return info, nil
}

// statAt describes a name in a directory that is held, or that itself, and tells whether a
// mount begins there, which is said of each where the kernel does not tell (before 5.8). It does not tell whether the file
// system is a program's.
func statAt(descriptor int, name string, flags int) (info FileInfo, mounted bool, err error) {
	var stat unix.Statx_t
	err = retry(func() error {
		return unix.Statx(descriptor, name, flags, unix.STATX_BASIC_STATS|unix.STATX_BTIME, &stat)
	})
	if err != nil {
		return FileInfo{}, false, err
	}
	info = FileInfo{
		Mode:     fileMode(uint32(stat.Mode)),
		Size:     int64(stat.Size), //nolint:gosec // no file is larger than a signed size
		UID:      stat.Uid,
		GID:      stat.Gid,
		Device:   unix.Mkdev(stat.Dev_major, stat.Dev_minor),
		Inode:    stat.Ino,
		Modified: time.Unix(stat.Mtime.Sec, int64(stat.Mtime.Nsec)),
		Changed:  time.Unix(stat.Ctime.Sec, int64(stat.Ctime.Nsec)),
	}
	if stat.Mask&unix.STATX_BTIME != 0 {
		info.Born = time.Unix(stat.Btime.Sec, int64(stat.Btime.Nsec))
	}
	tells := stat.Attributes_mask&unix.STATX_ATTR_MOUNT_ROOT != 0
	return info, !tells || stat.Attributes&unix.STATX_ATTR_MOUNT_ROOT != 0, nil
}

// statWithoutBirth serves kernels and sandboxes without statx(2).
func statWithoutBirth(descriptor int) (FileInfo, error) {
	var stat unix.Stat_t
	if err := retry(func() error { return unix.Fstat(descriptor, &stat) }); err != nil {
		return FileInfo{}, err
	}
	owned, err := ownersAreKnown(descriptor)
	return FileInfo{
		Served: err != nil || !owned,
		Mode:   fileMode(stat.Mode), Size: stat.Size, UID: stat.Uid, GID: stat.Gid, Device: stat.Dev, Inode: stat.Ino,
		Modified: time.Unix(stat.Mtim.Unix()),
		Changed:  time.Unix(stat.Ctim.Unix()),
	}, nil
}
