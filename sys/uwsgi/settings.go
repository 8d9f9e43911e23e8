package uwsgi

import (
	"slices"
	"strconv"
	"strings"
)

// decisive are the options on which it hangs what is run, from where, and when it is loaded.
func decisive() []string {
	return []string{
		"ini", "yaml", "xml", "json", "module", "wsgi-file", "callable", "mount", "chdir", "home", "pythonpath", "socket", "http-socket", "http", "protocol",
		"master", "lazy-apps", "lazy", "processes", "cheaper", "need-app", "die-on-term", "py-autoreload", "touch-reload", "touch-chain-reload", "emperor",
	}
}

// settings applies the options in their order.
func (read *reading) settings() Settings {
	var settings Settings
	protocol := ""
	for _, one := range read.options {
		settings.Master = settings.Master || impliesMaster(one.key)
		key, known := canonical(one.key)
		if !known {
			continue
		}
		value, isKnown := read.expand(one.value)
		if !isKnown || one.unsure {
			if !slices.Contains(settings.Unknown, key) {
				settings.Unknown = append(settings.Unknown, key)
			}
			continue
		}
		if key == "protocol" {
			protocol = value
			continue
		}
		settings.apply(key, value)
	}
	if protocol != "" {
		for at := range settings.Sockets {
			one := &settings.Sockets[at]
			if !one.HTTP && one.Other == "" {
				one.HTTP = protocol == "http"
				if protocol != "http" && protocol != "uwsgi" {
					one.Other = protocol
				}
			}
		}
	}
	return settings
}

// canonical is the one name of an option that has several; known is false where it says nothing
// that is asked here.
func canonical(key string) (name string, known bool) {
	others := map[string]string{
		"wsgi": "module", "file": "wsgi-file", "virtualenv": "home", "venv": "home", "pyhome": "home", "python-path": "pythonpath", "pp": "pythonpath",
		"uwsgi-socket": "socket", "workers": "processes",
		"py-auto-reload": "py-autoreload", "python-autoreload": "py-autoreload", "python-auto-reload": "py-autoreload",
		"cheap": "cheaper", "idle": "cheaper", "die-on-idle": "cheaper",
		"http-router": "http", "httprouter": "http", "eval": "eval", "pyrun": "eval", "app": "mount", "fastcgi-socket": "fastcgi-socket", "scgi-socket": "scgi-socket",
		"https": "https", "https-socket": "https",
	}
	if other, ok := others[key]; ok {
		return other, true
	}
	return key, slices.Contains(decisive(), key)
}

// impliesMaster tells the options that have uWSGI keep a master, whether it was told to or not.
func impliesMaster(key string) bool {
	if slices.Contains([]string{"cheap", "idle", "stats", "stats-server", "cron", "cron2", "unique-cron", "spooler", "mule", "mules", "farm", "master-fifo", "logger", "req-logger", "log-master", "threaded-logger"}, key) {
		return true
	}
	return slices.ContainsFunc([]string{"touch-", "cheaper", "evil-reload-", "attach-daemon", "smart-attach-daemon", "legion", "subscribe", "py-auto", "python-auto", "fs-", "snmp"},
		func(beginning string) bool { return strings.HasPrefix(key, beginning) })
}

// isOn reads a switch as uWSGI does: anything but a word for no is yes.
func isOn(value string) bool {
	return !slices.Contains([]string{"false", "off", "no", "0"}, strings.ToLower(value))
}

func (settings *Settings) apply(key, value string) {
	switch key {
	case "module":
		settings.Module, settings.File = value, ""
	case "wsgi-file":
		settings.Module, settings.File = "", value
	case "mount":
		settings.mount(value)
	case "callable":
		settings.Callable = value
	case "chdir":
		settings.Chdir = value
	case "home":
		settings.Home = value
	case "pythonpath":
		settings.PythonPath = append(settings.PythonPath, value)
	case "socket", "http-socket", "http", "fastcgi-socket", "scgi-socket", "https":
		settings.listen(key, value)
	case "master":
		settings.Master = isOn(value)
	case "lazy-apps":
		settings.Lazy = isOn(value)
	case "lazy":
		settings.WorkersOnly = isOn(value)
		settings.Lazy = settings.Lazy || settings.WorkersOnly
	case "processes":
		settings.Processes, _ = strconv.Atoi(value)
	case "cheaper":
		settings.Varies = true
	case "need-app":
		settings.NeedsApp = isOn(value)
	case "die-on-term":
		settings.DieOnTerm = isOn(value)
	case "py-autoreload":
		settings.Watches = isOn(value)
	case "touch-reload":
		settings.Touch = append(settings.Touch, value)
	case "touch-chain-reload":
		settings.TouchChain = append(settings.TouchChain, value)
	case "emperor":
		settings.Emperor = append(settings.Emperor, value)
	case "eval":
		settings.Unknown = append(settings.Unknown, "module")
	}
}

// mount is the first app of those that are mounted below paths: "/shop=shop.py",
// "/shop=shop:app".
func (settings *Settings) mount(value string) {
	_, app, ok := strings.Cut(value, "=")
	if !ok || settings.Module != "" || settings.File != "" {
		return
	}
	if strings.HasSuffix(app, ".py") || strings.HasSuffix(app, ".wsgi") {
		settings.File = app
		return
	}
	settings.Module = app
}

// listen adds a place to listen at. "=0" names a socket that was made before by its number, and
// an HTTP router may be given a mode behind a comma.
func (settings *Settings) listen(key, value string) {
	address, _, _ := strings.Cut(value, ",")
	switch {
	case address == "" || strings.HasPrefix(address, "=") || strings.HasPrefix(address, "fd://"):
		return
	case strings.HasPrefix(address, "/") || strings.HasPrefix(address, "./"):
		address = "unix:" + address
	case strings.HasPrefix(address, "@"):
		address = "unix:" + address
	case !strings.Contains(address, ":"):
		address = "unix:" + address
	}
	one := Socket{Address: address, HTTP: strings.HasPrefix(key, "http"), Router: key == "http" || key == "https"}
	if key == "fastcgi-socket" || key == "scgi-socket" || key == "https" {
		one.Other = strings.TrimSuffix(key, "-socket")
	}
	settings.Sockets = append(settings.Sockets, one)
}
