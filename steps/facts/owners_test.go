package facts

import (
	"strings"
	"testing"

	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/sys/docker"
	"flasktui/sys/nginx"
	"flasktui/sys/proc"
	"flasktui/sys/python"
	"flasktui/sys/systemd"
)

func pathsOf(sources []report.Source) string {
	var paths []string
	for _, source := range sources {
		paths = append(paths, source.Path)
	}
	return strings.Join(paths, " ")
}

func keysOf(changes []report.KeyChange) string {
	var keys []string
	for _, change := range changes {
		if change.Gives != "" {
			change.Key += "!"
		}
		keys = append(keys, change.Key)
	}
	return strings.Join(keys, " ")
}

// TestWhoButRootMayWriteWhatAStartReads: a fix that starts the unit would run it for them. In
// the lists of changes "!" marks what hands something over.
func TestWhoButRootMayWriteWhatAStartReads(t *testing.T) {
	t.Parallel()
	const unitFile, settings, script = "/etc/systemd/system/shop.service", "/srv/shop/env", "/srv/shop/prepare.sh"
	line := func(key, value string) systemd.UnitSetting {
		return systemd.UnitSetting{Section: "Service", Key: key, Value: value}
	}
	asWeb, asRoot := []systemd.UnitSetting{line("User", "web"), line("ExecStart", script+" /srv/shop")}, []systemd.UnitSetting{line("ExecStart", script+" /srv/shop")}
	differs := []systemd.UnitDifference{{Key: "Nice", Loaded: "0", OnDisk: "5"}, {Key: "User", Loaded: "web", OnDisk: "root"}}
	type want struct{ sources, starting, changes, startChanges, uncompared string }
	for _, test := range []struct {
		name    string
		owned   []string
		with    func(known *Facts, file *systemd.UnitFile, unit *Unit)
		asker   int
		service []systemd.UnitSetting
		want    want
	}{
		{"all is root's", nil, nil, 0, asRoot, want{}},
		{"all is root's, and differs", nil, func(known *Facts, _ *systemd.UnitFile, _ *Unit) { known.UnitFiles.Value.Comparison.Differs = differs }, 0, asRoot, want{}},
		{"the unit's file", []string{unitFile}, nil, 0, asWeb, want{sources: unitFile}},
		{"it differs", []string{unitFile}, func(known *Facts, _ *systemd.UnitFile, _ *Unit) { known.UnitFiles.Value.Comparison.Differs = differs }, 0, asWeb, want{sources: unitFile, changes: "User! Nice"}},
		{"the asker's own file", []string{unitFile}, nil, 33, asWeb, want{}},
		{"its variables", []string{settings}, nil, 0, asWeb, want{starting: settings}},
		{"a script that root runs", []string{script}, nil, 0, asRoot, want{starting: script}},
		{"a script that root runs, and variables that steer it", []string{script}, func(known *Facts, _ *systemd.UnitFile, _ *Unit) {
			known.Environment.Value.Prints = map[string]string{"LD_PRELOAD": "x", "COLOUR": "y"}
		}, 0, asRoot, want{starting: script, startChanges: "EnvironmentFile!"}},
		{"a script that they run themselves", []string{script}, nil, 0, asWeb, want{}},
		{"keys that could not be compared", []string{unitFile}, func(known *Facts, _ *systemd.UnitFile, unit *Unit) {
			known.UnitFiles.Value.Comparison.Untold = []systemd.UntoldSetting{{Key: "Nice"}, {Key: "BindPaths"}}
			unit.NeedsReload = true
		}, 0, asWeb, want{sources: unitFile, uncompared: "BindPaths"}},
		{"the same, and systemd holds what is on disk", []string{unitFile}, func(known *Facts, _ *systemd.UnitFile, _ *Unit) {
			known.UnitFiles.Value.Comparison.Untold = []systemd.UntoldSetting{{Key: "BindPaths"}}
		}, 0, asWeb, want{sources: unitFile}},
		{"changed after the start, and loaded since", []string{unitFile}, func(_ *Facts, file *systemd.UnitFile, unit *Unit) {
			unit.MainStarted, file.Info = noon, written(minutes(5))
		}, 0, asRoot, want{sources: unitFile, startChanges: "Exec!"}},
		{"changed before the start", []string{unitFile}, func(_ *Facts, file *systemd.UnitFile, unit *Unit) {
			unit.MainStarted, file.Info = minutes(9), written(minutes(5))
		}, 0, asRoot, want{sources: unitFile}},
		{"it does not run", []string{unitFile}, func(_ *Facts, file *systemd.UnitFile, _ *Unit) { file.Info = written(minutes(5)) }, 0, asRoot, want{sources: unitFile}},
	} {
		box := files(unitFile, settings, script, "/srv/shop/app.py")
		for _, name := range test.owned {
			info := written(noon)
			info.UID, info.Mode = 33, 0o644
			box.infos[name] = info
		}
		unit, file := Unit{Unit: systemd.Unit{Name: "shop.service"}}, systemd.UnitFile{Path: unitFile, Settings: test.service}
		known := Facts{Target: Target{Unit: unit.Name}, Environment: Of(EnvironmentOnDisk{Files: []EnvironmentFileOnDisk{{Path: settings}}}, ""), Host: Of(sys.Host{UID: test.asker}, "")}
		known.UnitFiles = Of(UnitFiles{}, "")
		if test.with != nil {
			test.with(&known, &file, &unit)
		}
		known.UnitFiles.Value.Fragment, known.Units = &file, Of([]Unit{unit}, "")
		origin := gathered(t, box, known, (*look).readOrigin).Origin.Value
		got := want{pathsOf(origin.Sources), pathsOf(origin.Starting), keysOf(origin.Changes), keysOf(origin.StartChanges), strings.Join(origin.Uncompared, " ")}
		if got != test.want {
			t.Errorf("%s:\n got %+v\nwant %+v", test.name, got, test.want)
		}
	}
}

