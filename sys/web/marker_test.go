package web

import (
	"net/http"
	"testing"
)

func TestReadMarker(t *testing.T) {
	for _, test := range []struct {
		name, kind, body string
		header           map[string]string
		status           int
		value, from      string
	}{
		{name: "the guide's own", kind: "application/json", body: `{"release": "2024.02.01"}`, value: "2024.02.01", from: "field release"},
		{name: "nobody told the app", kind: "application/json", body: `{"release": "unknown"}`},
		{name: "a commit beside a version", kind: "application/json", body: `{"version": "1.4", "commit": "4f2c1d9"}`, value: "4f2c1d9", from: "field commit"},
		{name: "another spelling", kind: "application/json", body: `{"Git-SHA": "4f2c1d9"}`, value: "4f2c1d9", from: "field Git-SHA"},
		{name: "one level down", kind: "application/json", body: `{"app": "shop", "build": {"version": "77"}}`, value: "77", from: "field build.version"},
		{name: "spring style", kind: "application/json", body: `{"git": {"commit": {"id": "4f2c1d9"}}}`, value: "4f2c1d9", from: "field git.commit"},
		{name: "a number", kind: "application/json", body: `{"build": 1187}`, value: "1187", from: "field build"},
		{name: "plain text", kind: "text/plain; charset=utf-8", body: "v1.2.3\n", value: "v1.2.3", from: "text"},
		{name: "text with its name", kind: "text/plain", body: "release: v1.2.3\n", value: "v1.2.3", from: "text"},
		{name: "a header", kind: "text/html", body: "<html>", header: map[string]string{"X-Release": "v7"}, value: "v7", from: "header X-Release"},
		{name: "a page is no marker", kind: "text/html", body: "<h1>Shop</h1>"},
		{name: "a sentence is none", kind: "text/plain", body: "Hello dear visitor"},
		{name: "not found", kind: "text/plain", body: "nothing", status: 404},
		{name: "escape sequences are no names", kind: "text/plain", body: "v1\x1b[31m", value: "v1", from: "text"},
	} {
		status := test.status
		if status == 0 {
			status = http.StatusOK
		}
		response := Response{Status: status, Body: []byte(test.body), Header: http.Header{"Content-Type": {test.kind}}}
		for name, value := range test.header {
			response.Header.Set(name, value)
		}
		got := ReadMarker(response)
		if got.Value != test.value || got.From != test.from {
			t.Errorf("%s: %q from %q, want %q from %q", test.name, got.Value, got.From, test.value, test.from)
		}
	}
}

func FuzzReadMarker(f *testing.F) {
	f.Add([]byte(`{"release": "1"}`), "application/json")
	f.Add([]byte("v1"), "text/plain")
	f.Add([]byte(`{"git":{"commit":{"id":1}}}`), "")
	f.Fuzz(func(t *testing.T, body []byte, kind string) {
		marker := ReadMarker(Response{Status: 200, Body: body, Header: http.Header{"Content-Type": {kind}}})
		if len([]rune(marker.Value)) > markerLimit {
			t.Errorf("a marker of %d characters", len([]rune(marker.Value)))
		}
		if marker.Value != "" && marker.From == "" {
			t.Errorf("a marker %q from nowhere", marker.Value)
		}
	})
}
