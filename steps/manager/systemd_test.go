package manager

import (
	"strings"
	"testing"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/sys/proc"
	units "flasktui/sys/systemd"
)

// running is a unit whose Gunicorn is its main process.
func running() *box.Box {
	unit := facts.Unit{
		Unit: units.Unit{Name: "shop.service", MainPID: 7, LoadState: "loaded", ActiveState: "active", KillMode: "control-group"}, Serves: true, Runs: []int{7},
	}
	return box.New(&facts.Facts{
		Target:    facts.Target{Service: unit.Name, Unit: unit.Name},
		Units:     facts.Of([]facts.Unit{unit}, ""),
		Processes: facts.Of(facts.Processes{Servers: []facts.Server{{Master: facts.Process{Process: proc.Process{PID: 7}}}}}, ""),
	})
}

// TestWhyAStartWouldFail: a running service is not stopped for that.
func TestWhyAStartWouldFail(t *testing.T) {
	t.Parallel()
	reread, there := Made{Reread: true}, Made{There: func(string) bool { return true }}
	for _, test := range []struct {
		name string
		with func(b *box.Box)
		made Made
		want string
	}{
		{"it would not", func(*box.Box) {}, Made{}, ""},
		{"masked", func(b *box.Box) { b.Unit.LoadState = "masked" }, Made{}, "is masked"},
		{"masked until the next boot", func(b *box.Box) { b.Unit.UnitFileState = "masked-runtime" }, Made{}, "is masked"},
		{"of systemd-run", func(b *box.Box) { b.Unit.UnitFileState = "transient" }, Made{}, ""},
		{"of systemd-run, collected", func(b *box.Box) { b.Unit.UnitFileState, b.Unit.Collected = "transient", true }, Made{}, "--collect"},
		{"only the main process would end", func(b *box.Box) { b.Unit.MainPID, b.Unit.KillMode = 6, "process" }, Made{}, "would keep the address"},
		{"all would end", func(b *box.Box) { b.Unit.MainPID = 6 }, Made{}, ""},
		{"no look found it", func(b *box.Box) { b.HasUnit = false }, Made{}, "shows no unit shop.service"},
		{"it names what is not there", func(b *box.Box) { b.UnitFiles.Value.MissingLoaded = []string{"/srv/x"} }, Made{}, "/srv/x"},
		{"the file on disk does not", func(b *box.Box) { b.UnitFiles.Value.MissingLoaded = []string{"/srv/x"} }, reread, ""},
		{"the file on disk does", func(b *box.Box) { b.UnitFiles.Value.MissingOnDisk = []string{"/srv/y"} }, reread, "/srv/y"},
		{"the loaded one does not", func(b *box.Box) { b.UnitFiles.Value.MissingOnDisk = []string{"/srv/y"} }, Made{}, ""},
		{"it names what will be there", func(b *box.Box) { b.UnitFiles.Value.MissingLoaded = []string{"/srv/x"} }, there, ""},
		{"masked, whatever will be there", func(b *box.Box) { b.Unit.LoadState = "masked" }, there, "is masked"},
		{"a file of variables is gone", func(b *box.Box) {
			b.Environment.Value.Files = []facts.EnvironmentFileOnDisk{{Path: "/etc/env", Missing: true}}
		}, Made{}, "/etc/env"},
		{"one that may be", func(b *box.Box) {
			b.Environment.Value.Files = []facts.EnvironmentFileOnDisk{{Path: "/etc/env", Missing: true, Optional: true}}
		}, Made{}, ""},
	} {
		b := running()
		test.with(b)
		if got := string(Of(b).Restart(test.made).Refusal); test.want == "" && got != "" || !strings.Contains(got, test.want) {
			t.Errorf("%s: %q", test.name, got)
		}
	}
}
