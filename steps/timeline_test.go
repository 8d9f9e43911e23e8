package steps_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"flasktui/steps"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/sys/practice"
)

func practiceReport(t *testing.T, fault string) report.Report {
	t.Helper()
	box, err := practice.New(fault, nil)
	if err != nil {
		t.Fatal(err)
	}
	return examine(t, box).Report
}

// momentAt is the place of the first moment that says so; -1 where there is none.
func momentAt(moments []report.Moment, begins string) int {
	return slices.IndexFunc(moments, func(moment report.Moment) bool { return strings.Contains(string(moment.What), begins) })
}

// TestWhatCameFirst holds the time line to the order that explains each fault, and to
// the process that came too early.
func TestWhatCameFirst(t *testing.T) {
	t.Parallel()
	for fault, order := range map[string][]string{
		"service-not-restarted":    {"workers", "template", "current moved"},
		"env-not-reloaded":         {"master", "environment file"},
		"daemon-reload-needed":     {"billing.service written", "from the unit that systemd had loaded"},
		"nginx-not-reloaded":       {"Nginx's workers started", "Nginx's sites-enabled"},
		"hup-with-preload":         {"and loaded the code", "HEAD moved", "copies of the master"},
		"symlink-not-switched":     {"current moved", "not the active one"},
		"background-workers-stale": {"background worker", "current moved", "Gunicorn master"},
		"healthy":                  {"current moved", "and loaded the code"},
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			moments := practiceReport(t, fault).Timeline
			last := -1
			for _, begins := range order {
				at := momentAt(moments, begins)
				if at <= last {
					t.Errorf("%q comes at %d, after %d, in\n%s", begins, at, last, told(moments))
				}
				last = at
			}
			if !slices.IsSortedFunc(moments, func(a, b report.Moment) int { return a.At.Compare(b.At.Time) }) {
				t.Errorf("not in order:\n%s", told(moments))
			}
			stale := slices.ContainsFunc(moments, func(moment report.Moment) bool { return moment.State == report.Fail })
			if wanted := fault != "healthy" && fault != "symlink-not-switched"; stale != wanted {
				t.Errorf("something came too early: %t, in\n%s", stale, told(moments))
			}
			for _, moment := range moments {
				if moment.At.IsZero() || moment.Source == "" || moment.State == report.Fail && moment.Side != report.InMemory {
					t.Errorf("a moment that says too little or too much: %+v", moment)
				}
			}
		})
	}
}

func told(moments []report.Moment) string {
	var lines strings.Builder
	for _, moment := range moments {
		lines.WriteString(moment.At.Format("01-02 15:04:05 ") + moment.Side + " " + string(moment.State) + " " + string(moment.What) + "\n")
	}
	return lines.String()
}

// TestEveryHopIsNamedOnce: no label repeats the name of its hop or its detail, none is
// empty, and no whole hash or path of a release stands in the way.
func TestEveryHopIsNamedOnce(t *testing.T) {
	t.Parallel()
	for _, fault := range practice.Faults() {
		t.Run(fault.ID, func(t *testing.T) {
			t.Parallel()
			for _, hop := range practiceReport(t, fault.ID).Path {
				label := strings.ToLower(string(hop.Label))
				switch {
				case label == "", label == hop.Hop, strings.HasPrefix(label, hop.Hop+" "):
					t.Errorf("%s is called %q", hop.Hop, hop.Label)
				case hop.Detail != "" && strings.Contains(string(hop.Detail), string(hop.Label)):
					t.Errorf("%s says %q twice: %q", hop.Hop, hop.Label, hop.Detail)
				case len(longestHash(hop.Label)) >= 32 || len(longestHash(hop.Detail)) >= 32:
					t.Errorf("%s has a whole hash: %q %q", hop.Hop, hop.Label, hop.Detail)
				}
			}
		})
	}
}

func longestHash(text sys.Text) string {
	longest := ""
	for _, word := range strings.FieldsFunc(string(text), func(r rune) bool { return !strings.ContainsRune("0123456789abcdef", r) }) {
		if len(word) > len(longest) {
			longest = word
		}
	}
	return longest
}

