package nginx

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

	"flasktui/sys"
)

const (
	// fileLimit bounds one file of a configuration, filesLimit how many there
	// are: an image's is a handful.
	fileLimit  = 4 << 20
	filesLimit = 500
)

// ReadUnder reads the configuration of an Nginx in another root ("/proc/PID/root"),
// from its files alone: no program of the container is run for it. title is the process
// title of the master, which holds its command line. Paths in the result are those of that
// root.
func ReadUnder(ctx context.Context, machine sys.Machine, root, title string) (Config, error) {
	reading := files{machine: machine, root: root, seen: map[string]bool{}}
	var err error
	for _, main := range mainFiles(title) {
		reading.directory = path.Dir(main)
		if err = reading.read(ctx, main, 0); !errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	if err != nil {
		return Config{}, fmt.Errorf("reading Nginx's configuration under %s: %w", root, err)
	}
	return ParseDump(strings.NewReader(reading.dump.String()))
}

// mainFiles are where the main file may lie: where -c names it, or else where builds
// of Nginx have it by default (Debian's and the official image's, upstream's, OpenResty's).
func mainFiles(title string) []string {
	named, prefix := option(title, "-c"), option(title, "-p")
	if named != "" {
		return []string{sys.AbsoluteFrom(cmp.Or(prefix, "/etc/nginx"), named)}
	}
	files := []string{"/etc/nginx/nginx.conf", "/usr/local/nginx/conf/nginx.conf", "/usr/local/openresty/nginx/conf/nginx.conf"}
	if prefix != "" {
		files = append([]string{path.Join(prefix, "conf/nginx.conf"), path.Join(prefix, "nginx.conf")}, files...)
	}
	return files
}

// Options are the options of a master's command line that say which configuration it
// reads: whoever tests or reloads it has to give the same. title is its process title.
func Options(title string) []string {
	options := []string{}
	for _, name := range []string{"-p", "-c"} {
		if value := option(title, name); value != "" {
			options = append(options, name, value)
		}
	}
	return options
}

func option(title, name string) string {
	_, command, _ := strings.Cut(title, "process ")
	words := strings.Fields(command)
	if index := slices.Index(words, name); index >= 0 && index+1 < len(words) {
		return words[index+1]
	}
	return ""
}

// files puts files together as `nginx -T` prints them.
type files struct {
	machine sys.Machine
	root    string
	// directory is where relative names begin: that of the main file.
	directory string
	seen      map[string]bool
	dump      strings.Builder
}

func (reading *files) read(ctx context.Context, name string, depth int) error {
	if reading.seen[name] {
		return nil
	}
	resolved, err := reading.machine.Resolve(ctx, reading.root+name)
	if err != nil {
		return err
	}
	content, err := reading.machine.ReadFile(ctx, resolved, fileLimit)
	if err != nil {
		return err
	}
	reading.seen[name] = true
	if depth > includeDepth || len(reading.seen) > filesLimit {
		return fmt.Errorf("%s: more files than any Nginx has", name)
	}
	directives, err := parseText(blankLua(string(content)))
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	fmt.Fprintf(&reading.dump, "# configuration file %s:\n%s\n", name, content)
	ctx = namedIn(ctx, reading.machine, reading.root, name, resolved)
	for _, pattern := range arguments(directives, "include") {
		names, err := sys.GlobUnder(ctx, reading.machine, reading.root, sys.AbsoluteFrom(reading.directory, pattern))
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

// arguments are the arguments of all directives of a name that have one, those in
// blocks too.
func arguments(directives crossplane.Directives, name string) []string {
	var words []string
	for _, directive := range directives {
		if directive.Directive == name && len(directive.Args) == 1 {
			words = append(words, directive.Args[0])
		}
		words = append(words, arguments(directive.Block, name)...)
	}
	return words
}

// Placing says how what stands in the configuration of an Nginx in a container is to
// be seen from the box.
type Placing struct {
	// File is where the box has a path of the container.
	File func(name string) string
	// Listens are the addresses at which the box reaches a listen of the container's.
	Listens func(Listen) []Listen
	// Backend is the address that the box would dial for one that Nginx dials.
	Backend func(address string) string
}

// Placed is the configuration as the box sees it.
func (config Config) Placed(placing Placing) Config {
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
		var listens []Listen
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
			location.Passes = slices.Clone(location.Passes)
			for at, pass := range location.Passes {
				location.Passes[at] = config.placePass(pass, placing.Backend)
			}
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
func (config Config) placePass(pass string, backend func(string) string) string {
	address, _ := passAddress(pass)
	isUpstream := slices.ContainsFunc(config.Upstreams, func(upstream Upstream) bool { return strings.EqualFold(upstream.Name, address) })
	if address == "" || isUpstream || strings.Contains(address, "$") {
		return pass
	}
	return strings.Replace(pass, address, backend(address), 1)
}
