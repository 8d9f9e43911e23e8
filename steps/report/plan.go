package report

import (
	"strings"

	"flasktui/sys"
	"flasktui/sys/proc"
)

// CommandDetail is what a command of a plan does beside its arguments.
type CommandDetail struct {
	// Elevated asks for root's rights, where the caller has none.
	Elevated bool `json:"elevated"`
	// Directory is where it runs.
	Directory string `json:"directory"`
	// Input is what it is fed, word by word; where it writes a file, that is the content.
	// Empty for nothing.
	Input sys.Text `json:"input,omitempty"`
	// Process is the one that it sends a signal to.
	Process *proc.ProcessID `json:"process,omitempty"`
	// Terminal: it needs the person's own terminal.
	Terminal bool `json:"terminal,omitempty"`
}

// Fed are the lines that a face shows below a command of the plan, before it is agreed to:
// what the command is fed, and so writes. None for most.
func (plan Plan) Fed(index int) []string { return FedLines(plan.Details, index) }

// FedLines is Fed for the details of a plan that is gone.
func FedLines(details []CommandDetail, index int) []string {
	if index >= len(details) || details[index].Input == "" {
		return nil
	}
	var lines []string
	for line := range strings.SplitSeq(strings.TrimSuffix(string(details[index].Input), "\n"), "\n") {
		lines = append(lines, "< "+line)
	}
	return lines
}