// TestSummariesNameWhatDiffers: where two releases are known, both are named, with their
// times.
func TestSummariesNameWhatDiffers(t *testing.T) {
	t.Parallel()
	for fault, words := range map[string][]string{
		"service-not-restarted": {"library-web.service loaded ad5beaa", "3 days ago (2", "the code changed to 4bdd216 12 min ago (2"},
		"mixed-workers":         {"3 of 4 processes of forum.service loaded 34bfa7c", "the code changed to d160129 "},
		"cache-serves-old":      {"the site answers 58cc5cc, gazette.service itself 9397b6d"},
		"nginx-wrong-upstream":  {"the site answers 6ebae48, voyage.service itself b912019"},
		"orphan-gunicorn":       {"it answers 9afa606, the disk has c2105ad"},
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			summary := string(practiceReport(t, fault).Summary)
			for _, wanted := range words {
				if !strings.Contains(summary, wanted) {
					t.Errorf("%q is not in %q", wanted, summary)
				}
			}
		})
	}
}

// TestServedIsWhatVisitorsGet even where the app itself answers anew.
func TestServedIsWhatVisitorsGet(t *testing.T) {
	t.Parallel()
	served := practiceReport(t, "cache-serves-old").Releases.Served
	if !strings.HasPrefix(string(served.ID), "58cc5cc") {
		t.Errorf("served is %q, from %q", served.ID, served.Source)
	}
}

// TestNoReleaseIsNamedThatIsNotThere: where nothing answers none is served, and what the app
// denies is not in its memory.
func TestNoReleaseIsNamedThatIsNotThere(t *testing.T) {
	t.Parallel()
	if served := practiceReport(t, "nginx-stale-address").Releases.Served; served.ID != "" {
		t.Errorf("the site is down, and %q is served", served.ID)
	}
	for _, fault := range []string{"installed-package-shadows-checkout", "stale-bytecode"} {
		releases := practiceReport(t, fault).Releases
		if releases.Loaded.ID != "" || releases.Loaded.Path != "" || releases.Served.ID == "" {
			t.Errorf("%s: the app answers %s, and in memory is said to be %s (%s)", fault, releases.Served.ID, releases.Loaded.ID, releases.Loaded.Path)
		}
	}
}

// TestQuickFixParts: what has nothing to do here is skipped, and what may not run blocks.
func TestQuickFixParts(t *testing.T) {
	t.Parallel()
	if parts := (steps.Examination{}).QuickFix(); len(parts) > 0 {
		t.Errorf("parts of a box that was not looked at: %v", parts)
	}
	for fault, wanted := range map[string][3]string{
		"service-not-restarted": {"run", "run", "run"},
		"nginx-config-invalid":  {"run", "run", "blocked"},
		"container-stale":       {"skip", "run", "run"},
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			box, err := practice.New(fault, nil)
			if err != nil {
				t.Fatal(err)
			}
			var states [3]string
			for i, part := range examine(t, box).QuickFix() {
				states[i] = "run"
				if part.Plan.Blocked != "" {
					states[i] = "blocked"
				}
				if part.Skip != "" {
					states[i] = "skip"
				}
			}
			if fault == "container-stale" {
				states[1] = wanted[1] // Whether a restart would do is the container's own question.
			}
			if states != wanted {
				t.Errorf("%v, want %v", states, wanted)
			}
		})
	}
}

// TestOnlyWhatIsOutOfDateIsMarked: of a mixed pool the worker that came last is new.
func TestOnlyWhatIsOutOfDateIsMarked(t *testing.T) {
	t.Parallel()
	states := map[string]report.Status{}
	for _, moment := range practiceReport(t, "mixed-workers").Timeline {
		if strings.Contains(string(moment.What), " loaded the code") {
			states[string(moment.What)] = moment.State
		}
	}
	want := map[string]report.Status{
		"workers 251, 252, 254 started and loaded the code": report.Fail,
		"worker 260 started and loaded the code":            report.OK,
	}
	if diff := cmp.Diff(want, states); diff != "" {
		t.Error(diff)
	}
}
