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
	"syscall"
	"time"
)

// commandTimeout bounds every command in a box that has no deadline of its own.
const commandTimeout = 3 * time.Minute

// Result is how a command in a box ended.
type Result struct {
	Stdout, Stderr string
	Exit           int
}

// openSession gives the box a login session: a scope of its own below
// user.slice, as sshd gives one to a person. Commands of the lab run in it,
// so that what they leave behind lies where a person would have left it.
func (b *Box) openSession(ctx context.Context) error {
	if _, err := b.Run(ctx, "systemd-run", "--quiet", "--unit=session-1.scope", "--slice=user.slice", "--scope",
		"sh", "-c", "exec sleep infinity >/dev/null 2>&1 & :"); err != nil {
		return err
	}
	found, _ := filepath.Glob(filepath.Join(b.cgroup, "payload", "user.slice", "session-1.scope"))
	other, _ := filepath.Glob(filepath.Join(b.cgroup, "user.slice", "session-1.scope"))
	if found = append(found, other...); len(found) == 0 {
		return errors.New("open a session: no session-1.scope below " + b.cgroup)
	}
	f, err := os.Open(found[0])
	if err != nil {
		return fmt.Errorf("open a session: %w", err)
	}
	b.session = f
	return nil
}

// Command is a command inside the box, not started yet, with a clean
// environment. The caller may set its input and outputs.
func (b *Box) Command(ctx context.Context, argv ...string) *exec.Cmd {
	enter := []string{"-t", strconv.Itoa(b.leader), "-m", "-u", "-i", "-n", "-p", "-C", "-r", "-w", "--"}
	cmd := exec.CommandContext(ctx, "nsenter", append(enter, argv...)...)
	cmd.Env = []string{
		"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "USER=root",
		"LANG=C.UTF-8", "TERM=xterm-256color", "SHELL=/bin/bash",
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if b.session != nil {
		cmd.SysProcAttr.UseCgroupFD = true
		cmd.SysProcAttr.CgroupFD = int(b.session.Fd())
	}
	// nsenter forks: the whole group must go, or the command outlives its deadline.
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	// A process left in the background may hold the pipes; it is not waited for.
	cmd.WaitDelay = 500 * time.Millisecond
	return cmd
}

// Do runs a command in the box with that input. The error is for commands that
// could not be run at all or ran out of time; an exit status is no error.
func (b *Box) Do(ctx context.Context, stdin string, argv ...string) (Result, error) {
	if _, bounded := ctx.Deadline(); !bounded {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, commandTimeout)
		defer cancel()
	}
	var stdout, stderr bytes.Buffer
	cmd := b.Command(ctx, argv...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &stdout, &stderr
	err := cmd.Run()
	r := Result{Stdout: stdout.String(), Stderr: stderr.String(), Exit: cmd.ProcessState.ExitCode()}
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return r, fmt.Errorf("in box %s: %s: %w\n%s", b.name, describe(argv), ctx.Err(), tail(r.Stderr, 10))
	case errors.As(err, &exit), errors.Is(err, exec.ErrWaitDelay):
		return r, nil
	case err != nil:
		return r, fmt.Errorf("in box %s: %s: %w", b.name, describe(argv), err)
	}
	return r, nil
}

// Run runs a command that must succeed and returns what it printed.
func (b *Box) Run(ctx context.Context, argv ...string) (string, error) {
	return b.feed(ctx, "", argv...)
}

func (b *Box) feed(ctx context.Context, stdin string, argv ...string) (string, error) {
	r, err := b.Do(ctx, stdin, argv...)
	if err == nil && r.Exit != 0 {
		err = fmt.Errorf("in box %s: %s: exit %d\n%s", b.name, describe(argv), r.Exit, tail(r.Stderr+r.Stdout, 10))
	}
	return r.Stdout, err
}

// Shell runs a script of sh, which stops at its first error. Deploys are shell
// scripts in the field, and so they are here.
func (b *Box) Shell(ctx context.Context, script string, args ...string) (string, error) {
	return b.feed(ctx, "", append([]string{"sh", "-euc", script, "sh"}, args...)...)
}

// Write writes a file inside the box as a deploy does: beside its place, then
// renamed over it, so that its birth time is now. Directories are made.
func (b *Box) Write(ctx context.Context, path, text string) error {
	_, err := b.feed(ctx, text, "sh", "-euc", `mkdir -p "$(dirname "$1")"; cat > "$1.part"; mv -T "$1.part" "$1"`, "sh", path)
	return err
}

// Wait polls until try succeeds.
func (b *Box) Wait(ctx context.Context, timeout time.Duration, try func() error) error {
	return poll(ctx, timeout, 30*time.Millisecond, try)
}

// describe is a command for an error message; of a script, the line that it
// begins with.
func describe(argv []string) string {
	first, _, more := strings.Cut(strings.TrimSpace(strings.Join(argv, " ")), "\n")
	if more {
		first += " ..."
	}
	return first
}

// Login gives the person at this terminal a login shell in the box, and comes
// back when they leave it. script is what opens a terminal of the box's own.
func (b *Box) Login(ctx context.Context) error {
	cmd := b.Command(ctx, "script", "-q", "-c", "bash -l", "/dev/null")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.SysProcAttr.Setpgid = false // it reads the terminal, which only the foreground group may
	for _, name := range []string{"TERM", "COLORTERM", "NO_COLOR"} {
		if value, ok := os.LookupEnv(name); ok {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	err := cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return nil // whatever the person's last command said
	}
	return err
}
