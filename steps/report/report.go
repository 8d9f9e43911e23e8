// Package report holds the documents of the contract, as types: what flasktui says of a
// box, and all that every face draws. Nothing in it is worked out here.
//
// It knows sys for its texts, and no room of the judgement. Begin with Report; a plan is in plan.go, a time in time.go.
package report

import (
	"cmp"
	"time"

	"flasktui/sys"
)

// Schema names the form of the JSON report; it changes with any change that could break
// a reader.
const Schema = "flasktui/report/1"

// Verdict is the answer to "is the new release live?".
type Verdict string

// The five verdicts. Fresh is proved on every hop; Inconclusive means that something
// needed could not be read and is never shown as fresh.
const (
	Fresh        Verdict = "fresh"
	Stale        Verdict = "stale"
	Mixed        Verdict = "mixed"
	Down         Verdict = "down"
	Inconclusive Verdict = "inconclusive"
)

// Status is the outcome of a step or a hop.
type Status string

// The outcomes. Unknown and Skipped always come with a reason. Pending is shown by a
// face while the facts of a step are still being gathered; a finished report has none.
const (
	OK      Status = "ok"
	Warn    Status = "warn"
	Fail    Status = "fail"
	Unknown Status = "unknown"
	Skipped Status = "skipped"
	Pending Status = "pending"
)

// Confidence says how well the evidence excludes anything else.
type Confidence string

// Certain excludes any other cause; Possible is worth a look and never decides a verdict.
const (
	Certain  Confidence = "certain"
	Likely   Confidence = "likely"
	Possible Confidence = "possible"
)

// Evidence is one observed value and where it comes from: a file, or a command that the
// person can run to see the same.
type Evidence struct {
	Label  string   `json:"label"`
	Value  sys.Text `json:"value"`
	Source sys.Text `json:"source"`
}

// Report is all that flasktui says of a box: the JSON of the contract, and the one thing
// that every face draws.
type Report struct {
	Schema      string      `json:"schema"`
	GeneratedAt Time        `json:"generated_at"`
	DurationMS  int64       `json:"duration_ms"`
	Host        HostSummary `json:"host"`
	// Version is that of the program that judged; a face that knows it fills it in.
	Version string        `json:"version"`
	Target  TargetSummary `json:"target"`
	Verdict Verdict       `json:"verdict"`
	Summary sys.Text      `json:"summary"`
	// Proof has all seven claims, in their order.
	Proof    []Claim  `json:"proof"`
	Releases Releases `json:"releases"`
	Path     []Hop    `json:"path"`
	// Timeline is what happened when, in order.
	Timeline  []Moment        `json:"timeline"`
	Causes    []Finding       `json:"causes"`
	Steps     []Result        `json:"steps"`
	Fixes     []Plan          `json:"fixes"`
	Checklist []ChecklistItem `json:"checklist"`
	Commands  []CommandRecord `json:"commands"`
}

// FirstCause is the id of the root cause; empty where none was found.
func (report Report) FirstCause() string {
	if len(report.Causes) == 0 {
		return ""
	}
	return report.Causes[0].ID
}

// Time is written as RFC 3339 with milliseconds; the zero time is null.
type Time struct{ time.Time }

// HostSummary says where and with what rights the box was read.
type HostSummary struct {
	Hostname sys.Text `json:"hostname"`
	// ID tells boxes apart whose names are alike (sys.Host); empty where the box has none.
	ID        sys.Text      `json:"id"`
	User      sys.Text      `json:"user"`
	Privilege sys.Privilege `json:"privilege"`
}

// SummaryOf is a host as a document tells of it.
func SummaryOf(host sys.Host) HostSummary {
	return HostSummary{
		Hostname: sys.Textf("%s", host.Hostname), ID: sys.Textf("%s", host.ID), User: sys.Textf("%s", host.User), Privilege: host.Privilege,
	}
}

// TargetSummary says what was examined.
type TargetSummary struct {
	Service sys.Text `json:"service"`
	// Server is what answers its requests: gunicorn, uwsgi, waitress, uvicorn, hypercorn, daphne,
	// flask, python; empty where none runs and nothing shows which would.
	Server string `json:"server"`
	// Manager is who starts and stops it: systemd, supervisord, compose or none.
	Manager string   `json:"manager"`
	AppDir  sys.Text `json:"app_dir"`
	URL     sys.Text `json:"url"`
	// Expect is the release that the person said ought to be live (--expect).
	Expect sys.Text `json:"expect"`
}

// Releases sets side by side what is on disk, what the processes loaded and what the
// site says of itself.
type Releases struct {
	OnDisk ReleaseSummary `json:"on_disk"`
	Loaded ReleaseSummary `json:"loaded"`
	Served ServedRelease  `json:"served"`
}

// ServedRelease is what visitors get, with each name that the answers gave for it.
type ServedRelease struct {
	ReleaseSummary
	Values []ServedValue `json:"values"`
}

// ServedValue is a name that the site gave itself, and in how many of its answers.
type ServedValue struct {
	Value sys.Text `json:"value"`
	Count int      `json:"count"`
}

