package facts

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"flasktui/sys"
	"flasktui/sys/appserver"
	"flasktui/sys/memory"
	"flasktui/sys/proc"
)

// TestAProgramIsOneOfRootsSupervisord: whose name a process bears is the app's own word, and what
// decides is root's supervisord and its files.
func TestAProgramIsOneOfRootsSupervisord(t *testing.T) {
	t.Parallel()
	const (
		config = "[unix_http_server]\nfile=/run/s.sock\n[supervisorctl]\nserverurl=unix:///run/s.sock\n[program:shop]\ncommand=gunicorn shop:app\ndirectory=/srv/shop\n[program:blog]\ncommand=gunicorn blog:app\n[program:cleaner]\ncommand=python3 clean.py\n"
		boss   = "python3 /usr/bin/supervisord -c /etc/s.conf"
	)
	master := started{pid: 20, parent: 19, line: "gunicorn shop:app", directory: "/srv/shop", unit: "system.slice/supervisor.service", uid: 1000}
	supervisor := started{pid: 19, parent: 1, line: boss, directory: "/", unit: "system.slice/supervisor.service"}
	type outcome struct{ status, log string }
	runs := outcome{status: "blog RUNNING pid 30, uptime 1:00:00\nshop RUNNING pid 20, uptime 1:00:00\n"}
	for _, test := range []struct {
		name      string
		processes []started
		says      outcome
		change    func(box *memory.Machine, known *Facts)
		want      string
	}{
		{"root's", []started{supervisor, master}, runs, nil, "shop"},
		{"through a script", []started{supervisor, {pid: 18, parent: 19, line: "/bin/sh start", directory: "/"}, {pid: 20, parent: 18, line: "gunicorn shop:app", directory: "/srv/shop"}}, outcome{status: "shop RUNNING pid 18, uptime 1:00:00\n"}, nil, "shop"},
		{"no supervisord", []started{master}, runs, nil, ""},
		{"a user's", []started{{pid: 19, parent: 1, line: boss, directory: "/", uid: 1000}, master}, runs, nil, "shop refused: it is not proved that supervisord is root's own"},
		{"its files name no such program", []started{supervisor, master}, runs, func(box *memory.Machine, _ *Facts) {
			box.Files["/etc/s.conf"] = strings.ReplaceAll(config, "shop", "cafe")
		}, "shop refused: no section of the program was found"},
		{"a new master beside the old one (G7)", []started{supervisor, master}, runs, func(_ *memory.Machine, known *Facts) {
			known.Processes.Value.Servers[0].Replaces = 17
		}, ""},
		{"in a container", []started{supervisor, master}, runs, func(_ *memory.Machine, known *Facts) {
			known.Processes.Value.Servers[0].Master.Cgroup.Container = "a"
		}, ""},
		// Programs in which no server runs at this moment (G59).
		{"it ends as it starts", []started{supervisor}, outcome{status: "shop BACKOFF Exited too quickly\n", log: "1 INFO exited: shop (exit status 3; not expected)\n"}, nil, "shop BACKOFF 1 ended, of supervisor.service"},
		{"it has given up", []started{supervisor}, outcome{status: "shop FATAL Exited too quickly\n"}, nil, "shop FATAL, of supervisor.service"},
		{"it runs for a moment", []started{supervisor}, outcome{status: "shop RUNNING pid 21, uptime 0:00:01\n"}, nil, "shop RUNNING, of supervisor.service"},
		{"it runs, and is no server", []started{supervisor}, outcome{status: "shop RUNNING pid 21, uptime 1:00:00\n"}, nil, ""},
		{"somebody stopped it", []started{supervisor}, outcome{status: "shop STOPPED Mar 05\n"}, nil, ""},
		{"somebody stopped it, and asks for it", []started{supervisor}, outcome{status: "shop STOPPED Mar 05\n"}, func(_ *memory.Machine, known *Facts) {
			known.Options.Service = "supervisor:shop"
		}, "shop STOPPED, of supervisor.service"},
		{"no server's program", []started{supervisor}, outcome{status: "cleaner FATAL x\n"}, nil, ""},
		{"no server's program, asked for", []started{supervisor}, outcome{status: "cleaner FATAL x\n"}, func(_ *memory.Machine, known *Facts) {
			known.Options.Service = "supervisor:cleaner"
		}, "cleaner FATAL, of supervisor.service"},
		{"its files do not name it", []started{supervisor}, outcome{status: "other FATAL x\n"}, nil, ""},
		{"supervisord's own unit is asked for", []started{supervisor}, outcome{status: "shop FATAL x\n"}, func(_ *memory.Machine, known *Facts) {
			known.Options.Service = "supervisor.service"
		}, "shop FATAL, of supervisor.service"},
		{"another unit is asked for", []started{supervisor}, outcome{status: "shop FATAL x\n"}, func(_ *memory.Machine, known *Facts) {
			known.Options.Service = "blog.service"
		}, ""},
		{"a user's supervisord", []started{{pid: 19, parent: 1, line: boss, directory: "/", uid: 1000}}, outcome{status: "shop FATAL x\n"}, nil, ""},
		{"supervisord in a container", []started{{pid: 19, parent: 1, line: boss, directory: "/", unit: "system.slice/docker-" + strings.Repeat("a1", 32) + ".scope"}}, outcome{status: "shop FATAL x\n"}, nil, ""},
		{"supervisord says nothing", []started{supervisor}, outcome{}, nil, ""},
		{"the one that is asked for was seen", []started{supervisor, master}, outcome{status: runs.status + "cafe FATAL x\n"}, func(_ *memory.Machine, known *Facts) {
			known.Options.Service = "supervisor:shop"
		}, "shop"},
		{"another fails beside one that runs", []started{supervisor, master}, outcome{status: "blog FATAL x\nshop RUNNING pid 20, uptime 1:00:00\n"}, nil, "shop; blog FATAL, of supervisor.service"},
	} {
		box := running(test.processes...)
		box.Files["/etc/s.conf"], box.Files["/usr/bin/supervisord"] = config, ""
		box.Files["/proc/net/unix"] = "Num RefCount Protocol Flags Type St Inode Path\n0000000000000000: 00000002 00000000 00010000 0001 01 77 /run/s.sock\n"
		box.Files["/run/s.sock"] = ""
		box.Links["/proc/19/fd/4"] = "socket:[77]"
		box.OnRun = func(command sys.Command) sys.Output {
			printed := map[string]string{"status": test.says.status, "maintail": test.says.log}[command.Argv[3]]
			if printed == "" {
				return sys.Output{Exit: 1, Err: errors.New("exit status 1")}
			}
			return sys.Output{Stdout: []byte(printed)}
		}
		known := Facts{Processes: Of(Processes{pythons: map[int][]string{19: strings.Fields(boss), 40: {"python3", "x.py"}}}, "")}
		for _, one := range test.processes {
			if strings.HasPrefix(one.line, "gunicorn") {
				process, err := proc.ReadProcess(t.Context(), box, proc.Boot{}, one.pid)
				if err != nil {
					t.Fatal(err)
				}
				server := Server{Master: Process{Process: process, Shown: map[string]string{"SUPERVISOR_PROCESS_NAME": "shop"}}}
				server.Settings = appserver.ByKind(appserver.Gunicorn).Settings(process.Argv)
				known.Processes.Value.Servers = append(known.Processes.Value.Servers, server)
			}
		}
		if test.change != nil {
			test.change(&box, &known)
		}
		var got []string
		for _, one := range gathered(t, box, known, (*look).readSupervised).Supervised.Value {
			words := one.Program
			if one.Master == 0 {
				words += " " + one.State
			}
			if one.Exits > 0 {
				words += fmt.Sprintf(" %d ended", one.Exits)
			}
			if one.Master == 0 {
				words += ", of " + one.Unit
			}
			if one.Refusal != "" {
				words += " refused: " + one.Refusal
			}
			got = append(got, words)
		}
		if words := strings.Join(got, "; "); words != test.want && (test.want == "" || !strings.Contains(test.want, "refused") || !strings.HasPrefix(words, test.want)) {
			t.Errorf("%s: %s, want %s", test.name, words, test.want)
		}
	}
}

