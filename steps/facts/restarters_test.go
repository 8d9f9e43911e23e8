package facts

import (
	"context"
	"errors"
	"strings"
	"testing"

	"flasktui/sys"
	"flasktui/sys/memory"
)

// TestWhoKeepsAServerRunning: each by its own name, with its own command.
func TestWhoKeepsAServerRunning(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, line, directory, keeper, command string }{
		{"runsv", "runsv site", "/etc/service/site", "runit", "sv restart /etc/service/site"},
		{"runsv", "runsv site", "", "runit", "sv restart site"},
		{"s6-supervise", "s6-supervise web", "/run/service/web", "s6", "s6-svc -r /run/service/web"},
		{"supervise", "supervise web", "/service/web", "daemontools", "svc -t /service/web"},
		{"supervise-daemo", "supervise-daemon web --start /usr/bin/gunicorn", "/", "OpenRC", "rc-service web restart"},
		{"circusd", "/usr/bin/python3 /usr/bin/circusd /etc/circus.ini", "/", "circus", "circusctl restart NAME"},
		{"PM2 v5.3.0: God", "PM2 v5.3.0: God Daemon (/home/web/.pm2)", "/", "pm2", "pm2 restart NAME"},
		{"runsvdir", "runsvdir -P /etc/service", "/", "", ""},
		{"cron", "/usr/sbin/cron -f", "/", "", ""},
		{"node", "node /srv/app.js", "/", "", ""},
	} {
		keeper, found := keeperOf(test.name, strings.Fields(test.line), test.directory)
		if found != (test.keeper != "") || keeper.Name != test.keeper || strings.Join(keeper.Argv, " ") != test.command {
			t.Errorf("%s: %+v", test.line, keeper)
		}
	}
}

// TestAPIDFileIsBelievedOfItsOwnUser: and of root; whoever names another's process is not.
func TestAPIDFileIsBelievedOfItsOwnUser(t *testing.T) {
	t.Parallel()
	running := born("session-1.scope", 7)
	running.Master.UID = 1000
	for _, test := range []struct {
		name, content, kept string
		kind                sys.FileInfo
		service, problem    string
	}{
		{"the user's own", "7\n", "/srv/pid", sys.FileInfo{UID: 1000}, "pid:7", ""},
		{"root's", "7", "/srv/pid", sys.FileInfo{}, "pid:7", ""},
		{"another user's", "7\n", "/srv/pid", sys.FileInfo{UID: 1001}, "", "not believed"},
		{"anybody's", "7\n", "/srv/pid", sys.FileInfo{Mode: 0o666}, "", "not believed"},
		{"what is no server", "1\n", "/srv/pid", sys.FileInfo{}, "", "no server of Python apps runs on this box as that"},
		{"what is root's, by a user", "1\n", "/srv/pid", sys.FileInfo{UID: 1000}, "", "not believed"},
		{"no number", "seven\n", "/srv/pid", sys.FileInfo{}, "", "holds no process id"},
		{"a group's number", "-7\n", "/srv/pid", sys.FileInfo{}, "", "holds no process id"},
		{"nothing", "", "/other", sys.FileInfo{}, "", "does not exist"},
	} {
		machine := memory.Machine{Files: map[string]string{test.kept: test.content}, Kept: map[string]sys.FileInfo{test.kept: test.kind}}
		known := &Facts{Options: Options{PIDFile: "/srv/pid"}, Processes: Of(Processes{Servers: []Server{running}}, "")}
		known.Host = Of(sys.Host{UID: 0}, "")
		look := &look{machine: machine}
		look.readTarget(context.Background(), known)(known)
		var refused *TargetError
		if known.Target.Service != test.service || test.problem != "" && (!errors.As(known.targetError, &refused) || !strings.Contains(string(refused.Problem), test.problem)) {
			t.Errorf("%s: %q, %v", test.name, known.Target.Service, known.targetError)
		}
	}
}
