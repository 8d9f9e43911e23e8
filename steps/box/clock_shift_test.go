package box

import (
	"strings"
	"testing"
	"time"

	"flasktui/steps/facts/factstest"

	"flasktui/sys/proc"
	"flasktui/sys/systemd"
)

// TestClockWasSet: the process start that is counted from the boot moves with the clock,
// systemd's own note of it does not. Where the two would give two answers, none is given.
func TestClockWasSet(t *testing.T) {
	for name, test := range map[string]struct {
		started, stamp time.Duration // of the master, after the last change of the code
		kind           string
		want           State
	}{
		"not set, started after":                {5500 * time.Millisecond, 5 * time.Second, "notify", Current},
		"not set, started before":               {-5 * time.Second, -5 * time.Second, "notify", Stale},
		"set back, started after":               {-9 * time.Second, time.Second, "notify", Undetermined},
		"set forward, started before":           {57 * time.Second, -3 * time.Second, "notify", Undetermined},
		"set, and the change is far away":       {time.Hour, 50 * time.Minute, "notify", Current},
		"set, and started long before":          {-time.Hour, -50 * time.Minute, "notify", Stale},
		"a zone that is read in two ways":       {-5 * time.Second, time.Hour - 5*time.Second, "notify", Stale},
		"systemd learned of it later (forking)": {-5 * time.Second, 5 * time.Second, "forking", Stale},
	} {
		t.Run(name, func(t *testing.T) {
			known := factstest.Story{MasterStarted: test.started, WorkerStarted: test.started, StandsIn: factstest.NewRelease, LinkMoved: -time.Hour}.Facts()
			unit := &known.Units.Value[0]
			unit.Type, unit.MainStamp, unit.MainStarted = test.kind, factstest.Noon().Add(test.stamp).Truncate(time.Second), factstest.Noon().Add(test.started)
			b := New(known)
			if len(b.Loaders) == 0 || b.Loaders[0].State != test.want {
				t.Fatalf("the worker holds %+v, not %s code", b.Loaders, test.want)
			}
			if said := strings.Contains(string(b.Loaders[0].Why), "the clock of this box was changed"); said != (test.want == Undetermined) {
				t.Errorf("it says: %s", b.Loaders[0].Why)
			}
		})
	}
}

// TestMainStamp: the stamp is kept beside the start that is counted from the boot.
func TestMainStamp(t *testing.T) {
	raw := "Id=a.service\nMainPID=1\nExecMainStartTimestamp=Sat 2025-11-22 10:00:00 UTC\nExecMainStartTimestampMonotonic=5000000\n"
	units, err := systemd.ParseUnits(strings.NewReader(raw), proc.Boot{Uptime: time.Hour, At: time.Date(2025, 11, 22, 12, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	if want := time.Date(2025, 11, 22, 10, 0, 0, 0, time.UTC); !units[0].MainStamp.Equal(want) || units[0].MainStarted.Equal(want) {
		t.Errorf("the stamp is %s, the start %s", units[0].MainStamp, units[0].MainStarted)
	}
}
