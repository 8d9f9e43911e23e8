package sys

import (
	"context"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"
)

// rights is what is known of the user's right to act as root by sudo.
type rights int

const (
	rightsUnknown rights = iota
	// rightsGranted: any command runs without a password, for now.
	rightsGranted
	// rightsWanting: a password is needed, or only some commands are allowed; a single
	// command may still be worth a try.
	rightsWanting
	// rightsRefused: sudo is not there, or refuses this user. It reports each attempt,
	// so there is to be no second one.
	rightsRefused
)

// sudoTimeout bounds the question whether sudo works: it may ask a directory server.
const sudoTimeout = 3 * time.Second

// sudoRights remembers what sudo said.
type sudoRights struct {
	mutex   sync.Mutex
	state   rights
	probing chan struct{}
}

func (s *sudoRights) known() rights {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.state
}

func (s *sudoRights) learn(state rights) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.state = state
}

// probe asks sudo once, however many want to know. A caller whose context ends before
// there is an answer gets rightsUnknown.
func (s *sudoRights) probe(ctx context.Context, l *Local) rights {
	s.mutex.Lock()
	if s.state != rightsUnknown {
		defer s.mutex.Unlock()
		return s.state
	}
	if s.probing == nil {
		s.probing = make(chan struct{})
		go s.ask(context.WithoutCancel(ctx), l, s.probing)
	}
	answered := s.probing
	s.mutex.Unlock()
	select {
	case <-answered:
		return s.known()
	case <-ctx.Done():
		return rightsUnknown
	}
}

func (s *sudoRights) ask(ctx context.Context, l *Local, answered chan struct{}) {
	output := l.Run(ctx, Command{Argv: []string{"true"}, Elevate: true, Timeout: sudoTimeout})
	observe(ctx, output)
	s.mutex.Lock()
	defer s.mutex.Unlock()
	switch {
	case output.Err == nil:
		s.state = rightsGranted
	case s.state != rightsRefused:
		s.state = rightsWanting
	}
	s.probing = nil
	close(answered)
}

// UnlockCommand is the command that lets sudo ask for the password on the person's own
// terminal; nil where there is nothing to unlock. Unlocked is to be called after it.
func (l *Local) UnlockCommand() *exec.Cmd {
	if l.uid == 0 {
		return nil
	}
	sudo, err := l.sudoFor("sudo")
	if err != nil {
		return nil
	}
	command := exec.CommandContext(context.Background(), sudo, "-v")
	command.Dir = "/"
	command.Env = environment(true, os.LookupEnv)
	command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr
	return command
}

// OnTerminal makes a command ready for a face that lends it the person's own terminal. It
// is prepared, and refused, like every other one: where it may not run, running it says why.
func (l *Local) OnTerminal(command Command) *exec.Cmd {
	command.Terminal = true
	output := Output{Argv: command.Argv}
	prepared, err := l.prepare(context.Background(), command, &output)
	if err != nil {
		return &exec.Cmd{Args: command.Argv, Err: err}
	}
	return prepared
}

// Refusal is why sudo would not let the user act as root, whatever password was typed, in its
// own words; empty where it would ask for one, or asks for none. sudo logs the question.
func (l *Local) Refusal(ctx context.Context) Text {
	if _, err := l.sudoFor("sudo"); err != nil {
		return ErrorText(err)
	}
	output := l.Run(ctx, Command{Argv: []string{"sudo", "-n", "-v"}, Timeout: sudoTimeout})
	state, reason := readSudoRefusal(string(output.Stderr))
	if output.Err == nil || state != rightsRefused {
		return ""
	}
	l.sudo.learn(rightsRefused)
	return Safe(reason)
}

// Unlocked forgets what sudo said before, so that it is asked again.
func (l *Local) Unlocked() { l.sudo.learn(rightsUnknown) }

// readSudoRefusal finds sudo's own reason in what it printed, in the C locale. An empty
// reason means that the command itself failed; rightsUnknown beside a reason, that sudo
// did not find the command.
func readSudoRefusal(stderr string) (state rights, reason string) {
	for line := range strings.Lines(stderr) {
		line = strings.TrimSpace(line)
		says := func(words string) bool { return strings.Contains(line, words) }
		switch {
		case strings.HasPrefix(line, "sudo: ") && strings.HasSuffix(line, ": command not found"):
			return rightsUnknown, line
		case slices.ContainsFunc([]string{
			"is not in the sudoers file", "may not run sudo", "is not allowed to run sudo", "\"no new privileges\" flag",
			"effective uid is not 0", "must be owned by uid 0", "unable to initialize policy plugin",
		}, says):
			return rightsRefused, line
		case slices.ContainsFunc([]string{"a password is required", "a terminal is required", "you must have a tty", "no tty present", "authentication failure"}, says),
			strings.Contains(line, "is not allowed to execute"),
			strings.HasPrefix(line, "sudo: account validation failure"), strings.HasPrefix(line, "sudo: PAM "):
			return rightsWanting, line
		}
	}
	return rightsUnknown, ""
}
