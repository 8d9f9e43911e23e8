package facts

import (
	"testing"

	"flasktui/sys"
)

// TestSameAsLoaded: a unit file that was written again says what is loaded; one word in it
// that decides what is run, and it does not.
func TestSameAsLoaded(t *testing.T) {
	setting := func(key, value string) sys.UnitSetting {
		return sys.UnitSetting{Section: "Service", Key: key, Value: value}
	}
	lines := func(more ...sys.UnitSetting) []sys.UnitSetting {
		return append([]sys.UnitSetting{
			setting("User", "web"), setting("WorkingDirectory", "/srv/%p/current/"), setting("Restart", "always"),
			setting("ExecStart", `/usr/bin/gunicorn --bind "unix:/run/a.sock" wsgi:app`), setting("ExecReload", "/bin/kill -s HUP $MAINPID"),
			setting("Environment", `"A=1 2" B=%p`), setting("EnvironmentFile", "-/etc/default/a"),
		}, more...)
	}
	loaded := Unit{
		Unit: sys.Unit{
			Name: "a.service", User: "web", WorkingDirectory: "/srv/a/current",
			ExecStart:        [][]string{{"/usr/bin/gunicorn", "--bind", "unix:/run/a.sock", "wsgi:app"}},
			ExecReload:       [][]string{{"/bin/kill", "-s", "HUP", "$MAINPID"}},
			EnvironmentFiles: []sys.EnvironmentFile{{Path: "/etc/default/a", Optional: true}},
		},
		Prints: map[string]string{"A": "print of 1 2", "B": "print of a"},
	}
	for name, test := range map[string]struct {
		more []sys.UnitSetting
		want bool
	}{
		"the same":          {nil, true},
		"another directory": {[]sys.UnitSetting{setting("WorkingDirectory", "/srv/a/next")}, false},
		"another user":      {[]sys.UnitSetting{setting("User", "root")}, false},
		"another command":   {[]sys.UnitSetting{setting("ExecStart", ""), setting("ExecStart", "/usr/bin/gunicorn wsgi:app")}, false},
		"no reload":         {[]sys.UnitSetting{setting("ExecReload", "")}, false},
		"another variable":  {[]sys.UnitSetting{setting("Environment", "C=1")}, false},
		"another file":      {[]sys.UnitSetting{setting("EnvironmentFile", "/etc/b")}, false},
		"other files seen":  {[]sys.UnitSetting{setting("BindPaths", "/srv/b:/srv/a")}, false},
	} {
		t.Run(name, func(t *testing.T) {
			files := UnitFiles{Fragment: &sys.UnitFile{Path: "/etc/systemd/system/a.service", Settings: lines(test.more...)}}
			if got := files.sameAsLoaded(loaded, func(value string) string { return "print of " + value }); got != test.want {
				t.Errorf("same is %v, not %v", got, test.want)
			}
		})
	}
	t.Run("a drop-in is gone", func(t *testing.T) {
		files, held := UnitFiles{Fragment: &sys.UnitFile{Settings: lines()}}, loaded
		held.DropInPaths = []string{"/etc/systemd/system/a.service.d/x.conf"}
		if files.sameAsLoaded(held, func(value string) string { return "print of " + value }) {
			t.Error("it is called the same without its drop-in")
		}
	})
}
