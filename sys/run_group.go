package sys

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"strconv"
	"syscall"
	"time"
)

// How long a command that is told to end may take until it is made to: a probe has
// nothing to lose, a change may be half done.
const (
	probeGrace  = 300 * time.Millisecond
	changeGrace = 5 * time.Second
	// killGrace is for what follows SIGKILL, which a process that hangs in the kernel
	// (a dead disk) does not even notice; after that it is left alone.
	killGrace = 200 * time.Millisecond
	// pipeDelay is how long a command's left-over children may hold its output.
	pipeDelay = 500 * time.Millisecond
)

// runPiped runs a probe, or a change that may be interrupted.
func (l *Local) runPiped(ctx context.Context, prepared *exec.Cmd, command Command, output *Output) error {
	ctx, cancel := context.WithTimeout(ctx, command.timeout(ctx))
	defer cancel()
	captured := newCapture(command.outputLimit(), command.Line)
	if command.Stdin != nil {
		prepared.Stdin = bytes.NewReader(command.Stdin)
	}
	prepared.Stdout, prepared.Stderr = &captured.stdout, &captured.stderr
	session := l.startsSession(command)
	prepared.SysProcAttr = &syscall.SysProcAttr{Setsid: session, Setpgid: !session}
	prepared.WaitDelay = pipeDelay
	if err := prepared.Start(); err != nil {
		return err
	}
	grace := probeGrace
	if command.Changes {
		grace = changeGrace
	}
	err := wait(ctx, prepared, l.groupSignaller(ctx, prepared, output.Elevated), grace)
	output.Stdout, output.Stderr = captured.close()
	if err == nil {
		err = captured.truncated()
	}
	return err
}

// timeout is the command's limit: one that only looks is given more time where the person has
// more (see Patiently).
func (command Command) timeout(ctx context.Context) time.Duration {
	limit := command.Timeout
	if limit <= 0 {
		limit = DefaultCommandTimeout
	}
	if command.Changes {
		return limit
	}
	return PatienceOf(ctx, limit)
}

// PatienceOf is how long something may take that usually has a limit (see Patiently).
func PatienceOf(ctx context.Context, limit time.Duration) time.Duration {
	if times, ok := ctx.Value(patienceKey{}).(float64); ok {
		return time.Duration(float64(limit) * times)
	}
	return limit
}

// patienceKey carries how many times as long as usual a command may take.
type patienceKey struct{}

// Patiently gives each command that only looks so many times its usual limit: on a busy box
// whoever waits longer for all of it waits longer for each. Less than once is once.
func Patiently(ctx context.Context, times float64) context.Context {
	return context.WithValue(ctx, patienceKey{}, max(times, 1))
}

func (command Command) outputLimit() int64 {
	if command.OutputLimit > 0 {
		return command.OutputLimit
	}
	return DefaultOutputLimit
}

// wait waits for a started command. When the context ends it sends SIGTERM, after the
// grace SIGKILL, and in the end leaves behind what does not even heed that.
func wait(ctx context.Context, prepared *exec.Cmd, send func(syscall.Signal), grace time.Duration) error {
	var err error
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		err = prepared.Wait()
	}()
	select {
	case <-ended:
		return err
	case <-ctx.Done():
	}
	send(syscall.SIGTERM)
	// A stopped process (one that wanted the terminal) ends only when it goes on.
	send(syscall.SIGCONT)
	select {
	case <-ended:
		// Its children may have taken no notice.
		send(syscall.SIGKILL)
		return ctx.Err()
	case <-time.After(grace):
	}
	send(syscall.SIGKILL)
	select {
	case <-ended:
	case <-time.After(killGrace + pipeDelay):
	}
	return ctx.Err()
}

// groupSignaller signals a command's whole process group. What sudo started belongs to
// root, and only root may signal it; sudo passes a signal on to its command.
func (l *Local) groupSignaller(observed context.Context, prepared *exec.Cmd, elevated bool) func(syscall.Signal) {
	pid := prepared.Process.Pid
	return func(signal syscall.Signal) {
		err := syscall.Kill(-pid, signal)
		if !elevated || !errors.Is(err, syscall.EPERM) {
			return
		}
		sudo, err := l.findProgram("sudo")
		if err != nil {
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		kill := exec.CommandContext(ctx, sudo, "-n", "--", "kill", "-s", strconv.Itoa(int(signal)), "--", strconv.Itoa(pid))
		kill.Dir = "/"
		kill.Env = environment(false, noVariables)
		// Its end is not waited for, but that it was run is told all the same.
		observe(observed, Output{Argv: append([]string{"sudo"}, kill.Args[1:]...), Exit: -1, Elevated: true})
		go func() {
			defer cancel()
			_ = kill.Run()
		}()
	}
}
