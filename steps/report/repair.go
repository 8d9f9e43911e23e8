package report

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"strconv"

	"flasktui/sys"
)

// RepairSchema names the form of the document that tells of a fix.
const RepairSchema = "flasktui/fix/1"

// Repair is a fix as a program reads it: the plan, what was run of it, and how the box was
// before and after.
type Repair struct {
	Schema  string        `json:"schema"`
	Host    HostSummary   `json:"host"`
	Version string        `json:"version"`
	Target  TargetSummary `json:"target"`
	// Cause is the id of the first cause, which the plan is for; empty for none.
	Cause string `json:"cause"`
	// Plan is null where there is nothing to fix.
	Plan *Plan `json:"plan"`
	// Commands are what was run, in order; empty where nothing was (--dry-run).
	Commands []CommandRecord `json:"commands"`
	// Done says that the effect which the fix promises was seen.
	Done    bool     `json:"done"`
	Message sys.Text `json:"message"`
	Before  Look     `json:"before"`
	// After is null where nothing was run.
	After *Look `json:"after"`
	Exit  int   `json:"exit"`
}

// Of says of which box and service it is, and how they are before.
func (repair *Repair) Of(before Report) {
	repair.Schema, repair.Host, repair.Version, repair.Target = RepairSchema, before.Host, before.Version, before.Target
	repair.Before, repair.Cause, repair.Commands = LookOf(before), before.FirstCause(), []CommandRecord{}
}

// Planned says which plan was chosen.
func (repair *Repair) Planned(plan Plan) {
	named := plan.Named(repair.Cause, repair.Host)
	repair.Plan = &named
}

// Ended says how the box is after the fix.
func (repair *Repair) Ended(after Report) {
	look := LookOf(after)
	repair.After = &look
}

// Look is the outcome of one look, in short.
type Look struct {
	Verdict Verdict  `json:"verdict"`
	Summary sys.Text `json:"summary"`
	// Causes are the ids, the root cause first.
	Causes []string `json:"causes"`
}

// LookOf is a report in short.
func LookOf(document Report) Look {
	look := Look{Verdict: document.Verdict, Summary: document.Summary, Causes: []string{}}
	for _, cause := range document.Causes {
		look.Causes = append(look.Causes, cause.ID)
	}
	return look
}

// Named gives a plan its digest: a name that is the same on each box on which the same would be
// done for the same cause, so that one confirmation covers them all. It is the SHA-256 over the
// fix, the cause, each command with its directory and what it is fed, and whose files are run
// with whose rights. What is the box's own is taken out: its name, and the numbers of processes.
// A plan that has no commands, being blocked, gets none.
func (plan Plan) Named(cause string, host HostSummary) Plan {
	if len(plan.Commands) == 0 {
		return plan
	}
	type step struct {
		Argv             []string
		Directory, Input string
	}
	common := func(text string) string { return text }
	if host.Hostname != "" {
		own := regexp.MustCompile(`\b` + regexp.QuoteMeta(string(host.Hostname)) + `\b`)
		common = func(text string) string { return own.ReplaceAllLiteralString(text, "HOST") }
	}
	steps := make([]step, len(plan.Commands))
	for i, argv := range plan.Commands {
		var detail CommandDetail
		if i < len(plan.Details) {
			detail = plan.Details[i]
		}
		for _, word := range argv {
			if detail.Process != nil && word == strconv.Itoa(detail.Process.PID) {
				word = "PID"
			}
			steps[i].Argv = append(steps[i].Argv, common(word))
		}
		steps[i].Directory, steps[i].Input = common(detail.Directory), common(string(detail.Input))
	}
	// Nothing in it can fail to be written as JSON.
	encoded, _ := json.Marshal([]any{plan.ID, cause, steps, plan.Origin})
	sum := sha256.Sum256(encoded)
	plan.Digest = hex.EncodeToString(sum[:])
	return plan
}
