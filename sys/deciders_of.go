package sys

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"syscall"
)

// Deciders are those besides root who decide what a path leads to: who own a directory, a
// link or the end of it, may write to one, or may put something else in its place.
type Deciders struct {
	// Users are user ids in order, each once.
	Users []uint32
	// Groups are those that may write somewhere, root's own left out.
	Groups []GroupDecider
	// Anybody says that everybody may write somewhere.
	Anybody bool
	// Served is the first place whose owners a program tells (FUSE), run by nobody knows
	// whom; empty for none.
	Served string
	// Led are links on the way that somebody other than root made, and that lead to what
	// is not theirs.
	Led []string
	// Loose is the first directory or link on the way by which somebody other than root
	// could lead elsewhere; empty for none. Root's group counts here: an access control
	// list shows in the group's permissions.
	Loose string
	// End is the path without links, and Info what is there.
	End  string
	Info FileInfo
}

// GroupDecider is a group that may write to what somebody owns.
type GroupDecider struct{ GID, Owner uint32 }

// WrittenByOthers are the permissions by which others than a file's owner write to it.
const WrittenByOthers = groupWrites | othersWrite

// FindDeciders follows an absolute path element by element, as the kernel does, through
// every link. A directory with the sticky bit (/tmp) lets others only add names, not take
// away what is there. The error of a path that cannot be followed to its end comes beside
// what was found until then; of one that leads nowhere that is who could make it lead
// somewhere, and the error wraps fs.ErrNotExist.
func FindDeciders(ctx context.Context, machine Machine, name string) (Deciders, error) {
	if !path.IsAbs(name) {
		return Deciders{}, fmt.Errorf("%s is a relative path", Safe(name))
	}
	found := Deciders{End: "/"}
	err := found.follow(ctx, machine, strings.Split(name, "/"))
	slices.SortFunc(found.Groups, func(one, other GroupDecider) int { return cmp.Compare(one.GID, other.GID) })
	return found, err
}

func (found *Deciders) follow(ctx context.Context, machine Machine, rest []string) (err error) {
	if found.Info, err = machine.Stat(ctx, "/"); err != nil {
		return err
	}
	found.add(found.Info)
	made := map[string]uint32{}
	for links := 0; len(rest) > 0; {
		element := rest[0]
		rest = rest[1:]
		switch element {
		case "", ".":
			continue
		case "..":
			found.End = path.Dir(found.End)
			if found.Info, err = machine.Stat(ctx, found.End); err != nil {
				return err
			}
			continue
		}
		next := path.Join(found.End, element)
		info, err := machine.Stat(ctx, next)
		found.loosen(found.End, exchangeable(found.Info, info, err == nil))
		if err != nil {
			if errors.Is(err, fs.ErrNotExist) && found.Info.Mode&fs.ModeSticky != 0 {
				// What is not there is anybody's to make.
				found.addWriters(found.Info)
			}
			return err
		}
		found.add(info)
		if info.Served {
			found.addServer(ctx, machine, next, info)
		}
		if !info.IsLink() {
			found.End, found.Info = next, info
			continue
		}
		if links++; links > LinkLimit {
			return fmt.Errorf("%s: %w", Safe(next), syscall.ELOOP)
		}
		if found.loosen(next, info.UID != 0); info.UID != 0 {
			made[next] = info.UID
		}
		target, err := machine.ReadLink(ctx, next)
		if err != nil {
			return err
		}
		if path.IsAbs(target) {
			found.End = "/"
			if found.Info, err = machine.Stat(ctx, "/"); err != nil {
				return err
			}
		}
		rest = append(strings.Split(target, "/"), rest...)
	}
	for link, owner := range made {
		if owner != found.Info.UID {
			found.Led = append(found.Led, link)
		}
	}
	slices.Sort(found.Led)
	return nil
}

func (found *Deciders) loosen(name string, loose bool) {
	if loose && found.Loose == "" {
		found.Loose = name
	}
}

// exchangeable tells whether others than root may put something else in the place of an
// entry of a directory. Under the sticky bit they may exchange their own alone, and make
// what is not there.
func exchangeable(directory, entry FileInfo, exists bool) bool {
	if directory.UID != 0 {
		return true
	}
	kept := directory.Mode&fs.ModeSticky != 0 && exists && entry.UID == 0
	return directory.Mode.Perm()&WrittenByOthers != 0 && !kept
}