// TestWhoMayWriteWhatNginxReads: of the files that changed since it read them.
func TestWhoMayWriteWhatNginxReads(t *testing.T) {
	t.Parallel()
	const file = "/etc/nginx/sites-enabled/shop"
	for _, test := range []struct {
		name, text   string
		owner        uint32
		loaded       int
		files, gives string
	}{
		{"root's", "user root;", 0, 1, "", ""},
		{"it was read already", "user root;", 33, 9, "", ""},
		{"it gives nothing", "listen 80;", 33, 1, file, "shop"},
		{"another user", "user root;", 33, 1, file, "user! shop"},
		{"a module", "load_module m.so;", 33, 1, file, "load_module! shop"},
		{"a log beside the others", "access_log /var/log/nginx/shop.log;", 33, 1, file, "shop"},
		{"a log that is open", "access_log /srv/odd;", 33, 1, file, "shop"},
		{"a log elsewhere", "access_log /root/x;", 33, 1, file, "access_log! shop"},
		{"no log", "access_log off; error_log stderr; access_log syslog:server=a; access_log memory:1m; access_log /srv/$host;", 33, 1, file, "shop"},
		{"a path that root makes", "proxy_cache_path /root/c; client_body_temp_path /root/t; pid /root/p;", 33, 1, file, "proxy_cache_path! client_body_temp_path! pid! shop"},
		{"it cannot be parsed", "server {", 33, 1, file, "shop!"},
	} {
		box := files("/var/log/nginx/access.log", "/srv/odd")
		box.Files[file] = test.text
		info := written(minutes(5))
		info.UID, info.Mode = test.owner, 0o644
		box.infos[file] = info
		box.Links["/proc/8/fd/4"], box.Links["/proc/8/fd/5"], box.Links["/proc/8/fd/6"] = "/var/log/nginx/access.log", "/srv/odd", "socket:[1]"
		known := loadedAt(test.loaded)
		known.Processes.Value.Nginx = append(known.Processes.Value.Nginx, NginxProcess{Process: proc.Process{PID: 8}, Role: "master"})
		known.NginxDisk.Value.Files = []string{file, "/etc/nginx/gone"}
		origin := gathered(t, box, known, (*look).readOrigin).Origin.Value
		if pathsOf(origin.Nginx) != test.files || keysOf(origin.NginxChanges) != test.gives {
			t.Errorf("%s: %s: %s", test.name, pathsOf(origin.Nginx), keysOf(origin.NginxChanges))
		}
		for _, with := range []func(known *Facts){
			func(known *Facts) { known.NginxDisk = Missing[nginx.Config]("none", "") },
			func(known *Facts) { known.Front.Known = true },
			func(known *Facts) { known.Processes = Fact[Processes]{} },
		} {
			other := known
			if with(&other); len(gathered(t, box, other, (*look).readOrigin).Origin.Value.Nginx) != 0 {
				t.Errorf("%s: whose files are those of an Nginx that is not the box's, or does not run?", test.name)
			}
		}
	}
}

