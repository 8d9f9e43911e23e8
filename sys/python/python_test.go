package python

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"flasktui/sys/memory"
)

// venvBox is a box with a virtualenv and, under /srv/shop/current, a release.
func venvBox(more map[string]string) memory.Machine {
	files := map[string]string{
		"/usr/bin/python3.13":                                       "",
		"/usr/lib/python3/dist-packages/flask/__init__.py":          "",
		"/usr/local/lib/python3.13/dist-packages/README":            "",
		"/usr/lib/python3.13/os.py":                                 "",
		"/srv/shop/venv/pyvenv.cfg":                                 "home = /usr/bin\ninclude-system-site-packages = false\nversion = 3.13.5\n",
		"/srv/shop/venv/lib/python3.13/site-packages/gunicorn/x.py": "",
		"/srv/shop/releases/2/shop/__init__.py":                     "",
		"/srv/shop/releases/2/shop/wsgi.py":                         "",
	}
	for name, content := range more {
		files[name] = content
	}
	return memory.Machine{Files: files, Links: map[string]string{
		"/usr/bin/python3": "python3.13", "/srv/shop/venv/bin/python3": "/usr/bin/python3", "/srv/shop/current": "/srv/shop/releases/2",
	}}
}

const sitePackages = "/srv/shop/venv/lib/python3.13/site-packages"

