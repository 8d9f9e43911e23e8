package causes

import (
	"slices"

	"flasktui/steps/report"
)

// Moment is a point of the time line that a cause can mark as the one at which things
// went wrong.
type Moment int

// The moments that causes mark. All of them are of what is in memory: what was written to
// disk is never at fault for being new.
const (
	// MasterStarted is the start of the service's own server.
	MasterStarted Moment = iota
	// UnitLoaded is when systemd read the unit. No time is known of it, so it is told of the
	// master, which was started from what systemd held.
	UnitLoaded
	// WorkersStarted is when workers imported the app.
	WorkersStarted
	// TemplatesRead is of workers that began before a template changed.
	TemplatesRead
	// StrangerStarted is the start of a server that answers and is not the service's own.
	StrangerStarted
	// BackgroundStarted is the start of a background worker that holds old code.
	BackgroundStarted
	// NginxLoaded is when Nginx read its configuration.
	NginxLoaded
	// ContainerStarted is when the container was made, and started.
	ContainerStarted
)

// Marks tells whether any finding that decides is of a cause that marks a moment.
func Marks(found []report.Finding, moment Moment) bool {
	return slices.ContainsFunc(found, func(finding report.Finding) bool {
		return finding.Decides() && slices.Contains(Of(finding).marks, moment)
	})
}