// TestWhichProgramTellsWhyItDoesNotAnswer: one of a supervisord that may be asked, and that does
// not simply run.
func TestWhichProgramTellsWhyItDoesNotAnswer(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		program Supervised
		want    bool
	}{
		{Supervised{State: "FATAL"}, true},
		{Supervised{State: "RUNNING"}, false},
		{Supervised{State: "RUNNING", Exits: 2}, true},
		{Supervised{}, false},
		{Supervised{Exits: 2}, false},
		{Supervised{State: "FATAL", Refusal: "not root's"}, false},
	} {
		if got := test.program.Troubled(); got != test.want {
			t.Errorf("%+v: %v", test.program, got)
		}
	}
}

// TestWhatAProgramWouldStart is told from its section, where a process's own name may not be
// believed, or is not known.
func TestWhatAProgramWouldStart(t *testing.T) {
	t.Parallel()
	const one = "[program:shop]\ncommand=gunicorn -b 127.0.0.1:8000 shop:app\ndirectory=/srv/shop\n"
	for _, test := range []struct {
		name, config, line, directory string
		titled, deleted               bool
		want                          string
	}{
		{"the only one", one, "gunicorn -b 127.0.0.1:8000 shop:app", "/srv/shop", false, false, "shop"},
		{"another app", one, "gunicorn -b 127.0.0.1:8000 blog:app", "/srv/shop", false, false, ""},
		{"no app at all", "[program:shop]\ncommand=/srv/start\n", "gunicorn", "/srv/shop", false, false, ""},
		{"another directory", one, "gunicorn -b 127.0.0.1:8000 shop:app", "/srv/blog", false, false, ""},
		{"a directory that was deleted", one, "gunicorn -b 127.0.0.1:8000 shop:app", "/srv/shop", false, true, ""},
		{"its directory may not be read", one, "gunicorn -b 127.0.0.1:8000 shop:app", "", false, false, "shop"},
		{"its section names none", strings.ReplaceAll(one, "directory=/srv/shop\n", ""), "gunicorn -b 127.0.0.1:8000 shop:app", "/srv/blog", false, false, "shop"},
		{"another socket", one, "gunicorn -b 127.0.0.1:9000 shop:app", "/srv/shop", false, false, ""},
		{"its title hides the socket", one, "gunicorn shop:app", "/srv/shop", true, false, "shop"},
		{"two that would", one + strings.ReplaceAll(one, "program:shop", "program:cafe"), "gunicorn -b 127.0.0.1:8000 shop:app", "/srv/shop", false, false, ""},
	} {
		box := memory.Machine{Files: map[string]string{"/etc/s.conf": test.config, "/srv/shop/wsgi.py": "", "/srv/blog/wsgi.py": ""}}
		process := Process{Process: proc.Process{PID: 20, Argv: strings.Fields(test.line), Directory: test.directory, DirectoryDeleted: test.deleted, Titled: test.titled}}
		server := Server{Master: process, Settings: appserver.ByKind(appserver.Gunicorn).Settings(process.Argv)}
		var found Supervised
		lookAt(box).readProgram(t.Context(), &found, server, []string{"supervisord", "-c", "/etc/s.conf"})
		if found.Program != test.want || (found.Section != nil) != (test.want != "") {
			t.Errorf("%s: %q, want %q", test.name, found.Program, test.want)
		}
	}
}

