package appserver

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"flasktui/sys/gunicorn"
	"flasktui/sys/python"
)

// waitress is one process with threads. waitress-serve puts its directory at the end of
// sys.path.
func waitress() Server {
	return Server{
		Kind: Waitress, Name: "Waitress",
		HUP:         "Waitress has no reload by a signal: a HUP ends it",
		ImportsLast: true,
		arguments:   named("waitress-serve", "waitress"),
		settings: func(arguments []string) gunicorn.Settings {
			flags := []string{"--call", "--help"}
			for _, name := range []string{"expose-tracebacks", "ipv4", "ipv6", "log-socket-errors", "log-untrusted-proxy-headers", "clear-untrusted-proxy-headers"} {
				flags = append(flags, "--"+name, "--no-"+name)
			}
			found := optionsOf(arguments, append(flags, "--asyncore-use-poll")...)
			settings := gunicorn.Settings{App: cmp.Or(found.last("--app"), found.app())}
			for _, listen := range found.all("--listen") {
				settings.Bind = append(settings.Bind, strings.ReplaceAll(listen, "*:", "0.0.0.0:"))
			}
			if len(settings.Bind) == 0 {
				settings.Bind = boundAt(found.last("--unix-socket"), cmp.Or(found.last("--host"), "0.0.0.0"), cmp.Or(found.last("--port"), "8080"))
			}
			return settings
		},
	}
}

// flask is `flask run`: one process with threads, or one below a reloader, which starts it anew
// whenever a file of it changes.
func flask() Server {
	program := named("flask", "flask")
	return Server{
		Kind: Flask, Name: "Flask's own server",
		HUP: "Flask's own server has no reload by a signal: a HUP ends it",
		arguments: func(argv []string) ([]string, bool) {
			arguments, ok := program(argv)
			return arguments, ok && slices.Contains(optionsOf(arguments, flaskFlags()...).words, "run")
		},
		members: sameCommand,
		settings: func(arguments []string) gunicorn.Settings {
			found := optionsOf(arguments, flaskFlags()...)
			settings := gunicorn.Settings{Bind: boundAt("", found.last("--host", "-h"), found.last("--port", "-p"))}
			settings.App, settings.PythonPath = appByPath(found.last("--app", "-A"))
			if strings.HasPrefix(found.last("--host", "-h"), "unix:") {
				settings.Bind = []string{"unix:" + strings.TrimPrefix(strings.TrimPrefix(found.last("--host", "-h"), "unix:"), "//")}
			}
			if found.has("--reload", "--debug") && !found.has("--no-reload") {
				settings.Reload, settings.Preload = on(), off()
			}
			return settings
		},
	}
}

func flaskFlags() []string {
	return []string{
		"--debug", "--no-debug", "--reload", "--no-reload", "--debugger", "--no-debugger", "--with-threads", "--without-threads",
		"--help", "--version",
	}
}

// appByPath is an app that is named by a module or by its file's path, as `flask --app` and
// Hypercorn take it: the module with what follows the colon, and the path's directory, which they
// put first on sys.path; none where it is the one that they were started in.
func appByPath(app string) (module string, pythonPath []string) {
	file, rest, named := strings.Cut(app, ":")
	if directory := path.Dir(file); directory != "." {
		pythonPath = []string{directory}
	}
	if file != "" {
		file = strings.TrimSuffix(path.Base(file), ".py")
	}
	if named && rest != "" {
		file += ":" + rest
	}
	return file, pythonPath
}

// program is a Python program that listens itself. Its script is the app's module, or imports
// it; whether copies of it were made before or after that, it does not show.
func program() Server {
	return Server{
		Kind: Python, Name: "Python",
		HUP: "Python has no reload of its own: a HUP ends the process, unless the app handles it itself",
		arguments: func(argv []string) ([]string, bool) {
			run, ok := python.ProgramOf(argv)
			return argv, ok && (run.Script != "" || run.Module != "")
		},
		members: sameCommand,
		settings: func(argv []string) gunicorn.Settings {
			run, _ := python.ProgramOf(argv)
			settings := gunicorn.Settings{App: run.Module, Computed: []string{"preload_app", "workers"}}
			if run.Script != "" {
				settings.App, settings.PythonPath = appByPath(run.Script)
				if path.IsAbs(run.Script) {
					settings.PythonPath = nil
				}
			}
			return settings
		},
	}
}
