package sys

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// ways are the two in which the opener walks: by the kernel where it can, and step by step.
func ways(t *testing.T) map[string]*Local {
	t.Helper()
	found := map[string]*Local{}
	for name, plain := range map[string]bool{"openat2": false, "step by step": true} {
		local := NewLocal(LocalOptions{NoSudo: true})
		local.opener.plain.Store(plain)
		found[name] = local
	}
	return found
}

// someone owns what somebody else's links in these tests come from.
const someone = 61001

// grounds builds a directory of someone's with what could lead out of it: each line is a
// kind, a path, an owner, a mode and what a link leads to.
func grounds(t *testing.T) string {
	t.Helper()
	top := t.TempDir()
	for at := top; at != os.TempDir() && at != "/"; at = filepath.Dir(at) {
		if err := os.Chmod(at, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for line := range strings.Lines(`
dir  home                 61001 755
dir  home/releases        61001 755
dir  home/releases/5      61001 755
file home/releases/5/REVISION 61001 600
link home/current         61001 777 releases/5
link home/absolute        61001 777 TOP/home/releases/5
dir  vault                0     700
file vault/secret         0     600
dir  open                 0     755
file open/secret          0     600
file open/public          0     644
file open/group           0     640
dir  other                61002 755
file other/own            61002 600
file other/shown          61002 644
link home/to-vault        61001 777 TOP/vault/secret
link home/to-vault-dir    61001 777 ../vault
link home/to-open         61001 777 TOP/open
link home/to-open-secret  61001 777 TOP/open/secret
link home/to-public       61001 777 TOP/open/public
link home/to-other        61001 777 TOP/other/own
link home/to-shown        61001 777 TOP/other/shown
link home/own-env         61001 777 .env
file home/.env            0     600
dir  home/roots           0     700
file home/roots/kept      0     600
link home/to-roots        61001 777 TOP/home/roots/kept
link home/circle          61001 777 circle
link home/dangling        61001 777 releases/6/x
fifo home/fifo            61001 644
link home/to-fifo         61001 777 fifo
link home/to-zero         61001 777 /dev/zero
link home/up              61001 777 ../../../../../../../../../../../../etc/hostname
link roots-link           0     777 TOP/open/secret
link home/roots-moved     0     777 TOP/open/secret
dir  shared               0     2775
link shared/moved         0     777 TOP/open/secret
file shared/file          0     600
`) {
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		var owner int
		var mode uint32
		_, err := fmt.Sscanf(fields[2]+" "+fields[3], "%d %o", &owner, &mode)
		name := filepath.Join(top, fields[1])
		switch fields[0] {
		case "dir":
			err = errors.Join(err, os.Mkdir(name, 0o755))
		case "file":
			err = errors.Join(err, os.WriteFile(name, []byte(fields[1]), 0o600))
		case "fifo":
			err = errors.Join(err, syscall.Mkfifo(name, 0o600))
		case "link":
			err = errors.Join(err, os.Symlink(strings.ReplaceAll(fields[4], "TOP", top), name))
		}
		err = errors.Join(err, os.Lchown(name, owner, owner))
		if fields[0] != "link" {
			err = errors.Join(err, syscall.Chmod(name, mode))
		}
		if err != nil {
			t.Fatal(line, err)
		}
	}
	// Second names as a user makes them where fs.protected_hardlinks is off; to a file of
	// their own, as what has two names is no longer kept by where it lies.
	err := errors.Join(
		os.Chown(filepath.Join(top, "shared"), 0, someone), syscall.Chmod(filepath.Join(top, "shared"), 0o2775),
		os.WriteFile(top+"/open/linked", []byte("linked"), 0o600),
		os.Link(top+"/open/linked", top+"/home/hard"),
		os.Link(top+"/open/linked", top+"/shared/hard"),
		os.Link(top+"/open/public", top+"/home/hard-public"),
	)
	if err != nil {
		t.Fatal(err)
	}
	return top
}

// TestWhatIsReadIsWhatItsDecidersMayRead: root reads through somebody's links and in their
// directories what they could read themselves, by either way, and the same again by the name
// that the path was resolved to.
func TestWhatIsReadIsWhatItsDecidersMayRead(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		return // Nobody can be made an owner; the lab runs this as root.
	}
	top := grounds(t)
	for way := range ways(t) {
		for name, want := range map[string]error{
			"home/releases/5/REVISION": nil,
			"home/current/REVISION":    nil,
			"home/absolute/REVISION":   nil,
			"home/to-vault":            ErrLedAway,
			"home/to-vault-dir/secret": ErrLedAway,
			"home/to-open/secret":      ErrLedAway,
			"home/to-open-secret":      ErrLedAway,
			"home/to-open/public":      nil,
			"home/to-open/group":       ErrLedAway,
			"home/to-public":           nil,
			"home/to-other":            ErrLedAway,
			"home/to-shown":            nil,
			"home/.env":                ErrKept,
			"home/own-env":             ErrKept,
			"home/roots/kept":          nil,
			"home/to-roots":            ErrLedAway,
			"home/circle":              syscall.ELOOP,
			"home/dangling":            os.ErrNotExist,
			"home/fifo":                ErrNotRegular,
			"home/to-fifo":             ErrNotRegular,
			"home/to-zero":             ErrNotRegular,
			"home/releases":            ErrNotRegular,
			"home/up":                  nil,
			"home/hard":                ErrLedAway,
			"home/hard-public":         nil,
			"home/roots-moved":         ErrLedAway,
			"shared/moved":             ErrLedAway,
			"shared/hard":              ErrLedAway,
			"shared/file":              nil,
			"roots-link":               nil,
			"vault/secret":             nil,
			"open/secret":              nil,
			"open/linked":              nil,
			"home/.env/x":              syscall.ENOTDIR,
		} {
			full := filepath.Join(top, name)
			local := ways(t)[way]
			data, err := local.ReadFile(t.Context(), full, 100)
			if !errors.Is(err, want) || want == nil && (err != nil || len(data) == 0) || errors.Is(want, ErrLedAway) && len(data) > 0 {
				t.Errorf("%s: ReadFile(%s) = %q, %v; want %v", way, name, data, err, want)
			}
			if want == nil {
				end, err := local.ReadEnd(t.Context(), full, 3)
				if err != nil && !errors.Is(err, ErrTruncated) || !bytes.Equal(end, data[max(0, len(data)-3):]) {
					t.Errorf("%s: ReadEnd(%s) = %q, %v", way, name, end, err)
				}
			}
			resolved, err := local.Resolve(t.Context(), full)
			if err == nil {
				_, err = local.ReadFile(t.Context(), resolved, 100)
			}
			if !errors.Is(err, want) || want == nil && err != nil {
				t.Errorf("%s: %s, resolved to %s: %v; want %v", way, name, resolved, err, want)
			}
		}
	}
}

// TestWhereALinkLedIsNotForgotten: the name of a directory that somebody led to says nothing
// of them any more.
func TestWhereALinkLedIsNotForgotten(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		return // See above.
	}
	top := grounds(t)
	for way, local := range ways(t) {
		resolved, err := local.Resolve(t.Context(), top+"/home/to-open")
		if err != nil || resolved != filepath.Join(top, "open") {
			t.Fatalf("%s: %s, %v", way, resolved, err)
		}
		if _, err := local.ReadFile(t.Context(), filepath.Join(resolved, "secret"), 100); !errors.Is(err, ErrLedAway) {
			t.Errorf("%s: the secret in the directory: %v", way, err)
		}
		if _, err := local.ReadFile(t.Context(), filepath.Join(resolved, "public"), 100); err != nil {
			t.Errorf("%s: what everybody may read: %v", way, err)
		}
		if far, err := local.Resolve(t.Context(), top+"/home/dangling"); !errors.Is(err, os.ErrNotExist) || far != top+"/home/releases/6/x" {
			t.Errorf("%s: a dangling link leads to %s, %v", way, far, err)
		}
		if _, err := local.ReadDir(t.Context(), top+"/home/to-vault-dir"); !errors.Is(err, ErrLedAway) {
			t.Errorf("%s: the names in root's directory: %v", way, err)
		}
	}
}

