package facts

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"flasktui/sys/proc"
	"flasktui/sys/python/memory"
)

func TestAFileMayHaveBeenImportedThroughTheLink(t *testing.T) {
	t.Parallel()
	deployment := Deployment{Link: &Link{Path: "/srv/shop/current", Outer: "/var/www/shop", Resolved: "/srv/shop/releases/2"}}
	for file, want := range map[string][]string{
		"/srv/shop/releases/2/shop/web.py": {"/srv/shop/releases/2/shop/web.py", "/srv/shop/current/shop/web.py", "/var/www/shop/shop/web.py"},
		"/opt/lib/other.py":                {"/opt/lib/other.py"},
	} {
		if got := (&Facts{}).importedAs(deployment, file); !slices.Equal(got, want) {
			t.Errorf("%s: %q", file, got)
		}
	}
	if got := (&Facts{}).importedAs(Deployment{}, "/srv/app.py"); !slices.Equal(got, []string{"/srv/app.py"}) {
		t.Errorf("without a link: %q", got)
	}
}

// TestWhatAMemorySaysOfAFile: what was imported as another, what never was, and why it says
// nothing. That all agrees proves no sameness.
func TestWhatAMemorySaysOfAFile(t *testing.T) {
	t.Parallel()
	const file = "/srv/app.py"
	answering := func(outcome memory.Outcome, compiled bool) remembered {
		return remembered{
			process: Process{Process: proc.Process{PID: 7}}, imports: true,
			of:     map[string]memory.Compared{file: {Outcome: outcome, Difference: memory.Difference{Word: "plum"}}},
			nobody: map[string]bool{file: outcome == memory.NotImported && !compiled},
		}
	}
	for _, test := range []struct {
		name       string
		answers    remembered
		another    bool
		unimported bool
		silence    string
	}{
		{"another", answering(memory.Another, true), true, false, ""},
		{"never imported", answering(memory.NotImported, false), false, true, ""},
		{"imported by somebody", answering(memory.NotImported, true), false, false, "process 7 has not imported it"},
		{"agrees", answering(memory.Agrees, true), false, false, "no proof"},
		{"nothing to compare", answering(memory.Silent, true), false, false, "nothing that could be compared"},
		{"could not be read", remembered{problem: "may not be read"}, false, false, "may not be read"},
		{"not asked of it", remembered{}, false, false, "not among"},
	} {
		change := Change{Path: file}
		test.answers.speak(&change)
		silence := cmp.Or(change.Unsettled, test.answers.silence(&change))
		if (change.Memory != nil) != test.another || change.Unimported != test.unimported || !strings.Contains(string(silence), test.silence) {
			t.Errorf("%s: %+v, %q", test.name, change, silence)
		}
	}
}
