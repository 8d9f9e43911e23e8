package sys

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
)

var (
	// ErrLedAway means that somebody else than root and the caller decides where a path
	// leads, and that it leads to what they may not see themselves.
	ErrLedAway = errors.New("others could lead root elsewhere")
	// ErrKept stands beside the bytes of a file that its owner keeps from those who decide
	// about the directory in which it lies: what is read is there by its owner's own will,
	// but its name is not, so nothing of it may be shown.
	ErrKept = errors.New("its owner keeps it from those who may rename it")
)

// Decider is somebody who has a say in what a name leads to: who made a link on the way or
// may exchange it, who owns the directory, who wrote the name down. What a name of theirs
// is opened for may be what they could open themselves, and nothing else (the confused
// deputy's problem).
type Decider struct {
	// User is an account; Anybody is whoever has the groups alone.
	User    uint32   `json:"user"`
	Anybody bool     `json:"anybody,omitempty"`
	Groups  []uint32 `json:"groups,omitempty"`
}

// inode is what stat(2) says of what was opened, never of a name.
type inode struct {
	uid, gid, mode uint32
	links          uint64
	device, number uint64
}

// Bits of the mode as they stand for others (inode(7)).
const (
	mayRead   = 4
	maySearch = 1
	mayList   = mayRead | maySearch

	groupWrites  = 0o020
	othersWrite  = 0o002
	sticky       = 0o1000
	groupToOther = 3
)

// may tells whether somebody may do that with an inode, by its owner and mode. An owner can
// always give himself what he lacks.
func (d Decider) may(what inode, bits uint32) bool {
	if !d.Anybody && d.User == what.uid {
		return true
	}
	if slices.Contains(d.Groups, what.gid) {
		return what.mode>>groupToOther&bits == bits
	}
	return what.mode&bits == bits
}

// authority knows whose word is taken for where a name leads.
type authority struct {
	// self is the caller, who is believed beside root.
	self uint32
	// groups lists those that an account is a member of.
	groups func(user uint32) []uint32
}

func (a authority) trusts(user uint32) bool { return user == 0 || user == a.self }

func (a authority) account(user uint32) Decider {
	return Decider{User: user, Groups: a.groups(user)}
}

// ofEntry lists who decides that an entry stands in its directory under this name and no
// other: the directory's owner, who made a link, and, where one of root's could have been
// moved there or linked to (link(2), fs.protected_hardlinks), whoever may write there.
func (a authority) ofEntry(directory, entry inode, isLink bool) []Decider {
	var who []Decider
	if isLink && !a.trusts(entry.uid) {
		who = append(who, a.account(entry.uid))
	}
	if !a.trusts(directory.uid) && directory.uid != entry.uid {
		who = append(who, a.account(directory.uid))
	}
	foreign := entry.uid == 0 || entry.uid != directory.uid
	movable := isLink && directory.mode&sticky == 0
	if foreign && (movable || entry.links > 1) {
		switch {
		case directory.mode&othersWrite != 0:
			who = append(who, Decider{Anybody: true})
		case directory.mode&groupWrites != 0 && directory.gid != 0:
			who = append(who, Decider{Anybody: true, Groups: []uint32{directory.gid}})
		}
	}
	return who
}

// judgeFile says whether the content of a file may be read for those who led there, and for
// those who decide about its directory.
func (a authority) judgeFile(directory, file inode, led []Decider) error {
	kept := error(nil)
	for _, one := range slices.Concat(led, a.ofEntry(directory, file, false)) {
		if one.may(file, mayRead) {
			continue
		}
		// What lies in somebody's own directory, under no other name, was put there by who
		// may read it; a link of theirs to it gives them nothing that a new name would not.
		if one.Anybody || one.User != directory.uid || file.links > 1 {
			return ErrLedAway
		}
		kept = ErrKept
	}
	return kept
}

// judgeAll says whether all of those who led there may do something with what was opened.
func judgeAll(what inode, led []Decider, bits uint32) error {
	for _, one := range led {
		if !one.may(what, bits) {
			return ErrLedAway
		}
	}
	return nil
}

