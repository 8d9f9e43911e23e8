package facts

import (
	"encoding/json"
	"strings"
	"testing"

	"flasktui/sys"
	"flasktui/sys/web"
)

// TestWhatTheDiskWouldAnswer is held against what the app does: a string of the source, or the
// only file that it can read. Of two files of that name nobody knows which, and what else a
// view answers beside its release is nobody's to keep.
func TestWhatTheDiskWouldAnswer(t *testing.T) {
	t.Parallel()
	const (
		view   = "@app.get(\"/version\")\ndef version():\n    return edition()\n"
		file   = view + "def edition():\n    return open(os.path.join(os.path.dirname(__file__), \"REVISION\")).read()\n"
		secret = "hunter2-of-the-source"
	)
	for _, test := range []struct {
		name, said string
		files      map[string]string
		want       Label
	}{
		{"another constant", "1.4.0", map[string]string{"shop/web.py": view + "def edition():\n    return \"1.5.0\"\n"}, Label{Path: "/srv/shop/shop/web.py", Line: 5}},
		{"the same", "1.5.0", map[string]string{"shop/web.py": view + "def edition():\n    return \"1.5.0\"\n"}, Label{Repeated: true}},
		{"one of two", "1.4.0", map[string]string{"shop/web.py": view + "def edition():\n    return \"1.5.0\" if old else \"1.6.0\"\nold = None\n"}, Label{}},
		{"of another kind", "autumn", map[string]string{"shop/web.py": view + "def edition():\n    return \"1.5.0\"\n"}, Label{}},
		{"beside a secret", "1.4.0", map[string]string{"shop/web.py": view + "def edition():\n    return {\"release\": \"1.5.0\", \"token\": \"" + secret + "\"}\n"}, Label{Path: "/srv/shop/shop/web.py", Line: 5}},
		{"a file above it", "1.4.0", map[string]string{"shop/web.py": file, "REVISION": "1.5.0\n"}, Label{Path: "/srv/shop/REVISION"}},
		{"a file that says the same", "1.4.0", map[string]string{"shop/web.py": file, "REVISION": "1.4.0\n"}, Label{Repeated: true}},
		{"two of that name", "1.4.0", map[string]string{"shop/web.py": file, "REVISION": "1.5.0", "shop/REVISION": "1.4.0"}, Label{}},
		{"a file that is not there", "1.4.0", map[string]string{"shop/web.py": file}, Label{}},
		{"the environment", "1.4.0", map[string]string{"shop/web.py": view + "def edition():\n    return environ[\"R\"]\n"}, Label{}},
	} {
		box := files()
		known := Facts{TakenAt: minutes(60), Deployment: Of(Deployment{}, ""), Code: Of(Code{Tree: "/srv/shop", sources: []string{"/srv/shop/shop/web.py"}}, "")}
		for name, content := range test.files {
			box.Files["/srv/shop/"+name] = content
		}
		answer := Answer{Status: 200, Marker: web.Marker{Value: test.said, From: "release"}}
		known.Site = Of(Site{VersionPath: "/version", App: Asked{Where: "127.0.0.1:8000", Version: []Answer{answer, answer}}}, "")
		lookAt(box).readLabel(t.Context(), &known)(&known)
		if known.Label.Value != test.want {
			t.Errorf("%s: %+v", test.name, known.Label)
		}
		if saved, err := json.Marshal(known); err != nil || strings.Contains(string(saved), secret) {
			t.Errorf("%s: the source's own secret is saved (%v)", test.name, err)
		}
	}
}

// TestAnAnswerThatIsNoLabel: different ones in turn, or one that a header gives.
func TestAnAnswerThatIsNoLabel(t *testing.T) {
	t.Parallel()
	answer := func(value, from string) Answer {
		return Answer{Status: 200, Marker: web.Marker{Value: value, From: from}}
	}
	for _, answers := range [][]Answer{
		{},
		{answer("", "")},
		{answer("1.4.0", "release"), answer("1.5.0", "release")},
		{answer("1.4.0", "header X-Release")},
		{answer("1.4.0", "release"), {Problem: sys.Text("refused")}},
	} {
		if said, same := (Asked{Version: answers}).onlyMarker(); same {
			t.Errorf("%+v: %q", answers, said)
		}
	}
}
