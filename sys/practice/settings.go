package practice

import (
	"net/netip"
	"regexp"
	"strconv"
	"strings"
)

// settings is Gunicorn's configuration as it takes it from its file, GUNICORN_CMD_ARGS
// and the command line, in that order.
type settings struct {
	app        string
	binds      []string
	chdir      string
	configFile string
	pythonPath []string
	pidFile    string
	workers    int
	preload    bool
	daemon     bool
	reuse      bool
	name       string
}

// shortOptions are those of Gunicorn's that the box's units use.
var shortOptions = map[string]string{ //nolint:gochecknoglobals // a constant table
	"-b": "--bind", "-w": "--workers", "-c": "--config", "-p": "--pid", "-D": "--daemon",
	"-n": "--name", "-t": "--timeout", "-k": "--worker-class",
}

// readSettings evaluates a command line. Only what is on it is set; apply lays one set
// over another.
func (s *settings) readArguments(arguments []string) {
	for i := 0; i < len(arguments); i++ {
		option, given, joined := strings.Cut(arguments[i], "=")
		if long, ok := shortOptions[option]; ok {
			option = long
		}
		if !strings.HasPrefix(option, "-") {
			s.app = arguments[i]
			continue
		}
		if option == "--preload" || option == "--daemon" || option == "--reuse-port" {
			s.set(strings.ReplaceAll(option[2:], "-", "_"), "True")
			continue
		}
		if !joined && i+1 < len(arguments) {
			i++
			given = arguments[i]
		}
		s.set(strings.ReplaceAll(option[2:], "-", "_"), given)
	}
}

// set lays one value over what is known. A bind on the command line is in addition to
// the others there, but replaces those of the file: the reader clears them first.
func (s *settings) set(name, given string) {
	switch name {
	case "bind":
		s.binds = append(s.binds, given)
	case "workers":
		s.workers, _ = strconv.Atoi(given)
	case "chdir":
		s.chdir = given
	case "config":
		s.configFile = strings.TrimPrefix(given, "file:")
	case "pythonpath":
		s.pythonPath = strings.Split(given, ",")
	case "pid", "pidfile":
		s.pidFile = given
	case "preload", "preload_app":
		s.preload = given == "True"
	case "daemon":
		s.daemon = given == "True"
	case "reuse_port":
		s.reuse = given == "True"
	case "name", "proc_name":
		s.name = given
	}
}

var configLine = regexp.MustCompile(`(?m)^(\w+) *= *(?:"([^"]*)"|(\w+))`)

func (s *settings) readFile(content string) {
	for _, found := range configLine.FindAllStringSubmatch(content, -1) {
		s.set(found[1], found[2]+found[3])
	}
}

// gunicornSettings puts the sources together in Gunicorn's order of precedence.
func gunicornSettings(arguments []string, environment []variable, read func(name string) (string, bool)) settings {
	line := settings{}
	line.readArguments(arguments)
	extra := settings{}
	if given, ok := value(environment, "GUNICORN_CMD_ARGS"); ok {
		extra.readArguments(strings.Fields(given))
	}
	result := settings{workers: 1, configFile: "gunicorn.conf.py"}
	for _, source := range []settings{extra, line} {
		if source.configFile != "" {
			result.configFile = source.configFile
		}
	}
	if content, ok := read(result.configFile); ok {
		result.readFile(content)
	}
	for _, source := range []settings{extra, line} {
		result.overlay(source)
	}
	if len(result.binds) == 0 {
		result.binds = []string{"127.0.0.1:8000"}
	}
	return result
}

func (s *settings) overlay(over settings) {
	if len(over.binds) > 0 {
		s.binds = over.binds
	}
	if len(over.pythonPath) > 0 {
		s.pythonPath = over.pythonPath
	}
	if over.workers > 0 {
		s.workers = over.workers
	}
	for _, pair := range []struct {
		to   *string
		from string
	}{{&s.app, over.app}, {&s.chdir, over.chdir}, {&s.pidFile, over.pidFile}, {&s.name, over.name}} {
		if pair.from != "" {
			*pair.to = pair.from
		}
	}
	s.preload = s.preload || over.preload
	s.daemon = s.daemon || over.daemon
	s.reuse = s.reuse || over.reuse
}

// bindAddress reads a bind: "unix:PATH", or "host:port" with names looked up on the box.
func (b *Box) bindAddress(bind string) (unix string, address netip.AddrPort) {
	if name, ok := strings.CutPrefix(bind, "unix:"); ok {
		return name, netip.AddrPort{}
	}
	host, port, _ := strings.Cut(bind, ":")
	if cut := strings.LastIndex(bind, ":"); cut >= 0 {
		host, port = bind[:cut], bind[cut+1:]
	}
	number, _ := strconv.ParseUint(port, 10, 16)
	host = strings.Trim(host, "[]")
	if host == "" {
		host = "0.0.0.0"
	}
	if resolved := b.resolve(host); len(resolved) > 0 {
		return "", netip.AddrPortFrom(resolved[0], uint16(number))
	}
	return "", netip.AddrPort{}
}
