package record

import (
	"os"
	"path/filepath"
	"testing"
)

// TestAPersonIsANewcomerOnce makes the mark once, for its owner alone to read.
func TestAPersonIsANewcomerOnce(t *testing.T) {
	home := t.TempDir()
	if err := os.Chmod(home, 0o700); err != nil {
		t.Fatal(err)
	}
	if !Newcomer(home) {
		t.Error("nobody was here before, and there is no newcomer")
	}
	for range 2 {
		if err := Welcome(home); err != nil {
			t.Fatal(err)
		}
	}
	if Newcomer(home) {
		t.Error("whoever was welcomed is a newcomer still")
	}
	info, err := os.Stat(filepath.Join(home, ".local", "state", "flasktui", "welcomed"))
	if err != nil || info.Mode().Perm() != 0o600 || info.Size() != 0 {
		t.Errorf("the mark is %v, %v", info, err)
	}
}

// TestAMarkIsMadeInOnesOwnHomeAlone makes none where there is no home, nor in one that
// others may write to.
func TestAMarkIsMadeInOnesOwnHomeAlone(t *testing.T) {
	if Newcomer("") {
		t.Error("without a home directory somebody is a newcomer at every start")
	}
	shared := t.TempDir()
	if err := os.Chmod(shared, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := Welcome(shared); err == nil {
		t.Error("a mark was made in a directory that everybody may write to")
	}
	if left, err := os.ReadDir(shared); err != nil || len(left) > 0 {
		t.Errorf("%v was left there, %v", left, err)
	}
}
