package facts

import (
	"context"
	"io/fs"
	"net/netip"
	"strings"
	"testing"

	"flasktui/sys"
	"flasktui/sys/appserver"
	"flasktui/sys/gunicorn"
	"flasktui/sys/memory"
	"flasktui/sys/proc"
	"flasktui/sys/systemd"
)

// seenWithoutRights is a healthy service of a unit's, as somebody sees it who may not read
// which sockets it holds.
func seenWithoutRights() *Facts {
	process := func(pid, parent int) Process {
		return Process{Process: proc.Process{
			PID: pid, PPID: parent, UID: 33, Started: noon, Cgroup: proc.Cgroup{Unit: "shop.service"},
			Unreadable: map[string]string{"sockets": "permission denied", "directory": "permission denied"},
		}}
	}
	listener := proc.Listener{Address: netip.MustParseAddrPort("127.0.0.1:8000"), Inode: 5, UID: 33}
	argv := []string{"/srv/venv/bin/gunicorn", "--bind", "127.0.0.1:8000", "wsgi:app"}
	known := &Facts{Target: Target{Service: "shop.service", Unit: "shop.service"}}
	known.Processes = Of(Processes{Servers: []Server{{
		Master: process(10, 1), Workers: []Process{process(11, 10)}, Settings: gunicorn.ParseArgv(argv), Listeners: []proc.Listener{listener},
	}}}, "")
	known.Units = Of([]Unit{{
		Unit: systemd.Unit{Name: "shop.service", MainPID: 10, ActiveState: "active", ExecStart: [][]string{argv}}, Serves: true, Runs: []int{10},
	}}, "")
	known.Listeners = Of([]proc.Listener{listener}, "")
	known.Settings = Of(Settings{}, "")
	return known
}

// inFile is the same service, told its address by its configuration file.
func inFile(known *Facts) {
	known.Processes.Value.Servers[0].Settings.Bind = nil
	known.Settings.Value.Wanted = []string{"127.0.0.1:8000"}
	known.Settings.Value.ConfigInfo = written(minutes(-5))
}