// add adds those who decide about what was come by.
func (found *Deciders) add(info FileInfo) {
	if info.UID != 0 && !slices.Contains(found.Users, info.UID) {
		found.Users = append(found.Users, info.UID)
		slices.Sort(found.Users)
	}
	// A link has no permissions of its own, and to connect to a socket is not to decide
	// about it.
	if info.Mode.Type()&(fs.ModeSymlink|fs.ModeSocket) == 0 && !(info.IsDir() && info.Mode&fs.ModeSticky != 0) {
		found.addWriters(info)
	}
}

// addServer adds whoever runs the program that a file system is: what it says of its files'
// owners is its own.
func (found *Deciders) addServer(ctx context.Context, machine Machine, name string, info FileInfo) {
	mounts, err := machine.ReadFile(ctx, "/proc/self/mountinfo", 1<<20)
	uid, known := FuseOwner(bytes.NewReader(mounts), info.Device)
	switch {
	case err != nil || !known:
		found.Served = cmp.Or(found.Served, name)
	case uid != 0:
		found.add(FileInfo{UID: uid, Mode: fs.ModeSymlink})
	default:
		return
	}
	found.loosen(name, true)
}

func (found *Deciders) addWriters(info FileInfo) {
	found.Anybody = found.Anybody || info.Mode.Perm()&othersWrite != 0
	group := GroupDecider{info.GID, info.UID}
	if info.Mode.Perm()&groupWrites != 0 && info.GID != 0 && !slices.Contains(found.Groups, group) {
		found.Groups = append(found.Groups, group)
	}
}

// Root says that nobody else decides.
func (found Deciders) Root() bool {
	return len(found.Users) == 0 && len(found.Groups) == 0 && !found.Anybody && found.Served == ""
}

// One is the only one who decides besides root; ok is false for none, and for several.
// Those of a group that the owner lets write count as the owner.
func (found Deciders) One() (uid uint32, ok bool) {
	if len(found.Users) != 1 || found.Anybody || found.Served != "" || slices.ContainsFunc(found.Groups, func(group GroupDecider) bool { return group.Owner == 0 }) {
		return 0, false
	}
	return found.Users[0], true
}

// OneGroup is the only group that decides besides root; ok is false for anything else.
func (found Deciders) OneGroup() (gid uint32, ok bool) {
	if len(found.Users) > 0 || len(found.Groups) != 1 || found.Anybody || found.Served != "" {
		return 0, false
	}
	return found.Groups[0].GID, true
}

// With adds the users and groups of another path.
func (found Deciders) With(other Deciders) Deciders {
	users := slices.Concat(found.Users, other.Users)
	slices.Sort(users)
	both := Deciders{Users: slices.Compact(users), Groups: slices.Clone(found.Groups), Anybody: found.Anybody || other.Anybody, Served: cmp.Or(found.Served, other.Served)}
	for _, group := range other.Groups {
		if !slices.Contains(both.Groups, group) {
			both.Groups = append(both.Groups, group)
		}
	}
	return both
}

// ErrNotRootsAlone means that others than root decide what a path leads to, or what is in
// the file there.
var ErrNotRootsAlone = errors.New("is not root's alone")

// RootsAlone tells of an absolute path whether only root decides where it leads and what is
// there. The error names what is not root's (ErrNotRootsAlone), or what does not exist where
// root alone could make it (fs.ErrNotExist). resolved is the path without links. Whom a
// socket lets in is no matter: its place decides whose it is.
func RootsAlone(ctx context.Context, machine Machine, name string) (resolved string, err error) {
	found, err := FindDeciders(ctx, machine, name)
	loose := found.Loose
	if end := found.Info; err == nil && loose == "" && end.Mode&fs.ModeSocket == 0 && (end.UID != 0 || end.Mode.Perm()&WrittenByOthers != 0) {
		loose = found.End
	}
	if loose != "" {
		return found.End, fmt.Errorf("%s %w to write", Safe(loose), ErrNotRootsAlone)
	}
	return found.End, err
}

// Names puts it in words, for whoever is to be told; those in except are left out: root,
// and the person who asks.
func (found Deciders) Names(accounts Accounts, except ...uint32) []string {
	names := []string{}
	add := func(name string) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if found.Anybody {
		return []string{"every user of this box"}
	}
	if found.Served != "" {
		add("whoever runs the file system at " + string(Safe(found.Served)))
	}
	for _, uid := range found.Users {
		if !slices.Contains(except, uid) {
			add(accounts.User(uid))
		}
	}
	for _, group := range found.Groups {
		members, known := accounts.Members(group.GID)
		if !known {
			// Of a directory service's group nobody knows here who is in it.
			add(fmt.Sprintf("group %d", group.GID))
		}
		for _, uid := range members {
			if uid != 0 && !slices.Contains(except, uid) {
				add(accounts.User(uid))
			}
		}
	}
	return names
}
