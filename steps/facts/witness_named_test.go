package facts

import (
	"testing"

	"flasktui/sys"
	"flasktui/sys/python"
)

// TestAFileThatNothingNames was imported by nobody: where the memory may not be asked, that is
// what shows it.
func TestAFileThatNothingNames(t *testing.T) {
	t.Parallel()
	const file = "/srv/shop/scripts/import_orders.py"
	for _, test := range []struct {
		name, other string
		argv        []string
		file        string
		problem     sys.Text
		unnamed     bool
	}{
		{"nothing names it", "import shop.terms\n", nil, file, "denied", true},
		{"a part of another name", "import_orders_all()\n", nil, file, "denied", true},
		{"it is imported", "from scripts import import_orders\n", nil, file, "denied", false},
		{"a string names it", "names = [\"scripts.import_orders\"]\n", nil, file, "denied", false},
		{"modules are imported by names put together", "importlib.import_module(name)\n", nil, file, "denied", false},
		{"a framework finds modules", "INSTALLED = [\"django.contrib\"]\n", nil, file, "denied", false},
		{"only what a package says of itself is asked", "importlib.metadata.version(\"shop\")\n", nil, file, "denied", true},
		{"another process runs it", "", []string{"python3", "-m", "scripts.import_orders"}, file, "denied", false},
		{"the app's own module", "", nil, "/srv/shop/wsgi.py", "denied", false},
		{"Python finds it by itself", "", nil, "/srv/shop/sitecustomize.py", "denied", false},
		{"the memory tells", "", nil, file, "", false},
	} {
		box := files("/srv/shop/wsgi.py", test.file)
		box.Files["/srv/shop/wsgi.py"] = test.other
		known := Facts{
			Settings:  Of(Settings{Import: python.ImportResult{File: "/srv/shop/wsgi.py"}}, ""),
			Processes: Of(Processes{pythons: map[int][]string{7: test.argv}}, ""),
		}
		change := Change{Path: test.file}
		lookAt(box).recogniseUnnamed(t.Context(), &known, remembered{problem: test.problem}, []*Change{&change}, []Change{{Path: "/srv/shop/wsgi.py"}, change})
		if change.Unimported != test.unnamed {
			t.Errorf("%s: %v", test.name, change.Unimported)
		}
	}
}
