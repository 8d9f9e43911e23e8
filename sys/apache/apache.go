// Package apache reads the configuration of Apache's httpd as the program does: the files with what
// they include and define, which virtual hosts there are, and which Python apps mod_wsgi runs in
// which processes. Nothing is run for that.
//
// It knows sys alone. Begin with Read, then wsgi.go.
package apache

import (
	"context"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"flasktui/sys"
)

// Config is a configuration as it is on disk.
type Config struct {
	// Main is the file that it begins with.
	Main  string `json:"main"`
	Files []File `json:"files"`
	Hosts []Host `json:"hosts"`
	Apps  []App  `json:"apps"`
	// Macros says that it has macros, which are not followed.
	Macros bool `json:"macros,omitempty"`

	daemons []Daemon
}

// File is one that was read, with when it last changed.
type File struct {
	Path    string    `json:"path"`
	Changed time.Time `json:"changed"`
}

// Host is a virtual host, or the main server where it has no addresses.
type Host struct {
	// Addresses are as written: "*:80", "192.0.2.1:443".
	Addresses []string `json:"addresses"`
	Name      string   `json:"name,omitempty"`
	Aliases   []string `json:"aliases,omitempty"`
	// TLS says that it ends TLS (SSLEngine).
	TLS  bool   `json:"tls,omitempty"`
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`
}

// Installation is an Apache as its main process was started.
type Installation struct {
	Program string
	// Root is the ServerRoot and Main the file that it begins with, by -d and -f or as built.
	Root, Main string
	// Defined are the names given with -D.
	Defined []string
}

// IsProgram tells Apache's httpd by the name of its program: Debian's, and everybody else's.
func IsProgram(argv []string) bool {
	return len(argv) > 0 && slices.Contains([]string{"apache2", "httpd"}, path.Base(argv[0]))
}

// InstallationOf reads the command line of a main process. What it does not name is where the
// distributions have it: Debian in /etc/apache2, Red Hat in /etc/httpd, Alpine in /etc/apache2 with
// httpd's names, and where it was built from source in /usr/local/apache2.
func InstallationOf(argv []string) Installation {
	installation := Installation{Program: argv[0], Root: "/etc/httpd", Main: "conf/httpd.conf"}
	switch {
	case path.Base(argv[0]) == "apache2":
		installation.Root, installation.Main = "/etc/apache2", "apache2.conf"
	case strings.HasPrefix(argv[0], "/usr/local/apache2/"):
		installation.Root = "/usr/local/apache2"
	}
	for index := 1; index < len(argv); index++ {
		option, value := argv[index], ""
		if len(option) > 2 && option[0] == '-' {
			option, value = option[:2], option[2:]
		} else if index+1 < len(argv) {
			value = argv[index+1]
		}
		switch option {
		case "-d":
			installation.Root = value
		case "-f":
			installation.Main = value
		case "-D":
			installation.Defined = append(installation.Defined, value)
		}
	}
	installation.Main = sys.AbsoluteFrom(installation.Root, installation.Main)
	return installation
}

// Read reads the configuration from its files. The error says what of it could not be read, or
// would not be taken.
func Read(ctx context.Context, machine sys.Machine, installation Installation) (Config, error) {
	reader := &reader{machine: machine, root: installation.Root, defines: map[string]string{}, modules: map[string]bool{}}
	reader.config.Main = installation.Main
	for _, name := range installation.Defined {
		reader.defines[name] = ""
	}
	reader.readVariables(ctx)
	directives, err := reader.read(ctx, installation.Main, 0, false)
	if err != nil {
		return reader.config, fmt.Errorf("apache: %w", err)
	}
	reader.config.readHosts(directives)
	reader.config.readApps(directives)
	return reader.config, nil
}

// readVariables takes the plain assignments of Debian's envvars, which its apachectl has in Apache's
// environment. Others are left as they are written.
func (reader *reader) readVariables(ctx context.Context) {
	content, err := reader.machine.ReadFile(ctx, path.Join(reader.root, "envvars"), fileLimit)
	if err != nil {
		return
	}
	assignment := regexp.MustCompile(`(?m)^\s*export\s+(APACHE_\w+)=([^\s$;]+)(?:\$SUFFIX)?\s*$`)
	for _, found := range assignment.FindAllStringSubmatch(string(content), -1) {
		reader.defines[found[1]] = found[2]
	}
}

func latest(info sys.FileInfo) time.Time {
	if info.Changed.After(info.Modified) {
		return info.Changed
	}
	return info.Modified
}
