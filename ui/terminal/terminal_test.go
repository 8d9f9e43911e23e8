package terminal_test

import (
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/creack/pty"

	_ "flasktui/ui/terminal"
)

// child makes this test binary a program that links Bubble Tea, says its version and
// ends: what `flasktui --version` is.
const child = "FLASKTUI_TEST_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(child) != "" {
		// Kept, so that the linker keeps Bubble Tea's initialisation.
		_ = tea.Quit
		_, _ = os.Stdout.WriteString("version 0\n")
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// TestQuiet runs it on a terminal that never answers. Bubble Tea would ask it something, and
// wait for five seconds; its question would be an escape sequence.
func TestQuiet(t *testing.T) {
	program := exec.CommandContext(t.Context(), os.Args[0])
	program.Env = append(os.Environ(), child+"=1", "TERM=xterm-256color", "CI=")
	master, err := pty.Start(program)
	if err != nil {
		t.Fatalf("no terminal to be had: %v", err)
	}
	// Reading the terminal of a process that is gone ends with an error on Linux.
	output, _ := io.ReadAll(master)
	if err := program.Wait(); err != nil {
		t.Error(err)
	}
	if text := string(output); strings.Contains(text, "\x1b") || !strings.Contains(text, "version 0") {
		t.Errorf("%q", text)
	}
}