// TestWhatAFileNamesIsReadForItsWriters: a path that somebody wrote down is as good as their
// link.
func TestWhatAFileNamesIsReadForItsWriters(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		return // See above.
	}
	top := grounds(t)
	for way, local := range ways(t) {
		byThem := NamedIn(t.Context(), local, top+"/home/releases/5/REVISION")
		byRoot := NamedIn(t.Context(), local, top+"/open/public")
		for name, want := range map[string]error{"vault/secret": ErrLedAway, "open/secret": ErrLedAway, "open/public": nil, "home/releases/5/REVISION": nil} {
			if _, err := local.ReadFile(byThem, filepath.Join(top, name), 100); !errors.Is(err, want) || want == nil && err != nil {
				t.Errorf("%s: %s, named by somebody: %v", way, name, err)
			}
			if _, err := local.ReadFile(byRoot, filepath.Join(top, name), 100); err != nil {
				t.Errorf("%s: %s, named by root: %v", way, name, err)
			}
		}
	}
}

// TestWhoMayWriteANameDown: those who may write where a path stands name it as much as the
// owner does, and nobody knows who writes what a program serves.
func TestWhoMayWriteANameDown(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		info FileInfo
		want Namers
	}{
		"root's":                        {FileInfo{Mode: 0o644, GID: 7}, Namers{}},
		"somebody's":                    {FileInfo{Mode: 0o664, UID: 5, GID: 7}, Namers{Users: []uint32{5}}},
		"a group's":                     {FileInfo{Mode: 0o664, GID: 7}, Namers{Groups: []uint32{7}}},
		"everybody's":                   {FileInfo{Mode: 0o666}, Namers{Anybody: true}},
		"a directory like /tmp":         {FileInfo{Mode: fs.ModeDir | fs.ModeSticky | 0o777}, Namers{}},
		"root's link":                   {FileInfo{Mode: fs.ModeSymlink | 0o777}, Namers{}},
		"root's, a program says (FUSE)": {FileInfo{Mode: 0o644, Served: true}, Namers{Anybody: true}},
	} {
		var found Namers
		if found.add(row.info); !reflect.DeepEqual(found, row.want) {
			t.Errorf("%s: named by %+v, want %+v", name, found, row.want)
		}
	}
	if os.Geteuid() != 0 {
		return // See above.
	}
	top := grounds(t)
	for way, local := range ways(t) {
		for who, namers := range map[string]Namers{"a group": {Groups: []uint32{4711}}, "anybody": {Anybody: true}, "a user": {Users: []uint32{4711}}} {
			if _, err := local.ReadFile(NamedBy(t.Context(), namers), top+"/vault/secret", 100); !errors.Is(err, ErrLedAway) {
				t.Errorf("%s: root's file, named by %s: %v", way, who, err)
			}
			if _, err := local.ReadFile(NamedBy(t.Context(), namers), top+"/open/public", 100); err != nil {
				t.Errorf("%s: what all may read, named by %s: %v", way, who, err)
			}
		}
	}
}

