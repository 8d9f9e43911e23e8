package box

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
func (b *Box) clockShift() time.Duration {
	const (
		grain = time.Second
		zones = 15 * time.Minute
	)
	master := b.Server.Master
	if b.Unit.MainStamp.IsZero() || master.Started.IsZero() || master.PID != b.Unit.MainPID || master.PPID != 1 || b.Unit.Type == "forking" {
		return 0
	}
	shift := master.Started.Sub(b.Unit.MainStamp)
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

// ClockDecides tells whether a change and the start of a process come in the same order by
// either reading of the clock.
func (b *Box) ClockDecides(at, started time.Time) bool {
	return After(at, started) == After(at, started.Add(-b.clockShift()))
}

// ClockWords is why times do not decide.
func (b *Box) ClockWords() sys.Text {
	return sys.Textf("the clock of this box was changed by about %d s after %s was started, so times do not tell whether that was before or after the change (systemd noted %s, counted from the boot it is %s)",
		int(b.clockShift().Seconds()), b.Unit.Name, b.Clock(b.Unit.MainStamp), b.Clock(b.Server.Master.Started))
}
