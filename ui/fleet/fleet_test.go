package fleet

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/ui/render"
)

func looked(host, commit, marker string, verdict report.Verdict) Document {
	release := report.ReleaseSummary{ID: sys.Text(marker), Commit: sys.Text(commit), Marker: sys.Text(marker)}
	return Document{Report: report.Report{
		Host: report.HostSummary{Hostname: sys.Text(host), ID: sys.Text(host + "-0001")}, Verdict: verdict,
		Releases: report.Releases{OnDisk: release, Loaded: release},
	}}
}

func TestHostsAgreeOnlyWhereOneReleaseIsSeenOnAll(t *testing.T) {
	t.Parallel()
	full := strings.Repeat("ab", 20)
	for name, c := range map[string]struct {
		documents []Document
		agree     bool
		exit      int
	}{
		"none":                        {nil, false, 2},
		"one, which has no name":      {[]Document{looked("a", "", "", report.Fresh)}, true, 0},
		"one commit, told at length":  {[]Document{looked("a", full, "", report.Fresh), looked("b", full[:7], "", report.Fresh)}, true, 0},
		"two commits":                 {[]Document{looked("a", full, "v2", report.Fresh), looked("b", "cd"+full[2:], "v2", report.Fresh)}, false, 1},
		"two commits, and one untold": {[]Document{looked("a", full, "", report.Fresh), looked("b", "", "", report.Fresh), looked("c", "cdcdcdc", "", report.Fresh)}, false, 1},
		"a marker where no commit is": {[]Document{looked("a", full, "v2", report.Fresh), looked("b", "", "v2", report.Fresh)}, true, 0},
		"nothing to tell them by":     {[]Document{looked("a", full, "", report.Fresh), looked("b", "", "v2", report.Fresh)}, false, 2},
		"one is not known":            {[]Document{looked("a", full, "", report.Fresh), looked("b", full, "", report.Inconclusive)}, true, 2},
		"wrong counts before unknown": {[]Document{looked("a", full, "", report.Inconclusive), looked("b", full, "", report.Down)}, true, 1},
	} {
		got := Compare(c.documents, Asked{})
		if got.Agree != c.agree || got.Exit != c.exit {
			t.Errorf("%s: agree %t, exit %d: %s", name, got.Agree, got.Exit, got.Summary)
		}
	}
}

func TestHostsOfOneNameAreToldApart(t *testing.T) {
	t.Parallel()
	one, other := looked("web", "", "v2", report.Fresh), looked("web", "", "v2", report.Fresh)
	one.Report.Host.ID, other.Report.Host.ID = "111111111", "222222222"
	got := Compare([]Document{one, other}, Asked{Hosts: []string{"WEB"}})
	if len(got.Hosts) != 2 || got.Hosts[0].Host != "web (111111)" || got.Hosts[1].Host != "web (222222)" {
		t.Errorf("%+v", got.Hosts)
	}
}

// TestOnePlanIsOneConfirmation: hosts whose plans have one digest share a cure; another plan of the
// same fix is a cure of its own.
func TestOnePlanIsOneConfirmation(t *testing.T) {
	t.Parallel()
	sick := func(host, digest string) Document {
		document := looked(host, "", "v1", report.Stale)
		document.Report.Causes = []report.Finding{{ID: "service-not-restarted", Confidence: report.Certain, Fixes: []string{"restart"}}}
		document.Report.Fixes = []report.Plan{{ID: "restart", Commands: [][]string{{"systemctl", "restart", "shop"}}, Digest: digest}}
		return document
	}
	got := Compare([]Document{sick("web1", "aa"), sick("web2", "bb"), sick("web3", "aa")}, Asked{})
	if len(got.Cures) != 2 || len(got.Cures[0].Hosts) != 2 || got.Cures[0].Digest != "aa" || got.Cures[1].Digest != "bb" {
		t.Errorf("%+v", got.Cures)
	}
}

