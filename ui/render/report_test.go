package render

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"
	"github.com/google/go-cmp/cmp"

	"flasktui/steps/report"
)

func write(t *testing.T, format Format, report report.Report, style Style) []byte {
	t.Helper()
	var written bytes.Buffer
	if err := Write(&written, format, report, style); err != nil {
		t.Fatal(err)
	}
	return written.Bytes()
}

func TestGolden(t *testing.T) {
	t.Parallel()
	fresh := example()
	fresh.Verdict, fresh.Summary, fresh.Causes, fresh.Fixes = report.Fresh, "9ab31e is live on every hop", nil, nil
	open := example()
	open.Verdict, open.Summary, open.Causes = report.Inconclusive, "the working directory could not be read", nil
	cases := map[string]struct {
		format Format
		report report.Report
		style  Style
	}{
		"text":          {Text, example(), Style{}},
		"text-narrow":   {Text, example(), Style{Width: 40}},
		"text-color":    {Text, example(), Style{Color: true, Unicode: true, Width: 120}},
		"text-fresh":    {Text, fresh, Style{}},
		"text-open":     {Text, open, Style{}},
		"text-empty":    {Text, report.Report{}, Style{}},
		"json":          {JSON, example(), Style{Indent: true}},
		"json-empty":    {JSON, report.Report{}, Style{Indent: true}},
		"json-line":     {JSON, report.Report{}, Style{}},
		"markdown":      {Markdown, example(), Style{}},
		"nagios":        {Nagios, example(), Style{}},
		"junit":         {JUnit, example(), Style{}},
		"junit-nothing": {JUnit, report.Report{}, Style{}},
		"prometheus":    {Prometheus, example(), Style{}},
		"html":          {HTML, example(), Style{}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			golden.RequireEqual(t, write(t, c.format, c.report, c.style))
		})
	}
}

func TestTextFitsItsWidthAndIsPlain(t *testing.T) {
	t.Parallel()
	for _, width := range []int{0, 40, 60, 80, 100} {
		limit := Style{Width: width}.width()
		for line := range strings.Lines(string(write(t, Text, example(), Style{Width: width}))) {
			line = strings.TrimSuffix(line, "\n")
			if strings.Trim(line, " ~") == "" && line != "" {
				t.Errorf("width %d: a line of nothing but blanks", width)
			}
			if strings.HasPrefix(strings.TrimSpace(line), "$ ") {
				continue // Commands are never broken.
			}
			if ansi.StringWidth(line) > limit {
				t.Errorf("width %d: too long: %q", width, line)
			}
			if strings.ContainsFunc(line, func(r rune) bool { return r > '~' || r < ' ' }) {
				t.Errorf("width %d: not plain ASCII: %q", width, line)
			}
		}
	}
}

// contract is the shape of the report, key by key, in the contract's order; the time line and a
// plan's digest came to it later, as the last keys here.
const contract = `schema generated_at duration_ms host version target verdict summary proof releases path causes steps fixes checklist commands timeline
host: hostname id user privilege
target: service server manager app_dir url expect
releases: on_disk loaded served
on_disk: id path directory commit marker changed_at source
served: id path directory commit marker changed_at source values
values: value count
timeline: at side what source state
proof: claim state because causes evidence
path: hop label state detail step
causes: id title confidence step why evidence fixes advice follows
evidence: label value source
steps: number id title status summary reason evidence fixes duration_ms
fixes: id title commands effect risk undo blocked digest
checklist: item status step
commands: argv exit duration_ms elevated`

func TestJSONHasTheContractsFields(t *testing.T) {
	t.Parallel()
	var report map[string]any
	if err := json.Unmarshal(write(t, JSON, example(), Style{}), &report); err != nil {
		t.Fatal(err)
	}
	seen := map[string][]string{}
	var walk func(name string, value any)
	walk = func(name string, value any) {
		switch value := value.(type) {
		case map[string]any:
			seen[name] = slices.Sorted(maps.Keys(value))
			for key, inner := range value {
				walk(key, inner)
			}
		case []any:
			for _, inner := range value {
				walk(name, inner)
			}
		}
	}
	walk("", report)
	for i, line := range strings.Split(contract, "\n") {
		name, fields := "", line
		if i > 0 {
			name, fields, _ = strings.Cut(line, ": ")
		}
		// "fixes" and "commands" are also lists of words elsewhere; only objects are seen.
		if diff := cmp.Diff(slices.Sorted(slices.Values(strings.Fields(fields))), seen[name]); diff != "" {
			t.Errorf("fields of %q (-contract +written):\n%s", name, diff)
		}
	}
	if _, plain := seen["argv"]; plain || report["schema"] != "flasktui/report/1" {
		t.Error("not the contract's report")
	}
}

