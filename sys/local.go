package sys

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/user"
	"slices"
	"strconv"
	"syscall"
	"time"

	"github.com/shirou/gopsutil/v3/process"
)

// LocalOptions limits what a Local may do.
type LocalOptions struct {
	// NoSudo never asks for more rights than the caller has.
	NoSudo bool
	// ReadOnly refuses every command that changes the machine.
	ReadOnly bool
}

// Local is the machine that the program runs on. What its user may not read it reads
// through sudo, where that needs no password: few commands, each for many paths at once.
type Local struct {
	options LocalOptions
	uid     int
	// path holds the directories in which programs are looked for.
	path  []string
	sudo  sudoRights
	reads elevatedReads
	disks disks
}

var _ Machine = (*Local)(nil)

// NewLocal opens the machine that the program runs on.
func NewLocal(options LocalOptions) *Local {
	local := &Local{options: options, uid: os.Geteuid(), path: programDirectories()}
	local.reads.local, local.disks.local = local, local
	return local
}

// programDirectories is where programs come from. The caller's PATH and directory have no
// say: either may lead into what other people can write to.
func programDirectories() []string {
	return []string{"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"}
}

// Now is the wall clock.
func (l *Local) Now() time.Time { return time.Now() }

// ReadFile implements Machine.
func (l *Local) ReadFile(ctx context.Context, path string, limit int64) ([]byte, error) {
	if limit <= 0 {
		limit = DefaultOutputLimit
	}
	data, err := within(ctx, &l.disks, "read", path, func() ([]byte, error) { return readRegular(path, limit) })
	if !errors.Is(err, fs.ErrPermission) {
		return data, err
	}
	return l.reads.file(ctx, path, limit, err)
}

// ReadLink implements Machine.
func (l *Local) ReadLink(ctx context.Context, path string) (string, error) {
	target, err := within(ctx, &l.disks, "readlink", path, func() (string, error) { return os.Readlink(path) })
	if !errors.Is(err, fs.ErrPermission) {
		return target, vanished(err)
	}
	found, err := l.reads.stat(ctx, path, err)
	if err == nil && !found.info.IsLink() {
		err = &fs.PathError{Op: "readlink", Path: path, Err: syscall.EINVAL}
	}
	return found.target, err
}

// ReadDir implements Machine.
func (l *Local) ReadDir(ctx context.Context, path string) ([]Entry, error) {
	entries, err := within(ctx, &l.disks, "readdir", path, func() ([]Entry, error) { return readDirectory(path) })
	if !errors.Is(err, fs.ErrPermission) {
		return entries, vanished(err)
	}
	return l.reads.directory(ctx, path, err)
}

// Stat implements Machine.
func (l *Local) Stat(ctx context.Context, path string) (FileInfo, error) {
	info, err := within(ctx, &l.disks, "stat", path, func() (FileInfo, error) { return statPath(path) })
	if !errors.Is(err, fs.ErrPermission) {
		return info, vanished(err)
	}
	found, err := l.reads.stat(ctx, path, err)
	return found.info, err
}

// Dial implements Machine.
func (l *Local) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	connection, err := new(net.Dialer).DialContext(ctx, network, address)
	if errors.Is(err, fs.ErrPermission) {
		err = l.unprivileged(err)
	}
	return connection, err
}

// Processes implements Machine.
func (l *Local) Processes(ctx context.Context) ([]int, error) {
	ids, err := process.PidsWithContext(ctx)
	if err != nil {
		return nil, fmt.Errorf("list processes: %w", err)
	}
	pids := make([]int, len(ids))
	for i, id := range ids {
		pids[i] = int(id)
	}
	slices.Sort(pids)
	return pids, nil
}

// Host implements Machine.
func (l *Local) Host(ctx context.Context) (Host, error) {
	hostname, err := os.Hostname()
	if err != nil {
		return Host{}, fmt.Errorf("host name: %w", err)
	}
	host := Host{
		Hostname:  hostname,
		OS:        operatingSystem(),
		Platform:  l.platform(ctx),
		User:      strconv.Itoa(l.uid),
		UID:       l.uid,
		Privilege: l.privilege(ctx),

		DockerSettings: dockerSettings(os.LookupEnv),
	}
	if account, err := user.LookupId(host.User); err == nil {
		host.User = account.Username
	}
	return host, nil
}

func (l *Local) privilege(ctx context.Context) Privilege {
	switch {
	case l.uid == 0:
		return PrivilegeRoot
	case l.options.NoSudo:
		return PrivilegeNone
	case l.sudo.probe(ctx, l) == rightsGranted:
		return PrivilegeSudo
	default:
		return PrivilegeNone
	}
}

// unprivileged says of a refusal that root's rights would help.
func (l *Local) unprivileged(refusal error) error {
	if l.uid == 0 {
		return refusal
	}
	return fmt.Errorf("%w: %w", refusal, ErrNeedsPrivilege)
}

// within runs a file system call that may hang (a disk that died just now, a stuck process
// under /proc) and stops waiting for it when the context ends; the call itself cannot be
// stopped, and its result is dropped.
func within[T any](ctx context.Context, disks *disks, operation, path string, call func() (T, error)) (T, error) {
	var zero T
	if err := ctx.Err(); err != nil {
		return zero, &fs.PathError{Op: operation, Path: path, Err: err}
	}
	if ctx.Done() == nil {
		return call()
	}
	if err := disks.answer(ctx, operation, path); err != nil {
		return zero, err
	}
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := call()
		done <- result{value, err}
	}()
	select {
	case got := <-done:
		return got.value, got.err
	case <-ctx.Done():
		return zero, &fs.PathError{Op: operation, Path: path, Err: ctx.Err()}
	}
}

func readDirectory(path string) ([]Entry, error) {
	listed, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}
	entries := make([]Entry, len(listed))
	for i, entry := range listed {
		entries[i] = Entry{Name: entry.Name(), Type: entry.Type()}
	}
	return entries, nil
}
