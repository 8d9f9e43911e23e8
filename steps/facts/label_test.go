package facts

import (
	"slices"
	"testing"
)

// TestWhatTheDiskWouldAnswer as its label: a string of the source, or the only file that it can
// read; of two files of that name nobody knows which.
func TestWhatTheDiskWouldAnswer(t *testing.T) {
	t.Parallel()
	const view = "@app.get(\"/version\")\ndef version():\n    return edition()\n"
	for _, test := range []struct {
		name  string
		files map[string]string
		want  []Label
	}{
		{"a constant", map[string]string{"shop/web.py": view + "def edition():\n    return \"1.4.0\"\n"}, []Label{{"1.4.0", "/srv/shop/shop/web.py", 5}}},
		{"a file above it", map[string]string{"shop/web.py": view + "def edition():\n    return open(HERE / \"REVISION\").read()\n", "REVISION": "1.4.0\n"}, []Label{{"1.4.0", "/srv/shop/REVISION", 0}}},
		{"two of that name", map[string]string{"shop/web.py": view + "def edition():\n    return open(HERE / \"REVISION\").read()\n", "REVISION": "1", "shop/REVISION": "2"}, nil},
		{"a file that is not there", map[string]string{"shop/web.py": view + "def edition():\n    return open(\"/etc/REVISION\").read()\n"}, nil},
		{"the environment", map[string]string{"shop/web.py": view + "def edition():\n    return environ[\"R\"]\n"}, nil},
	} {
		box := files()
		var sources []Change
		for name, content := range test.files {
			box.Files["/srv/shop/"+name] = content
		}
		sources = append(sources, Change{Path: "/srv/shop/shop/web.py"})
		if got := lookAt(box).readLabels(t.Context(), &Facts{}, "/srv/shop", sources); !slices.Equal(got, test.want) {
			t.Errorf("%s: %+v", test.name, got)
		}
	}
}
