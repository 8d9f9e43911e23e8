package main

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/creack/pty"
)

// The test binary is flasktui when it is called by that name.
func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == "flasktui" {
		main()
	}
	os.Exit(m.Run())
}

// A library that asks the terminal for its colours before main waits five seconds where
// nobody answers, and its question stands in the output.
func TestNothingIsAskedOfATerminalThatNeverAnswers(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	flasktui := filepath.Join(t.TempDir(), "flasktui")
	if err := os.Symlink(self, flasktui); err != nil {
		t.Fatal(err)
	}
	for _, args := range []string{"--version", "version", "--help", "completion bash", "explain 4", "practice --list", "check a/b"} {
		process := exec.CommandContext(t.Context(), flasktui, strings.Fields(args)...)
		process.Env = []string{"TERM=xterm-256color", "HOME=" + t.TempDir(), "NO_COLOR=1"}
		terminal, err := pty.Start(process)
		if err != nil {
			t.Fatal(err)
		}
		said, err := io.ReadAll(terminal)
		// Linux ends the reading of a terminal that nobody holds any more with EIO.
		if err != nil && !errors.Is(err, syscall.EIO) {
			t.Fatal(err)
		}
		_ = process.Wait()
		_ = terminal.Close()
		if len(said) == 0 || strings.Contains(string(said), "\x1b") {
			t.Errorf("flasktui %s wrote %q", args, said)
		}
	}
}
