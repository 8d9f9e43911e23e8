package sys

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
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
	path   []string
	opener opener
	led    ledPaths
	sudo   sudoRights
	reads  elevatedReads
	disks  disks
}

var _ Machine = (*Local)(nil)

// NewLocal opens the machine that the program runs on.
func NewLocal(options LocalOptions) *Local {
	local := &Local{options: options, uid: os.Geteuid(), path: programDirectories()}
	local.reads.local, local.disks.local = local, local
	local.reads.program = sync.OnceValues(local.ownProgram)
	local.opener.authority = authority{self: uint32(max(0, os.Geteuid())), groups: groupsOf} //nolint:gosec // ids have 32 bits
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
	got, err := l.ask(ctx, question{Op: askFile, Path: path, Limit: limit})
	return got.Content, err
}

// ReadEnd implements Machine.
func (l *Local) ReadEnd(ctx context.Context, path string, limit int64) ([]byte, error) {
	got, err := l.ask(ctx, question{Op: askEnd, Path: path, Limit: limit})
	return got.Content, err
}

// ReadLink implements Machine.
func (l *Local) ReadLink(ctx context.Context, path string) (string, error) {
	got, err := l.ask(ctx, question{Op: askLink, Path: path})
	return got.Target, err
}

// ReadDir implements Machine.
func (l *Local) ReadDir(ctx context.Context, path string) ([]Entry, error) {
	got, err := l.ask(ctx, question{Op: askList, Path: path})
	return got.Entries, err
}

// Stat implements Machine.
func (l *Local) Stat(ctx context.Context, path string) (FileInfo, error) {
	got, err := l.ask(ctx, question{Op: askLook, Path: path})
	return got.Info, err
}

// Resolve implements Machine.
func (l *Local) Resolve(ctx context.Context, path string) (string, error) {
	got, err := l.ask(ctx, question{Op: askPlace, Path: path})
	if err == nil {
		l.led.add(got.Target, got.Led)
	}
	return got.Target, err
}

// ask answers a question, with root's rights where the user's own do not do.
func (l *Local) ask(ctx context.Context, asked question) (answer, error) {
	asked.Led, asked.Shared = l.led.to(asked.Path), sharedIn(ctx)
	asked.Led = together(asked.Led, l.opener.named(NamersIn(ctx)))
	got, err := within(ctx, &l.disks, string(asked.Op), asked.Path, func() (answer, error) { return l.opener.answer(asked) })
	if !errors.Is(err, fs.ErrPermission) {
		return got, err
	}
	return l.reads.ask(ctx, asked, err)
}

// StatTarget implements Machine.
func (l *Local) StatTarget(ctx context.Context, path string) (FileInfo, error) {
	got, err := l.ask(ctx, question{Op: askTarget, Path: path})
	return got.Info, err
}

// OpenMemory implements Machine.
func (l *Local) OpenMemory(_ context.Context, pid int) (Memory, error) {
	return l.opener.memory(pid)
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
		ID:        l.hostID(ctx, "/etc/machine-id"),
		OS:        operatingSystem(),
		Platform:  l.platform(ctx),
		User:      strconv.Itoa(l.uid),
		UID:       l.uid,
		Privilege: l.privilege(ctx),

		DockerSettings: DockerSettings(os.LookupEnv),
	}
	if account, err := user.LookupId(host.User); err == nil {
		host.User = account.Username
	}
	return host, nil
}

// hostID hashes the id that a file holds, as machine-id(5) asks of programs that show it;
// empty where there is none.
func (l *Local) hostID(ctx context.Context, file string) string {
	id, err := l.ReadFile(ctx, file, 1024)
	id = bytes.TrimSpace(id)
	if err != nil || len(id) != 32 {
		return ""
	}
	keyed := hmac.New(sha256.New, id)
	keyed.Write([]byte("flasktui"))
	return hex.EncodeToString(keyed.Sum(nil)[:16])
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

// DockerSettings tells whether a user has any settings of Docker's own: asking docker itself
// takes as long as all the rest.
func DockerSettings(lookup func(string) (string, bool)) bool {
	for _, name := range []string{"DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG"} {
		if _, set := lookup(name); set {
			return true
		}
	}
	home, _ := lookup("HOME")
	_, err := os.Stat(filepath.Join(home, ".docker")) //nolint:forbidigo // the caller's own, of which nothing is read
	return err == nil
}
