package fleet

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/ui/page"
	"flasktui/ui/render"
)

// Formats are the forms that a fleet may be written in, as --format takes them.
func Formats() []render.Format {
	return []render.Format{render.Text, render.JSON, render.Markdown, render.Nagios, render.JUnit, render.HTML}
}

// Write writes a fleet in a form; indented concerns JSON.
func Write(w io.Writer, format render.Format, fleet report.Fleet, indented bool) error {
	var page strings.Builder
	switch format {
	case render.JSON:
		return render.WriteDocument(w, fleet, indented)
	case render.Markdown:
		writeMarkdown(&page, fleet)
	case render.Nagios:
		writeNagios(&page, fleet)
	case render.JUnit:
		return writeJUnit(w, fleet)
	case render.HTML:
		return writeHTML(w, fleet)
	case render.Text:
		writeText(&page, fleet)
	case render.Prometheus, render.GitHub:
		return fmt.Errorf("a fleet is not written as %s", format)
	}
	_, err := io.WriteString(w, page.String())
	return err
}

// columns are those of the table, whatever draws it.
func columns() []string {
	return []string{"host", "service", "verdict", "on disk", "in memory", "served", "first cause", "cure", "age"}
}

func cells(host report.FleetHost) []string {
	if host.Verdict == "" {
		return []string{string(host.Host), "", "NO REPORT", "", "", "", string(host.Error), "", ""}
	}
	cause := host.Cause
	if cause != "" {
		cause += " (" + string(host.Confidence) + ")"
	}
	verdict := strings.ToUpper(string(host.Verdict))
	if host.Expected != nil && !*host.Expected && host.Verdict == report.Fresh {
		verdict += ", another release"
	}
	return []string{
		string(host.Host), string(host.Service), verdict, string(host.OnDisk), string(host.Loaded), string(host.Served), cause, host.Fix, age(host),
	}
}

// age is how old a report is.
func age(host report.FleetHost) string {
	if host.GeneratedAt.IsZero() {
		return "not told"
	}
	return string(sys.Span(time.Duration(host.AgeMS) * time.Millisecond))
}

// broadest is as much of a cell as a table shows.
const broadest = 40

func writeText(page *strings.Builder, fleet report.Fleet) {
	page.WriteString(string(fleet.Summary) + "\n\n")
	for _, line := range table(fleet) {
		page.WriteString(line + "\n")
	}
	for _, cure := range fleet.Cures {
		fmt.Fprintf(page, "\n%s would cure %s\n", cure.Fix, names(cure.Hosts))
		for _, command := range cure.Commands {
			page.WriteString("  $ " + string(command) + "\n")
		}
		if cure.Digest != "" {
			page.WriteString("  plan " + cure.Digest + "\n")
		}
	}
}

// table is the table in lines, the first of which names the columns. A column in which nothing
// stands takes no room.
func table(fleet report.Fleet) []string {
	rows := [][]string{columns()}
	for _, host := range fleet.Hosts {
		rows = append(rows, cells(host))
	}
	widths := make([]int, len(columns()))
	filled := make([]bool, len(columns()))
	for number, row := range rows {
		for i := range row {
			row[i] = ansi.Truncate(strings.Join(strings.Fields(row[i]), " "), broadest, "...")
			widths[i] = max(widths[i], ansi.StringWidth(row[i]))
			filled[i] = filled[i] || number > 0 && row[i] != ""
		}
	}
	var lines []string
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			if filled[i] {
				line.WriteString(cell + strings.Repeat(" ", widths[i]-ansi.StringWidth(cell)+2))
			}
		}
		lines = append(lines, strings.TrimRight(line.String(), " "))
	}
	return lines
}

