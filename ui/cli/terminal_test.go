package cli

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// person is somebody at a terminal, before a flasktui with a fake box.
type person struct {
	t        *testing.T
	terminal *os.File
	process  *exec.Cmd
	// reader is who reads what it says beside the terminal, if anybody.
	reader *os.File

	mutex sync.Mutex
	seen  strings.Builder
	over  chan struct{}
}

// sit starts flasktui on a terminal of its own.
func sit(t *testing.T, environment []string, args ...string) *person {
	t.Helper()
	return sitAt(t, onTerminal, environment, args...)
}

// sitAt starts it on the terminal that begin gives.
func sitAt(t *testing.T, begin func(*person) (*os.File, error), environment []string, args ...string) *person {
	t.Helper()
	// The test binary is flasktui when it is called by that name.
	directory := t.TempDir()
	name := filepath.Join(directory, "flasktui")
	reports, err := filepath.Abs("testdata/report")
	if err == nil {
		err = os.Symlink(testBinary(t), name)
	}
	if err != nil {
		t.Fatal(err)
	}
	process := exec.CommandContext(t.Context(), name, args...)
	process.Dir = directory
	process.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + directory, "REPORTS=" + reports, "TERM=xterm", "LANG=C.UTF-8", "FAKE_REPORT=stale", "FAKE_AFTER=fresh"}, environment...)
	p := &person{t: t, process: process, over: make(chan struct{})}
	terminal, err := begin(p)
	if err == nil {
		p.terminal, err = closable(terminal)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.terminal.Close() })
	go func() {
		defer close(p.over)
		p.watch(p.terminal)
	}()
	return p
}

func testBinary(t *testing.T) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func (p *person) watch(from io.Reader) {
	chunk := make([]byte, 4096)
	for {
		n, err := from.Read(chunk)
		p.mutex.Lock()
		p.seen.Write(chunk[:n])
		p.mutex.Unlock()
		if err != nil {
			return
		}
	}
}

func (p *person) screen() string {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return strings.ReplaceAll(p.seen.String(), "\r\n", "\n")
}

// isAsked waits for the question of a fix.
func (p *person) isAsked() {
	p.t.Helper()
	p.sees("anything else cancels: ", 1)
}

// sees waits until a text has been seen so many times.
func (p *person) sees(text string, times int) {
	p.t.Helper()
	for until := time.Now().Add(time.Minute); time.Now().Before(until); time.Sleep(5 * time.Millisecond) {
		if strings.Count(p.screen(), text) >= times {
			return
		}
	}
	p.t.Fatalf("%q was not seen %d times:\n%s", text, times, p.screen())
}

func (p *person) types(keys string) {
	p.t.Helper()
	if _, err := p.terminal.WriteString(keys); err != nil {
		p.t.Fatal(err)
	}
}

// leaves waits for the end and returns the exit status and all that was seen.
func (p *person) leaves() (int, string) {
	p.t.Helper()
	err := p.process.Wait()
	<-p.over
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		p.t.Fatal(err)
	}
	return p.process.ProcessState.ExitCode(), p.screen()
}

func TestAFixRunsOnYAndEnter(t *testing.T) {
	t.Parallel()
	p := sit(t, nil, "fix", "shop")
	p.isAsked()
	p.types("y\n")
	if status, seen := p.leaves(); status != 0 || !strings.Contains(seen, "\nAfter:  FRESH: ") || !strings.Contains(seen, "$ systemctl restart shop.service\n  done as told\n") {
		t.Errorf("status %d\n%s", status, seen)
	}
}

func TestAnythingElseCancelsAFix(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{"\n", "n\n", "Y es\n", "yy\n", "yes\n", "y", "\x04", strings.Repeat("y", 100) + "\n"} {
		t.Run(strings.TrimSpace(answer), func(t *testing.T) {
			t.Parallel()
			p := sit(t, nil, "fix", "shop")
			p.isAsked()
			p.types(answer)
			if answer == "y" {
				p.types("\x04\x04") // The end of the input, before any enter.
			}
			if status, seen := p.leaves(); status != 3 || !strings.Contains(seen, "flasktui: cancelled, nothing was run") || strings.Contains(seen, "done as told") {
				t.Errorf("status %d\n%s", status, seen)
			}
		})
	}
}

