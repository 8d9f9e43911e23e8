package appserver

import (
	"cmp"
	"net"
	"strconv"
	"strings"

	"flasktui/sys/gunicorn"
)

// uvicorn imports the app in its one process; with --workers or --reload in each of the
// processes that it spawns, and never in their parent.
func uvicorn() Server {
	return Server{
		Kind: Uvicorn, Name: "uvicorn",
		HUP:       "uvicorn has no reload that keeps it up: a HUP ends its single process, and only newer versions with --workers answer it by new processes",
		arguments: named("uvicorn", "uvicorn"),
		members:   spawned,
		settings: func(arguments []string) gunicorn.Settings {
			found := optionsOf(arguments, "--reload", "--factory", "--proxy-headers", "--no-proxy-headers", "--server-header", "--no-server-header",
				"--date-header", "--no-date-header", "--access-log", "--no-access-log", "--use-colors", "--no-use-colors", "--version", "--help",
				"--ws-per-message-deflate", "--no-ws-per-message-deflate")
			settings := gunicorn.Settings{App: found.app(), Preload: off(), Bind: boundAt(found.last("--uds"), found.last("--host"), found.last("--port"))}
			if found.has("--fd") {
				settings.Bind = nil
			}
			if directory := found.last("--app-dir"); directory != "" {
				settings.PythonPath = []string{directory}
			}
			settings.Workers, _ = strconv.Atoi(found.last("--workers"))
			if found.has("--reload") {
				settings.Reload = on()
			}
			return settings
		},
	}
}

// hypercorn imports the app in the processes that it spawns, one unless it is told otherwise, and
// not in their parent.
func hypercorn() Server {
	return Server{
		Kind: Hypercorn, Name: "Hypercorn",
		HUP:       "Hypercorn has no reload by a signal: a HUP ends it",
		arguments: named("hypercorn", "hypercorn"),
		members:   spawned,
		settings: func(arguments []string) gunicorn.Settings {
			found := optionsOf(arguments, "--reload", "--debug", "--version", "--help", "-h")
			app := found.app()
			if strings.Count(app, ":") > 1 {
				// "wsgi:module:app" says which of the two interfaces the app has.
				_, app, _ = strings.Cut(app, ":")
			}
			settings := gunicorn.Settings{Preload: off(), Bind: found.all("-b", "--bind", "--insecure-bind"), ConfigFile: found.last("-c", "--config")}
			settings.App, settings.PythonPath = appByPath(app)
			if len(settings.Bind) == 0 && settings.ConfigFile == "" {
				settings.Bind = []string{"127.0.0.1:8000"}
			}
			settings.Workers, _ = strconv.Atoi(found.last("-w", "--workers"))
			if settings.ConfigFile != "" || settings.Workers == 0 && found.has("-w", "--workers") {
				// Its one process may serve itself then.
				settings.Computed = []string{"workers"}
			}
			if found.has("--reload") {
				settings.Reload = on()
			}
			return settings
		},
	}
}

// daphne is one process.
func daphne() Server {
	return Server{
		Kind: Daphne, Name: "Daphne",
		HUP:       "Daphne has no reload by a signal: a HUP ends it",
		arguments: named("daphne", "daphne"),
		settings: func(arguments []string) gunicorn.Settings {
			found := optionsOf(arguments, "--proxy-headers", "--no-server-name", "-h", "--help")
			settings := gunicorn.Settings{App: found.app(), Bind: boundAt(found.last("-u", "--unix-socket"), cmp.Or(found.last("-b", "--bind"), "127.0.0.1"), cmp.Or(found.last("-p", "--port"), "8000"))}
			if found.has("--fd", "-e", "--endpoint") {
				settings.Bind = nil
			}
			return settings
		},
	}
}

// boundAt is where a server listens that takes a socket's path, or else a host and a port. Where
// no port was told, the environment may tell one.
func boundAt(socket, host, port string) []string {
	switch {
	case socket != "":
		return []string{"unix:" + socket}
	case port == "" || port == "0":
		return nil
	}
	return []string{net.JoinHostPort(strings.Trim(cmp.Or(host, "127.0.0.1"), "[]"), port)}
}
