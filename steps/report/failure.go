package report

import "flasktui/sys"

// FailureSchema names the form of the document that stands where there is no report.
const FailureSchema = "flasktui/error/1"

// Failure is what a program reads where flasktui came to no report: exit status 3.
type Failure struct {
	Schema string   `json:"schema"`
	Error  sys.Text `json:"error"`
	// Hint is what to do next; empty where nothing is known.
	Hint sys.Text `json:"hint"`
	// Services are those of which one has to be named, where there are several.
	Services []string    `json:"services"`
	Exit     int         `json:"exit"`
	Host     HostSummary `json:"host"`
	Version  string      `json:"version"`
}