func TestResolveImport(t *testing.T) {
	finder, err := os.ReadFile("testdata/python/editable_finder.py")
	if err != nil {
		t.Fatal(err)
	}
	checkout := map[string]string{
		"/srv/checkout/shop/__init__.py": "", "/srv/checkout/shop/wsgi.py": "", "/srv/checkout/wsgi.py": "",
		sitePackages + "/__editable__.shop-1.0.pth":           "import __editable___shop_1_0_finder; __editable___shop_1_0_finder.install()",
		sitePackages + "/__editable___shop_1_0_finder.py":     string(finder),
		sitePackages + "/distutils-precedence.pth":            "import os; print('never run')",
		"/srv/shop/releases/2/static/app.css":                 "",
		"/srv/shop/venv/lib/python3.13/site-packages/zzz.pth": "import sitecustom\n",
	}
	chdir := []ImportDirectory{{"/srv/shop/current", "chdir"}}
	tests := []struct {
		name        string
		files       map[string]string
		directories []ImportDirectory
		interpreter string
		module      string
		want        ImportResult
	}{
		{
			name: "from the release, through the link", directories: chdir, module: "shop.wsgi",
			want: ImportResult{File: "/srv/shop/current/shop/wsgi.py", Tree: "/srv/shop/current", Via: "chdir"},
		},
		{
			name: "the package itself", directories: chdir, module: "shop",
			want: ImportResult{File: "/srv/shop/current/shop/__init__.py", Tree: "/srv/shop/current", Via: "chdir"},
		},
		{
			name: "a copy in site-packages", files: map[string]string{sitePackages + "/shop/__init__.py": "", sitePackages + "/shop/wsgi.py": ""},
			directories: []ImportDirectory{{"/srv/shop/current/static", "chdir"}}, module: "shop.wsgi",
			want: ImportResult{File: sitePackages + "/shop/wsgi.py", Tree: sitePackages, Via: "site-packages"},
		},
		{
			name: "chdir before a copy", files: map[string]string{sitePackages + "/shop.py": ""}, directories: chdir, module: "shop",
			want: ImportResult{File: "/srv/shop/current/shop/__init__.py", Tree: "/srv/shop/current", Via: "chdir"},
		},
		{
			name: "an editable installation by path", files: map[string]string{sitePackages + "/__editable__.store-1.0.pth": "# src\n/srv/checkout/src\n/absent\n", "/srv/checkout/src/store/__init__.py": ""},
			directories: chdir, module: "store",
			want: ImportResult{File: "/srv/checkout/src/store/__init__.py", Tree: "/srv/checkout/src", Via: "pth:" + sitePackages + "/__editable__.store-1.0.pth"},
		},
		{
			name: "an editable installation by finder, asked last", files: checkout, directories: chdir, module: "shop.wsgi",
			want: ImportResult{File: "/srv/shop/current/shop/wsgi.py", Tree: "/srv/shop/current", Via: "chdir", Dynamic: []string{sitePackages + "/zzz.pth:1"}},
		},
		{
			name: "an editable installation by finder", files: checkout, directories: []ImportDirectory{{"/srv/shop", "chdir"}}, module: "shop.wsgi",
			want: ImportResult{File: "/srv/checkout/shop/wsgi.py", Tree: "/srv/checkout", Via: "editable:" + sitePackages + "/__editable___shop_1_0_finder.py", Dynamic: []string{sitePackages + "/zzz.pth:1"}},
		},
		{
			name: "an editable module", files: checkout, module: "wsgi",
			want: ImportResult{File: "/srv/checkout/wsgi.py", Tree: "/srv/checkout", Via: "editable:" + sitePackages + "/__editable___shop_1_0_finder.py", Dynamic: []string{sitePackages + "/zzz.pth:1"}},
		},
		{
			name: "a finder that computes", files: map[string]string{sitePackages + "/__editable__.x.pth": "import __editable___x_finder; x()", sitePackages + "/__editable___x_finder.py": "MAPPING = find()"},
			module: "x", want: ImportResult{Dynamic: []string{sitePackages + "/__editable__.x.pth:1"}},
		},
		{
			name: "a namespace gives way to a package", files: map[string]string{"/srv/shop/releases/2/api/v1/x.py": "", sitePackages + "/api/__init__.py": ""},
			directories: chdir, module: "api", want: ImportResult{File: sitePackages + "/api/__init__.py", Tree: sitePackages, Via: "site-packages"},
		},
		{
			name: "a namespace in several places", files: map[string]string{"/srv/shop/releases/2/api/v1/x.py": "", sitePackages + "/api/v2.py": ""},
			directories: chdir, module: "api.v2", want: ImportResult{File: sitePackages + "/api/v2.py", Tree: "/srv/shop/current", Via: "chdir"},
		},
		{
			name: "a package before a module", files: map[string]string{"/srv/shop/releases/2/shop.py": ""},
			directories: chdir, module: "shop", want: ImportResult{File: "/srv/shop/current/shop/__init__.py", Tree: "/srv/shop/current", Via: "chdir"},
		},
		{name: "a built extension before source, bytecode last", files: map[string]string{
			"/srv/shop/releases/2/fast.py": "", "/srv/shop/releases/2/fast.cpython-313-x86_64-linux-gnu.so": "", "/srv/shop/releases/2/fast.pyc": "", "/srv/shop/releases/2/fast.pyi": "",
		}, directories: chdir, module: "fast", want: ImportResult{File: "/srv/shop/current/fast.cpython-313-x86_64-linux-gnu.so", Tree: "/srv/shop/current", Via: "chdir"}},
		{
			name: "bytecode alone", files: map[string]string{"/srv/shop/releases/2/old.pyc": "", "/srv/shop/releases/2/__pycache__/older.cpython-313.pyc": ""},
			directories: chdir, module: "old", want: ImportResult{File: "/srv/shop/current/old.pyc", Tree: "/srv/shop/current", Via: "chdir"},
		},
		{
			name: "the top level decides", files: map[string]string{"/srv/pp/shop.py": ""}, directories: []ImportDirectory{{"/srv/pp", "pythonpath"}, chdir[0]}, module: "shop.wsgi",
			want: ImportResult{Tree: "/srv/pp", Via: "pythonpath"},
		},
		{name: "nowhere", directories: chdir, module: "absent.wsgi"},
		{name: "no name", directories: chdir, module: "shop..wsgi"},
		{
			name: "without a virtualenv, as Debian does", interpreter: "python3", module: "flask",
			want: ImportResult{File: "/usr/lib/python3/dist-packages/flask/__init__.py", Tree: "/usr/lib/python3/dist-packages", Via: "site-packages"},
		},
		{
			name: "an egg", files: map[string]string{sitePackages + "/easy-install.pth": "./shop-1.0.egg\n", sitePackages + "/shop-1.0.egg": "PK"},
			module: "shop", want: ImportResult{Dynamic: []string{sitePackages + "/shop-1.0.egg"}},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if test.interpreter == "" {
				test.interpreter = "/srv/shop/venv/bin/python3"
				test.want.Virtualenv = "/srv/shop/venv"
			}
			got, err := ResolveImport(t.Context(), venvBox(test.files), ImportQuery{Directories: test.directories, Interpreter: test.interpreter, Module: test.module})
			if diff := cmp.Diff(test.want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(ImportResult{}, "Searched")); diff != "" || err != nil {
				t.Errorf("%v (-want +got)\n%s", err, diff)
			}
		})
	}
}

