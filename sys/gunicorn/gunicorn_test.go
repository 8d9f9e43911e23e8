package gunicorn

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"flasktui/sys"
	"flasktui/sys/python"
)

func on() *bool { value := true; return &value }

func off() *bool { value := false; return &value }

func TestIsGunicorn(t *testing.T) {
	for line, want := range map[string]bool{
		"/srv/shop/venv/bin/python3 /srv/shop/venv/bin/gunicorn -w 3 wsgi:app": true,
		"/usr/bin/python3 /usr/bin/gunicorn3 app":                              true,
		"/usr/bin/python3 /usr/bin/gunicorn-3.11 app":                          true,
		"/usr/bin/python3 -u -X dev /usr/bin/gunicorn app":                     true,
		"/nix/store/x/bin/python3.12 /nix/store/y/bin/.gunicorn-wrapped app":   true,
		"python3 -m gunicorn app":                                              true,
		"python3 -W ignore -mgunicorn.app.wsgiapp app":                         true,
		"/usr/bin/env gunicorn app":                                            true,
		"gunicorn app":                                                         true,
		"less /var/log/gunicorn":                                               false,
		"vim gunicorn":                                                         false,
		"sudo gunicorn app":                                                    false,
		"python3 gunicorn.conf.py":                                             false,
		"python3 -c gunicorn":                                                  false,
		"python3 manage.py gunicorn":                                           false,
		"python3 -m flask run":                                                 false,
		"/usr/bin/gunicornc -c show":                                           false,
	} {
		if got := IsGunicorn(strings.Fields(line)); got != want {
			t.Errorf("IsGunicorn(%q) = %v", line, got)
		}
	}
	if !IsGunicorn([]string{"gunicorn: master [shop]"}) || IsGunicorn(nil) {
		t.Error("a title is a Gunicorn, a kernel thread is none")
	}
}

func TestGunicornTitle(t *testing.T) {
	tests := []struct {
		argv       []string
		role, name string
		ok         bool
	}{
		{[]string{"gunicorn: master [shop]"}, "master", "shop", true},
		{[]string{"gunicorn: worker [shop.factory:create_app()]      "}, "worker", "shop.factory:create_app()", true},
		{[]string{"gunicorn: master [shop [blue]]\x00\x00"}, "master", "shop [blue]", true},
		{[]string{"gunicorn: master [cut off"}, "master", "cut off", true},
		{[]string{"gunicorn: arbiter"}, "arbiter", "", true},
		{[]string{"/usr/bin/python3", "/usr/bin/gunicorn"}, "", "", false},
		{nil, "", "", false},
	}
	for _, test := range tests {
		role, name, ok := Title(test.argv)
		if role != test.role || name != test.name || ok != test.ok {
			t.Errorf("GunicornTitle(%q) = %q, %q, %v", test.argv, role, name, ok)
		}
	}
}

