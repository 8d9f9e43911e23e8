package practice

import (
	"fmt"
	"time"
)

// bootedAgo is the box's uptime when it is opened.
const bootedAgo = 9*24*time.Hour + 5*time.Hour

// clock is the box's time. While a story is told it runs in the past; after that it
// follows the wall clock, ahead by what the box's own work would have taken: a restart
// takes most of a second on a real box, and whoever compares times must see that here
// too, however fast the model is.
type clock struct {
	now    func() time.Time
	past   time.Time
	ahead  time.Duration
	booted time.Time
	// readings counts how often the uptime was read.
	readings int
}

func (c *clock) time() time.Time {
	if !c.past.IsZero() {
		return c.past
	}
	return c.now().Add(c.ahead)
}

// back sets the clock to some time before the present, to tell what happened then.
func (c *clock) back(ago time.Duration) { c.past = c.now().Add(-ago) }

// present ends the telling.
func (c *clock) present() { c.past = time.Time{} }

// pass lets time go by on the box.
func (c *clock) pass(duration time.Duration) {
	if !c.past.IsZero() {
		c.past = c.past.Add(duration)
		return
	}
	c.ahead += duration
}

// uptime is /proc/uptime. A real one is cut to hundredths and read beside the wall clock at
// some moment or other, so no two looks work out the same start of a process from it: here
// each reading is off by another few milliseconds.
func (c *clock) uptime() string {
	c.readings++
	up := c.time().Sub(c.booted).Seconds() - float64(c.readings*3%10)/1000
	return fmt.Sprintf("%.3f %.2f\n", up, up*1.9)
}

// ticks is a time as /proc/PID/stat has it: hundredths of a second since boot.
func (c *clock) ticks(at time.Time) int64 { return int64(at.Sub(c.booted) / (10 * time.Millisecond)) }

// monotonic is a time as systemd has it: microseconds since boot.
func (c *clock) monotonic(at time.Time) int64 {
	if at.IsZero() {
		return 0
	}
	return at.Sub(c.booted).Microseconds()
}
