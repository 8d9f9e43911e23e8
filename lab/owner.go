package lab

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// runsDir holds a directory for each run, named after the process that owns it.
const runsDir = "runs"

// cgroupPrefix begins the name of a run's cgroup; the owner's name follows.
const cgroupPrefix = "flasktui-lab-"

// ownerName names a process for good: its id and when it started, in clock
// ticks since the boot, because ids come round again.
func ownerName(pid int) (string, error) {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return "", fmt.Errorf("read the owner's start time: %w", err)
	}
	// comm may hold spaces and parentheses: the fields begin after the last ")".
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	const starttime = 19 // field 22, counted from the third
	if len(fields) <= starttime {
		return "", fmt.Errorf("read the owner's start time: /proc/%d/stat has %d fields", pid, len(fields))
	}
	return strconv.Itoa(pid) + "-" + fields[starttime], nil
}

// ownerAlive says whether the process that name was made for still runs.
func ownerAlive(name string) bool {
	pid, err := strconv.Atoi(strings.SplitN(name, "-", 2)[0])
	if err != nil {
		return false
	}
	now, err := ownerName(pid)
	return err == nil && now == name
}

// sweep removes what owners left that were killed before they could: boxes
// that still run, then their cgroups and directories.
func sweep(dir string) error {
	root, err := cgroupRoot()
	if err != nil {
		return err
	}
	var errs []error
	cgroups, _ := filepath.Glob(filepath.Join(root, cgroupPrefix+"*"))
	for _, path := range cgroups {
		if !ownerAlive(strings.TrimPrefix(filepath.Base(path), cgroupPrefix)) {
			errs = append(errs, removeCgroup(path))
		}
	}
	runs, _ := filepath.Glob(filepath.Join(dir, runsDir, "*"))
	for _, path := range runs {
		if !ownerAlive(filepath.Base(path)) {
			errs = append(errs, os.RemoveAll(path))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("sweep up after a dead owner: %w", err)
	}
	return nil
}

// cgroupRoot is where the unified hierarchy is mounted on this host: alone, or
// beside the old ones.
func cgroupRoot() (string, error) {
	for _, path := range []string{"/sys/fs/cgroup", "/sys/fs/cgroup/unified"} {
		if exists(filepath.Join(path, "cgroup.procs")) && exists(filepath.Join(path, "cgroup.controllers")) {
			return path, nil
		}
	}
	return "", errors.New("no unified cgroup hierarchy is mounted on this machine\n" +
		"hint: the lab needs cgroup v2, alone or in hybrid mode")
}

// makeCgroup makes the cgroup of a run.
func makeCgroup(owner string) (string, error) {
	root, err := cgroupRoot()
	if err != nil {
		return "", err
	}
	path := filepath.Join(root, cgroupPrefix+owner)
	if err := os.MkdirAll(path, 0o755); err != nil {
		return "", fmt.Errorf("make the run's cgroup: %w", err)
	}
	return path, nil
}

// removeCgroup kills all that runs at or below path, and removes it.
func removeCgroup(path string) error {
	if !exists(path) {
		return nil
	}
	if err := os.WriteFile(filepath.Join(path, "cgroup.kill"), []byte("1"), 0); err != nil {
		return fmt.Errorf("kill %s: %w", path, err)
	}
	deadline := time.Now().Add(10 * time.Second)
	for {
		err := removeTree(path)
		if err == nil {
			return nil
		}
		// The kernel answers "busy" until the last process is reaped.
		if time.Now().After(deadline) {
			return fmt.Errorf("remove cgroup: %w", err)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// removeTree removes a cgroup and those below it. Their files are the
// kernel's: only directories are removed, the deepest first.
func removeTree(path string) error {
	entries, err := os.ReadDir(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.IsDir() {
			if err := removeTree(filepath.Join(path, e.Name())); err != nil {
				return err
			}
		}
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
