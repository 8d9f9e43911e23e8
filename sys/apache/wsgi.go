package apache

import (
	"path"
	"slices"
	"strconv"
	"strings"
)

// App is a Python app that mod_wsgi runs: a script, in the processes of one group.
type App struct {
	// Script is the file, as written, and Prefix the path below which visitors meet it.
	Script string `json:"script"`
	Prefix string `json:"prefix"`
	// Daemon are the processes that run it; nil in embedded mode, where Apache's own children do.
	Daemon *Daemon `json:"daemon,omitempty"`
	// Unsettled says that which processes run it is decided at each request.
	Unsettled bool `json:"unsettled,omitempty"`
	// Reloads says that the script is looked at again at each request (WSGIScriptReloading).
	Reloads bool `json:"reloads"`
	// AtStart says that it is loaded as soon as a process begins, and not at its first request.
	AtStart bool `json:"at_start,omitempty"`
	// Hosts are the virtual hosts that have it, by their place in the configuration's list.
	Hosts []int `json:"hosts"`
	// Path are the directories in which the configuration has Python look for modules.
	Path []string `json:"path,omitempty"`
	// Home is the virtualenv; empty where the configuration names none.
	Home string `json:"home,omitempty"`
	File string `json:"file"`
	Line int    `json:"line"`

	group string
	host  int
}

// Daemon is a group of processes of mod_wsgi's own (WSGIDaemonProcess).
type Daemon struct {
	Name string `json:"name"`
	// Number is its place among the groups: its socket has it in its name.
	Number int `json:"number"`
	// Processes is how many there are to be.
	Processes int    `json:"processes"`
	User      string `json:"user,omitempty"`
	// Directory is the one that they are started in (home=); empty for their user's own.
	Directory string `json:"directory,omitempty"`
	File      string `json:"file"`
	Line      int    `json:"line"`

	path       []string
	pythonHome string
	host       int
}

// scope is where a directive stands that decides for what lies below it.
type scope struct {
	host           int
	section, below string
	name, value    string
}

// readApps notes which apps mod_wsgi runs, and in which processes.
func (config *Config) readApps(directives []Directive) {
	var scopes []scope
	var apps []App
	var loaded []Directive
	host := 0
	var visit func(directives []Directive, at int, where [2]string)
	visit = func(directives []Directive, at int, where [2]string) {
		for _, one := range directives {
			switch one.Name {
			case "virtualhost":
				host++
				visit(one.Below, host, [2]string{})
			case "directory", "location", "directorymatch", "locationmatch", "files", "filesmatch":
				within := where
				if one.Name == "directory" || one.Name == "location" {
					within = [2]string{one.Name, one.first()}
				}
				visit(one.Below, at, within)
			case "wsgidaemonprocess":
				config.daemons = append(config.daemons, daemonOf(one, len(config.daemons)+1, at))
			case "wsgiscriptalias":
				if app, ok := appOf(one, at); ok {
					apps = append(apps, app)
				}
			case "wsgiimportscript":
				loaded = append(loaded, one)
			case "wsgiprocessgroup", "wsgiscriptreloading", "wsgipythonhome", "wsgipythonpath":
				scopes = append(scopes, scope{at, where[0], where[1], one.Name, one.first()})
			}
		}
	}
	visit(directives, 0, [2]string{})
	for _, app := range apps {
		config.settle(&app, scopes, loaded)
		same := slices.IndexFunc(config.Apps, func(other App) bool {
			return other.Script == app.Script && other.group == app.group && other.Unsettled == app.Unsettled
		})
		if same >= 0 {
			config.Apps[same].Hosts = append(config.Apps[same].Hosts, app.host)
			continue
		}
		config.Apps = append(config.Apps, app)
	}
}

