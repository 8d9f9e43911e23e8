package steps_test

import (
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"flasktui/lab/boxes"
	"flasktui/steps"
	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys/appserver"
)

// servedBy is a box as if every server on it were another one: a single process, or a parent with
// workers.
func servedBy(known facts.Facts, kind appserver.Kind) *facts.Facts {
	known.Processes.Value.Servers = slices.Clone(known.Processes.Value.Servers)
	for index := range known.Processes.Value.Servers {
		known.Processes.Value.Servers[index].Kind = kind
		if kind == appserver.Waitress {
			known.Processes.Value.Servers[index].Workers = nil
		}
	}
	known.Settings.Value.Kind = kind
	known.Settings.Value.ConfigPath = ""
	return &known
}

// TestNoTextIsOfAnotherServer: where another server than Gunicorn serves, nothing that is said of
// the box speaks of Gunicorn, and no fix is listed that only Gunicorn has.
func TestNoTextIsOfAnotherServer(t *testing.T) {
	var judged atomic.Int64
	everyBox(t, func(t *testing.T, name string, examination steps.Examination) {
		seen := map[string]steps.Examination{"as it is": examination}
		known := steps.FactsOf(examination)
		if server := examination.Report.Target.Server; server == "" || server == string(appserver.Gunicorn) {
			if _, phase := boxes.Split(name); phase != boxes.Broken {
				return
			}
			seen = map[string]steps.Examination{}
			for _, kind := range []appserver.Kind{appserver.Waitress, appserver.Uvicorn} {
				seen["by "+string(kind)] = steps.ExaminationOf(servedBy(*known, kind))
			}
		} else {
			judged.Add(1)
		}
		for state, one := range seen {
			for place, text := range textsOf(t, one) {
				if strings.HasPrefix(place, "commands of ") && state == "as it is" {
					// In what is to be typed it would be the program's name.
					text = strings.ReplaceAll(text, "gunicorn", "Gunicorn")
				}
				if at := strings.Index(text, "Gunicorn"); at >= 0 {
					t.Errorf("%s, %s: %s says …%s…", name, state, place, text[max(0, at-80):min(len(text), at+80)])
				}
			}
			reloads := one.Report.Target.Server == string(appserver.UWSGI)
			if !reloads && slices.ContainsFunc(one.Report.Fixes, func(plan report.Plan) bool { return plan.ID == "hup" }) {
				t.Errorf("%s, %s: a reload by HUP is listed, which no such server has", name, state)
			}
		}
	})
	if judged.Load() < 10 {
		t.Errorf("%d boxes of other servers are recorded; the rule is to be tried on more", judged.Load())
	}
}
