package wizard

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// TestLooksDifferInColourAlone: whoever sees no colours, or others, reads the same.
func TestLooksDifferInColourAlone(t *testing.T) {
	t.Parallel()
	looks := []string{"testdata/TestLooks/Dark", "testdata/TestLooks/Light", "testdata/TestLooks/NoColor"}
	screens, err := filepath.Glob(looks[0] + "/*.golden")
	if err != nil || len(screens) == 0 {
		t.Fatalf("%q, %v", screens, err)
	}
	for _, screen := range screens {
		first := text(t, screen)
		for _, look := range looks[1:] {
			if other := filepath.Join(look, filepath.Base(screen)); text(t, other) != first {
				t.Errorf("%s says something else than %s", other, screen)
			}
		}
	}
}

func text(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return ansi.Strip(string(content))
}
