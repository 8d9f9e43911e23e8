package manager

import (
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
)

// What is different of a unit that a user's own service manager has (systemctl --user): it is
// asked and told as that user, never as root.

// ofUser tells whether the unit is a user's own.
func (m systemd) ofUser() bool { return m.unit.Owner != nil || m.b.Target.UserUnit != "" }

// user is whose it is.
func (m systemd) user() string {
	if m.unit.Owner != nil {
		return m.unit.Owner.String()
	}
	name, _ := facts.UserService(m.b.Target.UserUnit)
	return name
}

// unasked is why nothing is known of the unit but its name.
func (m systemd) unasked() sys.Text {
	for _, manager := range m.b.UserUnits.Value.Managers {
		if manager.String() == m.user() && manager.Problem != "" {
			return m.Name() + sys.Textf(" could not be asked: %s", manager.Problem)
		}
	}
	if !m.b.UserUnits.Known && m.b.UserUnits.Problem != "" {
		return m.Name() + sys.Textf(" could not be asked: %s", m.b.UserUnits.Problem)
	}
	return m.Name() + sys.Textf(" shows no unit %s", m.name())
}

// isCaller tells whether whoever runs flasktui is the user.
func (m systemd) isCaller() bool {
	return m.unit.Owner != nil && m.b.Host.Known && m.b.Host.Value.UID == int(m.unit.Owner.UID)
}

// order is a command to the manager that has the unit.
func (m systemd) order(words ...string) Order {
	order := Order{Argv: m.unit.Manager().Argv(words...), Root: m.unit.Owner == nil}
	if m.unit.Owner != nil && !m.isCaller() {
		order.As = m.unit.Owner
	}
	return order
}

// typed is a command for whoever runs flasktui to type.
func (m systemd) typed(format string, arguments ...any) sys.Text {
	line := m.unit.Typed(format, arguments...)
	if m.unit.Owner == nil || m.isCaller() {
		return line
	}
	if strings.HasPrefix(string(line), "journalctl ") {
		return "sudo " + line
	}
	return sys.Textf("sudo -u %s env XDG_RUNTIME_DIR=%s ", m.unit.Owner, m.unit.Manager().RuntimeDirectory()) + line
}

// lingering is what step 5 says of a user's manager that ends with their last session.
type lingering struct {
	words, command sys.Text
	line           report.Evidence
}

func (m systemd) linger() (lingering, report.Status) {
	user := m.user()
	told := lingering{
		command: sys.Typed("loginctl show-user -p Linger %s", user),
		line:    report.Observed("linger", sys.Textf("on: the systemd of %s starts at boot, and goes on without a session", user), sys.Typed("ls /var/lib/systemd/linger/%s", user)),
	}
	manager, known := m.b.ManagerOf(m.unit.Owner.UID)
	if !known || manager.Lingers || m.unit.Owner.UID == 0 {
		return told, report.OK
	}
	told.words = sys.Textf("%s does not linger: the service ends with the last session of that user, and does not start at boot, until root types `loginctl enable-linger %s`. Besides, ", user, user)
	told.line.Value = "off"
	return told, report.Warn
}

// RereadOrder has systemd, or a user's own, read its files anew; EditOrder opens an editor at
// the unit and does that too.
func RereadOrder(b *box.Box) Order { return ofUnit(b).order("daemon-reload") }

// EditOrder opens an editor at the unit.
func EditOrder(b *box.Box) Order { return ofUnit(b).order("edit", "--full", b.Unit.Name) }

func ofUnit(b *box.Box) systemd { return systemd{b, b.Unit, b.HasUnit} }
