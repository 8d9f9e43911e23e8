package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSavedFactsOfAnotherVersionAreRefused: what they lack would be judged as if it had been
// looked for. The person is told what to do instead.
func TestSavedFactsOfAnotherVersionAreRefused(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"1", "999", `\u001b[31m`} {
		saved := filepath.Join(t.TempDir(), "facts.json")
		if err := os.WriteFile(saved, fmt.Appendf(nil, `{"schema": "flasktui/facts/%s", "facts": {"units": 7}}`, version), 0o600); err != nil {
			t.Fatal(err)
		}
		var said, messages bytes.Buffer
		status := Program{
			Args: []string{"check", "--from", saved}, Stdout: &said, Stderr: &messages,
			Getenv: func(string) string { return "" }, Engine: realEngine(func(string) string { return "" }),
		}.Run(t.Context())
		lines := strings.Split(strings.TrimSpace(messages.String()), "\n")
		if status != statusFailure || said.Len() > 0 || len(lines) != 2 || strings.Contains(messages.String(), "\x1b") ||
			!strings.HasPrefix(lines[0], "flasktui: ") || !strings.Contains(lines[0], "version") ||
			!strings.HasPrefix(lines[1], "flasktui: hint: look again with this version") {
			t.Errorf("exit %d\n%s%s", status, said.String(), messages.String())
		}
	}
}
