package matrix

import (
	_ "embed"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

//go:embed known.txt
var knownText string

// knownHead stands at the top of the list.
const knownHead = `# Rows of the truth matrix that are known to mislead: row, truth, what root and what a user
# without rights are told; and what of all rows stays undecided, where that is over its bound.
# What holds has to leave the list, and nothing may join it.
`

// Names in the list of what is no row: a share of all of them that is over its bound.
const (
	overAsRoot = "(undecided-as-root)"
	overAsUser = "(undecided-without-rights)"
)

// over are the shares that are over their bounds, as the list has them.
func (c counts) over() map[string]string {
	shares := map[string]string{}
	asRoot, asUser := c.shares()
	if asRoot > mostAsRoot {
		shares[overAsRoot] = fmt.Sprintf("%d %%", asRoot)
	}
	if asUser > mostAsUser {
		shares[overAsUser] = fmt.Sprintf("%d %%", asUser)
	}
	return shares
}

// known are the rows of the list, each with the rest of its line.
func known(text string) map[string]string {
	rows := map[string]string{}
	for line := range strings.Lines(text) {
		row, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		if row != "" && row != "#" {
			rows[row] = strings.TrimSpace(rest)
		}
	}
	return rows
}

// keep writes the list anew: of the rows that were looked at, those that mislead; and where
// these are all there are, what stays undecided.
func keep(path string, rows map[string]string, looks []look, whole bool) error {
	if whole {
		delete(rows, overAsRoot)
		delete(rows, overAsUser)
		maps.Copy(rows, count(looks).over())
	}
	for _, l := range looks {
		delete(rows, l.row)
		if len(l.faults()) > 0 {
			rows[l.row] = l.line()
		}
	}
	var out strings.Builder
	out.WriteString(knownHead)
	for _, row := range slices.Sorted(maps.Keys(rows)) {
		fmt.Fprintf(&out, "%-54s %s\n", row, rows[row])
	}
	return os.WriteFile(path, []byte(out.String()), 0o644)
}

// line is a row without its name, as the list has it.
func (l look) line() string { return fmt.Sprintf("%-5s  root %s  user %s", l.is, l.root, l.user) }
