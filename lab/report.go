package lab

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Report is what the lab reads of flasktui's JSON report.
type Report struct {
	Schema  string
	Verdict string
	Summary string
	Causes  []struct {
		ID, Title, Confidence, Why, Advice string
		Evidence                           []struct{ Label, Value, Source string }
		Fixes, Follows                     []string
	}
	Steps []struct {
		Number          int
		ID, Status      string
		Summary, Reason string
	}
	Fixes []struct {
		ID, Blocked string
		Commands    [][]string
	}
}

// First is the root cause, or nothing.
func (r Report) First() string {
	if len(r.Causes) == 0 {
		return ""
	}
	return r.Causes[0].ID
}

// Names says whether the report names a cause, or folds it under another.
func (r Report) Names(cause string) bool {
	for _, c := range r.Causes {
		if c.ID == cause || slices.Contains(c.Follows, cause) {
			return true
		}
	}
	return false
}

// Alleged are the causes that the report is sure of, or nearly.
func (r Report) Alleged() []string {
	var ids []string
	for _, c := range r.Causes {
		if c.Confidence == "certain" || c.Confidence == "likely" {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// Blocked is why the report blocks a fix, or nothing. A fix that is not in the
// report at all is not blocked: it is not known to do harm.
func (r Report) Blocked(fix string) string {
	for _, f := range r.Fixes {
		if f.ID == fix {
			return f.Blocked
		}
	}
	return ""
}

// Lists tells whether a fix is among those that are listed, blocked or not.
func (r Report) Lists(fix string) bool {
	for _, f := range r.Fixes {
		if f.ID == fix {
			return true
		}
	}
	return false
}

// String is the report in a few lines, for a test that fails.
func (r Report) String() string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s: %s\n", r.Verdict, r.Summary)
	for _, c := range r.Causes {
		fmt.Fprintf(&out, "  cause %s (%s) fixes %v follows %v\n    %s\n", c.ID, c.Confidence, c.Fixes, c.Follows, c.Why)
		for _, e := range c.Evidence {
			fmt.Fprintf(&out, "    - %s: %s [%s]\n", e.Label, e.Value, e.Source)
		}
	}
	for _, f := range r.Fixes {
		if f.Blocked != "" {
			fmt.Fprintf(&out, "  fix %s is blocked: %s\n", f.ID, f.Blocked)
		}
	}
	for _, s := range r.Steps {
		if s.Status != "ok" && s.Status != "skipped" {
			fmt.Fprintf(&out, "  step %d %s %s: %s %s\n", s.Number, s.ID, s.Status, s.Summary, s.Reason)
		}
	}
	return out.String()
}

// Check runs flasktui check in the box and returns its report and exit status.
func (c *Case) Check(ctx context.Context) (Report, int, error) {
	var report Report
	r, err := c.flasktui(ctx, "check", "--json")
	if err != nil {
		return report, r.Exit, err
	}
	decoder := json.NewDecoder(strings.NewReader(r.Stdout))
	if err := decoder.Decode(&report); err != nil {
		return report, r.Exit, fmt.Errorf("flasktui check --json: exit %d: stdout is no JSON: %w\n%s\n%s", r.Exit, err, tail(r.Stdout, 5), tail(r.Stderr, 10))
	}
	if decoder.More() {
		return report, r.Exit, fmt.Errorf("flasktui check --json: stdout has more than one document")
	}
	return report, r.Exit, nil
}

// Fix runs flasktui fix in the box, which must not ask anything.
func (c *Case) Fix(ctx context.Context, flags ...string) (Result, error) {
	return c.flasktui(ctx, append([]string{"fix"}, flags...)...)
}

func (c *Case) flasktui(ctx context.Context, argv ...string) (Result, error) {
	args, err := c.Args()
	if err != nil {
		return Result{}, err
	}
	return c.Do(ctx, "", append(append([]string{"/usr/local/bin/flasktui"}, argv...), args...)...)
}
