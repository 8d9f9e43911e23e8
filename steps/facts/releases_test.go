package facts

import (
	"slices"
	"testing"
)

func TestReleasesAreOrderedByWhatTheirNamesSay(t *testing.T) {
	for _, test := range []struct {
		kind  string
		names []string
	}{
		{"time", []string{"20240131120000", "20240201090000", "20250101000000"}},
		{"time", []string{"2024-01-31", "2024-02-01"}},
		{"time", []string{"release-2024.01.31", "release-2024.02.01"}},
		{"time", []string{"1700000000", "1700000100"}},
		{"number", []string{"v9", "v10", "v11"}},
		{"number", []string{"1.9.0", "1.10.0", "2.0.0"}},
		{"number", []string{"build-118", "build-119"}},
	} {
		for _, name := range test.names {
			if got := orderOf(name); got != test.kind {
				t.Errorf("orderOf(%q) = %q, want %q", name, got, test.kind)
			}
		}
		shuffled := slices.Clone(test.names)
		slices.Reverse(shuffled)
		slices.SortFunc(shuffled, compareNatural)
		if !slices.Equal(shuffled, test.names) {
			t.Errorf("sorted to %v, want %v", shuffled, test.names)
		}
	}
	for _, name := range []string{"4f2c1d9", "9ab31e07c2", "shared", "green", "e606eefd1734f78c76b55e31552bcd4df1343838"} {
		if got := orderOf(name); got != "" {
			t.Errorf("orderOf(%q) = %q: a name that holds no order", name, got)
		}
	}
}
