package sys

import (
	"context"
	"fmt"
	"strconv"
)

// ReadContainerLog returns the last lines of a container's log, made safe. elevated asks
// as root, where Docker has been seen to want that.
func ReadContainerLog(ctx context.Context, machine Machine, id string, elevated bool, lines int) ([]Text, error) {
	output := machine.Run(ctx, Command{
		Argv: []string{"docker", "logs", "--tail", strconv.Itoa(lines), id}, Elevate: elevated, OutputLimit: journalLimit,
	})
	if output.Err != nil {
		return nil, fmt.Errorf("docker logs: %w", output.Err)
	}
	// What the processes wrote to their standard error comes apart from the rest.
	return append(journalLines(string(output.Stdout)), journalLines(string(output.Stderr))...), nil
}
