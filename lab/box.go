package lab

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// bootTimeout bounds a boot, which takes a second on an idle machine.
const bootTimeout = 60 * time.Second

// mountAndBoot is process 1 of the box's own mount and process namespaces: it
// lays the box over its floor and becomes systemd-nspawn. When it ends, for
// whatever reason, the kernel ends every process of the box and undoes the
// mount, so no failure of any kind can leave either behind.
//
// On a host that mixes both cgroup hierarchies nspawn would mirror the box into
// the old one and leave it there: it is shown the unified one alone.
const mountAndBoot = `mount --make-rprivate /
mount -t proc proc /proc
mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" "$2/root"
umount -R /sys/fs/cgroup
mount -t cgroup2 cgroup2 /sys/fs/cgroup
shift 2
exec "$@"`

// Box is one throw-away Debian, running.
type Box struct {
	name string

	lab     *Lab
	dir     string // upper, work and root of the overlay
	cgroup  string // everything that runs in the box
	session *os.File
	nspawn  *exec.Cmd
	console *bytes.Buffer
	floor   string   // the lower directories of the overlay: the base, or the second layer and the base
	binds   []string // FILE:PATH of the host's files that it sees
	exited  chan struct{}
	leader  int // the box's PID 1, as the host counts
	once    sync.Once
	err     error
}

// Boot starts a new box and waits until systemd says that it is up. The box
// sees the files in binds, each as FILE:PATH, read-only.
func (l *Lab) Boot(ctx context.Context, name string, binds ...string) (*Box, error) {
	return l.bootOver(ctx, l.base, name, binds...)
}

// bootOver boots a box over these lower directories.
func (l *Lab) bootOver(ctx context.Context, floor, name string, binds ...string) (*Box, error) {
	id := fmt.Sprintf("%s-%d", name, l.count.Add(1))
	b := &Box{
		name:    name,
		lab:     l,
		dir:     filepath.Join(l.run, id),
		cgroup:  filepath.Join(l.cgroup, id),
		console: &bytes.Buffer{},
		floor:   floor,
		binds:   append(binds, l.Binary()+":/usr/local/bin/flasktui"),
		exited:  make(chan struct{}),
	}
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return nil, errors.New("boot " + name + ": the lab is closed")
	}
	l.boxes[b] = struct{}{}
	l.mu.Unlock()
	if err := b.boot(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("boot %s: %w", name, err), b.Stop())
	}
	return b, nil
}

func (b *Box) boot(ctx context.Context) error {
	for _, d := range []string{"upper", "work", "root"} {
		if err := os.MkdirAll(filepath.Join(b.dir, d), 0o755); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(b.cgroup, 0o755); err != nil {
		return err
	}
	if err := b.start(); err != nil {
		return err
	}
	return b.up(ctx)
}

// up waits until the box is up, and makes ready to run commands in it.
func (b *Box) up(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, bootTimeout)
	defer cancel()
	if err := poll(ctx, bootTimeout, 10*time.Millisecond, b.findLeader); err != nil {
		return fmt.Errorf("find the box's first process: %w\n%s", err, b.Console())
	}
	settled := func() error {
		state, err := b.Run(ctx, "systemctl", "is-system-running")
		if state = strings.TrimSpace(state); state == "running" || state == "degraded" {
			return nil
		}
		return fmt.Errorf("it is %q: %w", state, err)
	}
	if err := poll(ctx, bootTimeout, 50*time.Millisecond, settled); err != nil {
		return fmt.Errorf("wait for systemd: %w\n%s", err, b.Console())
	}
	if _, err := b.Run(ctx, "ip", "link", "set", "lo", "up"); err != nil {
		return err
	}
	return b.openSession(ctx)
}

