package matrix

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"flasktui/lab"
)

// What misleads is FRESH where the code is old, and any alarm where it is the same; not to
// know is neither.
func TestWhatMisleads(t *testing.T) {
	t.Parallel()
	const fresh, stale, unsure = `{"verdict":"fresh"}`, `{"verdict":"stale","causes":[{"id":"a","confidence":"likely"}]}`, `{"verdict":"inconclusive"}`
	for _, one := range []struct {
		report string
		is     truth
		fault  string
	}{
		{fresh, same, ""},
		{fresh, old, "FRESH on old code"},
		{fresh, mixed, "FRESH on old code"},
		{stale, old, ""},
		{stale, mixed, ""},
		{stale, same, "alarm on the same code"},
		{`{"verdict":"stale"}`, same, "alarm on the same code"},
		{`{"verdict":"down"}`, same, "alarm on the same code"},
		{unsure, same, ""},
		{unsure, old, ""},
		{`{"verdict":"inconclusive","causes":[{"id":"a","confidence":"possible"},{"id":"b","confidence":"likely"}]}`, same, "alarm on the same code"},
		{`{"verdict":"fresh","causes":[{"id":"a","confidence":"possible"}]}`, same, ""},
	} {
		var report lab.Report
		if err := json.Unmarshal([]byte(one.report), &report); err != nil {
			t.Fatal(err)
		}
		if fault := hear(report).fault(one.is); fault != one.fault {
			t.Errorf("%s where the code is %s: %q, not %q", one.report, one.is, fault, one.fault)
		}
	}
}

// The list loses what holds, keeps what was not looked at, and gets what misleads.
func TestTheListOfKnownRows(t *testing.T) {
	t.Parallel()
	good, bad := said{verdict: "fresh"}, said{verdict: "stale", cause: "a", confidence: "likely", decides: true}
	path := filepath.Join(t.TempDir(), "known.txt")
	before := known("# head\na/left  old  root fresh\nb/left  same  root stale\n")
	if len(before) != 2 {
		t.Fatalf("%v", before)
	}
	looks := []look{{row: "a/left", is: same, root: good, user: good}, {row: "c/left", is: same, root: good, user: bad}}
	if err := keep(path, before, looks, false); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	after := known(string(text))
	if after["a/left"] != "" || after["b/left"] != "same  root stale" || after["c/left"] != "same   root fresh  user stale: a (likely)" {
		t.Errorf("%s", text)
	}
}

// What stays undecided is measured by who was asked.
func TestShares(t *testing.T) {
	t.Parallel()
	unsure, good := said{verdict: "inconclusive"}, said{verdict: "fresh"}
	looks := []look{{is: same, root: unsure, user: unsure}, {is: old, root: good, user: unsure}, {is: same, root: good}, {is: same, root: good, user: good}}
	c := count(looks)
	if asRoot, asUser := c.shares(); asRoot != 25 || asUser != 66 || c.fresh != 1 || c.alarms != 0 {
		t.Errorf("%s", c)
	}
	if over := c.over(); over[overAsRoot] != "25 %" || over[overAsUser] != "66 %" {
		t.Errorf("%v", over)
	}
}

// Every deed meets every layout that it is for; no story is told twice; and what the list
// names is a row.
func TestStories(t *testing.T) {
	t.Parallel()
	told, rows := map[string]bool{}, map[string]bool{}
	met := map[string]bool{}
	for _, s := range stories() {
		if told[s.String()] {
			t.Errorf("%s is told twice", s)
		}
		told[s.String()] = true
		met[s.at.name+"/"+s.deed.name] = true
		for _, next := range s.looks {
			rows[s.row(next)] = true
		}
		if s.deed.change != nothing && len(s.changed()) == 0 || s.deed.change == nothing && len(s.changed()) != 0 {
			t.Errorf("%s changes %v", s, s.changed())
		}
	}
	for _, at := range layouts() {
		for _, does := range deeds() {
			if does.on(at) && !met[at.name+"/"+does.name] {
				t.Errorf("%s never meets %s", does.name, at.name)
			}
		}
	}
	rows[overAsRoot], rows[overAsUser] = true, true
	for row := range known(knownText) {
		if !rows[row] {
			t.Errorf("known.txt names %s, which is no row", row)
		}
	}
}
