package sys

import (
	"encoding/json"
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseEnvironmentFileAsSystemdDoes(t *testing.T) {
	t.Parallel()
	got, err := ParseEnvironmentFile(strings.NewReader(readFile(t, "testdata/systemd/environment-257.txt")))
	if err != nil {
		t.Fatal(err)
	}
	want := decodeJSON[map[string]string](t, "testdata/systemd/environment-257.json")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what a service was given by systemd 257 (-) and what we read (+):\n%s", diff)
	}
}

func FuzzParseEnvironmentFile(f *testing.F) {
	raw, err := os.ReadFile("testdata/systemd/environment-257.txt")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(raw))
	f.Add("A=\"\\")
	f.Fuzz(func(t *testing.T, raw string) {
		variables, err := ParseEnvironmentFile(strings.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		for name := range maps.Keys(variables) {
			if !IsVariableName(name) {
				t.Errorf("%q sets %q", raw, name)
			}
		}
	})
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func decodeJSON[T any](t *testing.T, path string) T {
	t.Helper()
	var value T
	if err := json.Unmarshal([]byte(readFile(t, path)), &value); err != nil {
		t.Fatal(err)
	}
	return value
}
