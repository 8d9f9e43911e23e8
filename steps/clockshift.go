package steps

import (
	"time"

	"flasktui/sys"
)

// This file sees that the box's clock was set while the service ran (a step of NTP's, a
// machine that was paused). The start of a process is counted from the boot and laid on
// the clock as it is now; the times on files were taken from the clock as it was then.
// Which of a start and a change came first is then told only where both readings agree.

// clockShift is by how much the clock was set since the main process was started, forward
// where it is positive; 0 where nothing shows that it was. systemd notes what the clock
// showed, in whole seconds, when it started the process itself; of a forking service it is
// the moment in which it learned of it.
func (v *view) clockShift() time.Duration {
	const (
		grain = time.Second
		zones = 15 * time.Minute
	)
	master := v.main.Master
	if !v.hasUnit || !v.running || v.unit.MainStamp.IsZero() || master.Started.IsZero() ||
		master.PID != v.unit.MainPID || master.PPID != 1 || v.unit.Type == "forking" {
		return 0
	}
	shift := master.Started.Sub(v.unit.MainStamp)
	if shift > -grain && shift < 2*grain {
		return 0
	}
	// A whole number of quarters of an hour is more likely a zone that two programs
	// read in two ways.
	if rest := (shift.Abs() + grain) % zones; shift.Abs() >= zones-grain && rest < 3*grain {
		return 0
	}
	return shift
}

// clockDecides tells whether a change and the start of a process come in the same order by
// either reading of the clock.
func (v *view) clockDecides(at, started time.Time) bool {
	shift := v.clockShift()
	return shift == 0 || at.IsZero() || after(at, started) == after(at, started.Add(-shift))
}

// clockWords is why times do not decide.
func (v *view) clockWords() sys.Text {
	return sys.Textf("the clock of this box was set by about %d s since %s was started, so times do not tell whether it was before or after the change (systemd noted %s, counted from the boot it is %s)",
		int(v.clockShift().Seconds()), v.unit.Name, v.clock(v.unit.MainStamp), v.clock(v.main.Master.Started))
}
