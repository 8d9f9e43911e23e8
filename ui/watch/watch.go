// Package watch is what looking again and again has in common on the command line and in the
// wizard: how long to rest between two looks, and what counts as a change.
//
// It knows the documents of steps. Begin with Pause.
package watch

import (
	"strings"
	"time"

	"flasktui/steps/report"
)

// Between two looks there is a pause of at least Shortest, and of restShare times what the last
// look took: so watching takes a quarter of the time of one core at most.
const (
	Shortest  = 2 * time.Second
	restShare = 3
)

// Pause is how long to rest after a look that took so long.
func Pause(took time.Duration) time.Duration { return max(Shortest, restShare*took) }

// Words are what a look came to, the same while nothing changes: no sentence with a time in it
// is among them.
func Words(looked report.Report) string {
	text := strings.ToUpper(string(looked.Verdict))
	for _, cause := range looked.Causes {
		text += " " + cause.ID
	}
	return text + " " + string(looked.Releases.OnDisk.ID) + " " + string(looked.Releases.Loaded.ID) + " " + string(looked.Releases.Served.ID)
}
