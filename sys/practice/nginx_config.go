package practice

import (
	"net/netip"
	"path"
	"regexp"
	"strings"

	crossplane "github.com/nginxinc/nginx-go-crossplane"
)

// nginxConfig is a configuration as a running Nginx holds it: names are resolved once,
// when it is loaded (G30).
type nginxConfig struct {
	servers   []*nginxServer
	upstreams map[string][]backend
	// caches maps a zone to its directory.
	caches map[string]string
}

type nginxServer struct {
	names     []string
	listens   []netip.AddrPort
	fallback  bool
	locations []*nginxLocation
}

// nginxLocation is a location with what is in force in it.
type nginxLocation struct {
	kind, path string
	pattern    *regexp.Regexp
	pass       string
	backends   []backend
	root       string
	alias      string
	tryFiles   []string
	gzipStatic bool
	cache      string
	expires    string
	headers    [][]string
	status     string
	turn       int
}

// backend is one address to proxy to.
type backend struct {
	unix    string
	address netip.AddrPort
}

// compile makes a configuration out of directives, or says why it is refused.
func (r *nginxFiles) compile() *nginxConfig {
	config := &nginxConfig{upstreams: map[string][]backend{}, caches: map[string]string{}}
	for _, top := range r.top {
		if top.Directive != "http" {
			continue
		}
		for _, each := range top.Block {
			switch each.Directive {
			case "upstream":
				for _, server := range each.Block {
					if server.Directive == "server" {
						config.upstreams[each.Args[0]] = append(config.upstreams[each.Args[0]],
							r.backends(strings.TrimPrefix(server.Args[0], "http://"), server, "80")...)
					}
				}
			case "proxy_cache_path":
				for _, argument := range each.Args {
					if zone, ok := strings.CutPrefix(argument, "keys_zone="); ok {
						zone, _, _ = strings.Cut(zone, ":")
						config.caches[zone] = each.Args[0]
					}
				}
			}
		}
		for _, each := range top.Block {
			if each.Directive == "server" {
				config.servers = append(config.servers, r.server(config, top.Block, each))
			}
		}
	}
	r.warnOfConflicts(config)
	return config
}

func (r *nginxFiles) server(config *nginxConfig, outer crossplane.Directives, from *crossplane.Directive) *nginxServer {
	made := &nginxServer{}
	for _, each := range from.Block {
		switch each.Directive {
		case "listen":
			made.listens = append(made.listens, listenAddress(each.Args[0])...)
			made.fallback = made.fallback || strings.Contains(strings.Join(each.Args, " "), "default_server")
		case "server_name":
			made.names = append(made.names, each.Args...)
		}
	}
	base := r.location(config, nil, outer)
	base = r.location(config, base, from.Block)
	made.locations = append(made.locations, base)
	for _, each := range from.Block {
		if each.Directive != "location" {
			continue
		}
		location := r.location(config, base, each.Block)
		location.kind, location.path = "", each.Args[0]
		if len(each.Args) > 1 {
			location.kind, location.path = each.Args[0], each.Args[1]
		}
		if strings.HasPrefix(location.kind, "~") && location.kind != "~" || location.kind == "~" {
			location.pattern = regexp.MustCompile(location.path)
		}
		made.locations = append(made.locations, location)
	}
	return made
}

// location lays the directives of a block over what is inherited; proxy_pass, alias and
// return are not inherited.
func (r *nginxFiles) location(config *nginxConfig, inherited *nginxLocation, block crossplane.Directives) *nginxLocation {
	made := &nginxLocation{}
	if inherited != nil {
		*made = *inherited
		made.pass, made.backends, made.alias, made.status = "", nil, "", ""
	}
	var headers [][]string
	for _, each := range block {
		switch each.Directive {
		case "proxy_pass":
			made.pass = each.Args[0]
			made.backends = r.passBackends(config, each)
		case "root":
			made.root, made.alias = each.Args[0], ""
		case "alias":
			made.alias = each.Args[0]
		case "try_files":
			made.tryFiles = each.Args
		case "gzip_static":
			made.gzipStatic = each.Args[0] == "on"
		case "proxy_cache":
			made.cache = strings.TrimSuffix(each.Args[0], "off")
		case "expires":
			made.expires = each.Args[0]
		case "add_header":
			headers = append(headers, each.Args)
		case "return":
			made.status = strings.Join(each.Args, " ")
		}
	}
	if headers != nil {
		made.headers = headers
	}
	return made
}

