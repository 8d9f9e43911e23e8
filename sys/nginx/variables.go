package nginx

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	crossplane "github.com/nginxinc/nginx-go-crossplane"
)

// This file is what a variable that chooses the backend can hold (G56): the constants that
// split_clients, map, geo and set give to it.

// mostPasses bounds how many values one argument comes to; where there are more, none is told.
const mostPasses = 16

// readVariable reads the block of a split_clients, a map or a geo: its last argument is the
// variable, and each line a value (ngx_http_split_clients_module, ngx_http_map_module,
// ngx_http_geo_module). A variable that none of a map's lines fits is empty.
func (reading *reading) readVariable(block *crossplane.Directive) {
	if len(block.Args) == 0 {
		return
	}
	name := block.Args[len(block.Args)-1]
	reading.each(block.Block, func(line *crossplane.Directive) {
		if len(line.Args) == 1 && !slices.Contains([]string{"proxy", "delete"}, line.Directive) {
			if reading.variables == nil {
				reading.variables = map[string][]string{}
			}
			reading.variables[name] = append(reading.variables[name], line.Args[0])
		}
	})
}

// readSet takes note of a set, which takes the place of what was set before it.
func (reading *reading) readSet(directive *crossplane.Directive) {
	if len(directive.Args) == 2 {
		reading.sets = maps.Clone(reading.sets)
		if reading.sets == nil {
			reading.sets = map[string][]string{}
		}
		reading.sets[directive.Args[0]] = []string{directive.Args[1]}
	}
}

// readSetsIn takes note of those that hold for some requests only: the ones in an "if".
func (reading *reading) readSetsIn(block *crossplane.Directive) {
	if block.Directive != "if" {
		return
	}
	reading.each(block.Block, func(directive *crossplane.Directive) {
		if directive.Directive != "set" || len(directive.Args) != 2 {
			return
		}
		before := reading.sets[directive.Args[0]]
		reading.readSet(directive)
		reading.sets[directive.Args[0]] = append(slices.Clone(before), directive.Args[1])
	})
}

// passes is all that a location's Pass can come to, where variables stand in it.
func (reading *reading) passes(location Location) []string {
	if !strings.Contains(location.Pass, "$") {
		return nil
	}
	values, ok := reading.values(location.Pass, 0)
	if !ok {
		return nil
	}
	slices.Sort(values)
	return slices.Compact(values)
}

// values is all that a text can come to; ok is false where it holds a variable to
// which other things than constants are given.
func (reading *reading) values(text string, depth int) (values []string, ok bool) {
	// Values that name each other are no configuration.
	const deepest = 8
	at := variable().FindStringIndex(text)
	if len(at) == 0 || inPath(text[:at[0]]) {
		return []string{text}, true
	}
	name := "$" + strings.Trim(text[at[0]:at[1]], "${}")
	given := reading.sets[name]
	if len(given) == 0 {
		given = reading.variables[name]
	}
	if slices.Contains([]string{"$uri", "$document_uri", "$request_uri"}, name) {
		given = []string{"/"}
	}
	if len(given) == 0 || depth > deepest {
		return nil, false
	}
	for _, value := range given {
		more, ok := reading.values(text[:at[0]]+value+text[at[1]:], depth+1)
		if !ok || len(values)+len(more) > mostPasses {
			return nil, false
		}
		values = append(values, more...)
	}
	return values, true
}

// inPath tells whether what follows stands behind the address, and has no say in who is asked.
func inPath(before string) bool {
	_, address, found := strings.Cut(before, "://")
	if socket, isSocket := strings.CutPrefix(address, "unix:"); isSocket {
		return strings.Contains(socket, ":")
	}
	return found && strings.Contains(address, "/")
}

var variable = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\$(?:\{\w+\}|\w+)`) })
