package facts

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"flasktui/sys"
	"flasktui/sys/gunicorn"
	"flasktui/sys/proc"
	"flasktui/sys/systemd"
)

// TestWhoNamesTheCode: what a process says of itself is its account's word, whatever it says;
// what its unit says is not.
func TestWhoNamesTheCode(t *testing.T) {
	t.Parallel()
	process := proc.Process{PID: 7, Users: proc.UserIDs{Real: 1003, Effective: 0, Saved: 0, FileSystem: 0}}
	known := Facts{Target: Target{Service: "pid:7", PID: 7}, Processes: Fact[Processes]{Known: true}}
	known.Processes.Value.Servers = []Server{{Master: Process{Process: process}}}
	if got := known.processNamers(); !reflect.DeepEqual(got, sys.Namers{Users: []uint32{1003}}) {
		t.Errorf("the process's words are those of %+v", got)
	}
	known.Processes.Value.Servers[0].Master.Unreadable = map[string]string{"uid": "may not be read"}
	if got := known.processNamers(); !got.Anybody {
		t.Errorf("whose the process is could not be read, and its words are those of %+v", got)
	}
	unit := Unit{Unit: systemd.Unit{Name: "site.service", WorkingDirectory: "/srv/site"}, Settings: gunicorn.Settings{Chdir: "current", PythonPath: []string{"/opt/lib"}}}
	known = Facts{Target: Target{Service: "site.service", Unit: "site.service"}, Units: Fact[[]Unit]{Known: true, Value: []Unit{unit}}}
	for directory, want := range map[string]bool{
		"/srv/site": true, "/srv/site/current": true, "/opt/lib/site": true, "/srv/sites": false, "/root/vault": false, "/": false, "": false,
	} {
		if got := known.isManaged(directory); got != want {
			t.Errorf("that the unit names %q: %t", directory, got)
		}
	}
}

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
