package facts

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"flasktui/sys"
	"flasktui/sys/nginx"
	"flasktui/sys/proc"
	"flasktui/sys/systemd"
)

func parents(lines ...string) []Parent {
	list := []Parent{}
	for index, line := range lines {
		if line == "" {
			continue
		}
		words := []sys.Text{}
		for _, word := range strings.Fields(line) {
			words = append(words, sys.Safe(word))
		}
		name := strings.Fields(line)[0]
		list = append(list, Parent{PID: 100 + index, Name: name[strings.LastIndexByte(name, '/')+1:], CommandLine: words})
	}
	return list
}

func born(unit string, pid int, before ...string) Server {
	server := Server{Parents: parents(before...)}
	server.Master.PID, server.Master.PPID = pid, 1
	if len(before) > 0 {
		server.Master.PPID = 100
	}
	server.Master.Cgroup.Unit = unit
	server.Master.Started = time.Unix(1000, 0)
	return server
}

func inSession(session int, server Server) Server {
	server.Master.Session = session
	return server
}

// TestAUnitRunsWhatItsExecStartLeadsTo: a control group is where a process was born (G57).
func TestAUnitRunsWhatItsExecStartLeadsTo(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		unit     systemd.Unit
		leads    lead
		gunicorn Server
		runs     bool
	}{
		{"it is the main process", systemd.Unit{Name: "shop.service", MainPID: 7}, lead{starts: true}, born("shop.service", 7), true},
		{"systemd-run made the unit", systemd.Unit{Name: "run-u5.service", MainPID: 7, UnitFileState: "transient"}, lead{starts: true}, born("run-u5.service", 7), true},
		{"below a shell", systemd.Unit{Name: "shop.service", MainPID: 100}, lead{starts: true}, born("shop.service", 7, "/bin/sh -c exec_gunicorn"), true},
		{"below a script below sudo", systemd.Unit{Name: "shop.service", MainPID: 101}, lead{}, born("shop.service", 7, "bash /srv/boot.sh", "sudo -u web /srv/boot.sh"), true},
		{"below a wrapper that nobody knows, which is told to start it", systemd.Unit{Name: "shop.service", MainPID: 100}, lead{starts: true}, born("shop.service", 7, "/opt/wrap gunicorn wsgi:app"), true},
		{"below a program that nobody knows", systemd.Unit{Name: "jobs.service", MainPID: 100}, lead{}, born("jobs.service", 7, "/opt/jobs"), false},
		{"below what a script became that let it go", systemd.Unit{Name: "jobs.service", MainPID: 101, KillMode: "process"}, lead{starts: true}, born("jobs.service", 7, "runuser -u web gunicorn", "sleep infinity"), false},
		{"in a session of its own, which a stop leaves", systemd.Unit{Name: "jobs.service", MainPID: 100, KillMode: "process"}, lead{starts: true}, born("jobs.service", 7, "sh /opt/jobs"), false},
		{"below a script of its own in another language", systemd.Unit{Name: "shop.service", MainPID: 100}, lead{named: true}, inSession(100, born("shop.service", 7, "perl /srv/serve.pl")), true},
		{"the same, and it was let go", systemd.Unit{Name: "shop.service", MainPID: 100}, lead{named: true}, inSession(7, born("shop.service", 7, "perl /srv/serve.pl")), false},
		{"the same, and a stop leaves it", systemd.Unit{Name: "shop.service", MainPID: 100, KillMode: "process"}, lead{named: true}, inSession(100, born("shop.service", 7, "perl /srv/serve.pl")), false},
		{"below cron's own process", systemd.Unit{Name: "cron.service", MainPID: 102}, lead{}, born("cron.service", 7, "sh -c gunicorn", "/usr/sbin/CRON -f", "/usr/sbin/cron -f"), false},
		{"let go by cron", systemd.Unit{Name: "cron.service", MainPID: 50, ActiveState: "active", KillMode: "process"}, lead{}, born("cron.service", 7), false},
		{"below runsv", systemd.Unit{Name: "sv.service", MainPID: 101}, lead{}, born("sv.service", 7, "runsv site", "runsvdir -P /etc/service"), false},
		{"below somebody's shell", systemd.Unit{Name: "debug-shell.service", MainPID: 100}, lead{}, born("debug-shell.service", 7, "/bin/sh"), false},
		{"let go by a command that started it and went", systemd.Unit{Name: "shop.service", ActiveState: "active", KillMode: "control-group"}, lead{starts: true}, born("shop.service", 7), true},
		{"the same, and a stop would leave it", systemd.Unit{Name: "nightly.service", ActiveState: "active", KillMode: "process"}, lead{starts: true}, born("nightly.service", 7), false},
		{"the same, of an init script that ends it", systemd.Unit{Name: "shop.service", ActiveState: "active", KillMode: "process", ExecStop: [][]string{{"/etc/init.d/shop", "stop"}}}, lead{starts: true}, born("shop.service", 7), true},
		{"left over in a unit that is over", systemd.Unit{Name: "shop.service", ActiveState: "inactive", KillMode: "control-group"}, lead{starts: true}, born("shop.service", 7), false},
		{"let go beside a main process", systemd.Unit{Name: "jobs.service", MainPID: 50, ActiveState: "active", KillMode: "control-group"}, lead{starts: true}, born("jobs.service", 7), false},
		{"by rc.local", systemd.Unit{Name: "rc-local.service", ActiveState: "active", KillMode: "control-group"}, lead{starts: true}, born("rc-local.service", 7), false},
		{"in another unit", systemd.Unit{Name: "shop.service", MainPID: 7}, lead{starts: true}, born("blog.service", 7), false},
		{"in a scope", systemd.Unit{Name: "session-3.scope", MainPID: 7}, lead{starts: true}, born("session-3.scope", 7), false},
	} {
		unit := Unit{Unit: test.unit}
		if got := unit.runs(test.gunicorn, test.leads); got != test.runs {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}

// TestWhatAUnitLetsGoMakesItNoService: of a job that outlives its unit, and of what an
// earlier start left behind.
func TestWhatAUnitLetsGoMakesItNoService(t *testing.T) {
	t.Parallel()
	server := born("nightly.service", 7)
	before, later := server.Master.Started.Add(-time.Second), server.Master.Started.Add(time.Second)
	unit := Unit{Unit: systemd.Unit{Name: "nightly.service", LastStarted: before}}
	if unit.LeftOver(server) || !unit.leavesRunning([]Server{server}) {
		t.Error("what the last start let go was left over by an earlier one")
	}
	unit.LastStarted = later
	if !unit.LeftOver(server) || unit.leavesRunning([]Server{server}) {
		t.Error("what an earlier start left behind was let go by the last one")
	}
	unit.Runs = []int{7}
	if unit.LeftOver(server) || unit.leavesRunning([]Server{server}) {
		t.Error("what it runs is neither")
	}
}

func TestWhoMayStartItAgain(t *testing.T) {
	t.Parallel()
	known := &Facts{}
	for line, again := range map[string]bool{
		"":                        false,
		"-bash":                   false,
		"sshd-session: web@pts/0": false,
		"SCREEN -dmS site":        false,
		"sh -c while_true":        true,
		"runsv site":              true,
		"/opt/jobs":               true,
	} {
		server := born("session-1.scope", 7, line)
		if line == "" {
			server = born("session-1.scope", 7)
		}
		if got := known.Restarter(server); (got != "") != again {
			t.Errorf("%q: %q", line, got)
		}
	}
	user := born("web.service", 7)
	user.Master.Cgroup.User = true
	if known.Restarter(user) == "" {
		t.Error("a user's own service manager may start its services again")
	}
}

// TestTheURLsAnswererIsTheTarget: and nobody else, however alone on the box.
func TestTheURLsAnswererIsTheTarget(t *testing.T) {
	t.Parallel()
	site, blog := born("session-1.scope", 7), born("blog.service", 8)
	site.Master.SocketInodes, blog.Master.SocketInodes = []uint64{1}, []uint64{2}
	known := func(pass, url string, servers ...Server) *Facts {
		facts := &Facts{Options: Options{URL: url}}
		facts.Processes = Of(Processes{Servers: servers}, "test")
		facts.Listeners = Of([]proc.Listener{{Address: netip.MustParseAddrPort("127.0.0.1:8000"), Inode: 1}, {Address: netip.MustParseAddrPort("127.0.0.1:8100"), Inode: 2}}, "test")
		if len(servers) < 2 {
			facts.Listeners.Value = facts.Listeners.Value[1:]
		}
		facts.Units = Of([]Unit{{Unit: systemd.Unit{Name: "blog.service", MainPID: 8, LoadState: "loaded", ActiveState: "active"}, Serves: true, Runs: []int{8}}}, "test")
		facts.NginxDisk = Of(nginx.Config{Servers: []nginx.Server{{
			Names: []string{"site.example"}, Listens: []nginx.Listen{{Address: "0.0.0.0:80"}},
			Locations: []nginx.Location{{Path: "/", Pass: pass}},
		}}}, "test")
		return facts
	}
	for _, test := range []struct {
		name, service, untraced string
		facts                   *Facts
	}{
		{"by hand, beside a unit", "pid:7", "", known("http://127.0.0.1:8000", "http://site.example/", site, blog)},
		{"the unit", "blog.service", "", known("http://127.0.0.1:8100", "http://site.example/", site, blog)},
		{"asked at its own port", "pid:7", "", known("http://127.0.0.1:8100", "http://127.0.0.1:8000/", site, blog)},
		{"where nothing listens", "", "", known("http://127.0.0.1:8100", "http://127.0.0.1:9/", site, blog)},
		{"nobody", "", "", known("http://127.0.0.1:8000", "http://site.example/", blog)},
		{"files", "", "", known("", "http://site.example/", blog)},
	} {
		target, err := chooseTarget(test.facts)
		if target.Service != test.service || (err == nil) != (test.service != "") || string(target.Untraced) != test.untraced {
			t.Errorf("%s: %+v, %v", test.name, target, err)
		}
	}
	unread := known("", "http://site.example/", blog)
	unread.NginxDisk = Unreadable[nginx.Config]("not allowed", "test")
	if target, err := chooseTarget(unread); err != nil || target.Service != "blog.service" || target.Untraced == "" {
		t.Errorf("what could not be read: %+v, %v", target, err)
	}
}

func TestAnUnmanagedServerIsFoundByItsNumber(t *testing.T) {
	t.Parallel()
	site := born("cron.service", 7)
	site.Workers = []Process{{Process: proc.Process{PID: 9}}}
	known := &Facts{Processes: Of(Processes{Servers: []Server{site}}, "test")}
	known.Units = Of([]Unit{{Unit: systemd.Unit{Name: "cron.service", MainPID: 50, LoadState: "loaded"}}}, "test")
	for service, want := range map[string]string{"": "pid:7", "pid:7": "pid:7", "pid:9": "pid:7", "pid:8": "", "pid:x": "", "cron": ""} {
		known.Options.Service = service
		target, err := chooseTarget(known)
		if target.Service != want || (err == nil) != (want != "") {
			t.Errorf("%q: %+v, %v", service, target, err)
		}
		if want != "" && (target.PID != 7 || target.Unit != "") {
			t.Errorf("%q: %+v", service, target)
		}
	}
	known.Options.Service = "cron"
	_, err := chooseTarget(known)
	if refusal, ok := err.(*TargetError); !ok || !slices.Contains(refusal.Services, "pid:7") { //nolint:errorlint // it is this one, not wrapped
		t.Errorf("%v", err)
	}
}

// TestWhichScriptsAreAShells: one that does not say whose it is, is.
func TestWhichScriptsAreAShells(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"exec gunicorn": true, "#!/bin/sh -e\ngunicorn": true, "#!/usr/bin/env bash\n": true, "#!/usr/bin/env python3\ngunicorn": false, "#!/usr/bin/perl\n#!/bin/sh": false, "": true,
	} {
		if got := isShellScript([]byte(text)); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
	for line, want := range map[string]string{
		"sh -c exec gunicorn shop:app":       "shop:app",
		"sh -c gunicorn $APP":                "",
		"sh -c gunicorn `cat app`":           "",
		"sh -c gunicorn shop:app -b $SOCKET": "",
		"env X=1 gunicorn shop:app":          "shop:app",
		"tar -x -f gunicorn /etc/x":          "",
		"sh -c true":                         "",
	} {
		if got := wrappedSettings(strings.Fields(line)).App; got != want {
			t.Errorf("%s: %q", line, got)
		}
	}
}

// TestWhoStartedWhatNothingManages is told from where it was born, and by whom.
func TestWhoStartedWhatNothingManages(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		cgroup  proc.Cgroup
		parents []Parent
		want    string
	}{
		{proc.Cgroup{}, nil, "it runs as user id 33, in no unit's control group"},
		{proc.Cgroup{Unit: "cron.service"}, nil, "a job of cron's started it (it was born in cron.service)"},
		{proc.Cgroup{Unit: "crond.service"}, nil, "a job of cron's"},
		{proc.Cgroup{Unit: "anacron.service"}, nil, "a job of cron's"},
		{proc.Cgroup{Unit: "atd.service"}, nil, "a job of at's"},
		{proc.Cgroup{Unit: "rc-local.service"}, nil, "rc.local started it"},
		{proc.Cgroup{Unit: "session-4.scope"}, nil, "by hand or by a job, in the login session session-4.scope"},
		{proc.Cgroup{Unit: "shop.service", User: true}, nil, "it is in shop.service of a user's own service manager"},
		{proc.Cgroup{Unit: "run-7.scope"}, nil, "in the scope run-7.scope, which systemd only holds"},
		{proc.Cgroup{Unit: "deploy.service"}, nil, "it was born in deploy.service, which is not seen to run it"},
		{proc.Cgroup{Unit: "cron.service"}, parents("circusd"), "circusd (process 100) started it, as user id 33"},
		{proc.Cgroup{Unit: "session-4.scope"}, parents("-bash", "systemd"), "in the login session"},
	} {
		running := Server{Master: Process{Process: proc.Process{PID: 20, UID: 33, Cgroup: test.cgroup}}, Parents: test.parents}
		if got := string((&Facts{}).StartedBy(running)); !strings.Contains(got, test.want) {
			t.Errorf("%+v: %s, want %s", test.cgroup, got, test.want)
		}
	}
	if got := string((&Facts{}).StartedBy(Server{})); !strings.HasPrefix(got, "it runs as root, ") {
		t.Errorf("of root's: %s", got)
	}
}
