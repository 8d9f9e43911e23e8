package sys

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// recordedMounts is /proc/self/mountinfo of a box with a file server, a FUSE file system,
// an automount and a container.
const recordedMounts = `22 28 0:20 / /sys rw,nosuid,nodev,noexec,relatime shared:7 - sysfs sysfs rw
23 28 0:21 / /proc rw,nosuid,nodev,noexec,relatime shared:14 - proc proc rw
28 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw,discard,errors=remount-ro
31 23 0:26 / /proc/sys/fs/binfmt_misc rw,relatime shared:15 - autofs systemd-1 rw,fd=29,pgrp=1,timeout=0,minproto=5,maxproto=5,direct,pipe_ino=3242
97 28 0:44 / /srv/shared\040files rw,relatime shared:54 - nfs4 files.example:/srv rw,vers=4.2,hard,proto=tcp
101 28 0:45 / /srv/shop rw,nosuid,nodev,relatime shared:60 master:3 - fuse.bindfs /data/shop rw,user_id=0,group_id=0,allow_other
140 28 0:60 / /var/lib/docker/overlay2/4f/merged rw,relatime shared:70 - overlay overlay rw,lowerdir=/a - fuse:/b,upperdir=/c
`

func TestRemoteMounts(t *testing.T) {
	t.Parallel()
	places, err := ParseRemoteMounts(strings.NewReader(recordedMounts))
	if diff := cmp.Diff([]string{"/proc/sys/fs/binfmt_misc", "/srv/shared files", "/srv/shop"}, places); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func FuzzRemoteMounts(f *testing.F) {
	f.Add(recordedMounts)
	f.Add(`1 2 3:4 / /a\04 - fuse` + "\n" + `1 2 3:4 / /a\777\\ - nfs`)
	f.Fuzz(func(t *testing.T, table string) {
		places, _ := ParseRemoteMounts(strings.NewReader(table))
		for _, place := range places {
			if place == "" {
				t.Error("a mount without a place")
			}
		}
	})
}

// TestTheWayToAPathNamesTheDisksOnIt follows links as the kernel does, also into a
// directory above, and in a circle.
func TestTheWayToAPathNamesTheDisksOnIt(t *testing.T) {
	t.Parallel()
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, directory := range []string{"srv/remote/releases/two", "srv/local"} {
		if err := os.MkdirAll(filepath.Join(root, directory), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for link, target := range map[string]string{
		"srv/current": "remote/releases/two", "srv/local/up": "../current", "absolute": root + "/srv/local/up", "circle": "circle",
	} {
		if err := os.Symlink(target, filepath.Join(root, link)); err != nil {
			t.Fatal(err)
		}
	}
	remote := []string{root + "/srv/remote"}
	for name, through := range map[string]bool{
		"srv/remote/releases": true, "srv/current/wsgi.py": true, "srv/local/up/static": true, "absolute/x": true,
		"srv/local/../remote": true, "srv/local/app.py": false, "srv/remotely": false, "circle/x": false, "not/there": false,
	} {
		places := NewLocal(LocalOptions{}).disks.walk(t.Context(), remote, root+"/"+name)
		if got := len(places) > 0; got != through {
			t.Errorf("%s leads through %v", name, places)
		}
	}
}

// TestWhatDoesNotAnswerIsNotTouched has a question that no answer comes to: it is asked
// once, by another process, and whoever wants to know waits no longer than there is time.
func TestWhatDoesNotAnswerIsNotTouched(t *testing.T) {
	t.Parallel()
	synctest.Test(t, whatDoesNotAnswerIsNotTouched)
}

// whatDoesNotAnswerIsNotTouched runs on a clock of its own: a busy machine takes none of it.
func whatDoesNotAnswerIsNotTouched(t *testing.T) {
	local := NewLocal(LocalOptions{})
	began := time.Now()
	local.disks.askings = map[string]*asking{"/mnt/dead": {began: began, ended: make(chan struct{})}}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := local.disks.ask(ctx, "/mnt/dead"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("before its time is up: %v", err)
	}
	local.disks.askings["/mnt/dead"].began = began.Add(-time.Hour)
	for range 3 {
		if err := local.disks.ask(t.Context(), "/mnt/dead"); !errors.Is(err, ErrNoAnswer) {
			t.Errorf("when its time is up: %v", err)
		}
	}
	if took := time.Since(began); took != 20*time.Millisecond {
		t.Errorf("it took %s to be told four times, of which one had to be waited for", took)
	}
	if _, err := exec.LookPath("stat"); err != nil {
		t.Fatal(err)
	}
	if err := local.disks.ask(t.Context(), t.TempDir()); err != nil {
		t.Errorf("what answers: %v", err)
	}
}
