package record

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flasktui/steps"
	"flasktui/steps/report"
	"flasktui/sys"
)

var start = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

func plan() report.Plan {
	return report.Plan{ID: "nginx-reload", Commands: [][]string{{"nginx", "-t"}, {"systemctl", "reload", "nginx"}}, Details: []report.CommandDetail{{Input: "fed\n"}, {}}}
}

func before() steps.Examination {
	return steps.Examination{Report: report.Report{Verdict: report.Stale, Target: report.TargetSummary{Service: "shop.service"}}}
}

// twoCommands behaves as a fix whose second command fails.
func twoCommands(_ context.Context, _ sys.Machine, _ steps.Options, before steps.Examination, _ report.Plan, progress func(steps.Progress)) (steps.Outcome, error) {
	progress(steps.Progress{Command: 0, Started: true})
	progress(steps.Progress{Command: 0, Line: "syntax is ok"})
	progress(steps.Progress{Command: 0, Ended: true, Took: 12 * time.Millisecond})
	progress(steps.Progress{Command: 1, Started: true})
	progress(steps.Progress{Command: 1, Ended: true, Exit: 5, Took: 40 * time.Millisecond})
	return steps.Outcome{Message: "the reload failed", After: before}, nil
}

func run(t *testing.T, path string, apply Apply) []string {
	t.Helper()
	var said []string
	wrapped := Wrap(apply, path, Who{User: "ann", UID: 1000}, func() time.Time { return start })
	_, err := wrapped(t.Context(), nil, steps.Options{}, before(), plan(), func(event steps.Progress) {
		if event.Line != "" {
			said = append(said, string(event.Line))
		}
	})
	if err != nil && !errors.Is(err, os.ErrInvalid) {
		t.Fatal(err)
	}
	return said
}

func read(t *testing.T, path string) []Line {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	var lines []Line
	for scanner := bufio.NewScanner(file); scanner.Scan(); {
		var line Line
		if err := json.Unmarshal(scanner.Bytes(), &line); err != nil {
			t.Fatalf("%s: %v", scanner.Text(), err)
		}
		lines = append(lines, line)
	}
	return lines
}

func TestEveryRunLeavesItsTrail(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state", "actions.jsonl")
	run(t, path, twoCommands)
	run(t, path, func(context.Context, sys.Machine, steps.Options, steps.Examination, report.Plan, func(steps.Progress)) (steps.Outcome, error) {
		return steps.Outcome{}, os.ErrInvalid
	})
	lines := read(t, path)
	var events []Event
	for _, line := range lines {
		events = append(events, line.Event)
		if line.User != "ann" || line.UID != 1000 || line.Service != "shop.service" || line.Fix != "nginx-reload" || line.VerdictBefore != report.Stale || !line.Time.Equal(start) {
			t.Errorf("a line does not say who did what: %+v", line)
		}
	}
	want := []Event{FixStarted, CommandStarted, CommandEnded, CommandStarted, CommandEnded, FixEnded, FixStarted, FixEnded}
	if diff := cmp.Diff(want, events); diff != "" {
		t.Fatalf("events (-want +got):\n%s", diff)
	}
	if lines[0].Run == lines[6].Run || lines[0].Run != lines[5].Run {
		t.Error("the lines of a run are not tied together")
	}
	if diff := cmp.Diff(plan().Commands, lines[0].Commands); diff != "" {
		t.Errorf("commands (-want +got):\n%s", diff)
	}
	if end := lines[4]; *end.Exit != 5 || *end.DurationMS != 40 || end.Argv[1] != "reload" {
		t.Errorf("the end of a command says %+v", end)
	}
	if end := lines[5]; *end.Exit != 5 || end.VerdictAfter != report.Stale || *end.Done || end.Message != "the reload failed" {
		t.Errorf("the end of the fix says %+v", end)
	}
	if end := lines[7]; !strings.Contains(end.Message, "invalid") {
		t.Errorf("a fix that was refused says %q", end.Message)
	}
	for path, mode := range map[string]os.FileMode{path: 0o600, filepath.Dir(path): 0o700} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s has mode %v (%v), want %v", path, info.Mode().Perm(), err, mode)
		}
	}
}

// TestWhatRanAfterAFixIsRecorded: a later look knows by it which release ran here.
func TestWhatRanAfterAFixIsRecorded(t *testing.T) {
	t.Parallel()
	for _, done := range []bool{true, false} {
		path := filepath.Join(t.TempDir(), "state", "actions.jsonl")
		run(t, path, func(context.Context, sys.Machine, steps.Options, steps.Examination, report.Plan, func(steps.Progress)) (steps.Outcome, error) {
			after := before()
			after.Report.Releases.Loaded.Path = "/srv/shop/releases/1"
			return steps.Outcome{Done: done, After: after}, nil
		})
		if lines := read(t, path); (lines[len(lines)-1].Release == "/srv/shop/releases/1") != done || lines[0].Release != "" {
			t.Errorf("done %t: %+v", done, lines)
		}
	}
}

func TestARecordThatCannotBeTrustedIsNotWrittenAndTheFixStillRuns(t *testing.T) {
	t.Parallel()
	cases := map[string]func(t *testing.T, path string){
		"a link in its place": func(t *testing.T, path string) {
			must(t, os.Symlink(filepath.Join(t.TempDir(), "elsewhere"), path))
		},
		"a file others may write": func(t *testing.T, path string) {
			must(t, os.WriteFile(path, nil, 0o600))
			must(t, os.Chmod(path, 0o666))
		},
		"a directory in its place":     func(t *testing.T, path string) { must(t, os.Mkdir(path, 0o700)) },
		"a directory others may write": func(t *testing.T, path string) { must(t, os.Chmod(filepath.Dir(path), 0o777)) },
	}
	for name, prepare := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			directory := filepath.Join(t.TempDir(), "state")
			must(t, os.Mkdir(directory, 0o700))
			path := filepath.Join(directory, "actions.jsonl")
			prepare(t, path)
			said := run(t, path, twoCommands)
			if len(said) != 2 || !strings.HasPrefix(said[0], "this fix is not recorded: ") || said[1] != "syntax is ok" {
				t.Errorf("the person was told %q", said)
			}
		})
	}
}

func TestPathIsTheContracts(t *testing.T) {
	t.Parallel()
	home := func(name string) string { return map[string]string{"HOME": "/home/ann", "SUDO_USER": "ann"}[name] }
	if got := Path(Who{UID: 0}, home); got != "/var/log/flasktui/actions.jsonl" {
		t.Error(got)
	}
	if got := Path(Who{UID: 1000}, home); got != "/home/ann/.local/state/flasktui/actions.jsonl" {
		t.Error(got)
	}
	if _, err := open(Path(Who{UID: 1000}, func(string) string { return "" })); err == nil {
		t.Error("a record without a home was opened")
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestWhatWasFedIsRecorded: the record has what a command was fed, with the command and
// with the whole fix.
func TestWhatWasFedIsRecorded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "actions.jsonl")
	run(t, path, twoCommands)
	lines := read(t, path)
	if len(lines) == 0 || len(lines[0].Details) != 2 || lines[0].Details[0].Input != "fed\n" {
		t.Fatalf("the fix began with %+v", lines)
	}
	for _, line := range lines {
		if line.Event == CommandStarted && line.Argv[0] == "nginx" && line.Input != "fed\n" {
			t.Errorf("it was fed %q", line.Input)
		}
	}
}
