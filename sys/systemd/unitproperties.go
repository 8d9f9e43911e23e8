package systemd

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"flasktui/sys"
)

// UnitProperties is all that `systemctl show --all` prints of a unit or of the manager:
// by name, one value a line that it had. It holds what the unit's variables are set to, so
// it is compared where it was read and never kept.
type UnitProperties map[string][]string

// One is a property's only value, or its last; empty where it has none.
func (properties UnitProperties) One(name string) string {
	if values := properties[name]; len(values) > 0 {
		return values[len(values)-1]
	}
	return ""
}

// HeldUnit is a unit as the manager holds it, beside what it would hold of a unit that sets
// nothing: only against that does a setting show that the files no longer have.
type HeldUnit struct {
	// By is the manager that holds it.
	By   Manager
	Unit UnitProperties
	// Bare is a unit that does not exist; systemctl tells its version's defaults of it.
	Bare UnitProperties
	// Manager has the defaults that systemd-system.conf(5) sets, such as DefaultLimitNOFILE.
	Manager UnitProperties
}

// ShowManager asks for all that the manager says of itself.
func (m Manager) ShowManager(ctx context.Context, machine sys.Machine) (UnitProperties, error) {
	blocks, err := m.showProperties(ctx, machine)
	if err == nil && len(blocks) != 1 {
		err = fmt.Errorf("systemctl show --all: %d blocks came of the manager", len(blocks))
	}
	if err != nil {
		return nil, err
	}
	return blocks[0], nil
}

// UnitSearchPath is the manager's UnitPath, the directories in which it looks for units, in
// order of precedence (systemd.unit(5)).
func (properties UnitProperties) UnitSearchPath() ([]string, error) {
	if len(properties["UnitPath"]) == 0 {
		return nil, errors.New("unit search path: systemctl show prints no UnitPath")
	}
	return splitShown(properties.One("UnitPath")), nil
}

// ShowHeldUnit asks for all that a manager, of which is known what it says of itself, holds of
// one unit.
func (m Manager) ShowHeldUnit(ctx context.Context, machine sys.Machine, manager UnitProperties, name string) (HeldUnit, error) {
	bare := "flasktui-sets-nothing" + path.Ext(name)
	blocks, err := m.showProperties(ctx, machine, name, bare)
	if err != nil {
		return HeldUnit{}, err
	}
	if len(blocks) != 2 {
		return HeldUnit{}, fmt.Errorf("systemctl show --all: %d units came for two names", len(blocks))
	}
	return HeldUnit{By: m, Unit: blocks[0], Bare: blocks[1], Manager: manager}, nil
}

func (m Manager) showProperties(ctx context.Context, machine sys.Machine, names ...string) ([]UnitProperties, error) {
	output := machine.Run(ctx, m.Look(append([]string{"show", "--no-pager", "--all", "--"}, names...)...))
	if output.Err != nil {
		return nil, fmt.Errorf("systemctl show --all: %w", output.Err)
	}
	return ParseUnitProperties(strings.NewReader(string(output.Stdout)))
}

// ParseUnitProperties reads blocks of KEY=VALUE lines, a blank line between them. The value
// of a command goes on to its closing brace, as its arguments are printed as they are.
func ParseUnitProperties(reader io.Reader) ([]UnitProperties, error) {
	blocks := []UnitProperties{}
	var block UnitProperties
	scanner := bufio.NewScanner(reader)
	scanner.Buffer(nil, sys.DefaultOutputLimit)
	for open := ""; scanner.Scan(); {
		line := open + scanner.Text()
		key, value, ok := strings.Cut(line, "=")
		if ok && isOpenCommand(key, value) {
			open = line + "\n"
			continue
		}
		open = ""
		switch {
		case line == "":
			block = nil
		case ok && isPropertyName(key):
			if block == nil {
				block = UnitProperties{}
				blocks = append(blocks, block)
			}
			block[key] = append(block[key], value)
		}
	}
	if err := scanner.Err(); err != nil {
		return nil, fmt.Errorf("read properties: %w", err)
	}
	return blocks, nil
}

// isOpenCommand tells whether a command's value goes on in the next line.
func isOpenCommand(key, value string) bool {
	return strings.HasPrefix(key, "Exec") && strings.HasPrefix(value, "{ ") && !strings.HasSuffix(value, " }") && len(value) < unitFileLimit
}
