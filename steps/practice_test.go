package steps_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"flasktui/steps"
	"flasktui/steps/fixes"
	"flasktui/steps/report"
	"flasktui/sys/practice"
)

// asOwner are the options that the owner of a practice box would give.
func asOwner(box *practice.Box) steps.Options {
	asked := box.Asked()
	return steps.Options{Service: asked.Service, AppDir: asked.AppDir, URL: asked.URL, Expect: asked.Expect, Timeout: time.Hour}
}

func examine(t *testing.T, box *practice.Box) steps.Examination {
	t.Helper()
	examination, err := steps.Examine(t.Context(), box, asOwner(box), nil)
	if err != nil {
		t.Fatalf("examining the box: %v", err)
	}
	return examination
}

// TestEveryFaultIsNamed holds each practice box to the cause that it was made to show.
func TestEveryFaultIsNamed(t *testing.T) {
	for _, fault := range practice.Faults() {
		t.Run(fault.ID, func(t *testing.T) {
			t.Parallel()
			box, err := practice.New(fault.ID, nil)
			if err != nil {
				t.Fatal(err)
			}
			document := examine(t, box).Report
			if fault.ID == "healthy" {
				if document.Verdict != report.Fresh || len(document.Causes) > 0 {
					t.Fatalf("a healthy box: %s, causes %v", document.Verdict, ids(document))
				}
				return
			}
			decides := slices.ContainsFunc(document.Causes, report.Finding.Decides)
			if document.Verdict == report.Inconclusive || decides == (document.Verdict == report.Fresh) {
				t.Errorf("the verdict is %s: %s", document.Verdict, document.Summary)
			}
			if len(document.Causes) == 0 || document.Causes[0].ID != fault.ID {
				t.Errorf("the first cause is not %s: %v", fault.ID, ids(document))
			}
			if len(document.Steps) != 14 {
				t.Errorf("%d steps", len(document.Steps))
			}
			for _, step := range document.Steps {
				if step.Status == report.Unknown && step.Reason == "" {
					t.Errorf("step %s is unknown without a reason", step.ID)
				}
			}
			broken := slices.ContainsFunc(document.Path, func(hop report.Hop) bool { return hop.State == report.Fail })
			if broken != decides {
				t.Errorf("a hop of the path is marked broken: %t; a cause decides: %t", broken, decides)
			}
		})
	}
}

func ids(report report.Report) []string {
	var ids []string
	for _, cause := range report.Causes {
		ids = append(ids, cause.ID+" "+string(cause.Confidence))
	}
	return ids
}

// TestFirstFixCures runs the first fix that is offered and not blocked, and asks the box
// which release its visitors get then.
func TestFirstFixCures(t *testing.T) {
	for _, fault := range practice.Faults() {
		t.Run(fault.ID, func(t *testing.T) {
			t.Parallel()
			box, err := practice.New(fault.ID, nil)
			if err != nil {
				t.Fatal(err)
			}
			before := examine(t, box)
			if len(before.Report.Causes) == 0 || len(before.Report.Causes[0].Fixes) == 0 {
				return // Advice alone.
			}
			id := before.Report.Causes[0].Fixes[0]
			plan, ok := before.Plan(id)
			if !ok || plan.Blocked != "" {
				t.Fatalf("fix %s: offered and blocked: %s", id, plan.Blocked)
			}
			outcome, err := steps.Apply(context.Background(), box, asOwner(box), before, plan, nil)
			if err != nil {
				t.Fatalf("fix %s: %v", id, err)
			}
			if !outcome.Done {
				t.Errorf("fix %s was not seen to do what it promises: %s", id, outcome.Message)
			}
			if outcome.After.Report.Verdict != report.Fresh {
				t.Errorf("after %s: %s: %s %v", id, outcome.After.Report.Verdict, outcome.After.Report.Summary, ids(outcome.After.Report))
			}
			switch served, isNew := box.Served(), box.Served() == box.Expected(); {
			case id == fixes.Rollback().ID && (isNew || served == "" || !strings.Contains(string(outcome.After.Report.Summary), served)):
				// The new release cannot start: what visitors get is the one before it.
				t.Errorf("after %s visitors get %q, and it is said: %s", id, served, outcome.After.Report.Summary)
			case id != fixes.Rollback().ID && !isNew:
				t.Errorf("after %s visitors get %q, not %q", id, served, box.Expected())
			}
		})
	}
}

