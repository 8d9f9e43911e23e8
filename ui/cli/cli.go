// Package cli is the command line. The rules of its output are: what was asked for goes
// to standard output; everything else (progress, messages, the live output of a fix)
// goes to standard error; an error is one line that begins with "flasktui: ", then at most
// one that begins with "flasktui: hint: ", without a capital first and without a full stop
// last.
//
// It knows steps, and wires it to a machine (engine.go) and to the faces; the record and the lock of
// fixes are put around it here. Begin with Main, then root.go: each command is a file.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"syscall"

	"github.com/spf13/cobra"

	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/ui/render"
)

// The exit statuses of the contract.
const (
	statusFresh        = 0
	statusStale        = 1
	statusInconclusive = 2
	statusFailure      = 3
)

// exitStatus is the status that a verdict stands for.
func exitStatus(verdict report.Verdict) int {
	switch verdict {
	case report.Fresh:
		return statusFresh
	case report.Stale, report.Mixed, report.Down:
		return statusStale
	case report.Inconclusive:
		return statusInconclusive
	}
	return statusInconclusive
}

// Program is what surrounds one run. Tests replace parts of it.
type Program struct {
	Args   []string
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer
	Getenv func(string) string
	// Terminal says which of the three streams are one.
	Terminal Terminal
	// HandOverSignals ends our own handling of signals, for a face that has its own.
	HandOverSignals func()
	Engine          Engine
}

// Main runs flasktui as the process was started, and returns its exit status.
func Main() int {
	if len(os.Args) == 2 && os.Args[1] == sys.ReadsArgument {
		return sys.ServeReads(os.Stdin, os.Stdout)
	}
	ctx, stop := untilSignal()
	defer stop()
	return Program{
		Args: os.Args[1:], Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv,
		Terminal: detectTerminal(os.Stdin, os.Stdout, os.Stderr), HandOverSignals: stop, Engine: realEngine(os.Getenv),
	}.Run(ctx)
}

// untilSignal is a context that ends when the process is told to.
func untilSignal() (context.Context, context.CancelFunc) {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	// Under nohup a hang-up is to be ignored, and asking for it would undo that.
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	return signal.NotifyContext(context.Background(), signals...)
}

// Run parses the arguments, does what they ask for and returns the exit status.
func (p Program) Run(ctx context.Context) int {
	run := &run{Program: p}
	asked, err := run.obey(ctx)
	if err == nil {
		return run.status
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		err = errors.New("interrupted")
	}
	run.complain(err)
	if !run.documented && asked {
		run.writeFailure(ctx, err)
	}
	return statusFailure
}

// obey does what the arguments ask for, here or on another machine, and tells whether a program
// reads what is printed.
func (r *run) obey(ctx context.Context) (asJSON bool, err error) {
	host, args, is := elsewhere(r.Args)
	completes := len(args) > 0 && strings.HasPrefix(args[0], cobra.ShellCompRequestCmd)
	if is && !completes {
		return typesJSON(args), r.runThere(ctx, host, args)
	}
	r.isElsewhere = is
	root := r.rootCommand()
	root.SetArgs(r.Args)
	root.SetIn(r.Stdin)
	root.SetOut(r.Stdout)
	root.SetErr(r.Stderr)
	cmd, err := root.ExecuteContextC(ctx)
	return wantsJSON(cmd, r.Args), err
}

// run is one run with what came of it.
type run struct {
	Program
	status int
	// documented says that standard output has had its one document.
	documented bool
	// isElsewhere says that what is completed is meant for another machine.
	isElsewhere bool
	// plain says that what is shown is heard: no colour or weight, and ASCII alone.
	plain bool

	mutex sync.Mutex
	// actions are the fixes that were run, for an export.
	actions []render.Action
}

func (r *run) remember(action render.Action) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.actions = append(r.actions, action)
}

func (r *run) remembering() []render.Action {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return slices.Clone(r.actions)
}

// printf writes to standard output. A full disk or a closed pipe is an error like any
// other: half a report must not pass for a whole one.
func (r *run) printf(format string, arguments ...any) error {
	_, err := fmt.Fprintf(r.Stdout, format, arguments...)
	return err
}

// sayf writes a message to standard error, where there is nobody to tell if that fails.
func (r *run) sayf(format string, arguments ...any) {
	_, _ = fmt.Fprintf(r.Stderr, format, arguments...)
}
