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
	if keeper := look.keeperOf(t.Context(), base+"/nowhere"); keeper.Problem == "" {
		t.Errorf("of what is not there: %+v", keeper)
	}
	if err := os.MkdirAll(base+"/home/roots", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("home/roots", base+"/link"); err != nil {
		t.Fatal(err)
	}
	own := uint32(os.Geteuid())
	if keeper := look.keeperOf(t.Context(), base+"/link"); keeper.UID != own || keeper.Problem != "" || (own == 0) != (keeper.Loose == "") {
		t.Errorf("of our own, by a link: %+v", keeper)
	}
	if own != 0 {
		return // Only root can give something to somebody else; the lab runs this as root.
	}
	if err := os.Chown(filepath.Join(base, "home"), stranger, stranger); err != nil {
		t.Fatal(err)
	}
	if keeper := look.keeperOf(t.Context(), base+"/home"); keeper.UID != stranger || keeper.GID != stranger || keeper.Loose != "" {
		t.Errorf("of a stranger's in root's: %+v", keeper)
	}
	if keeper := look.keeperOf(t.Context(), base+"/link"); keeper.UID != 0 || keeper.Loose != base+"/home" {
		t.Errorf("of root's in a stranger's: %+v", keeper)
	}
	if err := os.Lchown(base+"/link", stranger, stranger); err != nil {
		t.Fatal(err)
	}
	if keeper := look.keeperOf(t.Context(), base+"/link"); keeper.Loose != base+"/link" {
		t.Errorf("by a stranger's link: %+v", keeper)
	}
}
