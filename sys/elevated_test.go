package sys

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// withSudo is a Local of a user who is not root, on a machine whose sudo is a script. What
// sudo runs counts in the log.
func withSudo(t *testing.T, script string) (local *Local, calls func() []string) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("there is no opener to run as root")
	}
	log := filepath.Join(t.TempDir(), "log")
	local = program(t, "sudo", "echo \"$@\" | tr '\\n' ' ' >> "+log+"; echo >> "+log+"\n"+script)
	local.uid = 4711
	return local, func() []string {
		raw, _ := os.ReadFile(log)
		return strings.Split(strings.TrimSpace(string(raw)), "\n")
	}
}

// The test binary is what sudo runs to read.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == ReadsArgument {
		os.Exit(ServeReads(os.Stdin, os.Stdout))
	}
	os.Exit(m.Run())
}

// elevated asks as if the user had been refused.
func elevated(ctx context.Context, local *Local, operation operation, path string) (answer, error) {
	return local.reads.ask(ctx, question{Op: operation, Path: path, Limit: 100}, fs.ErrPermission)
}

const grantingSudo = `[ "$1 $2" = "-n --" ] || exit 9; shift 2; exec "$@"`

func TestElevatedReads(t *testing.T) {
	t.Parallel()
	local, _ := withSudo(t, grantingSudo)
	directory := t.TempDir()
	path := func(name string) string { return filepath.Join(directory, name) }
	for name, content := range map[string]string{"file": "content\x00\nmore", "empty": "", "odd\nname's": "odd", "long": "0123456789"} {
		if err := os.WriteFile(path(name), []byte(content), 0o640); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(os.Symlink("file", path("link")), syscall.Mkfifo(path("fifo"), 0o600), os.Mkdir(path("sub"), 0o700)); err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	for _, test := range []struct {
		name, want string
		err        error
	}{
		{"file", "content\x00\nmore", nil},
		{"link", "content\x00\nmore", nil},
		{"empty", "", nil},
		{"odd\nname's", "odd", nil},
		{"long", "01234567", ErrTruncated},
		{"fifo", "", ErrNotRegular},
		{"sub", "", ErrNotRegular},
		{"absent", "", fs.ErrNotExist},
	} {
		limit := int64(100)
		if test.name == "long" {
			limit = 8
		}
		got, err := local.reads.ask(ctx, question{Op: askFile, Path: path(test.name), Limit: limit}, fs.ErrPermission)
		if string(got.Content) != test.want || !errors.Is(err, test.err) {
			t.Errorf("file %s: %q, %v", test.name, got.Content, err)
		}
	}
	for _, name := range []string{"file", "link", "fifo", "odd\nname's", "sub"} {
		want, err := local.Stat(ctx, path(name))
		if err != nil {
			t.Fatal(err)
		}
		got, err := elevated(ctx, local, askLook, path(name))
		if err != nil || got.Info != want {
			t.Errorf("stat %s:\n got %+v, %v\nwant %+v", name, got.Info, err, want)
		}
	}
	if got, err := elevated(ctx, local, askLink, path("link")); err != nil || got.Target != "file" {
		t.Errorf("link leads to %q, %v", got.Target, err)
	}
	if got, err := elevated(ctx, local, askPlace, path("link")); err != nil || got.Target != path("file") {
		t.Errorf("link is resolved to %q, %v", got.Target, err)
	}
	target, err := local.StatTarget(ctx, path("link"))
	if err != nil || target.IsLink() {
		t.Fatalf("target of the link: %+v, %v", target, err)
	}
	if got, err := elevated(ctx, local, askTarget, path("link")); err != nil || got.Info != target {
		t.Errorf("target of the link:\n got %+v, %v\nwant %+v", got.Info, err, target)
	}
	if got, err := elevated(ctx, local, askTarget, path("dangling")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the target of a link that leads nowhere: %+v, %v", got.Info, err)
	}
	if got, err := elevated(ctx, local, askEnd, path("file")); err != nil || string(got.Content) != "content\x00\nmore" {
		t.Errorf("the end is %q, %v", got.Content, err)
	}
	if _, err := elevated(ctx, local, askLook, path("absent")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("stat of what is not there: %v", err)
	}
	want, err := local.ReadDir(ctx, directory)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := elevated(ctx, local, askList, directory); err != nil || fmt.Sprint(got.Entries) != fmt.Sprint(want) {
		t.Errorf("directory:\n got %v, %v\nwant %v", got, err, want)
	}
	if got, err := elevated(ctx, local, askList, path("sub")); err != nil || len(got.Entries) != 0 {
		t.Errorf("empty directory: %v, %v", got, err)
	}
	if _, err := elevated(ctx, local, askList, path("file")); !errors.Is(err, syscall.ENOTDIR) {
		t.Errorf("a file as a directory: %v", err)
	}
}

func TestElevatedReadsAreBatched(t *testing.T) {
	t.Parallel()
	local, calls := withSudo(t, grantingSudo)
	recorder := NewRecorder(local)
	directory := t.TempDir()
	const count = 300
	for i := range count {
		if err := os.Symlink(fmt.Sprint("to", i), filepath.Join(directory, fmt.Sprint(i))); err != nil {
			t.Fatal(err)
		}
	}
	ctx := recorder.observing(t.Context())
	var all sync.WaitGroup
	for i := range count {
		all.Go(func() {
			found, err := elevated(ctx, local, askLink, filepath.Join(directory, fmt.Sprint(i)))
			if err != nil || found.Target != fmt.Sprint("to", i) {
				t.Errorf("link %d: %q, %v", i, found.Target, err)
			}
		})
	}
	all.Wait()
	// One to ask whether sudo works; the rest depends on when the requests came.
	if got := len(calls()); got > 5 {
		t.Errorf("sudo was called %d times for %d links", got, count)
	}
	if records := recorder.Records(); len(records) != len(calls()) || !records[0].Elevated || records[0].Argv[0] != "sudo" {
		t.Errorf("%d records of %d calls: %+v", len(records), len(calls()), records)
	}
}

func TestListingAnswersForItsEntriesUntilSomethingChanges(t *testing.T) {
	t.Parallel()
	local, calls := withSudo(t, grantingSudo)
	now := time.Now()
	local.reads.ahead.clock = func() time.Time { return now }
	directory := t.TempDir()
	link := filepath.Join(directory, "current")
	if err := os.Symlink("old", link); err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	if _, err := elevated(ctx, local, askList, directory); err != nil {
		t.Fatal(err)
	}
	before := len(calls())
	if found, err := elevated(ctx, local, askLink, link); err != nil || found.Target != "old" || len(calls()) != before {
		t.Errorf("%q, %v, %d calls more", found.Target, err, len(calls())-before)
	}
	now = now.Add(readAheadAge + 1)
	if _, err := elevated(ctx, local, askLink, link); err != nil || len(calls()) == before {
		t.Errorf("what was listed long ago still answers: %v", err)
	}
	now = now.Add(-readAheadAge)
	if output := local.Run(ctx, Command{Argv: []string{"ln", "-sfn", "new", link}, Changes: true}); output.Err != nil {
		t.Fatal(output.Err)
	}
	if found, err := elevated(ctx, local, askLink, link); err != nil || found.Target != "new" {
		t.Errorf("after a change: %q, %v", found.Target, err)
	}
}

func TestReadsWithoutRights(t *testing.T) {
	t.Parallel()
	password := "echo 'sudo: a password is required' >&2; exit 1"
	for name, open := range map[string]func() *Local{
		"password":     func() *Local { local, _ := withSudo(t, password); return local },
		"switched off": func() *Local { local, _ := withSudo(t, grantingSudo); local.options.NoSudo = true; return local },
		"not installed": func() *Local {
			local := NewLocal(LocalOptions{})
			local.uid, local.path = 4711, nil
			return local
		},
	} {
		local := open()
		_, err := local.reads.ask(t.Context(), question{Op: askFile, Path: "/root/x", Limit: 10}, &fs.PathError{Op: "open", Path: "/root/x", Err: syscall.EACCES})
		if !errors.Is(err, fs.ErrPermission) || !errors.Is(err, ErrNeedsPrivilege) || !strings.Contains(err.Error(), "/root/x") {
			t.Errorf("%s: %v", name, err)
		}
		if host, err := local.Host(t.Context()); err != nil || host.Privilege != PrivilegeNone {
			t.Errorf("%s: privilege %s, %v", name, host.Privilege, err)
		}
	}
}

func TestSudoIsAskedOnceAndAgainWhenUnlocked(t *testing.T) {
	t.Parallel()
	gate := filepath.Join(t.TempDir(), "gate")
	local, calls := withSudo(t, "[ -e "+gate+" ] || { echo 'sudo: a password is required' >&2; exit 1; }\n"+grantingSudo)
	ctx := t.Context()
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() { local.privilege(ctx) })
	}
	all.Wait()
	if len(calls()) != 1 || local.privilege(ctx) != PrivilegeNone {
		t.Errorf("calls: %q", calls())
	}
	if err := os.WriteFile(gate, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	local.Unlocked()
	if local.privilege(ctx) != PrivilegeSudo {
		t.Error("unlocked, and not noticed")
	}
}

