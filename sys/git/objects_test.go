package git

import (
	"os"
	"path/filepath"
	"testing"

	"flasktui/sys"
)

// TestWhatARepositoryKeeps: contents of earlier commits, loose and packed, by the real git.
func TestWhatARepositoryKeeps(t *testing.T) {
	t.Parallel()
	directory, git := checkout(t)
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(directory, "app.css"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		git("add", "-A")
		git("commit", "-q", "-m", text)
	}
	write("old")
	write("new")
	for _, packed := range []bool{false, true} {
		if packed {
			git("gc", "-q", "--prune=now")
		}
		machine := sys.NewLocal(sys.LocalOptions{})
		repository, err := FindRepository(t.Context(), machine, directory)
		if err != nil {
			t.Fatal(err)
		}
		objects, err := repository.OpenObjects(t.Context(), machine)
		if err != nil {
			t.Fatal(err)
		}
		for text, want := range map[string]bool{"old": true, "new": true, "never": false} {
			if got := objects.Has(t.Context(), BlobName([]byte(text))); got != want {
				t.Errorf("packed %v: %q is kept: %v", packed, text, got)
			}
		}
		if objects.Has(t.Context(), "../../HEAD") {
			t.Error("a path is taken for a name")
		}
	}
}

func FuzzPackIndex(f *testing.F) {
	f.Add([]byte{0xff, 't', 'O', 'c', 0, 0, 0, 2}, []byte("01234567890123456789"))
	f.Fuzz(func(_ *testing.T, content, name []byte) {
		if index, err := parsePackIndex(content); err == nil {
			index.has(name)
		}
	})
}
