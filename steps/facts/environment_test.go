package facts

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"flasktui/sys"
	"flasktui/sys/systemd"
)

// TestTheEnvironmentOfTheNextStart: which files set what, which are not there, and what a
// .env beside them would say.
func TestTheEnvironmentOfTheNextStart(t *testing.T) {
	t.Parallel()
	box := files()
	box.Files = map[string]string{
		"/etc/shop/a.env": "ONE=a\nTWO=a\nAPP_RELEASE=7\n", "/etc/shop/b.env": "TWO=b\n", "/etc/shop/c.txt": "TWO=c\n",
		"/etc/shop/locked/x.env": "TWO=x\n", "/srv/shop/.env": "UNIT=other\nTWO=b\nONLY=here\n", "/srv/blog/.env": "A=1\n",
	}
	box.Links["/etc/shop/link.env"] = "b.env"
	box.Denied = []string{"/etc/shop/locked"}
	for _, test := range []struct {
		name      string
		files     []systemd.EnvironmentFile
		directory string
		// says is each file with what is known of it, and then who sets TWO.
		says, two, dotenv, overruled string
	}{
		{"none", nil, "", "", "", "", ""},
		{"two, of which the last wins", []systemd.EnvironmentFile{{Path: "/etc/shop/a.env"}, {Path: "/etc/shop/b.env"}}, "", "/etc/shop/a.env[APP_RELEASE ONE TWO] /etc/shop/b.env[TWO]", "/etc/shop/b.env", "", ""},
		{"a pattern", []systemd.EnvironmentFile{{Path: "/etc/shop/*.env"}}, "", "/etc/shop/a.env[APP_RELEASE ONE TWO] /etc/shop/b.env[TWO] /etc/shop/link.env[TWO]", "/etc/shop/link.env", "", ""},
		{"a pattern that names nothing", []systemd.EnvironmentFile{{Path: "/etc/nothing/*.env"}}, "", "", "", "", ""},
		{"a class", []systemd.EnvironmentFile{{Path: "/etc/shop/[b].env"}}, "", "/etc/shop/b.env[TWO]", "/etc/shop/b.env", "", ""},
		{"gone", []systemd.EnvironmentFile{{Path: "/etc/shop/gone.env"}}, "", "/etc/shop/gone.env[] missing", "", "", ""},
		{"gone, and it may be", []systemd.EnvironmentFile{{Path: "/etc/shop/gone.env", Optional: true}}, "", "/etc/shop/gone.env[] missing optional", "", "", ""},
		{"not to be read", []systemd.EnvironmentFile{{Path: "/etc/shop/locked/x.env"}}, "", "/etc/shop/locked/x.env[] unreadable", "", "", ""},
		{"a pattern where nothing may be listed", []systemd.EnvironmentFile{{Path: "/etc/shop/locked/*.env"}}, "", "/etc/shop/locked/*.env[] unreadable", "", "", ""},
		{"beside a .env", []systemd.EnvironmentFile{{Path: "/etc/shop/b.env"}}, "/srv/shop", "/etc/shop/b.env[TWO]", "/etc/shop/b.env", "/srv/shop/.env[ONLY TWO UNIT]", "UNIT"},
		{"the .env is the unit's own file", []systemd.EnvironmentFile{{Path: "/srv/blog/.env"}}, "/srv/blog", "/srv/blog/.env[A]", "", "", ""},
		{"no .env", nil, "/srv", "", "", "", ""},
	} {
		look := lookAt(box)
		unit := Unit{Unit: systemd.Unit{Name: "shop.service", WorkingDirectory: test.directory, EnvironmentFiles: test.files}}
		unit.Prints, unit.Shown = map[string]string{"UNIT": look.printer.Of("mine")}, map[string]string{"PWD": "/"}
		known := Facts{Target: Target{Unit: unit.Name}, Units: Of([]Unit{unit}, "")}
		look.readEnvironment(t.Context(), &known)(&known)
		environment := known.Environment.Value
		describe := func(file EnvironmentFileOnDisk) string {
			words := fmt.Sprintf("%s%v", file.Path, file.Names)
			for _, mark := range []struct {
				word string
				is   bool
			}{{" missing", file.Missing}, {" optional", file.Optional}, {" unreadable", file.Problem != ""}} {
				if mark.is {
					words += mark.word
				}
			}
			return words
		}
		var says []string
		for _, file := range environment.Files {
			says = append(says, describe(file))
		}
		dotenv := ""
		if environment.DotEnv != nil {
			dotenv = describe(*environment.DotEnv)
		}
		if strings.Join(says, " ") != test.says || environment.From["TWO"] != test.two || dotenv != test.dotenv || strings.Join(environment.DotEnvOverruled, " ") != test.overruled {
			t.Errorf("%s: %v, TWO from %q, dotenv %q, overruled %v", test.name, says, environment.From["TWO"], dotenv, environment.DotEnvOverruled)
		}
		if environment.From["UNIT"] != "shop.service" || environment.Prints["UNIT"] != look.printer.Of("mine") || environment.Shown["PWD"] != "/" {
			t.Errorf("%s: the unit's own variables: %+v", test.name, environment)
		}
		if test.two == "/etc/shop/b.env" && environment.Prints["TWO"] != look.printer.Of("b") {
			t.Errorf("%s: TWO is not what the last file says", test.name)
		}
		if slices.Contains(slices.Collect(maps.Values(environment.Shown)), "a") {
			t.Errorf("%s: a value is shown: %v", test.name, environment.Shown)
		}
	}
	if known := gathered(t, box, Facts{}, (*look).readEnvironment); known.Environment.Known || !known.Environment.Absent() {
		t.Errorf("without a unit: %+v", known.Environment)
	}
}

