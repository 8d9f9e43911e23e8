package appserver

import (
	"context"
	"errors"
	"slices"
	"strings"

	"flasktui/sys/gunicorn"
	"flasktui/sys/uwsgi"
)

// uwsgiItself forks from a master that has imported the app, unless it is told to be lazy. A reload
// makes the master another program under the same process id (G63). What is known beyond a command
// line stands in sys/uwsgi.
func uwsgiItself() Server {
	return Server{
		Kind: UWSGI, Name: "uWSGI",
		HUP: "what uWSGI does on a HUP is not known here, as its configuration could not be read",
		arguments: func(argv []string) ([]string, bool) {
			if !uwsgi.Is(argv) {
				return nil, false
			}
			// The emperor starts others, and serves nothing itself.
			role, titled := uwsgi.Title(argv)
			emperor := titled && role == "emperor" || slices.ContainsFunc(argv, func(word string) bool { return strings.HasPrefix(word, "--emperor") })
			return argv[1:], !emperor
		},
		members: func(parent, child []string) bool {
			_, titled := uwsgi.Title(child)
			return uwsgi.Is(child) && (titled || slices.Equal(parent, child))
		},
		settings: func(arguments []string) gunicorn.Settings {
			// Its files are read by whoever knows where it was started.
			read, _ := uwsgi.Read(context.Background(), uwsgi.Start{
				Arguments: arguments, Read: func(context.Context, string) ([]byte, error) { return nil, errUnread },
			})
			return UWSGISettings(read, "")
		},
	}
}

var errUnread = errors.New("the file was not read")

// UWSGISettings puts what uWSGI was told into the words in which every server's settings are.
// directory is where it loads the app.
func UWSGISettings(read uwsgi.Settings, directory string) gunicorn.Settings {
	unknown := func(keys ...string) bool {
		return slices.ContainsFunc(keys, func(key string) bool { return slices.Contains(read.Unknown, key) })
	}
	settings := gunicorn.Settings{App: read.AppModule(directory), Chdir: read.Chdir, PythonPath: slices.Clone(read.PythonPath), Workers: read.Processes}
	if apart := read.FileDirectory(directory); apart != "" {
		settings.PythonPath = append(settings.PythonPath, apart)
	}
	for _, socket := range read.Sockets {
		settings.Bind = append(settings.Bind, socket.Address)
	}
	computed := func(is bool, name string) {
		if is {
			settings.Computed = append(settings.Computed, name)
		}
	}
	computed(unknown("chdir"), "chdir")
	computed(unknown("socket", "http-socket", "http"), "bind")
	computed(!read.Master || read.Varies || unknown("master", "processes", "cheaper"), "workers")
	if read.Lazy && !unknown("lazy-apps", "lazy") {
		settings.Preload = off()
	} else {
		// Whether its program has been executed anew since it was started is not told by what it
		// was told.
		computed(true, "preload_app")
	}
	if read.Watches {
		settings.Reload = on()
	}
	return settings
}