// TestWhichProgramsMayBeExamined are each named once: those of one unit, or of all.
func TestWhichProgramsMayBeExamined(t *testing.T) {
	t.Parallel()
	server := func(pid int, kind appserver.Kind) Server {
		one := Server{Kind: kind}
		one.Master.PID, one.Master.Cgroup.Unit = pid, "supervisor.service"
		return one
	}
	known := Facts{
		Processes: Of(Processes{Servers: []Server{server(20, ""), server(21, ""), server(22, appserver.Python), server(23, "")}}, ""),
		Supervised: Of([]Supervised{
			{Master: 20, Program: "shop"},
			{Master: 21, Program: "shop"},
			{Master: 22, Program: "daemon"},
			{Program: "cafe", Unit: "supervisor.service"},
			{Program: "cafe", Unit: "supervisor.service"},
			{Program: "shop", Unit: "other.service"},
			{Program: "blog", Unit: "other.service"},
		}, ""),
	}
	for unit, want := range map[string][]string{
		"":                   {"supervisor:shop", "supervisor:cafe", "supervisor:blog"},
		"supervisor.service": {"supervisor:shop", "supervisor:cafe"},
		"other.service":      {"supervisor:shop", "supervisor:blog"},
		"third.service":      nil,
	} {
		if got := known.programServices(unit); !slices.Equal(got, want) {
			t.Errorf("of %q: %v, want %v", unit, got, want)
		}
	}
}
