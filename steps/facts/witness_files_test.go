package facts

import (
	"strings"
	"testing"

	"flasktui/sys"
	"flasktui/sys/git"
	"flasktui/sys/proc"
)

// shopThatRuns is a service that began at five past, as user 33.
func shopThatRuns() *Facts {
	known := &Facts{Target: Target{PID: 10, Master: 10}}
	known.Processes = Of(Processes{Servers: []Server{{
		Master:  Process{Process: proc.Process{PID: 10, Started: minutes(5), UID: 33}},
		Workers: []Process{{Process: proc.Process{PID: 11, PPID: 10, Started: minutes(5), UID: 33}}},
	}}}, "")
	return known
}

// TestADataFileThatTheCodeNames stays open once it changed under the service: it may have been
// read as the app was imported. What nothing names, what is read at each request, what the app
// writes itself and what is served as it lies there matter to nobody.
func TestADataFileThatTheCodeNames(t *testing.T) {
	t.Parallel()
	const atImport = "RATES = json.load(open(HERE + '/%s'))\n"
	copied := sys.FileInfo{Born: noon, Modified: noon, Changed: minutes(9)}
	for _, test := range []struct {
		name, source, file string
		info               sys.FileInfo
		open               bool
	}{
		{"read at import", atImport, "rates.json", written(minutes(9)), true},
		{"with its old times, as cp -p leaves it", atImport, "rates.json", copied, true},
		{"before the start", atImport, "rates.json", written(minutes(4)), false},
		{"in a directory of data", atImport, "data/rates.json", written(minutes(9)), true},
		{"in the package", atImport, "shop/tables/rates.yaml", written(minutes(9)), true},
		{"by a pattern", "for one in HERE.glob('*.yaml'):\n    read(one)\n", "tables/rates.yaml", written(minutes(9)), true},
		{"in a formatted string", "RATES = load(f\"{HERE}/rates.json\")\n", "rates.json", written(minutes(9)), true},
		{"in a function that anything may call", "def load():\n    return open('rates.json')\n", "rates.json", written(minutes(9)), true},
		{"by a name that the source has for it", "NAME = 'rates.json'\n@app.get('/')\ndef index():\n    return open(NAME).read()\n", "rates.json", written(minutes(9)), true},
		{"at each request", "@app.get('/')\ndef index():\n    return open('rates.json').read()\n", "rates.json", written(minutes(9)), false},
		{"at the first request", "@app.get('/')\ndef index():\n    global R\n    R = R or open('rates.json').read()\n    return R\n", "rates.json", written(minutes(9)), true},
		{"kept for the next request", "@app.get('/')\n@cache.cached()\ndef index():\n    return open('rates.json').read()\n", "rates.json", written(minutes(9)), true},
		{"nothing names it", "RATES = 1\n", "rates.json", written(minutes(9)), false},
		{"only a comment does", "# rates.json\nRATES = 1\n", "rates.json", written(minutes(9)), false},
		{"an upload", "UPLOADS = 'photo.jpg'\n", "uploads/photo.jpg", written(minutes(9)), false},
		{"served as it lies there", "PAGE = 'site.css'\n", "static/site.css", written(minutes(9)), false},
		{"a database", "DATABASE = 'shop.sqlite3'\n", "instance/shop.sqlite3", written(minutes(9)), false},
		{"a log", "LOG = 'shop.log'\n", "shop.log", written(minutes(9)), false},
		{"a module of node's", "PACKAGE = 'package.json'\n", "node_modules/left/package.json", written(minutes(9)), false},
		{"the app's own", "open('visits.json', 'w').write('1')\n", "visits.json", sys.FileInfo{Born: minutes(9), Modified: minutes(9), Changed: minutes(9), UID: 33}, false},
		{"another's, beside what the app writes", "open('rates.json'); open(LOG, 'w')\n", "rates.json", sys.FileInfo{Born: minutes(9), Modified: minutes(9), Changed: minutes(9), UID: 1000}, true},
	} {
		box := files("/srv/shop/" + test.file)
		box.Files["/srv/shop/app.py"] = strings.ReplaceAll(test.source, "%s", test.file)
		box.infos["/srv/shop/"+test.file] = test.info
		look := lookAt(box)
		seen := look.walk(t.Context(), "/srv/shop")
		look.readWitnesses(t.Context(), shopThatRuns(), Deployment{}, "/srv/shop", &seen)
		if open := len(seen.unsettled) > 0; open != test.open || len(seen.sources) != 1 {
			t.Errorf("%s: open %+v, sources %+v", test.name, seen.unsettled, seen.sources)
		} else if open && !strings.Contains(string(seen.unsettled[0].Unsettled), "/srv/shop/app.py names it in line") {
			t.Errorf("%s: %s", test.name, seen.unsettled[0].Unsettled)
		}
	}
}

