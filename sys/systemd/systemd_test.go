package systemd

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flasktui/sys"
	"flasktui/sys/memory"
	"flasktui/sys/proc"
)

// recordedBoot is about when testdata/systemd/show-257.txt was recorded, on a box that was
// never suspended.
func recordedBoot() proc.Boot {
	return proc.Boot{Uptime: 2425470 * time.Millisecond, At: time.Date(2026, 11, 23, 18, 46, 31, 500e6, time.UTC)}
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestParseRecordedUnits(t *testing.T) {
	t.Parallel()
	units, err := ParseUnits(strings.NewReader(readFile(t, "testdata/systemd/show-257.txt")), recordedBoot())
	if err != nil {
		t.Fatal(err)
	}
	if len(units) != 6 {
		t.Fatalf("%d units, want 6", len(units))
	}
	want := Unit{
		Name: "shop@blue.service", LoadState: "loaded", ActiveState: "active", SubState: "running", Result: "success", Type: "notify",
		MainPID: 103, KillMode: "mixed", PIDFile: "/run/shop.pid", User: "app",
		ControlGroup: "/system.slice/system-shop.slice/shop@blue.service", CanReload: true,
		FragmentPath: "/etc/systemd/system/shop@.service",
		DropInPaths: []string{
			"/etc/systemd/system/shop@.service.d/05-t.conf", "/etc/systemd/system/shop@blue.service.d/10-a.conf",
			"/etc/systemd/system/shop@.service.d/20-b.conf", "/etc/systemd/system/shop@blue.service.d/99-z.conf",
		},
		TriggeredBy:      []string{},
		MainStarted:      recordedBoot().At.Add(2424067030*time.Microsecond - recordedBoot().Uptime),
		LastStarted:      recordedBoot().At.Add(2424067030*time.Microsecond - recordedBoot().Uptime),
		MainStamp:        time.Date(2026, 11, 23, 18, 46, 30, 0, time.UTC),
		WorkingDirectory: "/srv/shop/current",
		// The quotes of the unit file are lost: see ExecStart.
		ExecStart: [][]string{{
			"/usr/bin/gunicorn", "--name", "two", "words", "--bind", "unix:/tmp/shop-blue.sock",
			"--access-logformat", "%(h)s", `"%(r)s"`, ";", "x", "app:app",
		}},
		ExecReload: [][]string{{"/bin/kill", "-s", "HUP", "$MAINPID"}, {"/bin/true", "one"}, {"/bin/true", "two"}},
		Environment: map[string]string{
			"PLAIN": "1", "SPACED": "two words", "QUOTE": `say "hi"`, "DOLLAR": "a$$b", "BACK": `a\b`, "SINGLE": "it's", "EMPTY": "",
			"NL": "a\nb", "TAB": "a\tb", "HASH": "a#b", "GLOB": "*?[x]", "SEMI": "a;b", "TILDE": "~x", "UML": "schön", "BANG": "a!b",
			"PIPE": "a|b", "EQ": "a=b=c", "BT": "a`b", "INSTANCE": "blue", "TPL05": "1", "ETC10": "1", "TPL20": "1",
		},
		EnvironmentFiles: []EnvironmentFile{{"/etc/default/missing file", true}, {"/etc/default/shop", false}},
		Description:      `Shop "blue" service: web = yes`,
	}
	if diff := cmp.Diff(want, units[0]); diff != "" {
		t.Errorf("shop@blue (-want +got):\n%s", diff)
	}
	if got := units[2]; !slices.Equal(got.ExecStart[1], []string{"/bin/false", "c"}) || !got.MainStarted.IsZero() {
		t.Errorf("oneshot: %+v", got)
	}
	if got := units[3]; !slices.Equal(got.TriggeredBy, []string{"act.socket"}) || got.ActiveState != "inactive" {
		t.Errorf("socket-activated: %+v", got)
	}
	if got := units[4]; got.LoadState != "masked" || got.Environment == nil || got.ExecStart == nil {
		t.Errorf("masked: %+v", got)
	}
	if got := units[5]; got.ActiveState != "failed" || got.Result != "exit-code" || got.ExecMainStatus != 1 {
		t.Errorf("failed: %+v", got)
	}
}

// A command line may hold line breaks, and so anything that looks like other properties.
func TestParseUnitsWithLinesInArguments(t *testing.T) {
	t.Parallel()
	units, err := ParseUnits(strings.NewReader(readFile(t, "testdata/systemd/show-words-257.txt")), proc.Boot{})
	if err != nil || len(units) != 1 || units[0].Name != "words.service" || len(units[0].ExecStart) != 1 {
		t.Fatalf("units = %+v, %v", units, err)
	}
	raw := "MainPID=7\nExecStart={ path=/bin/sh ; argv[]=/bin/sh -c a\nMainPID=666\n\nId=evil.service ; ignore_errors=no ; pid=7 }\nId=shop.service\n"
	units, err = ParseUnits(strings.NewReader(raw), proc.Boot{})
	if err != nil || len(units) != 1 || units[0].Name != "shop.service" || units[0].MainPID != 7 {
		t.Errorf("units = %+v, %v", units, err)
	}
}

func TestParseUnitsOfOldSystemd(t *testing.T) {
	t.Parallel()
	// systemd 237 names the property in the singular, and may leave out the boot clock.
	zone := time.FixedZone("XYZ", 3600).String()
	raw := "Id=a.service\nMainPID=1\nExecMainStartTimestamp=Sat 2025-11-22 10:00:00 UTC\nEnvironmentFile=/etc/a (ignore_errors=no)\n\n" +
		"Id=b.service\nMainPID=1\nExecMainStartTimestamp=Sat 2025-11-22 10:00:00 " + zone + "\n"
	units, err := ParseUnits(strings.NewReader(raw), proc.Boot{})
	if err != nil || len(units) != 2 {
		t.Fatal(units, err)
	}
	if want := time.Date(2025, 11, 22, 10, 0, 0, 0, time.UTC); !units[0].MainStarted.Equal(want) || len(units[0].EnvironmentFiles) != 1 {
		t.Errorf("unit = %+v", units[0])
	}
	if !units[1].MainStarted.IsZero() {
		t.Errorf("a time in an unknown zone was believed: %v", units[1].MainStarted)
	}
}

func TestShowUnits(t *testing.T) {
	t.Parallel()
	var asked []sys.Command
	machine := memory.Machine{
		Files: map[string]string{"/proc/103/stat": "103 (gunicorn) S 1 7 7 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 242000 0 0"},
		OnRun: func(command sys.Command) sys.Output {
			asked = append(asked, command)
			return sys.Output{Argv: command.Argv, Stdout: []byte(readFile(t, "testdata/systemd/show-257.txt"))}
		},
	}
	names := []string{"shop@blue", "my-shop-web.service", "two", "act", "masked", "dead"}
	units, _, err := ShowUnits(context.Background(), machine, recordedBoot(), names...)
	if err != nil || len(units) != 6 {
		t.Fatal(units, err)
	}
	if len(asked) != 1 || asked[0].Elevate || asked[0].Changes || !slices.Equal(asked[0].Argv[len(asked[0].Argv)-6:], names) {
		t.Errorf("commands = %+v", asked)
	}
	if want := recordedBoot().Time(242000); !units[0].MainStarted.Equal(want) {
		t.Errorf("MainStarted = %v, want that of /proc, %v", units[0].MainStarted, want)
	}
	if _, _, err := ShowUnits(context.Background(), machine, proc.Boot{}, "shop*"); err == nil {
		t.Error("a pattern was taken for a name")
	}
	if _, _, err := ShowUnits(context.Background(), machine, proc.Boot{}, "one"); err == nil {
		t.Error("six units for one name are no error")
	}
}

func TestUnitSearchPath(t *testing.T) {
	t.Parallel()
	machine := memory.Machine{OnRun: func(sys.Command) sys.Output {
		return sys.Output{Stdout: []byte("Version=257\nUnitPath=/etc/systemd/system.control /etc/systemd/system \"/odd path\" /usr/lib/systemd/system\n")}
	}}
	want := []string{"/etc/systemd/system.control", "/etc/systemd/system", "/odd path", "/usr/lib/systemd/system"}
	said, err := (Manager{}).ShowManager(t.Context(), machine)
	if got, pathErr := said.UnitSearchPath(); err != nil || pathErr != nil || !slices.Equal(got, want) {
		t.Errorf("UnitSearchPath = %q, %v, %v", got, err, pathErr)
	}
	if got, err := (UnitProperties{"Version": {"257"}}).UnitSearchPath(); err == nil {
		t.Errorf("a manager that tells none looks in %q", got)
	}
}

func FuzzParseUnits(f *testing.F) {
	for _, name := range []string{"show-257.txt", "show-words-257.txt"} {
		raw, err := os.ReadFile("testdata/systemd/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(raw))
	}
	f.Add("Environment=\"A=\\x41\\u00e4\\1\" $'B=\\n'\nExecStart={ argv[]= ; ignore_errors=no }\n")
	f.Fuzz(func(t *testing.T, raw string) {
		units, err := ParseUnits(strings.NewReader(raw), recordedBoot())
		if err != nil {
			return
		}
		for _, unit := range units {
			if unit.Environment == nil || unit.ExecStart == nil || unit.DropInPaths == nil || unit.EnvironmentFiles == nil {
				t.Errorf("a list is null in %+v", unit)
			}
		}
	})
}
