package sys

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	crossplane "github.com/nginxinc/nginx-go-crossplane"
)

const (
	// nginxFileLimit bounds one file of a configuration, nginxFilesLimit how many there
	// are: an image's is a handful.
	nginxFileLimit  = 4 << 20
	nginxFilesLimit = 500
)

// ReadNginxUnder reads the configuration of an Nginx in another root ("/proc/PID/root"),
// from its files alone: no program of the container is run for it. title is the process
// title of the master, which holds its command line. Paths in the result are those of that
// root.
func ReadNginxUnder(ctx context.Context, machine Machine, root, title string) (NginxConfig, error) {
	reading := nginxFiles{machine: machine, root: root, seen: map[string]bool{}}
	var err error
	for _, main := range nginxMainFiles(title) {
		reading.directory = path.Dir(main)
		if err = reading.read(ctx, main, 0); !errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	if err != nil {
		return NginxConfig{}, fmt.Errorf("reading Nginx's configuration under %s: %w", root, err)
	}
	return ParseNginxDump(strings.NewReader(reading.dump.String()))
}

// nginxMainFiles are where the main file may lie: where -c names it, or else where builds
// of Nginx have it by default (Debian's and the official image's, upstream's, OpenResty's).
func nginxMainFiles(title string) []string {
	named, prefix := nginxOption(title, "-c"), nginxOption(title, "-p")
	if named != "" {
		return []string{absoluteFrom(cmp.Or(prefix, "/etc/nginx"), named)}
	}
	files := []string{"/etc/nginx/nginx.conf", "/usr/local/nginx/conf/nginx.conf", "/usr/local/openresty/nginx/conf/nginx.conf"}
	if prefix != "" {
		files = append([]string{path.Join(prefix, "conf/nginx.conf"), path.Join(prefix, "nginx.conf")}, files...)
	}
	return files
}

// NginxOptions are the options of a master's command line that say which configuration it
// reads: whoever tests or reloads it has to give the same. title is its process title.
func NginxOptions(title string) []string {
	options := []string{}
	for _, name := range []string{"-p", "-c"} {
		if value := nginxOption(title, name); value != "" {
			options = append(options, name, value)
		}
	}
	return options
}

func nginxOption(title, name string) string {
	_, command, _ := strings.Cut(title, "process ")
	words := strings.Fields(command)
	if index := slices.Index(words, name); index >= 0 && index+1 < len(words) {
		return words[index+1]
	}
	return ""
}

// nginxFiles puts files together as `nginx -T` prints them.
type nginxFiles struct {
	machine Machine
	root    string
	// directory is where relative names begin: that of the main file.
	directory string
	seen      map[string]bool
	dump      strings.Builder
}

func (reading *nginxFiles) read(ctx context.Context, name string, depth int) error {
	if reading.seen[name] {
		return nil
	}
	resolved, err := reading.machine.Resolve(ctx, reading.root+name)
	if err != nil {
		return err
	}
	content, err := reading.machine.ReadFile(ctx, resolved, nginxFileLimit)
	if err != nil {
		return err
	}
	reading.seen[name] = true
	if depth > nginxIncludeDepth || len(reading.seen) > nginxFilesLimit {
		return fmt.Errorf("%s: more files than any Nginx has", name)
	}
	directives, err := parseNginxText(blankLua(string(content)))
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	fmt.Fprintf(&reading.dump, "# configuration file %s:\n%s\n", name, content)
	ctx = namedInNginx(ctx, reading.machine, reading.root, name, resolved)
	for _, pattern := range nginxArguments(directives, "include") {
		names, err := globUnder(ctx, reading.machine, reading.root, absoluteFrom(reading.directory, pattern))
		if err != nil {
			return err
		}
		for _, included := range names {
			if err := reading.read(ctx, included, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// nginxArguments are the arguments of all directives of a name that have one, those in
// blocks too.
func nginxArguments(directives crossplane.Directives, name string) []string {
	var arguments []string
	for _, directive := range directives {
		if directive.Directive == name && len(directive.Args) == 1 {
			arguments = append(arguments, directive.Args[0])
		}
		arguments = append(arguments, nginxArguments(directive.Block, name)...)
	}
	return arguments
}

// NginxPlacing says how what stands in the configuration of an Nginx in a container is to
// be seen from the box.
type NginxPlacing struct {
	// File is where the box has a path of the container.
	File func(name string) string
	// Listens are the addresses at which the box reaches a listen of the container's.
	Listens func(NginxListen) []NginxListen
	// Backend is the address that the box would dial for one that Nginx dials.
	Backend func(address string) string
}

// Placed is the configuration as the box sees it.
func (config NginxConfig) Placed(placing NginxPlacing) NginxConfig {
	place := func(name string) string {
		if !path.IsAbs(name) {
			return name
		}
		placed := placing.File(name)
		if strings.HasSuffix(name, "/") {
			placed = strings.TrimSuffix(placed, "/") + "/"
		}
		return placed
	}
	placed := config
	placed.Files = nil
	for _, name := range config.Files {
		placed.Files = append(placed.Files, place(name))
	}
	placed.CachePaths = map[string]string{}
	for zone, directory := range config.CachePaths {
		placed.CachePaths[zone] = place(directory)
	}
	placed.Servers = slices.Clone(config.Servers)
	for index := range placed.Servers {
		server := &placed.Servers[index]
		server.File = place(server.File)
		var listens []NginxListen
		for _, listen := range server.Listens {
			listens = append(listens, placing.Listens(listen)...)
		}
		server.Listens = listens
		server.Locations = slices.Clone(server.Locations)
		for number := range server.Locations {
			location := &server.Locations[number]
			location.File, location.PassFile, location.RootFile = place(location.File), place(location.PassFile), place(location.RootFile)
			location.Root, location.Alias = place(location.Root), place(location.Alias)
			location.Pass = config.placePass(location.Pass, placing.Backend)
		}
	}
	placed.Upstreams = slices.Clone(config.Upstreams)
	for index := range placed.Upstreams {
		upstream := &placed.Upstreams[index]
		upstream.File = place(upstream.File)
		upstream.Servers = slices.Clone(upstream.Servers)
		for number := range upstream.Servers {
			upstream.Servers[number].Address = placing.Backend(upstream.Servers[number].Address)
		}
	}
	return placed
}

// placePass replaces the address in the argument of a proxy_pass, and leaves its scheme
// and path.
func (config NginxConfig) placePass(pass string, backend func(string) string) string {
	address, _ := passAddress(pass)
	isUpstream := slices.ContainsFunc(config.Upstreams, func(upstream NginxUpstream) bool { return strings.EqualFold(upstream.Name, address) })
	if address == "" || isUpstream || strings.Contains(address, "$") {
		return pass
	}
	return strings.Replace(pass, address, backend(address), 1)
}
