package supervisord

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"flasktui/sys"
)

const (
	timeout = 5 * time.Second
	// notAllRun is how `supervisorctl status` exits where some program does not run.
	notAllRun = 3
)

// Status is what a supervisord says of its programs: their names (NAME or
// GROUP:NAME), and the process ids of those that run. One that is still starting is named
// without its process.
type Status struct {
	Names     []string
	Processes map[int]string
}

// ReadStatus asks a supervisord that Believe believes, by the
// configuration that it returned.
func ReadStatus(ctx context.Context, machine sys.Machine, config string) (Status, error) {
	output := machine.Run(ctx, sys.Command{Argv: []string{"supervisorctl", "-c", config, "status"}, Elevate: true, Timeout: timeout})
	if output.Err != nil && output.Exit != notAllRun {
		return Status{}, fmt.Errorf("supervisorctl status: %w", output.Err)
	}
	return ParseStatus(string(output.Stdout)), nil
}

// ParseStatus reads lines "NAME STATE pid NUMBER, uptime …".
func ParseStatus(printed string) Status {
	status := Status{Processes: map[int]string{}}
	for line := range strings.Lines(printed) {
		words := strings.Fields(line)
		if len(words) < 2 || words[1] != strings.ToUpper(words[1]) {
			continue
		}
		status.Names = append(status.Names, words[0])
		if len(words) < 4 || words[1] != "RUNNING" || words[2] != "pid" {
			continue
		}
		if pid, err := strconv.Atoi(strings.TrimSuffix(words[3], ",")); err == nil && pid > 0 {
			status.Processes[pid] = words[0]
		}
	}
	return status
}

// PID asks for the process of one program, which may be starting still; 0 for none.
func PID(ctx context.Context, machine sys.Machine, config, program string) (int, error) {
	output := machine.Run(ctx, sys.Command{Argv: []string{"supervisorctl", "-c", config, "pid", program}, Elevate: true, Timeout: timeout})
	if output.Err != nil {
		return 0, fmt.Errorf("supervisorctl pid: %w", output.Err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(output.Stdout)))
	if err != nil {
		return 0, fmt.Errorf("supervisorctl pid %s printed no number", sys.Safe(program))
	}
	return pid, nil
}
