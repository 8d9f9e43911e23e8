package report

import "flasktui/sys"

// HistorySchema names the form of the document that tells what was run on a box.
const HistorySchema = "flasktui/history/1"

// History is what flasktui ran on a box, as its record has it.
type History struct {
	Schema  string      `json:"schema"`
	Host    HostSummary `json:"host"`
	Version string      `json:"version"`
	// Runs are the fixes, the newest first.
	Runs []Run `json:"runs"`
}

// Run is one fix that was run.
type Run struct {
	Run       string   `json:"run"`
	At        Time     `json:"at"`
	User      sys.Text `json:"user"`
	LoginUser sys.Text `json:"login_user"`
	Service   sys.Text `json:"service"`
	Fix       string   `json:"fix"`
	// Commands are those that ended, in order.
	Commands []CommandRecord `json:"commands"`
	Before   Verdict         `json:"before"`
	// Ended is null, and After empty, where nothing tells of its end: flasktui, or the box, went
	// away before.
	Ended   Time     `json:"ended"`
	After   Verdict  `json:"after"`
	Done    bool     `json:"done"`
	Message sys.Text `json:"message"`
}
