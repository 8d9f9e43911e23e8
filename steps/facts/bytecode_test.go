package facts

import (
	"strings"
	"testing"

	"flasktui/sys"
	"flasktui/sys/git"
)

// TestBytecodeThatDoesNotFollowItsSource is Python's own rule (G12): time and size in the
// header, or no check at all.
func TestBytecodeThatDoesNotFollowItsSource(t *testing.T) {
	t.Parallel()
	// The source has its old time, as tar and cp -p leave it, and is newer than its bytecode.
	restored := sys.FileInfo{Born: minutes(9), Modified: noon, Changed: minutes(9)}
	for _, test := range []struct {
		name             string
		source           sys.FileInfo
		pyc              string
		written          int
		stale, unchecked bool
	}{
		{"of this source", written(noon), bytecode(0, noon, 5), 1, false, false},
		{"the source is another one with the same time and size", restored, bytecode(0, noon, 5), 1, true, false},
		{"another size, which Python sees", restored, bytecode(0, noon, 6), 1, false, false},
		{"another time, which Python sees", restored, bytecode(0, minutes(-1), 5), 1, false, false},
		{"compiled after that", restored, bytecode(0, noon, 5), 10, false, false},
		{"by its hash, which is checked", restored, bytecode(3, noon, 5), 1, false, false},
		{"by its hash, which is not", restored, bytecode(1, noon, 5), 1, true, true},
		{"the same, compiled after that", restored, bytecode(1, noon, 5), 10, false, true},
		{"no bytecode", restored, "nonsense", 1, false, false},
	} {
		box := files()
		box.Files["/srv/app.py"], box.Files["/srv/__pycache__/app.cpython-313.pyc"] = "print", test.pyc
		box.infos["/srv/app.py"], box.infos["/srv/__pycache__/app.cpython-313.pyc"] = test.source, written(minutes(test.written))
		cache := written(noon)
		cache.UID = 33
		box.infos["/srv/__pycache__"] = cache
		source := Change{Path: "/srv/app.py", At: test.source.ContentTime(), Size: 5}
		code := Code{Source: source}
		lookAt(box).readBytecode(t.Context(), &Facts{}, &code, []Change{source})
		if got := len(code.Bytecode) == 1; got != test.stale {
			t.Errorf("%s: %+v", test.name, code.Bytecode)
		} else if got && (code.Bytecode[0].Unchecked != test.unchecked || code.Bytecode[0].CacheUID != 33 || code.Bytecode[0].Source != source.Path) {
			t.Errorf("%s: %+v", test.name, code.Bytecode[0])
		}
		if checked := test.pyc[4] == 0; checked != (code.Source.CompiledSize != 0) {
			t.Errorf("%s: compiled from %d bytes", test.name, code.Source.CompiledSize)
		}
		code = Code{Source: source}
		source.Committed = true
		if lookAt(box).readBytecode(t.Context(), &Facts{}, &code, []Change{source}); len(code.Bytecode) != 0 {
			t.Errorf("%s: what was written again as it was is called stale", test.name)
		}
		elsewhere := Facts{Target: Target{PID: 7}, Processes: Of(Processes{Servers: []Server{born("session-1.scope", 7)}}, "")}
		elsewhere.Processes.Value.Servers[0].Master.Shown = map[string]string{"PYTHONPYCACHEPREFIX": "/var/cache/py"}
		source.Committed = false
		if lookAt(box).readBytecode(t.Context(), &elsewhere, &code, []Change{source}); len(code.Bytecode) != 0 {
			t.Errorf("%s: it keeps its bytecode elsewhere, and is called stale", test.name)
		}
	}
}

