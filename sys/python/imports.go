package python

import (
	"regexp"
	"slices"
	"strings"

	"flasktui/sys"
)

// ImportedNames are the top-level names that a Python source imports, each once, in the
// order of its text; relative imports are left out. The text alone is read: a name that
// stands in a string, or in a branch that never runs, is among them.
func ImportedNames(source []byte) []string {
	var names []string
	statement := regexp.MustCompile(`(?m)^[ \t]*(?:from[ \t]+([A-Za-z_]\w*)[\w.]*[ \t]+import\b|import[ \t]+([^#;\r\n]+))`)
	for _, found := range statement.FindAllSubmatch(source, -1) {
		for part := range strings.SplitSeq(string(found[1])+","+string(found[2]), ",") {
			name, _, _ := strings.Cut(strings.TrimSpace(part), " ")
			name, _, _ = strings.Cut(name, ".")
			if sys.IsVariableName(name) && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}
