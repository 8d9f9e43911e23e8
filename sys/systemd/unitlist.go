package systemd

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"

	"flasktui/sys"
)

// UnitState is one line of what the manager has loaded.
type UnitState struct {
	Name, Load, Active, Sub string
}

// ListServices asks which services the manager has loaded, and in which state they are:
// one answer of the manager for all of them, where ShowServices asks for each.
func ListServices(ctx context.Context, machine sys.Machine) ([]UnitState, error) {
	output := machine.Run(ctx, sys.Command{Argv: []string{
		"systemctl", "list-units", "--type=service", "--all", "--plain", "--no-legend", "--no-pager",
	}})
	if output.Err != nil {
		return nil, fmt.Errorf("systemctl list-units: %w", output.Err)
	}
	return ParseUnitStates(strings.NewReader(string(output.Stdout)))
}

// ParseUnitStates reads the columns UNIT LOAD ACTIVE SUB DESCRIPTION of
// `systemctl list-units --plain --no-legend`. A line that is short of them is passed over.
func ParseUnitStates(reader io.Reader) ([]UnitState, error) {
	states := []UnitState{}
	scanner := bufio.NewScanner(reader)
	for scanner.Scan() {
		const columns = 4
		fields := strings.Fields(scanner.Text())
		if len(fields) < columns || !strings.Contains(fields[0], ".") {
			continue
		}
		states = append(states, UnitState{Name: fields[0], Load: fields[1], Active: fields[2], Sub: fields[3]})
	}
	if err := scanner.Err(); err != nil {
		return states, fmt.Errorf("systemctl list-units: %w", err)
	}
	return states, nil
}

// Troubled tells whether a unit is neither running nor at rest: it failed, or is being
// started again and again.
func (state UnitState) Troubled() bool {
	return state.Active == "failed" || state.Active == "activating" || state.Active == "deactivating"
}
