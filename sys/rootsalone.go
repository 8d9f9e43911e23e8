package sys

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"syscall"
)

// writtenByOthers are the permissions by which others than a file's owner write to it. An
// access control list shows in the group's.
const writtenByOthers = groupWrites | othersWrite

// ErrNotRootsAlone means that others than root decide what a path leads to, or what is in
// the file there.
var ErrNotRootsAlone = errors.New("is not root's alone")

// RootsAlone follows an absolute path as the kernel does, and tells whether only root
// decides where it leads and what is there: every directory and link on the way, and the
// end of it, is root's and nobody else's to write. Under a sticky directory (/tmp) that
// holds for what root put there. The error names what is not root's (ErrNotRootsAlone), or
// what does not exist where root alone could make it (fs.ErrNotExist). resolved is the path
// without links. Whom a socket lets in is no matter: its place decides whose it is.
func RootsAlone(ctx context.Context, machine Machine, name string) (resolved string, err error) {
	if !path.IsAbs(name) {
		return name, fmt.Errorf("%s is a relative path", Safe(name))
	}
	at, rest := "/", strings.Split(name, "/")
	here, err := machine.Stat(ctx, at)
	for links := 0; err == nil && len(rest) > 0; {
		element := rest[0]
		rest = rest[1:]
		switch element {
		case "", ".":
			continue
		case "..":
			at = path.Dir(at)
			here, err = machine.Stat(ctx, at)
			continue
		}
		next := path.Join(at, element)
		info, statErr := machine.Stat(ctx, next)
		if kept := here.UID == 0 && (here.Mode.Perm()&writtenByOthers == 0 || here.Mode&fs.ModeSticky != 0 && statErr == nil && info.UID == 0); !kept {
			return next, notRootsAlone(at)
		}
		if statErr != nil {
			return path.Join(append([]string{next}, rest...)...), statErr
		}
		if !info.IsLink() {
			at, here = next, info
			continue
		}
		if links++; links > linkLimit {
			return next, fmt.Errorf("%s: %w", Safe(next), syscall.ELOOP)
		}
		if info.UID != 0 {
			return next, notRootsAlone(next)
		}
		var target string
		if target, err = machine.ReadLink(ctx, next); err != nil {
			break
		}
		if path.IsAbs(target) {
			at = "/"
			here, err = machine.Stat(ctx, at)
		}
		rest = append(strings.Split(target, "/"), rest...)
	}
	if err != nil {
		return at, err
	}
	if here.Mode&fs.ModeSocket == 0 && (here.UID != 0 || here.Mode.Perm()&writtenByOthers != 0) {
		return at, notRootsAlone(at)
	}
	return at, nil
}

func notRootsAlone(name string) error {
	return fmt.Errorf("%s %w to write", Safe(name), ErrNotRootsAlone)
}
