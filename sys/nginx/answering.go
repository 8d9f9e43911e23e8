package nginx

import (
	"slices"
	"strings"
)

// notFoundPage is where error_page sends what is not found: its last argument, where 404
// or 403 is among its codes (ngx_http_core_module, error_page).
func notFoundPage(arguments []string) string {
	if len(arguments) < 2 || !slices.Contains(arguments, "404") && !slices.Contains(arguments, "403") {
		return ""
	}
	return arguments[len(arguments)-1]
}

// mayAnswer tells a directive whose effect on who answers is not read: one of the rewrite
// module, or a handler of a module that Nginx need not have.
func mayAnswer(directive string) bool {
	for _, part := range []string{"content_by_", "rewrite_by_", "access_by_"} {
		if strings.HasPrefix(directive, part) {
			return true
		}
	}
	return slices.Contains([]string{"if", "rewrite", "js_content", "perl", "limit_except"}, directive) || strings.HasSuffix(directive, "_pass")
}

// AnsweringFor is the location that ends up with a request: the one that Nginx chooses for
// its path, or, where that has nothing to pass it to, the one that its try_files or
// error_page hands it on to, if that passes it to somebody.
func (server Server) AnsweringFor(requestPath string) (Location, bool) {
	chosen, ok := server.LocationFor(requestPath)
	if !ok {
		return Location{}, false
	}
	// Nginx itself gives up after ten internal redirects.
	const mostRedirects = 10
	location := chosen
	for range mostRedirects {
		if location.Pass != "" {
			return location, true
		}
		next, found := server.handedTo(location, requestPath)
		if !found {
			break
		}
		location = next
	}
	return chosen, true
}

// handedTo is where a location hands on what it has no file for.
func (server Server) handedTo(location Location, requestPath string) (Location, bool) {
	target := location.NotFound
	if count := len(location.TryFiles); count > 0 && !strings.HasPrefix(location.TryFiles[count-1], "=") {
		target = location.TryFiles[count-1]
	}
	if name, named := strings.CutPrefix(target, "@"); named {
		index := slices.IndexFunc(server.Locations, func(one Location) bool { return one.Match == "@" && one.Path == name })
		if index < 0 {
			return Location{}, false
		}
		return server.Locations[index], true
	}
	target = strings.ReplaceAll(target, "$uri", normalPath(requestPath))
	if !strings.HasPrefix(target, "/") {
		return Location{}, false
	}
	return server.LocationFor(target)
}

// RedirectsTo is where a location's return sends the visitor; ok is false where it does
// not. The codes are those of ngx_http_rewrite_module's return; an address alone is a 302.
func (location Location) RedirectsTo() (address string, ok bool) {
	code, rest, both := strings.Cut(location.Return, " ")
	if !both {
		return location.Return, strings.Contains(location.Return, "://")
	}
	return rest, slices.Contains([]string{"301", "302", "303", "307", "308"}, code)
}