func TestWhatWasTypedAheadIsNoAnswer(t *testing.T) {
	t.Parallel()
	p := sit(t, []string{"FAKE_DELAY=500ms"}, "fix", "shop")
	p.types("y\ny\n")
	p.isAsked()
	time.Sleep(100 * time.Millisecond)
	p.types("n\n")
	if status, seen := p.leaves(); status != 3 || strings.Contains(seen, "done as told") {
		t.Errorf("status %d\n%s", status, seen)
	}
}

func TestTheQuestionCanBeInterrupted(t *testing.T) {
	t.Parallel()
	p := sit(t, nil, "fix", "shop")
	p.isAsked()
	p.types("\x03")
	if status, seen := p.leaves(); status != 3 || !strings.Contains(seen, "flasktui: interrupted") || strings.Contains(seen, "done as told") {
		t.Errorf("status %d\n%s", status, seen)
	}
}

func TestTheWizardOpensOnATerminalOnly(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		environment []string
		args        []string
		want        string
		status      int
	}{
		"as a rule":         {nil, []string{"shop"}, `the wizard opens "shop" at step 0, theme auto, ascii false, practice false`, 1},
		"says what it came": {nil, []string{"shop"}, "\nshop: STALE: the workers still run 4f2c1d\nRoot cause: The service was not restarted", 1},
		"with settings":     {[]string{"FLASKTUI_THEME=light", "FLASKTUI_ASCII=1"}, []string{"--step", "4"}, "at step 4, theme light, ascii true", 1},
		"dumb":              {[]string{"TERM=dumb"}, []string{"shop"}, "\nRoot cause: The service was not restarted after the code changed\n", 1},
		"practice":          {nil, []string{"practice"}, "practice true", 1},
		"practice, asked":   {[]string{"FAKE_PRACTICE=1"}, nil, "practice true", 1},
		"no service":        {[]string{"FAKE_TARGET=none"}, nil, "flasktui: there is no Flask service here", 3},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if status, seen := sit(t, c.environment, c.args...).leaves(); status != c.status || !strings.Contains(seen, c.want) {
				t.Errorf("status %d\n%s", status, seen)
			}
		})
	}
}

// TestTheGuideIsOfferedUntilABoxWasSeen offers it anew after whatever writes nothing, and
// never again after a look at a box.
func TestTheGuideIsOfferedUntilABoxWasSeen(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	for _, c := range []struct {
		args    []string
		offered bool
	}{
		{[]string{"practice"}, true},
		{[]string{"shop", "--read-only"}, true},
		{[]string{"missing"}, true},
		{[]string{"shop"}, true},
		{[]string{"shop"}, false},
		{[]string{"practice"}, false},
	} {
		_, seen := sit(t, []string{"HOME=" + home}, c.args...).leaves()
		if strings.Contains(seen, "and offers to guide") != c.offered {
			t.Errorf("%v: offered is not %t\n%s", c.args, c.offered, seen)
		}
	}
}

func TestColourIsForTerminalsThatWantIt(t *testing.T) {
	t.Parallel()
	for variable, colour := range map[string]bool{"X=": true, "NO_COLOR=1": false, "TERM=dumb": false, "CLICOLOR=0": false} {
		_, seen := sit(t, []string{variable}, "check").leaves()
		if strings.Contains(seen, "\x1b[") != colour {
			t.Errorf("with %s colour is not %t:\n%q", variable, colour, seen)
		}
	}
}

func TestProgressIsShownAndErasedWhileItLasts(t *testing.T) {
	t.Parallel()
	_, seen := sit(t, []string{"FAKE_DELAY=400ms"}, "check").leaves()
	if !strings.Contains(seen, "reading 3/5 systemctl show") || !strings.Contains(seen, "\r\x1b[K") {
		t.Errorf("no progress in\n%q", seen)
	}
	if strings.Contains(seen, "reading 3/5 systemctl show\n") {
		t.Error("the progress line is left behind")
	}
}

