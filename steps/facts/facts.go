// Package facts is what has been seen on a box: each fact asked for once, with the file
// or command it came from and, where it could not be had, why. Gathering knows no
// verdicts; judging (package steps) reads nothing but these facts, so they can be saved
// on one machine and judged on another.
//
// No value of an environment variable is among them but for a short list of names that
// hold paths and switches; the others are keyed fingerprints that tell same from
// different within one look, and nothing else.
//
// It knows sys and its rooms. Begin with the fields of Facts, then look.go, which says what a
// group of them is and reads the groups side by side.
package facts

import (
	"context"
	"errors"
	"io/fs"
	"time"

	"flasktui/sys"
	"flasktui/sys/docker"
	"flasktui/sys/nginx"
	"flasktui/sys/proc"
	"flasktui/sys/python"
)

// Version is that of the facts' meaning. Raise it whenever a fact is added, or comes to mean
// something else, and record the lab's boxes again: a fact that an older look could not know
// of would be judged as if it had been looked for and not found.
const Version = 3

// Facts is everything seen in one look.
type Facts struct {
	TakenAt time.Time `json:"taken_at"`
	Options Options   `json:"options"`
	// Done lists the groups that have been read, with how long each took.
	Done []Reading `json:"done"`

	Host       Fact[sys.Host]        `json:"host"`
	Processes  Fact[Processes]       `json:"processes"`
	Listeners  Fact[[]proc.Listener] `json:"listeners"`
	Supervised Fact[[]Supervised]    `json:"supervised"`
	UnitStates Fact[UnitStates]      `json:"unit_states"`
	Units      Fact[[]Unit]          `json:"units"`
	// UserUnits are units of users' own service managers.
	UserUnits  Fact[UserUnits]               `json:"user_units,omitzero"`
	Containers Fact[[]docker.Container]      `json:"containers"`
	Images     Fact[map[string]docker.Image] `json:"images"`
	// NginxDisk is the configuration of the box's own Nginx, NginxNames what the host names of
	// its backends resolve to now.
	NginxDisk  Fact[nginx.Config]  `json:"nginx_disk"`
	NginxNames map[string][]string `json:"nginx_names"`
	// RunLine would make the examined container again, where no Compose project has it.
	RunLine docker.RunLine `json:"run_line,omitzero"`
	// AbsentProblem is why the files of a service without a container could not be read.
	AbsentProblem sys.Text `json:"absent_problem,omitempty"`
	// Inside, Compose and ImageSource are of a service in a container.
	Inside      Fact[Inside]       `json:"inside"`
	Compose     Fact[ComposeFacts] `json:"compose"`
	ImageSource Fact[ImageSource]  `json:"image_source"`
	// FoundBuild is of a container that no Compose project has.
	FoundBuild Fact[FoundBuild] `json:"found_build,omitzero"`
	// Origin is whose the files are that a fix would have run.
	Origin Fact[Origin] `json:"origin"`

	// Front is an Nginx in a container that sends requests to the service, FrontSource what
	// the project builds its image from.
	Front       Fact[Front]       `json:"front"`
	FrontSource Fact[ImageSource] `json:"front_source,omitzero"`

	Target Target `json:"target"`

	UnitFiles   Fact[UnitFiles]         `json:"unit_files"`
	Environment Fact[EnvironmentOnDisk] `json:"environment"`
	Settings    Fact[Settings]          `json:"settings"`
	Deployment  Fact[Deployment]        `json:"deployment"`
	Code        Fact[Code]              `json:"code"`
	// Requirements are of the code on disk and of a virtualenv of this box.
	Requirements Fact[python.Outdated] `json:"requirements,omitzero"`

	NginxFiles Fact[NginxFiles] `json:"nginx_files"`
	Site       Fact[Site]       `json:"site"`
	// Label is of an app that names a release.
	Label   Fact[Label]      `json:"label,omitzero"`
	Static  Fact[Static]     `json:"static"`
	Journal Fact[[]sys.Text] `json:"journal"`
	// PastRuns is of a unit that is in trouble, whose releases a link chooses.
	PastRuns   Fact[PastRuns]     `json:"past_runs,omitzero"`
	Background Fact[[]Background] `json:"background"`
	// Untied are Python processes whose directory may not be read, and which nothing else ties to
	// the app.
	Untied []int `json:"untied,omitempty"`
	// Neighbours are other services of the box behind the same site.
	Neighbours Fact[[]Neighbour] `json:"neighbours,omitzero"`
	// Siblings are of a Compose service.
	Siblings Fact[[]Sibling] `json:"siblings"`

	// targetError ends the look: without a target there is nothing more to read.
	targetError error
}

