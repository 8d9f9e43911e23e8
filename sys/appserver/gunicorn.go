package appserver

import "flasktui/sys/gunicorn"

// gunicornItself is Gunicorn's own command. What is known beyond that stands in sys/gunicorn.
func gunicornItself() Server {
	return Server{
		Kind: Gunicorn, Name: "Gunicorn",
		arguments: func(argv []string) ([]string, bool) { return argv, gunicorn.IsGunicorn(argv) },
		settings:  gunicorn.ParseArgv,
		members:   func(_, child []string) bool { return gunicorn.IsGunicorn(child) },
	}
}