// TestWhoHoldsASocketIsInferredWhereNobodyElseCan: a Gunicorn with workers has bound what it
// was started with (it ends where it cannot); and wherever another may hold it, it is open.
func TestWhoHoldsASocketIsInferredWhereNobodyElseCan(t *testing.T) {
	t.Parallel()
	master := func(known *Facts) *Server { return &known.Processes.Value.Servers[0] }
	unit := func(known *Facts) *Unit { return &known.Units.Value[0] }
	yes, no := true, false
	environment := func(known *Facts, read EnvironmentOnDisk) {
		inFile(known)
		unit(known).EnvironmentFiles = []systemd.EnvironmentFile{{Path: "/etc/shop.env"}}
		known.Environment = Of(read, "")
	}
	for name, test := range map[string]struct {
		change func(known *Facts)
		held   bool
	}{
		"by its command line":            {func(*Facts) {}, true},
		"by its configuration file":      {inFile, true},
		"by a file that changed since":   {func(known *Facts) { inFile(known); known.Settings.Value.ConfigInfo = written(minutes(5)) }, false},
		"by a file that may not be read": {func(known *Facts) { inFile(known); known.Settings.Value.ConfigProblem = "permission denied" }, false},
		"by an expression":               {func(known *Facts) { inFile(known); known.Settings.Value.Computed = []string{"bind"} }, false},
		"a variable overrules the file":  {func(known *Facts) { inFile(known); unit(known).Prints = map[string]string{"GUNICORN_CMD_ARGS": "x"} }, false},
		"its environment file may not be read": {func(known *Facts) {
			inFile(known)
			unit(known).EnvironmentFiles = []systemd.EnvironmentFile{{Path: "/etc/shop.env"}}
		}, false},
		"a variable does not overrule the command": {func(known *Facts) { unit(known).Prints = map[string]string{"GUNICORN_CMD_ARGS": "x"} }, true},
		"no worker was made yet":                   {func(known *Facts) { master(known).Workers = nil }, false},
		"another user's socket":                    {func(known *Facts) { known.Listeners.Value[0].UID = 1000 }, false},
		"it is in a network of its own": {func(known *Facts) {
			master(known).Listeners = []proc.Listener{{Address: netip.MustParseAddrPort("127.0.0.1:8000"), Inode: 9, UID: 33}}
		}, false},
		"its network may not be read": {func(known *Facts) { master(known).Listeners = nil }, false},
		"nothing listens there":       {func(known *Facts) { known.Listeners.Value = nil }, false},
		"two share the port": {func(known *Facts) {
			known.Listeners.Value = append(known.Listeners.Value, proc.Listener{Address: netip.MustParseAddrPort("127.0.0.1:8000"), Inode: 6, UID: 33})
		}, false},
		"a wider socket takes the same": {func(known *Facts) {
			known.Listeners.Value = append(known.Listeners.Value, proc.Listener{Address: netip.MustParseAddrPort("[::]:8000"), Inode: 6, UID: 33})
		}, false},
		"only a wider socket":               {func(known *Facts) { known.Listeners.Value[0].Address = netip.MustParseAddrPort("0.0.0.0:8000") }, false},
		"it may share its port":             {func(known *Facts) { master(known).Settings.ReusePort = &yes }, false},
		"its file lets it share its port":   {func(known *Facts) { known.Settings.Value.ReusePort = &yes }, false},
		"it was handed its socket":          {func(known *Facts) { unit(known).TriggeredBy = []string{"shop.socket"} }, false},
		"the unit has another main process": {func(known *Facts) { unit(known).MainPID = 9 }, false},
		"nothing is known to run it":        {func(known *Facts) { unit(known).Runs = nil }, false},
		"its title hides what it was told":  {func(known *Facts) { master(known).Master.Titled = true }, false},
		"others' processes are hidden":      {func(known *Facts) { known.Processes.Value.Hidden = true }, false},
		"another is being put in its place": {func(known *Facts) {
			known.Processes.Value.Servers = append(known.Processes.Value.Servers, Server{Master: Process{Process: proc.Process{PID: 20}}, Replaces: 10})
		}, false},
		"another is set to listen there": {func(known *Facts) {
			known.Processes.Value.Servers = append(known.Processes.Value.Servers, Server{
				Master: Process{Process: proc.Process{PID: 20}}, Settings: gunicorn.Settings{Bind: []string{"0.0.0.0:8000"}},
			})
		}, false},
		"another listens elsewhere": {func(known *Facts) {
			known.Processes.Value.Servers = append(known.Processes.Value.Servers, Server{
				Master: Process{Process: proc.Process{PID: 20}}, Settings: gunicorn.Settings{Bind: []string{"127.0.0.1:8001"}},
			})
		}, true},
		"another is seen to hold it": {func(known *Facts) {
			known.Processes.Value.Servers = append(known.Processes.Value.Servers, Server{Master: Process{Process: proc.Process{PID: 20}, SocketInodes: []uint64{5}}})
		}, false},
		"by its name":                   {func(known *Facts) { master(known).Settings.Bind = []string{"localhost:8000"} }, true},
		"by another name":               {func(known *Facts) { master(known).Settings.Bind = []string{"shop:8000"} }, false},
		"a port of its own, not shared": {func(known *Facts) { master(known).Settings.ReusePort = &no }, true},
		"its file says so, not shared":  {func(known *Facts) { inFile(known); known.Settings.Value.ReusePort = &no }, true},
		"its file computes whether":     {func(known *Facts) { inFile(known); known.Settings.Value.Computed = []string{"reuse_port"} }, false},
		"a port overrules the file":     {func(known *Facts) { inFile(known); unit(known).Prints = map[string]string{"PORT": "x"} }, false},
		"the settings are not known":    {func(known *Facts) { inFile(known); known.Settings.Known = false }, false},
		"a script starts it":            {func(known *Facts) { inFile(known); unit(known).ExecStart = [][]string{{"/srv/start.sh"}} }, false},
		"two commands start it": {func(known *Facts) {
			inFile(known)
			unit(known).ExecStart = append(unit(known).ExecStart, []string{"x"})
		}, false},
		"no command is known":          {func(known *Facts) { inFile(known); unit(known).ExecStart = [][]string{{}} }, false},
		"its environment file is read": {func(known *Facts) { environment(known, EnvironmentOnDisk{}) }, true},
		"the file has arguments": {func(known *Facts) {
			environment(known, EnvironmentOnDisk{Prints: map[string]string{"GUNICORN_CMD_ARGS": "x"}})
		}, false},
		"one of its files has a problem": {func(known *Facts) {
			environment(known, EnvironmentOnDisk{Files: []EnvironmentFileOnDisk{{Problem: "denied"}}})
		}, false},
		"no master is left":               {func(known *Facts) { master(known).Leaderless = true }, false},
		"it is one of two in turn":        {func(known *Facts) { master(known).Replaces = 9 }, false},
		"a Waitress":                      {func(known *Facts) { master(known).Kind, master(known).Workers = appserver.Waitress, nil }, true},
		"a Waitress, by default":          {func(known *Facts) { master(known).Kind, master(known).Settings.Bind = appserver.Waitress, nil }, false},
		"uWSGI, which may go on without":  {func(known *Facts) { master(known).Kind = appserver.UWSGI }, false},
		"a script, which may bind others": {func(known *Facts) { master(known).Kind = appserver.Python }, false},
		"a container is set to listen there": {func(known *Facts) {
			known.Processes.Value.Servers = append(known.Processes.Value.Servers, Server{
				Master: Process{Process: proc.Process{PID: 20, Cgroup: proc.Cgroup{Container: "c"}}}, Settings: gunicorn.Settings{Bind: []string{"0.0.0.0:8000"}},
			})
		}, true},
		"a Unix socket": {func(known *Facts) { atUnixSocket(known, "/run/shop.sock", "/run/shop.sock") }, true},
		"two at the path of a Unix socket (G5)": {func(known *Facts) {
			atUnixSocket(known, "/run/shop.sock", "/run/shop.sock")
			known.Listeners.Value = append(known.Listeners.Value, proc.Listener{Path: "/run/shop.sock", Inode: 6})
		}, false},
		"a Unix socket by a relative path": {func(known *Facts) { atUnixSocket(known, "shop.sock", "shop.sock") }, false},
	} {
		known := seenWithoutRights()
		test.change(known)
		if got := known.ListenersOf(*master(known)); len(got) == 1 != test.held || len(got) > 1 {
			t.Errorf("%s: it holds %v", name, got)
		}
	}
	// What can be read is not inferred.
	known := seenWithoutRights()
	master(known).Master.SocketInodes = []uint64{7}
	if got := known.ListenersOf(*master(known)); len(got) != 0 || known.ListenersInferred(*master(known)) {
		t.Errorf("beside what was read, it holds %v", got)
	}
}

