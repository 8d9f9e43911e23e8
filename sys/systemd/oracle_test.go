package systemd

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/coreos/go-systemd/v22/unit"
	"github.com/google/go-cmp/cmp"
)

// theirs are the settings that go-systemd reads, as ours are written: what begins in a line of
// its own is one, blanks of continuation lines are as they stand.
func theirs(t *testing.T, text string) [][3]string {
	t.Helper()
	options, err := unit.DeserializeOptions(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var settings [][3]string
	for _, option := range options {
		settings = append(settings, [3]string{option.Section, option.Name, option.Value})
	}
	return settings
}

func ours(t *testing.T, text string) [][3]string {
	t.Helper()
	read, err := ParseUnitFile(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var settings [][3]string
	for _, setting := range read {
		settings = append(settings, [3]string{setting.Section, setting.Key, setting.Value})
	}
	return settings
}

// joined is a value with its continuation lines put together as systemd does, which go-systemd
// leaves to whoever uses it.
func joined(settings [][3]string) [][3]string {
	for index := range settings {
		settings[index][2] = strings.Join(strings.Fields(strings.ReplaceAll(settings[index][2], "\\\n", " ")), " ")
	}
	return settings
}

// TestUnitFileAsGoSystemdReadsIt: of the units of the tests and of this machine, where it has
// any, both readers see the same.
func TestUnitFileAsGoSystemdReadsIt(t *testing.T) {
	t.Parallel()
	texts := map[string]string{
		"sections": "[Unit]\nDescription=A = b\n\n[Service]\nExecStart=/bin/a --b=c \\\n  --d\nEnvironment=\nEnvironment=\"A=b c\"\n# x\n; y\n[Install]\nWantedBy=a.target\n",
		"blanks":   "[Service]\n  User = web  \nExecStart=/bin/sh -c 'a; b # c'\nEnvironment=A=\n",
	}
	for _, pattern := range []string{"testdata/systemd/*.service", "/usr/lib/systemd/system/*.*", "/etc/systemd/system/*.*"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
				text, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				texts[name] = string(text)
			}
		}
	}
	for name, text := range texts {
		if diff := cmp.Diff(joined(theirs(t, text)), joined(ours(t, text))); diff != "" {
			t.Errorf("%s (-go-systemd +ours):\n%s", name, diff)
		}
	}
}
