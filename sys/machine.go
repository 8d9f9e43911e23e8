// Package sys is the seam: how a machine is read and acted on, and nothing of what is read means
// anything here. Machine is the interface through which everything goes, so that the same code
// serves this machine (Local: files by an opener that nobody leads astray, commands without a
// shell, sudo) and the practice box in memory. Beside it lie what every reader needs: text that is
// safe to show (Safe), secrets masked (Redact), the record of what was run. Each system has a room
// of its own below (sys/proc, sys/systemd, sys/nginx, …), which knows sys and no other way to a
// box. Begin with machine.go, then run.go and opener_linux.go.
package sys

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"path"
	"slices"
	"time"
)

// Machine is the one seam between flasktui and a box. Implementations are safe for
// concurrent use, and no call outlives its context.
//
// Errors of the reading methods wrap fs.ErrNotExist and fs.ErrPermission where those
// are the cause, so that callers can tell "is not there" from "may not look". ErrLedAway
// means that a path leads to what those who decide about it may not see themselves.
type Machine interface {
	// Run executes an argument vector, never a shell. A command that could not be
	// started or did not end well says so in Output.Err; what it printed is kept.
	Run(ctx context.Context, command Command) Output
	// ReadFile reads at most limit bytes of a regular file or a file under /proc. It
	// refuses FIFOs, sockets and devices, and says ErrTruncated beside the bytes that
	// were read when the file is longer, and ErrKept where they are not to be shown.
	ReadFile(ctx context.Context, path string, limit int64) ([]byte, error)
	// ReadEnd is ReadFile for the last bytes of a file that is only appended to.
	ReadEnd(ctx context.Context, path string, limit int64) ([]byte, error)
	// ReadLink returns a symbolic link's own text, not what it resolves to.
	ReadLink(ctx context.Context, path string) (string, error)
	// ReadDir lists a directory, sorted by name.
	ReadDir(ctx context.Context, path string) ([]Entry, error)
	// Stat describes a path itself; it does not follow a link in the last element.
	Stat(ctx context.Context, path string) (FileInfo, error)
	// Resolve follows every symbolic link in an absolute path, as realpath(3) does. Beside
	// an error that wraps fs.ErrNotExist it returns how far the links could be followed,
	// which is what names a dangling link's target.
	//
	// A path below /proc/PID/root is followed inside that root.
	Resolve(ctx context.Context, path string) (string, error)
	// StatTarget describes what a path leads to, with all its links followed by the kernel
	// itself: of /proc/PID/exe that is the very file that is executed, and of
	// /proc/PID/root the very directory, whatever bears their names now.
	StatTarget(ctx context.Context, path string) (FileInfo, error)
	// OpenMemory opens the memory of a process for reading (proc_pid_mem(5)), which stops
	// it not. It wants root, or the process's own user and the right to trace. The caller
	// closes it.
	OpenMemory(ctx context.Context, pid int) (Memory, error)
	// Dial opens a connection from the machine: network is "unix" or "tcp".
	Dial(ctx context.Context, network, address string) (net.Conn, error)
	// Processes lists the ids of all running processes.
	Processes(ctx context.Context) ([]int, error)
	// Host says which machine this is and with what rights it is read.
	Host(ctx context.Context) (Host, error)
	// Now is the machine's wall clock.
	Now() time.Time
}

// Memory is the memory of a running process, by address.
type Memory interface {
	io.ReaderAt
	io.Closer
}

// Command is an argument vector with what surrounds it.
type Command struct {
	// Argv is the program and its arguments.
	Argv []string
	// Stdin is fed to the command; nil means an empty input, never the terminal.
	Stdin []byte
	// Dir is the working directory; empty means the root directory, so that nothing
	// in the caller's directory can have a say.
	Dir string
	// Elevate asks for root's rights for this one command: through `sudo -n` where
	// the caller is not root and the machine allows it.
	Elevate bool
	// As, if set, has a command that only looks run with no more than this account's
	// rights, in a session of its own and with Environment alone. To become somebody else
	// takes root's rights, which are asked for as with Elevate.
	As *Account
	// Environment are the variables, as NAME=VALUE, of a command with As, besides those
	// that every command gets.
	Environment []string
	// Changes says that the command changes the machine. A machine opened read-only
	// refuses it with ErrReadOnly; a probe never sets it.
	Changes bool
	// Terminal hands the command the person's own terminal ($EDITOR, a sudo prompt);
	// only a face that owns a terminal can run such a command.
	Terminal bool
	// Timeout bounds the run; zero means DefaultCommandTimeout. Of a command that only looks
	// it is the usual limit, which Patiently makes longer.
	Timeout time.Duration
	// OutputLimit bounds each of stdout and stderr in bytes; zero means
	// DefaultOutputLimit.
	OutputLimit int64
	// Survive lets a command that was begun run to its end when flasktui itself is
	// told to go (the line dropped): fixes want this, probes do not.
	Survive bool
	// Line, if set, is called with each line of stdout and stderr as it comes, made
	// safe. It is called from one goroutine at a time.
	Line func(Text)
}

