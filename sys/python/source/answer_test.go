package source

import (
	"slices"
	"testing"
)

// TestWhatAViewAnswers is followed as far as it stands in the sources, and not known where it
// comes from anywhere else.
func TestWhatAViewAnswers(t *testing.T) {
	t.Parallel()
	const view = "@app.get(\"/version\")\ndef version():\n    return jsonify({\"release\": edition.release()})\n"
	for _, test := range []struct {
		name    string
		files   []string
		strings []string
		file    bool
		known   bool
	}{
		{"a string of its own", []string{"@app.route(\"/version\")\ndef v():\n    return \"1.4.0\"\n"}, []string{"1.4.0"}, false, true},
		{"a constant of another module", []string{view, "RELEASE = \"1.4.0\"\ndef release():\n    return RELEASE\n"}, []string{"release", "1.4.0"}, false, true},
		{"a file", []string{view, "import os\ndef release():\n    return open(os.path.join(HERE, \"REVISION\")).read().strip()\n"}, []string{"release", "REVISION"}, true, true},
		{"added by its rule", []string{"def v():\n    return \"1.4.0\"\napp.add_url_rule(\"/version\", view_func=v)\n"}, []string{"/version", "1.4.0"}, false, true},
		{"the environment", []string{view, "def release():\n    return os.environ[\"R\"]\n"}, nil, false, false},
		{"another program", []string{view, "def release():\n    return subprocess.check_output(x)\n"}, nil, false, false},
		{"put together", []string{view, "RELEASE = \"1.\" + minor\ndef release():\n    return RELEASE\n"}, nil, false, false},
		{"formatted", []string{view, "def release():\n    return f\"v{x}\"\n"}, nil, false, false},
		{"no such view", []string{"@app.get(\"/\")\ndef v():\n    return \"/version\"\n"}, nil, false, false},
	} {
		var files [][]byte
		for _, file := range test.files {
			files = append(files, []byte(file))
		}
		answer, known := AnswerOf(files, "/version")
		var texts []string
		for _, one := range answer.Strings {
			texts = append(texts, one.Text)
		}
		if known != test.known || answer.ReadsFile != test.file || !slices.Equal(texts, test.strings) {
			t.Errorf("%s: %+v, %v", test.name, answer, known)
		}
	}
}

func FuzzAnswerOf(f *testing.F) {
	f.Add([]byte("@app.get('/version')\ndef v():\n    return v()\n"))
	f.Add([]byte("@\n@a\nasync def\nadd_url_rule('/version'"))
	f.Fuzz(func(_ *testing.T, file []byte) { AnswerOf([][]byte{file, file}, "/version") })
}