// Options is what a person may say about the box; all of it is optional.
type Options struct {
	// NoMemory forbids to compare files with what a process has in its memory.
	NoMemory bool `json:"no_memory,omitempty"`
	// Service is a unit name, with or without ".service", "user:UNIT" (of the caller) or
	// "user:NAME/UNIT" of a user's own service manager, "compose:PROJECT/SERVICE",
	// "compose:PROJECT/SERVICE@USER" in a user's own Docker, "docker:CONTAINER", "podman:CONTAINER", "swarm:SERVICE", "supervisor:PROGRAM", "wsgi:SCRIPT", or "pid:N"
	// for a server that nothing manages.
	Service string `json:"service,omitempty"`
	// URL is where the public asks for the site.
	URL string `json:"url,omitempty"`
	// AppDir is where the deploy puts the new code.
	AppDir string `json:"app_dir,omitempty"`
	// Expect names the release that ought to be live: a commit, a release directory's
	// name or a marker value, compared by prefix.
	Expect string `json:"expect,omitempty"`
	// VersionPath and StaticPath are asked of the site; empty means the usual places.
	VersionPath string        `json:"version_path,omitempty"`
	StaticPath  string        `json:"static_path,omitempty"`
	ComposeFile string        `json:"compose_file,omitempty"`
	PIDFile     string        `json:"pid_file,omitempty"`
	Timeout     time.Duration `json:"timeout"`
	// Editor is the person's own ($VISUAL, $EDITOR), for the fixes that open one.
	Editor string `json:"editor,omitempty"`
	// ReadOnly blocks every fix.
	ReadOnly bool `json:"read_only,omitempty"`
}

// DefaultTimeout bounds a whole look at a box.
const DefaultTimeout = 10 * time.Second

// DefaultVersionPath is where a release marker usually is: the guide's step 14.
const DefaultVersionPath = "/version"

// Fact is one thing that was asked of the box.
type Fact[T any] struct {
	Value T `json:"value"`
	// Known says that Value holds what the box has. Otherwise Why says of what kind the reason
	// is, and Problem puts it in words.
	Known   bool     `json:"known"`
	Why     Why      `json:"why,omitempty"`
	Problem sys.Text `json:"problem,omitempty"`
	// Source is the file that was read or the command that was run.
	Source string `json:"source,omitempty"`
}

// Why is of what kind the reason is for which something is not known; empty where it is.
type Why string

const (
	// WhyAbsent says that there is no such thing on this box (no Nginx installed, no unit),
	// which is knowledge too.
	WhyAbsent Why = "absent"
	// WhyNotAsked says that nothing hangs on it here, or there is nobody to ask.
	WhyNotAsked Why = "not-asked"
	// WhyDenied says that whoever looked had not the right to.
	WhyDenied Why = "denied"
	// WhyTimedOut says that the time was up before it was there.
	WhyTimedOut Why = "timed-out"
	// WhyFault says that flasktui itself has made a mistake.
	WhyFault Why = "fault"
	// WhyFailed is any other reason, which the words alone say.
	WhyFailed Why = "failed"
)

// whyOf tells the kind of an error from what it wraps.
func whyOf(err error) Why {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, sys.ErrNeedsPrivilege), errors.Is(err, fs.ErrPermission):
		return WhyDenied
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled), errors.Is(err, sys.ErrNoAnswer):
		return WhyTimedOut
	}
	return WhyFailed
}

// Of makes a known fact.
func Of[T any](value T, source string) Fact[T] {
	return Fact[T]{Value: value, Known: true, Source: source}
}

// Missing makes a fact of absence: there is no such thing on this box.
func Missing[T any](problem sys.Text, source string) Fact[T] {
	return Fact[T]{Why: WhyAbsent, Problem: problem, Source: source}
}

// Unreadable makes a fact that could not be had.
func Unreadable[T any](problem sys.Text, source string) Fact[T] {
	return Fact[T]{Why: WhyFailed, Problem: problem, Source: source}
}

// unreadableFor makes a fact that could not be had for an error.
func unreadableFor[T any](err error, source string) Fact[T] {
	return Fact[T]{Why: whyOf(err), Problem: sys.ErrorText(err), Source: source}
}

// restsOn makes a fact that is not known because another one is not.
func restsOn[T, Other any](other Fact[Other], source string) Fact[T] {
	return Fact[T]{Why: other.Why, Problem: other.Problem, Source: source}
}

// Absent tells whether there is no such thing on this box.
func (fact Fact[T]) Absent() bool { return fact.Why == WhyAbsent }
