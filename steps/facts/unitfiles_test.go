package facts

import (
	"fmt"
	"strings"
	"testing"

	"flasktui/sys/systemd"
)

// unitOf reads a fragment and drop-ins as they were found on a disk.
func unitOf(t *testing.T, name string, texts ...string) UnitFiles {
	t.Helper()
	var files UnitFiles
	for index, text := range texts {
		settings, err := systemd.ParseUnitFile(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		file := systemd.UnitFile{Settings: settings}
		if index == 0 {
			files.Fragment = &file
		} else {
			files.DropIns = append(files.DropIns, file)
		}
	}
	files.read(Unit{Unit: systemd.Unit{Name: name}})
	return files
}

// TestNoValueOfAVariableIsKept of what a unit sets, whatever it is called: saved facts are
// mailed about.
func TestNoValueOfAVariableIsKept(t *testing.T) {
	t.Parallel()
	files := unitOf(t, "shop.service", `[Service]
Environment=LEVEL=hunter2
Environment="GREETING=hunter2 and more"
EnvironmentFile=/etc/default/shop
ExecStart=/usr/bin/gunicorn --env TOKEN=hunter2 wsgi:app
`, "[Service]\nEnvironment=DROPPED=hunter2\n")
	if all := fmt.Sprintf("%+v %+v", files, *files.Fragment); strings.Contains(all, "hunter2") {
		t.Errorf("a value is kept: %s", all)
	}
	var kept []string
	for _, file := range files.All() {
		for _, setting := range file.Settings {
			if strings.HasPrefix(setting.Key, "Environment") {
				kept = append(kept, setting.Key+"="+setting.Value)
			}
		}
	}
	if got, want := strings.Join(kept, " "), "Environment=LEVEL=*** Environment=GREETING=*** EnvironmentFile=/etc/default/shop Environment=DROPPED=***"; got != want {
		t.Errorf("%s, not %s", got, want)
	}
}

// TestTheLastUnitFileDecides what is started and where, with the prefixes that systemd knows
// and the specifiers of an instance.
func TestTheLastUnitFileDecides(t *testing.T) {
	t.Parallel()
	files := unitOf(t, "shop@blue-green.service", `[Service]
WorkingDirectory=/srv/shop/old
ExecStart=/usr/bin/old wsgi:app
EnvironmentFile=/etc/default/%p-%i
`, `[Service]
WorkingDirectory=-/srv/%p/%I
ExecStart=
ExecStart=-/usr/bin/gunicorn --chdir /srv/%N --bind 127.0.0.1:80%%20 wsgi:app
`)
	if files.WorkingDirectory.Value != "/srv/shop/blue/green" {
		t.Errorf("it starts in %s", files.WorkingDirectory.Value)
	}
	if got := fmt.Sprint(files.ExecStart); got != "[/usr/bin/gunicorn --chdir /srv/shop@blue-green --bind 127.0.0.1:80%20 wsgi:app]" {
		t.Errorf("it starts %s", got)
	}
	if files.Settings.Chdir != "/srv/shop@blue-green" || len(files.EnvironmentFiles) != 1 || files.EnvironmentFiles[0].Value != "/etc/default/shop-blue-green" {
		t.Errorf("%+v, %+v", files.Settings, files.EnvironmentFiles)
	}
	if bare := unitOf(t, "shop.service", "[Unit]\nDescription=x\n"); bare.WorkingDirectory.Value != "" || bare.ExecStart != nil {
		t.Errorf("of a unit that says nothing: %+v", bare)
	}
}
