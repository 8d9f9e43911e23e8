package fixes

import (
	"slices"
	"strings"
	"testing"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/facts/factstest"
	"flasktui/steps/report"
	"flasktui/sys/docker"
)

// TestAFixIsWhole: it says all that is to be known of it, and each is found by its id.
func TestAFixIsWhole(t *testing.T) {
	t.Parallel()
	for _, fix := range All() {
		if fix.Title == "" || fix.patience == 0 || fix.plan == nil || fix.done == nil {
			t.Errorf("%s has gaps: %+v", fix.ID, fix)
		}
		if found, known := ByID(fix.ID); !known || found.ID != fix.ID {
			t.Errorf("%s is not found by its id", fix.ID)
		}
	}
	if _, known := ByID("no-such-fix"); known {
		t.Error("there is a fix that is none")
	}
}

// TestWhatIsOfNginxAlone may be done for a service that nothing starts again.
func TestWhatIsOfNginxAlone(t *testing.T) {
	t.Parallel()
	if left := OfNginx(IDs(Restart, NginxReload, HUP, EditNginx, DockerUp)); !slices.Equal(left, IDs(NginxReload, EditNginx)) {
		t.Errorf("%q", left)
	}
}

// TestAReloadOfWhatNothingStartsAgain is offered where it would load the new code, and says what
// becomes of the master if that does not load; where somebody starts it again, nothing does.
func TestAReloadOfWhatNothingStartsAgain(t *testing.T) {
	t.Parallel()
	unmanaged := func(change func(*facts.Facts)) *box.Box {
		known := factstest.UnitAndStranger(func(known *facts.Facts, _ *facts.Server) {
			known.Units.Value = []facts.Unit{}
			known.Target = facts.Target{Service: "pid:7", PID: known.Processes.Value.Servers[0].Master.PID}
			known.Settings = facts.Of(facts.Settings{}, "")
			change(known)
		})
		return box.New(known)
	}
	for name, test := range map[string]struct {
		change func(*facts.Facts)
		left   []string
		risk   report.Risk
	}{
		"it would do": {func(*facts.Facts) {}, IDs(NginxReload, HUP), report.MediumRisk},
		"runit has it": {func(known *facts.Facts) {
			known.Processes.Value.Servers[0].Parents = []facts.Parent{{PID: 6, Keeper: &facts.Keeper{Name: "runit"}}}
		}, IDs(NginxReload, HUP), report.LowRisk},
		"its tree is old": {func(known *facts.Facts) { known.Processes.Value.Servers[0].Master.DirectoryDeleted = true }, IDs(NginxReload), report.MediumRisk},
	} {
		b := unmanaged(test.change)
		if left := WithoutAStart(b, IDs(Restart, NginxReload, HUP)); !slices.Equal(left, test.left) {
			t.Errorf("%s: %q is left", name, left)
		}
		plan := planHUP(b)
		if plan.Risk != test.risk || strings.Contains(string(plan.Effect), "nothing is known to start it again") != (test.risk == report.MediumRisk) {
			t.Errorf("%s: %+v", name, plan.Plan)
		}
	}
}

// TestRootIsNeededForWhatIsRunAsRoot, and for nothing else: a plan whose commands all go to
// a Docker that the user may talk to needs none; one of them as root is enough.
func TestRootIsNeededForWhatIsRunAsRoot(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		asRoot, more bool
		want         bool
	}{
		"the user's Docker":                     {false, false, false},
		"root's Docker":                         {true, false, true},
		"the user's Docker, then Nginx as root": {false, true, true},
	} {
		known := factstest.Compose("2.26.1", false, docker.Image{})
		known.Containers.Value[0].Daemon.AsRoot = test.asRoot
		plan := planDockerUp(box.New(known))
		if test.more {
			plan.Run = append(plan.Run, change(serviceTimeout, "nginx", "-t"))
		}
		if plan.needsRoot() != test.want {
			t.Errorf("%s: %t", name, plan.needsRoot())
		}
	}
}
