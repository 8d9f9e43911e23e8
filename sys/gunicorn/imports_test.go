package gunicorn

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"flasktui/sys/memory"
	"flasktui/sys/python"
)

// The real Python is asked the same questions.
func TestResolveImportAgreesWithPython(t *testing.T) {
	interpreter, err := exec.LookPath("python3")
	if err != nil {
		t.Fatal("the real Python is asked: install python3")
	}
	base, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	venv := filepath.Join(base, "venv")
	if output, err := exec.CommandContext(t.Context(), interpreter, "-m", "venv", "--without-pip", venv).CombinedOutput(); err != nil {
		t.Fatalf("the real Python is asked in a virtualenv: install python3-venv (%v)\n%s", err, output)
	}
	site, err := filepath.Glob(filepath.Join(venv, "lib", "python3*", "site-packages"))
	if err != nil || len(site) != 1 {
		t.Fatal(site, err)
	}
	for name, content := range map[string]string{
		"app/shop/__init__.py": "", "app/shop/wsgi.py": "", "app/shop.py": "", "app/space/one.py": "", "pp/shop/__init__.py": "", "pp/only.py": "",
		"pp/space/two.py": "", "pth/store/__init__.py": "", "pth/only.py": "", "app/late/x.py": "",
		strings.TrimPrefix(site[0], base+"/") + "/late.py":       "",
		strings.TrimPrefix(site[0], base+"/") + "/a.pth":         base + "/pth\n",
		strings.TrimPrefix(site[0], base+"/") + "/space/tree.py": "",
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(base, name)), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(base, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	modules := []string{"shop", "shop.wsgi", "only", "store", "space.one", "space.two", "space.tree", "late", "nowhere"}
	script := "import importlib.util as u, json, sys\ndef f(n):\n  s=u.find_spec(n)\n  return s.origin if s else ''\nprint(json.dumps({n: f(n) for n in sys.argv[1:]}))"
	command := exec.CommandContext(t.Context(), filepath.Join(venv, "bin", "python3"), append([]string{"-c", script}, modules...)...)
	command.Dir = filepath.Join(base, "app")
	command.Env = []string{"PYTHONPATH=" + filepath.Join(base, "pp")}
	output, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]string
	if err := json.Unmarshal(output, &want); err != nil {
		t.Fatal(err)
	}
	machine := memory.Mirror(t, base)
	got := map[string]string{}
	for _, module := range modules {
		result, err := python.ResolveImport(t.Context(), machine, python.ImportQuery{
			Directories: Settings{}.ImportDirectories(filepath.Join(base, "app"), filepath.Join(base, "pp")),
			Interpreter: filepath.Join(venv, "bin", "python3"), Module: module,
		})
		if err != nil {
			t.Fatal(err)
		}
		got[module] = result.File
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-Python +here)\n%s", diff)
	}
}
