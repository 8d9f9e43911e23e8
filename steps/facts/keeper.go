package facts

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"flasktui/sys"
)

// Keeper says who decides what is in a directory, and what its name leads to: what root
// does there by name, they could turn on any other place of the box.
type Keeper struct {
	// UID and GID own the directory.
	UID uint32 `json:"uid"`
	GID uint32 `json:"gid"`
	// Loose is a directory, or a link, on the way there that others than root may put
	// something else in the place of; empty for none.
	Loose string `json:"loose,omitempty"`
	// Problem says why that could not be told.
	Problem string `json:"problem,omitempty"`
}

// keeperOf follows a path element by element, as whoever names it does.
func (look *look) keeperOf(ctx context.Context, directory string) Keeper {
	const linkLimit = 40
	var keeper Keeper
	loosen := func(name string, loose bool) {
		if loose && keeper.Loose == "" {
			keeper.Loose = name
		}
	}
	at, rest := "/", strings.Split(directory, "/")
	here, err := look.machine.Stat(ctx, at)
	for links := 0; err == nil && len(rest) > 0; {
		element := rest[0]
		rest = rest[1:]
		if element == "" || element == "." {
			continue
		}
		next := path.Join(at, element)
		loosen(at, changeable(here))
		var info sys.FileInfo
		if info, err = look.machine.Stat(ctx, next); err != nil {
			break
		}
		if !info.IsLink() {
			at, here = next, info
			continue
		}
		loosen(next, info.UID != 0)
		var target string
		if target, err = look.machine.ReadLink(ctx, next); err != nil {
			break
		}
		if links++; links > linkLimit {
			err = fmt.Errorf("%s: too many links", directory)
			break
		}
		if path.IsAbs(target) {
			at = "/"
			here, err = look.machine.Stat(ctx, at)
		}
		rest = append(strings.Split(target, "/"), rest...)
	}
	if err != nil {
		return Keeper{Problem: err.Error()}
	}
	keeper.UID, keeper.GID = here.UID, here.GID
	return keeper
}

// changeable tells of a directory whether others than root may exchange root's entries in
// it. Under the sticky bit they may exchange their own alone.
func changeable(info sys.FileInfo) bool {
	const othersWrite = 0o022
	return info.UID != 0 || info.Mode.Perm()&othersWrite != 0 && info.Mode&fs.ModeSticky == 0
}
