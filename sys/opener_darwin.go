package sys

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// opener reads by name: there is no service of anybody's to look at on this system, where
// flasktui is for practice.
type opener struct{ authority }

func (o *opener) readFile(name string, _ behalf, limit int64) ([]byte, error) {
	return o.read(name, func(descriptor int, size int64) ([]byte, error) { return readUpTo(descriptor, name, size, limit) })
}

func (o *opener) readEnd(name string, _ behalf, limit int64) ([]byte, error) {
	return o.read(name, func(descriptor int, size int64) ([]byte, error) { return readFrom(descriptor, name, size, limit) })
}

func (o *opener) read(name string, read func(descriptor int, size int64) ([]byte, error)) ([]byte, error) {
	var stat unix.Stat_t
	if err := retry(func() error { return unix.Stat(name, &stat) }); err != nil {
		return nil, fileError("stat", name, err)
	}
	if stat.Mode&unix.S_IFMT != unix.S_IFREG {
		return nil, fileError("read", name, ErrNotRegular)
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	return read(int(file.Fd()), stat.Size)
}

func (o *opener) readLink(name string, _ behalf) (string, error) { return os.Readlink(name) }

func (o *opener) memory(pid int) (Memory, error) {
	return nil, &fs.PathError{Op: "open", Path: fmt.Sprintf("the memory of process %d", pid), Err: fs.ErrPermission}
}

func (o *opener) list(name string, _ behalf) ([]Entry, error) {
	listed, err := os.ReadDir(name)
	if err != nil {
		return nil, err
	}
	entries := make([]Entry, len(listed))
	for i, entry := range listed {
		entries[i] = Entry{Name: entry.Name(), Type: entry.Type()}
	}
	return entries, nil
}

func (o *opener) look(name string, _ behalf) (FileInfo, error) { return statPath(name) }

func (o *opener) resolve(name string, _ behalf) (string, []Decider, error) {
	resolved, err := filepath.EvalSymlinks(name)
	if err != nil {
		return name, nil, &fs.PathError{Op: "resolve", Path: name, Err: err}
	}
	return resolved, nil, nil
}
