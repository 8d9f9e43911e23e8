package report

import "flasktui/sys"

// FleetSchema names the form of the document that sets the reports of many hosts side by side.
const FleetSchema = "flasktui/fleet/1"

// Fleet is what the reports of many hosts say together.
type Fleet struct {
	Schema      string   `json:"schema"`
	GeneratedAt Time     `json:"generated_at"`
	Version     string   `json:"version"`
	Summary     sys.Text `json:"summary"`
	// Agree says that all hosts were seen to run one and the same release.
	Agree bool `json:"agree"`
	// Hosts are in the order in which their reports came; those without one come last.
	Hosts []FleetHost `json:"hosts"`
	// Cures are those that the hosts' first causes have, most hosts first.
	Cures []FleetCure `json:"cures"`
	Exit  int         `json:"exit"`
}

// FleetHost is a row: a host and its service, or why there is no report.
type FleetHost struct {
	Host    sys.Text `json:"host"`
	ID      sys.Text `json:"id"`
	Service sys.Text `json:"service"`
	// Verdict is empty where there is no report; Error says why then.
	Verdict Verdict  `json:"verdict"`
	Error   sys.Text `json:"error"`
	Summary sys.Text `json:"summary"`
	// OnDisk, Loaded and Served are the names of the releases.
	OnDisk sys.Text `json:"on_disk"`
	Loaded sys.Text `json:"loaded"`
	Served sys.Text `json:"served"`
	// Expected says whether the release that --expect names is the one in memory; null where
	// none was named.
	Expected   *bool      `json:"expected"`
	Cause      string     `json:"cause"`
	Confidence Confidence `json:"confidence"`
	// Fix is the id of the first cause's best fix that may run; empty for none.
	Fix         string `json:"fix"`
	GeneratedAt Time   `json:"generated_at"`
	AgeMS       int64  `json:"age_ms"`
}

// FleetCure is a fix that would cure the first cause of some hosts.
type FleetCure struct {
	Fix string `json:"fix"`
	// Digest is that of the plan, the same on each of Hosts; empty where their reports name none.
	Digest string     `json:"digest"`
	Hosts  []sys.Text `json:"hosts"`
	// Commands are the same on each of them, or empty.
	Commands []sys.Text `json:"commands"`
}
