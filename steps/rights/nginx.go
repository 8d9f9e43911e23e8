package rights

import (
	"path"
	"slices"
	"strings"

	"flasktui/steps/report"
	"flasktui/sys"
)

// OfNginx is what the directives of one of Nginx's files (each a name and its values) give to
// whoever wrote them there: root's master writes where it did not before, or code is run. held are
// the files that the master has open, beside whose logs another log is everyday.
func OfNginx(directives [][]string, held []string) []report.KeyChange {
	var changes []report.KeyChange
	for _, words := range directives {
		name, value := words[0], strings.Join(words[1:min(len(words), 2)], "")
		change := report.KeyChange{Key: string(sys.Safe(name)), Then: string(sys.Safe(value))}
		switch {
		case name == "access_log" || name == "error_log":
			writes := value != "off" && value != "stderr" && !strings.HasPrefix(value, "syslog:") && !strings.HasPrefix(value, "memory:") && !strings.Contains(value, "$")
			if !writes || besideOpen(value, held) {
				continue
			}
			change.Gives = "a file that root opens to write"
		case strings.HasSuffix(name, "_temp_path") || strings.HasSuffix(name, "_cache_path") || name == "pid" || name == "lock_file":
			change.Gives = "a path that root makes"
		case name == "load_module" || name == "user" || strings.HasPrefix(name, "perl") || strings.HasPrefix(name, "js_") || strings.HasPrefix(name, "lua_") || strings.Contains(name, "_by_lua"):
			change.Gives = "code, or a user, that Nginx runs with its rights"
		default:
			continue
		}
		changes = append(changes, change)
	}
	return changes
}

// besideOpen tells a log that is open already, or one that would lie beside such.
func besideOpen(name string, held []string) bool {
	return slices.ContainsFunc(held, func(file string) bool {
		return file == name || path.Ext(file) == ".log" && path.Ext(name) == ".log" && path.Dir(file) == path.Dir(path.Clean(name))
	})
}
