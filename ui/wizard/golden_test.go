package wizard

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"

	"flasktui/steps"
	"flasktui/steps/report"
	"flasktui/sys"
)

var sizes = [][2]int{{40, 15}, {80, 24}, {120, 40}, {200, 60}}

// screen is one page of the wizard and how to come to it.
type screen struct {
	name   string
	config Config
	open   func(*testing.T, Config) *bench
}

// pages are all screens, each reached as a person would reach it.
var pages = []screen{
	{"Starting", Config{}, newBench},
	{"Probing", Config{}, func(t *testing.T, c Config) *bench {
		b := newBench(t, c)
		b.tell(examinedMsg{look: b.look, examination: partialExamination()})
		return b
	}},
	{"Stale", Config{}, with(staleReport)},
	{"Newcomer", Config{Newcomer: true}, with(staleReport)},
	{"StaleSecondCause", Config{}, with(staleReport, "down", "down", "down", "down", "down", "down")},
	{"Fresh", Config{}, with(freshReport)},
	{"Mixed", Config{}, with(mixedReport)},
	{"Down", Config{}, with(downReport)},
	{"Inconclusive", Config{Unlock: noUnlock}, with(inconclusiveReport)},
	{"LongNames", Config{}, with(longReport)},
	{"Walk", Config{}, with(staleReport, "w")},
	{"WalkDown", Config{}, with(staleReport, "w", "pgdown")},
	{"WalkUnknown", Config{}, with(staleReport, "w", "n", "n", "n")},
	{"WalkSkipped", Config{}, with(staleReport, "w", "n", "n", "n", "n", "n", "n", "n")},
	{"Diagnosis", Config{}, with(staleReport, "d")},
	{"DiagnosisEnd", Config{}, with(staleReport, "d", "end")},
	{"DiagnosisFresh", Config{}, with(freshReport, "d")},
	{"Dialog", Config{}, with(staleReport, "f")},
	{"DialogOther", Config{}, with(staleReport, "f", "2")},
	{"DialogCalm", Config{}, with(func() report.Report { return composeReport(calmOrigin()) }, "f")},
	{"DialogGives", Config{}, with(func() report.Report { return composeReport(givingOrigin()) }, "f")},
	{"DialogBlocked", Config{}, with(blockedReport, "f")},
	{"DialogFed", Config{}, with(fedReport, "f")},
	{"DialogReadOnly", Config{ReadOnly: true}, with(staleReport, "f")},
	{"Running", Config{}, openRunning},
	{"Leaving", Config{}, func(t *testing.T, c Config) *bench {
		b := openRunning(t, c)
		b.press("q")
		return b
	}},
	{"Done", Config{}, openDone},
	{"Failed", Config{}, openFailed},
	{"Log", Config{}, openLog},
	{"LogFailing", Config{}, func(t *testing.T, c Config) *bench {
		b := open(t, c, downReport())
		b.press("l")
		b.tell(linesMsg{b.log.tail, textsOf(failingLog)})
		return b
	}},
	{"Help", Config{}, with(staleReport, "?")},
	{"Chooser", Config{}, openChooser},
	{"ChooserSeen", Config{}, openServices},
	{"ChooserNear", Config{}, openNear},
	{"HelpOfTheLog", Config{}, func(t *testing.T, c Config) *bench {
		b := openLog(t, c)
		b.press("?")
		return b
	}},
	{"Search", Config{}, with(staleReport, "d", "/", "r", "e", "s", "t", "a", "r", "t")},
	{"SearchFound", Config{}, with(staleReport, "d", "/", "r", "e", "s", "t", "a", "r", "t", "enter", "n")},
	{"CopyOne", Config{}, with(staleReport, "w", "C", "down")},
	{"Lost", Config{OfferPractice: true}, openLost},
	{"Practice", Config{Practice: true}, with(staleReport)},
	{"Timeline", Config{}, with(staleReport, "i")},
	{"GuidedWhy", Config{}, with(staleReport, "w", "g")},
	{"GuidedSeen", Config{}, with(staleReport, "w", "g", "enter")},
	{"GuidedDo", Config{}, with(staleReport, "w", "g", "enter", "enter")},
	{"GuidedOverview", Config{}, with(staleReport, "g")},
	{"GuidedElsewhere", Config{}, with(staleReport, "g", "enter", "enter", "enter", "enter")},
	{"Watching", Config{}, openWatching},
	{"Watched", Config{}, func(t *testing.T, c Config) *bench {
		b := openWatching(t, c)
		b.watches(freshReport())
		return b
	}},
	{"History", Config{}, openHistory},
	{"QuizLook", Config{}, quizAt()},
	{"QuizStep", Config{}, quizAt("4")},
	{"QuizCause", Config{}, quizAt("a", "down")},
	{"QuizLine", Config{}, quizAt("a", "down", "enter", "down")},
	{"QuizTold", Config{}, quizAt("a", "enter", "enter")},
	{"QuizScore", Config{}, quizAt("a", "enter", "enter", "enter")},
	{"Quick", Config{}, with(staleReport, "x")},
	{"QuickFresh", Config{}, with(freshReport, "x")},
	{"QuickDialog", Config{}, with(staleReport, "x", "enter")},
	{"QuickStopped", Config{}, openQuickStopped},
	{"QuickDone", Config{}, openQuickDone},
	{"Debrief", Config{Practice: true}, openDebrief},
}

