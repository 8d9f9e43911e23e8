package boxes

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Row is how one box is judged, as far as it matters.
type Row struct {
	Name    string
	Verdict string
	// Causes are in the report's order, each with its confidence; what follows from one
	// stands behind it in brackets.
	Causes []string
	// Claims are those that are neither proved nor without meaning here: "loaded refuted, way open".
	Claims string
	// Broken are the hops of the request path that fail, by their kind: "master, workers".
	Broken string
	// Steps are those that are neither ok nor skipped: "4 fail, 13 warn".
	Steps string
	// Blocked are the fixes that are shown and may not run, each with its reason.
	Blocked []string
	// Wrong is what a remark above the row says it should be and is not yet.
	Wrong string
}

// Table is a row for each recording.
type Table []Row

// The words that a table's lines begin with.
const (
	causeWord   = "cause"
	claimsWord  = "claims"
	brokenWord  = "broken"
	stepsWord   = "steps"
	blockedWord = "blocked"
)

// Judged reads a row out of a report, as flasktui writes it in JSON.
func Judged(name string, document []byte) (Row, error) {
	var report struct {
		Verdict string
		Causes  []struct {
			ID, Confidence string
			Follows        []string
		}
		Proof []struct{ Claim, State string }
		Path  []struct{ Hop, State string }
		Steps []struct {
			Number int
			Status string
		}
		Fixes []struct{ ID, Blocked string }
	}
	if err := json.Unmarshal(document, &report); err != nil {
		return Row{}, fmt.Errorf("read the report of %s: %w", name, err)
	}
	row := Row{Name: name, Verdict: report.Verdict}
	for _, cause := range report.Causes {
		line := cause.ID + " " + cause.Confidence
		if len(cause.Follows) > 0 {
			line += " [" + strings.Join(cause.Follows, " ") + "]"
		}
		row.Causes = append(row.Causes, line)
	}
	var claims, hops, steps []string
	for _, claim := range report.Proof {
		if claim.State != "proved" && claim.State != "none" {
			claims = append(claims, claim.Claim+" "+claim.State)
		}
	}
	for _, hop := range report.Path {
		if hop.State == "fail" {
			hops = append(hops, hop.Hop)
		}
	}
	for _, step := range report.Steps {
		if step.Status != "ok" && step.Status != "skipped" {
			steps = append(steps, fmt.Sprintf("%d %s", step.Number, step.Status))
		}
	}
	row.Claims = strings.Join(claims, ", ")
	row.Broken, row.Steps = strings.Join(hops, ", "), strings.Join(steps, ", ")
	for _, fix := range report.Fixes {
		if fix.Blocked != "" {
			row.Blocked = append(row.Blocked, fix.ID+": "+strings.Join(strings.Fields(fix.Blocked), " "))
		}
	}
	return row, nil
}

// Row finds a row by its name.
func (t Table) Row(name string) (Row, bool) {
	index := slices.IndexFunc(t, func(row Row) bool { return row.Name == name })
	if index < 0 {
		return Row{}, false
	}
	return t[index], true
}

// Same tells whether a box is judged as its row says, as far as a box that is made anew can
// be held to it: by verdict, and by the causes that decide it. What follows from a cause, what
// is merely possible, and whether a cause is certain or likely hang on milliseconds between a
// start and a change; and where a row is known to be wrong, it is held to the first cause alone.
func (r Row) Same(live Row) bool {
	deciding := func(row Row) []string {
		var causes []string
		for _, cause := range row.Causes {
			name, _, _ := strings.Cut(cause, " [")
			if id, confidence, _ := strings.Cut(name, " "); confidence != "possible" {
				causes = append(causes, id)
			}
		}
		return causes
	}
	if r.Wrong != "" {
		return r.Verdict == live.Verdict && r.First() == live.First()
	}
	return r.Verdict == live.Verdict && slices.Equal(deciding(r), deciding(live))
}

// First is the id of the first cause, or nothing.
func (r Row) First() string {
	if len(r.Causes) == 0 {
		return ""
	}
	id, _, _ := strings.Cut(r.Causes[0], " ")
	return id
}

// String is the row as the table has it.
func (r Row) String() string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s: %s\n", r.Name, r.Verdict)
	line := func(word, rest string) {
		if rest != "" {
			fmt.Fprintf(&out, "  %s %s\n", word, rest)
		}
	}
	for _, cause := range r.Causes {
		line(causeWord, cause)
	}
	line(claimsWord, r.Claims)
	line(brokenWord, r.Broken)
	line(stepsWord, r.Steps)
	for _, fix := range r.Blocked {
		line(blockedWord, fix)
	}
	return out.String()
}

// wrongWord begins a remark above a row.
const wrongWord = "# WRONG: "

// ParseTable reads rows as String writes them; a line that begins with # is a remark.
func ParseTable(text string) (Table, error) {
	var table Table
	wrong := ""
	for number, line := range strings.Split(text, "\n") {
		part, indented := strings.CutPrefix(line, "  ")
		if remark, is := strings.CutPrefix(line, wrongWord); is {
			wrong = remark
		}
		switch {
		case strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#"):
			continue
		case !indented:
			name, verdict, found := strings.Cut(line, ": ")
			if _, twice := table.Row(name); !found || twice {
				return nil, fmt.Errorf("line %d of the table: %q is no row, or there twice", number+1, line)
			}
			table = append(table, Row{Name: name, Verdict: verdict, Wrong: wrong})
			wrong = ""
			continue
		}
		word, rest, _ := strings.Cut(part, " ")
		if len(table) == 0 || !table[len(table)-1].add(word, rest) {
			return nil, fmt.Errorf("line %d of the table: %q is no part of a row", number+1, line)
		}
	}
	return table, nil
}

func (r *Row) add(word, line string) bool {
	switch word {
	case causeWord:
		r.Causes = append(r.Causes, line)
	case claimsWord:
		r.Claims = line
	case brokenWord:
		r.Broken = line
	case stepsWord:
		r.Steps = line
	case blockedWord:
		r.Blocked = append(r.Blocked, line)
	default:
		return false
	}
	return true
}