// TestWhatMayBeMeantIsNotCured: for a possible cause the table offers nothing, as `fix` runs nothing.
func TestWhatMayBeMeantIsNotCured(t *testing.T) {
	t.Parallel()
	document := looked("web1", "", "v1", report.Fresh)
	document.Report.Causes = []report.Finding{{ID: "daemon-reload-needed", Confidence: report.Possible, Fixes: []string{"daemon-reload"}}}
	document.Report.Fixes = []report.Plan{{ID: "daemon-reload", Commands: [][]string{{"systemctl", "daemon-reload"}}, Digest: "aa"}}
	if got := Compare([]Document{document}, Asked{}); len(got.Cures) != 0 || got.Hosts[0].Fix != "" {
		t.Errorf("%+v", got)
	}
}

// TestAHostIsKnownByTheNameOfItsFile, which is what an inventory calls it.
func TestAHostIsKnownByTheNameOfItsFile(t *testing.T) {
	t.Parallel()
	one := looked("ip-10-0-0-7", "", "v2", report.Fresh)
	one.From = "web1"
	if got := Compare([]Document{one}, Asked{Hosts: []string{"web1", "web2"}}); len(got.Hosts) != 2 || got.Hosts[1].Host != "web2" {
		t.Errorf("%+v", got.Hosts)
	}
}

// TestWhatAHostSendsStaysText: in no form does a document of a stranger's end its cell, its line
// or its element.
func TestWhatAHostSendsStaysText(t *testing.T) {
	t.Parallel()
	sent := `{"schema":"flasktui/report/1","host":{"hostname":"a\u001b[2J|<b>\n"},"target":{"service":"x|y\nz"},"verdict":"fresh","summary":"s"}` +
		`{"schema":"flasktui/error/1","error":"\u001b]0;t\u0007|</testcase>","host":{"hostname":"b"}}{"schema":"x/1"}{"schema":"flasktui/report/1","verdict":"live"}{`
	documents := Read("stream", strings.NewReader(sent), false)
	if len(documents) != 5 {
		t.Fatalf("%d documents", len(documents))
	}
	for _, format := range Formats() {
		var page bytes.Buffer
		if err := Write(&page, format, Compare(documents, Asked{Now: time.Unix(1, 0)}), false); err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(page.String(), "\x1b\x07") || strings.Contains(page.String(), "<b>") && format != render.Text && format != render.JSON && format != render.Nagios {
			t.Errorf("%s: %q", format, page.String())
		}
		if format == render.Markdown && strings.Count(page.String(), "\n| ") != 7 {
			t.Errorf("%d rows:\n%s", strings.Count(page.String(), "\n| "), page.String())
		}
	}
}

// TestAThousandHostsAreOneTable keeps what grows with the number of hosts in view.
func TestAThousandHostsAreOneTable(t *testing.T) {
	t.Parallel()
	var documents []Document
	for number := range 1000 {
		documents = append(documents, looked(fmt.Sprintf("web%d", number), "", "v2", report.Fresh))
	}
	if got := Compare(documents, Asked{}); got.Exit != 0 || len(got.Hosts) != 1000 || got.Summary != "All 1000 boxes serve the release that is on their disk." {
		t.Errorf("exit %d, %d hosts: %s", got.Exit, len(got.Hosts), got.Summary)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"schema":"flasktui/report/1","verdict":"fresh"}{"schema":"flasktui/error/1"}`))
	f.Add([]byte(`{`))
	f.Fuzz(func(t *testing.T, sent []byte) {
		documents := Read("fed", bytes.NewReader(sent), true)
		if len(documents) == 0 {
			t.Error("nothing is told of what was fed")
		}
		compared := Compare(documents, Asked{})
		for _, format := range Formats() {
			var page bytes.Buffer
			if err := Write(&page, format, compared, false); err != nil {
				t.Error(err)
			}
		}
		drawn := seated(compared, documents, 80, 24)
		for _, pressed := range []tea.KeyType{tea.KeyEnter, tea.KeyDown, tea.KeyEsc, tea.KeyDown, tea.KeyEnter} {
			drawn, _ = drawn.press(tea.KeyMsg{Type: pressed})
			if page := drawn.View(); strings.Count(page, "\n") > 23 {
				t.Errorf("%d lines", strings.Count(page, "\n")+1)
			}
		}
	})
}
