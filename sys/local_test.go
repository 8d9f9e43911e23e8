package sys

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func TestReadFileRefusesWhatIsNotAFile(t *testing.T) {
	t.Parallel()
	directory := t.TempDir()
	fifo := filepath.Join(directory, "fifo")
	if err := unix.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	local := NewLocal(LocalOptions{})
	for _, path := range []string{fifo, directory, "/dev/zero"} {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		_, err := local.ReadFile(ctx, path, 100)
		cancel()
		if !errors.Is(err, ErrNotRegular) {
			t.Errorf("ReadFile(%s) = %v, want ErrNotRegular", path, err)
		}
	}
}

func TestReadFileLimit(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("0123456789"), 0o600); err != nil {
		t.Fatal(err)
	}
	local := NewLocal(LocalOptions{})
	for _, test := range []struct {
		limit     int64
		want      string
		truncated bool
	}{
		{limit: 10, want: "0123456789"},
		{limit: 11, want: "0123456789"},
		{limit: 9, want: "012345678", truncated: true},
		{limit: 1, want: "0", truncated: true},
		{limit: 0, want: "0123456789"},
	} {
		data, err := local.ReadFile(context.Background(), path, test.limit)
		if string(data) != test.want || errors.Is(err, ErrTruncated) != test.truncated {
			t.Errorf("limit %d: %q, %v", test.limit, data, err)
		}
	}
}

func TestReadFileOfUnknownLength(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("needs /proc")
	}
	want, err := os.ReadFile("/proc/self/smaps")
	if err != nil {
		t.Fatal(err)
	}
	got, err := NewLocal(LocalOptions{}).ReadFile(context.Background(), "/proc/self/smaps", 16<<20)
	if err != nil || len(got) < len(want)/2 || len(got) <= 4096 {
		t.Errorf("read %d bytes of %d: %v", len(got), len(want), err)
	}
}

func TestMissingPathsSayNotExist(t *testing.T) {
	t.Parallel()
	local := NewLocal(LocalOptions{})
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "absent")
	_, readErr := local.ReadFile(ctx, path, 10)
	_, linkErr := local.ReadLink(ctx, path)
	_, listErr := local.ReadDir(ctx, path)
	_, statErr := local.Stat(ctx, path)
	for _, err := range []error{readErr, linkErr, listErr, statErr} {
		if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), path) {
			t.Errorf("error %v does not say that %s is missing", err, path)
		}
	}
}

func TestStatDoesNotFollowLinks(t *testing.T) {
	t.Parallel()
	directory := t.TempDir()
	target, link := filepath.Join(directory, "target"), filepath.Join(directory, "link")
	before := time.Now().Add(-time.Second)
	if err := os.WriteFile(target, []byte("1234567"), 0o640); err != nil {
		t.Fatal(err)
	}
	old := time.Date(2001, 2, 3, 4, 5, 6, 789, time.UTC)
	if err := os.Chtimes(target, old, old); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("target", link); err != nil {
		t.Fatal(err)
	}
	local := NewLocal(LocalOptions{})
	info, err := local.Stat(context.Background(), target)
	if err != nil {
		t.Fatal(err)
	}
	if info.Size != 7 || !info.Modified.Equal(old) || info.Changed.Before(before) || info.Mode.Perm() != 0o640 || info.Inode == 0 {
		t.Errorf("target: %+v", info)
	}
	var plain unix.Stat_t
	if err := unix.Stat(target, &plain); err != nil || fmt.Sprint(plain.Dev) != fmt.Sprint(info.Device) {
		t.Errorf("device %d, want %d (%v)", info.Device, plain.Dev, err)
	}
	if info, err = local.Stat(context.Background(), link); err != nil || !info.IsLink() {
		t.Errorf("link: %+v, %v", info, err)
	}
	if text, err := local.ReadLink(context.Background(), link); err != nil || text != "target" {
		t.Errorf("ReadLink = %q, %v", text, err)
	}
}

func TestReadDirIsSortedAndTyped(t *testing.T) {
	t.Parallel()
	directory := t.TempDir()
	for _, name := range []string{"b", "a"} {
		if err := os.WriteFile(filepath.Join(directory, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("nowhere", filepath.Join(directory, "c")); err != nil {
		t.Fatal(err)
	}
	entries, err := NewLocal(LocalOptions{}).ReadDir(context.Background(), directory)
	if err != nil {
		t.Fatal(err)
	}
	want := []Entry{{Name: "a"}, {Name: "b"}, {Name: "c", Type: fs.ModeSymlink}}
	if len(entries) != len(want) || entries[0] != want[0] || entries[1] != want[1] || entries[2] != want[2] {
		t.Errorf("entries = %v", entries)
	}
}

func TestHangingCallEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	release := make(chan struct{})
	defer close(release)
	_, err := within(ctx, &NewLocal(LocalOptions{}).disks, "read", "/mnt/dead", func() (int, error) {
		cancel()
		<-release // Not before the test ends.
		return 0, nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestDialUnix(t *testing.T) {
	t.Parallel()
	directory, err := os.MkdirTemp("", "dial")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(directory) })
	path := filepath.Join(directory, "s")
	listener, err := new(net.ListenConfig).Listen(t.Context(), "unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	connection, err := NewLocal(LocalOptions{}).Dial(context.Background(), "unix", path)
	if err != nil {
		t.Fatal(err)
	}
	_ = connection.Close()
}

func TestHostAndProcesses(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("needs /proc")
	}
	local := NewLocal(LocalOptions{NoSudo: true})
	host, err := local.Host(context.Background())
	if err != nil || host.Hostname == "" || host.User == "" || host.OS != "linux" || host.Platform == "" {
		t.Errorf("host = %+v, %v", host, err)
	}
	want := PrivilegeNone
	if os.Geteuid() == 0 {
		want = PrivilegeRoot
	}
	if host.Privilege != want {
		t.Errorf("privilege = %s, want %s", host.Privilege, want)
	}
	pids, err := local.Processes(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for i := 1; i < len(pids); i++ {
		if pids[i] <= pids[i-1] {
			t.Fatalf("not sorted: %v", pids)
		}
	}
	found := false
	for _, pid := range pids {
		found = found || pid == os.Getpid()
	}
	if !found {
		t.Errorf("own process %d is not among %v", os.Getpid(), pids)
	}
}

// TestAHostIsKnownByAHashOfItsID: the id itself is secret (machine-id(5)), and boxes that
// have none are not all taken for one.
func TestAHostIsKnownByAHashOfItsID(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "machine-id")
	id := func(file string) string { return NewLocal(LocalOptions{}).hostID(t.Context(), file) }
	ids := map[string]bool{}
	for _, plain := range []string{"0123456789abcdef0123456789abcdef\n", "fedcba9876543210fedcba9876543210\n"} {
		if err := os.WriteFile(file, []byte(plain), 0o600); err != nil {
			t.Fatal(err)
		}
		hashed := id(file)
		if len(hashed) != 32 || hashed == strings.TrimSpace(plain) || hashed != id(file) {
			t.Errorf("%q for %q", hashed, plain)
		}
		ids[hashed] = true
	}
	if len(ids) != 2 {
		t.Errorf("two boxes have one id: %v", ids)
	}
	for _, none := range []string{"", "uninitialized\n"} {
		if err := os.WriteFile(file, []byte(none), 0o600); err != nil {
			t.Fatal(err)
		}
		if hashed := id(file); hashed != "" {
			t.Errorf("%q has the id %q", none, hashed)
		}
	}
	if hashed := id(file + ".none"); hashed != "" {
		t.Errorf("no file has the id %q", hashed)
	}
}
