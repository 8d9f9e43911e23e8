package sys

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// OpenDirectory opens a directory to write in it, and holds it: what is done through it is
// done there, whatever its name leads to by then. Root goes there step by step, and no
// further where somebody else decides what comes next: from what belongs to a user to what
// belongs to another one, root included (as in chase_symlinks of systemd, CHASE_SAFE).
func OpenDirectory(path string) (*os.Root, error) {
	path = filepath.Clean(path)
	if !filepath.IsLocal(path) {
		absolute, err := filepath.Abs(path)
		if err != nil {
			return nil, err
		}
		path = absolute
	}
	walk := &directoryWalk{careful: os.Geteuid() == 0, rest: elements(path)}
	defer walk.close()
	start := "."
	if filepath.IsAbs(path) {
		start = "/"
	}
	if err := walk.restart(start); err != nil {
		return nil, err
	}
	const linkLimit = 40
	for links := 0; len(walk.rest) > 0; {
		isLink, err := walk.step()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if isLink {
			links++
		}
		if links > linkLimit {
			return nil, fmt.Errorf("%s: %w", path, syscall.ELOOP)
		}
	}
	last := len(walk.held) - 1
	directory := walk.held[last]
	walk.held = walk.held[:last]
	return directory, nil
}

// directoryWalk is on its way: the directories that it came through, and what is left.
type directoryWalk struct {
	careful bool
	held    []*os.Root
	rest    []string
	// before is what the next step is taken from: a directory, or a link in it.
	before fs.FileInfo
}

func (w *directoryWalk) close() {
	for _, directory := range w.held {
		_ = directory.Close()
	}
}

func (w *directoryWalk) restart(at string) error {
	w.close()
	w.held = nil
	directory, err := os.OpenRoot(at)
	if err != nil {
		return err
	}
	w.held = []*os.Root{directory}
	return w.enter()
}

// enter goes on from the directory that was opened last.
func (w *directoryWalk) enter() error {
	info, err := w.held[len(w.held)-1].Stat(".")
	if err != nil {
		return err
	}
	return w.pass(info)
}

func (w *directoryWalk) pass(next fs.FileInfo) error {
	if w.careful && w.before != nil {
		if from := ownerOf(w.before); from != 0 && from != ownerOf(next) {
			return ErrLedAway
		}
	}
	w.before = next
	return nil
}

func ownerOf(info fs.FileInfo) int {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return int(stat.Uid)
	}
	return -1
}

func (w *directoryWalk) step() (isLink bool, err error) {
	element := w.rest[0]
	w.rest = w.rest[1:]
	if element == ".." {
		if len(w.held) > 1 {
			_ = w.held[len(w.held)-1].Close()
			w.held = w.held[:len(w.held)-1]
		}
		return false, w.enter()
	}
	here := w.held[len(w.held)-1]
	info, err := here.Lstat(element)
	if err != nil {
		return false, err
	}
	if err := w.pass(info); err != nil {
		return false, err
	}
	if info.Mode().Type() != fs.ModeSymlink {
		next, err := here.OpenRoot(element)
		if err != nil {
			return false, err
		}
		w.held = append(w.held, next)
		if opened, err := next.Stat("."); err != nil || !os.SameFile(info, opened) {
			return false, errors.Join(ErrLedAway, err)
		}
		return false, nil
	}
	target, err := here.Readlink(element)
	if err != nil {
		return true, err
	}
	w.rest = append(elements(target), w.rest...)
	if filepath.IsAbs(target) {
		return true, w.restart("/")
	}
	return true, nil
}
