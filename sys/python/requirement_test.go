package python

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"flasktui/sys/memory"
)

// TestAllows: only what PEP 440 surely says is told.
func TestAllows(t *testing.T) {
	t.Parallel()
	for wanted, versions := range map[string]string{
		"":             "1.0 yes, 3.0rc1 yes",
		"==2.0":        "2.0 yes, 2.0.0 yes, 2.1 no, 2.0+cu118 yes, 2.0rc1 open, 2 yes, v2.0 yes",
		"==2.0+cu118":  "2.0+cu118 yes, 2.0+cpu open",
		"==2.0rc1":     "2.0RC1 yes, 2.0.0rc1 open, 2.0 open",
		"===2.0":       "2.0 yes, 2.0.0 open",
		"==2.*":        "2.7 yes, 2 yes, 3.0 no, 2.0rc1 open",
		"!=2.*":        "2.7 no, 3.0 yes",
		"!=2.0":        "2.0 no, 2.1 yes",
		">=1.2,<2":     "1.2 yes, 1.10 yes, 2.0 no, 1.1.9 no, 2.0rc1 open",
		">1, <= 1.5":   "1.5 yes, 1 no, 1.5.1 no",
		"~=1.4.2":      "1.4.2 yes, 1.4.9 yes, 1.5 no, 1.4.1 no",
		"~=1.4":        "1.9 yes, 2.0 no",
		">=1,!=0.9rc1": "0.5 no, 3 open",
		"whatever":     "1.0 open",
	} {
		for told := range strings.SplitSeq(versions, ", ") {
			version, want, _ := strings.Cut(told, " ")
			allowed, known := Requirement{Wanted: wanted}.Allows(version)
			got := map[[2]bool]string{{true, true}: "yes", {false, true}: "no", {false, false}: "open"}[[2]bool{allowed, known}]
			if got != want {
				t.Errorf("%q allows %s: %s, want %s", wanted, version, got, want)
			}
		}
	}
}

func TestParseRequirements(t *testing.T) {
	t.Parallel()
	got := ParseRequirements([]byte("\ufeff# of the site\r\nFlask[async] == 3.1.2 \\\r\n    --hash=sha256:aa \\\r\n    --hash=sha256:bb # why\r\n" +
		"-r base.txt\n--requirement=more/extra.txt\n-c constraints.txt\n--index-url https://pypi.example/simple\n--no-binary :all:\n-e ./library\n" +
		"zope.interface>=5,<6 ; python_version < '3.9'\nhouse-style @ git+https://git.example/house-style@v2#egg=house-style\n" +
		"stripe\nrequests (>=2.0)\n./wheels/own-1.0-py3-none-any.whl\n${PACKAGE}==1\nname==1 --global-option=x\nnot a requirement\n"))
	want := RequirementsFile{
		Requirements: []Requirement{
			{Name: "flask", Wanted: "== 3.1.2"},
			{Name: "zope-interface", Wanted: ">=5,<6", Conditional: true},
			{Name: "house-style"},
			{Name: "stripe"},
			{Name: "requests", Wanted: ">=2.0"},
			{Name: "name", Wanted: "==1"},
		},
		Includes: []string{"base.txt", "more/extra.txt"}, Unread: 4,
	}
	if difference := cmp.Diff(want, got); difference != "" {
		t.Error(difference)
	}
}

