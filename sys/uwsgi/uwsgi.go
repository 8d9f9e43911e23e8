// Package uwsgi reads what a uWSGI was started with: its command line and the files that this
// names (ini, XML, YAML, JSON), in uWSGI's own order and with its placeholders. Nothing is run:
// what would be, or what hangs on what is not known here, is named as unknown. It also speaks the
// uwsgi protocol, in which Nginx hands requests on (uwsgi_pass).
//
// It knows sys. Begin with Read, then file.go and protocol.go.
package uwsgi

import (
	"path"
	"strings"
)

// Settings is what of a uWSGI's options decides what it runs, where, and when it loads it.
type Settings struct {
	// Module is the app as "module:variable"; File is the file of one that is named by that, as
	// written, and Callable the variable of either where another option names it.
	Module   string `json:"module,omitempty"`
	File     string `json:"file,omitempty"`
	Callable string `json:"callable,omitempty"`
	// Chdir is where it goes before it loads the app, Home the virtualenv.
	Chdir      string   `json:"chdir,omitempty"`
	Home       string   `json:"home,omitempty"`
	PythonPath []string `json:"python_path,omitempty"`
	Sockets    []Socket `json:"sockets,omitempty"`
	// Master says that a master is kept, without which nothing can be reloaded.
	Master bool `json:"master,omitempty"`
	// Lazy says that each worker loads the app by itself, else the master does before it makes
	// them. WorkersOnly ("lazy", without "-apps") also has a HUP leave the master alone.
	Lazy        bool `json:"lazy,omitempty"`
	WorkersOnly bool `json:"workers_only,omitempty"`
	Processes   int  `json:"processes,omitempty"`
	// Varies says that workers come and go as they are needed (cheaper, cheap, idle).
	Varies bool `json:"varies,omitempty"`
	// NeedsApp says that it ends where the app does not load; else it goes on without one.
	NeedsApp  bool `json:"needs_app,omitempty"`
	DieOnTerm bool `json:"die_on_term,omitempty"`
	// Watches says that it reloads by itself where a module's file changed (py-autoreload).
	Watches bool `json:"watches,omitempty"`
	// Touch are the files whose touch has all of it reloaded, TouchChain those whose touch has
	// the workers replaced one after another.
	Touch      []string `json:"touch,omitempty"`
	TouchChain []string `json:"touch_chain,omitempty"`
	// Emperor says that it starts others by their files, and serves nothing itself.
	Emperor []string `json:"emperor,omitempty"`
	// Files are the configuration files that were read, as they were named.
	Files []string `json:"files,omitempty"`
	// Unknown names options whose value, or whether they hold at all, is not known.
	Unknown []string `json:"unknown,omitempty"`
}

// Socket is a place at which a uWSGI listens.
type Socket struct {
	// Address is "unix:PATH" or "HOST:PORT", with an empty host for all.
	Address string `json:"address"`
	// HTTP tells one that speaks HTTP from one that speaks the uwsgi protocol.
	HTTP bool `json:"http,omitempty"`
	// Router says that a process of its own takes the requests and hands them to the workers.
	Router bool `json:"router,omitempty"`
	// Other is another protocol by its name; empty for none.
	Other string `json:"other,omitempty"`
}

// Is tells a command line of uWSGI: by its program (also "uwsgi-core", "uwsgi_python3"), or by the
// title that auto-procname gives to a process.
func Is(argv []string) bool {
	if len(argv) == 0 {
		return false
	}
	name := path.Base(argv[0])
	_, titled := Title(argv)
	return titled || name == "uwsgi" || strings.HasPrefix(name, "uwsgi-") || strings.HasPrefix(name, "uwsgi_")
}

// Title is what auto-procname says a process is: "master", "worker", "http", "mule", "spooler",
// "emperor"; ok is false where argv is no such title.
func Title(argv []string) (role string, ok bool) {
	if len(argv) != 1 {
		return "", false
	}
	words := strings.Fields(strings.TrimRight(argv[0], "\x00 "))
	for at, word := range words {
		if word == "uWSGI" && at+1 < len(words) {
			// "uWSGI http 1", and a prefix of the person's own before it.
			return strings.ToLower(words[at+1]), true
		}
	}
	return "", false
}

// AppModule is the module that Python imports, and its variable, as "module:variable". An app of
// a file below a directory is the module that it would be there.
func (settings Settings) AppModule(directory string) string {
	app := settings.Module
	if app == "" && settings.File != "" {
		name := settings.File
		if below, ok := strings.CutPrefix(path.Clean(name), path.Clean(directory)+"/"); ok && directory != "" {
			name = below
		}
		name = strings.TrimSuffix(strings.TrimSuffix(path.Clean(name), ".py"), ".wsgi")
		if path.IsAbs(name) || strings.HasPrefix(name, "../") {
			name = path.Base(name)
		}
		app = strings.ReplaceAll(name, "/", ".")
	}
	if settings.Callable != "" && !strings.Contains(app, ":") && app != "" {
		app += ":" + settings.Callable
	}
	return app
}

// FileDirectory is the directory of an app's file that lies outside of a directory; empty for any
// other app.
func (settings Settings) FileDirectory(directory string) string {
	if settings.Module != "" || settings.File == "" {
		return ""
	}
	file := settings.File
	if !path.IsAbs(file) {
		file = path.Join(directory, file)
	}
	if directory != "" && strings.HasPrefix(path.Clean(file), path.Clean(directory)+"/") {
		return ""
	}
	return path.Dir(file)
}

// Speaks tells the socket at an address by what same says of two addresses; ok is false where the
// settings name none there.
func (settings Settings) Speaks(same func(address string) bool) (socket Socket, ok bool) {
	for _, one := range settings.Sockets {
		if same(one.Address) {
			return one, true
		}
	}
	return Socket{}, false
}

// HasRouter tells whether a process of its own takes requests of HTTP.
func (settings Settings) HasRouter() bool {
	for _, one := range settings.Sockets {
		if one.Router {
			return true
		}
	}
	return false
}
