package appserver

import (
	"slices"
	"strings"
	"testing"
)

func TestStartOf(t *testing.T) {
	for line, want := range map[string]Start{
		"/usr/bin/gunicorn -b :8000 wsgi:app":                                   {Server: Gunicorn},
		"/srv/shop/venv/bin/python -m gunicorn wsgi:app":                        {Server: Gunicorn},
		"/usr/bin/env A=b /srv/shop/venv/bin/gunicorn wsgi:app":                 {Server: Gunicorn},
		"/usr/bin/pipenv run gunicorn wsgi:app":                                 {Server: Gunicorn},
		"/usr/local/bin/uv run --no-sync gunicorn wsgi:app":                     {Server: Gunicorn},
		"/usr/sbin/runuser -u web -- nice -n 5 gunicorn wsgi:app":               {Server: Gunicorn},
		"/usr/bin/flock -n /run/shop.lock /usr/bin/gunicorn wsgi:app":           {Server: Gunicorn},
		"/usr/bin/su web -c gunicorn wsgi:app":                                  {Server: Gunicorn},
		"/bin/sh -c PYTHONUNBUFFERED=1 /usr/bin/gunicorn wsgi:app ; echo ended": {Server: Gunicorn},
		"/bin/bash -lc cd /srv/shop && exec gunicorn wsgi:app":                  {Server: Gunicorn},
		"/srv/shop/boot.sh --now":                                               {Scripts: []string{"/srv/shop/boot.sh"}},
		"/bin/sh /srv/shop/boot.sh":                                             {Scripts: []string{"/srv/shop/boot.sh"}},
		"/usr/bin/sudo -u web /srv/shop/boot.sh":                                {Scripts: []string{"/srv/shop/boot.sh"}},
		"/usr/bin/sudo -u gunicorn /srv/shop/other.sh":                          {Scripts: []string{"/srv/shop/other.sh"}},
		"/usr/sbin/cron -f":                                                     {Scripts: []string{"/usr/sbin/cron"}},
		"/usr/bin/vi /etc/gunicorn/gunicorn":                                    {Scripts: []string{"/usr/bin/vi"}},
		"/bin/sh":                                                               {},
		"":                                                                      {},
	} {
		got := StartOf(strings.Fields(line))
		if got.Server != want.Server || !slices.Equal(got.Scripts, want.Scripts) {
			t.Errorf("%s: %+v, not %+v", line, got, want)
		}
	}
}

func TestStartOfScript(t *testing.T) {
	for text, want := range map[string]bool{
		"#!/bin/sh\nset -e\ncd /srv/shop\nexec venv/bin/gunicorn wsgi:app\n":                    true,
		"#!/bin/sh\nsetsid nohup gunicorn -D wsgi:app > /dev/null 2>&1 &\n":                     true,
		"DAEMON=/usr/bin/gunicorn\nstart-stop-daemon --start --exec \"$DAEMON\" -- wsgi:app":    true,
		"VENV=/srv/shop/venv\nif true; then \"${VENV}/bin/gunicorn\" wsgi:app; fi":              true,
		"while true; do gunicorn wsgi:app; sleep 1; done":                                       true,
		"flask db upgrade && \\\n  gunicorn wsgi:app":                                           true,
		"# gunicorn wsgi:app\nsystemctl restart gunicorn\npkill gunicorn\necho 'gunicorn runs'": false,
		"apt-get install gunicorn; pip install gunicorn; ls /usr/bin/gunicorn; rm -f gunicorn":  false,
		"exec \"$@\"": false,
		"":            false,
	} {
		if got := StartOfScript(text).Server == Gunicorn; got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
	scripts := StartOfScript(". ./env.sh\nsh lib/run.sh\n./serve\n/srv/shop/web now\n").Scripts
	if want := []string{"./env.sh", "lib/run.sh", "./serve", "/srv/shop/web"}; !slices.Equal(scripts, want) {
		t.Errorf("%q, not %q", scripts, want)
	}
}

func TestWhoStartsOthersAtTheirOwnTimePassesNothingOn(t *testing.T) {
	for _, line := range []string{"/usr/sbin/cron -f", "sshd: /usr/sbin/sshd -D", "runsvdir -P /etc/service", "runsv shop", "SCREEN -dmS shop", "tmux new -d", "/usr/local/bin/jobs", "-bash", "bash -l", "python3 /opt/scheduler.py"} {
		if argv := strings.Fields(line); PassesOn(argv) || IsShellCommand(argv) {
			t.Errorf("%s", line)
		}
	}
	for _, line := range []string{"/usr/bin/python3 /usr/bin/pipenv run x", "sudo -u web x", "sh -c x", "bash /srv/boot.sh"} {
		if argv := strings.Fields(line); !PassesOn(argv) && !IsShellCommand(argv) {
			t.Errorf("%s", line)
		}
	}
}

// TestAServerAmongWords: after an entry point, in a text for a shell, and none that is merely
// spoken of.
func TestAServerAmongWords(t *testing.T) {
	t.Parallel()
	for words, is := range map[string]bool{
		"/entrypoint.sh|gunicorn|wsgi:app": true, "/bin/sh|-c|exec waitress-serve --port=80 wsgi:app": true, "sh|-c|\"gunicorn\" wsgi:app": true,
		"tini|--|python3|-m|uvicorn|main:app": true, "flask|--app|wsgi|run": true, "flask|db|upgrade": false, "python3|app.py": false, "nginx|-g|daemon off;": false, "": false,
	} {
		if got := Among(strings.Split(words, "|")); got != is {
			t.Errorf("%s: %v", words, got)
		}
	}
	if !RunsScript([]string{"python3", "app.py"}) || RunsScript([]string{"python3", "-m", "http.server"}) || RunsScript([]string{"nginx"}) {
		t.Error("which command runs a script")
	}
}

func FuzzStartOfScript(f *testing.F) {
	f.Add("A=b; exec \"$A\" 'x' \\\n && sh -c 'gunicorn'")
	f.Fuzz(func(_ *testing.T, text string) {
		StartOfScript(text)
		StartOf(strings.Fields(text))
	})
}
