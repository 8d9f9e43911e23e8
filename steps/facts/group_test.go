package facts

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"flasktui/sys/memory"
)

// factFields are the fields of Facts that are a Fact, by name, with why each is missing.
func factFields(facts *Facts) map[string]string {
	problems := map[string]string{}
	value := reflect.ValueOf(facts).Elem()
	for index := range value.NumField() {
		if field := value.Type().Field(index); strings.HasPrefix(field.Type.Name(), "Fact[") {
			problems[field.Name] = value.Field(index).FieldByName("Problem").String()
		}
	}
	return problems
}

// TestEveryGroupFindsItsField: when the time is up, and when a reader falls over, each group
// leaves its own fields unreadable, with the reason, and no field is left that says nothing.
func TestEveryGroupFindsItsField(t *testing.T) {
	t.Parallel()
	lost := map[string]bool{}
	for _, group := range groups() {
		under := &progress{running: []Group{group}, known: Facts{Target: Target{Service: "shop.service"}}}
		known, err := under.giveUp(3 * time.Second)
		if err != nil {
			t.Fatal(group.name, err)
		}
		late := factFields(&known)
		group.read = func(*look, context.Context, *Facts) func(*Facts) { panic("a fault of ours") }
		arrivals := make(chan arrival, 1)
		read(t.Context(), lookAt(memory.Machine{}), group, &Facts{}, arrivals)
		var fallen Facts
		(<-arrivals).enter(&fallen)
		panicked, fields := factFields(&fallen), 0
		for name := range late {
			if late[name] == "" && panicked[name] == "" {
				continue
			}
			fields++
			lost[name] = true
			if late[name] != "not read within 3s" || !strings.HasPrefix(panicked[name], "flasktui's own fault while reading "+group.words+": a fault of ours (") {
				t.Errorf("%s leaves %s as %q when the time is up and as %q after a panic", group.name, name, late[name], panicked[name])
			}
		}
		if fields == 0 {
			t.Errorf("%s has no field", group.name)
		}
		if len(known.Done) != 1 || known.Done[0] != group.Reading(3*time.Second) {
			t.Errorf("%s: %v", group.name, known.Done)
		}
	}
	for name := range factFields(&Facts{}) {
		if !lost[name] {
			t.Errorf("%s is the field of no group", name)
		}
	}
}

// TestTheListHasEveryGroup: each once, behind those that it needs, so that every look comes
// to an end.
func TestTheListHasEveryGroup(t *testing.T) {
	t.Parallel()
	var names []string
	for _, group := range groups() {
		for _, need := range group.needs {
			if !slices.Contains(names, need().name) {
				t.Errorf("%s stands before %s, which it needs", group.name, need().name)
			}
		}
		if slices.Contains(names, group.name) || group.name == "" || group.words == "" {
			t.Errorf("%q, %q: without a name of its own, or words", group.name, group.words)
		}
		names = append(names, group.name)
	}
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	declared := 0
	for _, name := range sources {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		declared += len(regexp.MustCompile(`(?m)^func Group\w+\(\) Group \{`).FindAll(source, -1))
	}
	if declared != len(names) {
		t.Errorf("%d groups are declared, and %d are in the list", declared, len(names))
	}
}
