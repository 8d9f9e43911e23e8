// Package appserver tells the servers of Python apps by their command lines, a file each for
// those that are read alike, and says what each was told: the app, the address, how many
// processes; when each imports the app; and what it does when it is sent a HUP. It also
// follows a command line, or a shell's script, to the server that it starts in the end.
//
// It knows sys, Gunicorn's own options (sys/gunicorn) and Python's command line. Begin with Of,
// then start.go.
package appserver

import (
	"path"
	"slices"
	"strings"

	"flasktui/sys/gunicorn"
	"flasktui/sys/python"
)

// Kind is a server's word in facts and reports, for programs to tell by.
type Kind string

// The servers that are known. Python is a program of somebody's own that listens itself:
// `python app.py`, or a server's library started by a script.
const (
	Gunicorn  Kind = "gunicorn"
	UWSGI     Kind = "uwsgi"
	Waitress  Kind = "waitress"
	Uvicorn   Kind = "uvicorn"
	Hypercorn Kind = "hypercorn"
	Daphne    Kind = "daphne"
	Flask     Kind = "flask"
	ModWSGI   Kind = "mod_wsgi"
	Python    Kind = "python"
)

// Server is one of them.
type Server struct {
	Kind Kind
	// Name is what people call it, as the subject of a sentence: "Waitress".
	Name string
	// HUP says what a HUP to its main process does, as a sentence about it; empty for Gunicorn,
	// whose reload is worked out.
	HUP string
	// ImportsLast says that it puts the directory that it is started in at the end of sys.path
	// and not at its beginning.
	ImportsLast bool
	// arguments are its own ones in a command line.
	arguments func(argv []string) ([]string, bool)
	settings  func(arguments []string) gunicorn.Settings
	// members tells a process that serves with its parent, by the arguments of both; nil for a
	// server that is one process.
	members func(parent, child []string) bool
}

// All are the servers that a command line names, the commonest first.
func All() []Server {
	return []Server{gunicornItself(), uvicorn(), waitress(), flask(), hypercorn(), daphne(), uwsgiItself()}
}

// Of tells which server a process is from its arguments; ok is false where they name none.
func Of(argv []string) (server Server, ok bool) {
	for _, one := range All() {
		if _, is := one.arguments(argv); is {
			return one, true
		}
	}
	return Server{}, false
}

// ByKind is a server by its word. What an older record left out is Gunicorn.
func ByKind(kind Kind) Server {
	switch kind {
	case Python:
		return program()
	case ModWSGI:
		return modWSGIServer()
	}
	all := All()
	if index := slices.IndexFunc(all, func(one Server) bool { return one.Kind == kind }); index >= 0 {
		return all[index]
	}
	return all[0]
}

// StopSignal is what ends its main process, as kill(1) takes it. On a TERM, a uWSGI that was not
// told to die on it starts itself anew; an INT ends it always.
func (server Server) StopSignal() string {
	if server.Kind == UWSGI {
		return "-INT"
	}
	return "-TERM"
}

// Settings reads what the server was told on a command line.
func (server Server) Settings(argv []string) gunicorn.Settings {
	arguments, ok := server.arguments(argv)
	if !ok {
		return gunicorn.Settings{}
	}
	return server.settings(arguments)
}

// SettingsOf reads what a command line tells whichever server it starts.
func SettingsOf(argv []string) gunicorn.Settings {
	server, ok := Of(argv)
	if !ok {
		// Behind a wrapper only Gunicorn's own arguments are looked for.
		return gunicorn.ParseArgv(argv)
	}
	return server.Settings(argv)
}

// Members tells whether a child of a server's main process answers requests with it.
func (server Server) Members(parent, child []string) bool {
	return server.members != nil && server.members(parent, child)
}

// IsSpawned tells a process that Python's multiprocessing started with an interpreter of its own,
// by what that is told to run.
func IsSpawned(argv []string) bool {
	program, ok := python.ProgramOf(argv)
	return ok && strings.Contains(program.Text, "multiprocessing.spawn")
}

// Wanted is how many processes beside the main one are to answer.
func (server Server) Wanted(settings gunicorn.Settings) int {
	reloads := settings.Reload != nil && *settings.Reload
	switch {
	case server.Kind == Gunicorn:
		return max(settings.Workers, 1)
	case slices.Contains(settings.Computed, "workers") || server.members == nil:
		return 0
	case server.Kind == Hypercorn, settings.Workers > 1, reloads:
		return max(settings.Workers, 1)
	}
	return 0
}

// named tells a server by the name of its program, or of the module after `python -m`.
func named(program string, modules ...string) func([]string) ([]string, bool) {
	is := func(word string) bool { return path.Base(word) == program }
	return func(argv []string) ([]string, bool) {
		if len(argv) == 0 {
			return nil, false
		}
		if is(argv[0]) {
			return argv[1:], true
		}
		if path.Base(argv[0]) == "env" && len(argv) > 1 && is(argv[1]) {
			return argv[2:], true
		}
		run, isPython := python.ProgramOf(argv)
		if isPython && (is(run.Script) || slices.Contains(modules, run.Module)) {
			return run.Arguments, true
		}
		return nil, false
	}
}

// spawned are the processes that a server started with an interpreter of their own, which
// imports the app.
func spawned(_, child []string) bool { return IsSpawned(child) }

// sameCommand is a copy of the main process: forked, or started anew by a reloader.
func sameCommand(parent, child []string) bool {
	return slices.Equal(ownCommand(parent), ownCommand(child))
}

// ownCommand is a command line without the interpreter, which a reloader names by its path.
func ownCommand(argv []string) []string {
	if run, ok := python.ProgramOf(argv); ok {
		return append([]string{run.Script, run.Module}, run.Arguments...)
	}
	return argv
}

func on() *bool {
	yes := true
	return &yes
}

func off() *bool {
	no := false
	return &no
}
