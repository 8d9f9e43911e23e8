package sys

import (
	"context"
	"fmt"
	"io/fs"
	"strings"
	"testing"
)

const (
	somePasswd = "root:x:0:0::/root:/bin/sh\nada:x:1000:1000::/home/ada:/bin/sh\ndeploy:x:995:995::/home/deploy:/bin/sh\nweb:x:33:33::/:/bin/sh\nbroken\n"
	someGroup  = "root:x:0:\nada:x:1000:\ndeploy:x:995:\ncrew:x:50:ada,deploy\n"
)

func TestWritersAreNamed(t *testing.T) {
	t.Parallel()
	accounts := ParseAccounts(somePasswd, someGroup)
	for _, test := range []struct {
		writers Writers
		except  []uint32
		want    string
	}{
		{Writers{}, nil, ""},
		{Writers{Users: []uint32{995}}, nil, "deploy"},
		{Writers{Users: []uint32{995}, Groups: []uint32{50}}, nil, "deploy, ada"},
		{Writers{Groups: []uint32{995}}, []uint32{995}, ""}, // the group that is their own
		{Writers{Users: []uint32{4242}, Groups: []uint32{99}}, nil, "user 4242, group 99"},
		{Writers{Users: []uint32{995}, Anyone: true}, nil, "every user of this box"},
	} {
		if got := strings.Join(test.writers.Names(accounts, test.except...), ", "); got != test.want {
			t.Errorf("%+v: %q, want %q", test.writers, got, test.want)
		}
	}
}

// ownedMachine is a disk of which nothing but owners, modes and links is known.
type ownedMachine struct {
	Machine
	infos map[string]FileInfo
	links map[string]string
}

func (machine ownedMachine) Stat(_ context.Context, name string) (FileInfo, error) {
	if info, known := machine.infos[name]; known {
		return info, nil
	}
	return FileInfo{}, fs.ErrNotExist
}

func (machine ownedMachine) ReadLink(_ context.Context, name string) (string, error) {
	return machine.links[name], nil
}

// TestFindWriters: whoever may change a directory, a link or the end of a way may change
// where it leads.
func TestFindWriters(t *testing.T) {
	t.Parallel()
	const directory, file, link = fs.ModeDir | 0o755, fs.FileMode(0o644), fs.ModeSymlink | 0o777
	machine := ownedMachine{
		infos: map[string]FileInfo{
			"/": {Mode: directory}, "/etc": {Mode: directory}, "/etc/a": {Mode: file}, "/etc/group": {Mode: 0o664, GID: 50},
			"/etc/roots": {Mode: 0o664}, "/etc/any": {Mode: 0o666}, "/etc/link": {Mode: link},
			"/home": {Mode: directory}, "/home/d": {Mode: directory, UID: 995}, "/home/d/a": {Mode: file}, "/home/d/out": {Mode: link, UID: 995},
			"/home/d/in": {Mode: link, UID: 995}, "/home/d/own": {Mode: file, UID: 995},
			"/tmp": {Mode: fs.ModeDir | fs.ModeSticky | 0o777}, "/tmp/a": {Mode: file}, "/tmp/b": {Mode: file, UID: 33},
			"/open": {Mode: fs.ModeDir | 0o777}, "/open/a": {Mode: file},
		},
		links: map[string]string{"/etc/link": "../home/d/a", "/home/d/out": "/etc/a", "/home/d/in": "own"},
	}
	for name, want := range map[string]string{
		"/etc/a":      "{[] [] false []}",
		"/etc/group":  "{[] [50] false []}",
		"/etc/roots":  "{[] [] false []}",
		"/etc/any":    "{[] [] true []}",
		"/etc/link":   "{[995] [] false []}",
		"/home/d/a":   "{[995] [] false []}",
		"/home/d/out": "{[995] [] false [/home/d/out]}",
		"/home/d/in":  "{[995] [] false []}",
		"/tmp/a":      "{[] [] false []}",
		"/tmp/b":      "{[33] [] false []}",
		"/open/a":     "{[] [] true []}",
	} {
		writers, err := FindWriters(t.Context(), machine, name)
		if got := fmt.Sprint(writers); err != nil || got != want {
			t.Errorf("%s: %s, %v; want %s", name, got, err, want)
		}
	}
	if writers, err := FindWriters(t.Context(), machine, "/home/d/none"); err == nil || len(writers.Users) != 1 {
		t.Errorf("of what is not there: %+v, %v", writers, err)
	}
}
