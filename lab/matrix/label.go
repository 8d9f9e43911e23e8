package matrix

import "slices"

// source is where the site takes from what it says of itself.
type source int

const (
	silent    source = iota // it says nothing
	variable                // a variable of the process
	constant                // a constant of a module
	read                    // a file, read when the app is imported
	readAgain               // a file, read for each request
	gitRef                  // what git's HEAD leads to, read for each request
)

// label is what the site says of itself, and whether a deed changes it, too.
type label struct {
	source source
	bumped bool
}

func (l label) String() string {
	name := map[source]string{
		silent: "silent", variable: "variable", constant: "constant", read: "file-at-import", readAgain: "file-each-time", gitRef: "git-each-time",
	}[l.source]
	if l.bumped {
		return name + "-bumped"
	}
	return name
}

// labels are all of them.
func labels() []label {
	return []label{
		{source: silent},
		{source: constant},
		{source: variable},
		{source: read},
		{source: readAgain},
		{source: gitRef},
		{constant, true},
		{read, true},
		{readAgain, true},
	}
}

// imported and route are what the app's module has of it.
func (l label) imported() string {
	if l.source == silent {
		return ""
	}
	return "from . import edition\n"
}

func (l label) route() string {
	if l.source == silent {
		return ""
	}
	return "\n\n@app.get(\"/version\")\ndef version():\n    return jsonify({\"release\": edition.release()})\n"
}

// write adds the files that the label lives in. up is Python for the directory of the
// release's file.
func (l label) write(files map[string]string, up, release string) {
	file := "open(os.path.join(" + up + ", \"REVISION\")).read().strip()"
	body := map[source]string{
		variable:  "import os\n\n\ndef release():\n    return os.environ[\"APP_RELEASE\"]\n",
		constant:  "RELEASE = \"" + release + "\"\n\n\ndef release():\n    return RELEASE\n",
		read:      "import os\n\nRELEASE = " + file + "\n\n\ndef release():\n    return RELEASE\n",
		readAgain: "import os\n\n\ndef release():\n    return " + file + "\n",
		gitRef: "import os\n\n\ndef release():\n    git = os.path.join(" + up + ", \".git\")\n    head = open(os.path.join(git, \"HEAD\")).read().split()[-1]\n" +
			"    ref = os.path.join(git, head)\n    return open(ref).read().strip() if os.path.exists(ref) else head\n",
	}[l.source]
	if body != "" {
		files["PKG/edition.py"] = body
	}
	if l.source == read || l.source == readAgain {
		files["IN/REVISION"] = release + "\n"
	}
}

// fits tells whether a deed can meet a site that says this of itself.
func (l label) fits(at layout, d deed) bool {
	inPlace := d.change == word || d.change == number
	fileBumps := d.name == "switch" && (l.source == read || l.source == readAgain)
	switch {
	case l.source == gitRef && !at.checkout, at.checkout && fileBumps:
		return false
	case fileBumps && !l.bumped:
		return false // a release brings its own
	case l.bumped && !inPlace, l.bumped && slices.Contains([]string{"pull-refused"}, d.name):
		return false
	}
	return true
}
