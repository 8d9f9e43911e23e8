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

// Writers are those who may change what a path leads to: by writing to it, or by putting
// something else in its place anywhere along the way.
type Writers struct {
	// Users are the user ids, root's (who may do anything) left out.
	Users []uint32
	// Groups are the group ids of those who may as members of a group.
	Groups []uint32
	// Anyone says that every user of the box may.
	Anyone bool
	// Led are links on the way that somebody other than root made, and that lead to what
	// is not theirs.
	Led []string
}

// FindWriters goes along an absolute path as the kernel does, through every link, and adds
// up who may change a directory, a link or the end of it. A directory with the sticky bit
// lets others only add names, not take away what is there. The error of a path that cannot
// be followed to its end comes beside what was found until then.
func FindWriters(ctx context.Context, machine Machine, name string) (Writers, error) {
	walk := writersWalk{machine: machine, rest: strings.Split(strings.Trim(path.Clean("/"+name), "/"), "/")}
	err := walk.run(ctx)
	slices.Sort(walk.found.Users)
	slices.Sort(walk.found.Groups)
	return walk.found, err
}

type writersWalk struct {
	machine Machine
	rest    []string
	at      string
	links   map[string]uint32
	found   Writers
}

func (walk *writersWalk) run(ctx context.Context) error {
	walk.links = map[string]uint32{}
	info, err := walk.machine.Stat(ctx, "/")
	if err != nil {
		return err
	}
	walk.at = "/"
	walk.pass(info)
	for followed := 0; len(walk.rest) > 0; {
		element := walk.rest[0]
		walk.rest = walk.rest[1:]
		switch element {
		case "", ".":
			continue
		case "..":
			walk.at = path.Dir(walk.at)
			continue
		}
		next := path.Join(walk.at, element)
		if info, err = walk.machine.Stat(ctx, next); err != nil {
			return err
		}
		walk.pass(info)
		if !info.IsLink() {
			walk.at = next
			continue
		}
		if followed++; followed > linkLimit {
			return fmt.Errorf("%s: %w", next, syscall.ELOOP)
		}
		target, err := walk.machine.ReadLink(ctx, next)
		if err != nil {
			return err
		}
		if info.UID != 0 {
			walk.links[next] = info.UID
		}
		if path.IsAbs(target) {
			walk.at = "/"
		}
		walk.rest = append(strings.Split(strings.Trim(target, "/"), "/"), walk.rest...)
	}
	for link, owner := range walk.links {
		if owner != info.UID {
			walk.found.Led = append(walk.found.Led, link)
		}
	}
	slices.Sort(walk.found.Led)
	return nil
}

// pass adds those who may change what was come by.
func (walk *writersWalk) pass(info FileInfo) {
	if info.UID != 0 && !slices.Contains(walk.found.Users, info.UID) {
		walk.found.Users = append(walk.found.Users, info.UID)
	}
	if info.IsLink() || info.IsDir() && info.Mode&fs.ModeSticky != 0 {
		return
	}
	if info.Mode.Perm()&groupWrites != 0 && info.GID != 0 && !slices.Contains(walk.found.Groups, info.GID) {
		walk.found.Groups = append(walk.found.Groups, info.GID)
	}
	walk.found.Anyone = walk.found.Anyone || info.Mode.Perm()&othersWrite != 0
}

// Names puts it in words, for whoever is to be told; those in except are left out: root,
// and the person who asks.
func (writers Writers) Names(accounts Accounts, except ...uint32) []string {
	names := []string{}
	add := func(name string) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if writers.Anyone {
		return []string{"every user of this box"}
	}
	for _, uid := range writers.Users {
		if !slices.Contains(except, uid) {
			add(accounts.User(uid))
		}
	}
	for _, gid := range writers.Groups {
		members, known := accounts.Members(gid)
		if !known {
			// Of a directory service's group nobody knows here who is in it.
			add(fmt.Sprintf("group %d", gid))
		}
		for _, uid := range members {
			if uid != 0 && !slices.Contains(except, uid) {
				add(accounts.User(uid))
			}
		}
	}
	return names
}
