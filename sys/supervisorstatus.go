package sys

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

const (
	supervisorTimeout = 5 * time.Second
	// notAllRun is how `supervisorctl status` exits where some program does not run.
	notAllRun = 3
)

// SupervisorStatus is what a supervisord says of its programs: their names (NAME or
// GROUP:NAME), and the process ids of those that run. One that is still starting is named
// without its process.
type SupervisorStatus struct {
	Names     []string
	Processes map[int]string
}

// ReadSupervisorStatus asks a supervisord that BelieveSupervisor believes, by the
// configuration that it returned.
func ReadSupervisorStatus(ctx context.Context, machine Machine, config string) (SupervisorStatus, error) {
	output := machine.Run(ctx, Command{Argv: []string{"supervisorctl", "-c", config, "status"}, Elevate: true, Timeout: supervisorTimeout})
	if output.Err != nil && output.Exit != notAllRun {
		return SupervisorStatus{}, fmt.Errorf("supervisorctl status: %w", output.Err)
	}
	return ParseSupervisorStatus(string(output.Stdout)), nil
}

// ParseSupervisorStatus reads lines "NAME STATE pid NUMBER, uptime …".
func ParseSupervisorStatus(printed string) SupervisorStatus {
	status := SupervisorStatus{Processes: map[int]string{}}
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

// SupervisorPID asks for the process of one program, which may be starting still; 0 for none.
func SupervisorPID(ctx context.Context, machine Machine, config, program string) (int, error) {
	output := machine.Run(ctx, Command{Argv: []string{"supervisorctl", "-c", config, "pid", program}, Elevate: true, Timeout: supervisorTimeout})
	if output.Err != nil {
		return 0, fmt.Errorf("supervisorctl pid: %w", output.Err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(output.Stdout)))
	if err != nil {
		return 0, fmt.Errorf("supervisorctl pid %s printed no number", Safe(program))
	}
	return pid, nil
}
