package uwsgi

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
)

// files reads from a map.
func files(texts map[string]string) func(context.Context, string) ([]byte, error) {
	return func(_ context.Context, name string) ([]byte, error) {
		text, ok := texts[name]
		if !ok {
			return nil, fs.ErrNotExist
		}
		return []byte(text), nil
	}
}

// said is what the tests compare.
func said(settings Settings) string {
	var words []string
	add := func(name string, value any) {
		if text := fmt.Sprint(value); text != "" && text != "[]" && text != "false" && text != "0" {
			words = append(words, name+"="+text)
		}
	}
	add("app", settings.AppModule(settings.Chdir))
	add("chdir", settings.Chdir)
	add("home", settings.Home)
	add("path", settings.PythonPath)
	for _, socket := range settings.Sockets {
		name := "uwsgi"
		if socket.HTTP {
			name = "http"
		}
		if socket.Router {
			name = "router"
		}
		add(name, socket.Address)
	}
	add("master", settings.Master)
	add("lazy", settings.Lazy)
	add("n", settings.Processes)
	add("touch", slices.Concat(settings.Touch, settings.TouchChain))
	add("unknown", settings.Unknown)
	return strings.Join(words, " ")
}

// TestWhatAUWSGIIsTold: of the command line and of every form of file.
func TestWhatAUWSGIIsTold(t *testing.T) {
	t.Parallel()
	const ini = "[uwsgi]\nmodule = wsgi:app\nchdir=/srv/x\nmaster = true\nsocket = /run/x.sock\n"
	for name, test := range map[string]struct {
		argv  string
		files map[string]string
		want  string
	}{
		"a command line":     {"--http-socket 127.0.0.1:8000 --master -p 4 --wsgi-file /srv/x/w.py --callable app --chdir /srv/x", nil, "app=w:app chdir=/srv/x http=127.0.0.1:8000 master=true n=4"},
		"joined":             {"--master --socket=:3031 -w shop -H/srv/venv", nil, "app=shop home=/srv/venv uwsgi=:3031 master=true"},
		"ini":                {"--ini x.ini", map[string]string{"/etc/x.ini": ini}, "app=wsgi:app chdir=/srv/x uwsgi=unix:/run/x.sock master=true"},
		"a file alone":       {"/etc/x.ini --lazy-apps", map[string]string{"/etc/x.ini": ini}, "app=wsgi:app chdir=/srv/x uwsgi=unix:/run/x.sock master=true lazy=true"},
		"a section":          {"--ini x.ini:two", map[string]string{"/etc/x.ini": ini + "[two]\nmodule=two\nini = :uwsgi\n"}, "app=wsgi:app chdir=/srv/x uwsgi=unix:/run/x.sock master=true"},
		"comments":           {"x.ini", map[string]string{"/etc/x.ini": "module=no\n[other]\nmodule=no\n[uwsgi]\n; module=no\n# module=no\nmodule = a:b\n  lazy-apps\n"}, "app=a:b lazy=true"},
		"placeholders":       {"x.ini", map[string]string{"/etc/x.ini": "[uwsgi]\nbase = /srv/%n\nchdir=%(base)/live\nwsgi-file = %(chdir)/site/wsgi.py\npythonpath = %d\nsocket=/run/%(n).sock\n"}, "app=site.wsgi chdir=/srv/x/live path=[/etc/] unknown=[socket]"},
		"an environment":     {"x.ini", map[string]string{"/etc/x.ini": "[uwsgi]\nmodule=$(NAME):app\nchdir=/srv/$(SECRET)\nhome=/a$(ABSENT)\n"}, "app=shop:app home=/a unknown=[chdir]"},
		"a placeholder told": {"--set base=/srv/y x.ini", map[string]string{"/etc/x.ini": "[uwsgi]\nchdir=%(base)\nmodule=a\n"}, "app=a chdir=/srv/y"},
		"off":                {"x.ini", map[string]string{"/etc/x.ini": "[uwsgi]\nmodule=a\nlazy-apps = false\nmaster=0\n"}, "app=a"},
		"yaml":               {"x.yml", map[string]string{"/etc/x.yml": "uwsgi:\n  module: a:b\n  master: true\n  socket:\n    - /run/a\n    - :1\n"}, "app=a:b uwsgi=unix:/run/a uwsgi=:1 master=true"},
		"xml":                {"-x /etc/x", map[string]string{"/etc/x": "<!-- x --><uwsgi><module>a</module><master/><lazy-apps>true</lazy-apps></uwsgi>"}, "app=a master=true lazy=true"},
		"json":               {"x.json", map[string]string{"/etc/x.json": `{"uwsgi":{"module":"a","processes":2,"pythonpath":["/a","/b"]}}`}, "app=a path=[/a /b] n=2"},
		"another file":       {"x.ini", map[string]string{"/etc/x.ini": "[uwsgi]\ninherit = %dbase.ini\nmodule=late\n", "/etc/base.ini": "[uwsgi]\nmodule=early\nmaster=1\n"}, "app=late master=true"},
		"a condition":        {"x.ini", map[string]string{"/etc/x.ini": "[uwsgi]\nmodule=a\nif-env = LAZY\nlazy-apps = true\nendif =\nmaster=1\n"}, "app=a master=true unknown=[lazy-apps]"},
		"http":               {"x.ini", map[string]string{"/etc/x.ini": "[uwsgi]\nmodule=a\nhttp=:80\nprotocol = http\nsocket=:90\ntouch-reload=/r\n"}, "app=a router=:80 http=:90 master=true touch=[/r]"},
		"mounted":            {"x.ini", map[string]string{"/etc/x.ini": "[uwsgi]\nmount = /shop=shop:app\nmanage-script-name = true\n"}, "app=shop:app"},
		"Debian's own": {
			"--ini /usr/share/uwsgi/conf/default.ini --ini /etc/uwsgi/apps-enabled/x.ini --daemonize /var/log/uwsgi/app/x.log",
			map[string]string{
				"/usr/share/uwsgi/conf/default.ini": "[uwsgi]\nmaster = true\nsocket = /run/uwsgi/$(NAME)/x/socket\nprocesses = 5\n",
				"/etc/uwsgi/apps-enabled/x.ini":     "[uwsgi]\nmodule = x\nchdir = /srv/x\n",
			},
			"app=x chdir=/srv/x uwsgi=unix:/run/uwsgi/shop/x/socket master=true n=5",
		},
	} {
		settings, err := Read(t.Context(), Start{
			Arguments: strings.Fields(test.argv), Directory: "/etc", Variables: map[string]string{"NAME": "shop"},
			HasVariable: func(name string) bool { return name == "SECRET" }, Read: files(test.files),
		})
		if err != nil || said(settings) != test.want {
			t.Errorf("%s: %s %v", name, said(settings), err)
		}
	}
}