func with(report func() report.Report, keys ...string) func(*testing.T, Config) *bench {
	return func(t *testing.T, config Config) *bench {
		b := open(t, config, report())
		b.press(keys...)
		return b
	}
}

func TestScreens(t *testing.T) {
	for _, page := range pages {
		for _, size := range sizes {
			t.Run(fmt.Sprintf("%s/%dx%d", page.name, size[0], size[1]), func(t *testing.T) {
				b := page.open(t, page.config)
				b.size(size[0], size[1])
				golden.RequireEqual(t, b.screen()+"\n")
			})
		}
	}
}

// TestScreensFit holds every page to the window it is given, whatever its size.
func TestScreensFit(t *testing.T) {
	for _, page := range pages {
		t.Run(page.name, func(t *testing.T) {
			b := page.open(t, page.config)
			for _, size := range [][2]int{{1, 1}, {2, 2}, {10, 4}, {20, 6}, {39, 9}, {40, 15}, {71, 24}, {72, 24}, {80, 24}, {200, 60}, {500, 200}} {
				b.size(size[0], size[1])
				lines := strings.Split(b.View(), "\n")
				if len(lines) != size[1] {
					t.Errorf("%dx%d: %d lines", size[0], size[1], len(lines))
				}
				for _, line := range lines {
					if width := ansi.StringWidth(line); width > size[0] {
						t.Errorf("%dx%d: a line of %d columns: %q", size[0], size[1], width, line)
					}
				}
			}
			b.size(0, 0)
			b.View()
		})
	}
}

// TestASCII finds no other character where the terminal has none.
func TestASCII(t *testing.T) {
	for _, page := range pages {
		if page.name == "LongNames" {
			continue // its names are Japanese: they are somebody's
		}
		page.config.ASCII = true
		b := page.open(t, page.config)
		for _, size := range sizes {
			b.size(size[0], size[1])
			for _, r := range b.screen() {
				if r > 126 {
					t.Errorf("%s: %q on\n%s", page.name, r, b.screen())
					break
				}
			}
		}
	}
}

// composeReport has a Compose file of another user's for its fix.
func composeReport(origin *report.Origin) report.Report {
	document := staleReport()
	plan := report.Plan{
		ID: "docker-up", Title: "Recreate the container from the current image", Risk: report.MediumRisk, Origin: origin,
		Commands: [][]string{{"docker", "compose", "--project-directory", "/srv/shop", "-p", "shop", "-f", "/srv/shop/compose.yaml", "up", "-d", "web"}},
		Effect:   "Compose compares web with its files and its image, and recreates the container if they differ.",
		Undo:     "Put the old image's tag, or the old files, back and run it again.",
	}
	if plan.MustBeNamed() {
		plan.Risk = report.HighRisk
	}
	document.Fixes, document.Causes[0].Fixes = []report.Plan{plan}, []string{"docker-up"}
	return document
}

func calmOrigin() *report.Origin {
	return &report.Origin{
		Reader: "docker", Sources: []report.Source{{Path: "/srv/shop/compose.yaml", Who: []string{"deploy"}}},
		Changes: []report.KeyChange{{Key: "environment", Then: "APP_RELEASE"}},
	}
}

func givingOrigin() *report.Origin {
	origin := calmOrigin()
	origin.Changes = append([]report.KeyChange{
		{Key: "privileged", Then: "true", Gives: "all of root's rights on this box"},
		{Key: "volumes", Now: "/srv/shop/data:/data", Then: "/:/host", Gives: "a path of this box: /"},
	}, origin.Changes...)
	return origin
}

func longReport() report.Report {
	report := staleReport()
	report.Target.Service = "kundenportal-bestellungen-und-rechnungen-nord@blue-green-deployment.service"
	report.Host.Hostname = "ip-10-12-14-16.eu-central-1.compute.internal"
	report.Path[0].Label = "https://bestellungen.kundenportal.example.com/nord/süd/東京都千代田区のお客様/index"
	report.Path[2].Label = "/etc/nginx/sites-enabled/kundenportal-bestellungen-und-rechnungen-nord.conf:1207"
	report.Path[4].Detail = "started 13:51:02 in /srv/kundenportal/releases/20251123140310-東京都千代田区のお客様-feature, before the code changed"
	report.Releases.OnDisk.ID = "20251123140310-feature-long-branch-name"
	report.Releases.Loaded.ID = "20251122090000-feature-long-branch-name"
	report.Releases.Served.ID = ""
	return report
}

