package docker

import (
	"context"
	"fmt"
	"strconv"

	"flasktui/sys"
)

// ReadContainerLog returns the last lines of a container's log, made safe.
func ReadContainerLog(ctx context.Context, machine sys.Machine, container Container, lines int) ([]sys.Text, error) {
	command := container.Daemon.Look("logs", "--tail", strconv.Itoa(lines), container.ID)
	command.OutputLimit = sys.LogLimit
	output := machine.Run(ctx, command)
	if output.Err != nil {
		return nil, fmt.Errorf("docker logs: %w", output.Err)
	}
	// What the processes wrote to their standard error comes apart from the rest.
	return append(sys.LogLines(string(output.Stdout)), sys.LogLines(string(output.Stderr))...), nil
}
