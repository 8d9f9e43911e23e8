package box

import (
	"strings"
	"testing"
	"time"

	"flasktui/steps/facts"
)

// TestATemplateOfWhichNothingTells is a doubt about processes that are older than its change,
// unless Flask looks at templates again for each request.
func TestATemplateOfWhichNothingTells(t *testing.T) {
	known := story{masterStarted: time.Minute, workerStarted: time.Minute, standsIn: newRelease, linkMoved: -time.Hour}.facts()
	template := &known.Code.Value.UnsettledTemplate
	*template = facts.Change{Path: newRelease + "/templates/index.html", At: noon.Add(time.Hour), Unsettled: "its memory may not be read"}
	if doubt := New(known).TemplateDoubt(); !strings.Contains(string(doubt), "its memory may not be read") {
		t.Errorf("%q", doubt)
	}
	known.Code.Value.AutoReloadTemplates = true
	if doubt := New(known).TemplateDoubt(); doubt != "" {
		t.Errorf("read again for each request: %q", doubt)
	}
	known.Code.Value.AutoReloadTemplates, template.At = false, noon
	if doubt := New(known).TemplateDoubt(); doubt != "" {
		t.Errorf("changed before the start: %q", doubt)
	}
}
