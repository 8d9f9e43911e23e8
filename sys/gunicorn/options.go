package gunicorn

import (
	"errors"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"flasktui/sys/python"
)

// field ties one setting of Gunicorn to its name in a configuration file, its
// options on a command line, and where it runs in Settings.
type field struct {
	name    string
	options []string
	// flag: the option takes no value, and means true.
	flag bool
	// store puts a value in, after what is there already where appending; false
	// means that Gunicorn would not take a value of this kind.
	store func(settings *Settings, value python.Value, appending bool) bool
	isSet func(*Settings) bool
	copy  func(to, from *Settings)
}

func fields() []field {
	return []field{
		textField("wsgi_app", func(s *Settings) *string { return &s.App }, completeApp),
		textField("config", func(s *Settings) *string { return &s.ConfigFile }, strings.TrimSpace, "-c", "--config"),
		textField("chdir", func(s *Settings) *string { return &s.Chdir }, strings.TrimSpace, "--chdir"),
		textField("pidfile", func(s *Settings) *string { return &s.PIDFile }, strings.TrimSpace, "-p", "--pid"),
		listField("bind", func(s *Settings) *[]string { return &s.Bind }, nil, "-b", "--bind"),
		listField("pythonpath", func(s *Settings) *[]string { return &s.PythonPath }, splitPythonPath, "--pythonpath"),
		listField("raw_env", func(s *Settings) *[]string { return &s.Environment }, environmentName, "-e", "--env"),
		numberField("workers", func(s *Settings) *int { return &s.Workers }, "-w", "--workers"),
		numberField("max_requests", func(s *Settings) *int { return &s.MaxRequests }, "--max-requests"),
		numberField("graceful_timeout", func(s *Settings) *int { return &s.GracefulTimeout }, "--graceful-timeout"),
		switchField("preload_app", func(s *Settings) **bool { return &s.Preload }, "--preload"),
		switchField("reload", func(s *Settings) **bool { return &s.Reload }, "--reload"),
		switchField("reuse_port", func(s *Settings) **bool { return &s.ReusePort }, "--reuse-port"),
		switchField("daemon", func(s *Settings) **bool { return &s.Daemon }, "-D", "--daemon"),
	}
}

func textField(name string, at func(*Settings) *string, clean func(string) string, options ...string) field {
	return field{
		name: name, options: options,
		store: func(settings *Settings, value python.Value, _ bool) bool {
			text, ok := value.(string)
			*at(settings) = clean(text)
			return ok || value == nil
		},
		isSet: func(settings *Settings) bool { return *at(settings) != "" },
		copy:  func(to, from *Settings) { *at(to) = *at(from) },
	}
}

// listField takes a list, or one string for a list of one; split makes entries of one
// string.
func listField(name string, at func(*Settings) *[]string, split func(string) []string, options ...string) field {
	return field{
		name: name, options: options,
		store: func(settings *Settings, value python.Value, appending bool) bool {
			texts, ok := pythonStrings(value)
			if !ok {
				return false
			}
			var entries []string
			if appending {
				entries = slices.Clone(*at(settings))
			}
			for _, text := range texts {
				if split != nil {
					entries = append(entries, split(text)...)
				} else {
					entries = append(entries, strings.TrimSpace(text))
				}
			}
			*at(settings) = entries
			return true
		},
		isSet: func(settings *Settings) bool { return len(*at(settings)) > 0 },
		copy:  func(to, from *Settings) { *at(to) = slices.Clone(*at(from)) },
	}
}

func numberField(name string, at func(*Settings) *int, options ...string) field {
	return field{
		name: name, options: options,
		store: func(settings *Settings, value python.Value, _ bool) bool {
			switch value := value.(type) {
			case int64:
				*at(settings) = int(value)
				return value >= 0 && value <= 1<<31
			case string:
				number, err := strconv.ParseInt(strings.TrimSpace(value), 0, 32)
				*at(settings) = int(number)
				return err == nil && number >= 0
			}
			return false
		},
		isSet: func(settings *Settings) bool { return *at(settings) != 0 },
		copy:  func(to, from *Settings) { *at(to) = *at(from) },
	}
}

