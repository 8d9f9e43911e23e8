package sys

import (
	"context"
	"path/filepath"
	"strings"
)

// environment is all that a command is told by the environment: where programs are, that
// its output is read by a program (or, on a terminal, by which locale a person reads it),
// and what Docker and a user's own service manager need to be found. Nothing else of the caller's goes through: no LD_, PYTHON, GIT_ or PAGER
// variable has a say in what is run, possibly as root.
func environment(terminal bool, lookup func(string) (string, bool)) []string {
	variables := []string{
		"PATH=" + strings.Join(programDirectories(), ":"),
	}
	if !terminal {
		variables = append(variables, "LC_ALL=C", "SYSTEMD_COLORS=0")
	}
	variables = append(variables, "SYSTEMD_PAGER=", "PAGER=cat")
	pass := func(name string, acceptable func(string) bool) {
		if value, ok := lookup(name); ok && acceptable(value) {
			variables = append(variables, name+"="+value)
		}
	}
	anything := func(string) bool { return true }
	// The others name files: a relative name would lead into the current directory.
	for _, name := range []string{"HOME", "XDG_RUNTIME_DIR", "DOCKER_CONFIG"} {
		pass(name, filepath.IsAbs)
	}
	for _, name := range []string{"DOCKER_HOST", "DOCKER_CONTEXT", "DBUS_SESSION_BUS_ADDRESS"} {
		pass(name, anything)
	}
	if terminal {
		for _, name := range []string{"TERM", "EDITOR", "VISUAL", "LANG", "LC_ALL", "LC_CTYPE"} {
			pass(name, anything)
		}
	}
	return variables
}

// Variables are the caller's. Root is told nothing that leads to files which others decide
// about: in a home lie programs that docker runs, and settings of where it goes (sudo -E and
// su leave root with another's HOME).
func (l *Local) Variables(lookup func(string) (string, bool)) func(string) (string, bool) {
	if l.uid != 0 {
		return lookup
	}
	return func(name string) (string, bool) {
		value, set := lookup(name)
		switch name {
		case "HOME":
			if !l.rootDecides(value) {
				return RootHome, true
			}
		case "XDG_RUNTIME_DIR", "DOCKER_CONFIG":
			set = set && l.rootDecides(value)
		case "DOCKER_CONTEXT":
			// The context itself is among the settings.
			settings, named := lookup("DOCKER_CONFIG")
			if !named {
				settings, _ = lookup("HOME")
			}
			set = set && l.rootDecides(settings)
		}
		return value, set
	}
}

// RootHome is root's home directory.
const RootHome = "/root"

func (l *Local) rootDecides(name string) bool {
	deciders, err := FindDeciders(context.Background(), l, name)
	return filepath.IsAbs(name) && err == nil && deciders.Root()
}

func noVariables(string) (string, bool) { return "", false }

// lookingOnly keeps what is run to look from fetching anything: Compose would get what a
// Compose file includes from another machine, by git or from a registry.
func lookingOnly() []string {
	return []string{"COMPOSE_EXPERIMENTAL_GIT_REMOTE=false", "COMPOSE_EXPERIMENTAL_OCI_REMOTE=false"}
}
