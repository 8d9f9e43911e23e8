package sys

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// readRegular reads a regular file. What stands at the path is looked at before it is
// opened, because opening alone may act (a watchdog device) or wait (a FIFO), and once
// more afterwards, because it may have been exchanged in between.
func readRegular(path string, limit int64) ([]byte, error) {
	var stat unix.Stat_t
	if !kernelFile(path) {
		if err := retry(func() error { return unix.Stat(path, &stat) }); err != nil {
			return nil, fileError("stat", path, err)
		}
		if stat.Mode&unix.S_IFMT != unix.S_IFREG {
			return nil, fileError("read", path, ErrNotRegular)
		}
	}
	var descriptor int
	err := retry(func() (err error) {
		descriptor, err = unix.Open(path, unix.O_RDONLY|unix.O_NONBLOCK|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
		return err
	})
	if err != nil {
		return nil, fileError("open", path, err)
	}
	defer func() { _ = unix.Close(descriptor) }()
	if err := unix.Fstat(descriptor, &stat); err != nil {
		return nil, fileError("stat", path, err)
	}
	if stat.Mode&unix.S_IFMT != unix.S_IFREG {
		return nil, fileError("read", path, ErrNotRegular)
	}
	return readUpTo(descriptor, path, stat.Size, limit)
}

// kernelFile tells of /proc/PID/NAME, which are read by the thousand, that there is nothing
// to be careful of: none of them is a device or a FIFO, or a link to one.
func kernelFile(path string) bool {
	rest, ok := strings.CutPrefix(path, "/proc/")
	pid, name, _ := strings.Cut(rest, "/")
	return ok && strings.Trim(pid, "0123456789") == "" && name != "" && !strings.ContainsAny(name, "/.")
}

// readUpTo reads to the end or the limit. Files under /proc say that their size is zero.
func readUpTo(descriptor int, path string, size, limit int64) ([]byte, error) {
	const firstGuess = 4096
	data := make([]byte, 0, min(max(size, firstGuess-1), limit)+1)
	for {
		if len(data) == cap(data) {
			data = append(data, 0)[:len(data)]
		}
		var count int
		err := retry(func() (err error) {
			count, err = unix.Read(descriptor, data[len(data):cap(data)])
			return err
		})
		if err != nil {
			return nil, fileError("read", path, err)
		}
		data = data[:len(data)+count]
		if int64(len(data)) > limit {
			return data[:limit], fileError("read", path, fmt.Errorf("%w of %d bytes", ErrTruncated, limit))
		}
		if count == 0 {
			return data, nil
		}
	}
}

func retry(call func() error) error {
	for {
		if err := call(); !errors.Is(err, unix.EINTR) {
			return err
		}
	}
}

func fileError(operation, path string, err error) error {
	return vanished(&fs.PathError{Op: operation, Path: path, Err: err})
}

// vanished says of a process that ended while its files were read that they do not exist;
// the kernel has an error of its own for it.
func vanished(err error) error {
	if errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("%w: %w", err, fs.ErrNotExist)
	}
	return err
}
