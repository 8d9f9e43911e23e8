package facts

import (
	"testing"
	"time"
)

func TestBytecodeIsAWitness(t *testing.T) {
	start := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	at := func(seconds int) time.Time { return start.Add(time.Duration(seconds) * time.Second) }
	for _, test := range []struct {
		name   string
		change Change
		want   bool
	}{
		{"compiled at its start, then written with another size", Change{At: at(60), Size: 120, CompiledAt: at(1), CompiledSize: 118}, true},
		{"the same size tells nothing", Change{At: at(60), Size: 118, CompiledAt: at(1), CompiledSize: 118}, false},
		{"compiled by an earlier process", Change{At: at(60), Size: 120, CompiledAt: at(-5), CompiledSize: 118}, false},
		{"compiled after the change", Change{At: at(60), Size: 120, CompiledAt: at(90), CompiledSize: 118}, false},
		{"no bytecode", Change{At: at(60), Size: 120}, false},
	} {
		if got := test.change.Imported(start); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}

func TestNewestChangesComeFirst(t *testing.T) {
	seen := walked{}
	base := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for index := range 2 * recentChanges {
		seen.sources = append(seen.sources, Change{Path: string(rune('a' + index)), At: base.Add(time.Duration(index) * time.Minute)})
	}
	recent := seen.recent()
	if len(recent) != recentChanges || recent[0].Path != string(rune('a'+2*recentChanges-1)) {
		t.Errorf("%d changes, the first %q", len(recent), recent[0].Path)
	}
	if seen.newestSource().Path != recent[0].Path {
		t.Errorf("the newest is %q", seen.newestSource().Path)
	}
}
