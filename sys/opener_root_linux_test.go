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
