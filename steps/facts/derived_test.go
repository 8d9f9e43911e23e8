package facts_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"flasktui/lab/boxes"
	"flasktui/steps/facts"
	"flasktui/steps/facts/factstest"
)

const recordings = "../testdata/boxes"

// recorded are the facts of a box of the lab.
func recorded(t *testing.T, name string) *facts.Facts {
	t.Helper()
	saved, err := boxes.Read(recordings, name)
	if err != nil {
		t.Fatal(err)
	}
	var known struct{ Facts facts.Facts }
	if err := json.Unmarshal(saved, &known); err != nil {
		t.Fatal(err)
	}
	return &known.Facts
}

// TestNothingIsDerivedOtherwise from what was read on the lab's boxes, as it was and with one
// value of it changed, or a few. A row of the file is such a box; for another one write its name
// into the file, with nothing behind it, and let -update do the rest.
func TestNothingIsDerivedOtherwise(t *testing.T) {
	t.Parallel()
	held := &factstest.Digests{File: filepath.Join("testdata", "derived.txt")}
	names, err := boxes.Names(recordings)
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string][]string{}
	for _, name := range names {
		rows[name] = []string{}
	}
	for row := range held.Kept(t) {
		if what, name, isChanged := strings.Cut(row, " on "); isChanged {
			rows[name] = append(rows[name], what)
		}
	}
	t.Run("box", func(t *testing.T) {
		for name, changed := range rows {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				known := recorded(t, name)
				held.Add(t, name, "", facts.Derived(known))
				all := factstest.ChangesOf(known)
				for _, row := range changed {
					var made []factstest.Change
					for what := range strings.SplitSeq(row, " + ") {
						one, found := factstest.ChangeBy(what, all)
						if !found {
							t.Errorf("there is no change %q on %s", what, name)
							return
						}
						made = append(made, one)
					}
					factstest.With(known, made, func() { held.Add(t, row+" on "+name, "", facts.Derived(known)) })
				}
			})
		}
	})
	held.Settle(t)
}
