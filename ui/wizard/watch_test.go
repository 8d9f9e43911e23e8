package wizard

import (
	"errors"
	"testing"
	"time"

	"flasktui/steps"
	"flasktui/steps/report"
	"flasktui/sys"
)

// watches has the rest be over, and tells what the next look came to.
func (b *bench) watches(document report.Report) {
	b.t.Helper()
	look := b.look
	b.clock = b.clock.Add(4 * time.Second)
	b.tell(watchMsg{b.watch.chain})
	if b.look != look+1 || !b.probing {
		b.t.Fatal("no look was begun")
	}
	b.clock = b.clock.Add(100 * time.Millisecond)
	b.tell(examineEndedMsg{look: b.look, examination: finished(document)})
}

func openWatching(t *testing.T, config Config) *bench {
	b := open(t, config, staleReport())
	b.press("v")
	b.watches(staleReport())
	b.watches(mixedReport())
	return b
}

// TestAWatchTellsALineAChange, goes on while another page is shown, and ends when it is fresh.
func TestAWatchTellsALineAChange(t *testing.T) {
	b := openWatching(t, Config{})
	if len(b.watch.seen) != 2 {
		t.Errorf("%d lines for two verdicts", len(b.watch.seen))
	}
	b.press("t")
	b.sees("watching: it looks again by itself")
	b.clock = b.clock.Add(4 * time.Second)
	b.tell(watchMsg{b.watch.chain})
	b.tell(examineEndedMsg{look: b.look, err: errors.New("no server runs")})
	if b.shown != pathKind {
		t.Errorf("a moment without a service led away:\n%s", b.screen())
	}
	b.watches(freshReport())
	b.seesNot("watching")
	b.sees("FRESH")
	if b.watch.on || len(b.watch.seen) != 4 {
		t.Errorf("on %v, %d lines", b.watch.on, len(b.watch.seen))
	}
	look := b.look
	b.tell(watchMsg{b.watch.chain})
	if b.look != look {
		t.Error("it looks again after it was fresh")
	}
}

// TestAWatchLooksOnceAtATime: not while a look or a fix is under way, nor by two timers.
func TestAWatchLooksOnceAtATime(t *testing.T) {
	b := open(t, Config{}, staleReport())
	b.press("v")
	old := b.watch.chain
	b.press("v")
	b.sees("No longer watching.")
	b.press("v")
	look := b.look
	b.tell(watchMsg{old})
	if b.look != look {
		t.Error("an old timer began a look")
	}
	b.press("r")
	look = b.look
	b.tell(watchMsg{b.watch.chain})
	if b.look != look {
		t.Error("two looks at once")
	}
	b.tell(examineEndedMsg{look: b.look, examination: finished(staleReport())})
	b.press("t", "f")
	b.tell(watchMsg{b.watch.chain})
	if b.look != look {
		t.Error("it looked under a dialog that asks")
	}
}

func pastRuns() []report.Run {
	return []report.Run{
		{
			Run: "b", At: at(13, 51, 0), User: "root", LoginUser: "ann", Service: "shop.service", Fix: "restart", Before: report.Stale, After: report.Fresh, Ended: at(13, 51, 3), Done: true,
			Commands: []report.CommandRecord{{Argv: []string{"systemctl", "restart", "shop.service"}}},
		},
		{Run: "a", At: at(9, 2, 11), User: "root", Service: "shop.service", Fix: "nginx-reload", Before: report.Stale, Commands: []report.CommandRecord{{Argv: []string{"nginx", "-t"}, Exit: 1}}, Message: "nginx -t refuses the configuration"},
	}
}

func openHistory(t *testing.T, config Config) *bench {
	config.History = func(string) ([]report.Run, error) { return pastRuns(), nil }
	b := open(t, config, staleReport())
	b.press("h")
	b.tell(historyMsg{runs: pastRuns()})
	return b
}

// TestHistoryIsAPage with who ran what, what came of it, and the way back.
func TestHistoryIsAPage(t *testing.T) {
	b := openHistory(t, Config{})
	for _, want := range []string{"restart, by ann as root (24 min ago)", "$ systemctl restart shop.service", "STALE  →  FRESH", "its end is not on record", "(exit status 1)", "The way back"} {
		b.sees(want)
	}
	b = open(t, Config{Practice: true}, staleReport())
	b.press("h")
	b.sees("In practice nothing is recorded")
}

// TestAnotherServiceIsLookedAtWithoutWhatWasSaidOfTheFirst, and the first with it again.
func TestAnotherServiceIsLookedAtWithoutWhatWasSaidOfTheFirst(t *testing.T) {
	b := open(t, Config{Options: steps.Options{URL: "https://shop.example.com/", Expect: "v2"}}, staleReport())
	b.press("s")
	b.tell(listedMsg{&steps.TargetError{Problem: "Two", Services: []string{"blog.service", "shop.service"}}})
	b.press("1")
	b.sees("blog.service: without --url, --expect, said of shop.service.")
	if b.options.URL != "" || b.options.Expect != "" || b.options.Service != "blog.service" {
		t.Errorf("%+v", b.options)
	}
	other := staleReport()
	other.Target.Service = sys.Text("blog.service")
	b.tell(examineEndedMsg{look: b.look, examination: finished(other)})
	b.press("s")
	b.tell(listedMsg{&steps.TargetError{Problem: "Two", Services: []string{"blog.service", "shop.service"}}})
	b.press("2")
	if b.options.URL != "https://shop.example.com/" || b.options.Expect != "v2" {
		t.Errorf("what was said of the first is forgotten: %+v", b.options)
	}
}
