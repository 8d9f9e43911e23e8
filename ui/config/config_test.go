package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func environment(variables map[string]string) func(string) string {
	return func(name string) string { return variables[name] }
}

func write(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func values(settings Settings) map[string]string {
	plain := map[string]string{}
	for name, setting := range settings {
		plain[name] = setting.Value
	}
	return plain
}

func TestWhatIsReadLaterWins(t *testing.T) {
	t.Parallel()
	system := write(t, "url = \"http://system\"\napp_dir = \"/srv/system\"\ntimeout = \"3s\"\nread_only = true\n")
	mine := write(t, "url = \"http://mine\"\ntheme = \"light\"\n")
	named := write(t, "app_dir = \"/srv/named\"\n[services.shop]\nexpect = \"abc\"\n[services.other]\nexpect = \"def\"\n")
	settings, err := load([]string{system, "/nonexistent/config.toml", mine},
		environment(map[string]string{"FLASKTUI_THEME": "dark", "FLASKTUI_NO_SUDO": "true", "FLASKTUI_URL": "", "ACCESSIBLE": "1"}),
		named, "shop.service")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"url": "http://mine", "app-dir": "/srv/named", "timeout": "3s", "read-only": "true", "theme": "dark",
		"no-sudo": "true", "accessible": "true", "expect": "abc",
	}
	if diff := cmp.Diff(want, values(settings)); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
	if settings["theme"].From != "FLASKTUI_THEME" || settings["url"].From != mine {
		t.Errorf("it is not told where a setting is from: %+v", settings)
	}
}

func TestTheServiceMayBeNamedInTheFileItself(t *testing.T) {
	t.Parallel()
	path := write(t, "service = \"shop\"\n[services.\"shop.service\"]\nurl = \"http://shop\"\n")
	settings, err := load(nil, environment(nil), path, "")
	if err != nil {
		t.Fatal(err)
	}
	if settings["url"].Value != "http://shop" {
		t.Errorf("settings %v", settings)
	}
}

func TestMistakesAreToldWithTheirPlace(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ content, want string }{
		"an unknown setting":           {"url = \"http://a\"\nurll = 1\n", `:2:1: there is no setting "urll"`},
		"an unknown setting of one":    {"[services.a]\nx = 1\n", `:2:1: there is no setting "services.a.x"`},
		"a wrong type":                 {"read_only = \"yes\"\n", ":1:"},
		"what is no TOML":              {"url = \n", ":1:"},
		"a service that names another": {"[services.a]\nservice = \"b\"\n", "cannot name another service"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := write(t, c.content)
			_, err := load(nil, environment(nil), path, "")
			if err == nil || !strings.HasPrefix(err.Error(), path) || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %v, want one line with %q", err, c.want)
			}
		})
	}
}

func TestAFileThatOthersCouldHaveWrittenIsRefused(t *testing.T) {
	t.Parallel()
	shared := write(t, "")
	if err := os.Chmod(shared, 0o664); err != nil {
		t.Fatal(err)
	}
	fifo := filepath.Join(t.TempDir(), "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{shared, fifo, t.TempDir()} {
		var distrust *TrustError
		if _, err := load([]string{path}, environment(nil), "", ""); !errors.As(err, &distrust) || distrust.Hint == "" {
			t.Errorf("%s: error %v", path, err)
		}
	}
	if _, err := load(nil, environment(nil), filepath.Join(t.TempDir(), "none.toml"), ""); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a named file that is missing: error %v", err)
	}
	if os.Getuid() == 0 {
		strangers := write(t, "")
		if err := os.Chown(strangers, 65534, 65534); err != nil {
			t.Fatal(err)
		}
		if _, err := load([]string{strangers}, environment(nil), "", ""); err == nil {
			t.Error("a stranger's file was read by root")
		}
		if _, err := load([]string{strangers}, environment(map[string]string{"SUDO_UID": "65534"}), "", ""); err != nil {
			t.Errorf("the file of who became root by sudo: %v", err)
		}
	}
}

func TestFilesNeverComeFromTheWorkingDirectory(t *testing.T) {
	t.Parallel()
	cases := []struct {
		variables map[string]string
		want      []string
	}{
		{map[string]string{"HOME": "/home/ann"}, []string{"/etc/flasktui/config.toml", "/home/ann/.config/flasktui/config.toml"}},
		{map[string]string{"XDG_CONFIG_HOME": "/x", "HOME": "/home/ann"}, []string{"/etc/flasktui/config.toml", "/x/flasktui/config.toml"}},
		{map[string]string{"XDG_CONFIG_HOME": "."}, []string{"/etc/flasktui/config.toml"}},
		{nil, []string{"/etc/flasktui/config.toml"}},
	}
	for _, c := range cases {
		if diff := cmp.Diff(c.want, Files(environment(c.variables))); diff != "" {
			t.Errorf("files for %v (-want +got):\n%s", c.variables, diff)
		}
	}
}

func FuzzAFileNeverPanics(f *testing.F) {
	f.Add("url = \"http://a\"\n[services.\"a b\"]\napp_dir = '/srv'\n")
	f.Fuzz(func(_ *testing.T, content string) {
		_ = Settings{}.addFile("fuzz.toml", []byte(content), "a")
	})
}
