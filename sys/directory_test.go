package sys

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// stranger owns what is not root's in these tests.
const stranger = 65534

// strangers is a directory of a stranger's, in a directory of ours.
func strangers(t *testing.T) string {
	t.Helper()
	home := filepath.Join(t.TempDir(), "home")
	if err := os.Mkdir(home, 0o755); err != nil {
		t.Fatal(err)
	}
	give(t, home)
	return home
}

// give makes something the stranger's, which only root can.
func give(t *testing.T, name string) {
	t.Helper()
	if err := os.Lchown(name, stranger, stranger); err != nil && os.Geteuid() == 0 {
		t.Fatal(err)
	}
}

func TestADirectoryIsHeldWhateverItIsCalled(t *testing.T) {
	t.Parallel()
	home := strangers(t)
	for link, target := range map[string]string{"here": ".", "up": "../" + filepath.Base(filepath.Dir(home)) + "/home", "absolute": home, "circle": "circle"} {
		if err := os.Symlink(target, filepath.Join(filepath.Dir(home), link)); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{"home", "here/home", "up", "absolute", "home/../home", "here/here/up"} {
		directory, err := OpenDirectory(filepath.Dir(home) + "/" + path)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		want, _ := os.Stat(home)
		if info, err := directory.Stat("."); err != nil || !os.SameFile(info, want) {
			t.Errorf("%s is another directory (%v)", path, err)
		}
		_ = directory.Close()
	}
	for _, path := range []string{"nowhere", "circle", "home/nowhere"} {
		if directory, err := OpenDirectory(filepath.Dir(home) + "/" + path); err == nil {
			t.Errorf("%s was opened", path)
			_ = directory.Close()
		}
	}
	directory, err := OpenDirectory(".")
	if err != nil {
		t.Fatal(err)
	}
	_ = directory.Close()
}

// TestRootIsNotLedAway: root alone has something to lose by being led elsewhere.
func TestRootIsNotLedAway(t *testing.T) {
	t.Parallel()
	home := strangers(t)
	bank := t.TempDir()
	for link, target := range map[string]string{"absolute": bank, "relative": "../../" + filepath.Base(filepath.Dir(bank)) + "/" + filepath.Base(bank)} {
		link = filepath.Join(home, link)
		if err := os.Symlink(target, link); err != nil {
			t.Fatal(err)
		}
		give(t, link)
	}
	if err := os.Mkdir(filepath.Join(home, "planted"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"absolute", "planted"} {
		directory, err := OpenDirectory(filepath.Join(home, name))
		if err == nil {
			_ = directory.Close()
		}
		if asRoot := os.Geteuid() == 0; errors.Is(err, ErrLedAway) != asRoot {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNothingIsOpenedThatIsNoDirectory(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenDirectory(file); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v", err)
	}
}
