package sys

import (
	"io/fs"
	"time"

	"golang.org/x/sys/unix"
)

func statPath(path string) (FileInfo, error) {
	var stat unix.Stat_t
	if err := retry(func() error { return unix.Lstat(path, &stat) }); err != nil {
		return FileInfo{}, &fs.PathError{Op: "stat", Path: path, Err: err}
	}
	return fileInfoOf(stat), nil
}

// statTarget follows links, which a FileInfo of the path itself does not.
func statTarget(path string) (FileInfo, error) {
	var stat unix.Stat_t
	if err := retry(func() error { return unix.Stat(path, &stat) }); err != nil {
		return FileInfo{}, &fs.PathError{Op: "stat", Path: path, Err: err}
	}
	return fileInfoOf(stat), nil
}

func fileInfoOf(stat unix.Stat_t) FileInfo {
	return FileInfo{
		Mode: fileMode(uint32(stat.Mode)), Size: stat.Size, UID: stat.Uid, GID: stat.Gid,
		Device: uint64(stat.Dev), Inode: stat.Ino, //nolint:gosec // a number to compare, no quantity
		Modified: time.Unix(stat.Mtim.Unix()),
		Changed:  time.Unix(stat.Ctim.Unix()),
		Born:     time.Unix(stat.Btim.Unix()),
	}
}
