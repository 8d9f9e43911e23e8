package sys

import (
	"context"
	"fmt"
	"strconv"
)

// ReadContainerLog returns the last lines of a container's log, made safe.
func ReadContainerLog(ctx context.Context, machine Machine, container Container, lines int) ([]Text, error) {
	command := container.Daemon.Look("logs", "--tail", strconv.Itoa(lines), container.ID)
	command.OutputLimit = journalLimit
	output := machine.Run(ctx, command)
	if output.Err != nil {
		return nil, fmt.Errorf("docker logs: %w", output.Err)
	}
	// What the processes wrote to their standard error comes apart from the rest.
	return append(journalLines(string(output.Stdout)), journalLines(string(output.Stderr))...), nil
}