// Limits for commands that do not set their own.
const (
	DefaultCommandTimeout = 5 * time.Second
	DefaultOutputLimit    = 16 << 20
)

// Output is what came of a Command.
type Output struct {
	// Argv is what really ran, sudo included.
	Argv   []string
	Stdout []byte
	Stderr []byte
	// Exit is the exit status; -1 where the command did not start or was killed.
	Exit int
	Took time.Duration
	// Elevated says that the command ran with more rights than the caller's own.
	Elevated bool
	// Err is nil only when the command ran and exited 0. It wraps ErrNoCommand,
	// ErrNeedsPrivilege, ErrTruncated or context errors where those are the cause.
	Err error
}

// Complains tells whether what the command wrote to its standard error has any of these words.
func (output Output) Complains(words ...string) bool {
	return slices.ContainsFunc(words, func(word string) bool { return bytes.Contains(output.Stderr, []byte(word)) })
}

var (
	// ErrNoCommand means that the program is not installed on the machine.
	ErrNoCommand = errors.New("no such command")
	// ErrNeedsPrivilege means that root's rights are needed and could not be had
	// without asking for a password.
	ErrNeedsPrivilege = errors.New("needs root's rights")
	// ErrTruncated means that more was there than the limit allowed to be read.
	ErrTruncated = errors.New("longer than the limit")
	// ErrNotRegular means that a FIFO, socket or device stands where a file was
	// expected.
	ErrNotRegular = errors.New("not a regular file")
	// ErrReadOnly means that the machine was opened for reading alone.
	ErrReadOnly = errors.New("read-only")
)

// Entry is one name in a directory.
type Entry struct {
	Name string
	// Type holds the type bits alone (directory, link, regular…).
	Type fs.FileMode
}

// Described is what Stat says of one entry of a directory.
type Described struct {
	Name string
	Info FileInfo
	Err  error
}

// StatEntries is Stat of several entries of one directory, by the names that ReadDir gave,
// in their order. A machine that can hold the directory meanwhile walks to it once.
func StatEntries(ctx context.Context, machine Machine, directory string, names []string) []Described {
	if together, ok := machine.(interface {
		statEntries(ctx context.Context, directory string, names []string) []Described
	}); ok {
		return together.statEntries(ctx, directory, names)
	}
	described := make([]Described, len(names))
	for index, name := range names {
		info, err := machine.Stat(ctx, path.Join(directory, name))
		described[index] = Described{name, info, err}
	}
	return described
}

// FileInfo describes a path by statx(2). Birth is zero where the file system does not
// record it.
type FileInfo struct {
	Mode fs.FileMode
	Size int64
	UID  uint32
	GID  uint32
	// Served says that the file system is a program's (FUSE), which says of its files what
	// it likes, their owners included.
	Served bool `json:",omitempty"`
	Device uint64
	Inode  uint64
	// Modified is when the content was last written, which tools may set at will
	// (rsync -t, tar, cp -p).
	Modified time.Time
	// Changed is when the inode last changed in any way (chown and chmod included);
	// nobody can set it.
	Changed time.Time
	// Born is when the inode was created: a file that was written anew and renamed
	// into place is younger than it may claim in Modified.
	Born time.Time
}

// IsDir tells whether a directory stands at the path.
func (info FileInfo) IsDir() bool { return info.Mode.IsDir() }

// IsLink tells whether a symbolic link stands at the path.
func (info FileInfo) IsLink() bool { return info.Mode&fs.ModeSymlink != 0 }

// ContentTime is the latest time at which a file is known to have got its content. The
// modification time alone would not do: rsync, tar and cp -p set it back, but they write
// a new inode, whose birth cannot be set. Nothing is newer than the change time, which a
// modification time set into the future does not move.
func (info FileInfo) ContentTime() time.Time {
	at := info.Modified
	if info.Born.After(at) {
		at = info.Born
	}
	if at.After(info.Changed) && !info.Changed.IsZero() {
		at = info.Changed
	}
	return at
}

// Host identifies a machine.
type Host struct {
	Hostname string `json:"hostname"`
	// ID tells this installation from others, whatever they are called: a hash keyed with
	// the machine's id, which itself is not to be given away (machine-id(5)); empty for none.
	ID       string `json:"id,omitempty"`
	OS       string `json:"os"`
	Platform string `json:"platform"`
	User     string `json:"user"`
	UID      int    `json:"uid"`
	// Privilege says what may be read and run: root, sudo (without a password) or
	// none.
	Privilege Privilege `json:"privilege"`
	// DockerSettings says that the user has told Docker which daemon to ask: by a
	// variable, or perhaps by a context. Without, it is the system's own.
	DockerSettings bool `json:"-"`
}

// OrWithSudo ends a sentence about what may not be read: whoever is not root is told to come
// with root's rights, and root is not.
func (host Host) OrWithSudo() Text {
	if host.Privilege == PrivilegeRoot {
		return ""
	}
	return "; run flasktui with sudo"
}

// Privilege is the right to act as root.
type Privilege string

// The three answers to "may this user act as root?".
const (
	PrivilegeRoot Privilege = "root"
	PrivilegeSudo Privilege = "sudo"
	PrivilegeNone Privilege = "none"
)
