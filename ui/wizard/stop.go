package wizard

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/term"
)

// listen ends the wizard in good order on signals and when the caller's context ends.
// Bubble Tea's own handler does not know SIGHUP, the signal of a dropped connection.
//
// A line that drops says so several times in a row: the kernel, the shell, and the kernel
// again once the shell has ended. All of it is listened to until the wizard has been left,
// with a fix that was begun at its end. Whoever tells flasktui to end (SIGTERM, ctrl+c)
// keeps that fix from starting what has not been started; a line that drops does not.
func (w *wizard) listen(caller context.Context) (stop func()) {
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	over := make(chan struct{})
	go func() {
		defer caught("waiting for signals", func(crash *CrashError) { w.send(crashMsg{crash}) })
		told := false
		tell := func(reason string) {
			if !told {
				// A program that is busy drawing on a terminal that does not take it must not
				// keep us from the next signal.
				go w.send(stopMsg{reason})
			}
			told = true
		}
		done := caller.Done()
		for {
			select {
			case <-over:
				return
			case <-done:
				done = nil
				w.startNoMore()
				tell("the caller ended it")
			case received := <-signals:
				switch {
				case received == syscall.SIGHUP:
				case received == syscall.SIGINT && w.terminal.lent.Load():
					continue
				case told && !w.acting.Load():
					signal.Reset(received)
					_ = syscall.Kill(os.Getpid(), received.(syscall.Signal))
				default:
					w.startNoMore()
				}
				tell(signalName(received))
			}
		}
	}()
	return func() {
		signal.Stop(signals)
		close(over)
	}
}

func signalName(received os.Signal) string {
	switch received {
	case syscall.SIGHUP:
		return "the connection dropped (SIGHUP)"
	case syscall.SIGTERM:
		return "it was told to end (SIGTERM)"
	}
	return "it was interrupted (SIGINT)"
}

// untilGone is the input, and ends the wizard when that is a terminal which is gone: its
// reads fail, and a process that is not of its session gets no SIGHUP.
func untilGone(input io.Reader, send func(tea.Msg)) io.Reader {
	if file, ok := input.(*os.File); ok && term.IsTerminal(file.Fd()) {
		return terminalInput{file, send}
	}
	return input
}

type terminalInput struct {
	*os.File
	send func(tea.Msg)
}

// Read reads keys. An error is told as the end of them: to Bubble Tea any other one is a
// reason to give up at once.
func (t terminalInput) Read(keys []byte) (int, error) {
	count, err := t.File.Read(keys)
	if err != nil {
		t.send(stopMsg{"the terminal is gone (" + err.Error() + ")"})
		err = io.EOF
	}
	return count, err
}