// TestAnExchangeShowsNothing has a file and a link to root's change places while they are
// read by name.
func TestAnExchangeShowsNothing(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		return // See above.
	}
	top := grounds(t)
	file, trap := top+"/home/releases/5/REVISION", top+"/home/to-vault"
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			default:
				_ = unix.Renameat2(unix.AT_FDCWD, file, unix.AT_FDCWD, trap, unix.RENAME_EXCHANGE)
			}
		}
	}()
	defer func() { close(stop); <-stopped }()
	for way, local := range ways(t) {
		read := 0
		for range 5000 {
			data, err := local.ReadFile(t.Context(), file, 100)
			if err == nil {
				read++
			}
			if strings.Contains(string(data), "vault") {
				t.Fatalf("%s: %q, %v", way, data, err)
			}
		}
		if read == 0 {
			t.Errorf("%s: the file itself was never read", way)
		}
	}
}

// TestTheEndOfAHugeFile is read without its beginning, of which it would not be done today.
func TestTheEndOfAHugeFile(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "log")
	if err := errors.Join(os.WriteFile(name, nil, 0o600), os.Truncate(name, 1<<50)); err != nil {
		// A file system that holds no such file.
		if err := os.Truncate(name, 8<<40); err != nil {
			t.Fatal(err)
		}
	}
	data, err := NewLocal(LocalOptions{}).ReadEnd(t.Context(), name, 4096)
	if len(data) != 4096 || !errors.Is(err, ErrTruncated) {
		t.Errorf("%d bytes, %v", len(data), err)
	}
}
