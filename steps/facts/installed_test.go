package facts

import (
	"testing"

	"flasktui/sys"
	"flasktui/sys/proc"
	"flasktui/sys/python"
	"flasktui/sys/python/memory"
)

const packagesOfShop = "/opt/venv/lib/python3.13/site-packages"

// shopWithPackages is a service that began at five past, with a virtualenv of three packages.
func shopWithPackages() (tree, *Facts, Code) {
	box := files("/srv/shop/wsgi.py", "/srv/shop/prices.py", packagesOfShop+"/tariff/__init__.py", packagesOfShop+"/tariff/sums.py",
		packagesOfShop+"/notebook/__init__.py", packagesOfShop+"/six.py", packagesOfShop+"/tariff-2.dist-info/RECORD")
	known := &Facts{Target: Target{PID: 10, Master: 10}}
	known.Processes = Of(Processes{Servers: []Server{{
		Master:  Process{Process: proc.Process{PID: 10, Started: minutes(5)}},
		Workers: []Process{{Process: proc.Process{PID: 11, PPID: 10, Started: minutes(5)}}},
	}}}, "")
	return box, known, Code{Tree: "/srv/shop", Import: python.ImportResult{Searched: []string{"/srv/shop", packagesOfShop}}}
}

// TestAPackageChangedUnderTheService: without a memory to ask it stays open whether that
// matters, however new a file looks.
func TestAPackageChangedUnderTheService(t *testing.T) {
	t.Parallel()
	chowned := sys.FileInfo{Born: noon, Modified: noon, Changed: minutes(9)}
	for _, test := range []struct {
		name    string
		file    string
		info    sys.FileInfo
		unknown string
	}{
		{"nothing", "", sys.FileInfo{}, ""},
		{"a file of a package", "/tariff/sums.py", written(minutes(9)), "/tariff/sums.py"},
		{"the same before the start", "/tariff/sums.py", written(minutes(4)), ""},
		{"a single file", "/six.py", written(minutes(9)), "/six.py"},
		{"another owner, or a copy with the old times", "/tariff/sums.py", chowned, "/tariff/sums.py"},
	} {
		box, known, code := shopWithPackages()
		if test.file != "" {
			box.infos[packagesOfShop+test.file] = test.info
		}
		seen := walked{sources: []Change{{Path: "/srv/shop/wsgi.py"}, {Path: "/srv/shop/prices.py"}}}
		missed := lookAt(box).readDependencies(t.Context(), known, Deployment{}, code, &seen)
		if len(missed) != 0 {
			t.Errorf("%s: missed %v", test.name, missed)
		}
		if got := belowPackages(seen.unsettled); got != test.unknown {
			t.Errorf("%s: open is %q, not %q", test.name, got, test.unknown)
		} else if got != "" && seen.unsettled[0].Unsettled == "" {
			t.Errorf("%s: no reason is given", test.name)
		}
	}
}

// TestBytecodeOfAPackage says of a chown that it was one.
func TestBytecodeOfAPackage(t *testing.T) {
	t.Parallel()
	box, known, code := shopWithPackages()
	source, compiled := packagesOfShop+"/tariff/sums.py", packagesOfShop+"/tariff/__pycache__/sums.cpython-313.pyc"
	box.infos[source] = sys.FileInfo{Born: noon, Modified: noon, Changed: minutes(9)}
	box.Files[compiled] = bytecode(0, noon, len(box.Files[source]))
	box.infos[compiled] = written(minutes(1))
	var seen walked
	if missed := lookAt(box).readDependencies(t.Context(), known, Deployment{}, code, &seen); len(missed) != 0 || len(seen.unsettled) != 0 {
		t.Errorf("missed %v, open %v", missed, seen.unsettled)
	}
}

// TestPackagesThatCannotBeReadAreNotLookedAtWhole, and those of an image are not the disk's.
func TestPackagesThatCannotBeReadAreNotLookedAtWhole(t *testing.T) {
	t.Parallel()
	box, known, code := shopWithPackages()
	code.Import.Searched = append(code.Import.Searched, "/root/closed/site-packages")
	var seen walked
	if lookAt(box).readDependencies(t.Context(), known, Deployment{}, code, &seen); !seen.partial {
		t.Errorf("nothing says that a directory was not read")
	}
	seen = walked{}
	known.Settings.Value.Root = "/proc/11/root"
	if lookAt(box).readDependencies(t.Context(), known, Deployment{}, code, &seen); seen.partial {
		t.Errorf("the image's packages were looked at")
	}
}

// TestWhatAMemorySaysOfAPackage: one that was never imported matters to nobody; of one that
// was, each file that is held otherwise counts, and what nothing tells of stays open.
func TestWhatAMemorySaysOfAPackage(t *testing.T) {
	t.Parallel()
	entry, sums, more := packagesOfShop+"/tariff/__init__.py", packagesOfShop+"/tariff/sums.py", packagesOfShop+"/tariff/more.py"
	one := changedPackage{name: "tariff", entry: entry, files: []Change{{Path: entry}, {Path: sums}, {Path: more}}}
	for _, test := range []struct {
		name            string
		of              map[string]memory.Outcome
		missed, unknown string
	}{
		{"never imported", map[string]memory.Outcome{entry: memory.NotImported}, "", ""},
		{"held otherwise", map[string]memory.Outcome{entry: memory.Agrees, sums: memory.Another, more: memory.NotImported}, "/tariff/sums.py", "/tariff/__init__.py"},
		{"one was not asked of", map[string]memory.Outcome{entry: memory.Another, sums: memory.NotImported}, "/tariff/__init__.py", "/tariff/more.py"},
		{"nothing to compare", map[string]memory.Outcome{entry: memory.Silent, sums: memory.NotImported, more: memory.NotImported}, "", "/tariff/__init__.py"},
	} {
		answers := remembered{imports: true, of: map[string]memory.Compared{}}
		for file, outcome := range test.of {
			answers.of[file] = memory.Compared{Outcome: outcome}
		}
		sources, unsettled := one.missed(answers)
		if belowPackages(sources) != test.missed || belowPackages(unsettled) != test.unknown {
			t.Errorf("%s: missed %q, open %q", test.name, belowPackages(sources), belowPackages(unsettled))
		}
	}
}

// belowPackages are the files of changes below the packages.
func belowPackages(changes []Change) string {
	all := ""
	for _, change := range changes {
		all += change.Path[len(packagesOfShop):]
	}
	return all
}