func TestHangingSudoDoesNotHoldUs(t *testing.T) {
	t.Parallel()
	local, _ := withSudo(t, "sleep 600")
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	started := time.Now()
	_, err := elevated(ctx, local, askFile, "/root/x")
	if !errors.Is(err, context.DeadlineExceeded) || time.Since(started) > hang/10 {
		t.Errorf("after %v: %v", time.Since(started), err)
	}
}

func TestElevatedCommand(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		sudo string
		exit int
		is   error
		text string
	}{
		"runs":           {grantingSudo, 0, nil, ""},
		"fails":          {"echo 'sudo: unable to resolve host x' >&2; echo 'permission denied' >&2; exit 1", 1, nil, "true: exit status 1: permission denied"},
		"password":       {"echo 'sudo: a password is required' >&2; exit 1", -1, ErrNeedsPrivilege, "true: needs root's rights: sudo: a password is required"},
		"not in sudoers": {"echo 'ann is not in the sudoers file.' >&2; exit 1", -1, ErrNeedsPrivilege, "true: needs root's rights: ann is not in the sudoers file."},
		"one command": {
			"echo 'Sorry, user ann is not allowed to execute '\\''/bin/true'\\'' as root on box.' >&2; exit 1", -1, ErrNeedsPrivilege,
			"true: needs root's rights: Sorry, user ann is not allowed to execute '/bin/true' as root on box.",
		},
		"not found": {"echo 'sudo: true: command not found' >&2; exit 1", -1, ErrNoCommand, "true: no such command: sudo: true: command not found"},
	} {
		local, calls := withSudo(t, test.sudo)
		output := local.Run(t.Context(), Command{Argv: []string{"true"}, Elevate: true})
		if output.Exit != test.exit || !output.Elevated || strings.Join(output.Argv, " ") != "sudo -n -- true" {
			t.Errorf("%s: %+v", name, output)
		}
		if (test.text == "") != (output.Err == nil) || (output.Err != nil && output.Err.Error() != test.text) || (test.is != nil && !errors.Is(output.Err, test.is)) {
			t.Errorf("%s: %v", name, output.Err)
		}
		again := local.Run(t.Context(), Command{Argv: []string{"true"}, Elevate: true})
		if name == "not in sudoers" && (len(calls()) != 1 || !errors.Is(again.Err, ErrNeedsPrivilege)) {
			t.Errorf("sudo was asked %d times by a user whom it reports: %v", len(calls()), again.Err)
		}
	}
}