func TestResolveImportSearched(t *testing.T) {
	machine := venvBox(map[string]string{
		"/srv/shop/venv/pyvenv.cfg": "home = /usr/bin\ninclude-system-site-packages = True\nversion_info = 3.13.5.final.0\n",
		sitePackages + "/b.pth":     "/srv/b", sitePackages + "/a.pth": "../../../extra\n/srv/b\n", "/srv/b/x": "", "/srv/shop/venv/extra/x": "",
		"/srv/shop/venv/lib/python3.11/site-packages/x": "",
	})
	got, err := ResolveImport(t.Context(), machine, ImportQuery{Directories: []ImportDirectory{{"/srv/gone", "PYTHONPATH"}}, Interpreter: "/srv/shop/venv/bin/python3", Module: "x"})
	want := []string{"/srv/gone", sitePackages, "/srv/shop/venv/extra", "/srv/b", "/usr/local/lib/python3.13/dist-packages", "/usr/lib/python3/dist-packages"}
	if diff := cmp.Diff(want, got.Searched); diff != "" || err != nil {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
}

// In a container a link's absolute target is in the container, not on the box.
func TestResolveImportInContainer(t *testing.T) {
	machine := memory.Machine{Files: map[string]string{}, Links: map[string]string{}}
	const root = "/proc/42/root"
	for name, content := range venvBox(map[string]string{"/opt/app/wsgi.py": ""}).Files {
		machine.Files[root+name] = content
	}
	machine.Files["/srv/box/shop/__init__.py"] = "the box's own"
	machine.Links[root+"/srv/shop/current"] = "/srv/box"
	machine.Files[root+"/srv/box/shop/__init__.py"] = ""
	got, err := ResolveImport(t.Context(), machine, ImportQuery{
		Root: root, Directories: []ImportDirectory{{"/srv/shop/current", "chdir"}}, Interpreter: "/srv/shop/venv/bin/python", Module: "shop.wsgi",
	})
	if err != nil || got.Tree != "/srv/shop/current" || got.File != "" || got.Virtualenv != "/srv/shop/venv" {
		t.Errorf("the package is the container's, which has no wsgi: %+v, %v", got, err)
	}
}

func TestResolveImportDenied(t *testing.T) {
	machine := venvBox(map[string]string{sitePackages + "/shop.py": ""})
	machine.Denied = []string{"/srv/shop/releases/2"}
	_, err := ResolveImport(t.Context(), machine, ImportQuery{Directories: []ImportDirectory{{"/srv/shop/current", "chdir"}}, Interpreter: "/srv/shop/venv/bin/python3", Module: "shop"})
	if !errors.Is(err, fs.ErrPermission) {
		t.Errorf("what may not be read may hold the module: %v", err)
	}
}

func TestFindVirtualenv(t *testing.T) {
	for executable, want := range map[string]string{
		"/srv/shop/venv/bin/python3":  "/srv/shop/venv",
		"/srv/shop/venv/bin/gunicorn": "/srv/shop/venv",
		"/usr/bin/python3":            "",
		"python3":                     "",
		"":                            "",
	} {
		if got, err := FindVirtualenv(t.Context(), venvBox(nil), "", executable); got != want || err != nil {
			t.Errorf("%q: %q, %v", executable, got, err)
		}
	}
}

func TestReadShebang(t *testing.T) {
	for content, want := range map[string]string{
		"#!/srv/shop/venv/bin/python3\nimport sys\n":  "/srv/shop/venv/bin/python3",
		"#! /usr/bin/python3 -E\r\n":                  "/usr/bin/python3",
		"#!/usr/bin/env python3\n":                    "python3",
		"#!/usr/bin/env -S PYTHONUTF8=1 python3 -u\n": "python3",
		"#!/bin/sh\n'''exec' \"/srv/my shop/venv/bin/python\" \"$0\" \"$@\"\n' '''\nimport sys\n":   "/srv/my shop/venv/bin/python",
		"#!/bin/sh\n'''exec' /srv/" + strings.Repeat("x", 130) + "/bin/python \"$0\" \"$@\"\n' '''": "/srv/" + strings.Repeat("x", 130) + "/bin/python",
		"#!/bin/sh\nexec gunicorn\n": "/bin/sh",
		"#!":                         "",
		"\x7fELF":                    "",
		"":                           "",
	} {
		machine := memory.Machine{Files: map[string]string{"/script": content}}
		if got, err := ReadShebang(t.Context(), machine, "/script"); got != want || err != nil {
			t.Errorf("%q: %q, %v", content, got, err)
		}
	}
	if _, err := ReadShebang(t.Context(), memory.Machine{}, "/absent"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	long := memory.Machine{Files: map[string]string{"/script": "#!/usr/bin/python3\n" + strings.Repeat("#", 1<<20)}}
	if got, err := ReadShebang(t.Context(), long, "/script"); got != "/usr/bin/python3" || err != nil {
		t.Errorf("a long script: %q, %v", got, err)
	}
}

func FuzzResolveImport(f *testing.F) {
	f.Add("/srv\nimport __editable___x_finder\n", "MAPPING = {'a': '/b'}", "home = /\nversion = 3.1", "#!/usr/bin/env -S a=b x", "a.b")
	f.Fuzz(func(t *testing.T, pth, finder, configuration, script, module string) {
		machine := memory.Machine{Files: map[string]string{
			"/v/pyvenv.cfg": configuration, "/v/lib/python3.1/site-packages/x.pth": pth, "/v/lib/python3.1/site-packages/__editable___x_finder.py": finder,
			"/b/__init__.py": "", "/script": script,
		}}
		result, err := ResolveImport(t.Context(), machine, ImportQuery{Directories: []ImportDirectory{{"/b", "chdir"}}, Interpreter: "/v/bin/python", Module: module})
		if err == nil && result.File != "" && result.Tree == "" {
			t.Errorf("a file from nowhere: %+v", result)
		}
		if _, err := ReadShebang(t.Context(), machine, "/script"); err != nil {
			t.Error(err)
		}
	})
}