// TestAVariableIsShownOnlyWhereItIsNoSecret: everything else is a fingerprint.
func TestAVariableIsShownOnlyWhereItIsNoSecret(t *testing.T) {
	t.Parallel()
	prints, shown := lookAt(files()).reduce(map[string]string{"SECRET_KEY": "s", "PWD": "/srv\x1b[2J", "DATABASE_URL": "d"})
	if len(prints) != 3 || len(shown) != 1 || shown["PWD"] != string(sys.Safe("/srv\x1b[2J")) {
		t.Errorf("%v, %v", prints, shown)
	}
}

// TestWhatSwitchesAppsSay: in the files where they set themselves up.
func TestWhatSwitchesAppsSay(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		line         string
		reload, load bool
	}{
		{"app.config['TEMPLATES_AUTO_RELOAD'] = True", true, false},
		{"TEMPLATES_AUTO_RELOAD = False", false, false},
		{"DEBUG = True", false, false},
		{"app.jinja_env.auto_reload = True", true, false},
		{"# TEMPLATES_AUTO_RELOAD = True", false, false},
		{"load_dotenv()", false, true},
		{"    dotenv.load_dotenv( '.env' )", false, true},
		{"def load_dotenv():", false, false},
		{"# load_dotenv()", false, false},
		{"from dotenv import load_dotenv", false, false},
	} {
		for _, name := range []string{"wsgi.py", "config.py", "settings.py", "__init__.py"} {
			box := files("/srv/shop/wsgi.py")
			box.Files["/srv/shop/"+name] = "import os\n" + test.line + "\n"
			code := Code{}
			code.Import.File = "/srv/shop/wsgi.py"
			lookAt(box).readAppSwitches(t.Context(), &Facts{}, &code)
			if code.AutoReloadTemplates != test.reload || code.LoadsDotEnv != test.load {
				t.Errorf("%s: %q: reload %v, dotenv %v", name, test.line, code.AutoReloadTemplates, code.LoadsDotEnv)
			}
		}
	}
	for value, want := range map[string]bool{"1": true, "True": true, "yes": true, "ON": true, "0": false, "": false, "no": false} {
		known := Facts{Target: Target{PID: 7}, Processes: Of(Processes{Servers: []Server{born("session-1.scope", 7)}}, "")}
		known.Processes.Value.Servers[0].Master.Shown = map[string]string{"FLASK_DEBUG": value}
		code := Code{}
		lookAt(files()).readAppSwitches(t.Context(), &known, &code)
		if code.AutoReloadTemplates != want {
			t.Errorf("FLASK_DEBUG=%s: %v", value, code.AutoReloadTemplates)
		}
	}
}