func TestRecorder(t *testing.T) {
	t.Parallel()
	recorder := NewRecorder(NewLocal(LocalOptions{ReadOnly: true}))
	ctx := t.Context()
	recorder.Run(ctx, Command{Argv: []string{"true", "--token", "abc", "A\x1b[31mB"}})
	recorder.Run(ctx, Command{Argv: []string{"false"}})
	recorder.Run(ctx, Command{Argv: []string{"no-such-command"}})
	recorder.Run(ctx, Command{Argv: []string{"true"}, Changes: true})
	records := recorder.Records()
	if len(records) != 2 {
		t.Fatalf("records = %+v", records)
	}
	if got := fmt.Sprint(records[0].Argv, records[0].Exit, records[1].Exit); got != "[true --token *** AB] 0 1" || records[0].Took <= 0 {
		t.Errorf("records = %+v", records)
	}
}

// TestAProgramThatOthersMayChangeIsNotRunAsRoot: what it would read stays unknown.
func TestAProgramThatOthersMayChangeIsNotRunAsRoot(t *testing.T) {
	t.Parallel()
	local, calls := withSudo(t, grantingSudo)
	directory := t.TempDir()
	program := filepath.Join(directory, "flasktui")
	if err := errors.Join(os.WriteFile(program, nil, 0o700), os.Chmod(directory, 0o777)); err != nil {
		t.Fatal(err)
	}
	local.reads.program = func() (string, error) { return local.onlyOurs(program) }
	_, err := elevated(t.Context(), local, askFile, "/root/x")
	if !errors.Is(err, fs.ErrPermission) || !errors.Is(err, ErrNeedsPrivilege) || !strings.Contains(err.Error(), program+", which others may change (every user of this box)") {
		t.Error(err)
	}
	for _, call := range calls() {
		if strings.Contains(call, program) {
			t.Errorf("it was run: %s", call)
		}
	}
}
