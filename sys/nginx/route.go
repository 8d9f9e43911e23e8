package nginx

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
)

// LocationFor is the location that Nginx would choose for a path, by its own order:
// exact, longest prefix with ^~, first regular expression, longest prefix; and inside
// that one the same again among those nested in it. What no location matches is for the
// server block itself. Regular expressions are read as Go's, and the lookaheads that
// those do not know are approximated.
func (server Server) LocationFor(requestPath string) (Location, bool) {
	index, _ := server.find(normalPath(requestPath), 0)
	if last := len(server.Locations) - 1; index < 0 && last >= 0 && server.isOwn(last) {
		index = last
	}
	if index < 0 {
		return Location{}, false
	}
	return server.Locations[index], true
}

// isOwn tells the location that stands for the server block: the last one, by its place in
// the file. In a block that is written on one line others stand at that place as well.
func (server Server) isOwn(index int) bool {
	location := server.Locations[index]
	return index == len(server.Locations)-1 && location.Match == "" && location.Path == "/" && location.File == server.File && location.Line == server.Line && location.Line > 0
}

// find looks among the locations inside one (0: the server block). It gives -1 where none
// matches; final says that no expression further out may have a say.
func (server Server) find(requestPath string, inside int) (best int, final bool) {
	best = -1
	// What is nested stands after what it is nested in; saved facts that say otherwise
	// must not lead in a circle.
	for index := inside; index < len(server.Locations); index++ {
		location := server.Locations[index]
		if location.Inside != inside || server.isOwn(index) {
			continue
		}
		switch location.Match {
		case "=":
			if location.Path == requestPath {
				return index, true
			}
		case "", "^~":
			if strings.HasPrefix(requestPath, location.Path) && (best < 0 || len(location.Path) > len(server.Locations[best].Path)) {
				best = index
			}
		}
	}
	expressions := true
	if best >= 0 {
		expressions = server.Locations[best].Match != "^~"
		if nested, final := server.find(requestPath, best+1); nested >= 0 {
			if final {
				return nested, true
			}
			best = nested
		}
	}
	for index := inside; index < len(server.Locations); index++ {
		location := server.Locations[index]
		if !expressions || location.Inside != inside || !strings.HasPrefix(location.Match, "~") {
			continue
		}
		if expressionMatches(location.Path, location.Match == "~*", requestPath) {
			if nested, _ := server.find(requestPath, index+1); nested >= 0 {
				return nested, true
			}
			return index, true
		}
	}
	return best, false
}

// normalPath is a request's path as locations see it: without query, decoded, with
// slashes merged and dots resolved.
func normalPath(requestPath string) string {
	requestPath, _, _ = strings.Cut(requestPath, "?")
	if decoded, err := url.PathUnescape(requestPath); err == nil {
		requestPath = decoded
	}
	clean := path.Clean("/" + requestPath)
	if strings.HasSuffix(requestPath, "/") && clean != "/" {
		clean += "/"
	}
	return clean
}

// expressionMatches reads PCRE as far as Go's syntax goes. A negative lookahead
// without brackets in it ("/\.(?!well-known)") is read as: matches without it, and not
// with what it forbids in its place.
func expressionMatches(expression string, foldCase bool, text string) bool {
	if foldCase {
		expression = "(?i)" + expression
	}
	if compiled, err := regexp.Compile(expression); err == nil {
		return compiled.MatchString(text)
	}
	before, rest, found := strings.Cut(expression, "(?!")
	forbidden, after, closed := strings.Cut(rest, ")")
	if !found || !closed || strings.Contains(forbidden, "(") {
		return false
	}
	allowed, err := regexp.Compile(before + after)
	if err != nil || !allowed.MatchString(text) {
		return false
	}
	excluded, err := regexp.Compile(before + "(?:" + forbidden + ")")
	return err == nil && !excluded.MatchString(text)
}