// TestBytecodeBearsWitness to a source that was written over with its old time, and to one
// that only got another owner.
func TestBytecodeBearsWitness(t *testing.T) {
	t.Parallel()
	touched := sys.FileInfo{Modified: noon, Changed: minutes(9)}
	for _, test := range []struct {
		name, file string
		info       sys.FileInfo
		pyc        string
		written    int
		agrees     bool
		want       contentWitness
	}{
		{"of another size", "app.py", touched, bytecode(0, noon, 9), 5, false, anotherContent},
		{"of another time alone, as a copy of the same leaves it", "app.py", touched, bytecode(0, minutes(-9), 5), 5, false, silentOnContent},
		{"of the same, made by the import", "app.py", touched, bytecode(0, noon, 5), 4, false, sameContent},
		{"of the same, made long before", "app.py", touched, bytecode(0, noon, 5), 1, false, sameContent},
		{"of the same, made since: of what was written over?", "app.py", touched, bytecode(0, noon, 5), 5, false, silentOnContent},
		{"of the same, made since, and the memory agrees", "app.py", touched, bytecode(0, noon, 5), 5, true, sameContent},
		{"older than the file's own times", "app.py", touched, bytecode(0, noon, 9), -1, false, silentOnContent},
		{"younger than the last change", "app.py", touched, bytecode(0, noon, 9), 10, false, silentOnContent},
		{"the same, and younger", "app.py", touched, bytecode(0, noon, 5), 10, true, silentOnContent},
		{"by its hash", "app.py", touched, bytecode(1, noon, 9), 5, false, silentOnContent},
		{"of no module", "app.html", touched, bytecode(0, noon, 9), 5, false, silentOnContent},
		{"there is none", "app.py", touched, "", 5, false, silentOnContent},
	} {
		box := files()
		box.Files["/srv/"+test.file] = "print"
		if test.pyc != "" {
			box.Files["/srv/__pycache__/app.cpython-313.pyc"] = test.pyc
		}
		box.infos["/srv/"+test.file], box.infos["/srv/__pycache__/app.cpython-313.pyc"] = test.info, written(minutes(test.written))
		if got, _ := lookAt(box).compiled(t.Context(), Change{Path: "/srv/" + test.file}, minutes(4), test.agrees); got != test.want {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}

// TestWhatChangedSinceTheStart is looked at again, and nothing else.
func TestWhatChangedSinceTheStart(t *testing.T) {
	t.Parallel()
	changes := []Change{{Path: "a", At: minutes(-1)}, {Path: "b", At: minutes(1)}, {Path: "c", At: noon}}
	if since := writtenSince(noon, changes); len(since) != 1 || since[0] != &changes[1] {
		t.Errorf("%+v", since)
	}
	box := files()
	box.Files["/srv/app.py"], box.Files["/srv/old.py"] = "print", "print"
	for _, name := range []string{"app", "old"} {
		box.Files["/srv/__pycache__/"+name+".cpython-313.pyc"] = bytecode(0, minutes(-60), 9)
		box.infos["/srv/__pycache__/"+name+".cpython-313.pyc"] = written(minutes(-30))
		box.infos["/srv/"+name+".py"] = sys.FileInfo{Modified: minutes(-40), Changed: minutes(9)}
	}
	running := born("session-1.scope", 7)
	running.Master.Started, running.Workers = noon, []Process{{}}
	running.Workers[0].Started = minutes(2)
	known := Facts{Target: Target{PID: 7}, Processes: Of(Processes{Servers: []Server{running}}, "")}
	if started := known.oldestStart(); !started.Equal(noon) {
		t.Errorf("the oldest start: %s", started)
	}
	seen := walked{touched: []Change{{Path: "/srv/app.py", At: minutes(9)}, {Path: "/srv/old.py", At: minutes(-5)}}}
	lookAt(box).readWitnesses(t.Context(), &known, Deployment{}, "", &seen)
	if len(seen.sources) != 1 || seen.sources[0].Path != "/srv/app.py" || !seen.sources[0].Replaced || seen.sources[0].CompiledSize != 9 || len(seen.unsettled) != 0 {
		t.Errorf("%+v, unsettled %+v", seen.sources, seen.unsettled)
	}
	seen = walked{touched: []Change{{Path: "/srv/app.py", At: minutes(9)}}}
	delete(box.Files, "/srv/__pycache__/app.cpython-313.pyc")
	lookAt(box).readWitnesses(t.Context(), &known, Deployment{}, "", &seen)
	if len(seen.sources) != 0 || len(seen.unsettled) != 1 || !strings.Contains(string(seen.unsettled[0].Unsettled), "the memory of process") {
		t.Errorf("no witness tells of it, and nothing says so: %+v, unsettled %+v", seen.sources, seen.unsettled)
	}
	seen.sources, seen.unsettled = nil, nil
	if lookAt(box).readWitnesses(t.Context(), &Facts{}, Deployment{Repository: &git.Repository{Commit: "a"}}, "", &seen); len(seen.sources) != 0 {
		t.Errorf("nothing runs: %+v", seen.sources)
	}
}
