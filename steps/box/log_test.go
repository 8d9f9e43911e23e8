package box

import (
	"strings"
	"testing"

	"flasktui/sys"
)

// TestTheReasonIsTheLastTracebacks: the exception's own line, of the last two runs, and
// nothing that Gunicorn or systemd say of an end.
func TestTheReasonIsTheLastTracebacks(t *testing.T) {
	t.Parallel()
	const at = "2026-11-27T04:18:31+0000 gunicorn[12]: "
	manager := func(words string) string { return "2026-11-27T04:18:31+0000 systemd[1]: " + words }
	trace := func(last string) string {
		return strings.Join([]string{at + "Traceback (most recent call last):", at + `  File "/srv/x/wsgi.py", line 1, in <module>`, at + "    import x", at + last}, "\n")
	}
	started := manager("Started x.service - X.")
	for name, test := range map[string]struct{ log, reason string }{
		"one":     {started + "\n" + trace("ModuleNotFoundError: No module named 'x'") + "\n" + at + "[12] [INFO] Worker exiting (pid: 12)", "ModuleNotFoundError: No module named 'x'"},
		"chained": {trace("KeyError: 'A'") + "\n" + at + "\n" + at + "During handling of the above exception, another exception occurred:\n" + trace("app.errors.Missing: no A"), "app.errors.Missing: no A"},
		"halt":    {trace("RuntimeError: no key") + "\n" + trace("gunicorn.errors.HaltServer: <HaltServer 'Worker failed to boot.' 3>"), "RuntimeError: no key"},
		"mended":  {started + "\n" + trace("ImportError: old") + "\n" + started + "\n" + started, ""},
		"systemd": {started + "\n" + manager("x.service: Main process exited, code=exited, status=3/NOTIMPLEMENTED"), ""},
		"chdir":   {manager("x.service: Failed at step CHDIR spawning /usr/bin/gunicorn: No such file or directory"), "x.service: Failed at step CHDIR spawning /usr/bin/gunicorn: No such file or directory"},
		"chdir, by its status": {
			manager("Starting x.service - X...") + "\n" + manager("x.service: Main process exited, code=exited, status=200/CHDIR") + "\n" + manager("x.service: Failed with result 'exit-code'.") + "\n" + manager("Failed to start x.service - X."),
			"its working directory cannot be entered (systemd's status 200/CHDIR)",
		},
		"a status of the program's own": {manager("x.service: Main process exited, code=exited, status=255/EXCEPTION") + "\n" + manager("Failed to start x.service - X."), ""},
		"program": {
			manager("x.service: Unable to locate executable '/opt/nowhere/gunicorn': No such file or directory") + "\n" + manager("x.service: Failed at step EXEC spawning /opt/nowhere/gunicorn: No such file or directory") + "\n" +
				manager("x.service: Main process exited, code=exited, status=203/EXEC") + "\n" + manager("x.service: Failed with result 'exit-code'.") + "\n" + manager("Failed to start x.service - X."),
			"x.service: Failed at step EXEC spawning /opt/nowhere/gunicorn: No such file or directory",
		},
		"memory":  {manager("x.service: A process of this unit has been killed by the OOM killer.") + "\n" + manager("Failed to start x.service - X."), "x.service: A process of this unit has been killed by the OOM killer."},
		"slow":    {manager("x.service: start operation timed out. Terminating.") + "\n" + manager("x.service: Failed with result 'timeout'.") + "\n" + manager("Failed to start x.service - X."), "x.service: start operation timed out. Terminating."},
		"outcome": {manager("x.service: Failed with result 'exit-code'.") + "\n" + manager("Failed to start x.service - X."), ""},
		"plain":   {"Traceback (most recent call last):\n  File \"a\"\nSyntaxError: invalid syntax", "SyntaxError: invalid syntax"},
		"waitress": {
			"There was an exception (ModuleNotFoundError) importing your module.\n\nIt had these arguments: \n1. No module named 'x'\n", "ModuleNotFoundError: No module named 'x'",
		},
		"waitress without words": {"There was an exception (KeyError) importing your module.\n", "KeyError"},
		"none":                   {"", ""},
	} {
		if got := Reason(sys.LogLines(test.log)); string(got) != test.reason {
			t.Errorf("%s: %q, not %q", name, got, test.reason)
		}
	}
	if got := Reason(sys.LogLines(trace("ValueError: " + strings.Repeat("ü", 200)))); len([]rune(string(got))) != 101 {
		t.Errorf("a long reason: %q", got)
	}
}

// TestAGunicornThatEndsSaysSo: of the run that the log tells of last, not of one before it.
func TestAGunicornThatEndsSaysSo(t *testing.T) {
	t.Parallel()
	const failed, anew = "gunicorn[12]: [12] [ERROR] Reason: Worker failed to boot.", "systemd[1]: Started x.service."
	for log, want := range map[string]bool{failed: true, failed + "\n" + anew: false, anew + "\n" + failed: true, failed + "\n[13] [INFO] Starting gunicorn 23.0.0": false, "": false} {
		if got := gaveUp(sys.LogLines(log)); got != want {
			t.Errorf("%q: %t", log, got)
		}
	}
}

// FuzzReason: no log makes it fail, and what it gives fits a line.
func FuzzReason(f *testing.F) {
	f.Add("Traceback (most recent call last):\nValueError: x")
	f.Add("systemd[1]: Starting x\nsystemd[1]: Scheduled restart job")
	f.Fuzz(func(t *testing.T, log string) {
		if reason := string(Reason(sys.LogLines(log))); len([]rune(reason)) > 101 || strings.Contains(reason, "\n") {
			t.Errorf("%q", reason)
		}
	})
}
