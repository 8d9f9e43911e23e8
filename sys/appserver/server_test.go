package appserver

import (
	"fmt"
	"strings"
	"testing"
)

// TestWhatEndsAServer: a TERM would have a uWSGI start itself anew.
func TestWhatEndsAServer(t *testing.T) {
	t.Parallel()
	if got := ByKind(UWSGI).StopSignal() + ByKind(Gunicorn).StopSignal() + ByKind(Waitress).StopSignal(); got != "-INT-TERM-TERM" {
		t.Error(got)
	}
}

// TestServersByTheirCommandLine: which server, its app, and where it listens.
func TestServersByTheirCommandLine(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"/usr/bin/python3 /v/bin/gunicorn -b :8000 wsgi:app":                           "gunicorn wsgi:app [:8000]",
		"/v/bin/python /v/bin/waitress-serve --listen=127.0.0.1:8000 wsgi:app":         "waitress wsgi:app [127.0.0.1:8000]",
		"/v/bin/waitress-serve --listen=*:8000 --no-ipv6 --threads 4 --call wsgi:make": "waitress wsgi:make [0.0.0.0:8000]",
		"python3 -m waitress wsgi:app":                                                 "waitress wsgi:app [0.0.0.0:8080]",
		"waitress-serve --unix-socket=/run/x.sock wsgi:app":                            "waitress wsgi:app [unix:/run/x.sock]",
		"/v/bin/python /v/bin/uvicorn --workers 2 --host :: --port 80 shop.asgi:app":   "uvicorn shop.asgi:app [[::]:80]",
		"python3 -m uvicorn wsgi:app --uds /run/x.sock --factory":                      "uvicorn wsgi:app [unix:/run/x.sock]",
		"uvicorn wsgi:app":                                              "uvicorn wsgi:app []",
		"uvicorn --fd 3 --port 80 wsgi:app":                             "uvicorn wsgi:app []",
		"hypercorn /srv/x/shop.py:app":                                  "hypercorn shop:app [127.0.0.1:8000] from /srv/x",
		"flask --app src/shop run -p 80":                                "flask shop [127.0.0.1:80] from src",
		"waitress-serve --app=wsgi:app --port 80":                       "waitress wsgi:app [0.0.0.0:80]",
		"uvicorn --app-dir=src shop:app --port 80":                      "uvicorn shop:app [127.0.0.1:80] from src",
		"hypercorn -c /etc/x.toml shop:app":                             "hypercorn shop:app []",
		"/v/bin/hypercorn -b unix:/run/x.sock -w4 wsgi:shop:app":        "hypercorn shop:app [unix:/run/x.sock]",
		"hypercorn shop:app":                                            "hypercorn shop:app [127.0.0.1:8000]",
		"/v/bin/daphne -u /run/x.sock shop.asgi:app":                    "daphne shop.asgi:app [unix:/run/x.sock]",
		"daphne -p 9 shop.asgi:app":                                     "daphne shop.asgi:app [127.0.0.1:9]",
		"/v/bin/python /v/bin/flask --app shop/app.py:make run -p 80":   "flask app:make [127.0.0.1:80] from shop",
		"python3 -m flask -A shop run --debug --host 0.0.0.0 --port=80": "flask shop [0.0.0.0:80]",
		"flask run": "flask  []",
		"/usr/bin/uwsgi --http-socket 127.0.0.1:8000 --master --wsgi-file /srv/x/w.py": "uwsgi w [127.0.0.1:8000] from /srv/x",
		"uwsgi_python313 -s /run/x.sock -w wsgi:app":                                   "uwsgi wsgi:app [unix:/run/x.sock]",
		"uwsgi --emperor /etc/uwsgi":                                                   "",
		"flask shell":                                                                  "",
		"flask --app shop db upgrade":                                                  "",
		"python3 app.py":                                                               "",
		"celery -A shop worker":                                                        "",
		"vi /v/bin/uvicorn":                                                            "",
		"python3 -c waitress":                                                          "",
		"":                                                                             "",
	} {
		argv := strings.Fields(line)
		got := ""
		if server, ok := Of(argv); ok {
			settings := server.Settings(argv)
			got = fmt.Sprintf("%s %s %v", server.Kind, settings.App, settings.Bind)
			for _, directory := range settings.PythonPath {
				got += " from " + directory
			}
		}
		if got != want {
			t.Errorf("%s: %q, not %q", line, got, want)
		}
	}
}

// TestEveryServerSaysWhatAHUPDoes: all but Gunicorn, whose reload is worked out.
func TestEveryServerSaysWhatAHUPDoes(t *testing.T) {
	t.Parallel()
	for _, server := range append(All(), program()) {
		if (server.HUP == "") != (server.Kind == Gunicorn) || server.Name == "" || ByKind(server.Kind).Name != server.Name {
			t.Errorf("%s: %q", server.Kind, server.HUP)
		}
	}
	if ByKind("").Kind != Gunicorn {
		t.Error("what an older record left out is no Gunicorn")
	}
}

// TestHostsThatAreNotJudged: each is named, with what to type.
func TestHostsThatAreNotJudged(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"Passenger core": "Phusion Passenger", "(wsgi:shop)|": "Apache's mod_wsgi", "/usr/bin/kubelet|--config=x": "Kubernetes", "/usr/local/bin/k3s|server": "Kubernetes",
		"uwsgi|--emperor|/etc/uwsgi/vassals": "uWSGI's emperor", "uwsgi|--ini|x": "", "apache2|-k|start": "", "": "",
	} {
		host, ok := HostOf(strings.FieldsFunc(line, func(r rune) bool { return r == '|' }))
		if host.Name != want || ok != (want != "") || ok && !strings.Contains(host.ByHand, "`") {
			t.Errorf("%s: %v", line, host)
		}
	}
}

// TestWebServersThatServePythonThemselves: by what they have loaded.
func TestWebServersThatServePythonThemselves(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"mod_wsgi.so": "Apache's mod_wsgi", "mod_wsgi-py313.cpython-313-x86_64-linux-gnu.so": "Apache's mod_wsgi", "mod_passenger.so": "Phusion Passenger",
		"ngx_http_passenger_module.so": "Phusion Passenger", "mod_proxy.so": "", "mod_wsgi.conf": "", "": "",
	} {
		if host, ok := HostByModule(file); host.Name != want || ok != (want != "") {
			t.Errorf("%q: %v", file, host)
		}
	}
}

// FuzzServer: no command line makes it fail, and what is told of it is the same each time.
func FuzzServer(f *testing.F) {
	for _, line := range []string{"python3 -m uvicorn wsgi:app --port 80", "flask -A x run", "uwsgi -s /x -w y", "waitress-serve --listen=", "hypercorn -w", "sh -c 'exec flask run'"} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		argv := strings.Fields(line)
		for _, server := range append(All(), program()) {
			server.Settings(argv)
		}
		if server, ok := Of(argv); ok && StartOf(argv).Server != server.Kind {
			t.Errorf("%q is %s, and starts another", line, server.Kind)
		}
	})
}