func TestParseLock(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		text string
		want []Requirement
	}{
		"uv.lock": {
			`version = 1
[[package]]
name = "shop"
version = "0.1.0"
source = { virtual = "." }
dependencies = [{ name = "flask" }, { name = "Colorama", marker = "sys_platform == 'win32'" }]
[[package]]
name = "flask"
version = "3.1.2"
source = { registry = "https://pypi.example/simple" }
dependencies = [{ name = "werkzeug" }]
[[package]]
name = "werkzeug"
version = "3.1.3"
[[package]]
name = "numpy"
version = "1.26.4"
[[package]]
name = "numpy"
version = "2.1.0"`,
			[]Requirement{
				{Name: "flask", Wanted: "==3.1.2"},
				{Name: "werkzeug", Wanted: "==3.1.3", Optional: true},
				{Name: "numpy", Wanted: "==1.26.4", Optional: true, Conditional: true},
				{Name: "numpy", Wanted: "==2.1.0", Optional: true, Conditional: true},
			},
		},
		"poetry.lock": {
			`[[package]]
name = "Flask"
version = "3.1.2"
groups = ["main", "dev"]
[package.dependencies]
Werkzeug = ">=3.1"
[[package]]
name = "pytest"
version = "8.3.0"
groups = ["dev"]
[[package]]
name = "tomli"
version = "2.0.1"
optional = true
groups = ["main"]
markers = "python_version < \"3.11\""
[[package]]
name = "own"
version = "0.1"
groups = ["main"]
[package.source]
type = "directory"
url = "../own"
[metadata]
lock-version = "2.1"`,
			[]Requirement{
				{Name: "flask", Wanted: "==3.1.2"},
				{Name: "pytest", Wanted: "==8.3.0", Optional: true},
				{Name: "tomli", Wanted: "==2.0.1", Optional: true, Conditional: true},
			},
		},
		"pdm.lock": {
			"[[package]]\nname = \"flask\"\nversion = \"3.1.2\"\ngroups = [\"default\"]\n[[package]]\nname = \"own\"\nversion = \"1\"\npath = \"./own\"\n",
			[]Requirement{{Name: "flask", Wanted: "==3.1.2"}},
		},
		"Pipfile.lock": {
			`{"_meta": {}, "default": {"gunicorn": {"version": "==23.0.0"}, "flask": {"version": "==3.1.2", "markers": "python_version >= '3.9'"}, "own": {"path": "."}}, "develop": {"pytest": {"version": "==8"}}}`,
			[]Requirement{{Name: "flask", Wanted: "==3.1.2", Conditional: true}, {Name: "gunicorn", Wanted: "==23.0.0"}, {Name: "own"}},
		},
	} {
		got, err := ParseLock("/srv/shop/"+name, []byte(test.text))
		if difference := cmp.Diff(test.want, got); err != nil || difference != "" {
			t.Errorf("%s: %v\n%s", name, err, difference)
		}
		if _, err := ParseLock(name, []byte("<<<<<<< HEAD")); err == nil {
			t.Errorf("%s: a conflict is read", name)
		}
	}
}

// TestListInstalled: of a package that two directories have, the first is told first.
func TestListInstalled(t *testing.T) {
	t.Parallel()
	const own, base = "/venv/lib/python3.13/site-packages/", "/usr/lib/python3/dist-packages/"
	box := memory.Machine{Files: map[string]string{
		own + "house_style-2.0.dist-info/METADATA": "", own + "~ouse_style-1.0.dist-info/METADATA": "", own + "flask/__init__.py": "",
		base + "flask-3.1.1.dist-info/METADATA": "", base + "PyYAML-6.0.2.egg-info/PKG-INFO": "", base + "six-1.17-py3.13.egg-info": "", base + "shop.egg-info/PKG-INFO": "",
	}}
	got, err := ListInstalled(t.Context(), box, "", []string{"/venv/lib/python3.13/site-packages", "/nowhere", "/usr/lib/python3/dist-packages"})
	want := []Installed{
		{"house-style", "2.0", own + "house_style-2.0.dist-info"},
		{"pyyaml", "6.0.2", base + "PyYAML-6.0.2.egg-info"},
		{"flask", "3.1.1", base + "flask-3.1.1.dist-info"},
		{"shop", "", base + "shop.egg-info"},
		{"six", "1.17", base + "six-1.17-py3.13.egg-info"},
	}
	if difference := cmp.Diff(want, got); err != nil || difference != "" {
		t.Errorf("%v\n%s", err, difference)
	}
}

func FuzzRequirements(f *testing.F) {
	f.Add("flask[async]==3.1 --hash=sha256:aa ; python_version < '3'\n-r a.txt", "3.1", "requirements.txt")
	f.Add("[[package]]\nname = 'a'\nversion = '1'\ngroups = ['main']", "1.0+x", "poetry.lock")
	f.Add(`{"default": {"a": {"version": "~=1.4.2"}}}`, "1.4.9", "Pipfile.lock")
	f.Fuzz(func(t *testing.T, text, version, name string) {
		requirements := ParseRequirements([]byte(text)).Requirements
		locked, _ := ParseLock(name, []byte(text))
		for _, one := range append(requirements, locked...) {
			if allowed, known := one.Allows(version); allowed && !known {
				t.Errorf("%+v allows %q, and it is not told", one, version)
			}
			if one.Name != NormalizeName(one.Name) {
				t.Errorf("%q is not normalized", one.Name)
			}
		}
		metadataName(name)
	})
}
