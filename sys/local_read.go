package sys

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// kernelFile tells of /proc/PID/NAME, which are read by the thousand, that there is nothing
// to be careful of: none of them is a device or a FIFO, and links are not followed.
func kernelFile(path string) bool {
	rest, ok := strings.CutPrefix(path, "/proc/")
	pid, name, _ := strings.Cut(rest, "/")
	return ok && strings.Trim(pid, "0123456789") == "" && name != "" && !strings.ContainsAny(name, "/.")
}

// kernelLink tells of /proc/PID/fd/N and its like that the kernel alone says where they lead.
func kernelLink(path string) bool {
	directory, number, _ := strings.Cut(strings.TrimPrefix(path, "/proc/"), "/fd/")
	return kernelFile(path) || strings.HasPrefix(path, "/proc/") && number != "" && strings.Trim(directory+number, "0123456789") == ""
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

// readFrom reads the last bytes of a file of a size, up to a limit, from where they begin:
// what comes before them costs nothing, however long it is.
func readFrom(descriptor int, path string, size, limit int64) ([]byte, error) {
	begin := max(0, size-limit)
	data := make([]byte, min(size, limit))
	read := 0
	for read < len(data) {
		var count int
		err := retry(func() (err error) {
			count, err = unix.Pread(descriptor, data[read:], begin+int64(read))
			return err
		})
		if err != nil {
			return nil, fileError("read", path, err)
		}
		if count == 0 {
			break
		}
		read += count
	}
	if begin > 0 {
		return data[:read], fileError("read", path, fmt.Errorf("%w of %d bytes", ErrTruncated, limit))
	}
	return data[:read], nil
}

func retry(call func() error) error {
	for {
		if err := call(); !errors.Is(err, unix.EINTR) {
			return err
		}
	}
}

func fileError(operation, path string, err error) error {
	if err == nil {
		return nil
	}
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