// FileFor is the file that the location would serve for a path, by root or alias; empty
// where it serves none, or where that depends on a variable.
func (location Location) FileFor(requestPath string) string {
	if location.Pass != "" || location.Return != "" {
		return ""
	}
	uri := normalPath(requestPath)
	file := location.Root + uri
	if location.Alias != "" {
		prefix := location.AliasPath
		isExpression := strings.HasPrefix(location.Match, "~")
		if prefix == "" && !isExpression {
			prefix = location.Path
		}
		if !strings.HasPrefix(uri, prefix) {
			return ""
		}
		file = location.Alias + uri[len(prefix):]
		if prefix == "" {
			file = expandCaptures(location.Alias, location.Path, location.Match == "~*", uri)
		}
	}
	if !path.IsAbs(file) || strings.Contains(location.Root+location.Alias, "$") && strings.Contains(file, "$") {
		return ""
	}
	if strings.HasSuffix(file, "/") {
		file += "index.html"
	}
	return path.Clean(file)
}

// expandCaptures puts what a location's expression captured into its alias ("/srv/$1").
func expandCaptures(alias, expression string, foldCase bool, text string) string {
	if foldCase {
		expression = "(?i)" + expression
	}
	compiled, err := regexp.Compile(expression)
	if err != nil {
		return ""
	}
	found := compiled.FindStringSubmatch(text)
	for index := min(len(found)-1, 9); index > 0; index-- {
		alias = strings.ReplaceAll(alias, "$"+string(rune('0'+index)), found[index])
	}
	for index, name := range compiled.SubexpNames() {
		if name != "" && index < len(found) {
			alias = strings.ReplaceAll(alias, "$"+name, found[index])
		}
	}
	return alias
}

// Backends are the addresses behind a location's Pass, or behind each of its Passes:
// "unix:/path", or "host:port" with the port completed. An upstream block is followed by its
// name; a Pass with a variable that may hold anything cannot be followed and gives none.
func (config Config) Backends(location Location) []UpstreamServer {
	passes := location.Passes
	if len(passes) == 0 {
		passes = []string{location.Pass}
	}
	var backends []UpstreamServer
	for _, pass := range passes {
		for _, backend := range config.behind(pass, location.PassLine) {
			if !slices.ContainsFunc(backends, func(one UpstreamServer) bool { return one.Address == backend.Address }) {
				backends = append(backends, backend)
			}
		}
	}
	return backends
}

// behind are the backends to which one constant argument of proxy_pass leads.
func (config Config) behind(pass string, line int) []UpstreamServer {
	address, port := passAddress(pass)
	if address == "" || strings.Contains(address, "$") {
		return nil
	}
	for _, upstream := range config.Upstreams {
		if strings.EqualFold(upstream.Name, address) {
			servers := slices.Clone(upstream.Servers)
			for index := range servers {
				servers[index].Address = plainSocket(servers[index].Address)
			}
			return servers
		}
	}
	return []UpstreamServer{{Address: completePort(address, port), Line: line}}
}

// plainSocket writes the path of a Unix socket with one slash at its beginning: "unix:///run/a.sock"
// is the same place for the kernel.
func plainSocket(address string) string {
	if rest, isSocket := strings.CutPrefix(address, "unix:/"); isSocket {
		return "unix:/" + strings.TrimLeft(rest, "/")
	}
	return address
}

// passAddress takes scheme and path off: "http://unix:/run/a.sock:/b" is
// "unix:/run/a.sock", and "https://app/x" is "app" with the port 443.
func passAddress(pass string) (address, port string) {
	port = "80"
	if strings.HasPrefix(pass, "unix:") {
		// Behind "unix:" comes a path, which may begin with several slashes.
		pass, _, _ = strings.Cut(strings.TrimPrefix(pass, "unix:"), ":")
		return plainSocket("unix:" + pass), ""
	}
	scheme, rest, found := strings.Cut(pass, "://")
	if found {
		if scheme == "https" || scheme == "grpcs" {
			port = "443"
		}
		pass = rest
	}
	if socket, isSocket := strings.CutPrefix(pass, "unix:"); isSocket {
		socket, _, _ = strings.Cut(socket, ":")
		return plainSocket("unix:" + socket), ""
	}
	address, _, _ = strings.Cut(pass, "/")
	return address, port
}