func openRunning(t *testing.T, config Config) *bench {
	b := open(t, config, staleReport())
	b.press("f", "y")
	b.tell(settledMsg{press: b.dialog.press})
	b.clock = b.clock.Add(2400 * time.Millisecond)
	b.tell(progressMsg{[]steps.Progress{
		{Started: true},
		{Line: "Stopping shop.service..."},
		{Line: "Starting shop.service..."},
	}})
	b.tell(linesMsg{b.wizard.run.tail, []sys.Text{
		"14:15:31 gunicorn[812]: [812] [INFO] Handling signal: term",
		"14:15:31 gunicorn[9120]: [9120] [INFO] Starting gunicorn 23.0.0",
	}})
	return b
}

func openDone(t *testing.T, config Config) *bench {
	b := openRunning(t, config)
	b.tell(progressMsg{[]steps.Progress{{Ended: true, Took: 1800 * time.Millisecond}}})
	b.clock = b.clock.Add(1600 * time.Millisecond)
	b.tell(appliedMsg{outcome: steps.Outcome{
		Done: true, Message: "shop.service is active with three new workers, and the site answers 3e9d0c4.",
		After: finished(freshReport()),
	}})
	return b
}

func openFailed(t *testing.T, config Config) *bench {
	b := openRunning(t, config)
	b.tell(progressMsg{[]steps.Progress{
		{Line: "Job for shop.service failed because the control process exited with error code."},
		{Ended: true, Exit: 1, Took: 1800 * time.Millisecond},
	}})
	b.tell(appliedMsg{outcome: steps.Outcome{
		Message: "The restart failed: ModuleNotFoundError: No module named 'umbrella'", After: finished(downReport()),
	}})
	return b
}

// quickly confirms the part of the quick fix that is next and lets it come to that.
func quickly(b *bench, outcome steps.Outcome) {
	b.press("enter", "y")
	b.tell(settledMsg{press: b.dialog.press})
	b.clock = b.clock.Add(time.Second)
	b.tell(appliedMsg{outcome: outcome})
}

func openQuickStopped(t *testing.T, config Config) *bench {
	b := open(t, config, staleReport())
	b.press("x")
	quickly(b, steps.Outcome{Done: true, Message: "systemd holds the unit that is on disk", After: finished(staleReport())})
	quickly(b, steps.Outcome{Message: "The restart failed: No module named 'umbrella'", After: finished(downReport())})
	b.press("enter")
	return b
}

func openQuickDone(t *testing.T, config Config) *bench {
	b := open(t, config, staleReport())
	b.press("x")
	quickly(b, steps.Outcome{Done: true, Message: "systemd holds the unit that is on disk", After: finished(staleReport())})
	quickly(b, steps.Outcome{Done: true, Message: "shop.service runs with new processes", After: finished(freshReport())})
	return b
}

func openDebrief(t *testing.T, config Config) *bench {
	b := openDone(t, config)
	b.press("b")
	return b
}

func openLog(t *testing.T, config Config) *bench {
	b := open(t, config, staleReport())
	b.press("l")
	var lines []sys.Text
	for i := range 60 {
		lines = append(lines, sys.Textf("14:%02d:07 gunicorn[815]: GET /checkout/%d 200 in %d ms", i, i, 11+i%7))
	}
	b.tell(linesMsg{b.log.tail, append(lines, "14:59:59 gunicorn[815]: Traceback (most recent call last):",
		"14:59:59 gunicorn[815]:   File \"/srv/shop/current/shop/views/checkout/umbrella_terms_and_conditions.py\", line 12, in <module>")})
	return b
}

func openChooser(t *testing.T, config Config) *bench {
	b := newBench(t, config)
	b.tell(examineEndedMsg{look: b.look, err: &steps.TargetError{
		Problem: "Three Gunicorn services run on this box.", Hint: "Name one to skip this: flasktui shop.service",
		Services: []string{"shop.service", "blog.service", "shop@blue.service"},
	}})
	return b
}

func openLost(t *testing.T, config Config) *bench {
	b := newBench(t, config)
	b.tell(examineEndedMsg{look: b.look, err: &steps.TargetError{
		Problem: "No Gunicorn master runs on this box, and no unit of a Flask service was found.",
		Hint:    "Name the service if there is one: flasktui SERVICE",
	}})
	return b
}

func noUnlock() *exec.Cmd { return nil }
