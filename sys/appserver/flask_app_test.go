package appserver

import (
	"context"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"flasktui/sys"
)

// TestWhereFlaskTakesItsAppFrom: what names it, and the directory that Flask puts on sys.path.
func TestWhereFlaskTakesItsAppFrom(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		named   string
		env     map[string]string
		files   map[string]string
		without bool
		// want is the module, and its directory below the start's where that is another.
		want, from string
	}{
		"told":                     {"shop:make", nil, nil, false, "shop:make", ""},
		"a module of a package":    {"shop.wsgi", nil, nil, false, "shop.wsgi", ""},
		"a file below":             {"src/shop.py:app", nil, nil, false, "shop:app", "src"},
		"a file of a package":      {"src/shop/app.py", nil, map[string]string{"src/shop/__init__.py": ""}, false, "shop.app", "src"},
		"a package here":           {"shop/app.py", nil, map[string]string{"shop/__init__.py": ""}, false, "shop.app", "."},
		"the environment":          {"", map[string]string{"FLASK_APP": "shop"}, map[string]string{".env": "FLASK_APP=other\n"}, false, "shop", ""},
		".flaskenv":                {"", nil, map[string]string{".flaskenv": "FLASK_APP=\"src/shop.py\"\n"}, false, "shop", "src"},
		".env before .flaskenv":    {"", nil, map[string]string{".flaskenv": "FLASK_APP=one\n", ".env": "FLASK_APP=two\n"}, false, "two", ""},
		".flaskenv and no dotenv":  {"", nil, map[string]string{".flaskenv": "FLASK_APP=one\n", "app.py": ""}, true, "app", ""},
		".flaskenv is skipped":     {"", map[string]string{"FLASK_SKIP_DOTENV": "1"}, map[string]string{".flaskenv": "FLASK_APP=one\n"}, false, "", ""},
		"wsgi.py before app.py":    {"", nil, map[string]string{"wsgi.py": "", "app.py": ""}, false, "wsgi", ""},
		"nothing names it":         {"", nil, nil, false, "", ""},
		".env of something else":   {"", nil, map[string]string{".env": "KEY=1\n", "wsgi.py": ""}, false, "wsgi", ""},
		"a .flaskenv that is none": {"", nil, map[string]string{".flaskenv": "FLASK_APP\n", "wsgi.py": ""}, false, "wsgi", ""},
	} {
		directory := t.TempDir()
		for _, file := range slices.Sorted(maps.Keys(test.files)) {
			place := filepath.Join(directory, file)
			if err := os.MkdirAll(filepath.Dir(place), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(place, []byte(test.files[file]), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		module, from := FlaskApp(t.Context(), sys.NewLocal(sys.LocalOptions{NoSudo: true}), FlaskStart{
			Directory: directory, Named: test.named, Variables: test.env, HasDotEnv: func() bool { return !test.without },
			Read: func(_ context.Context, name string) ([]byte, error) {
				if !strings.HasPrefix(name, directory) {
					return nil, fs.ErrNotExist
				}
				return os.ReadFile(name)
			},
		})
		got := ""
		if len(from) > 0 {
			got = sys.AbsoluteFrom(directory, from[0])
			got = strings.TrimPrefix(strings.TrimPrefix(got, directory), "/")
			got = path.Clean(got)
		}
		if module != test.want || got != test.from {
			t.Errorf("%s: %q from %q", name, module, got)
		}
	}
}

// TestHypercornsConfiguration: where it listens, of TOML and of Python, which is not run.
func TestHypercornsConfiguration(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		config, text, want string
		unknown            bool
	}{
		{"/etc/x.toml", "bind = \"127.0.0.1:8000\"\n", "127.0.0.1:8000", false},
		{"x.toml", "bind = [\"unix:/run/x.sock\"]\ninsecure_bind = [\":80\"]\nworkers = 2\n", "unix:/run/x.sock :80", false},
		{"file:x.py", "bind = ['[::]:80']\nworkers = 1 + 1\n", "[::]:80", false},
		{"file:x.py", "import os\nbind = os.environ['BIND']\n", "", true},
		{"x.toml", "bind = [\n", "", true},
		{"x.toml", "bind = 5\n", "", false},
	} {
		settings, _ := ParseHypercornConfig(HypercornFile(test.config), []byte(test.text))
		if strings.Join(settings.Bind, " ") != test.want || slices.Contains(settings.Computed, "bind") != test.unknown {
			t.Errorf("%s %q: %+v", test.config, test.text, settings)
		}
	}
	if file := HypercornFile("python:shop.config"); file != "" {
		t.Errorf("a module has no file: %q", file)
	}
}

// FuzzHypercornsConfiguration: no text makes it fail otherwise than by an error.
func FuzzHypercornsConfiguration(f *testing.F) {
	f.Add("x.toml", "bind = [\"127.0.0.1:8000\", 5]\nuse_reloader = true\n")
	f.Add("x.py", "bind = ['a'] + [1]\n")
	f.Fuzz(func(t *testing.T, name, text string) {
		if settings, err := ParseHypercornConfig(name, []byte(text)); err != nil && len(settings.Bind) > 0 {
			t.Errorf("%q is no configuration, and says where it listens: %v", text, settings.Bind)
		}
	})
}
