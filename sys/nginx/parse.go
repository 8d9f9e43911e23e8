package nginx

import (
	"cmp"
	"path"
	"slices"
	"strings"

	crossplane "github.com/nginxinc/nginx-go-crossplane"
)

// reading turns directives into servers, with what each inherits.
type reading struct {
	dump   *dump
	config Config
	// variables are the values that the blocks of http give to variables, and sets those that
	// set gives in the block that is read, or further out.
	variables, sets map[string][]string
	// ownHeaders says that the block which is read sets headers: then it inherits none.
	ownHeaders bool
	// begun counts the server blocks that were read at each place.
	begun map[whereabouts]int
	err   error
}

type whereabouts struct {
	file string
	line int
}

// each visits a block; after the first error nothing more is.
func (reading *reading) each(block crossplane.Directives, visit func(*crossplane.Directive)) {
	if reading.err != nil {
		return
	}
	// A visit may have met an error in a block further in.
	if err := reading.dump.each(block, visit); err != nil && reading.err == nil {
		reading.err = err
	}
}

// readMain reads the top level. The blocks beside http (stream, mail) are none of ours:
// their servers are no sites.
func (reading *reading) readMain() error {
	main := reading.dump.directives[path.Clean(reading.dump.files[0])]
	reading.each(main, func(directive *crossplane.Directive) {
		switch directive.Directive {
		case "worker_shutdown_timeout":
			reading.config.WorkerShutdownTimeout = firstOf(directive.Args)
		case "http":
			reading.readHTTP(directive)
		}
	})
	return reading.err
}

func (reading *reading) readHTTP(block *crossplane.Directive) {
	// What is set in http holds in servers above it in the file, too.
	inherited := Location{}
	var servers []*crossplane.Directive
	reading.each(block.Block, func(directive *crossplane.Directive) {
		switch directive.Directive {
		case "server":
			servers = append(servers, directive)
		case "upstream":
			reading.readUpstream(directive)
		case "proxy_cache_path":
			reading.readCachePath(directive.Args)
		case "split_clients", "map", "geo":
			reading.readVariable(directive)
		default:
			reading.apply(&inherited, directive)
		}
	})
	for _, server := range servers {
		reading.readServer(server, inheritedFrom(inherited))
	}
	reading.shareListens()
}

func (reading *reading) readCachePath(arguments []string) {
	for _, argument := range arguments {
		if zone, found := strings.CutPrefix(argument, "keys_zone="); found {
			zone, _, _ = strings.Cut(zone, ":")
			reading.config.CachePaths[zone] = arguments[0]
		}
	}
}

func (reading *reading) readUpstream(block *crossplane.Directive) {
	upstream := Upstream{Name: firstOf(block.Args)}
	upstream.File, upstream.Line = reading.dump.place(block)
	reading.each(block.Block, func(directive *crossplane.Directive) {
		if directive.Directive != "server" || len(directive.Args) == 0 {
			return
		}
		parameters := directive.Args[1:]
		_, line := reading.dump.place(directive)
		upstream.Servers = append(upstream.Servers, UpstreamServer{
			Address: completePort(directive.Args[0], "80"),
			Line:    line,
			Down:    slices.Contains(parameters, "down"),
			Backup:  slices.Contains(parameters, "backup"),
			Resolve: slices.Contains(parameters, "resolve"),
		})
	})
	reading.config.Upstreams = append(reading.config.Upstreams, upstream)
}

func (reading *reading) readServer(block *crossplane.Directive, scope Location) {
	server := Server{}
	server.File, server.Line = reading.dump.place(block)
	if reading.begun == nil {
		reading.begun = map[whereabouts]int{}
	}
	at := whereabouts{server.File, server.Line}
	server.OnLine = reading.begun[at]
	reading.begun[at]++
	scope.File, scope.Line, scope.Path = server.File, server.Line, "/"
	allTLS := false
	var locations []*crossplane.Directive
	reading.sets, reading.ownHeaders = nil, false
	reading.each(block.Block, func(directive *crossplane.Directive) {
		switch directive.Directive {
		case "server_name":
			for _, name := range directive.Args {
				if !strings.HasPrefix(name, "~") {
					name = strings.ToLower(name)
				}
				server.Names = append(server.Names, name)
			}
		case "listen":
			if listen, ok := readListen(directive.Args); ok {
				server.Listens = append(server.Listens, listen)
			}
		case "ssl":
			allTLS = firstOf(directive.Args) == "on"
		case "location":
			locations = append(locations, directive)
		default:
			reading.apply(&scope, directive)
		}
	})
	server.Return = scope.Return
	if len(server.Names) == 0 {
		server.Names = []string{""}
	}
	if len(server.Listens) == 0 {
		server.Listens = []Listen{{Address: "*:80"}}
	}
	for index := range server.Listens {
		server.Listens[index].TLS = server.Listens[index].TLS || allTLS
	}
	for _, location := range locations {
		reading.readLocation(&server, location, inheritedFrom(scope), 0)
	}
	if scope.Root != "" {
		server.Locations = append(server.Locations, scope)
	}
	reading.config.Servers = append(reading.config.Servers, server)
}

