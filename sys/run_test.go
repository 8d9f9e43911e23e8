package sys

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// program writes an executable script into a directory that is the whole PATH of the
// Local that it returns, beside the usual ones.
func program(t *testing.T, name, script string) *Local {
	t.Helper()
	directory := t.TempDir()
	if err := os.WriteFile(filepath.Join(directory, name), []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	local := NewLocal(LocalOptions{})
	local.path = append([]string{directory}, local.path...)
	return local
}

func TestRunReportsWhatCame(t *testing.T) {
	t.Parallel()
	local := program(t, "probe", "echo out; echo first >&2; echo why >&2; exit 7")
	output := local.Run(context.Background(), Command{Argv: []string{"probe", "--flag"}})
	if string(output.Stdout) != "out\n" || string(output.Stderr) != "first\nwhy\n" || output.Exit != 7 {
		t.Errorf("output = %+v", output)
	}
	if output.Err == nil || output.Err.Error() != "probe: exit status 7: why" {
		t.Errorf("error = %v", output.Err)
	}
	if !slices.Equal(output.Argv, []string{"probe", "--flag"}) || output.Elevated || output.Took <= 0 {
		t.Errorf("output = %+v", output)
	}
}

func TestRunFeedsStdinAndNothingElse(t *testing.T) {
	t.Parallel()
	local := program(t, "probe", "cat; pwd; env | sort")
	for _, survive := range []bool{false, true} {
		output := local.Run(context.Background(), Command{Argv: []string{"probe"}, Stdin: []byte("fed\n"), Survive: survive})
		if output.Err != nil {
			t.Fatal(output.Err)
		}
		if !bytes.HasPrefix(output.Stdout, []byte("fed\n/\n")) {
			t.Errorf("survive=%v: stdout = %q", survive, output.Stdout)
		}
	}
	output := local.Run(context.Background(), Command{Argv: []string{"probe"}})
	if !bytes.HasPrefix(output.Stdout, []byte("/\n")) {
		t.Errorf("without input: stdout = %q", output.Stdout)
	}
}

func TestEnvironmentIsFixed(t *testing.T) {
	t.Parallel()
	caller := map[string]string{
		"PATH": "/tmp/evil", "LD_PRELOAD": "/tmp/x.so", "GIT_DIR": "/tmp", "PYTHONPATH": "/tmp", "LC_ALL": "de_DE", "PAGER": "evil",
		"HOME": "/home/ann", "DOCKER_CONFIG": "relative", "DOCKER_HOST": "unix:///run/d.sock", "TERM": "xterm", "EDITOR": "vi",
	}
	lookup := func(name string) (string, bool) { value, ok := caller[name]; return value, ok }
	path := "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
	want := []string{path, "LC_ALL=C", "SYSTEMD_COLORS=0", "SYSTEMD_PAGER=", "PAGER=cat", "HOME=/home/ann", "DOCKER_HOST=unix:///run/d.sock"}
	if got := environment(false, lookup); !slices.Equal(got, want) {
		t.Errorf("environment = %q, want %q", got, want)
	}
	// Who edits reads their own language.
	want = []string{path, "SYSTEMD_PAGER=", "PAGER=cat", "HOME=/home/ann", "DOCKER_HOST=unix:///run/d.sock", "TERM=xterm", "EDITOR=vi", "LC_ALL=de_DE"}
	if got := environment(true, lookup); !slices.Equal(got, want) {
		t.Errorf("terminal environment = %q", got)
	}
}

// TestToLookFetchesNothing: what changes the box may need what Compose files include.
func TestToLookFetchesNothing(t *testing.T) {
	t.Parallel()
	for _, changes := range []bool{false, true} {
		output := NewLocal(LocalOptions{}).Run(t.Context(), Command{Argv: []string{"env"}, Changes: changes})
		for _, remote := range []string{"GIT", "OCI"} {
			if switchedOff := strings.Contains(string(output.Stdout), "COMPOSE_EXPERIMENTAL_"+remote+"_REMOTE=false\n"); output.Err != nil || switchedOff == changes {
				t.Errorf("changes %t: %s, %v", changes, output.Stdout, output.Err)
			}
		}
	}
}

func TestProgramsComeFromFixedDirectoriesAlone(t *testing.T) {
	directory := t.TempDir()
	if err := os.WriteFile(filepath.Join(directory, "evil"), []byte("#!/bin/sh\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", directory)
	t.Chdir(directory)
	local := NewLocal(LocalOptions{})
	for _, name := range []string{"evil", "./evil", "bin/../evil", "/nonexistent/evil", "/etc/passwd"} {
		if output := local.Run(context.Background(), Command{Argv: []string{name}}); !errors.Is(output.Err, ErrNoCommand) || output.Exit != -1 {
			t.Errorf("%s: exit %d, %v", name, output.Exit, output.Err)
		}
	}
}

func TestReadOnlyRefusesChanges(t *testing.T) {
	t.Parallel()
	marker := filepath.Join(t.TempDir(), "marker")
	local := NewLocal(LocalOptions{ReadOnly: true})
	output := local.Run(context.Background(), Command{Argv: []string{"touch", marker}, Changes: true})
	if !errors.Is(output.Err, ErrReadOnly) {
		t.Errorf("error = %v", output.Err)
	}
	if _, err := os.Stat(marker); err == nil {
		t.Error("the command ran")
	}
}

// TestWhatIsForbiddenIsForbiddenOnTheTerminalToo has a face ask for an editor.
func TestWhatIsForbiddenIsForbiddenOnTheTerminalToo(t *testing.T) {
	marker := filepath.Join(t.TempDir(), "marker")
	edit := Command{Argv: []string{"touch", marker}, Changes: true, Terminal: true, Elevate: true}
	for name, test := range map[string]struct {
		options LocalOptions
		want    error
	}{
		"read-only": {LocalOptions{ReadOnly: true}, ErrReadOnly},
		"no sudo":   {LocalOptions{NoSudo: true}, ErrNeedsPrivilege},
	} {
		local := NewLocal(test.options)
		local.uid = 4711
		if err := local.OnTerminal(edit).Run(); !errors.Is(err, test.want) {
			t.Errorf("%s: %v", name, err)
		}
		if output := local.Run(t.Context(), edit); !errors.Is(output.Err, test.want) {
			t.Errorf("%s: %v", name, output.Err)
		}
	}
	if _, err := os.Stat(marker); err == nil {
		t.Error("the command ran")
	}
	directory := t.TempDir()
	if err := os.WriteFile(filepath.Join(directory, "touch"), []byte("#!/bin/sh\nexit 9\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", directory)
	edit.Elevate = false
	if err := NewLocal(LocalOptions{}).OnTerminal(edit).Run(); err != nil {
		t.Errorf("it came from the caller's PATH: %v", err)
	}
}

func TestTimeoutEndsTheWholeGroup(t *testing.T) {
	t.Parallel()
	local := program(t, "hang", "trap '' TERM; sleep 600 & echo $!; wait; sleep 600")
	started := time.Now()
	output := cutShort(local, Command{Argv: []string{"hang"}, Timeout: 100 * time.Millisecond})
	if took := time.Since(started); took > hang/5 {
		t.Errorf("took %v", took)
	}
	if !errors.Is(output.Err, context.DeadlineExceeded) || output.Exit != -1 {
		t.Errorf("exit %d, %v", output.Exit, output.Err)
	}
	child, err := strconv.Atoi(strings.TrimSpace(string(output.Stdout)))
	if err != nil {
		t.Fatalf("stdout = %q: what came before the timeout is lost", output.Stdout)
	}
	waitFor(t, "the child to be gone", func() bool { return ended(child) })
}

// hang is how long what is to be ended would go on by itself.
const hang = 10 * time.Minute

// cutShort runs a command that its timeout ends, but not before it has said something: a
// busy machine may need more time until then, and gets it.
func cutShort(local *Local, command Command) Output {
	for {
		output := local.Run(context.Background(), command)
		if command.Timeout *= 2; len(output.Stdout) > 0 || command.Timeout > hang/10 {
			return output
		}
	}
}

// ended tells whether a process is gone or waits for its parent to notice.
func ended(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return true
	}
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err != nil || strings.Contains(string(stat), ") Z ")
}

func waitFor(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if condition() {
			return
		}
	}
	t.Fatalf("waited in vain for %s", what)
}

func TestLeftOverChildDoesNotHoldUs(t *testing.T) {
	t.Parallel()
	local := program(t, "leaves", "sleep 600 & echo $!")
	started := time.Now()
	output := local.Run(context.Background(), Command{Argv: []string{"leaves"}})
	if child, err := strconv.Atoi(strings.TrimSpace(string(output.Stdout))); err == nil {
		defer func() { _ = syscall.Kill(child, syscall.SIGKILL) }()
	}
	if output.Err != nil || time.Since(started) > hang/10 {
		t.Errorf("after %v: %v", time.Since(started), output.Err)
	}
}

func TestOutputLimit(t *testing.T) {
	t.Parallel()
	local := program(t, "loud", "echo 0123456789; echo err >&2")
	for _, survive := range []bool{false, true} {
		output := local.Run(context.Background(), Command{Argv: []string{"loud"}, OutputLimit: 4, Survive: survive})
		if string(output.Stdout) != "0123" || string(output.Stderr) != "err\n" || !errors.Is(output.Err, ErrTruncated) || output.Exit != 0 {
			t.Errorf("survive=%v: %q %q exit %d, %v", survive, output.Stdout, output.Stderr, output.Exit, output.Err)
		}
	}
}

func TestLinesAreSafeAndComplete(t *testing.T) {
	t.Parallel()
	local := program(t, "talk", `printf 'one\033[31m red\n'; printf 'half'; sleep 0.1; printf 'way\r\nTOKEN=abc def\nlast'
printf -- '-----BEGIN RSA PRIVATE KEY-----\nMIIEsecret\n-----END RSA PRIVATE KEY-----\nafter\n' >&2`)
	for _, survive := range []bool{false, true} {
		var lines []string
		output := local.Run(context.Background(), Command{
			Argv: []string{"talk"}, Survive: survive,
			Line: func(line Text) { lines = append(lines, string(line)) },
		})
		if output.Err != nil {
			t.Fatal(output.Err)
		}
		for _, want := range []string{"one red", "halfway", "TOKEN=***", "last", "***", "after"} {
			if !slices.Contains(lines, want) {
				t.Errorf("survive=%v: no line %q in %q", survive, want, lines)
			}
		}
		if strings.Contains(strings.Join(lines, "\n"), "MIIEsecret") {
			t.Errorf("survive=%v: private key in %q", survive, lines)
		}
	}
}

func TestSurvivorOutlivesItsContext(t *testing.T) {
	t.Parallel()
	local := program(t, "slow", "echo begun; sleep 0.5; echo ended; exit 3")
	ctx, cancel := context.WithCancel(context.Background())
	output := local.Run(ctx, Command{Argv: []string{"slow"}, Survive: true, Timeout: time.Minute, Line: func(Text) { cancel() }})
	if string(output.Stdout) != "begun\nended\n" || output.Exit != 3 {
		t.Errorf("stdout %q, exit %d, %v", output.Stdout, output.Exit, output.Err)
	}
	output = local.Run(ctx, Command{Argv: []string{"slow"}, Survive: true})
	if !errors.Is(output.Err, context.Canceled) || len(output.Stdout) != 0 {
		t.Errorf("begun after the context ended: %+v", output)
	}
}

func TestSurvivorHasItsOwnTimeout(t *testing.T) {
	t.Parallel()
	local := program(t, "endless", "echo begun; sleep 600")
	output := cutShort(local, Command{Argv: []string{"endless"}, Survive: true, Timeout: 200 * time.Millisecond})
	if !errors.Is(output.Err, context.DeadlineExceeded) || string(output.Stdout) != "begun\n" {
		t.Errorf("stdout %q, %v", output.Stdout, output.Err)
	}
}

// TestSurvivorOutlivesTheProgram kills a whole process that runs such a command, as the
// end of a login session may.
func TestSurvivorOutlivesTheProgram(t *testing.T) {
	t.Parallel()
	if marker := os.Getenv("FLASKTUI_TEST_SURVIVOR"); marker != "" {
		output := NewLocal(LocalOptions{}).Run(context.Background(), Command{
			Argv: []string{"sh", "-c", "echo begun > " + marker + "; sleep 1; echo out; echo out; echo ended >> " + marker}, Survive: true,
		})
		t.Fatalf("not killed: %v", output.Err)
	}
	if runtime.GOOS != "linux" {
		t.Skip("needs /proc")
	}
	marker := filepath.Join(t.TempDir(), "marker")
	child, err := os.StartProcess("/proc/self/exe", []string{"test", "-test.run=^TestSurvivorOutlivesTheProgram$"}, &os.ProcAttr{
		Env: append(os.Environ(), "FLASKTUI_TEST_SURVIVOR="+marker),
		Sys: &syscall.SysProcAttr{Setpgid: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	content := func() string { raw, _ := os.ReadFile(marker); return string(raw) }
	waitFor(t, "the command to begin", func() bool { return content() == "begun\n" })
	if err := syscall.Kill(-child.Pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_, _ = child.Wait()
	waitFor(t, "the command to end by itself", func() bool { return content() == "begun\nended\n" })
}
