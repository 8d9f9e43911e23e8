package sys

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/mattn/go-isatty"
)

// Run implements Machine.
//
// The command gets a process group of its own, so that what ends flasktui (ctrl+c, a
// dropped line) does not end it, and so that all of it can be ended together. It stays in
// the session: sudo keeps its tickets by session and terminal. When the context ends or
// the time is up, the group is told to end and then made to; a command that survives goes
// on when the context ends, until its own timeout.
//
// An elevated command of a user who is not root runs as `sudo -n -- …`, which never asks.
// With Terminal it runs on the program's own terminal, where sudo may ask, and without a
// time limit unless it sets one.
func (l *Local) Run(ctx context.Context, command Command) Output {
	started := time.Now()
	output := Output{Argv: command.Argv, Exit: -1}
	prepared, err := l.prepare(ctx, command, &output)
	if command.Changes {
		// After it as well as before: a read may fall in between.
		l.reads.ahead.forget()
		defer l.reads.ahead.forget()
	}
	switch {
	case err != nil:
		output.Err = err
	case command.Terminal:
		l.finish(&output, command, runOnTerminal(ctx, prepared, command.Timeout))
	case command.Survive:
		l.finish(&output, command, l.runSurviving(ctx, prepared, command, &output))
	default:
		l.finish(&output, command, l.runPiped(ctx, prepared, command, &output))
	}
	output.Took = time.Since(started)
	return output
}

// prepare refuses what may not run, and makes the rest ready to start.
func (l *Local) prepare(ctx context.Context, command Command, output *Output) (*exec.Cmd, error) {
	if len(command.Argv) == 0 {
		return nil, errors.New("run: no command")
	}
	name := command.Argv[0]
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("%s: not started: %w", name, err)
	}
	if command.Changes && l.options.ReadOnly {
		return nil, fmt.Errorf("%s: not run: %w", name, ErrReadOnly)
	}
	program, err := l.findProgram(name)
	if err != nil {
		return nil, err
	}
	if command.As != nil && int(command.As.UID) != l.uid {
		for _, needed := range []string{"env", "setsid", "setpriv"} {
			if _, err := l.findProgram(needed); err != nil {
				return nil, fmt.Errorf("%s: as %s: %w: %s is not installed", name, command.As, ErrNeedsPrivilege, needed)
			}
		}
		command.Elevate = true
		command.Argv = l.become(command)
		if program, err = l.findProgram(command.Argv[0]); err != nil {
			return nil, err
		}
		output.Argv = command.Argv
	}
	if command.Elevate && l.uid != 0 {
		if program, err = l.sudoFor(name); err != nil {
			return nil, err
		}
		sudo := []string{"sudo", "-n", "--"}
		if command.Terminal {
			sudo = []string{"sudo", "--"}
		}
		output.Argv = slices.Concat(sudo, command.Argv)
		output.Elevated = true
	}
	// Ending it is ours to do (see wait), not that of the context.
	prepared := exec.CommandContext(context.WithoutCancel(ctx), program)
	prepared.Args = output.Argv
	prepared.Env = environment(command.Terminal, l.Variables(os.LookupEnv))
	if !command.Changes {
		prepared.Env = append(prepared.Env, lookingOnly()...)
	}
	prepared.Dir = command.Dir
	if prepared.Dir == "" {
		prepared.Dir = "/"
	}
	// Whoever starts a command waits until it runs in its directory.
	if err := l.disks.answer(ctx, "chdir", prepared.Dir+"/."); err != nil {
		return nil, fmt.Errorf("%s: not started: %w", name, err)
	}
	return prepared, nil
}

// findProgram looks a name up in the fixed directories. A relative path is refused: what
// it names depends on where one happens to stand.
func (l *Local) findProgram(name string) (string, error) {
	if strings.ContainsRune(name, '/') {
		if !filepath.IsAbs(name) {
			return "", fmt.Errorf("%s: a relative path: %w", name, ErrNoCommand)
		}
		if !executable(name) {
			return "", fmt.Errorf("%s: %w", name, ErrNoCommand)
		}
		return name, nil
	}
	for _, directory := range l.path {
		if candidate := filepath.Join(directory, name); executable(candidate) {
			return candidate, nil
		}
	}
	return "", fmt.Errorf("%s: %w", name, ErrNoCommand)
}