func (r *nginxFiles) passBackends(config *nginxConfig, from *crossplane.Directive) []backend {
	rest := strings.TrimPrefix(from.Args[0], "http://")
	if strings.HasPrefix(rest, "unix:") {
		return r.backends(strings.TrimSuffix(rest, ":"), from, "80")
	}
	host, _, _ := strings.Cut(rest, "/")
	if known, ok := config.upstreams[host]; ok {
		return known
	}
	return r.backends(host, from, "80")
}

// backends resolves one server; a name that is not known is refused.
func (r *nginxFiles) backends(server string, from *crossplane.Directive, port string) []backend {
	if unix, ok := strings.CutPrefix(server, "unix:"); ok {
		unix, _, _ = strings.Cut(unix, ":")
		return []backend{{unix: unix}}
	}
	host := server
	if cut := strings.LastIndex(server, ":"); cut > strings.LastIndex(server, "]") {
		host, port = server[:cut], server[cut+1:]
	}
	var result []backend
	for _, address := range r.box.resolve(strings.Trim(host, "[]")) {
		if parsed, err := netip.ParseAddrPort(netip.AddrPortFrom(address, 0).Addr().String() + ":" + port); err == nil {
			result = append(result, backend{address: parsed})
		} else if parsed, err := netip.ParseAddrPort("[" + address.String() + "]:" + port); err == nil {
			result = append(result, backend{address: parsed})
		}
	}
	if len(result) == 0 {
		r.fail(`host not found in upstream "%s" in %s:%d`, server, from.File, from.Line)
	}
	return result
}

// warnOfConflicts finds names that two server blocks of one address both claim (G35).
func (r *nginxFiles) warnOfConflicts(config *nginxConfig) {
	seen := map[string]bool{}
	for _, server := range config.servers {
		for _, listen := range server.listens {
			for _, name := range server.names {
				key := listen.String() + " " + name
				if seen[key] && name != "_" {
					r.warnings = append(r.warnings, `nginx: [warn] conflicting server name "`+name+`" on `+listen.String()+`, ignored`)
				}
				seen[key] = true
			}
		}
	}
}

func listenAddress(argument string) []netip.AddrPort {
	if parsed, err := netip.ParseAddrPort(argument); err == nil {
		return []netip.AddrPort{parsed}
	}
	if parsed, err := netip.ParseAddrPort("0.0.0.0:" + argument); err == nil {
		return []netip.AddrPort{parsed}
	}
	return nil
}

// choose is the location for a path by Nginx's order: exact, longest prefix with ^~,
// first regular expression, longest prefix.
func (s *nginxServer) choose(name string) *nginxLocation {
	best := s.locations[0]
	for _, each := range s.locations[1:] {
		switch {
		case each.kind == "=" && each.path == name:
			return each
		case each.pattern == nil && each.kind != "=" && !strings.HasPrefix(each.path, "@") &&
			strings.HasPrefix(name, each.path) && len(each.path) > len(best.path):
			best = each
		}
	}
	if best.kind == "^~" {
		return best
	}
	for _, each := range s.locations[1:] {
		if each.pattern != nil && each.pattern.MatchString(name) {
			return each
		}
	}
	return best
}

// named is a location that only other directives lead to.
func (s *nginxServer) named(name string) *nginxLocation {
	for _, each := range s.locations {
		if each.path == name {
			return each
		}
	}
	return nil
}

// file is what a location would serve for a path.
func (l *nginxLocation) file(name string) string {
	if l.alias != "" {
		return l.alias + strings.TrimPrefix(name, l.path)
	}
	if l.root != "" {
		return path.Join(l.root, name)
	}
	return path.Join("/usr/share/nginx/html", name)
}
