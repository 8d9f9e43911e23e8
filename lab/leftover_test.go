package lab

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// ownerEnv makes this test binary boot a box, say so, and wait to be ended.
const ownerEnv = "FLASKTUI_LAB_TEST_OWNER"

// TestLeavesNothing ends owners of boxes politely and otherwise. The processes
// of the box must be gone at once; its directory and cgroup at the latest when
// the next lab opens.
func TestLeavesNothing(t *testing.T) {
	if os.Getenv(ownerEnv) != "" {
		if _, err := shared.Boot(t.Context(), "owned"); err != nil {
			t.Fatal(err)
		}
		_, _ = os.Stdout.WriteString("booted\n")
		time.Sleep(time.Minute)
		t.Fatal("nobody ended this owner")
	}
	for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGKILL} {
		t.Run(s.String(), func(t *testing.T) {
			atOnce <- struct{}{}
			defer func() { <-atOnce }()
			owner := bootOwner(t)
			name, err := ownerName(owner.Process.Pid)
			if err != nil {
				t.Fatal(err)
			}
			if err := owner.Process.Signal(s); err != nil {
				t.Fatal(err)
			}
			_ = owner.Wait()
			root, err := cgroupRoot()
			if err != nil {
				t.Fatal(err)
			}
			group := filepath.Join(root, cgroupPrefix+name)
			if err := poll(t.Context(), 5*time.Second, 20*time.Millisecond, func() error { return empty(group) }); err != nil {
				t.Error(err)
			}
			if s == syscall.SIGKILL {
				if err := sweep(shared.dir); err != nil {
					t.Error(err)
				}
			}
			for _, path := range []string{group, filepath.Join(shared.dir, runsDir, name)} {
				if exists(path) {
					t.Errorf("%s is left behind", path)
				}
			}
			mounts, err := os.ReadFile("/proc/self/mountinfo")
			if err != nil || strings.Contains(string(mounts), name) {
				t.Errorf("a mount is left behind (%v)", err)
			}
		})
	}
}

// bootOwner starts another process of this test, which owns a box.
func bootOwner(t *testing.T) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestLeavesNothing$")
	cmd.Env = append(os.Environ(), ownerEnv+"=1", BinaryEnv+"="+shared.Binary())
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if lines.Text() == "booted" {
			return cmd
		}
	}
	t.Fatal("the owner booted no box")
	return nil
}

// empty says which process still runs at or below a cgroup.
func empty(group string) error {
	return filepath.WalkDir(group, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.Name() != "cgroup.procs" {
			return nil // gone, and so are its processes
		}
		if procs, _ := os.ReadFile(path); len(procs) > 0 {
			return &os.PathError{Op: "empty", Path: path, Err: syscall.EBUSY}
		}
		return nil
	})
}