// inheritedFrom is what a block passes on: not what it is itself, and not what Nginx
// takes from one level alone (proxy_pass, try_files, return).
func inheritedFrom(scope Location) Location {
	return Location{
		Root: scope.Root, Alias: scope.Alias, AliasPath: scope.AliasPath, RootFile: scope.RootFile, RootLine: scope.RootLine,
		GzipStatic: scope.GzipStatic, BrotliStatic: scope.BrotliStatic, ProxyCache: scope.ProxyCache, ProxyCacheSeconds: scope.ProxyCacheSeconds,
		OpenFileCache: scope.OpenFileCache, Expires: scope.Expires, Resolver: scope.Resolver,
		NotFound: scope.NotFound, Unread: scope.Unread, Headers: scope.Headers,
	}
}

func (reading *reading) readLocation(server *Server, block *crossplane.Directive, location Location, inside int) {
	location.File, location.Line = reading.dump.place(block)
	location.Inside = inside
	location.Match, location.Path = readLocationMatch(block.Args)
	var nested []*crossplane.Directive
	reading.ownHeaders = false
	outer := reading.sets
	defer func() { reading.sets = outer }()
	reading.each(block.Block, func(directive *crossplane.Directive) {
		if directive.Directive == "location" {
			nested = append(nested, directive)
			return
		}
		reading.apply(&location, directive)
	})
	passedOn := inheritedFrom(location)
	location.Resolver = location.Resolver && strings.Contains(location.Pass, "$")
	location.Passes = reading.passes(location)
	server.Locations = append(server.Locations, location)
	inside = len(server.Locations)
	for _, inner := range nested {
		reading.readLocation(server, inner, passedOn, inside)
	}
}

// readLocationMatch reads "= /path", "=/path", "/path", "~ regex" and "@name".
func readLocationMatch(arguments []string) (match, name string) {
	if len(arguments) == 0 {
		return "", ""
	}
	if len(arguments) > 1 {
		return arguments[0], arguments[1]
	}
	for _, match := range []string{"=", "^~", "~*", "~"} {
		if name, found := strings.CutPrefix(arguments[0], match); found {
			return match, name
		}
	}
	if name, found := strings.CutPrefix(arguments[0], "@"); found {
		return "@", name
	}
	return "", arguments[0]
}

// apply takes note of one directive in a block. Blocks of the rewrite module ("if") hold
// for some requests only, and are passed over.
func (reading *reading) apply(scope *Location, directive *crossplane.Directive) {
	first := firstOf(directive.Args)
	switch directive.Directive {
	case "root", "alias":
		scope.Root, scope.Alias, scope.AliasPath = first, "", ""
		if directive.Directive == "alias" {
			scope.Root, scope.Alias = "", first
			if !strings.HasPrefix(scope.Match, "~") {
				scope.AliasPath = scope.Path
			}
		}
		scope.RootFile, scope.RootLine = reading.dump.place(directive)
	case "proxy_pass", "uwsgi_pass", "grpc_pass", "fastcgi_pass", "scgi_pass":
		scope.Pass, scope.PassKind = first, directive.Directive
		scope.PassFile, scope.PassLine = reading.dump.place(directive)
	case "proxy_set_header":
		reading.readHeader(scope, directive.Args)
	case "try_files":
		scope.TryFiles = directive.Args
	case "error_page":
		scope.NotFound = cmp.Or(notFoundPage(directive.Args), scope.NotFound)
	case "return":
		scope.Return = strings.Join(directive.Args, " ")
	case "gzip_static":
		scope.GzipStatic = first == "on" || first == "always"
	case "brotli_static":
		scope.BrotliStatic = first == "on" || first == "always"
	case "open_file_cache":
		scope.OpenFileCache = first != "off"
	case "proxy_cache":
		scope.ProxyCache = unlessOff(first)
	case "proxy_cache_valid":
		if count := len(directive.Args); count > 0 {
			scope.ProxyCacheSeconds = max(scope.ProxyCacheSeconds, seconds(directive.Args[count-1]))
		}
	case "expires":
		scope.Expires = unlessOff(strings.Join(directive.Args, " "))
	case "resolver":
		scope.Resolver = first != "off"
	case "set":
		reading.readSet(directive)
	case "rewrite":
		scope.Unread = directive.Directive
		if len(directive.Args) == 3 && directive.Args[2] == "break" && len(scope.Rewrite) == 0 {
			scope.Rewrite = directive.Args[:2]
		}
	default:
		reading.readSetsIn(directive)
		if mayAnswer(directive.Directive) {
			scope.Unread = directive.Directive
		}
	}
}

func unlessOff(value string) string {
	if value == "off" {
		return ""
	}
	return value
}

// seconds reads a time of Nginx's ("1h30m", "90"; the units are those of its
// documentation's page on syntax) in whole seconds; 0 where it is none.
func seconds(text string) int {
	units := map[byte]int{'s': 1, 'm': 60, 'h': 3600, 'd': 86400, 'w': 7 * 86400, 'M': 30 * 86400, 'y': 365 * 86400}
	const longest = 1 << 31
	total, number := 0, 0
	for index := range len(text) {
		unit, known := units[text[index]]
		switch digit := text[index]; {
		case digit >= '0' && digit <= '9':
			number = min(number*10+int(digit-'0'), longest)
		case !known:
			return 0
		case digit == 'm' && strings.HasPrefix(text[index:], "ms"):
			return total
		default:
			total, number = min(total+number*unit, longest), 0
		}
	}
	return min(total+number, longest)
}

func firstOf(arguments []string) string {
	if len(arguments) == 0 {
		return ""
	}
	return arguments[0]
}
