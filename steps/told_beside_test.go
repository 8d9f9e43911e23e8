package steps_test

import (
	"testing"
	"time"

	"flasktui/lab/boxes"
	"flasktui/steps/facts"
	"flasktui/sys"
	"flasktui/sys/docker"
)

// TestWhatIsToldOfOtherServicesOfTheProject that run the same app, each from before a change.
func TestWhatIsToldOfOtherServicesOfTheProject(t *testing.T) {
	t.Parallel()
	beside := boxes.Name("healthy-worker-service", boxes.Healthy)
	sibling := func(change func(one *facts.Sibling, known *facts.Facts)) func(*facts.Facts) {
		return func(known *facts.Facts) { change(&known.Siblings.Value[0], known) }
	}
	differs := func(change func(one *facts.SourceDifference)) func(*facts.Facts) {
		return sibling(func(one *facts.Sibling, known *facts.Facts) {
			difference := facts.SourceDifference{Path: "/srv/apiary/wsgi.py", At: known.TakenAt.Add(-time.Second)}
			change(&difference)
			one.Differences = []facts.SourceDifference{difference}
		})
	}
	const stale = "background-workers-stale is certain"
	hold(t, []telling{
		{beside, nil, 0, "fresh", "!background-workers-stale"},
		{beside, sibling(func(one *facts.Sibling, known *facts.Facts) {
			one.Mounted, one.Source, one.Started = true, "/srv/apiary", known.TakenAt.AddDate(-1, 0, 0)
		}), 0, "stale", "service jobs: started "},
		{beside, sibling(func(one *facts.Sibling, known *facts.Facts) {
			one.Mounted, one.Source, one.Started = true, "/srv/apiary", known.TakenAt.AddDate(-1, 0, 0)
		}), 0, "stale", "Where their code is mounted, restart them: "},
		{beside, sibling(func(one *facts.Sibling, known *facts.Facts) {
			one.Mounted, one.Source, one.Started = true, "/srv/apiary", known.TakenAt
		}), 0, "fresh", "!background-workers-stale"},
		{beside, sibling(func(one *facts.Sibling, _ *facts.Facts) { one.ImageID = "sha256:0000" }), 0, "stale", "service jobs: runs sha256:0000; apiary-app now names"},
		{beside, sibling(func(one *facts.Sibling, _ *facts.Facts) { one.ImageID = "sha256:0000" }), 0, "stale", "!restart them: "},
		{beside, sibling(func(one *facts.Sibling, _ *facts.Facts) { one.ImageID = "sha256:0000" }), 0, "stale", "Recreate them as well: docker compose"},
		{beside, differs(func(*facts.SourceDifference) {}), 0, "stale", "has different content in it"},
		{beside, differs(func(one *facts.SourceDifference) { one.Volume = "data" }), 0, "fresh", "!" + stale},
		{beside, differs(func(one *facts.SourceDifference) { one.Static = true }), 0, "fresh", "!" + stale},
		{beside, differs(func(one *facts.SourceDifference) { one.Missing = true }), 0, "fresh", "!" + stale},
		{beside, differs(func(one *facts.SourceDifference) { one.Cloned = true }), 0, "fresh", "!" + stale},
		{beside, differs(func(one *facts.SourceDifference) { one.At = one.At.AddDate(-1, 0, 0) }), 0, "fresh", "!" + stale},
	})
}

// TestWhatIsToldOfAProgramThatFails, by supervisord's own word.
func TestWhatIsToldOfAProgramThatFails(t *testing.T) {
	t.Parallel()
	supervised := boxes.Name("supervised-not-restarted", boxes.Cured)
	program := func(state string, exits int, lines ...sys.Text) func(*facts.Facts) {
		return func(known *facts.Facts) {
			known.Processes.Value.Servers, known.Listeners.Value = nil, nil
			known.Site.Value.App, known.Site.Value.Nginx, known.Site.Value.Public = facts.Asked{}, facts.Asked{}, facts.Asked{}
			known.Journal = facts.Of(lines, "")
			for index := range known.Supervised.Value {
				known.Supervised.Value[index].State, known.Supervised.Value[index].Exits = state, exits
			}
		}
	}
	why := []sys.Text{"Traceback (most recent call last):", "ModuleNotFoundError: No module named 'umbrella'"}
	hold(t, []telling{
		{supervised, nil, 0, "fresh", "!service-failed"},
		{supervised, program("FATAL", 0), 0, "down", "is FATAL, by supervisord's own word: no process of it answers requests"},
		{supervised, program("EXITED", 0), 0, "down", "is EXITED, by supervisord's own word"},
		{supervised, program("STOPPED", 0), 0, "down", "It was stopped, and did not fail."},
		{supervised, program("STOPPED", 0, why...), 0, "down", "!umbrella"},
		{supervised, program("FATAL", 0, why...), 0, "down", "Its log gives the reason: ModuleNotFoundError: No module named 'umbrella'"},
		{supervised, program("FATAL", 0), 0, "down", "!Its log gives the reason"},
		{supervised, program("BACKOFF", 3), 0, "down", "ends by itself and supervisord starts it again, 3 times so far: it is BACKOFF"},
		{supervised, program("BACKOFF", 0), 0, "down", "ends by itself and supervisord starts it again: it is BACKOFF"},
		{supervised, program("STARTING", 0), 0, "inconclusive", "is starting"},
		{supervised, program("STARTING", 0), 0, "inconclusive", "!service-failed"},
	})
}

// TestWhatIsToldOfAContainerThatFails, by Docker's word.
func TestWhatIsToldOfAContainerThatFails(t *testing.T) {
	t.Parallel()
	built := boxes.Name("built-not-recreated", boxes.Cured)
	container := func(state string, code, restarts int, lines ...sys.Text) func(*facts.Facts) {
		return func(known *facts.Facts) {
			known.Processes.Value.Servers, known.Listeners.Value = nil, nil
			known.Site.Value.App, known.Site.Value.Nginx, known.Site.Value.Public = facts.Asked{}, facts.Asked{}, facts.Asked{}
			known.Journal = facts.Of(lines, "")
			for index := range known.Containers.Value {
				one := &known.Containers.Value[index]
				one.State, one.ExitCode, one.Restarts = state, code, restarts
			}
		}
	}
	why := []sys.Text{"Traceback (most recent call last):", "ModuleNotFoundError: No module named 'umbrella'"}
	hold(t, []telling{
		{built, container("exited", 3, 0), 0, "down", "is exited (exit status 3): no process of it answers requests"},
		{built, container("exited", 3, 0, why...), 0, "down", "Its log gives the reason: ModuleNotFoundError: No module named 'umbrella'"},
		{built, container("exited", 0, 0), 0, "down", "It was stopped, and did not fail."},
		{built, container("restarting", 3, 4), 0, "down", "ends by itself and is started again, 4 times so far"},
		{built, container("restarting", 3, 4), 0, "down", "started again by Docker: 4 times"},
		{built, container("exited", 3, 4), 0, "down", "!started again by Docker"},
		{built, container(docker.ContainerAbsent, 0, 0), 0, "down", "!exit status"},
		{built, container("created", 0, 0), 0, "down", "!exit status"},
	})
}
