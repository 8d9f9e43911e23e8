package facts

import (
	"fmt"
	"testing"
	"time"

	"flasktui/sys"
	"flasktui/sys/python"
	"flasktui/sys/systemd"
)

// TestWhatRootsOwnRecordProves: a release that a fix was seen to bring up, as it was then; and
// nothing where anybody else may have written the line.
func TestWhatRootsOwnRecordProves(t *testing.T) {
	t.Parallel()
	line := func(at time.Time, service, release string, done bool) string {
		return fmt.Sprintf(`{"time": %q, "service": %q, "fix": "restart", "release": %q, "done": %t}`+"\n", at.Format(time.RFC3339), service, release, done)
	}
	const old, live = "/srv/shop/releases/1", "/srv/shop/releases/2"
	theirs := written(noon)
	theirs.UID = 1000
	for _, test := range []struct {
		name, record string
		with         func(box *tree)
		want         string
	}{
		{"it ran", line(minutes(5), "shop.service", old, true), nil, old + " at 12:05"},
		{"a path within it", line(minutes(5), "shop.service", old+"/web", true), nil, old + " at 12:05"},
		{"the last time counts", line(minutes(5), "shop.service", old, true) + line(minutes(7), "shop.service", old, true), nil, old + " at 12:07"},
		{"the fix did not cure", line(minutes(5), "shop.service", old, false), nil, ""},
		{"another service", line(minutes(5), "blog.service", old, true), nil, ""},
		{"what is live now", line(minutes(5), "shop.service", live, true), nil, ""},
		{"a release that is gone", line(minutes(5), "shop.service", "/srv/shop/releases/0", true), nil, ""},
		{"a line that was cut off", `{"time": "20` + "\n" + line(minutes(5), "shop.service", old, true), nil, old + " at 12:05"},
		{"a file of it was written since", line(minutes(5), "shop.service", old, true), func(box *tree) { box.infos[old+"/wsgi.py"] = written(minutes(9)) }, old + " at 12:05, but " + old + "/wsgi.py was written since"},
		{"a user's record", line(minutes(5), "shop.service", old, true), func(box *tree) { box.infos[ActionsRecord] = theirs }, ""},
		{"anybody's record", line(minutes(5), "shop.service", old, true), func(box *tree) { box.infos[ActionsRecord] = sys.FileInfo{Mode: 0o666} }, ""},
		{"a group's record", line(minutes(5), "shop.service", old, true), func(box *tree) { box.infos[ActionsRecord] = sys.FileInfo{Mode: 0o660, GID: 4} }, ""},
		{"no record", "", func(box *tree) { delete(box.Files, ActionsRecord) }, ""},
	} {
		box := files(old+"/wsgi.py", live+"/wsgi.py")
		box.Files[ActionsRecord] = test.record
		box.Files["/etc/group"] = "adm:x:4:ada\n"
		box.Files["/etc/passwd"] = "ada:x:1000:1000::/home/ada:/bin/sh\n"
		if test.with != nil {
			test.with(&box)
		}
		known := Facts{Target: Target{Service: "shop.service"}, Deployment: Of(Deployment{Active: live, Releases: []Release{{Path: old}, {Path: live}}}, "")}
		got := ""
		for _, one := range lookAt(box).recordedRuns(t.Context(), &known) {
			got += one.Release + " at " + one.Loaded.UTC().Format("15:04")
			if one.Altered != "" {
				got += ", but " + one.Altered
			}
		}
		if got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

// TestAReleaseIsNotAsItWas: what was written after its bytecode is none of what ran.
func TestAReleaseIsNotAsItWas(t *testing.T) {
	t.Parallel()
	const release, source = "/srv/shop/releases/1", "/srv/shop/releases/1/wsgi.py"
	of := func(flags uint32, modified time.Time, size int) python.BytecodeFile {
		return python.BytecodeFile{
			Info:   sys.FileInfo{Born: minutes(1)},
			Header: python.Bytecode{HashBased: flags&1 != 0, SourceModified: modified, SourceSize: uint32(size)},
		}
	}
	for _, test := range []struct {
		name     string
		compiled python.BytecodeFile
		with     func(box *tree)
		want     string
	}{
		{"as it was", of(0, noon, len(source)), nil, ""},
		{"of another time", of(0, minutes(-5), len(source)), nil, source + " was written since"},
		{"of another size", of(0, noon, 1), nil, source + " was written since"},
		{"by its content, which Python checks itself", of(1, time.Time{}, 0), nil, ""},
		{"another file is younger", of(0, noon, len(source)), func(box *tree) {
			box.Files[release+"/views.py"], box.infos[release+"/views.py"] = "", written(minutes(9))
		}, release + "/views.py was written since"},
		{"another file came with it", of(0, noon, len(source)), func(box *tree) {
			box.Files[release+"/views.py"], box.infos[release+"/views.py"] = "", written(minutes(1))
		}, ""},
		{"it is gone", of(0, noon, len(source)), func(box *tree) { delete(box.Files, source) }, source + " does not exist"},
		{"not all of it may be read", of(0, noon, len(source)), func(box *tree) {
			box.Files[release+"/closed/x.py"] = ""
			box.Denied = []string{release + "/closed"}
		}, "it could not be looked at whole"},
	} {
		box := files(source)
		if test.with != nil {
			test.with(&box)
		}
		if got := lookAt(box).alteredSince(t.Context(), release, source, test.compiled); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

// TestWhoIsAskedWhatRanBefore: a unit of the system's that is in trouble, and whose releases a
// link chooses.
func TestWhoIsAskedWhatRanBefore(t *testing.T) {
	t.Parallel()
	link := func(known *Facts) *Link { return known.Deployment.Value.Link }
	for name, test := range map[string]struct {
		with  func(known *Facts)
		asked bool
	}{
		"a unit in trouble":        {func(*Facts) {}, true},
		"no unit":                  {func(known *Facts) { known.Target = Target{PID: 7} }, false},
		"a user's own":             {func(known *Facts) { known.Units.Value[0].Owner = &sys.Account{UID: 1000, Name: "ada"} }, false},
		"its log was not read":     {func(known *Facts) { known.Journal = Fact[[]sys.Text]{Why: WhyNotAsked} }, false},
		"no link":                  {func(known *Facts) { known.Deployment.Value.Link = nil }, false},
		"a link to nowhere":        {func(known *Facts) { link(known).Dangling = true }, false},
		"a directory in its place": {func(known *Facts) { link(known).NotALink = true }, false},
		"one release":              {func(known *Facts) { known.Deployment.Value.Releases = known.Deployment.Value.Releases[:1] }, false},
	} {
		known := Facts{Target: Target{Service: "shop.service", Unit: "shop.service"}, Journal: Of([]sys.Text{}, "")}
		known.Units = Of([]Unit{{Unit: systemd.Unit{Name: "shop.service"}}}, "")
		known.Deployment = Of(Deployment{Link: &Link{Path: "/srv/shop/current"}, Releases: []Release{{Path: "/1"}, {Path: "/2"}}}, "")
		test.with(&known)
		if got := gathered(t, files("/1/x"), known, (*look).readPastRuns).PastRuns; (got.Why != WhyNotAsked) != test.asked {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
