package report

import (
	"time"

	"flasktui/sys"
)

// Moment is something that happened on the box, for "which came first?" is the whole
// question: a change on disk, or a process that took in what was on disk then.
type Moment struct {
	At Time `json:"at"`
	// Side is where it happened: "disk" or "memory".
	Side string `json:"side"`
	// Lane is where a time line is drawn in lanes: one of the lanes.
	Lane string   `json:"-"`
	What sys.Text `json:"what"`
	// Source is where the time comes from.
	Source sys.Text `json:"source"`
	// State is Fail for a process that took in what has changed since, by a cause that
	// decides; else OK.
	State Status `json:"state"`
}

// The two sides of a time line.
const (
	OnDisk   = "disk"
	InMemory = "memory"
)

// The lanes of a time line. What happened on disk to Nginx's or a container's files is in theirs.
const (
	LaneDisk      = "disk"
	LaneProcess   = "process"
	LaneNginx     = "nginx"
	LaneContainer = "container"
)

// MomentClock is the layout of time.Format that tells moments apart: to the millisecond
// where a process took something in and the disk changed within the same second or two.
func MomentClock(moments []Moment) string {
	for _, memory := range moments {
		for _, disk := range moments {
			gap := disk.At.Sub(memory.At.Time)
			if memory.State == Fail && disk.Side == OnDisk && gap > 0 && gap < 2*time.Second {
				return "15:04:05.000"
			}
		}
	}
	return time.TimeOnly
}