func atUnixSocket(known *Facts, bind, bound string) {
	listener := proc.Listener{Path: bound, Inode: 5}
	known.Processes.Value.Servers[0].Settings.Bind = []string{"unix:" + bind}
	known.Processes.Value.Servers[0].Listeners = []proc.Listener{listener}
	known.Listeners.Value = []proc.Listener{listener}
}

// linked is a box with a link to a release.
type linked struct{ tree }

func (box linked) ReadLink(_ context.Context, name string) (string, error) {
	if name == "/srv/shop/current" {
		return "releases/2", nil
	}
	return box.tree.ReadLink(context.Background(), name)
}

func (box linked) Stat(ctx context.Context, name string) (sys.FileInfo, error) {
	info, err := box.tree.Stat(ctx, name)
	if name == "/srv/shop/current" {
		info.Mode, err = fs.ModeSymlink, nil
	}
	return info, err
}

// TestAWayMayLeadElsewhereSince: the last time at which any name on the way to a directory
// may have been given to something else.
func TestAWayMayLeadElsewhereSince(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		changed map[string]int
		want    int
		at      string
	}{
		"nothing changed":                             {nil, 0, ""},
		"a file was made in the release":              {map[string]int{"/srv/shop/releases/2": 9}, 0, ""},
		"another release was made beside it":          {map[string]int{"/srv/shop/releases": 9}, 0, ""},
		"the release was exchanged":                   {map[string]int{"/srv/shop/releases/2": 9, "/srv/shop/releases": 9}, 9, "/srv/shop/releases/2"},
		"the link was moved":                          {map[string]int{"/srv/shop/current": 9, "/srv/shop": 9}, 9, "/srv/shop/current"},
		"something else was linked beside it":         {map[string]int{"/srv/shop": 9}, 0, ""},
		"a directory above was exchanged":             {map[string]int{"/srv/shop": 9, "/srv": 8}, 8, "/srv/shop"},
		"the directory of the releases was exchanged": {map[string]int{"/srv/shop/releases": 7, "/srv/shop": 9}, 7, "/srv/shop/releases"},
	} {
		box := linked{tree{Machine: memory.Machine{Files: map[string]string{"/srv/shop/releases/2/app.py": ""}}, infos: map[string]sys.FileInfo{}}}
		for place, at := range test.changed {
			box.infos[place] = written(minutes(at))
		}
		entered := lookAt(box).readEntered(t.Context(), "/srv/shop/current")
		if entered.Problem != "" || entered.Resolved != "/srv/shop/releases/2" || !entered.Changed.Equal(minutes(test.want)) || test.at != "" && entered.Name != test.at {
			t.Errorf("%s: %+v", name, entered)
		}
	}
	box := lookAt(linked{tree{Machine: memory.Machine{Files: map[string]string{"/srv/app.py": ""}}}})
	served := tree{Machine: memory.Machine{Files: map[string]string{"/mnt/shop/app.py": ""}}, infos: map[string]sys.FileInfo{"/mnt": {Served: true}}}
	if entered := lookAt(served).readEntered(t.Context(), "/mnt/shop"); !strings.Contains(string(entered.Problem), "a program serves") {
		t.Errorf("a file system of a program's: %+v", entered)
	}
	round := tree{Machine: memory.Machine{Files: map[string]string{"/srv/x": ""}, Links: map[string]string{"/srv/a": "/srv/b", "/srv/b": "a"}}}
	if entered := lookAt(round).readEntered(t.Context(), "/srv/a"); !strings.Contains(string(entered.Problem), "links could not be followed") {
		t.Errorf("links that go round: %+v", entered)
	}
	plain := tree{Machine: memory.Machine{
		Files: map[string]string{"/srv/shop/app.py": "", "/var/other/app.py": ""}, Links: map[string]string{"/srv/full": "/var/other", "/srv/up": "../var/./other", "/srv/far": "../../../../var/other"},
	}}
	for place, want := range map[string]string{"/srv/full": "/var/other", "/srv/up": "/var/other", "/srv/far": "/var/other", "/srv/shop": "/srv/shop"} {
		if entered := lookAt(plain).readEntered(t.Context(), place); entered.Resolved != want || entered.Problem != "" {
			t.Errorf("%s: %+v, want %s", place, entered, want)
		}
	}
	for _, place := range []string{"app", "/srv/gone"} {
		if entered := box.readEntered(t.Context(), place); entered.Problem == "" {
			t.Errorf("%s: %+v", place, entered)
		}
	}
}

