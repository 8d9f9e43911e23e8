package wizard

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"sync/atomic"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"flasktui/steps/report"
	"flasktui/sys"
)

// handover lends the person's terminal to commands that need it: an editor, sudo asking
// for a password.
type handover struct {
	config Config
	send   func(tea.Msg)
	// lent says that a command has the terminal; ctrl+c is its business then.
	lent atomic.Bool
	// gone is closed when the screens are: the terminal need not be asked for any more.
	gone chan struct{}
}

func newHandover(config Config, send func(tea.Msg)) *handover {
	return &handover{config: config, send: send, gone: make(chan struct{})}
}

// machine is the machine for a fix: commands that need a terminal get the person's.
func (h *handover) machine(machine sys.Machine) sys.Machine {
	if h.config.Practice {
		return machine
	}
	return &lendingMachine{Machine: machine, handover: h}
}

type lendingMachine struct {
	sys.Machine
	handover *handover
}

// Run runs a command; one that needs a terminal is handed to the program, which alone
// can step aside, and waited for.
func (m *lendingMachine) Run(ctx context.Context, command sys.Command) sys.Output {
	if !command.Terminal {
		return m.Machine.Run(ctx, command)
	}
	reply := make(chan sys.Output, 1)
	go m.handover.ask(terminalMsg{command, reply})
	select {
	case output := <-reply:
		return output
	case <-m.handover.gone:
		lent := m.handover.lend(m.handover.config.Terminal(command))
		lent.SetStdin(os.Stdin)
		lent.SetStdout(os.Stdout)
		lent.SetStderr(os.Stderr)
		return lent.output(lent.Run())
	case <-ctx.Done():
		return sys.Output{Argv: command.Argv, Exit: -1, Err: ctx.Err()}
	}
}

// ask does not hold up whoever waits: a program that is gone takes no message.
func (h *handover) ask(msg terminalMsg) {
	defer caught("asking for the terminal", func(crash *CrashError) { h.send(crashMsg{crash}) })
	h.send(msg)
}

// exec steps aside for a command.
func (h *handover) exec(msg terminalMsg) tea.Cmd {
	lent := h.lend(h.config.Terminal(msg.command))
	return tea.Exec(lent, func(err error) tea.Msg {
		msg.reply <- lent.output(err)
		return nil
	})
}

// unlock lets sudo ask for the password; run is the plan that waits for that.
func (h *handover) unlock(run *report.Plan) tea.Cmd {
	process := h.config.Unlock()
	if process == nil {
		return func() tea.Msg { return unlockedMsg{nil, run} }
	}
	return tea.Exec(h.lend(process), func(err error) tea.Msg {
		if err == nil && h.config.Unlocked != nil {
			h.config.Unlocked()
		}
		return unlockedMsg{err, run}
	})
}

// lent is a process that has the terminal while it runs.
type lent struct {
	*exec.Cmd
	handover *handover
	took     time.Duration
}

func (h *handover) lend(process *exec.Cmd) *lent { return &lent{Cmd: process, handover: h} }

func (l *lent) Run() error {
	l.handover.lent.Store(true)
	defer l.handover.lent.Store(false)
	begun := time.Now()
	err := l.Cmd.Run()
	l.took = time.Since(begun)
	return err
}

// SetStdin gives it the terminal itself: one that we read for it would be a pipe to it.
func (l *lent) SetStdin(r io.Reader) {
	l.Stdin = r
	if input, ours := r.(terminalInput); ours {
		l.Stdin = input.File
	}
}

func (l *lent) SetStdout(w io.Writer) { l.Stdout = w }

func (l *lent) SetStderr(w io.Writer) { l.Stderr = w }

func (l *lent) output(err error) sys.Output {
	output := sys.Output{Argv: l.Args, Took: l.took, Err: err}
	if err != nil {
		output.Exit = -1
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			output.Exit = exit.ExitCode()
		}
	}
	return output
}