// ReleaseSummary is one release. ID is the shortest name that tells it apart; Source
// says how it is known. All are empty where nothing is known.
type ReleaseSummary struct {
	ID   sys.Text `json:"id"`
	Path sys.Text `json:"path"`
	// Directory is the release directory's own name, which is the same on every box that the
	// release was sent to; empty where the code lies in no directory of releases.
	Directory sys.Text `json:"directory"`
	// Commit is 40 hexadecimal digits, or as many as are known of them.
	Commit sys.Text `json:"commit"`
	// Marker is what the release calls itself: in its marker file, or in the site's answers.
	Marker    sys.Text `json:"marker"`
	ChangedAt Time     `json:"changed_at"`
	Source    sys.Text `json:"source"`
}

// The hops, from the browser to the code on disk.
const (
	HopURL       = "url"
	HopCache     = "cache"
	HopNginx     = "nginx"
	HopSocket    = "socket"
	HopMaster    = "master"
	HopWorkers   = "workers"
	HopUnit      = "unit"
	HopDirectory = "directory"
	HopRelease   = "release"
)

// Hop is one station between the browser and the code on disk.
type Hop struct {
	// Hop is one of HopURL to HopRelease.
	Hop string `json:"hop"`
	// Name is what it is called on this box; empty where that is the hop's own word.
	Name   string   `json:"-"`
	Label  sys.Text `json:"label"`
	State  Status   `json:"state"`
	Detail sys.Text `json:"detail"`
	// Brief is Detail as a screen has room for it, with times told by how long ago they were;
	// empty where that is the same.
	Brief sys.Text `json:"-"`
	// Step is the number of the step that looks at this hop.
	Step int `json:"step"`
}

// OnScreen is the detail as a screen has room for it.
func (hop Hop) OnScreen() sys.Text { return cmp.Or(hop.Brief, hop.Detail) }

// Finding is a cause that was found on this box.
type Finding struct {
	ID         string     `json:"id"`
	Title      string     `json:"title"`
	Confidence Confidence `json:"confidence"`
	Step       int        `json:"step"`
	// Why is the reasoning in plain sentences.
	Why      sys.Text   `json:"why"`
	Evidence []Evidence `json:"evidence"`
	// Fixes are ids, best first. Service is whom they are done to, where that is another service
	// of the box than the examined one; empty for that.
	Fixes   []string `json:"fixes"`
	Service string   `json:"service,omitempty"`
	Advice  sys.Text `json:"advice"`
	// Follows are the ids of findings that only follow from this one.
	Follows []string `json:"follows"`
}

// Result is the outcome of one step.
type Result struct {
	Number   int        `json:"number"`
	ID       string     `json:"id"`
	Title    string     `json:"title"`
	Status   Status     `json:"status"`
	Summary  sys.Text   `json:"summary"`
	Reason   sys.Text   `json:"reason"`
	Evidence []Evidence `json:"evidence"`
	// Fixes are ids, best first.
	Fixes      []string `json:"fixes"`
	DurationMS int64    `json:"duration_ms"`
	// Commands are what a person would type to see the same, with this box's own
	// names in them. They change nothing.
	Commands []sys.Text `json:"-"`
	// Acts are what a person would type where the answer is no. They do change the box,
	// and so stand apart from what may be typed to look.
	Acts []sys.Text `json:"-"`
}

// Plan is a fix made ready for this box: what would run, and what it means.
type Plan struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	// Service is whom it is done to, where that is another service of the box than the examined
	// one; empty for that.
	Service string `json:"service,omitempty"`
	// Commands are exact argument vectors, in order.
	Commands [][]string `json:"commands"`
	// Details say of each of Commands what its arguments do not; none where they say all.
	Details []CommandDetail `json:"details,omitempty"`
	Effect  sys.Text        `json:"effect"`
	Risk    Risk            `json:"risk"`
	Undo    sys.Text        `json:"undo"`
	// Blocked is why it may not run now; empty when it may.
	Blocked sys.Text `json:"blocked"`
	// WantsRights says that it is blocked for nothing but root's rights: whoever gets them by a
	// password may run it.
	WantsRights bool `json:"-"`
	// Origin is whose the files are that root, or root's Docker, would run; nil where they
	// are root's alone.
	Origin *Origin `json:"origin,omitempty"`
	// Terminal says that the commands need the person's own terminal (an editor).
	Terminal bool `json:"-"`
	// Digest is what `fix --plan` takes ([Plan.Named]); whoever writes a document fills it in.
	Digest string `json:"digest"`
}

// Risk is what a fix may cost while it runs.
type Risk string

// Low: nobody notices. Medium: requests may fail for a moment. High: look twice.
const (
	LowRisk    Risk = "low"
	MediumRisk Risk = "medium"
	HighRisk   Risk = "high"
)

// ChecklistItem is one of the guide's nine points, as measured.
type ChecklistItem struct {
	Item   string `json:"item"`
	Status Status `json:"status"`
	Step   int    `json:"step"`
}

// CommandRecord is one command that was run while looking.
type CommandRecord struct {
	Argv       []string `json:"argv"`
	Exit       int      `json:"exit"`
	DurationMS int64    `json:"duration_ms"`
	Elevated   bool     `json:"elevated"`
}

// Decides tells whether a finding makes the verdict: what is merely possible never does.
func (finding Finding) Decides() bool {
	return finding.Confidence == Certain || finding.Confidence == Likely
}

// Observed is one line of it.
func Observed(label string, value, source sys.Text) Evidence {
	return Evidence{Label: label, Value: value, Source: source}
}

// With adds the commands to type by hand and the evidence to an outcome.
func (result Result) With(commands []sys.Text, lines ...Evidence) Result {
	result.Commands = commands
	result.Evidence = append(result.Evidence, lines...)
	return result
}