// settle decides in which processes an app runs: what its own line says, else the narrowest that
// stands around it. A name with a variable in it is decided at each request, but for %{GLOBAL},
// which is Apache's own children.
func (config *Config) settle(app *App, scopes []scope, loaded []Directive) {
	if app.group == "" {
		app.group = decided(scopes, *app, "wsgiprocessgroup")
	}
	app.Reloads = !strings.EqualFold(decided(scopes, *app, "wsgiscriptreloading"), "off")
	app.Hosts = []int{app.host}
	if app.group == "%{GLOBAL}" {
		app.group = ""
	}
	for _, one := range loaded {
		options := optionsOf(one.Arguments)
		app.AtStart = app.AtStart || one.first() == app.Script && options["process-group"] == app.group
	}
	if app.group == "" {
		app.Home = decided(scopes, App{}, "wsgipythonhome")
		app.Path = listed(decided(scopes, App{}, "wsgipythonpath"))
		return
	}
	at := slices.IndexFunc(config.daemons, func(one Daemon) bool {
		return one.Name == app.group && (one.host == 0 || one.host == app.host || config.sameName(one.host, app.host))
	})
	if at < 0 {
		app.Unsettled = true
		return
	}
	daemon := config.daemons[at]
	app.Daemon, app.Home, app.Path = &daemon, daemon.pythonHome, daemon.path
	if app.Home == "" {
		app.Home = decided(scopes, App{}, "wsgipythonhome")
	}
	if daemon.Directory != "" {
		app.Path = append([]string{daemon.Directory}, app.Path...)
	}
}

// sameName tells whether two virtual hosts are one to mod_wsgi, which lets the hosts of one name
// share their groups.
func (config *Config) sameName(one, other int) bool {
	return one < len(config.Hosts) && other < len(config.Hosts) && config.Hosts[one].Name != "" && config.Hosts[one].Name == config.Hosts[other].Name
}

// decided is the value of a directive for an app: that of the narrowest section around its script
// or its path, else its host's, else the main server's. Of equals the last counts.
func decided(scopes []scope, app App, name string) string {
	best, value := -1, ""
	for _, one := range scopes {
		rank := 0
		switch {
		case one.name != name || one.host != 0 && one.host != app.host:
			continue
		case one.section == "directory":
			rank = 10 + len(one.below)
			if !within(one.below, app.Script) {
				continue
			}
		case one.section == "location":
			// Locations are merged after directories.
			rank = 10_000 + len(one.below)
			if !within(one.below, app.Prefix) {
				continue
			}
		}
		if one.host != 0 {
			rank++
		}
		if rank >= best {
			best, value = rank, one.value
		}
	}
	return value
}

func within(directory, name string) bool {
	directory = strings.TrimSuffix(directory, "/")
	return directory == "" || name == directory || strings.HasPrefix(name, directory+"/")
}

// appOf reads a WSGIScriptAlias. A directory of scripts names none.
func appOf(one Directive, host int) (App, bool) {
	if len(one.Arguments) < 2 || strings.HasSuffix(one.Arguments[1], "/") || !path.IsAbs(one.Arguments[1]) {
		return App{}, false
	}
	options := optionsOf(one.Arguments)
	application := options["application-group"]
	app := App{
		Script: path.Clean(one.Arguments[1]), Prefix: one.Arguments[0], File: one.File, Line: one.Line,
		group: options["process-group"], host: host,
	}
	plain := func(name string) bool { return name != "" && (name == "%{GLOBAL}" || !strings.Contains(name, "%{")) }
	app.AtStart = plain(app.group) && plain(application)
	return app, true
}

func daemonOf(one Directive, number, host int) Daemon {
	options := optionsOf(one.Arguments)
	daemon := Daemon{
		Name: one.first(), Number: number, Processes: 1, User: options["user"], Directory: options["home"], File: one.File, Line: one.Line,
		path: listed(options["python-path"]), pythonHome: options["python-home"], host: host,
	}
	if processes, err := strconv.Atoi(options["processes"]); err == nil {
		daemon.Processes = processes
	}
	return daemon
}

// optionsOf are the arguments of the form name=value.
func optionsOf(arguments []string) map[string]string {
	options := map[string]string{}
	for _, argument := range arguments {
		if name, value, ok := strings.Cut(argument, "="); ok {
			options[strings.ToLower(name)] = strings.Trim(value, `"'`)
		}
	}
	return options
}

func listed(directories string) []string {
	if directories == "" {
		return nil
	}
	return strings.Split(directories, ":")
}
