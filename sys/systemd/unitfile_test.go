package systemd

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"flasktui/sys/memory"
)

func decodeJSON[T any](t *testing.T, path string) T {
	t.Helper()
	var value T
	if err := json.Unmarshal([]byte(readFile(t, path)), &value); err != nil {
		t.Fatal(err)
	}
	return value
}

func TestParseUnitFile(t *testing.T) {
	t.Parallel()
	raw := "# comment\nStray=1\n[Unit]\nDescription = a = b \n\n[Service]\r\n; comment \\\nExecStart=/bin/x \\\n  # between\n\t--one \\\n  --two\n" +
		"Environment=\nEnvironment=\"A=b\\\\\"\nPath=C:\\\\\nnonsense\n [Install] \nWantedBy=last \\"
	want := []UnitSetting{
		{"Unit", "Description", "a = b", 4},
		{"Service", "ExecStart", "/bin/x  --one  --two", 8},
		{"Service", "Environment", "", 12},
		{"Service", "Environment", `"A=b\\"`, 13},
		{"Service", "Path", `C:\\`, 14},
		{"Install", "WantedBy", "last", 17},
	}
	got, err := ParseUnitFile(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestUnitWordsAsSystemdDoes compares with the arguments that systemd 257 really gave.
func TestUnitWordsAsSystemdDoes(t *testing.T) {
	t.Parallel()
	settings, err := ParseUnitFile(strings.NewReader(readFile(t, "testdata/systemd/words.service")))
	if err != nil {
		t.Fatal(err)
	}
	files := []UnitFile{{Path: "/etc/systemd/system/words.service", Settings: settings}}
	start := EffectiveSetting(files, "Service", "ExecStart", true)
	if len(start) != 1 || start[0].Line != 4 {
		t.Fatalf("ExecStart = %+v", start)
	}
	words, err := SplitUnitWords(start[0].Value)
	if err != nil {
		t.Fatal(err)
	}
	want := decodeJSON[[]string](t, "testdata/systemd/words-257.json")
	if diff := cmp.Diff(want, words[3:]); diff != "" {
		t.Errorf("(-systemd +flasktui):\n%s", diff)
	}
	for _, open := range []string{`"a`, `a 'b`, `x "a\"`} {
		if words, err := SplitUnitWords(open); err == nil {
			t.Errorf("SplitUnitWords(%q) = %q", open, words)
		}
	}
}

func recordedSearchPath() []string {
	return []string{"/etc/systemd/system", "/run/systemd/system", "/usr/lib/systemd/system"}
}

// The files and what systemd 257 makes of them were observed on a real box.
func TestUnitFilesOnDiskAsSystemdDoes(t *testing.T) {
	t.Parallel()
	const etc, run, usr = "/etc/systemd/system/", "/run/systemd/system/", "/usr/lib/systemd/system/"
	machine := memory.Machine{
		Files: map[string]string{
			etc + "shop@.service":                 "[Service]\nExecStart=/bin/x\n",
			usr + "shop@.service":                 "[Service]\nExecStart=/bin/vendor\n",
			etc + "shop@blue.service.d/10-a.conf": "[Service]\nEnvironment=ETC10=1\n",
			run + "shop@blue.service.d/10-a.conf": "[Service]\nEnvironment=RUN10=1\n",
			run + "shop@blue.service.d/20-b.conf": "[Service]\nEnvironment=RUN20=1\n",
			etc + "shop@.service.d/20-b.conf":     "[Service]\nEnvironment=TPL20=1\n",
			etc + "shop@.service.d/05-t.conf":     "[Service]\nEnvironment=TPL05=1\n",
			etc + "shop@.service.d/.hidden.conf":  "[Service]\nEnvironment=NO=1\n",
			etc + "shop@.service.d/readme":        "[Service]\nEnvironment=NO=1\n",
			etc + "service.d/20-b.conf":           "[Service]\nEnvironment=TYPE20=1\n",
			etc + "service.d/99-z.conf":           "[Service]\nEnvironment=TYPE99=1\n",
			etc + "my-shop-web.service":           "[Service]\n",
			etc + "my-shop-web.service.d/a.conf":  "[Service]\n",
			etc + "my-shop-.service.d/a.conf":     "[Service]\n",
			etc + "my-shop-.service.d/b.conf":     "[Service]\n",
			etc + "my-.service.d/b.conf":          "[Service]\n",
			etc + "my-.service.d/c.conf":          "[Service]\n",
			"/srv/linked.service":                 "[Service]\nUser=linked\n",
			"/dev/null":                           "",
		},
		Links: map[string]string{
			etc + "shop@blue.service.d/99-z.conf": "/dev/null",
			etc + "masked.service":                "/dev/null",
			etc + "linked.service":                "/srv/linked.service",
			run + "linked.service.d/x.conf":       "gone",
		},
	}
	for _, test := range []struct {
		name, fragment string
		dropIns        []string
	}{
		{"shop@blue.service", etc + "shop@.service", []string{
			etc + "shop@.service.d/05-t.conf", etc + "shop@blue.service.d/10-a.conf", etc + "shop@.service.d/20-b.conf", etc + "shop@blue.service.d/99-z.conf",
		}},
		{"my-shop-web.service", etc + "my-shop-web.service", []string{
			etc + "service.d/20-b.conf", etc + "service.d/99-z.conf",
			etc + "my-shop-web.service.d/a.conf", etc + "my-shop-.service.d/b.conf", etc + "my-.service.d/c.conf",
		}},
		{"masked.service", etc + "masked.service", nil},
		{"linked.service", etc + "linked.service", []string{etc + "service.d/20-b.conf", etc + "service.d/99-z.conf"}},
		{"nosuch.service", "", []string{etc + "service.d/20-b.conf", etc + "service.d/99-z.conf"}},
	} {
		fragment, dropIns, err := UnitFilesOnDisk(context.Background(), machine, recordedSearchPath(), test.name)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if (fragment == nil) != (test.fragment == "") || (fragment != nil && fragment.Path != test.fragment) {
			t.Errorf("%s: fragment = %+v, want %s", test.name, fragment, test.fragment)
		}
		var paths []string
		for _, dropIn := range dropIns {
			paths = append(paths, dropIn.Path)
		}
		if !slices.Equal(paths, test.dropIns) {
			t.Errorf("%s: drop-ins\n got %q\nwant %q", test.name, paths, test.dropIns)
		}
	}
	fragment, _, err := UnitFilesOnDisk(context.Background(), machine, recordedSearchPath(), "linked.service")
	if err != nil || len(fragment.Settings) != 1 || fragment.Info.Size != int64(len("[Service]\nUser=linked\n")) {
		t.Errorf("linked: %+v, %v", fragment, err)
	}
	machine.Denied = []string{etc + "shop@blue.service.d"}
	if _, _, err := UnitFilesOnDisk(context.Background(), machine, recordedSearchPath(), "shop@blue.service"); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("drop-ins that may not be read: %v", err)
	}
}

func TestEffectiveSetting(t *testing.T) {
	t.Parallel()
	files := []UnitFile{
		{Path: "unit", Settings: []UnitSetting{
			{"Service", "ExecStart", "/bin/old", 3},
			{"Service", "WorkingDirectory", "/srv/a", 4},
			{"Service", "Environment", "A=1", 5},
			{"Unit", "Environment", "NO=1", 6},
		}},
		{Path: "drop-in", Settings: []UnitSetting{
			{"Service", "ExecStart", "", 2},
			{"Service", "ExecStart", "/bin/new", 3},
			{"Service", "WorkingDirectory", "/srv/b", 4},
			{"Service", "Environment", "B=2", 5},
			{"Service", "User", "ann", 6},
			{"Service", "User", "", 7},
		}},
	}
	for _, test := range []struct {
		key  string
		list bool
		want []LocatedSetting
	}{
		{"ExecStart", true, []LocatedSetting{{"drop-in", files[1].Settings[1]}}},
		{"WorkingDirectory", false, []LocatedSetting{{"drop-in", files[1].Settings[2]}}},
		{"Environment", true, []LocatedSetting{{"unit", files[0].Settings[2]}, {"drop-in", files[1].Settings[3]}}},
		{"User", false, []LocatedSetting{}},
		{"Group", false, []LocatedSetting{}},
	} {
		if diff := cmp.Diff(test.want, EffectiveSetting(files, "Service", test.key, test.list)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.key, diff)
		}
	}
}

func FuzzParseUnitFile(f *testing.F) {
	f.Add("[Service]\nExecStart=/bin/x \\\n # c\n --y\n")
	f.Add("[Service\nA=\\\\\\\n")
	f.Fuzz(func(t *testing.T, raw string) {
		settings, err := ParseUnitFile(strings.NewReader(raw))
		if err != nil {
			return
		}
		last := 0
		for _, setting := range settings {
			if setting.Line <= last || setting.Section == "" {
				t.Errorf("ParseUnitFile(%q): %+v after line %d", raw, setting, last)
			}
			last = setting.Line
		}
	})
}

func FuzzSplitUnitWords(f *testing.F) {
	f.Add(`plain "two words" 'x' a\x41 \u00e4 \U0010ffff \777 \`)
	f.Fuzz(func(t *testing.T, raw string) {
		words, err := SplitUnitWords(raw)
		if err == nil && strings.TrimSpace(raw) != "" && len(words) == 0 && strings.Trim(raw, " \t\r\n") != "" {
			t.Errorf("SplitUnitWords(%q) lost everything", raw)
		}
	})
}
