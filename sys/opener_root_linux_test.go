package sys

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// TestAContainersLinkStaysInside: a process whose root is another directory sees an absolute
// link lead there, and so does who looks through /proc/PID/root.
func TestAContainersLinkStaysInside(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		return // Only root gives another root.
	}
	top := grounds(t)
	err := errors.Join(
		os.MkdirAll(top+"/image/etc", 0o755), os.WriteFile(top+"/image/etc/hostname", []byte("inside"), 0o600),
		os.Symlink("/etc/hostname", top+"/image/link"), os.Symlink("../../../../etc/hostname", top+"/image/etc/up"),
		os.Symlink(top+"/vault/secret", top+"/image/out"),
		os.Symlink("/proc/1/root/etc/hostname", top+"/image/magic"),
	)
	if err != nil {
		t.Fatal(err)
	}
	root := fmt.Sprintf("/proc/%d/root", rooted(t, filepath.Join(top, "image")))
	for way, local := range ways(t) {
		for name, want := range map[string]string{"/link": "inside", "/etc/up": "inside", "/etc/hostname": "inside", "/out": "", "/magic": ""} {
			data, err := local.ReadFile(t.Context(), root+name, 100)
			if string(data) != want || want == "" && !errors.Is(err, os.ErrNotExist) {
				t.Errorf("%s: %s holds %q, %v", way, name, data, err)
			}
		}
		if resolved, err := local.Resolve(t.Context(), root+"/link"); err != nil || resolved != root+"/etc/hostname" {
			t.Errorf("%s: the link leads to %s, %v", way, resolved, err)
		}
	}
}

// TestAContainersRootIsNotTheBoxs: its link in a directory that it shares with the box is
// followed inside that directory, and to what everybody may read.
func TestAContainersRootIsNotTheBoxs(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		return // See above.
	}
	top := grounds(t)
	err := errors.Join(
		os.MkdirAll(top+"/data/releases/5", 0o700), os.WriteFile(top+"/data/releases/5/REVISION", []byte("five"), 0o600),
		os.Symlink("releases/5", top+"/data/current"), os.Symlink(top+"/vault/secret", top+"/data/REVISION"),
		os.Symlink(top+"/open", top+"/data/open"), os.Symlink("current", top+"/data/twice"),
	)
	if err != nil {
		t.Fatal(err)
	}
	ctx := SharedWithContainers(t.Context(), []string{top + "/data"})
	for way, local := range ways(t) {
		for name, want := range map[string]error{
			"current/REVISION": nil, "twice/REVISION": nil, "releases/5/REVISION": nil, "open/public": nil,
			"REVISION": ErrLedAway, "open/secret": ErrLedAway,
		} {
			resolved, err := local.Resolve(ctx, top+"/data/"+name)
			if err == nil {
				_, err = local.ReadFile(ctx, resolved, 100)
			}
			if !errors.Is(err, want) || want == nil && err != nil {
				t.Errorf("%s: %s: %v, want %v", way, name, err, want)
			}
			if _, err = local.ReadFile(ctx, top+"/data/"+name, 100); !errors.Is(err, want) || want == nil && err != nil {
				t.Errorf("%s: %s as it is: %v, want %v", way, name, err, want)
			}
		}
		if _, err := local.ReadFile(ctx, top+"/roots-link", 100); err != nil {
			t.Errorf("%s: root's own link elsewhere: %v", way, err)
		}
	}
}

// TestAProcessIsReadForWhoRunsIt: what a process has mounted in its root says nothing of what
// it may read, and anybody may have a root of their own (user_namespaces(7)).
func TestAProcessIsReadForWhoRunsIt(t *testing.T) {
	t.Parallel()
	local := NewLocal(LocalOptions{})
	local.opener.self = 0
	for status, want := range map[string]int{
		"Name:\tx\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nGroups:\t0 \n":                      0,
		"Uid:\t61001\t61001\t61001\t61001\nGid:\t7\t7\t7\t7\nGroups:\t8 9 \nSeccomp:\t2\n": 1,
		"Uid:\t61001\t0\t0\t0\n": 1,
	} {
		runners := local.opener.runners(status)
		if len(runners) != want {
			t.Errorf("%q: %+v", status, runners)
		}
		for _, one := range runners {
			if one.User != someone || one.may(inode{mode: 0o700}, maySearch) {
				t.Errorf("%q: %+v", status, one)
			}
		}
	}
}

// rooted gives one thread another root, and returns its id, under which /proc shows it too.
func rooted(t *testing.T, root string) int {
	t.Helper()
	ids, done := make(chan int, 1), make(chan struct{})
	t.Cleanup(func() { close(done) })
	go func() {
		// Not unlocked again: the thread ends with the function.
		runtime.LockOSThread()
		if err := errors.Join(unix.Unshare(unix.CLONE_FS), unix.Chroot(root), unix.Chdir("/")); err != nil {
			t.Error(err)
		}
		ids <- unix.Gettid()
		<-done
	}()
	return <-ids
}