func TestAPasswordIsAskedForWhereOneWouldHelp(t *testing.T) {
	t.Parallel()
	p := sit(t, []string{"FAKE_REPORT=locked stale", "FAKE_UNLOCK=true"}, "fix", "shop")
	p.isAsked()
	p.types("y\n")
	if status, seen := p.leaves(); status != 0 || !strings.Contains(seen, "sudo may ask for your password") {
		t.Errorf("status %d\n%s", status, seen)
	}
	for name, args := range map[string][]string{"it is refused": {"fix", "shop"}, "sudo is not wanted": {"fix", "shop", "--no-sudo"}, "nothing may run": {"fix", "shop", "--read-only"}} {
		p := sit(t, []string{"FAKE_REPORT=locked", "FAKE_UNLOCK=false"}, args...)
		status, seen := p.leaves()
		if status != 3 || !strings.Contains(seen, "it needs root's rights") || strings.Contains(seen, "sudo may ask") != (len(args) == 2) {
			t.Errorf("%s: status %d\n%s", name, status, seen)
		}
	}
}

// chooses types a number at each prompt in turn.
func (p *person) chooses(numbers ...string) {
	p.t.Helper()
	for i, number := range numbers {
		p.sees("Type a number and enter: ", i+1)
		p.types(number + "\n")
	}
}

// picks types the number that the last menu gives to a choice, once it is asked for.
func (p *person) picks(choice string) {
	p.t.Helper()
	for until := time.Now().Add(time.Minute); time.Now().Before(until); time.Sleep(5 * time.Millisecond) {
		seen := p.screen()
		menu := strings.LastIndex(seen, "\nWhat next?\n")
		if menu < 0 || !strings.HasSuffix(seen, "Type a number and enter: ") {
			continue
		}
		for line := range strings.Lines(seen[menu:]) {
			if number, name, ok := strings.Cut(strings.TrimSpace(line), ". "); ok && strings.HasPrefix(name, choice) {
				p.types(number + "\n")
				p.sees("Type a number and enter: "+number, strings.Count(seen, "Type a number and enter: "+number)+1)
				return
			}
		}
	}
	p.t.Fatalf("%q was never offered:\n%s", choice, p.screen())
}

func TestTheAccessibleWizardIsPlainAndWhole(t *testing.T) {
	t.Parallel()
	p := sit(t, []string{"ACCESSIBLE=1", "TERM=dumb"}, "shop")
	// The walk, two steps on, one explained, a number that is none, back to the menu.
	p.chooses("2", "1", "3", "99", "1", "0")
	p.sees("Type a number and enter: ", 7)
	p.types("1\n")
	p.isAsked()
	p.types("n\n")
	p.sees("flasktui: cancelled, nothing was run", 1)
	p.types("1\n")
	p.sees("anything else cancels: ", 2)
	p.types("y\n")
	p.sees("After:  FRESH", 1)
	p.picks("Leave")
	status, seen := p.leaves()
	if status != 0 || strings.Contains(seen, "\x1b") {
		t.Errorf("status %d\n%q", status, seen)
	}
	for _, text := range []string{
		"Step 1 of 14: Code on disk.\nIs the new code where", "Step 2 of 14", "Step 3 of 14", "Why it matters", "There is no choice \"99\" here; ? says the choices again.",
		"1. Fix: The service was not restarted after the code changed", "  $ systemctl restart shop.service",
	} {
		if !strings.Contains(seen, text) {
			t.Errorf("%q was never said in\n%s", text, seen)
		}
	}
}

func TestTheAccessibleWizardAsksForTheService(t *testing.T) {
	t.Parallel()
	p := sit(t, []string{"FAKE_TARGET=several"}, "--accessible")
	p.chooses("2")
	p.sees("b.service on web-1: STALE", 1)
	p.types("\x04")
	if status, seen := p.leaves(); status != 1 || !strings.Contains(seen, "there are several Flask services. Which one?\n1. a.service\n2. b.service\n0. Leave\n") {
		t.Errorf("status %d\n%s", status, seen)
	}
}
