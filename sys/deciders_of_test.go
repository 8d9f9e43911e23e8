package sys_test

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"flasktui/sys"
	"flasktui/sys/memory"
)

const (
	somePasswd = "root:x:0:0::/root:/bin/sh\nada:x:1000:1000::/home/ada:/bin/sh\ndeploy:x:995:995::/home/deploy:/bin/sh\nweb:x:33:33::/:/bin/sh\nbroken\n"
	someGroup  = "root:x:0:\nada:x:1000:\ndeploy:x:995:\ncrew:x:50:ada,deploy\n"
)

func TestDecidersAreNamed(t *testing.T) {
	t.Parallel()
	accounts := sys.ParseAccounts(somePasswd, someGroup)
	for _, test := range []struct {
		deciders sys.Deciders
		except   []uint32
		want     string
	}{
		{sys.Deciders{}, nil, ""},
		{sys.Deciders{Users: []uint32{995}}, nil, "deploy"},
		{sys.Deciders{Users: []uint32{995}, Groups: []sys.GroupDecider{{GID: 50, Owner: 0}}}, nil, "deploy, ada"},
		{sys.Deciders{Groups: []sys.GroupDecider{{GID: 995, Owner: 0}}}, []uint32{995}, ""}, // the group that is their own
		{sys.Deciders{Users: []uint32{4242}, Groups: []sys.GroupDecider{{GID: 99, Owner: 0}}}, nil, "user 4242, group 99"},
		{sys.Deciders{Users: []uint32{995}, Anybody: true}, nil, "every user of this box"},
	} {
		if got := strings.Join(test.deciders.Names(accounts, test.except...), ", "); got != test.want {
			t.Errorf("%+v: %q, want %q", test.deciders, got, test.want)
		}
	}
}

