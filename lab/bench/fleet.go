package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

// Fleet is what the table of many hosts costs on the machine that makes it.
type Fleet struct {
	Report           int           // bytes of a report, on the average of all practice boxes
	Few, Many        time.Duration // CPU for 3 hosts, and for 1,000
	FewKiB, ManyKiB  int64         // the most memory that it held
	FewSent, AllSent int           // bytes that it read
}

// measureFleet has the program judge each practice box, gives these reports to hosts of made-up
// names, and has it set them side by side.
func measureFleet(ctx context.Context, program string) (m Fleet, err error) {
	listed, err := exec.CommandContext(ctx, program, "practice", "--list").Output()
	if err != nil {
		return m, fmt.Errorf("list the practice boxes: %w", err)
	}
	var reports []map[string]any
	for line := range strings.Lines(string(listed)) {
		fault, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		said, err := exec.CommandContext(ctx, program, "practice", fault, "--check", "--json").Output()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			return m, fmt.Errorf("look at a practice box: %w", err)
		}
		var report map[string]any
		if err := json.Unmarshal(said, &report); err != nil {
			return m, fmt.Errorf("read the report of %s: %w", fault, err)
		}
		m.Report += len(said)
		reports = append(reports, report)
	}
	m.Report /= len(reports)
	if m.FewSent, m.Few, m.FewKiB, err = table(ctx, program, reports, 3); err != nil {
		return m, err
	}
	m.AllSent, m.Many, m.ManyKiB, err = table(ctx, program, reports, 1000)
	return m, err
}

// table makes the table of so many hosts.
func table(ctx context.Context, program string, reports []map[string]any, hosts int) (sent int, cpu time.Duration, kib int64, err error) {
	var fed bytes.Buffer
	for number := range hosts {
		report := reports[number%len(reports)]
		report["host"] = map[string]any{"hostname": fmt.Sprintf("web%d", number), "id": fmt.Sprintf("%032d", number), "user": "root", "privilege": "root"}
		encoded, err := json.Marshal(report)
		if err != nil {
			return 0, 0, 0, err
		}
		fed.Write(encoded)
	}
	sent = fed.Len()
	command := exec.CommandContext(ctx, program, "fleet", "-", "--json")
	var said bytes.Buffer
	command.Stdin, command.Stdout = &fed, &said
	if kib, err = highest(command); err != nil {
		return 0, 0, 0, err
	}
	var fleet struct{ Hosts []any }
	if err := json.Unmarshal(said.Bytes(), &fleet); err != nil || len(fleet.Hosts) != hosts {
		return 0, 0, 0, fmt.Errorf("a table of %d hosts in place of %d: %w", len(fleet.Hosts), hosts, err)
	}
	return sent, command.ProcessState.UserTime() + command.ProcessState.SystemTime(), kib, nil
}
