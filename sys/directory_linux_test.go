package sys

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// TestAnExchangeLeadsNobodyAway has the stranger's directory change places with a link to
// root's, over and over, while files are made in it.
func TestAnExchangeLeadsNobodyAway(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		return // There is nobody to be led anywhere; the lab runs this as root.
	}
	home, bank := strangers(t), t.TempDir()
	place, trap := filepath.Join(home, "place"), filepath.Join(home, "trap")
	if err := errors.Join(os.Mkdir(place, 0o755), os.Symlink(bank, trap)); err != nil {
		t.Fatal(err)
	}
	give(t, place)
	give(t, trap)
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			default:
				_ = unix.Renameat2(unix.AT_FDCWD, place, unix.AT_FDCWD, trap, unix.RENAME_EXCHANGE)
			}
		}
	}()
	made, refused := 0, 0
	for range 4000 {
		directory, err := OpenDirectory(place)
		if err != nil {
			refused++
			continue
		}
		file, err := directory.OpenFile("facts.json", os.O_WRONLY|os.O_CREATE, 0o600)
		if err == nil {
			made++
			_ = file.Close()
		}
		_ = directory.Close()
	}
	close(stop)
	<-stopped
	entries, err := os.ReadDir(bank)
	if err != nil || len(entries) > 0 {
		t.Errorf("root made %v elsewhere (%v)", entries, err)
	}
	if made == 0 || refused == 0 {
		t.Errorf("%d files were made, %d times it was refused: there was no race", made, refused)
	}
}
