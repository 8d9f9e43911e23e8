package box

import (
	"strings"
	"testing"
	"time"

	"flasktui/steps/facts"
	"flasktui/steps/facts/factstest"
)

// TestATemplateOfWhichNothingTells is a doubt about processes that are older than its change,
// unless Flask looks at templates again for each request.
func TestATemplateOfWhichNothingTells(t *testing.T) {
	known := factstest.Story{MasterStarted: time.Minute, WorkerStarted: time.Minute, StandsIn: factstest.NewRelease, LinkMoved: -time.Hour}.Facts()
	template := &known.Code.Value.UnsettledTemplate
	*template = facts.Change{Path: factstest.NewRelease + "/templates/index.html", At: factstest.Noon().Add(time.Hour), Unsettled: "its memory may not be read"}
	if doubt := New(known).TemplateDoubt(); !strings.Contains(string(doubt), "its memory may not be read") {
		t.Errorf("%q", doubt)
	}
	known.Code.Value.AutoReloadTemplates = true
	if doubt := New(known).TemplateDoubt(); doubt != "" {
		t.Errorf("read again for each request: %q", doubt)
	}
	known.Code.Value.AutoReloadTemplates, template.At = false, factstest.Noon()
	if doubt := New(known).TemplateDoubt(); doubt != "" {
		t.Errorf("changed before the start: %q", doubt)
	}
}