// FindProgram tells where a machine has a program, without starting it: ErrNoCommand where it is
// in none of the directories in which Run looks.
func FindProgram(ctx context.Context, machine Machine, name string) (string, error) {
	for _, directory := range programDirectories() {
		candidate := filepath.Join(directory, name)
		if info, err := machine.StatTarget(ctx, candidate); err == nil && info.Mode.IsRegular() && info.Mode&0o111 != 0 {
			return candidate, nil
		}
	}
	return "", fmt.Errorf("%s: %w", name, ErrNoCommand)
}

func executable(path string) bool {
	info, err := os.Stat(path) //nolint:forbidigo // a program in a system directory, or as the caller names it
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

// sudoFor finds sudo, where there is any hope of it.
func (l *Local) sudoFor(name string) (string, error) {
	if l.options.NoSudo {
		return "", fmt.Errorf("%s: %w: sudo is switched off", name, ErrNeedsPrivilege)
	}
	if l.sudo.known() == rightsRefused {
		return "", fmt.Errorf("%s: %w: sudo refuses this user", name, ErrNeedsPrivilege)
	}
	sudo, err := l.findProgram("sudo")
	if err != nil {
		l.sudo.learn(rightsRefused)
		return "", fmt.Errorf("%s: %w: sudo is not installed", name, ErrNeedsPrivilege)
	}
	return sudo, nil
}

func runOnTerminal(ctx context.Context, prepared *exec.Cmd, timeout time.Duration) error {
	if !isatty.IsTerminal(os.Stdin.Fd()) {
		return errors.New("needs a terminal")
	}
	prepared.Stdin, prepared.Stdout, prepared.Stderr = os.Stdin, os.Stdout, os.Stderr
	if timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, timeout)
		defer cancel()
	}
	if err := prepared.Start(); err != nil {
		return err
	}
	// It shares our process group, or it could not read from the terminal.
	return wait(ctx, prepared, func(signal syscall.Signal) { _ = prepared.Process.Signal(signal) }, changeGrace)
}

// finish turns what waiting came to into an exit status and an error that says which
// command failed and why.
func (l *Local) finish(output *Output, command Command, waited error) {
	name := command.Argv[0]
	exit, hasExit := errors.AsType[*exec.ExitError](waited)
	switch {
	case waited == nil, errors.Is(waited, exec.ErrWaitDelay):
		// ErrWaitDelay: it ended well, and left a child behind that holds its output.
		output.Exit = 0
	case errors.Is(waited, ErrTruncated):
		output.Exit = 0
		output.Err = fmt.Errorf("%s: output %w", name, waited)
	case hasExit:
		output.Exit = exit.ExitCode()
		output.Err = fmt.Errorf("%s: %w%s", name, exit, lastLine(output.Stderr))
	case errors.Is(waited, context.DeadlineExceeded):
		output.Err = fmt.Errorf("%s: did not end in time: %w", name, waited)
	default:
		output.Err = fmt.Errorf("%s: %w", name, waited)
	}
	if output.Elevated && output.Exit == 1 {
		l.sudoRefusal(output, name)
	}
}

// sudoRefusal tells sudo's own refusals from a command that failed by itself.
func (l *Local) sudoRefusal(output *Output, name string) {
	switch rights, reason := readSudoRefusal(string(output.Stderr)); {
	case reason == "":
	case rights == rightsUnknown:
		output.Exit = -1
		output.Err = fmt.Errorf("%s: %w: %s", name, ErrNoCommand, reason)
	default:
		l.sudo.learn(rights)
		output.Exit = -1
		output.Err = fmt.Errorf("%s: %w: %s", name, ErrNeedsPrivilege, reason)
	}
}

// lastLine is where programs say why they failed, as ": reason".
func lastLine(stderr []byte) string {
	lines := strings.Split(strings.TrimSpace(string(stderr)), "\n")
	last := strings.TrimSpace(lines[len(lines)-1])
	if last == "" {
		return ""
	}
	return ": " + string(Safe(last))
}
