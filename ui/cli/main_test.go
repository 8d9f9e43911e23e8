package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"flasktui/steps"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/ui/record"
	"flasktui/ui/schema"
	"flasktui/ui/wizard"
)

// The test binary is flasktui with a box that is made of files: FAKE_REPORT names the
// report that an examination gives, FAKE_AFTER the one after a fix.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"flasktui": func() {
		ctx, stop := untilSignal()
		os.Exit(Program{
			Args: os.Args[1:], Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv,
			Terminal: detectTerminal(os.Stdin, os.Stdout, os.Stderr), HandOverSignals: stop, Engine: fakeEngine(),
		}.Run(ctx))
	}})
}

func TestCommandLine(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			reports, err := filepath.Abs("testdata/report")
			env.Setenv("REPORTS", reports)
			env.Setenv("HOME", env.WorkDir)
			return err
		},
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"exits": exits},
	})
}

// exits runs flasktui and compares the exit status: exits 3 check --nonsense. An error has one
// hint at most, and none is without its error.
func exits(script *testscript.TestScript, negated bool, args []string) {
	if negated || len(args) < 1 {
		script.Fatalf("usage: exits STATUS [ARGUMENT...]")
	}
	err := script.Exec("flasktui", args[1:]...)
	got := "0"
	if err != nil {
		got = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if got != args[0] {
		script.Fatalf("exit status %s, want %s", got, args[0])
	}
	for document := range strings.Lines(script.ReadFile("stdout")) {
		if !strings.HasPrefix(document, `{"schema":"`) {
			continue
		}
		if err := schema.ProblemOf([]byte(document)); err != nil {
			script.Fatalf("%v in %s", err, document)
		}
	}
	said := script.ReadFile("stderr")
	if hints := strings.Count("\n"+said, "\nflasktui: hint: "); hints > 1 || hints > strings.Count("\n"+said, "\nflasktui: ")-hints {
		script.Fatalf("%d hints", hints)
	}
}

func fakeEngine() Engine {
	return Engine{
		Open:     func(Access) (sys.Machine, error) { return fileMachine{}, nil },
		Examine:  fakeExamine,
		Apply:    fakeApply,
		Save:     fakeSave,
		Judge:    fakeJudge,
		Wizard:   fakeWizard,
		QuickFix: func(steps.Examination) []steps.QuickPart { return nil },
		Unlock: func(sys.Machine) *exec.Cmd {
			return exec.CommandContext(context.Background(), os.Getenv("FAKE_UNLOCK"))
		},
		Faults: func() []Fault {
			return []Fault{{"healthy", "Nothing is wrong"}, {"service-not-restarted", "Nobody restarted it"}}
		},
		Practice:   func(string) (sys.Machine, steps.Options, error) { return fileMachine{}, steps.Options{}, nil },
		RecordPath: filepath.Join(os.Getenv("HOME"), ".local", "state", "flasktui", "actions.jsonl"),
		Home:       os.Getenv("HOME"),
		Self:       record.Who{User: "ann", UID: 1000},
		Now:        time.Now,
		Sleep:      sleep,
	}
}

// fakeWizard says what it was opened with, and leaves with a look at the box. With
// FAKE_WIZARD=drawn it is the real one.
func fakeWizard(ctx context.Context, c wizard.Config) (steps.Examination, error) {
	if os.Getenv("FAKE_WIZARD") == "drawn" {
		return wizard.Run(ctx, c)
	}
	fmt.Printf("the wizard opens %q at step %d, theme %s, ascii %t, practice %t\n", c.Options.Service, c.Step, c.Theme, c.ASCII, c.Practice)
	if c.Newcomer {
		fmt.Println("and offers to guide")
	}
	if err := ctx.Err(); err != nil {
		return steps.Examination{}, err
	}
	if os.Getenv("FAKE_PRACTICE") != "" && c.OfferPractice {
		return steps.Examination{}, wizard.ErrPractice
	}
	return c.Examine(ctx, c.Machine, c.Options, nil)
}

// fakeExamine gives the reports that FAKE_REPORT lists, one a look; the last one stays.
func fakeExamine(_ context.Context, _ sys.Machine, options steps.Options, watch func(steps.Examination)) (steps.Examination, error) {
	switch options.Service {
	case "missing":
		return steps.Examination{}, &steps.TargetError{Problem: "there is no unit missing.service", Hint: "`systemctl list-units` lists them"}
	case "chek":
		return steps.Examination{}, &steps.TargetError{Problem: "there is no unit chek.service"}
	}
	if delay, err := time.ParseDuration(os.Getenv("FAKE_DELAY")); err == nil {
		time.Sleep(delay)
		if watch == nil {
			return steps.Examination{}, errors.New("nobody watches")
		}
		watch(steps.Examination{Pending: 2, Total: 5, Reading: []string{"systemctl show"}})
	}
	switch os.Getenv("FAKE_TARGET") {
	case "several":
		if options.Service != "" {
			break
		}
		return steps.Examination{}, &steps.TargetError{Problem: "there are several Flask services", Services: []string{"a.service", "b.service"}}
	case "none":
		return steps.Examination{}, &steps.TargetError{Problem: "there is no Flask service here: no Gunicorn runs", Hint: "name the service"}
	}
	names := strings.Fields(os.Getenv("FAKE_REPORT"))
	if len(names) == 0 {
		return steps.Examination{}, errors.New("FAKE_REPORT is not set")
	}
	taken := "taken"
	before, err := os.ReadFile(taken)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return steps.Examination{}, err
	}
	if err := os.WriteFile(taken, append(before, 'x'), 0o600); err != nil {
		return steps.Examination{}, err
	}
	examination, err := readReport(names[min(len(before), len(names)-1)])
	if options.Service != "" {
		examination.Report.Target.Service = sys.Text(options.Service)
	}
	return examination, err
}

