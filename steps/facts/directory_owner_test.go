package facts

import (
	"os"
	"path/filepath"
	"testing"

	"flasktui/sys"
)

// TestKeeperOf asks who decides about directories on the real disk.
func TestKeeperOf(t *testing.T) {
	t.Parallel()
	const stranger = 65534
	base := t.TempDir()
	look := &look{machine: sys.NewLocal(sys.LocalOptions{NoSudo: true})}
	if owner := look.directoryOwner(t.Context(), base+"/nowhere"); owner.Problem == "" {
		t.Errorf("of what is not there: %+v", owner)
	}
	if err := os.MkdirAll(base+"/home/roots", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("home/roots", base+"/link"); err != nil {
		t.Fatal(err)
	}
	own := uint32(os.Geteuid())
	if owner := look.directoryOwner(t.Context(), base+"/link"); owner.UID != own || owner.Problem != "" || (own == 0) != (owner.Loose == "") {
		t.Errorf("of our own, by a link: %+v", owner)
	}
	if own != 0 {
		return // Only root can give something to somebody else; the lab runs this as root.
	}
	if err := os.Chown(filepath.Join(base, "home"), stranger, stranger); err != nil {
		t.Fatal(err)
	}
	if owner := look.directoryOwner(t.Context(), base+"/home"); owner.UID != stranger || owner.GID != stranger || owner.Loose != "" {
		t.Errorf("of a stranger's in root's: %+v", owner)
	}
	if owner := look.directoryOwner(t.Context(), base+"/link"); owner.UID != 0 || owner.Loose != base+"/home" {
		t.Errorf("of root's in a stranger's: %+v", owner)
	}
	if err := os.Lchown(base+"/link", stranger, stranger); err != nil {
		t.Fatal(err)
	}
	if owner := look.directoryOwner(t.Context(), base+"/link"); owner.Loose != base+"/link" {
		t.Errorf("by a stranger's link: %+v", owner)
	}
}
