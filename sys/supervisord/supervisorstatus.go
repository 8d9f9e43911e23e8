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
// GROUP:NAME) with their states, and the process ids of those that run. One that is still
// starting is named without its process.
type Status struct {
	Names     []string
	Processes map[int]string
	// States are supervisord's own words: RUNNING, STARTING, BACKOFF, FATAL, EXITED, STOPPED, …
	States map[string]string
	// Fresh names those that run since less than a minute and a half.
	Fresh map[string]bool
}

// ReadStatus asks a supervisord whose TrustedConfiguration is known, by the
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
	status := Status{Processes: map[int]string{}, States: map[string]string{}, Fresh: map[string]bool{}}
	for line := range strings.Lines(printed) {
		words := strings.Fields(line)
		if len(words) < 2 || words[1] != strings.ToUpper(words[1]) {
			continue
		}
		status.Names = append(status.Names, words[0])
		status.States[words[0]] = words[1]
		status.Fresh[words[0]] = len(words) == 6 && isFresh(words[5])
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

// isFresh tells of an uptime, "0:01:07", whether it is less than a minute and a half.
func isFresh(uptime string) bool {
	minutes, seconds, _ := strings.Cut(strings.TrimPrefix(uptime, "0:"), ":")
	count, err := strconv.Atoi(seconds)
	return err == nil && (minutes == "00" || minutes == "01" && count < 30)
}

// ReadExits counts how often a program has ended by itself since somebody stopped it, as far
// as supervisord's own log tells.
func ReadExits(ctx context.Context, machine sys.Machine, config, program string) (int, error) {
	output := machine.Run(ctx, sys.Command{Argv: []string{"supervisorctl", "-c", config, "maintail", "-16000"}, Elevate: true, Timeout: timeout})
	if output.Err != nil {
		return 0, fmt.Errorf("supervisorctl maintail: %w", output.Err)
	}
	return ParseExits(string(output.Stdout), program), nil
}

// ParseExits reads lines "TIME LEVEL exited: NAME (exit status 3; not expected)"; a line
// "stopped: NAME" begins anew.
func ParseExits(log, program string) int {
	name := program[strings.LastIndex(program, ":")+1:]
	exits := 0
	for line := range strings.Lines(log) {
		_, told, _ := strings.Cut(line, "exited: ")
		ended, how, _ := strings.Cut(told, " ")
		_, stopped, _ := strings.Cut(line, "stopped: ")
		who, _, _ := strings.Cut(stopped, " ")
		switch {
		case ended == name && strings.Contains(how, "not expected"):
			exits++
		case who == name:
			exits = 0
		}
	}
	return exits
}

// ReadLog reads the end of what a program wrote to its standard error, or, where that is
// empty, to its standard output, made safe.
func ReadLog(ctx context.Context, machine sys.Machine, config, program string) ([]sys.Text, error) {
	var lines []sys.Text
	for _, stream := range []string{"stderr", "stdout"} {
		output := machine.Run(ctx, sys.Command{
			Argv: []string{"supervisorctl", "-c", config, "tail", "-8000", program, stream}, Elevate: true, Timeout: timeout, OutputLimit: sys.LogLimit,
		})
		if output.Err != nil {
			return nil, fmt.Errorf("supervisorctl tail: %w", output.Err)
		}
		if lines = sys.LogLines(string(output.Stdout)); len(lines) > 1 {
			break
		}
	}
	return lines, nil
}
