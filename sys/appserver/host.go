package appserver

import (
	"path"
	"slices"
	"strings"
)

// Host is a program that runs Python apps in a way which is not judged: what it holds is not seen.
type Host struct {
	// Name is what people call it.
	Name string
	// ByHand is what a person types to see its apps, and to have the new code loaded.
	ByHand string
}

// HostByModule tells such a program by a file that a web server has loaded: one that serves Python
// apps in its own processes. ok is false for any other file.
func HostByModule(file string) (host Host, ok bool) {
	switch {
	case strings.HasPrefix(file, "mod_wsgi") && strings.Contains(file, ".so"):
		return modWSGI(), true
	case strings.HasPrefix(file, "mod_passenger") && strings.Contains(file, ".so"), strings.HasPrefix(file, "ngx_http_passenger_module"):
		return passenger(), true
	}
	return Host{}, false
}

func modWSGI() Host {
	return Host{"Apache's mod_wsgi", "`sudo apachectl -t -D DUMP_VHOSTS` shows its sites, and `sudo apachectl graceful` starts their processes anew"}
}

func passenger() Host {
	return Host{"Phusion Passenger", "`sudo passenger-status` shows its apps, and `sudo passenger-config restart-app DIRECTORY` starts one anew"}
}

// HostOf tells such a program from a process's arguments; ok is false for any other.
func HostOf(argv []string) (host Host, ok bool) {
	if len(argv) == 0 {
		return Host{}, false
	}
	name := path.Base(argv[0])
	switch {
	case strings.HasPrefix(argv[0], "Passenger "), name == "PassengerAgent":
		return passenger(), true
	case strings.HasPrefix(argv[0], "(wsgi:"):
		return modWSGI(), true
	case slices.Contains([]string{"kubelet", "k3s", "k3s-server", "k3s-agent", "k0s"}, name):
		return Host{"Kubernetes", "`kubectl get pods -A -o wide` shows what runs and from which image, and `kubectl rollout restart deployment/NAME` starts it anew"}, true
	case strings.HasPrefix(name, "uwsgi") && slices.ContainsFunc(argv, func(word string) bool { return strings.HasPrefix(word, "--emperor") }):
		return Host{"uWSGI's emperor", "`touch` of an app's file in its directory starts that app anew"}, true
	}
	return Host{}, false
}
