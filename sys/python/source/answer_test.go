package source

import (
	"slices"
	"testing"
)

// TestWhatAViewAnswers is followed as far as it stands in the sources, and not known where any
// of it comes from anywhere else, or may be made into another string.
func TestWhatAViewAnswers(t *testing.T) {
	t.Parallel()
	const view = "from . import edition\n@app.get(\"/version\")\ndef version():\n    return jsonify({\"release\": edition.release()})\n"
	const file = "import os\ndef release():\n    return open(os.path.join(os.path.dirname(__file__), \"REVISION\")).read().strip()\n"
	for _, test := range []struct {
		name    string
		files   []string
		strings []string
		file    bool
		known   bool
	}{
		{"a string of its own", []string{"@app.route(\"/version\")\ndef v():\n    return \"1.4.0\"\n"}, []string{"1.4.0"}, false, true},
		{"a constant of another module", []string{view, "RELEASE = \"1.4.0\"\ndef release():\n    return RELEASE\n"}, []string{"release", "1.4.0"}, false, true},
		{"a file", []string{view, file}, []string{"release", "REVISION"}, true, true},
		{"a file that is closed again", []string{view, "from pathlib import Path\nHERE = Path(__file__).resolve().parent\ndef release():\n    with open(HERE / \"REVISION\") as f:\n        return f.read().strip()\n"}, []string{"release", "REVISION"}, true, true},
		{"a class", []string{view, "class Edition:\n    name = \"1.4.0\"\ndef release():\n    return Edition.name\n"}, []string{"release", "1.4.0"}, false, true},
		{"a class with a method", []string{view, "class Edition:\n    name: str = \"1.4.0\"\n    @staticmethod\n    def told():\n        return Edition.name\ndef release():\n    return Edition.told()\n"}, []string{"release", "1.4.0"}, false, true},
		{"a class that is told anew", []string{view, "class Edition:\n    name = \"1.4.0\"\ndef release():\n    return Edition.name\n", "Edition.name = load()\n"}, nil, false, false},
		{"imported by its name", []string{"from .edition import release\n@app.get(\"/version\")\ndef version():\n    return release()\n", "def release():\n    return \"1.4.0\"\n"}, []string{"1.4.0"}, false, true},
		{"named as what others have", []string{view, "RELEASE = \"1.4.0\"\ndef release():\n    return RELEASE\n", "def show():\n    release = request.args[\"release\"]\n    RELEASE = 4\n"}, []string{"release", "1.4.0"}, false, true},
		{"added by its rule", []string{"def v():\n    return \"1.4.0\"\napp.add_url_rule(\"/version\", view_func=v)\n"}, []string{"/version", "1.4.0"}, false, true},
		{"bound again, elsewhere", []string{view, "RELEASE = \"1.4.0\"\ndef release():\n    return RELEASE\n", "edition.RELEASE = \"1.6.0\"\n"}, []string{"release", "1.4.0", "1.6.0"}, false, true},
		{"bound again by what is not known", []string{view, "RELEASE = \"1.4.0\"\ndef release():\n    return RELEASE\n", "edition.RELEASE = load()\n"}, nil, false, false},
		{"bound by its text", []string{view, "RELEASE = \"1.4.0\"\nsetattr(edition, \"RELEASE\", x)\ndef release():\n    return RELEASE\n"}, nil, false, false},
		{"a branch", []string{view, "if x():\n    RELEASE = \"1.4.0\"\nelse:\n    RELEASE = environ[\"R\"]\ndef release():\n    return RELEASE\n"}, nil, false, false},
		{"the environment", []string{view, "def release():\n    return os.environ[\"R\"]\n"}, nil, false, false},
		{"the environment, with a default", []string{view, "def release():\n    return os.environ.get(\"R\", \"0.0.0\")\n"}, nil, false, false},
		{"a package, with a default", []string{view, "from setuptools_scm import get_version\ndef release():\n    return get_version(fallback=\"0.0.0\")\n"}, nil, false, false},
		{"a package that has the name, too", []string{view, "from tags import RELEASE\ndef release():\n    return RELEASE\n", "RELEASE = \"1.4.0\"\n"}, nil, false, false},
		{"renamed by an import", []string{view, "from .more import latest as RELEASE\ndef release():\n    return RELEASE\n", "latest = \"1.4.0\"\n"}, nil, false, false},
		{"everything of a package", []string{view, "from tags import *\nRELEASE = \"1.4.0\"\ndef release():\n    return RELEASE\n"}, nil, false, false},
		{"settings of a package", []string{view, "def release():\n    return settings.RELEASE or \"0.0.0\"\n"}, nil, false, false},
		{"another program", []string{view, "def release():\n    return subprocess.check_output(x)\n"}, nil, false, false},
		{"put together", []string{view, "RELEASE = \"1.\" + minor\ndef release():\n    return RELEASE\n"}, nil, false, false},
		{"put together without a mark", []string{view, "RELEASE = \"1.\" \"4.0\"\ndef release():\n    return RELEASE\n"}, nil, false, false},
		{"cut off", []string{view, "RELEASE = \"2025-1.4.0\"\ndef release():\n    return RELEASE[5:]\n"}, nil, false, false},
		{"made into another", []string{view, "RELEASE = \"1-4-0\"\ndef release():\n    return RELEASE.replace(\"-\", \".\")\n"}, nil, false, false},
		{"formatted", []string{view, "def release():\n    return f\"v{x}\"\n"}, nil, false, false},
		{"a file wherever the process stands", []string{view, "def release():\n    return open(\"REVISION\").read()\n"}, nil, false, false},
		{"kept by somebody else", []string{"@app.get(\"/version\")\n@cache.cached(60)\ndef version():\n    return \"1.4.0\"\n"}, nil, false, false},
		{"below a prefix", []string{view, "RELEASE = \"1.4.0\"\ndef release():\n    return RELEASE\n", "app.register_blueprint(api, url_prefix=\"/api\")\n"}, nil, false, false},
		{"no such view", []string{"@app.get(\"/\")\ndef v():\n    return \"/version\"\n"}, nil, false, false},
	} {
		var files []Source
		for at, content := range test.files {
			files = append(files, Source{Path: "/srv/shop/shop/" + []string{"web", "edition", "more"}[at] + ".py", Content: []byte(content)})
		}
		answer, known := AnswerOf(files, "/version")
		var texts []string
		for _, one := range answer.Strings {
			if !slices.Contains(texts, one.Text) {
				texts = append(texts, one.Text)
			}
		}
		if known != test.known || answer.ReadsFile != test.file || !slices.Equal(texts, test.strings) {
			t.Errorf("%s: %+v, %v", test.name, answer, known)
		}
	}
}

func FuzzAnswerOf(f *testing.F) {
	f.Add([]byte("@app.get('/version')\ndef v():\n    return v()\n"))
	f.Add([]byte("@\n@a\nasync def\nadd_url_rule('/version'"))
	f.Add([]byte("from\nimport\nfrom . import *\n@app.get('/version')\ndef v():\n    return x as\n"))
	f.Fuzz(func(_ *testing.T, file []byte) {
		AnswerOf([]Source{{"a.py", file}, {"b.py", file}}, "/version")
	})
}
