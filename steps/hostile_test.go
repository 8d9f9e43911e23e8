package steps_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"flasktui/steps"
	"flasktui/sys"
	"flasktui/sys/practice"
)

// springing are names that are a command of their own wherever a shell takes them for more
// than a word: each makes a file in the present directory.
func springing() []string {
	return []string{"$(>sprung);>sprung;#", "';>sprung;'", `";>sprung;"`, "\n>sprung\n"}
}

// hostileNames are all practice boxes, looked at, with releases, links and static files of
// such names.
func hostileNames(t *testing.T, try func(t *testing.T, examination steps.Examination)) {
	t.Helper()
	named := regexp.MustCompile(`(/releases/[^/" ]+|/current|/static/[a-z]+\.css)`)
	everyPracticeBox(t, func(t *testing.T, _ string, examination steps.Examination) {
		saved := savedAs(t, examination)
		for _, name := range springing() {
			suffix, err := json.Marshal(name)
			if err != nil {
				t.Fatal(err)
			}
			replacement := "${1}" + strings.ReplaceAll(string(suffix[1:len(suffix)-1]), "$", "$$")
			examination, err := steps.JudgeFacts(bytes.NewReader(named.ReplaceAll(saved, []byte(replacement))))
			if err != nil {
				t.Fatal(err)
			}
			try(t, examination)
		}
	})
}

// TestWhatIsToBeTypedRunsNothingOfItsOwn pastes every command that a step or a fix shows
// for typing by hand into a shell that finds no programs.
func TestWhatIsToBeTypedRunsNothingOfItsOwn(t *testing.T) {
	hostileNames(t, func(t *testing.T, examination steps.Examination) {
		var lines []string
		for _, step := range examination.Report.Steps {
			for _, command := range step.Commands {
				lines = append(lines, string(command))
			}
		}
		for _, plan := range examination.Report.Fixes {
			lines = append(lines, string(plan.Undo))
			for _, argv := range plan.Commands {
				lines = append(lines, sys.CommandLine(argv))
			}
		}
		// A line without such a name is the same for every name.
		lines = slices.DeleteFunc(lines, func(line string) bool { return !strings.Contains(line, "sprung") })
		slices.Sort(lines)
		directory := t.TempDir()
		for _, line := range slices.Compact(lines) {
			shell := exec.CommandContext(t.Context(), "/bin/sh", "-c", line)
			shell.Dir, shell.Env = directory, []string{"PATH=/nowhere"}
			_ = shell.Run()
			if err := os.Remove(directory + "/sprung"); err == nil {
				t.Errorf("typing this runs a command that a name was made up of:\n%s", line)
			}
		}
	})
}

// TestNoNameIsWrittenIntoAUnitButAPlainOne: systemd ends a line at a carriage return too.
func TestNoNameIsWrittenIntoAUnitButAPlainOne(t *testing.T) {
	box, err := practice.New("healthy", nil)
	if err != nil {
		t.Fatal(err)
	}
	examination := examine(t, box)
	plan, _ := examination.Plan("release-marker")
	if plan.Blocked != "" {
		t.Fatalf("for a plain name it is blocked: %s", plan.Blocked)
	}
	saved := string(savedAs(t, examination))
	id := strings.Fields(string(examination.Report.Releases.OnDisk.ID))[0]
	for _, name := range []string{id + `\rUser=root`, id + `\nUser=root`, id + " X=1", id + "%n", id + `\\x0aUser=root`, id + `\"`, id + `\u0085User=root`, id + "$X", id + `\u2028`} {
		examination, err := steps.JudgeFacts(strings.NewReader(strings.ReplaceAll(saved, id, name)))
		if err != nil {
			t.Fatal(err)
		}
		if plan, _ := examination.Plan("release-marker"); plan.Blocked == "" {
			t.Errorf("%q is written into a unit", name)
		}
	}
}

// TestSavedFactsOfAStranger puts escape sequences, as JSON writes them, into every string of
// saved facts, also where a look leaves text that is safe already.
func TestSavedFactsOfAStranger(t *testing.T) {
	everyPracticeBox(t, func(t *testing.T, _ string, examination steps.Examination) {
		saved := savedAs(t, examination)
		hostile := regexp.MustCompile(`": "(?:[^"\\]|\\.)*[a-z](?:[^"\\]|\\.)*"`).ReplaceAllFunc(saved, func(value []byte) []byte {
			if _, err := time.Parse(time.RFC3339, strings.Trim(string(value[3:]), `"`)); err == nil || bytes.Contains(value, []byte("flasktui/facts")) {
				return value
			}
			return append(value[:len(value)-1:len(value)-1], []byte(`\u001b]0;PWNED\u0007\u009b1m\u202e"`)...)
		})
		examination, err := steps.JudgeFacts(bytes.NewReader(hostile))
		if err != nil {
			t.Fatal(err)
		}
		report := fmt.Sprintf("%+v", examination.Report)
		if at := strings.IndexAny(report, "\x1b\a\u009b\u202e"); at >= 0 {
			t.Errorf("the report holds %q", report[max(0, at-80):at+10])
		}
	})
}