// together lists everybody of two lists once.
func together(some, others []Decider) []Decider {
	for _, one := range others {
		if !slices.ContainsFunc(some, func(known Decider) bool {
			return known.User == one.User && known.Anybody == one.Anybody && slices.Equal(known.Groups, one.Groups)
		}) {
			some = append(some, one)
		}
	}
	return some
}

// Namers are those besides root who wrote down the paths that are followed, and so decide
// what is read, as by a link: users, and those who may write as members of a group.
type Namers struct {
	Users  []uint32 `json:"users,omitempty"`
	Groups []uint32 `json:"groups,omitempty"`
	// Anybody says that everybody may write where the paths stand, or that nobody knows who
	// may.
	Anybody bool `json:"anybody,omitempty"`
}

// FindNamers are those who write to a file: whoever owns it or anything on the way to it, and
// whoever else may write there. What a program says of its own files (FUSE) is no owner.
func FindNamers(ctx context.Context, machine Machine, file string) Namers {
	var found Namers
	root, inside := splitRoot(path.Clean(file))
	for at := inside; ; at = path.Dir(at) {
		if info, err := machine.Stat(ctx, root+at); err == nil {
			found.add(info)
		}
		if at == "/" || at == "." {
			return found
		}
	}
}

func (found *Namers) add(info FileInfo) {
	if info.UID != 0 && !slices.Contains(found.Users, info.UID) {
		found.Users = append(found.Users, info.UID)
	}
	found.Anybody = found.Anybody || info.Served
	if info.IsLink() || info.Mode&fs.ModeSticky != 0 {
		return
	}
	// Those of the owner's own group count as the owner.
	if info.Mode.Perm()&groupWrites != 0 && info.UID == 0 && info.GID != 0 && !slices.Contains(found.Groups, info.GID) {
		found.Groups = append(found.Groups, info.GID)
	}
	found.Anybody = found.Anybody || info.Mode.Perm()&othersWrite != 0
}

// With adds the namers of other paths.
func (found Namers) With(other Namers) Namers {
	return Namers{
		Users:   slices.Compact(slices.Sorted(slices.Values(slices.Concat(found.Users, other.Users)))),
		Groups:  slices.Compact(slices.Sorted(slices.Values(slices.Concat(found.Groups, other.Groups)))),
		Anybody: found.Anybody || other.Anybody,
	}
}

// Owns tells whether a directory is of somebody who wrote it down; of root's own words it
// always is.
func (found Namers) Owns(directory FileInfo) bool {
	return len(found.Users) == 0 && len(found.Groups) == 0 && !found.Anybody ||
		slices.Contains(found.Users, directory.UID) || slices.Contains(found.Groups, directory.GID)
}

// namersKey carries the Namers to where a machine opens files.
type namersKey struct{}

// NamedBy says who wrote down the paths that are read with the context.
func NamedBy(ctx context.Context, namers Namers) context.Context {
	return context.WithValue(ctx, namersKey{}, NamersIn(ctx).With(namers))
}

// NamedIn says that the paths which are read with the context stand in a file.
func NamedIn(ctx context.Context, machine Machine, file string) context.Context {
	return NamedBy(ctx, FindNamers(ctx, machine, file))
}

// NamersIn are those who named the paths that are read with a context.
func NamersIn(ctx context.Context) Namers {
	namers, _ := ctx.Value(namersKey{}).(Namers)
	return namers
}

// named are those who wrote a path down.
func (a authority) named(by Namers) []Decider {
	var who []Decider
	for _, user := range by.Users {
		if !a.trusts(user) {
			who = append(who, a.account(user))
		}
	}
	for _, group := range by.Groups {
		who = append(who, Decider{Anybody: true, Groups: []uint32{group}})
	}
	if by.Anybody {
		who = append(who, Decider{Anybody: true})
	}
	return who
}

// sharedKey carries the directories of SharedWithContainers.
type sharedKey struct{}

// SharedWithContainers names the directories of the box that containers write to, for what is
// read with the context: in there, a link of root's may be one of a container's root, who is
// not to lead to what else the box has.
func SharedWithContainers(ctx context.Context, directories []string) context.Context {
	if directories == nil {
		return ctx
	}
	return context.WithValue(ctx, sharedKey{}, directories)
}

func sharedIn(ctx context.Context) []string {
	shared, _ := ctx.Value(sharedKey{}).([]string)
	return shared
}
