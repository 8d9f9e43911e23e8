package sys

import (
	"encoding/json"
	"reflect"
	"testing"
)

func TestSafeJSONMasksEveryString(t *testing.T) {
	t.Parallel()
	document := `{"path": "/srv/\u001b]0;PWNED\u0007a", "n": 1.50, "list": ["postgres://app:secret@db", "\"", "x\\"], "odd` + "\u202e" + `": null}`
	got, err := SafeJSON([]byte(document))
	want := `{"path": "/srv/a", "n": 1.50, "list": ["postgres://***@db", "\"", "x\\"], "odd\u003cU+202E\u003e": null}`
	if err != nil || string(got) != want {
		t.Errorf("got  %s, %v\nwant %s", got, err, want)
	}
	for _, broken := range []string{`{"a`, `{"a\`, `"\q"`} {
		if got, err := SafeJSON([]byte(broken)); err == nil {
			t.Errorf("%s became %s", broken, got)
		}
	}
}

func TestHarmlessJSONMeansTheSame(t *testing.T) {
	t.Parallel()
	words := []string{"mv", "/srv/\x1b[31m\u009b1m\u202e\u200b\U000E0041\x7f", "ä€😀"}
	encoded, err := json.Marshal(words)
	if err != nil {
		t.Fatal(err)
	}
	harmless := HarmlessJSON(encoded)
	for _, r := range string(harmless) {
		if actedOn(r) || r < 0x20 {
			t.Errorf("%U is left in %s", r, harmless)
		}
	}
	var decoded []string
	if err := json.Unmarshal(harmless, &decoded); err != nil || !reflect.DeepEqual(decoded, words) {
		t.Errorf("%s means %q, %v", harmless, decoded, err)
	}
}

func FuzzSafeJSON(f *testing.F) {
	f.Add(`a":"b\`, "\u202e\x1b]52;c;x\a")
	f.Add("password=x", "\U000E0041\x7f\u2028")
	f.Fuzz(func(t *testing.T, key, value string) {
		encoded, err := json.Marshal(map[string]string{key: value})
		if err != nil {
			t.Fatal(err)
		}
		safe, err := SafeJSON(encoded)
		if err != nil {
			t.Fatalf("SafeJSON(%s): %v", encoded, err)
		}
		var decoded map[string]string
		if err := json.Unmarshal(safe, &decoded); err != nil {
			t.Fatalf("SafeJSON(%s) = %s: %v", encoded, safe, err)
		}
		for name, text := range decoded {
			if string(Safe(name)) != name || string(Safe(text)) != text {
				t.Errorf("SafeJSON(%s) = %s is not safe", encoded, safe)
			}
		}
	})
}