// TestBytecodeSpeaksWhereAMemoryMayNot: of a file of another length alone, and where the
// service's own user wrote it before the change.
func TestBytecodeSpeaksWhereAMemoryMayNot(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		pyc     string
		written int
		uid     uint32
		another bool
	}{
		"of another length":             {bytecode(0, noon, 6), 1, 33, true},
		"of this length":                {bytecode(0, noon, 5), 1, 33, false},
		"compiled after the change":     {bytecode(0, noon, 6), 9, 33, false},
		"compiled by somebody else":     {bytecode(0, noon, 6), 1, 0, false},
		"which Python compares by hash": {bytecode(3, noon, 6), 1, 33, false},
		"none":                          {"nonsense", 1, 33, false},
	} {
		box := files()
		box.Files["/srv/app.py"], box.Files["/srv/__pycache__/app.cpython-313.pyc"] = "print", test.pyc
		info := written(minutes(test.written))
		info.UID = test.uid
		box.infos["/srv/__pycache__/app.cpython-313.pyc"] = info
		got := lookAt(box).compiledAnother(t.Context(), seenWithoutRights(), Change{Path: "/srv/app.py", At: minutes(5), Size: 5})
		if got != test.another {
			t.Errorf("bytecode %s: %v", name, got)
		}
	}
}
