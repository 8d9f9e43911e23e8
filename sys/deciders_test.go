package sys

import (
	"context"
	"errors"
	"io/fs"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// decidedMachine is a box on which not all is root's. A path that is not named is root's, and
// nobody else may write to it.
type decidedMachine struct {
	memoryMachine
	owned map[string]FileInfo
	uid   int
}

func (m decidedMachine) Stat(ctx context.Context, name string) (FileInfo, error) {
	info, err := m.memoryMachine.Stat(ctx, name)
	owned := m.owned[name]
	info.UID, info.GID, info.Mode = owned.UID, owned.GID, info.Mode|owned.Mode
	return info, err
}

func (m decidedMachine) Host(context.Context) (Host, error) { return Host{UID: m.uid}, nil }

func TestFindDeciders(t *testing.T) {
	t.Parallel()
	machine := decidedMachine{
		memoryMachine: memoryMachine{
			files: map[string]string{"/srv/shop/app.yaml": "", "/home/ada/app/app.yaml": "", "/srv/team/app.yaml": "", "/tmp/app.yaml": "", "/open/app.yaml": "", "/run/d.sock": "", "/opt/x": ""},
			links: map[string]string{"/srv/shop/out": "/opt/x", "/srv/hers": "/home/ada/app", "/opt/loop": "loop"},
		},
		owned: map[string]FileInfo{
			"/srv/shop": {UID: 1000}, "/srv/shop/app.yaml": {UID: 0}, "/srv/shop/out": {UID: 1000},
			"/home/ada": {UID: 1001}, "/home/ada/app": {UID: 1001}, "/home/ada/app/app.yaml": {UID: 1002},
			"/srv/team": {GID: 50, Mode: 0o775}, "/tmp": {Mode: fs.ModeSticky | 0o777}, "/open": {Mode: 0o777}, "/run/d.sock": {GID: 60, Mode: fs.ModeSocket | 0o660},
		},
	}
	for name, test := range map[string]struct {
		want Deciders
		err  error
	}{
		"/opt/x":                 {},
		"/srv/shop/app.yaml":     {want: Deciders{UIDs: []uint32{1000}}},
		"/srv/shop/out":          {want: Deciders{UIDs: []uint32{1000}}},
		"/srv/hers/app.yaml":     {want: Deciders{UIDs: []uint32{1001, 1002}}},
		"/srv/team/app.yaml":     {want: Deciders{GIDs: []uint32{50}}},
		"/tmp/app.yaml":          {},
		"/open/app.yaml":         {want: Deciders{Anybody: true}},
		"/run/d.sock":            {},
		"/srv/shop/../../opt/x":  {want: Deciders{UIDs: []uint32{1000}}},
		"/srv/shop/not/there":    {want: Deciders{UIDs: []uint32{1000}}, err: fs.ErrNotExist},
		"/opt/loop":              {err: errAny},
		"/srv/./shop//app.yaml/": {want: Deciders{UIDs: []uint32{1000}}},
	} {
		got, err := FindDeciders(t.Context(), machine, name)
		if diff := cmp.Diff(test.want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if (err != nil) != (test.err != nil) || test.err != nil && !errors.Is(test.err, errAny) && !errors.Is(err, test.err) {
			t.Errorf("%s: %v, want %v", name, err, test.err)
		}
	}
}

var errAny = errors.New("any")