func switchField(name string, at func(*Settings) **bool, options ...string) field {
	return field{
		name: name, options: options, flag: true,
		store: func(settings *Settings, value python.Value, _ bool) bool {
			if text, isText := value.(string); isText {
				switch strings.ToLower(strings.TrimSpace(text)) {
				case "true":
					value = true
				case "false":
					value = false
				}
			}
			on, ok := value.(bool)
			if ok {
				*at(settings) = &on
			}
			return ok
		},
		isSet: func(settings *Settings) bool { return *at(settings) != nil },
		copy:  func(to, from *Settings) { *at(to) = *at(from) },
	}
}

func pythonStrings(value python.Value) (texts []string, ok bool) {
	switch value := value.(type) {
	case nil:
		return nil, true
	case string:
		return []string{value}, true
	case python.List:
		for _, item := range value {
			text, isText := item.(string)
			if !isText {
				return nil, false
			}
			texts = append(texts, text)
		}
		return texts, true
	}
	return nil, false
}

// completeApp adds the variable that Gunicorn looks for where none is named.
func completeApp(app string) string {
	app = strings.TrimSpace(app)
	if app != "" && !strings.Contains(app, ":") {
		return app + ":application"
	}
	return app
}

func splitPythonPath(value string) []string {
	return slices.DeleteFunc(strings.Split(value, ","), func(entry string) bool { return entry == "" })
}

func environmentName(value string) []string {
	name, _, _ := strings.Cut(value, "=")
	return []string{name}
}

// option is an option as argparse sees it; field is nil where its value does
// not matter here.
type option struct {
	flag  bool
	field *field
}

// options are the options of Gunicorn 20.1 to 26. All must be known, even where
// the value does not matter: to tell a value from the app, and to complete a prefix.
func options() map[string]option {
	options := map[string]option{}
	for _, name := range strings.Fields(`--backlog -k --worker-class --threads --worker-connections
		--max-requests-jitter -t --timeout --keep-alive --limit-request-line --limit-request-fields
		--limit-request-field_size --reload-engine --reload-extra-file --worker-tmp-dir -u --user -g
		--group -m --umask --forwarded-allow-ips --access-logfile --access-logformat --error-logfile
		--log-file --log-level --logger-class --log-config --log-config-json --log-syslog-to
		--log-syslog-prefix --log-syslog-facility --statsd-host --dogstatsd-tags --statsd-prefix -n
		--name --paste --paster --proxy-allow-from --keyfile --certfile --ssl-version --cert-reqs
		--ca-certs --ciphers --paste-global --forwarder-headers --header-map --protocol
		--uwsgi-allow-from --http-protocols --http2-cleartext --http2-max-concurrent-streams
		--http2-initial-window-size --http2-max-frame-size --http2-max-header-list-size --asgi-loop
		--asgi-lifespan --asgi-disconnect-grace-period --http-parser --root-path --dirty-app
		--dirty-workers --dirty-timeout --dirty-threads --dirty-graceful-timeout --control-socket
		--control-socket-mode`) {
		options[name] = option{}
	}
	for _, name := range strings.Fields(`-h --help -v --version --spew --check-config --print-config
		--no-sendfile --initgroups --disable-redirect-access-to-syslog --capture-output --log-syslog
		-R --enable-stdio-inheritance --enable-backlog-metric --suppress-ragged-eofs
		--do-handshake-on-connect --strip-header-spaces --tolerate-dangerous-framing
		--permit-obsolete-folding --permit-unconventional-http-method
		--permit-unconventional-http-version --casefold-http-method --no-control-socket`) {
		options[name] = option{flag: true}
	}
	// Before 24 a flag, since then with a value that may be left out.
	options["--proxy-protocol"] = option{flag: true}
	for _, field := range fields() {
		for _, name := range field.options {
			options[name] = option{flag: field.flag, field: &field}
		}
	}
	return options
}

// isProgram takes Debian's gunicorn3 and gunicorn-3.11, and Nix's wrapped ones.
func isProgram(program string) bool {
	return programShape().MatchString(path.Base(program))
}

var (
	programShape = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^\.?gunicorn-?[0-9.]*(-wrapped)?$`)
	})
	appShape = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^[A-Za-z_][\w.]*:[A-Za-z_]\w*(\(.*\))?$`)
	})
)

// ErrUnclosedQuote is of a text of arguments that a shell would go on reading.
var ErrUnclosedQuote = errors.New("a quotation is not closed")