// TestHarmfulCuresAreRefused holds back what would make things worse.
func TestHarmfulCuresAreRefused(t *testing.T) {
	for fault, fix := range map[string]string{
		"hup-with-preload":      "hup",
		"release-dir-deleted":   "hup",
		"nginx-config-invalid":  "nginx-reload",
		"service-not-restarted": "hup", // The link's real path is kept: HUP loads the old tree.
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			box, err := practice.New(fault, nil)
			if err != nil {
				t.Fatal(err)
			}
			before := examine(t, box)
			plan, ok := before.Plan(fix)
			if !ok || plan.Blocked == "" {
				t.Fatalf("fix %s is not blocked", fix)
			}
			served := box.Served()
			if _, err := steps.Apply(context.Background(), box, asOwner(box), before, plan, nil); err == nil {
				t.Errorf("a blocked fix ran")
			}
			if box.Served() != served {
				t.Errorf("a refused fix changed what is served")
			}
		})
	}
}

// TestReadOnlyBlocksEverything: no fix may run on a box that is only looked at.
func TestReadOnlyBlocksEverything(t *testing.T) {
	box, err := practice.New("service-not-restarted", nil)
	if err != nil {
		t.Fatal(err)
	}
	options := asOwner(box)
	options.ReadOnly = true
	examination, err := steps.Examine(t.Context(), box, options, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, fix := range steps.Fixes() {
		if plan, _ := examination.Plan(fix.ID); plan.Blocked == "" {
			t.Errorf("fix %s is not blocked", fix.ID)
		}
	}
}

// TestEveryIDIsWellFormed: ids are what programs rely on.
func TestEveryIDIsWellFormed(t *testing.T) {
	causes := map[string]bool{}
	for _, cause := range steps.Causes() {
		if causes[cause.ID] {
			t.Errorf("cause %s twice", cause.ID)
		}
		causes[cause.ID] = true
		if cause.Step < 1 || cause.Step > 14 {
			t.Errorf("cause %s at step %d", cause.ID, cause.Step)
		}
	}
	for number, step := range steps.All() {
		if step.Number != number+1 {
			t.Errorf("step %s is number %d", step.ID, step.Number)
		}
	}
	if len(steps.All()) != 14 {
		t.Errorf("%d steps", len(steps.All()))
	}
	fixes := map[string]bool{}
	for _, fix := range steps.Fixes() {
		if fix.ID == "" || fix.Title == "" || fixes[fix.ID] {
			t.Errorf("fix %q, %q: twice, or without a name", fix.ID, fix.Title)
		}
		fixes[fix.ID] = true
	}
}

// TestAStepSaysNothingMore than was proved: what only follows from a cause is not told
// beside it as another one, and of a container with old code neither a reload nor the
// site's own word is called good.
func TestAStepSaysNothingMore(t *testing.T) {
	look := func(fault string) report.Report {
		box, err := practice.New(fault, nil)
		if err != nil {
			t.Fatal(err)
		}
		return examine(t, box).Report
	}
	document := look("service-not-restarted")
	if folded := document.Causes[0].Follows; len(folded) == 0 || strings.Contains(string(document.Steps[3].Summary), "\n") {
		t.Errorf("%v follows from the first cause, and step 4 says\n%s", folded, document.Steps[3].Summary)
	}
	document = look("container-stale")
	reload := document.Steps[12]
	if reload.Status != report.Warn || len(reload.Acts) > 0 || !strings.Contains(string(reload.Summary), "Nor would a restart") {
		t.Errorf("of a reload in a container that holds old code is said: %s: %s %v", reload.Status, reload.Summary, reload.Acts)
	}
	if last := document.Checklist[len(document.Checklist)-1]; last.Status == report.OK {
		t.Errorf("a stale container is ticked off: %s", last.Item)
	}
}

// TestTheGuideAgreesOnRisks: a fix's page and its plan give it the same risk.
func TestTheGuideAgreesOnRisks(t *testing.T) {
	for _, fault := range practice.Faults() {
		for _, plan := range practiceReport(t, fault.ID).Fixes {
			page, _ := steps.FixPage(plan.ID)
			told, _, _ := strings.Cut(strings.ToLower(page.Risk), " ")
			if told = strings.Trim(told, ".:"); plan.Blocked == "" && told != string(plan.Risk) {
				t.Errorf("%s: the guide calls the risk of %s %q, its plan %q", fault.ID, plan.ID, told, plan.Risk)
			}
		}
	}
}
