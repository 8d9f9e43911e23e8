package uwsgi

import (
	"slices"
	"strings"
)

// shortOptions are the long names of uWSGI's options of one letter that say what is read here.
func shortOptions() map[string]string {
	return map[string]string{
		"-s": "socket", "-p": "processes", "-M": "master", "-w": "module", "-H": "home", "-x": "xml", "-y": "yaml", "-j": "json",
		"-z": "socket-timeout", "-l": "listen", "-b": "buffer-size", "-d": "daemonize", "-C": "chmod-socket", "-R": "max-requests", "-t": "harakiri",
		"-P": "profiler", "-T": "enable-threads", "-L": "disable-logging", "-i": "single-interpreter", "-m": "memory-report", "-D": "log-date", "-r": "reaper",
		"-S": "set", "-V": "catch-exceptions",
	}
}

// withoutValue are the options that take no value.
func withoutValue() []string {
	return []string{
		"master", "lazy", "lazy-apps", "die-on-term", "exit-on-reload", "need-app", "vacuum", "enable-threads", "single-interpreter", "thunder-lock", "strict",
		"disable-logging", "no-orphans", "auto-procname", "memory-report", "log-master", "log-master-bufsize", "threaded-logger", "close-on-exec",
		"ignore-sigpipe", "ignore-write-errors", "disable-write-exception", "honour-stdin", "abstract-socket", "reuse-port", "freebind", "so-keepalive",
		"tcp-nodelay", "manage-script-name", "no-default-app", "skip-atexit", "no-site", "autoload", "no-initgroups", "emperor-tyrant", "cheap",
		"http-auto-chunked", "http-websockets", "http-chunked-input", "reaper", "log-x-forwarded-for", "log-zero", "log-4xx", "log-5xx", "log-reopen",
		"catch-exceptions", "wsgi-accept-buffer", "vhost", "vhost-host", "no-threads-wait", "show-config", "multi-interpreter", "py-call-osafterfork", "py-call-uwsgi-fork-hooks",
		"uwsgi-attach", "profiler", "no-server", "drop-after-init", "drop-after-apps", "cheaper-rss-limit-soft-once", "master-as-root", "stats-http", "enable-metrics",
		"python-worker-override", "add-gzip", "http-keepalive", "offload", "never-swap", "propagate-touch", "unsubscribe-on-graceful-reload", "ignore-script-name", "log-drain-burst",
	}
}

// argumentOptions reads a command line: options with "=" or the word that follows, and words that
// belong to none, which are configuration files, an app's file, or an app.
func argumentOptions(arguments []string) []option {
	var options []option
	for at := 0; at < len(arguments) && len(options) < mostOptions; at++ {
		word := arguments[at]
		name, isOption := strings.CutPrefix(word, "--")
		value := ""
		switch {
		case !strings.HasPrefix(word, "-") || word == "-":
			options = append(options, ofWord(word))
			continue
		case !isOption:
			long, known := shortOptions()[word[:min(2, len(word))]]
			if !known {
				continue
			}
			if name = long; len(word) > 2 && !slices.Contains(withoutValue(), name) {
				options = append(options, named(option{key: name, value: word[2:]}))
				continue
			}
		case strings.Contains(name, "="):
			name, value, _ = strings.Cut(name, "=")
			options = append(options, named(option{key: name, value: value}))
			continue
		}
		if !slices.Contains(withoutValue(), name) && at+1 < len(arguments) && !strings.HasPrefix(arguments[at+1], "--") {
			at++
			value = arguments[at]
		}
		options = append(options, named(option{key: name, value: value}))
	}
	return options
}

// ofWord is what a word means that belongs to no option.
func ofWord(word string) option {
	switch format := formatOf(word); {
	case format != "":
		return option{key: format, value: word}
	case strings.HasSuffix(word, ".py"), strings.HasSuffix(word, ".wsgi"):
		return option{key: "wsgi-file", value: word}
	}
	return option{key: "module", value: word}
}