// TestFindDeciders: one directory, link or file that is not root's alone, and others decide.
func TestFindDeciders(t *testing.T) {
	t.Parallel()
	const socket = fs.ModeSocket
	box := memory.Machine{
		Files: map[string]string{
			"/etc/good": "", "/etc/group": "", "/etc/roots": "", "/etc/any": "", "/home/d/a": "", "/home/d/own": "",
			"/srv/shop/app": "", "/home/ada/app/app": "", "/srv/team/app": "", "/srv/hers/app": "", "/open/app": "",
			"/tmp/root": "", "/tmp/hers": "", "/tmp/root.sock": "", "/tmp/hers.sock": "", "/run/d.sock": "", "/run/hers.sock": "", "/srv/roots/x": "",
		},
		Links: map[string]string{
			"/etc/link": "good", "/etc/back": "../etc/good", "/etc/loop": "loop", "/etc/away": "../home/d/a", "/etc/hers": "good",
			"/home/d/out": "/etc/good", "/home/d/in": "own", "/srv/linked": "/home/ada/app",
		},
		Kept: map[string]sys.FileInfo{
			"/etc/group": {Mode: 0o664, GID: 50}, "/etc/roots": {Mode: 0o664}, "/etc/any": {Mode: 0o666}, "/etc/hers": {UID: 33},
			"/home/d": {UID: 995}, "/home/d/out": {UID: 995}, "/home/d/in": {UID: 995}, "/home/d/own": {UID: 995},
			"/srv/shop": {UID: 33}, "/home/ada": {UID: 10}, "/home/ada/app": {UID: 10}, "/home/ada/app/app": {UID: 11},
			"/srv/team": {GID: 50, Mode: 0o775}, "/srv/hers": {UID: 33, GID: 33, Mode: 0o775}, "/srv/roots": {Mode: 0o775}, "/open": {Mode: 0o777},
			"/tmp": {Mode: fs.ModeSticky | 0o777}, "/tmp/hers": {UID: 33}, "/tmp/hers.sock": {UID: 33, Mode: socket},
			"/tmp/root.sock": {Mode: socket | 0o777}, "/run/d.sock": {GID: 60, Mode: socket | 0o660}, "/run/hers.sock": {UID: 33, Mode: socket | 0o770},
		},
	}
	const missing, rootsAlone = "file does not exist", "root's alone"
	for name, test := range map[string]struct {
		// users, groups by owner, everybody, links that lead away
		who string
		// end is the path without links, or what the error says.
		end string
		// alone is what is not root's alone; rootsAlone for nothing.
		alone string
	}{
		"/etc/good":            {"[] [] false []", "/etc/good", rootsAlone},
		"/etc/./..//etc/good/": {"[] [] false []", "/etc/good", rootsAlone},
		"/etc/link":            {"[] [] false []", "/etc/good", rootsAlone},
		"/etc/back":            {"[] [] false []", "/etc/good", rootsAlone},
		"/etc/group":           {"[] [{50 0}] false []", "/etc/group", "/etc/group"},
		"/etc/roots":           {"[] [] false []", "/etc/roots", "/etc/roots"}, // an access control list, perhaps
		"/etc/any":             {"[] [] true []", "/etc/any", "/etc/any"},
		"/etc/away":            {"[995] [] false []", "/home/d/a", "/home/d"},
		"/etc/hers":            {"[33] [] false [/etc/hers]", "/etc/good", "/etc/hers"},
		"/etc/loop":            {"[] [] false []", "too many levels", ""},
		"/etc/absent":          {"[] [] false []", missing, ""},
		"good":                 {"[] [] false []", "a relative path", ""},
		"/home/d/a":            {"[995] [] false []", "/home/d/a", "/home/d"},
		"/home/d/out":          {"[995] [] false [/home/d/out]", "/etc/good", "/home/d"},
		"/home/d/in":           {"[995] [] false []", "/home/d/own", "/home/d"},
		"/home/d/none":         {"[995] [] false []", missing, "/home/d"},
		"/srv/shop/not/there":  {"[33] [] false []", missing, "/srv/shop"},
		"/srv/shop/../etc":     {"[33] [] false []", missing, ""},
		"/srv/shop/../linked":  {"[10 33] [] false []", "/home/ada/app", "/home/ada"},
		"/srv/linked/app":      {"[10 11] [] false []", "/home/ada/app/app", "/home/ada"},
		"/srv/team/app":        {"[] [{50 0}] false []", "/srv/team/app", "/srv/team"},
		"/srv/hers/app":        {"[33] [{33 33}] false []", "/srv/hers/app", "/srv/hers"},
		"/srv/roots/x":         {"[] [] false []", "/srv/roots/x", "/srv/roots"},
		"/open/app":            {"[] [] true []", "/open/app", "/open"},
		"/tmp/root":            {"[] [] false []", "/tmp/root", rootsAlone},
		"/tmp/root.sock":       {"[] [] false []", "/tmp/root.sock", rootsAlone},
		"/tmp/hers":            {"[33] [] false []", "/tmp/hers", "/tmp"},
		"/tmp/hers.sock":       {"[33] [] false []", "/tmp/hers.sock", "/tmp"},
		"/tmp/absent.sock":     {"[] [] true []", missing, "/tmp"}, // anybody could make it
		"/run/d.sock":          {"[] [] false []", "/run/d.sock", rootsAlone},
		"/run/hers.sock":       {"[33] [] false []", "/run/hers.sock", rootsAlone},
	} {
		found, err := sys.FindDeciders(t.Context(), box, name)
		if who := fmt.Sprint(found.Users, found.Groups, found.Anybody, found.Led); who != test.who {
			t.Errorf("%s: %s decide, want %s", name, who, test.who)
		}
		if end := found.End; err == nil && end != test.end || err != nil && !strings.Contains(err.Error(), test.end) {
			t.Errorf("%s: %s, %v; want %s", name, end, err, test.end)
		}
		resolved, err := sys.RootsAlone(t.Context(), box, name)
		switch test.alone {
		case rootsAlone:
			if err != nil || resolved != test.end {
				t.Errorf("%s is not root's alone: %s, %v", name, resolved, err)
			}
		case "":
			if err == nil || errors.Is(err, sys.ErrNotRootsAlone) {
				t.Errorf("%s: %v", name, err)
			}
		default:
			if !errors.Is(err, sys.ErrNotRootsAlone) || !strings.HasPrefix(err.Error(), test.alone+" ") {
				t.Errorf("%s: %v, want %s", name, err, test.alone)
			}
		}
	}
}

// TestOneDecider: those of a group that the owner lets write count as the owner.
func TestOneDecider(t *testing.T) {
	t.Parallel()
	own, roots := sys.GroupDecider{GID: 50, Owner: 33}, sys.GroupDecider{GID: 50, Owner: 0}
	for _, test := range []struct {
		found sys.Deciders
		want  string
	}{
		{sys.Deciders{}, "root"},
		{sys.Deciders{Users: []uint32{33}, Groups: []sys.GroupDecider{own}}, "user 33"},
		{sys.Deciders{Users: []uint32{33}, Groups: []sys.GroupDecider{roots}}, ""},
		{sys.Deciders{Users: []uint32{33}, Anybody: true}, ""},
		{sys.Deciders{Users: []uint32{33}}.With(sys.Deciders{Users: []uint32{10}}), ""},
		{sys.Deciders{Users: []uint32{33}}.With(sys.Deciders{Users: []uint32{33}}), "user 33"},
		{sys.Deciders{Groups: []sys.GroupDecider{roots}}.With(sys.Deciders{Groups: []sys.GroupDecider{roots}}), "group 50"},
		{sys.Deciders{Groups: []sys.GroupDecider{roots, {GID: 60, Owner: 0}}}, ""},
		{sys.Deciders{}.With(sys.Deciders{Anybody: true}), ""},
	} {
		got := ""
		if uid, one := test.found.One(); one {
			got = fmt.Sprint("user ", uid)
		} else if gid, one := test.found.OneGroup(); one {
			got = fmt.Sprint("group ", gid)
		} else if test.found.Root() {
			got = "root"
		}
		if got != test.want {
			t.Errorf("%+v: %q, want %q", test.found, got, test.want)
		}
	}
}