func readReport(name string) (steps.Examination, error) {
	content, err := os.ReadFile(filepath.Join(os.Getenv("REPORTS"), name+".json"))
	if err != nil {
		return steps.Examination{}, err
	}
	var examination steps.Examination
	err = json.Unmarshal(content, &examination.Report)
	return examination, err
}

// fakeApply says what it was asked to run, and brings FAKE_AFTER about.
func fakeApply(ctx context.Context, _ sys.Machine, _ steps.Options, _ steps.Examination, plan report.Plan, progress func(steps.Progress)) (steps.Outcome, error) {
	if os.Getenv("FAKE_REFUSED") != "" {
		return steps.Outcome{}, errors.New("WorkingDirectory is gone")
	}
	hold(beforeCommand)
	for i := range plan.Commands {
		if ctx.Err() != nil {
			break
		}
		progress(steps.Progress{Command: i, Started: true})
		hold(inCommand)
		progress(steps.Progress{Command: i, Line: "done as told"})
		progress(steps.Progress{Command: i, Ended: true, Took: 12 * time.Millisecond})
	}
	hold(inLastLook)
	after, err := readReport(os.Getenv("FAKE_AFTER"))
	return steps.Outcome{Done: after.Report.Verdict == report.Fresh, Message: "workers were replaced", After: after}, err
}

func fakeSave(examination steps.Examination, to io.Writer) error {
	return json.NewEncoder(to).Encode(examination.Report)
}

func fakeJudge(from io.Reader) (steps.Examination, error) {
	var examination steps.Examination
	err := json.NewDecoder(from).Decode(&examination.Report)
	return examination, err
}

// fileMachine is a machine of which only files are looked at.
type fileMachine struct{ sys.Machine }

func (fileMachine) Host(context.Context) (sys.Host, error) {
	return sys.Host{Hostname: "web1", ID: "b0b", User: "ann", Privilege: sys.PrivilegeNone}, nil
}

func (fileMachine) Stat(_ context.Context, path string) (sys.FileInfo, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return sys.FileInfo{}, err
	}
	return sys.FileInfo{Mode: info.Mode()}, nil
}

// program is a run in this process, with a clock that only Sleep moves.
func program(t *testing.T, verdicts []report.Verdict, args ...string) (Program, *bytes.Buffer, *bytes.Buffer, *[]time.Duration) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	var slept []time.Duration
	now, looks := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC), 0
	engine := fakeEngine()
	engine.RecordPath = filepath.Join(t.TempDir(), "state", "actions.jsonl")
	engine.Now = func() time.Time { return now }
	engine.Sleep = func(ctx context.Context, pause time.Duration) error {
		slept = append(slept, pause)
		now = now.Add(pause)
		return ctx.Err()
	}
	engine.Examine = func(context.Context, sys.Machine, steps.Options, func(steps.Examination)) (steps.Examination, error) {
		verdict := verdicts[min(looks, len(verdicts)-1)]
		looks++
		return steps.Examination{Report: report.Report{Verdict: verdict}}, nil
	}
	return Program{
		Args: args, Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr,
		Getenv: func(string) string { return "" }, Engine: engine,
	}, &stdout, &stderr, &slept
}

func TestRetryEndsWithTheFirstFreshLook(t *testing.T) {
	t.Parallel()
	run, stdout, _, slept := program(t, []report.Verdict{report.Down, report.Stale, report.Fresh}, "check", "--retry-timeout", "60s")
	if status := run.Run(t.Context()); status != 0 || len(*slept) != 2 || !strings.Contains(stdout.String(), "FRESH") {
		t.Errorf("status %d after %v", status, *slept)
	}
}

func TestRetryGivesUpWithinItsTime(t *testing.T) {
	t.Parallel()
	run, _, _, slept := program(t, []report.Verdict{report.Stale}, "check", "--retry-timeout", "60s")
	status := run.Run(t.Context())
	var total time.Duration
	for _, pause := range *slept {
		total += pause
	}
	if status != 1 || total > time.Minute || total < 50*time.Second || slices.Max(*slept) > longestPause || !slices.IsSorted(*slept) {
		t.Errorf("status %d after %s: %v", status, total, *slept)
	}
}

func TestRetryCanBeInterrupted(t *testing.T) {
	t.Parallel()
	run, stdout, stderr, _ := program(t, []report.Verdict{report.Stale}, "check", "--json", "--retry-timeout", "60s")
	ctx, cancel := context.WithCancel(t.Context())
	sleep := run.Engine.Sleep
	run.Engine.Sleep = func(ctx context.Context, pause time.Duration) error { cancel(); return sleep(ctx, pause) }
	if status := run.Run(ctx); status != 3 || !strings.HasSuffix(stderr.String(), "\nflasktui: interrupted\n") || strings.Count(stdout.String(), `"error":"interrupted"`) != 1 {
		t.Errorf("status %d, stderr %q, stdout %q", status, stderr.String(), stdout.String())
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestAReportThatCannotBeWrittenIsAFailure(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"check"}, {"check", "--json"}, {"--version"}, {"version"}, {"explain"}, {"practice", "--list"}} {
		run, _, stderr, _ := program(t, []report.Verdict{report.Fresh}, args...)
		run.Stdout = fullDisk{}
		if status := run.Run(t.Context()); status != 3 || !strings.Contains(stderr.String(), "no space left") {
			t.Errorf("%v: status %d, stderr %q", args, status, stderr.String())
		}
	}
}