// start runs systemd-nspawn in a cgroup and a mount namespace of the box's own.
func (b *Box) start() error {
	group, err := os.Open(b.cgroup)
	if err != nil {
		return err
	}
	defer group.Close()
	argv := []string{
		"-ec", mountAndBoot, "sh", b.floor, b.dir,
		"systemd-nspawn", "-q", "-D", filepath.Join(b.dir, "root"), "--boot", "--register=no", "--keep-unit",
		"-M", b.hostname(), "--private-network", "--capability=all", "--system-call-filter=@keyring bpf @mount",
		"--tmpfs=/var/lib/docker:mode=0710", "--console=pipe",
	}
	for _, bind := range b.binds {
		argv = append(argv, "--bind-ro="+bind)
	}
	// A file system in user space, and a network for containers that run without root.
	for _, device := range []string{"/dev/fuse", "/dev/net/tun"} {
		if exists(device) {
			argv = append(argv, "--bind="+device)
		}
	}
	// Its end is not any context's, but that of Stop and of the lab itself.
	b.nspawn = exec.CommandContext(context.Background(), "sh", argv...)
	b.nspawn.Env = append(os.Environ(), "SYSTEMD_LOG_LEVEL=warning")
	b.nspawn.Stdout, b.nspawn.Stderr = b.console, b.console
	b.nspawn.WaitDelay = time.Second
	b.nspawn.SysProcAttr = &syscall.SysProcAttr{
		Setpgid:     true,            // a ^C at the terminal is for the lab, which ends the box in order
		Pdeathsig:   syscall.SIGKILL, // and with it the whole box
		Cloneflags:  syscall.CLONE_NEWNS | syscall.CLONE_NEWPID,
		UseCgroupFD: true,
		CgroupFD:    int(group.Fd()),
	}
	if err := b.nspawn.Start(); err != nil {
		return fmt.Errorf("start systemd-nspawn: %w", err)
	}
	go func(nspawn *exec.Cmd, exited chan struct{}) {
		_ = nspawn.Wait()
		close(exited)
	}(b.nspawn, b.exited)
	return nil
}

// hostname is the box's name as a host name may be: letters, digits, hyphens.
func (b *Box) hostname() string {
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(b.name))
	return "web-" + strings.Trim(name[:min(len(name), 40)], "-")
}

// findLeader finds nspawn's child, once it has become the box's systemd.
func (b *Box) findLeader() error {
	select {
	case <-b.exited:
		return errors.New("systemd-nspawn ended")
	default:
	}
	pid := strconv.Itoa(b.nspawn.Process.Pid)
	children, err := os.ReadFile("/proc/" + pid + "/task/" + pid + "/children")
	if err != nil {
		return err
	}
	for _, child := range strings.Fields(string(children)) {
		status, _ := os.ReadFile("/proc/" + child + "/status")
		if isFirstProcess(string(status)) {
			b.leader, err = strconv.Atoi(child)
			return err
		}
	}
	return errors.New("systemd-nspawn has no child yet that is process 1 of a box")
}

// isFirstProcess says whether a status of /proc is that of a systemd which is
// process 1 of the innermost of its namespaces.
func isFirstProcess(status string) bool {
	_, ids, _ := strings.Cut(status, "\nNSpid:")
	ids, _, _ = strings.Cut(ids, "\n")
	fields := strings.Fields(ids)
	return strings.HasPrefix(status, "Name:\tsystemd\n") && len(fields) > 1 && fields[len(fields)-1] == "1"
}

// reboot reboots the box and waits until it is up again. systemd-nspawn ends
// with the boot, as --keep-unit has it, and is started again on the same tree.
func reboot(ctx context.Context, c *Case) error {
	b := c.Box
	if _, err := b.Do(ctx, "", "systemctl", "reboot"); err != nil {
		return err
	}
	select {
	case <-b.exited:
	case <-time.After(bootTimeout):
		return errors.New("reboot: the box does not go down")
	}
	_ = b.session.Close()
	b.session = nil // its commands ran in the boot that ended
	b.exited = make(chan struct{})
	if err := b.start(); err != nil {
		return err
	}
	return b.up(ctx)
}

// Console is what the box printed while it booted.
func (b *Box) Console() string {
	select {
	case <-b.exited:
		return tail(b.console.String(), 20)
	default:
		return "(the box still runs)" // the buffer is its to write
	}
}

// Stop ends the box and removes all of it. Only the first call does anything.
func (b *Box) Stop() error {
	b.once.Do(func() {
		if b.session != nil {
			_ = b.session.Close()
		}
		err := removeCgroup(b.cgroup)
		if b.nspawn != nil && b.nspawn.Process != nil {
			<-b.exited
		}
		b.err = errors.Join(err, os.RemoveAll(b.dir))
		b.lab.mu.Lock()
		delete(b.lab.boxes, b)
		b.lab.mu.Unlock()
	})
	if b.err != nil {
		return fmt.Errorf("stop %s: %w", b.name, b.err)
	}
	return nil
}
