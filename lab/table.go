package lab

import (
	"fmt"
	"strings"
	"sync"
	"text/tabwriter"
)

// Table collects what flasktui said of each box.
type Table struct {
	mu   sync.Mutex
	rows []*Row
}

// Row is one box: what flasktui found, what cured it, and whether the site then
// served what it should.
type Row struct {
	Fault, Verdict, Cause, Fix, Live string
	Right                            bool
}

// Row adds a row to the table. It is its caller's to fill in.
func (t *Table) Row(fault string) *Row {
	t.mu.Lock()
	defer t.mu.Unlock()
	r := &Row{Fault: fault}
	t.rows = append(t.rows, r)
	return r
}

// String is the table, for people.
func (t *Table) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var out strings.Builder
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "FAULT\tVERDICT\tFIRST CAUSE\tFIX\tLIVE\t")
	wrong := 0
	for _, r := range t.rows {
		note := ""
		if !r.Right {
			note = "WRONG"
			wrong++
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", r.Fault, dash(r.Verdict), dash(r.Cause), dash(r.Fix), dash(r.Live), note)
	}
	_ = w.Flush()
	fmt.Fprintf(&out, "%d boxes, %d wrong\n", len(t.rows), wrong)
	return out.String()
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
