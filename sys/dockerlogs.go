package sys

import (
	"context"
	"fmt"
	"strconv"
)

// ReadContainerLog returns the last lines of a container's log, made safe.
func ReadContainerLog(ctx context.Context, machine Machine, container Container, lines int) ([]Text, error) {
	output := machine.Run(ctx, Command{
		Argv:    container.Daemon.Argv("logs", "--tail", strconv.Itoa(lines), container.ID),
		Elevate: container.Daemon.AsRoot, OutputLimit: journalLimit,
	})
	if output.Err != nil {
		return nil, fmt.Errorf("docker logs: %w", output.Err)
	}
	// What the processes wrote to their standard error comes apart from the rest.
	return append(journalLines(string(output.Stdout)), journalLines(string(output.Stderr))...), nil
}
