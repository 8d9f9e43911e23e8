package sys

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"syscall"
)

// Deciders are those besides root who decide what a name leads to: they own a directory,
// a link or the file on the way there, or may put something else in its place.
type Deciders struct {
	// UIDs are in order, each once.
	UIDs []uint32
	// GIDs are groups that may write to what is root's.
	GIDs []uint32
	// Anybody says that everybody may write somewhere on the way.
	Anybody bool
}

// Root says that nobody else decides.
func (deciders Deciders) Root() bool {
	return len(deciders.UIDs) == 0 && len(deciders.GIDs) == 0 && !deciders.Anybody
}

// One is the only one who decides besides root; ok is false for none, and for several.
// Those of the owner's own group count as the owner.
func (deciders Deciders) One() (uid uint32, ok bool) {
	if len(deciders.UIDs) != 1 || len(deciders.GIDs) > 0 || deciders.Anybody {
		return 0, false
	}
	return deciders.UIDs[0], true
}

// With adds the deciders of another name.
func (deciders Deciders) With(other Deciders) Deciders {
	return Deciders{
		UIDs:    eachOnce(append(slices.Clone(deciders.UIDs), other.UIDs...)),
		GIDs:    eachOnce(append(slices.Clone(deciders.GIDs), other.GIDs...)),
		Anybody: deciders.Anybody || other.Anybody,
	}
}

func eachOnce(ids []uint32) []uint32 {
	slices.Sort(ids)
	return slices.Compact(ids)
}

// FindDeciders follows an absolute path element by element, as the kernel does. Of a path
// that leads nowhere it tells who could make it lead somewhere; the error then wraps
// fs.ErrNotExist.
func FindDeciders(ctx context.Context, machine Machine, name string) (Deciders, error) {
	var found Deciders
	at, rest := "/", strings.Split(name, "/")
	here, err := machine.Stat(ctx, at)
	if err != nil {
		return found, err
	}
	found.add(here)
	for links := 0; len(rest) > 0; {
		element := rest[0]
		rest = rest[1:]
		if element == "" || element == "." {
			continue
		}
		next := path.Join(at, element)
		info, err := machine.Stat(ctx, next)
		if err != nil {
			return found, err
		}
		found.add(info)
		if !info.IsLink() {
			at = next
			continue
		}
		if links++; links > linkLimit {
			return found, fmt.Errorf("%s: %w", name, syscall.ELOOP)
		}
		target, err := machine.ReadLink(ctx, next)
		if err != nil {
			return found, err
		}
		if path.IsAbs(target) {
			at = "/"
		}
		rest = append(strings.Split(target, "/"), rest...)
	}
	return found, nil
}

func (deciders *Deciders) add(info FileInfo) {
	const groupWrites, othersWrite = 0o020, 0o002
	if info.UID != 0 {
		deciders.UIDs = eachOnce(append(deciders.UIDs, info.UID))
	}
	// In a directory with the sticky bit nobody exchanges what is another's; a link has no
	// permissions of its own; to connect to a socket is not to decide about it.
	if info.Mode&fs.ModeSticky != 0 || info.Mode.Type()&(fs.ModeSymlink|fs.ModeSocket) != 0 {
		return
	}
	deciders.Anybody = deciders.Anybody || info.Mode.Perm()&othersWrite != 0
	if info.UID == 0 && info.GID != 0 && info.Mode.Perm()&groupWrites != 0 {
		deciders.GIDs = eachOnce(append(deciders.GIDs, info.GID))
	}
}
