package systemd

import (
	"slices"
	"strconv"

	"flasktui/sys"
)

// Manager is the service manager that is asked: the system's own where User is nil, or a
// user's (systemctl --user), which is asked with that user's rights alone. What such a one says
// is its user's word.
type Manager struct{ User *sys.Account }

// Argv is a command to the manager. A user's is found by its runtime directory
// (pam_systemd(8)), which only a login session is told of.
func (m Manager) Argv(words ...string) []string {
	if m.User == nil {
		return append([]string{"systemctl"}, words...)
	}
	return slices.Concat([]string{"env", "XDG_RUNTIME_DIR=" + m.RuntimeDirectory(), "systemctl", "--user"}, words)
}

// RuntimeDirectory is where a user's manager listens.
func (m Manager) RuntimeDirectory() string {
	return "/run/user/" + strconv.FormatUint(uint64(m.User.UID), 10)
}

// Look is a command that asks the manager.
func (m Manager) Look(words ...string) sys.Command {
	command := sys.Command{Argv: m.Argv(words...)}
	if m.User != nil {
		command.As, command.Timeout = m.User, sys.RootlessTimeout
	}
	return command
}
