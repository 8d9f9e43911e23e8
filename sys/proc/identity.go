package proc

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"flasktui/sys"
)

// UserIDs are the four user ids of a process (credentials(7)). In a program that lends
// its owner's rights, such as su or passwd, the real one stays that of whoever started it,
// who chose its arguments as well.
type UserIDs struct {
	Real       int `json:"real"`
	Effective  int `json:"effective"`
	Saved      int `json:"saved"`
	FileSystem int `json:"file_system"`
}

// All tells whether all four are one user's.
func (ids UserIDs) All(uid int) bool { return ids == UserIDs{uid, uid, uid, uid} }

// parseUserIDs reads the line "Uid:" of /proc/PID/status: the real, effective, saved and
// file system user id.
func parseUserIDs(status string) (UserIDs, error) {
	for line := range strings.Lines(status) {
		fields := strings.Fields(line)
		if len(fields) != 5 || fields[0] != "Uid:" {
			continue
		}
		var ids [4]int
		for index, field := range fields[1:] {
			uid, err := strconv.ParseUint(field, 10, 32)
			if err != nil {
				return UserIDs{}, errNoUserIDs
			}
			ids[index] = int(uid)
		}
		return UserIDs{Real: ids[0], Effective: ids[1], Saved: ids[2], FileSystem: ids[3]}, nil
	}
	return UserIDs{}, errNoUserIDs
}

var errNoUserIDs = errors.New("the kernel names no user ids")

// OwnedBy tells whether a process is a user's in all four ids; not where they could not
// be read.
func (process Process) OwnedBy(uid int) bool {
	return process.Unreadable["uid"] == "" && process.Users.All(uid)
}

// RootsProgram tells whether a process is root's own program, so that what it says of
// itself may be believed: its arguments, its title, what it names as its configuration.
// Anybody may start a program under any name and with any arguments, one that lends root's
// rights among them; so all four user ids have to be root's, and what is executed has to
// be root's file that lends nothing. nil where that is so, else the error says what is not.
func RootsProgram(ctx context.Context, machine sys.Machine, process Process) error {
	if err := rootsUsers(process); err != nil {
		return err
	}
	file, err := machine.StatTarget(ctx, Path(process.PID, "exe"))
	name := sys.Safe(process.Executable)
	switch {
	case err != nil:
		return fmt.Errorf("what process %d executes could not be looked at: %w", process.PID, err)
	case file.UID != 0 || file.Mode.Perm()&sys.WrittenByOthers != 0:
		return fmt.Errorf("process %d executes %s, which others than root may write", process.PID, name)
	case file.Mode&fs.ModeSetuid != 0:
		return fmt.Errorf("process %d executes %s, which runs with root's rights whoever starts it", process.PID, name)
	}
	// sudo is root's in all four ids until it executes what it was told to, as whom it was
	// told to: the ids have to hold for what was just looked at.
	again := Process{PID: process.PID}
	(&processReader{ctx: ctx, machine: machine, process: &again}).owner()
	return rootsUsers(again)
}

func rootsUsers(process Process) error {
	switch ids := process.Users; {
	case process.Unreadable["uid"] != "":
		return fmt.Errorf("the owner of process %d could not be read: %s", process.PID, process.Unreadable["uid"])
	case !process.OwnedBy(0):
		return fmt.Errorf("process %d does not run as root alone (user ids: real %d, effective %d, saved %d, file system %d)",
			process.PID, ids.Real, ids.Effective, ids.Saved, ids.FileSystem)
	}
	return nil
}

// RootsProgramHere is RootsProgram for one whose paths are those of the box: it has the
// same root directory, and what it executes is what lies on the box by that name. A file
// that was replaced since, by an update, has no name any more.
func RootsProgramHere(ctx context.Context, machine sys.Machine, process Process) error {
	if err := RootsProgram(ctx, machine, process); err != nil {
		return err
	}
	if !SameFile(ctx, machine, Path(process.PID, "root"), "/") {
		return fmt.Errorf("process %d has another root directory, so that paths mean other files to it", process.PID)
	}
	if process.ExecutableDeleted {
		return nil
	}
	if !SameFile(ctx, machine, Path(process.PID, "exe"), process.Executable) {
		return fmt.Errorf("process %d does not execute the %s of this box", process.PID, sys.Safe(process.Executable))
	}
	return nil
}

// SameFile tells whether two paths lead to one inode; false where that cannot be told.
func SameFile(ctx context.Context, machine sys.Machine, one, other string) bool {
	first, firstErr := machine.StatTarget(ctx, one)
	second, secondErr := machine.StatTarget(ctx, other)
	return firstErr == nil && secondErr == nil && first.Device == second.Device && first.Inode == second.Inode
}

// ProcessID is what tells one process from every other of this boot: ids are used again,
// and the time at which a process was started is worked out anew by every look, from clocks
// that are good to 10 ms. What the kernel keeps is the count of clock ticks (proc(5),
// starttime), which is the same in every look.
type ProcessID struct {
	PID        int    `json:"pid"`
	StartTicks uint64 `json:"start_ticks"`
}

// ID is the process's own, to be compared with ==.
func (process Process) ID() ProcessID { return ProcessID{process.PID, process.StartTicks} }
