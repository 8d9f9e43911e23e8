package lab

import (
	"strings"
	"testing"
)

// trap is a supervisord of a person without any rights, whose configuration has a plug-in
// for supervisorctl: it would run as whoever starts that.
const trap = `mkdir -p /home/grace/trap
cat > /home/grace/trap/app.py <<'EOF'
from flask import Flask
app = Flask(__name__)
EOF
cat > /home/grace/trap/plugin.py <<'EOF'
import os
def make(controller, **settings):
    open("/home/grace/trap/ran-as-%d" % os.geteuid(), "w").close()
EOF
cat > /home/grace/trap/s.conf <<'EOF'
[unix_http_server]
file=/home/grace/trap/s.sock
[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
[supervisord]
logfile=/home/grace/trap/s.log
pidfile=/home/grace/trap/s.pid
[supervisorctl]
serverurl=unix:///home/grace/trap/s.sock
[ctlplugin:bait]
supervisor.ctl_factory = plugin:make
[program:bait]
command=/usr/bin/gunicorn --bind 127.0.0.1:8790 app:app
directory=/home/grace/trap
EOF
chown -R grace: /home/grace
runuser -u grace -- env -C /home/grace/trap supervisord -c /home/grace/trap/s.conf
until curl -s -o /dev/null http://127.0.0.1:8790/; do sleep 0.1; done
sleep 0.1; printf '# newer\n' >> /home/grace/trap/app.py`

// TestForeignSupervisor: root looks at a service that somebody else's supervisord runs. It
// is seen and judged; no command is given to that supervisord with root's rights.
func TestForeignSupervisor(t *testing.T) {
	c := prepare(t, "foreign-supervisor", supervised("marble", "127.0.0.1:8770"))
	if err := sh(trap)(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	r := c.as(t, "root", "check", "supervisor:bait")
	if r.Exit != 1 || !strings.Contains(r.Stdout, "service-not-restarted") && !strings.Contains(r.Stdout, "not restarted") {
		t.Errorf("exit %d\n%s%s", r.Exit, r.Stdout, r.Stderr)
	}
	r = c.as(t, "root", "fix", "--yes", "supervisor:bait", "--fix", "restart")
	if r.Exit != 3 || !strings.Contains(r.Stdout+r.Stderr, "does not run as root") {
		t.Errorf("exit %d\n%s%s", r.Exit, r.Stdout, r.Stderr)
	}
	if out, err := c.Shell(t.Context(), `ls /home/grace/trap; chown -R root: /home/grace/trap/s.conf`); err != nil || strings.Contains(out, "ran-as-") {
		t.Errorf("grace's plug-in ran: %v\n%s", err, out)
	}
	// Two Flask services of one supervisord are two, and neither is taken for the other.
	r = c.as(t, "root", "check", "supervisor")
	if r.Exit != 3 || !strings.Contains(r.Stderr, "supervisor:marble-web") || !strings.Contains(r.Stderr, "supervisor:beside") {
		t.Errorf("exit %d\n%s%s", r.Exit, r.Stdout, r.Stderr)
	}
	if r = c.as(t, "root", "check", "supervisor:nobody"); r.Exit != 3 || !strings.Contains(r.Stderr, "supervisorctl status") {
		t.Errorf("exit %d\n%s%s", r.Exit, r.Stdout, r.Stderr)
	}
}

// TestAnAppNamesNoOtherProgram has an app say in its own environment that it is another
// program of the same supervisord. Which one it is supervisord says: the fix restarts the
// app, and not the other.
func TestAnAppNamesNoOtherProgram(t *testing.T) {
	c := prepare(t, "supervised-namer", supervised("marble", "127.0.0.1:8770"))
	const renaming = `cat > {{.Live}}/gunicorn.conf.py <<'PY'
import os, sys
if os.environ.get("SUPERVISOR_PROCESS_NAME") != "beside":
    os.environ.update(SUPERVISOR_PROCESS_NAME="beside", SUPERVISOR_GROUP_NAME="beside")
    os.execv(sys.executable, [sys.executable] + sys.argv)
PY
supervisorctl restart {{.Program}} > /dev/null
until tr '\0' '\n' < /proc/$(supervisorctl pid {{.Program}})/environ | grep -qx SUPERVISOR_PROCESS_NAME=beside; do sleep 0.1; done`
	if err := acts(sh(renaming), answers, noteBeside, deploy)(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	before, err := besideUntouched(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.Fix(t.Context(), "--yes", "--fix", "restart")
	if err != nil || r.Exit != 0 || !strings.Contains(r.Stdout, "restart marble-web") {
		t.Errorf("%v, exit %d\n%s%s", err, r.Exit, r.Stdout, r.Stderr)
	}
	if after, err := besideUntouched(t.Context(), c); err != nil || after == before {
		t.Errorf("%v: the site served %s and serves %s", err, before, after)
	}
}
