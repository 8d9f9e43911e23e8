package record

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// welcomed is the file that says that a person was welcomed: the offer to be led through
// the steps is not made to them again. It is each person's own, root's too, and empty.
func welcomed(home string) string {
	return filepath.Join(home, ".local", "state", "flasktui", "welcomed")
}

// Newcomer tells whether the person with that home directory has not left the wizard
// before. Where that cannot be told nobody is taken for one.
func Newcomer(home string) bool {
	if !filepath.IsAbs(home) {
		return false
	}
	_, err := os.Lstat(welcomed(home))
	return errors.Is(err, fs.ErrNotExist)
}

// Welcome remembers that the person has seen the wizard. Nothing is made in somebody
// else's home directory, as sudo may leave root with: its owner's own record could not be
// written there any more.
func Welcome(home string) error {
	info, err := os.Stat(home)
	if err == nil {
		err = trusted(info, fs.ModeDir)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", home, err)
	}
	file, err := open(welcomed(home))
	if err != nil {
		return err
	}
	return file.Close()
}