// writeHTML writes the table as one self-contained page.
func writeHTML(w io.Writer, fleet report.Fleet) error {
	p := page.New("flasktui: " + string(fleet.Summary))
	word, state := "NOT ALL FRESH", report.Fail
	switch fleet.Exit {
	case 0:
		word, state = "ALL FRESH", report.OK
	case 2:
		word, state = "NOT KNOWN", report.Unknown
	}
	p.Head(word, string(state), "flasktui fleet", string(fleet.Summary))
	var rows []page.Row
	for _, host := range fleet.Hosts {
		rows = append(rows, page.Row{State: string(render.VerdictStatus(host.Verdict)), Cells: cells(host)})
	}
	p.Section("The hosts")
	p.Table(columns(), rows)
	for _, cure := range fleet.Cures {
		p.Sub(cure.Fix + " would cure " + names(cure.Hosts))
		var lines []string
		for _, command := range cure.Commands {
			lines = append(lines, string(command))
		}
		if cure.Digest != "" {
			lines = append(lines, "plan "+cure.Digest)
		}
		p.Commands(lines)
	}
	return p.Write(w)
}

func names(hosts []sys.Text) string {
	var list []string
	for _, host := range hosts {
		list = append(list, string(host))
	}
	return strings.Join(list, ", ")
}

func writeMarkdown(page *strings.Builder, fleet report.Fleet) {
	page.WriteString("## " + render.MarkdownText(string(fleet.Summary)) + "\n\n")
	row := func(cells []string) {
		for _, cell := range cells {
			page.WriteString("| " + render.MarkdownText(cell) + " ")
		}
		page.WriteString("|\n")
	}
	row(columns())
	page.WriteString(strings.Repeat("| --- ", len(columns())) + "|\n")
	for _, host := range fleet.Hosts {
		row(cells(host))
	}
	for _, cure := range fleet.Cures {
		page.WriteString("\n`" + cure.Fix + "` would cure " + render.MarkdownText(names(cure.Hosts)))
		if cure.Digest != "" {
			page.WriteString(" (plan " + render.MarkdownText(cure.Digest) + ")")
		}
		page.WriteString(".\n")
	}
}

func writeNagios(page *strings.Builder, fleet report.Fleet) {
	word := map[int]string{render.NagiosOK: "OK", render.NagiosCritical: "CRITICAL", render.NagiosUnknown: "UNKNOWN"}[NagiosStatus(fleet)]
	fresh := 0
	for _, host := range fleet.Hosts {
		if host.Verdict == report.Fresh {
			fresh++
		}
	}
	bars := strings.NewReplacer("|", "/")
	fmt.Fprintf(page, "FLASKTUI %s - %s | hosts=%d;;;0 fresh=%d;;;0;%d\n", word, bars.Replace(string(fleet.Summary)), len(fleet.Hosts), fresh, len(fleet.Hosts))
	for _, host := range fleet.Hosts {
		page.WriteString(bars.Replace(strings.Join(strings.Fields(strings.Join(cells(host), " ")), " ")) + "\n")
	}
}

// NagiosStatus is the status of a monitoring plugin that an exit status of ours stands for.
func NagiosStatus(fleet report.Fleet) int {
	if fleet.Exit == 0 {
		return render.NagiosOK
	}
	if fleet.Exit == 1 {
		return render.NagiosCritical
	}
	return render.NagiosUnknown
}

type suite struct {
	XMLName  xml.Name `xml:"testsuite"`
	Name     string   `xml:"name,attr"`
	Tests    int      `xml:"tests,attr"`
	Failures int      `xml:"failures,attr"`
	Errors   int      `xml:"errors,attr"`
	Cases    []one    `xml:"testcase"`
}

type one struct {
	Class   string   `xml:"classname,attr"`
	Name    string   `xml:"name,attr"`
	Failure *problem `xml:"failure"`
	Error   *problem `xml:"error"`
}

type problem struct {
	Message string `xml:"message,attr"`
}

// writeJUnit writes a test case for each host: what is wrong is a failure, what is not known an
// error.
func writeJUnit(w io.Writer, fleet report.Fleet) error {
	all := suite{Name: "flasktui fleet", Tests: len(fleet.Hosts)}
	for _, host := range fleet.Hosts {
		test := one{Class: "flasktui.fleet", Name: strings.TrimSpace(string(host.Host + " " + host.Service))}
		told := &problem{strings.Join(strings.Fields(string(host.Summary+host.Error)), " ")}
		switch {
		case host.Verdict == "", host.Verdict == report.Inconclusive:
			test.Error = told
			all.Errors++
		case host.Verdict != report.Fresh, host.Expected != nil && !*host.Expected:
			test.Failure = told
			all.Failures++
		}
		all.Cases = append(all.Cases, test)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
