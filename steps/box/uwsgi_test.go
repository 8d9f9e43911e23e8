package box

import (
	"strings"
	"testing"
	"time"

	"flasktui/steps/facts"
	"flasktui/steps/facts/factstest"
	"flasktui/sys/appserver"
	"flasktui/sys/uwsgi"
)

// TestWhenAUWSGILoadedTheApp: by its master, at its start or at the last reload under the same
// process id; where when that was is not known, nothing is said that it decides (G63).
func TestWhenAUWSGILoadedTheApp(t *testing.T) {
	t.Parallel()
	const before, later = -time.Hour, time.Minute
	at := factstest.Noon().Add
	for _, test := range []struct {
		name          string
		workers       time.Duration
		told          facts.UWSGI
		master, known bool // the master loads the app, and that is known
		want          State
		why           string
	}{
		{"never reloaded", before, facts.UWSGI{}, true, true, Stale, ""},
		{"a worker died, and is a copy of the master", later, facts.UWSGI{}, true, true, Stale, ""},
		{"reloaded after the change", later, facts.UWSGI{Again: true, AgainAt: at(later)}, true, true, Current, "uWSGI has reloaded under the process id that it had"},
		{"reloaded before the change, and a worker died", later, facts.UWSGI{Again: true, AgainAt: at(before / 2)}, true, true, Stale, "uWSGI has reloaded"},
		{"reloaded at a time that is not known", later, facts.UWSGI{Again: true, Untold: "process 10 has reloaded"}, true, false, Undetermined, "process 10 has reloaded"},
		{"reloaded, and its workers are older than the change", before, facts.UWSGI{Again: true, Untold: "process 10 has reloaded"}, true, false, Stale, ""},
		{"each worker loads it", later, facts.UWSGI{Settings: uwsgi.Settings{Lazy: true}}, false, true, Current, ""},
	} {
		known := factstest.Story{MasterStarted: before, WorkerStarted: test.workers, StandsIn: factstest.NewRelease, LinkMoved: 2 * before, Through: factstest.Link}.Facts()
		settings := known.Settings.Value
		settings.Kind, settings.Preload, settings.UWSGI = appserver.UWSGI, &test.master, &test.told
		if !test.known {
			settings.Preload, settings.Computed = nil, []string{"preload_app"}
		}
		known.Settings.Value = settings
		server := &known.Processes.Value.Servers[0]
		server.Kind, server.UWSGI = appserver.UWSGI, &test.told
		loaders := New(known).Loaders
		if len(loaders) != 1 || loaders[0].State != test.want || !strings.Contains(string(loaders[0].Why), test.why) {
			t.Errorf("%s: %+v", test.name, loaders)
		}
	}
}

// TestWhatAHUPDoesToAUWSGI: it reloads where there is a master, and ends what has none.
func TestWhatAHUPDoesToAUWSGI(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		told   *facts.UWSGI
		vassal bool
		want   string
	}{
		{"a master", &facts.UWSGI{Settings: uwsgi.Settings{Master: true}}, false, ""},
		{"no master", &facts.UWSGI{}, false, "without a master"},
		{"an emperor's", &facts.UWSGI{}, true, ""},
		{"a file that was not read", &facts.UWSGI{Problem: "permission denied"}, false, "could not be read"},
		{"nothing known", nil, false, "could not be read"},
	} {
		known := factstest.Story{StandsIn: factstest.NewRelease}.Facts()
		server := &known.Processes.Value.Servers[0]
		server.Kind, known.Settings.Value.Kind, known.Settings.Value.UWSGI = appserver.UWSGI, appserver.UWSGI, test.told
		if test.vassal {
			server.Master.Prints = map[string]string{"UWSGI_EMPEROR_FD": "x"}
		}
		if got := string(New(known).NoReload()); (got == "") != (test.want == "") || !strings.Contains(got, test.want) {
			t.Errorf("%s: %q", test.name, got)
		}
	}
}