// TestWhatIsNotReadOfUWSGIIsUnknown: a file that may not be read leaves open whatever it may say,
// and one that names itself has an end.
func TestWhatIsNotReadOfUWSGIIsUnknown(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		argv  string
		files map[string]string
	}{
		"not there":  {"--ini x.ini", nil},
		"elsewhere":  {"--ini http://x.example/x.ini", nil},
		"no form":    {"x.json", map[string]string{"/etc/x.json": "{"}},
		"itself":     {"x.ini", map[string]string{"/etc/x.ini": "[uwsgi]\nini = x.ini\n"}},
		"a program":  {"--ini exec://x", nil},
		"by Paste":   {"--ini-paste x.ini", map[string]string{"/etc/x.ini": "[uwsgi]\n"}},
		"a hostname": {"x.ini", map[string]string{"/etc/x.ini": "[uwsgi]\ninclude = /etc/%h.ini\n"}},
	} {
		settings, err := Read(t.Context(), Start{Arguments: strings.Fields(test.argv), Directory: "/etc", Read: files(test.files)})
		if err == nil || !slices.Contains(settings.Unknown, "lazy-apps") {
			t.Errorf("%s: %+v %v", name, settings, err)
		}
	}
}

// TestATitleOfUWSGI: with a prefix of the person's own or none.
func TestATitleOfUWSGI(t *testing.T) {
	t.Parallel()
	for argv, want := range map[string]string{"uWSGI master": "master", "shop uWSGI worker 1": "worker", "uWSGI http 1": "http", "uwsgi|x.ini": "", "vi uWSGI": ""} {
		if role, _ := Title(strings.Split(argv, "|")); role != want {
			t.Errorf("%s: %q", argv, role)
		}
	}
}

// FuzzConfiguration: no text makes it fail otherwise than by an error, nor take long.
func FuzzConfiguration(f *testing.F) {
	f.Add("x.ini", "[uwsgi]\nbase=%(base)\nchdir=%(base)/$(HOME)@(x)\nini=:x\n[x]\nini=:uwsgi\n")
	f.Add("x.xml", "<uwsgi><master/><a><b/></a></uwsgi>")
	f.Add("x.yaml", "uwsgi:\n  a: [1, &x 2, *x]\n")
	f.Add("x.json", `{"uwsgi":{"a":[1,true,{"b":2}]}}`)
	f.Fuzz(func(t *testing.T, name, text string) {
		settings, err := Read(t.Context(), Start{
			Arguments: []string{name}, Directory: "/", Read: func(context.Context, string) ([]byte, error) { return []byte(text), nil },
		})
		if err != nil && len(settings.Unknown) == 0 {
			t.Errorf("%q was not read whole, and nothing is unknown", text)
		}
	})
}
