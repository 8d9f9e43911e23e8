package cli

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestAHostsReportIsOpenedFromTheTable: who names a file at a terminal reads each report by enter,
// and has the table on the normal screen afterwards.
func TestAHostsReportIsOpenedFromTheTable(t *testing.T) {
	t.Parallel()
	reports, err := filepath.Abs("testdata/report")
	if err != nil {
		t.Fatal(err)
	}
	p := sit(t, nil, "fleet", filepath.Join(reports, "stale.json"))
	p.sees("enter open", 1)
	p.types("\r")
	p.sees("read only", 1)
	p.sees("systemctl restart shop.service", 1)
	p.types("\x1b")
	p.sees("enter open", 2)
	p.types("q")
	status, screen := p.leaves()
	_, after, _ := strings.Cut(screen, "\x1b[?1049l")
	if status != 1 || !strings.Contains(after, "web-1") || !strings.Contains(after, "The one box is not seen to serve") {
		t.Errorf("exit %d, and left on the screen: %q", status, after)
	}
}