func TestJSONListsAreNeverNull(t *testing.T) {
	t.Parallel()
	hollow := report.Report{
		Proof: []report.Claim{{}}, Causes: []report.Finding{{}}, Steps: []report.Result{{}}, Fixes: []report.Plan{{Commands: [][]string{nil}}, {}},
		Commands: []report.CommandRecord{{}}, GeneratedAt: at("01:00:00"),
		Releases: report.Releases{
			OnDisk: report.ReleaseSummary{ChangedAt: at("01:00:00")}, Loaded: report.ReleaseSummary{ChangedAt: at("01:00:00")},
			Served: report.ServedRelease{ReleaseSummary: report.ReleaseSummary{ChangedAt: at("01:00:00")}},
		},
	}
	if written := write(t, JSON, hollow, Style{}); bytes.Contains(written, []byte("null")) {
		t.Errorf("a null in\n%s", written)
	}
	if hollow.Causes[0].Fixes != nil || hollow.Fixes[0].Commands[0] != nil {
		t.Error("writing a report changed it")
	}
}

func TestJSONIsReadBackUnchanged(t *testing.T) {
	t.Parallel()
	var read report.Report
	if err := json.Unmarshal(write(t, JSON, example(), Style{}), &read); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(write(t, JSON, example(), Style{})), string(write(t, JSON, read, Style{}))); diff != "" {
		t.Errorf("(-written +read back):\n%s", diff)
	}
}

func TestJUnitHasFourteenCasesAndIsXML(t *testing.T) {
	t.Parallel()
	report := example()
	report.Steps[0].Summary = "a \x00 control & <tag> \xff"
	var suite junitSuite
	if err := xml.Unmarshal(write(t, JUnit, report, Style{}), &suite); err != nil {
		t.Fatal(err)
	}
	if len(suite.Cases) != 14 || suite.Tests != 14 || suite.Failures != 1 || suite.Errors != 1 || suite.Skipped != 1 {
		t.Errorf("%d cases, %d failures, %d errors, %d skipped", len(suite.Cases), suite.Failures, suite.Errors, suite.Skipped)
	}
}

func TestNagiosIsOneLineWithOneBar(t *testing.T) {
	t.Parallel()
	for verdict, want := range map[report.Verdict]string{
		report.Fresh: "OK", report.Mixed: "WARNING", report.Stale: "CRITICAL", report.Down: "CRITICAL", report.Inconclusive: "UNKNOWN", "": "UNKNOWN",
	} {
		report := example()
		report.Verdict, report.Summary = verdict, "a | b\nc"
		line := string(write(t, Nagios, report, Style{}))
		if !strings.HasPrefix(line, "FLASKTUI "+want+" - ") || strings.Count(line, "\n") != 1 || strings.Count(line, "|") != 1 {
			t.Errorf("%s: %q", verdict, line)
		}
	}
}

func TestMarkdownLetsNobodyWriteMarkup(t *testing.T) {
	t.Parallel()
	document := example()
	document.Summary = "<img src=x> [click](http://evil) | `code` \n# heading"
	document.Path[0].Detail = "a | b"
	var page bytes.Buffer
	err := WriteMarkdown(&page, document, []Action{{At: at("14:41:00").Time, Fix: "restart", Commands: document.Fixes[1].Commands, Before: report.Stale, After: report.Fresh, Message: "3 new workers"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, forbidden := range []string{"<img", "[click]", "\n# heading", "a | b"} {
		if strings.Contains(page.String(), forbidden) {
			t.Errorf("%q got through", forbidden)
		}
	}
	if !strings.Contains(page.String(), "### What was done") || !strings.Contains(page.String(), "stale → fresh") {
		t.Error("the actions are missing")
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestWriteSaysWhenItCannot(t *testing.T) {
	t.Parallel()
	for _, format := range Formats() {
		if err := Write(broken{}, format, example(), Style{}); !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("%s: error %v", format, err)
		}
	}
	if err := Write(io.Discard, "pdf", example(), Style{}); err == nil {
		t.Error("wrote a format that there is none of")
	}
}

// TestNoLineOfTheBoxIsACommandOfTheWorkflow: what a box says stands where commands are not obeyed,
// and cannot end that.
func TestNoLineOfTheBoxIsACommandOfTheWorkflow(t *testing.T) {
	t.Parallel()
	document := example()
	document.Summary = "old\n::set-output name=a::b"
	document.Target.Service = "::add-path::/tmp"
	written := string(write(t, GitHub, document, Style{}))
	lines := strings.Split(strings.TrimSuffix(written, "\n"), "\n")
	guard, begins := strings.CutPrefix(lines[0], "::stop-commands::")
	end := slices.Index(lines, "::"+guard+"::")
	if !begins || len(guard) < 20 || end < 1 {
		t.Fatalf("the text is not guarded:\n%s", written)
	}
	for _, line := range lines[end+1:] {
		if !strings.HasPrefix(line, "::error title=") && !strings.HasPrefix(line, "::warning title=") {
			t.Errorf("a command of somebody else: %s", line)
		}
	}
	if other := string(write(t, GitHub, document, Style{})); strings.Contains(other, guard) {
		t.Error("the guard can be guessed")
	}
}

func TestALabelOfAMetricEndsWhereItsValueEnds(t *testing.T) {
	t.Parallel()
	document := example()
	document.Target.Service = "a\"} 1\nflasktui_fresh{service=\\"
	for line := range strings.Lines(string(write(t, Prometheus, document, Style{}))) {
		if !strings.HasPrefix(line, "#") && !strings.Contains(line, `{service="a\"} 1\nflasktui_fresh{service=\\"`) {
			t.Errorf("%s", line)
		}
	}
}
