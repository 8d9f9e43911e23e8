package sys_test

import (
	"context"
	"strings"
	"testing"

	"flasktui/sys"
	"flasktui/sys/memory"
)

// servedMachine has a file system at /srv/served that a program serves, which says that all
// of its files are root's.
type servedMachine struct{ memory.Machine }

func (m servedMachine) Stat(ctx context.Context, name string) (sys.FileInfo, error) {
	info, err := m.Machine.Stat(ctx, name)
	if sys.Within("/srv/served", name) {
		info.Served, info.Device = true, 46
	}
	return info, err
}

// The owners that a FUSE file system tells are its program's own word: whoever mounted it
// decides.
func TestWhoeverServesAFileSystemDecides(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		mounts, names string
		alone         bool
	}{
		"a user's":           {"52 29 0:46 / /srv/served rw - fuse.bindfs /x rw,user_id=1000,group_id=1000,allow_other\n", "user 1000", false},
		"root's":             {"52 29 0:46 / /srv/served rw - fuse.mergerfs /x rw,user_id=0,group_id=0,allow_other\n", "", true},
		"nobody knows whose": {"52 29 0:47 / /srv/other rw - fuse.bindfs /x rw,user_id=0\n", "whoever runs the file system at /srv/served", false},
	} {
		machine := servedMachine{memory.Machine{Files: map[string]string{"/srv/served/compose.yaml": "", "/proc/self/mountinfo": test.mounts}}}
		found, err := sys.FindDeciders(t.Context(), machine, "/srv/served/compose.yaml")
		if got := strings.Join(found.Names(sys.Accounts{}, 0), ", "); err != nil || got != test.names || found.Root() != test.alone {
			t.Errorf("%s: %q, root alone %v, %v", name, got, found.Root(), err)
		}
		if _, err := sys.RootsAlone(t.Context(), machine, "/srv/served/compose.yaml"); (err == nil) != test.alone {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, text := range []string{"", "x", "52 29 46 / / rw - fuse", "52 29 0:46 / / rw - fuse x rw,user_id=-1"} {
		if uid, known := sys.FuseOwner(strings.NewReader(text), 46); known || uid != 0 {
			t.Errorf("%q: %d, %v", text, uid, known)
		}
	}
}
