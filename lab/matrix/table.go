package matrix

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
)

// Bounds of what may stay undecided, in percent of the rows.
const (
	mostAsRoot = 12
	mostAsUser = 35
)

// counts are what the matrix is measured by.
type counts struct {
	rows, fresh, alarms  int // FRESH on old code, and an alarm on the same, by row
	undecidedRoot        int
	asked, undecidedUser int // of a user without rights
}

func count(looks []look) counts {
	c := counts{rows: len(looks)}
	for _, l := range looks {
		faults := strings.Join(l.faults(), " ")
		if strings.Contains(faults, "FRESH") {
			c.fresh++
		}
		if strings.Contains(faults, "alarm") {
			c.alarms++
		}
		if l.root.undecided() {
			c.undecidedRoot++
		}
		if l.user.asked() {
			c.asked++
		}
		if l.user.undecided() {
			c.undecidedUser++
		}
	}
	return c
}

// shares are what stays undecided, in percent.
func (c counts) shares() (asRoot, asUser int) {
	return c.undecidedRoot * 100 / max(1, c.rows), c.undecidedUser * 100 / max(1, c.asked)
}

func (c counts) String() string {
	asRoot, asUser := c.shares()
	return fmt.Sprintf("%d rows: FRESH on old code %d, alarm on the same code %d, undecided as root %d (%d %%, bound %d), without rights %d of %d (%d %%, bound %d)",
		c.rows, c.fresh, c.alarms, c.undecidedRoot, asRoot, mostAsRoot, c.undecidedUser, c.asked, asUser, mostAsUser)
}

// table is every row, for people, and the counts.
func table(looks []look) string {
	looks = slices.SortedFunc(slices.Values(looks), func(a, b look) int { return strings.Compare(a.row, b.row) })
	var out strings.Builder
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ROW\tTRUTH\tROOT IS TOLD\tA USER IS TOLD\tWRONG")
	for _, l := range looks {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", l.row, l.is, l.root, l.user, strings.Join(l.faults(), ", "))
	}
	_ = w.Flush()
	return out.String() + count(looks).String()
}
