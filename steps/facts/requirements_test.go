package facts

import (
	"strings"
	"testing"

	"flasktui/sys/python"
)

// TestWhatDiffersFromTheRequirements: content alone tells; no time of a file does.
func TestWhatDiffersFromTheRequirements(t *testing.T) {
	t.Parallel()
	const packages = "/venv/lib/python3.13/site-packages"
	for name, test := range map[string]struct {
		files   map[string]string
		dynamic []string
		want    string
	}{
		"all pins are met":                  {map[string]string{"requirements.txt": "Flask==3.1.0\ngunicorn\nhouse_style>=1,<2"}, nil, ""},
		"a pin moved":                       {map[string]string{"requirements.txt": "flask==3.1.2\ngunicorn==23.0.0"}, nil, "requirements.txt flask==3.1.2 has 3.1.0"},
		"a new package":                     {map[string]string{"requirements.txt": "flask\ngunicorn\nstripe"}, nil, "requirements.txt stripe has "},
		"a new package, and code on a path": {map[string]string{"requirements.txt": "flask\ngunicorn\nstripe"}, []string{"x.pth:1"}, ""},
		"a range":                           {map[string]string{"requirements.txt": "flask>=3.2\ngunicorn"}, nil, "requirements.txt flask>=3.2 has 3.1.0"},
		"for another Python":                {map[string]string{"requirements.txt": "flask==2.3; python_version < '3.9'\ngunicorn\nstripe; sys_platform == 'win32'"}, nil, ""},
		"a URL and an editable":             {map[string]string{"requirements.txt": "flask @ git+https://git.example/flask@x\n-e .\ngunicorn"}, nil, ""},
		"what no site is installed from":    {map[string]string{"requirements-dev.txt": "flask==9\npytest==8", "requirements_test.txt": "flask==9", "requirements.in": "flask==9"}, nil, ""},
		"of another virtualenv":             {map[string]string{"requirements-ml.txt": "flask==9\ntorch\nnumpy\npandas"}, nil, ""},
		"included":                          {map[string]string{"requirements.txt": "-r requirements/base.txt\n-r ../../etc/passwd\n-r gone.txt", "requirements/base.txt": "flask==3.1.2\n-r ../requirements.txt"}, nil, "requirements.txt flask==3.1.2 has 3.1.0"},
		"a lock, of another group":          {map[string]string{"poetry.lock": "[[package]]\nname='pytest'\nversion='8'\ngroups=['dev']\n[[package]]\nname='flask'\nversion='3.1.0'\ngroups=['main']"}, nil, ""},
		"a lock moved":                      {map[string]string{"uv.lock": "[[package]]\nname='flask'\nversion='3.1.2'"}, nil, "uv.lock flask==3.1.2 has 3.1.0"},
		"below the system's own packages":   {map[string]string{"requirements.txt": "flask\nrequests==2.32.0"}, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box := files(packages+"/flask-3.1.0.dist-info/RECORD", packages+"/gunicorn-23.0.0.dist-info/RECORD", packages+"/house_style-1.4.dist-info/RECORD",
				"/usr/lib/python3/dist-packages/requests-2.32.0.dist-info/RECORD", "/usr/lib/python3/dist-packages/flask-2.2.dist-info/RECORD", "/srv/shop/wsgi.py")
			box.infos[packages+"/gunicorn-23.0.0.dist-info"] = written(minutes(5))
			for file, text := range test.files {
				box.Files["/srv/shop/"+file] = text
				box.infos["/srv/shop/"+file] = written(minutes(9))
			}
			seen := gathered(t, box, withVirtualenv(packages, test.dynamic), (*look).readRequirements).Requirements
			told := []string{}
			for _, file := range seen.Value.Files {
				for _, one := range file.Differing {
					told = append(told, strings.TrimPrefix(file.Path, "/srv/shop/")+" "+one.Name+one.Wanted+" has "+one.Installed)
				}
				if !file.ChangedAt.Equal(minutes(9)) {
					t.Errorf("%s changed at %s", file.Path, file.ChangedAt)
				}
			}
			if got := strings.Join(told, "; "); got != test.want {
				t.Errorf("%q, want %q (%s)", got, test.want, seen.Problem)
			}
			if seen.Known && !seen.Value.InstalledAt.Equal(minutes(5)) {
				t.Errorf("the last package is said to be installed at %s", seen.Value.InstalledAt)
			}
		})
	}
}

func withVirtualenv(packages string, dynamic []string) Facts {
	return Facts{
		Deployment: Of(Deployment{Active: "/srv/shop"}, ""),
		Settings: Of(Settings{Directory: "/srv/shop", Import: python.ImportResult{
			Virtualenv: "/venv", Searched: []string{"/srv/shop", packages, "/usr/lib/python3/dist-packages"}, Dynamic: dynamic,
		}}, ""),
	}
}

// TestRequirementsThatCannotBeRead are unknown with the reason, and those of a service without
// a virtualenv of this box are none.
func TestRequirementsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	const packages = "/venv/lib/python3.13/site-packages"
	box := files(packages+"/flask-3.1.0.dist-info/RECORD", "/srv/shop/requirements.txt")
	box.Files["/srv/shop/uv.lock"] = "<<<<<<< HEAD"
	known := withVirtualenv(packages, nil)
	if got := gathered(t, box, known, (*look).readRequirements).Requirements; got.Known || got.Absent() || got.Problem == "" {
		t.Errorf("a lock file with a conflict: %+v", got)
	}
	known.Settings.Value.ImportProblem = "permission denied"
	if got := gathered(t, box, known, (*look).readRequirements).Requirements; got.Known || got.Problem != "permission denied" {
		t.Errorf("a path that is not known: %+v", got)
	}
	known.Settings.Value.Import.Virtualenv = ""
	if got := gathered(t, box, known, (*look).readRequirements).Requirements; !got.Absent() {
		t.Errorf("no virtualenv: %+v", got)
	}
}