// TestWhatAContainerHoldsOfAMount: the directory that was there when it was started (G46).
func TestWhatAContainerHoldsOfAMount(t *testing.T) {
	t.Parallel()
	type want struct{ isFile, missing, differs, same, problem bool }
	for _, test := range []struct {
		name       string
		mount      docker.Mount
		held, now  string
		inode      uint64
		gone, deny string
		want       want
	}{
		{"the same directory", docker.Mount{Type: "bind", Source: "/srv/shop", Destination: "/app"}, "", "", 1, "", "", want{}},
		{"another directory", docker.Mount{Type: "bind", Source: "/srv/shop", Destination: "/app"}, "", "", 2, "", "", want{differs: true}},
		{"the same file", docker.Mount{Type: "bind", Source: "/srv/shop/conf.py", Destination: "/app/conf.py"}, "a", "a", 1, "", "", want{isFile: true}},
		{"another file", docker.Mount{Type: "bind", Source: "/srv/shop/conf.py", Destination: "/app/conf.py"}, "a", "b", 2, "", "", want{isFile: true, differs: true}},
		{"another file of the same content", docker.Mount{Type: "bind", Source: "/srv/shop/conf.py", Destination: "/app/conf.py"}, "a", "a", 2, "", "", want{isFile: true, differs: true, same: true}},
		{"it is gone", docker.Mount{Type: "bind", Source: "/srv/shop/conf.py", Destination: "/app/conf.py"}, "a", "a", 2, "/srv/shop/conf.py", "", want{isFile: true, missing: true, differs: true}},
		{"it may not be read", docker.Mount{Type: "bind", Source: "/srv/shop/conf.py", Destination: "/app/conf.py"}, "a", "a", 2, "", "/srv/shop", want{isFile: true, problem: true}},
		{"inside it may not be read", docker.Mount{Type: "bind", Source: "/srv/shop", Destination: "/app"}, "", "", 1, "", "/proc/9/root/app", want{problem: true}},
		{"a volume", docker.Mount{Type: "volume", Source: "/srv/shop", Destination: "/app"}, "", "", 2, "", "", want{}},
	} {
		box := files("/srv/shop/wsgi.py", "/proc/9/root/app/wsgi.py")
		box.Files["/srv/shop/conf.py"], box.Files["/proc/9/root/app/conf.py"] = test.now, test.held
		for _, name := range []string{"", "/conf.py"} {
			box.infos["/proc/9/root/app"+name] = sys.FileInfo{Inode: 1}
			box.infos["/srv/shop"+name] = sys.FileInfo{Inode: test.inode}
		}
		delete(box.Files, test.gone)
		if test.deny != "" {
			box.Denied = []string{test.deny}
		}
		container := docker.Container{ID: "a", Project: "shop", Service: "web", PID: 9, Mounts: []docker.Mount{test.mount}}
		known := Facts{Target: Target{Container: container.Identity()}, Containers: Of([]docker.Container{container}, "")}
		known = gathered(t, box, known, (*look).readMounts)
		if len(known.Inside.Value.Mounts) != 1 {
			t.Fatalf("%s: %+v", test.name, known.Inside)
		}
		state := known.Inside.Value.Mounts[0]
		if got := (want{state.IsFile, state.Missing, state.Differs, state.Same, state.Problem != ""}); got != test.want {
			t.Errorf("%s: %+v", test.name, state)
		}
	}
	for name, anonymous := range map[string]bool{"data": false, strings.Repeat("a1", 32): true, strings.Repeat("z1", 32): false} {
		if got := (MountState{Mount: docker.Mount{Type: "volume", Name: name}}).Anonymous(); got != anonymous {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestWhatPythonTakesFromElsewhere: a copy beside the release is a fault only where it says
// something else.
func TestWhatPythonTakesFromElsewhere(t *testing.T) {
	t.Parallel()
	const active, lib = "/srv/shop", "/v/lib/python3.13/site-packages"
	for _, test := range []struct {
		name     string
		files    map[string]string
		imported python.ImportResult
		shadow   bool
		differs  string
	}{
		{"the release's own", map[string]string{active + "/web/__init__.py": "a"}, python.ImportResult{File: active + "/web/__init__.py", Tree: active}, false, ""},
		{"a copy that is the same", map[string]string{active + "/web/__init__.py": "a", lib + "/web/__init__.py": "a"}, python.ImportResult{File: lib + "/web/__init__.py", Tree: lib}, true, ""},
		{"a copy that differs", map[string]string{active + "/web/__init__.py": "a", lib + "/web/__init__.py": "b"}, python.ImportResult{File: lib + "/web/__init__.py", Tree: lib}, true, active + "/web/__init__.py"},
		{"it differs further in", map[string]string{active + "/web/__init__.py": "a", active + "/web/views.py": "a", lib + "/web/__init__.py": "a", lib + "/web/views.py": "b"}, python.ImportResult{File: lib + "/web/__init__.py", Tree: lib}, true, active + "/web/views.py"},
		{"a file is missing there", map[string]string{active + "/web/__init__.py": "a", active + "/web/views.py": "a", lib + "/web/__init__.py": "a"}, python.ImportResult{File: lib + "/web/__init__.py", Tree: lib}, true, active + "/web/views.py"},
		{"of a release below src", map[string]string{active + "/src/web/__init__.py": "a", lib + "/web/__init__.py": "b"}, python.ImportResult{File: lib + "/web/__init__.py", Tree: lib}, true, active + "/src/web/__init__.py"},
		{"a module beside others that differ", map[string]string{active + "/web.py": "a", active + "/x.py": "a", lib + "/web.py": "a", lib + "/x.py": "b"}, python.ImportResult{File: lib + "/web.py", Tree: lib}, true, ""},
		{"the release has none", map[string]string{lib + "/web/__init__.py": "a"}, python.ImportResult{File: lib + "/web/__init__.py", Tree: lib}, false, ""},
		{"Python finds none", map[string]string{active + "/web/__init__.py": "a"}, python.ImportResult{}, false, ""},
	} {
		box := files()
		box.Files = test.files
		known := Facts{}
		known.Settings.Value.App = "web:app"
		code := Code{Import: test.imported}
		lookAt(box).compareCopies(t.Context(), &known, Deployment{Directory: active, Resolved: active, Active: active}, &code)
		if (code.Shadow != nil) != test.shadow || test.shadow && (code.Shadow.Differs != test.differs || code.Shadow.File != test.imported.File) {
			t.Errorf("%s: %+v", test.name, code.Shadow)
		}
	}
	for _, test := range []struct {
		name, want string
		imported   python.ImportResult
	}{
		{"nothing", "/srv/shop/v1", python.ImportResult{}},
		{"gone", "/srv/shop/v1", python.ImportResult{Tree: "/gone"}},
		{"below the release", "/srv/shop/v1", python.ImportResult{Tree: "/srv/shop/v1/src"}},
		{"elsewhere", "/opt/lib", python.ImportResult{Tree: "/opt/lib", File: "/opt/lib/web.py"}},
		{"of installed packages the app's own", "/v/lib/site-packages/web", python.ImportResult{Tree: "/v/lib/site-packages", File: "/v/lib/site-packages/web/wsgi.py"}},
	} {
		box := files("/srv/shop/v1/src/a.py", "/opt/lib/web.py", "/v/lib/site-packages/web/wsgi.py")
		if got := lookAt(box).importedTree(t.Context(), Deployment{Active: "/srv/shop/v1"}, test.imported); got != test.want {
			t.Errorf("%s: %s", test.name, got)
		}
	}
}
