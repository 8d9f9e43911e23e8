package uwsgi

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"flasktui/sys"
)

// Start is what decides what a command line comes to.
type Start struct {
	// Arguments are those of the command line without the program.
	Arguments []string
	// Directory is the one that it is started in, as written.
	Directory string
	// Variables are those of its environment whose values are known; HasVariable tells those that
	// are there at all.
	Variables   map[string]string
	HasVariable func(name string) bool
	// Read reads a file of the box by its full path, as far as whoever named it may.
	Read func(ctx context.Context, name string) ([]byte, error)
}

const (
	// FileLimit bounds one configuration file, mostFiles how many are followed, and
	// mostOptions how many options are taken.
	FileLimit   = 1 << 20
	mostFiles   = 32
	mostOptions = 10000
)

var errTooMuch = errors.New("there is more of uWSGI's configuration than is read")

// option is one option with its value; unsure says that whether it holds is not known.
type option struct {
	key, value string
	unsure     bool
}

// reading collects options in the order in which uWSGI takes them: a file's come behind what
// named it.
type reading struct {
	start   Start
	options []option
	files   []string
	// condition is how deep in "if-…" and "for…" what is read stands.
	condition int
	err       error
}

// Read works out the settings of a command line. Beside an error there is what is known without
// what could not be read, whose options are named as unknown.
func Read(ctx context.Context, start Start) (Settings, error) {
	read := &reading{start: start}
	for _, one := range argumentOptions(start.Arguments) {
		read.add(ctx, one, len(read.files))
	}
	for _, one := range environmentOptions(start.Variables) {
		read.add(ctx, one, len(read.files))
	}
	settings := read.settings()
	settings.Files = read.files
	if read.err != nil {
		settings.Unknown = append(settings.Unknown, decisive()...)
	}
	return settings, read.err
}

// environmentOptions are the options that variables give: UWSGI_LAZY_APPS is lazy-apps.
func environmentOptions(variables map[string]string) []option {
	var options []option
	for _, key := range decisive() {
		name := "UWSGI_" + strings.ToUpper(strings.ReplaceAll(key, "-", "_"))
		if value, ok := variables[name]; ok {
			options = append(options, option{key: key, value: value})
		}
	}
	return options
}

// add takes an option, and where it names a file, those of the file.
func (read *reading) add(ctx context.Context, one option, depth int) {
	if len(read.options) >= mostOptions || depth > mostFiles {
		read.fail(errTooMuch)
		return
	}
	switch one.key {
	case "end", "endif", "endfor", "end-if", "end-for":
		read.condition = 0
		return
	case "else":
		read.condition = 1
		return
	}
	if strings.HasPrefix(one.key, "if-") || one.key == "for" || strings.HasPrefix(one.key, "for-") {
		read.condition = 1
		return
	}
	one.unsure = one.unsure || read.condition > 0
	read.options = append(read.options, one)
	format, names := fileOption(one.key, one.value)
	if !names {
		return
	}
	value, known := read.expand(one.value)
	if !known || one.unsure || format == "" {
		read.fail(fmt.Errorf("uWSGI's option %s names what is not known here", one.key))
		return
	}
	read.file(ctx, format, value, depth)
}

func (read *reading) fail(err error) {
	if read.err == nil {
		read.err = err
	}
}

// fileOption tells an option that names a configuration file, and of which form that is.
func fileOption(key, value string) (format string, names bool) {
	switch key {
	case "ini", "xml", "json", "yaml":
		return key, true
	case "yml":
		return "yaml", true
	case "js":
		return "json", true
	case "include", "inherit", "config":
		return formatOf(value), true
	case "config-py", "ini-paste", "paste", "ini-paste-logged", "lua-config", "sqlite3", "ldap", "zeus":
		return "", true
	}
	return "", false
}

// formatOf tells the form of a file by its name.
func formatOf(name string) string {
	if at := strings.LastIndexByte(name, ':'); at > 0 && path.Ext(name[:at]) != "" {
		name = name[:at]
	}
	switch path.Ext(name) {
	case ".ini":
		return "ini"
	case ".xml":
		return "xml"
	case ".yml", ".yaml":
		return "yaml"
	case ".json", ".js":
		return "json"
	}
	return ""
}

// file reads a configuration file; behind a colon its section is named, and without a name it is
// the one that was read last.
func (read *reading) file(ctx context.Context, format, value string, depth int) {
	name, section, _ := strings.Cut(value, ":")
	if strings.Contains(value, "://") || name == "-" {
		read.fail(errors.New("uWSGI reads its configuration from where flasktui does not look"))
		return
	}
	if name == "" && len(read.files) > 0 {
		name = read.files[len(read.files)-1]
	}
	if section == "" {
		section = "uwsgi"
	}
	full := sys.AbsoluteFrom(read.start.Directory, name)
	content, err := read.start.Read(ctx, full)
	if err != nil {
		read.fail(err)
		return
	}
	if len(read.files) >= mostFiles {
		read.fail(errTooMuch)
		return
	}
	read.files = append(read.files, full)
	options, err := parseFile(format, section, magic(full, content))
	if err != nil {
		read.fail(fmt.Errorf("%s: %w", full, err))
	}
	outer := read.condition
	read.condition = 0
	for _, one := range options {
		read.add(ctx, one, depth+1)
	}
	read.condition = outer
}