func TestParseGunicornArgv(t *testing.T) {
	tests := []struct {
		name string
		line string
		want Settings
	}{
		{
			"as systemd starts it", "/srv/shop/venv/bin/python3 /srv/shop/venv/bin/gunicorn --workers 3 --bind unix:/run/shop.sock -m 007 wsgi:app",
			Settings{App: "wsgi:app", Workers: 3, Bind: []string{"unix:/run/shop.sock"}},
		},
		{
			"every way to write an option", "gunicorn -w4 -b=:8000 --bind=[::1]:8001 -b 127.0.0.1 -Dp /run/shop.pid --chdir /srv/shop/current app",
			Settings{
				App: "app:application", Workers: 4, Bind: []string{":8000", "[::1]:8001", "127.0.0.1"},
				Daemon: on(), PIDFile: "/run/shop.pid", Chdir: "/srv/shop/current",
			},
		},
		{
			"flags take no value", "python3 -m gunicorn --preload --no-sendfile --reuse-port --log-syslog --capture-output -R --spew shop.wsgi",
			Settings{App: "shop.wsgi:application", Preload: on(), ReusePort: on()},
		},
		{
			"prefixes are completed", "gunicorn --pre --max-requests 500 --grace 20 --pythonp /a,/b --pythonpath /c,/d --workers=2 wsgi:app",
			Settings{App: "wsgi:app", Preload: on(), MaxRequests: 500, GracefulTimeout: 20, PythonPath: []string{"/c", "/d"}, Workers: 2},
		},
		{"an ambiguous prefix is no option", "gunicorn --rel wsgi:app", Settings{App: "wsgi:app"}},
		{
			"values are not the app", "gunicorn -k gthread --threads 4 -n shop -u www -g www -t 60 --log-level debug --reload-extra-file x wsgi:app",
			Settings{App: "wsgi:app"},
		},
		{
			"the app first, a factory", "gunicorn shop.factory:create_app() -c file:/etc/shop/gunicorn.conf.py --reload",
			Settings{App: "shop.factory:create_app()", ConfigFile: "file:/etc/shop/gunicorn.conf.py", Reload: on()},
		},
		{"no app: it runs in the configuration", "gunicorn -c python:shop.gunicorn", Settings{ConfigFile: "python:shop.gunicorn"}},
		{
			"secrets stay where they are", "gunicorn -e SECRET_KEY=hunter2 --env=DEBUG=1 -- wsgi:app",
			Settings{App: "wsgi:app", Environment: []string{"SECRET_KEY", "DEBUG"}},
		},
		{"Gunicorn 26", "gunicorn --no-control-socket --dirty-app shop.jobs:Jobs --control-socket /run/x.ctl wsgi:app", Settings{App: "wsgi:app"}},
		{"of a version yet to come", "gunicorn --warp wsgi:app", Settings{App: "wsgi:app"}},
		{"of a version yet to come, with a value", "gunicorn --warp 9 wsgi:app", Settings{App: "wsgi:app"}},
		{"wrapped", "/usr/bin/env PYTHONUNBUFFERED=1 ddtrace-run gunicorn -w 2 wsgi:app", Settings{App: "wsgi:app", Workers: 2}},
		{"wrapped python", "/usr/bin/nice -n 5 /srv/venv/bin/python -m gunicorn -w 2 wsgi:app", Settings{App: "wsgi:app", Workers: 2}},
		{"an option cut off", "gunicorn -w", Settings{}},
		{"not Gunicorn at all", "/usr/sbin/nginx -g daemon", Settings{}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, ParseArgv(strings.Fields(test.line)), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestSplitGunicornArguments(t *testing.T) {
	tests := []struct {
		value string
		want  []string
	}{
		{`--bind=127.0.0.1 --workers=3`, []string{"--bind=127.0.0.1", "--workers=3"}},
		{`  -e "A=b c" -e 'D=\n'  ""`, []string{"-e", "A=b c", "-e", `D=\n`, ""}},
		{`a\ b "c\"d\x" e'f'g`, []string{"a b", `c"d\x`, "efg"}},
		{"", nil},
	}
	for _, test := range tests {
		got, err := SplitArguments(test.value)
		if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
			t.Errorf("%q: %v (-want +got)\n%s", test.value, err, diff)
		}
	}
	for _, value := range []string{`--bind "x`, `x\`} {
		if _, err := SplitArguments(value); err == nil {
			t.Errorf("%q: Python's shlex refuses it", value)
		}
	}
}

func TestParseGunicornConfigFile(t *testing.T) {
	file, err := os.Open("testdata/gunicorn/typical.conf.py")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	got, err := ParseConfig(file)
	if err != nil {
		t.Fatal(err)
	}
	want := Settings{
		App: "shop.factory:create_app()", Bind: []string{"unix:/run/shop/gunicorn.sock"}, Chdir: "/srv/shop/current",
		MaxRequests: 1000, GracefulTimeout: 30, Preload: on(), Environment: []string{"APP_ENV", "DATABASE_URL"},
		Computed: []string{"workers"},
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestParseGunicornConfig(t *testing.T) {
	tests := []struct {
		name, source string
		want         Settings
	}{
		{"strings", "bind = r'\\a', \"\"\"b\nc\"\"\", u'd' 'e'\npidfile='a\\x41\\'\\n'", Settings{Bind: []string{`\a`, "b\nc", "de"}, PIDFile: "aA'"}},
		{"several statements in a line", "workers = 2; preload_app = False; reload = 'True'", Settings{Workers: 2, Preload: off(), Reload: on()}},
		{"continuation and CRLF", "workers = \\\r\n  3\r\nbind = [ # here\r\n  'a',\r\n]\r\n", Settings{Workers: 3, Bind: []string{"a"}}},
		{"one value for two", "chdir = pidfile = '/x'", Settings{Chdir: "/x", PIDFile: "/x"}},
		{"a type beside it", "workers: int = 3\nbind: str", Settings{Workers: 3}},
		{"calls", "workers = int('4')\nbind = os.environ.get('BIND', 'x')", Settings{Computed: []string{"bind", "workers"}}},
		{"sums and f-strings", "workers = 2 * 2\nbind = f'unix:{run}/a'\nchdir = f'/x'", Settings{Chdir: "/x", Computed: []string{"bind", "workers"}}},
		{"twice", "workers = 2\nworkers = 3", Settings{Computed: []string{"workers"}}},
		{"in a block", "workers = 2\nif debug:\n    workers = 1\n    bind: str = 'x'\nelse: reload = True", Settings{Computed: []string{"bind", "workers", "reload"}}},
		{"only read in a block", "workers = 2\nif workers == 2:\n    print('two')", Settings{Workers: 2}},
		{
			"changed in place", "bind = ['a']\nbind.append('b')\nworkers = 2\nworkers += 1\nraw_env=['A=b']\nraw_env[0] = 'C=d'",
			Settings{Computed: []string{"bind", "raw_env", "workers"}},
		},
		{"assigned in an expression", "print(workers := 3)", Settings{Computed: []string{"workers"}}},
		{"unpacked", "bind, workers = 'x', 3", Settings{Computed: []string{"bind", "workers"}}},
		{"imported", "from base import bind, n as workers", Settings{Computed: []string{"bind", "workers"}}},
		{"a function's own names", "def when_ready(server):\n  workers = 1\n\nworkers = 2", Settings{Workers: 2}},
		{"a function's global", "workers = 2\ndef f():\n  global workers\n  workers = 1", Settings{Computed: []string{"workers"}}},
		{"of the wrong kind", "workers = 1.5\nbind = 8000\npreload_app = 1", Settings{Computed: []string{"bind", "workers", "preload_app"}}},
		{"default app variable", "wsgi_app = 'shop.wsgi'\npythonpath = '/a,/b'", Settings{App: "shop.wsgi:application", PythonPath: []string{"/a", "/b"}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := ParseConfig(strings.NewReader(test.source))
			if diff := cmp.Diff(test.want, got, cmpopts.EquateEmpty()); diff != "" || err != nil {
				t.Errorf("%v (-want +got)\n%s", err, diff)
			}
		})
	}
}

// A star import may set anything, but nothing that is assigned after it.
func TestParseGunicornConfigStarImport(t *testing.T) {
	got, err := ParseConfig(strings.NewReader("workers = 2\nbind = 'a'\nfrom base import *\nbind = 'b'\n"))
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Bind) != 1 || got.Bind[0] != "b" || got.Workers != 0 {
		t.Errorf("got %+v", got)
	}
	if _, known := got.Preloads(); known {
		t.Error("preload_app may come from the star import")
	}
}

func TestParseGunicornConfigRefuses(t *testing.T) {
	for _, source := range []string{"bind = 'x", "bind = [", `bind = """x`} {
		if _, err := ParseConfig(strings.NewReader(source)); err == nil || !strings.Contains(err.Error(), "line 1") {
			t.Errorf("%q: %v", source, err)
		}
	}
	if _, err := ParseConfig(strings.NewReader(strings.Repeat("#", ConfigLimit+1))); !errors.Is(err, sys.ErrTruncated) {
		t.Errorf("an endless file: %v", err)
	}
}

func TestMergeGunicornSettings(t *testing.T) {
	file := Settings{App: "a:b", Bind: []string{"x"}, Workers: 2, Computed: []string{"preload_app", "chdir"}}
	variable := Settings{Workers: 4, Chdir: "/srv/a"}
	line := Settings{Bind: []string{"y"}, Preload: on()}
	got := file.Merge(variable).Merge(line)
	want := Settings{App: "a:b", Bind: []string{"y"}, Workers: 4, Chdir: "/srv/a", Preload: on()}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if file.Preload != nil || len(file.Computed) != 2 {
		t.Error("merging changed what was merged")
	}
	if preloads, known := got.Preloads(); !preloads || !known {
		t.Error("--preload on the command line is known")
	}
	unread := UnknownSettings().Merge(Settings{Workers: 3})
	if _, known := unread.Preloads(); known || unread.Workers != 3 {
		t.Errorf("what an unread file says of preload is unknown: %+v", unread)
	}
	if got := line.Merge(Settings{Computed: []string{"bind"}}); len(got.Bind) != 0 {
		t.Errorf("a computed value hides the one under it, got %v", got.Bind)
	}
}

func TestGunicornImportDirectories(t *testing.T) {
	settings := Settings{Chdir: "../current", PythonPath: []string{"lib", "/opt/x"}}
	got := settings.ImportDirectories("/srv/shop/start", "/pp::rel")
	want := []python.ImportDirectory{
		{Path: "/opt/x", Via: "pythonpath"},
		{Path: "/srv/shop/current/lib", Via: "pythonpath"},
		{Path: "/srv/shop/current", Via: "chdir"},
		{Path: "/pp", Via: "PYTHONPATH"},
		{Path: "/srv/shop/start", Via: "PYTHONPATH"},
		{Path: "/srv/shop/start/rel", Via: "PYTHONPATH"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := (Settings{}).ImportDirectories("/srv/shop/current/", ""); len(got) != 1 || got[0] != (python.ImportDirectory{Path: "/srv/shop/current", Via: "chdir"}) {
		t.Errorf("got %v", got)
	}
}

func FuzzParseGunicornConfig(f *testing.F) {
	typical, err := os.ReadFile("testdata/gunicorn/typical.conf.py")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(typical))
	f.Add("bind = ('a' 'b', [{1: 'x'}], -3)\nif x: bind = 1\n\\")
	f.Add("from x import *\nbind: str = r'''\\''' ; f'{'")
	f.Fuzz(func(t *testing.T, source string) {
		settings, err := ParseConfig(strings.NewReader(source))
		if err == nil && settings.Preload != nil {
			if _, known := settings.Preloads(); !known {
				t.Error("set and unknown at once")
			}
		}
	})
}

func FuzzParseGunicornArguments(f *testing.F) {
	f.Add("-w 3 --bind=x -Dp /run/x wsgi:app")
	f.Add("--p --pre= -- - '' \"a\\\"b\"")
	f.Fuzz(func(_ *testing.T, line string) {
		if words, err := SplitArguments(line); err == nil {
			ParseArguments(words)
			ParseArgv(append([]string{"python3", "-m", "gunicorn"}, words...))
		}
	})
}
