package causes

import (
	"strings"
	"testing"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys/python"
)

// TestFindRequirements: what differs counts where it changed after the last install, and is
// never more than possible.
func TestFindRequirements(t *testing.T) {
	t.Parallel()
	installed := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	at := func(path string, changed time.Time, differing ...python.DifferingPackage) *report.Finding {
		return findRequirements(box.New(&facts.Facts{Requirements: facts.Of(python.Outdated{
			Virtualenv: "/opt/v", InstalledAt: installed, Newest: "/opt/v/lib/python3.13/site-packages/a-1.dist-info",
			Files: []python.OutdatedBy{{Path: path, ChangedAt: changed, Differing: differing, Count: len(differing)}},
		}, "")}))
	}
	flask := python.DifferingPackage{Name: "flask", Wanted: "==3.1.2", Installed: "3.0.3"}
	later := installed.Add(time.Hour)
	for name, test := range map[string]struct {
		finding *report.Finding
		told    string
	}{
		"changed since":        {at("/srv/shop/requirements.txt", later, flask), "/opt/v/bin/pip install -r /srv/shop/requirements.txt"},
		"a name from a deploy": {at("/srv/my shop/requirements.txt", later, flask), "'/srv/my shop/requirements.txt'"},
		"a lock":               {at("/srv/shop/uv.lock", later, flask), "(uv sync)"},
		"installed since":      {at("/srv/shop/requirements.txt", installed.Add(-time.Hour), flask), ""},
		"nothing differs":      {at("/srv/shop/requirements.txt", later), ""},
		"could not be read":    {findRequirements(box.New(&facts.Facts{Requirements: facts.Unreadable[python.Outdated]("permission denied", "")})), ""},
	} {
		switch {
		case test.told == "" && test.finding != nil, test.told != "" && test.finding == nil:
			t.Errorf("%s: %+v", name, test.finding)
		case test.finding != nil && (test.finding.Confidence != report.Possible || !strings.Contains(string(test.finding.Advice), test.told)):
			t.Errorf("%s: %s, %s", name, test.finding.Confidence, test.finding.Advice)
		}
	}
}