// TestATemplateIsNotOldByItsTimes: without a memory to ask, a new one may be a copy, and one
// with old times may have been written over.
func TestATemplateIsNotOldByItsTimes(t *testing.T) {
	t.Parallel()
	const page = "/srv/shop/templates/index.html"
	for _, test := range []struct {
		name string
		info sys.FileInfo
		open bool
	}{
		{"written", written(minutes(9)), true},
		{"copied with its old times", sys.FileInfo{Born: noon, Modified: noon, Changed: minutes(9)}, true},
		{"written before the start", written(minutes(4)), false},
	} {
		box := files("/srv/shop/app.py", page)
		box.infos[page] = test.info
		look := lookAt(box)
		seen := look.walk(t.Context(), "/srv/shop")
		look.readWitnesses(t.Context(), shopThatRuns(), Deployment{}, "/srv/shop", &seen)
		if open := len(seen.unsettledTemplates) == 1; open != test.open || newestEdited(seen.templates).At.After(minutes(5)) {
			t.Errorf("%s: open %+v, templates %+v", test.name, seen.unsettledTemplates, seen.templates)
		}
	}
}

// TestWhatMemoriesSayOfATemplate: one that no process has rendered is nobody's old one; one
// that is missing text is; agreement proves nothing.
func TestWhatMemoriesSayOfATemplate(t *testing.T) {
	t.Parallel()
	const page = "/srv/shop/templates/index.html"
	for _, test := range []struct {
		name                string
		rendered            renderedTemplates
		another, unrendered bool
		open                string
	}{
		{"no process has rendered it", renderedTemplates{}, false, true, ""},
		{"one has rendered another", renderedTemplates{held: map[string]int{page: 7}, another: map[string]MemoryWitness{page: {PID: 7, Word: "Welcome"}}}, true, false, ""},
		{"its text is there", renderedTemplates{held: map[string]int{page: 7}, agree: map[string]bool{page: true}}, false, false, "no proof"},
		{"it has no text", renderedTemplates{held: map[string]int{page: 7}}, false, false, "no text that could be compared"},
		{"one could not be asked", renderedTemplates{problem: "may not be read"}, false, false, "may not be read"},
	} {
		file := Change{Path: page}
		test.rendered.speak(&file)
		if (file.Memory != nil) != test.another || file.Unimported != test.unrendered || (file.Unsettled != "") != (test.open != "") || !strings.Contains(string(file.Unsettled), test.open) {
			t.Errorf("%s: %+v", test.name, file)
		}
	}
}

// TestASilentMemoryLeavesAWrittenFileOpen: only bytecode of another size speaks for a change.
func TestASilentMemoryLeavesAWrittenFileOpen(t *testing.T) {
	t.Parallel()
	const file, compiled = "/srv/shop/wsgi.py", "/srv/shop/__pycache__/wsgi.cpython-313.pyc"
	for _, test := range []struct {
		name, bytecode string
		changed        bool
	}{
		{"no bytecode", "", false},
		{"of the same size, with another time", bytecode(0, minutes(-60), len(file)), false},
		{"of another size", bytecode(0, minutes(-60), len(file)+1), true},
	} {
		box := files(file)
		box.infos[file] = written(minutes(9))
		if test.bytecode != "" {
			box.Files[compiled] = test.bytecode
		}
		look := lookAt(box)
		seen := look.walk(t.Context(), "/srv/shop")
		look.readWitnesses(t.Context(), shopThatRuns(), Deployment{}, "/srv/shop", &seen)
		if changed := len(seen.sources) == 1; changed != test.changed || len(seen.unsettled) == 1 == test.changed {
			t.Errorf("%s: changed %+v, open %+v", test.name, seen.sources, seen.unsettled)
		}
	}
}

// TestGitBearsWitnessToATemplate: checked out again, it holds what it held.
func TestGitBearsWitnessToATemplate(t *testing.T) {
	t.Parallel()
	box := files("/srv/shop/templates/index.html")
	file := &Change{Path: "/srv/shop/templates/index.html"}
	repository := &git.Repository{Directory: "/srv/shop", GitDirectory: "/srv/shop/.git", Commit: "a"}
	if same := lookAt(box).committedAgain(t.Context(), repository, minutes(5), []*Change{file}); same[file.Path] {
		t.Error("without an index")
	}
	if same := lookAt(box).committedAgain(t.Context(), nil, minutes(5), []*Change{file}); len(same) != 0 {
		t.Error("without a repository")
	}
}

// TestNamesInsideAContainer are those by which its processes import a file of the box.
func TestNamesInsideAContainer(t *testing.T) {
	t.Parallel()
	inside := Inside{Root: "/proc/7/root", Mounts: []MountState{{Resolved: "/srv/shop/releases/2"}}}
	inside.Mounts[0].Type, inside.Mounts[0].Source, inside.Mounts[0].Destination = "bind", "/srv/shop/current", "/app"
	known := &Facts{Inside: Of(inside, "")}
	for file, want := range map[string]string{
		"/srv/shop/releases/2/shop/web.py": "/app/shop/web.py", "/srv/shop/current/web.py": "/app/web.py",
		"/proc/7/root/opt/web.py": "/opt/web.py", "/etc/other.py": "",
	} {
		if got := strings.Join(known.importedAs(Deployment{}, file), " "); got != want {
			t.Errorf("%s: %q", file, got)
		}
	}
}
