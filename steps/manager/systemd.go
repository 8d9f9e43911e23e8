package manager

import (
	"cmp"
	"slices"
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
)

// systemd runs a unit of the system's. Until a look has found it there, only its name is
// known.
type systemd struct {
	b     *box.Box
	unit  facts.Unit
	found bool
}

// The steps that look at what a manager says of a service.
const (
	serviceStep   = 5
	containerStep = 12
)

func (m systemd) Kind() Kind {
	if m.ofUser() {
		return User
	}
	return Systemd
}

func (m systemd) Name() sys.Text {
	if m.ofUser() {
		return sys.Textf("the systemd of %s", m.user())
	}
	return "systemd"
}

func (m systemd) name() string {
	if name := cmp.Or(m.unit.Name, m.b.Target.Unit); name != "" {
		return name
	}
	_, name := facts.UserService(m.b.Target.UserUnit)
	return name
}

func (m systemd) Service() sys.Text {
	if m.name() == "" {
		return "the service"
	}
	if m.ofUser() {
		return sys.Textf("the unit %s of ", m.name()) + m.Name()
	}
	return sys.Textf("the unit %s", m.name())
}

// NoUnit is of a unit that no look has found.
func (m systemd) NoUnit() sys.Text {
	asked := m.b.Units
	switch {
	case m.found:
		return ""
	case m.name() == "":
		return "which service is meant is not known"
	case m.ofUser():
		return m.unasked()
	case !asked.Known:
		return m.Service() + sys.Textf(" could not be read: %s", cmp.Or(asked.Problem, "systemd was not asked"))
	}
	return sys.Textf("systemd shows no unit %s", m.name())
}

func (m systemd) State() State {
	state := State{Noun: "unit", Status: report.OK, Words: box.UnitWords(m.unit), Step: serviceStep}
	switch files := m.b.UnitFiles; {
	case !m.found:
		state.Status, state.Words = report.Unknown, m.NoUnit()
	case !files.Known:
		state.Status, state.Words = report.Unknown, files.Problem
	case m.unit.ActiveState == "failed":
		state.Status = report.Fail
	}
	return state
}

func (m systemd) Declaration() Declaration {
	declaration := Declaration{
		Noun: "unit", Source: m.unit.Typed("systemctl cat %s", m.name()), Editable: true,
		Advice: "Name the current link in the unit, never a release.",
	}
	if m.found {
		declaration.Paths = m.b.UnitPaths()
	}
	for _, file := range m.b.UnitFiles.Value.All() {
		if at := file.Info.ContentTime(); at.After(declaration.Written) {
			declaration.Written = at
		}
	}
	return declaration
}

func (m systemd) Restart(made Made) Restart {
	if reason := m.NoUnit(); reason != "" {
		return Restart{Refusal: reason}
	}
	return Restart{
		Order:   m.order("restart", m.unit.Name),
		Effect:  startsAnew(m.b, m.Name()),
		Undo:    noWayBack,
		Refusal: m.startRefusal(made),
	}
}

// startRefusal is why starting the unit would fail, so that a running service must not
// be stopped for it; empty where nothing speaks against it.
func (m systemd) startRefusal(made Made) sys.Text {
	if reason := m.leavesOld(); reason != "" {
		return reason
	}
	missing := m.b.UnitFiles.Value.MissingLoaded
	if made.Reread {
		missing = m.b.UnitFiles.Value.MissingOnDisk
	}
	if made.There != nil {
		missing = slices.DeleteFunc(slices.Clone(missing), made.There)
	}
	if len(missing) > 0 {
		return sys.Textf("the unit names what does not exist, so it would not start again: %s", strings.Join(missing, ", "))
	}
	for _, file := range m.b.Environment.Value.Files {
		if file.Missing && !file.Optional {
			return sys.Textf("the unit names the EnvironmentFile %s, which does not exist, so it would not start again", file.Path)
		}
	}
	return ""
}

// leavesOld is why a restart of the unit would not bring new processes: it would not
// end the old ones, or may not start at all; empty where it would.
func (m systemd) leavesOld() sys.Text {
	unit, master := m.unit, m.b.Server.Master
	switch {
	case unit.LoadState == "masked" || strings.HasPrefix(unit.UnitFileState, "masked"):
		return sys.Textf("%s is masked, so systemd would not start it again", unit.Name)
	case unit.UnitFileState == "transient" && unit.Collected:
		return sys.Textf("%s was made by systemd-run with --collect: if it does not start again at once, nothing is left that could start it", unit.Name)
	case m.b.Running && master.PID != unit.MainPID && !unit.StopsAll():
		return sys.Textf("systemd would end only the main process of %s (KillMode=%s): %s %d is a different process, and would keep the address", unit.Name, unit.KillMode, m.b.Software().Name, master.PID)
	}
	return ""
}

func (m systemd) Reload() (Order, bool) {
	return m.order("reload", m.unit.Name), m.found && m.unit.CanReload
}

func (systemd) StartsAgain() bool { return true }

func (systemd) ByHand() sys.Text { return "" }

func (m systemd) SameRun(before *box.Box) sys.Text {
	if before.HasUnit && m.found && before.Unit.SameRun(m.unit.Unit) {
		return sys.Textf("it restarted nothing: systemd still has %s in the same invocation as before", m.unit.Name)
	}
	return sameMaster(before, m.b)
}

func (m systemd) Unsettled() sys.Text {
	if m.found && m.unit.ActiveState != "active" {
		return sys.Textf("%s is %s", m.unit.Name, box.UnitWords(m.unit))
	}
	return ""
}

func (m systemd) Log(lines int) (sys.Command, sys.Text) {
	return m.unit.Manager().JournalCommand(m.name(), lines, true), ""
}

func (m systemd) Look() Look {
	if !m.found {
		return Look{}
	}
	reload := sys.Text("none")
	if len(m.unit.ExecReload) > 0 {
		reload = sys.Textf("%s", strings.Join(m.unit.ExecReload[0], " "))
	}
	status := m.typed("systemctl status %s --no-pager", m.unit.Name)
	return Look{
		Status: []sys.Text{status},
		Started: []sys.Text{
			m.typed("systemctl show -p ExecMainStartTimestamp,ActiveState,NRestarts %s", m.unit.Name),
			status,
			m.typed("journalctl -u %s -n 100 --no-pager", m.unit.Name),
		},
		ReloadedBy: []report.Evidence{report.Observed("ExecReload", reload, m.typed("systemctl show -p ExecReload %s", m.unit.Name))},
		Reload:     []sys.Text{m.typed("systemctl show -p ExecReload,CanReload %s", m.unit.Name)},
	}
}
