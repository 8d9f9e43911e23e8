package cli

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
)

// The moments at which the fake fix waits, for a test to do something to flasktui.
const (
	beforeCommand = "before the command"
	inCommand     = "in the command"
	inLastLook    = "in the last look"
)

// hold waits where FAKE_HOLD says, until the test lets go.
func hold(moment string) {
	if os.Getenv("FAKE_HOLD") != moment {
		return
	}
	if err := os.WriteFile("held", nil, 0o600); err != nil {
		panic(err)
	}
	for until := time.Now().Add(time.Minute); time.Now().Before(until); time.Sleep(5 * time.Millisecond) {
		if _, err := os.Stat("go-on"); err == nil {
			return
		}
	}
}

// faces are the ways in which a person has a fix run: what to start, and what to do up to
// its last confirmation, which is typed by the test.
func faces() map[string]struct {
	args, environment []string
	confirm           func(*person)
	last              string
} {
	return map[string]struct {
		args, environment []string
		confirm           func(*person)
		last              string
	}{
		"wizard": {[]string{"shop"}, []string{"FAKE_WIZARD=drawn"}, func(p *person) {
			p.sees("STALE", 1)
			p.types("f")
			p.sees("run it", 1)
			time.Sleep(500 * time.Millisecond) // What was typed at once is no answer.
		}, "y"},
		"fix":        {[]string{"fix", "shop"}, nil, (*person).isAsked, "y\n"},
		"accessible": {[]string{"shop"}, []string{"ACCESSIBLE=1"}, func(p *person) { p.chooses("1"); p.isAsked() }, "y\n"},
	}
}

// TestAFixIsBroughtToItsEnd drops the line in every way and at every moment, or tells
// flasktui to end: what was begun is done, and recorded.
func TestAFixIsBroughtToItsEnd(t *testing.T) {
	t.Parallel()
	signals := func(p *person, signal syscall.Signal, times int) {
		for range times {
			_ = p.process.Process.Signal(signal)
		}
	}
	ways := map[string]struct {
		begin func(*person) (*os.File, error)
		end   func(*person)
		// stops says that the wizard starts nothing more.
		stops bool
	}{
		// The shell passes the hang-up on, the kernel adds its own when the shell has ended.
		"it is hung up again and again": {end: func(p *person) { signals(p, syscall.SIGHUP, 500) }},
		"the terminal goes":             {end: (*person).hangsUp},
		"the terminal goes, and it is hung up": {end: func(p *person) {
			p.hangsUp()
			signals(p, syscall.SIGHUP, 500)
		}},
		"the terminal goes in silence": {begin: withoutHangup, end: (*person).hangsUp},
		"who reads its messages goes first": {begin: besideAReader, end: func(p *person) {
			_ = p.reader.Close()
			p.hangsUp()
		}},
		// So ends systemd what a session leaves behind.
		"it is told to end and hung up": {end: func(p *person) {
			signals(p, syscall.SIGTERM, 1)
			signals(p, syscall.SIGHUP, 500)
		}, stops: true},
		"it is told to end again and again": {end: func(p *person) { signals(p, syscall.SIGTERM, 500) }, stops: true},
	}
	for name, face := range faces() {
		for way, dropped := range ways {
			for _, moment := range []string{"", beforeCommand, inCommand, inLastLook} {
				t.Run(name+"/"+way+" "+moment, func(t *testing.T) {
					t.Parallel()
					begin := dropped.begin
					if begin == nil {
						begin = onTerminal
					}
					p := sitAt(t, begin, append(face.environment, "FAKE_HOLD="+moment), face.args...)
					face.confirm(p)
					p.types(face.last)
					if moment != "" {
						p.finds("held")
					}
					dropped.end(p)
					time.Sleep(100 * time.Millisecond) // It may see that before the fix goes on.
					if err := os.WriteFile(filepath.Join(p.process.Dir, "go-on"), nil, 0o600); err != nil {
						t.Fatal(err)
					}
					p.ends()
					events := p.recorded()
					switch want := "fix-started command-started command-ended fix-ended"; {
					case events == want:
					case moment == "" && events == "":
						// It had not been begun.
					case dropped.stops && events == "fix-started fix-ended" && (moment == "" || moment == beforeCommand):
					default:
						t.Errorf("the record says %q (%v)\n%s", events, p.process.ProcessState, p.screen())
					}
				})
			}
		}
	}
}

func onTerminal(p *person) (*os.File, error) {
	return pty.StartWithSize(p.process, &pty.Winsize{Rows: 24, Cols: 80})
}

// withoutHangup starts it on a terminal that is not its session's own: nobody tells it
// when that is gone.
func withoutHangup(p *person) (*os.File, error) {
	return pty.StartWithAttrs(p.process, &pty.Winsize{Rows: 24, Cols: 80}, &syscall.SysProcAttr{Setsid: true})
}

// besideAReader has a program of its own read what it says on standard error.
func besideAReader(p *person) (*os.File, error) {
	reader, writer, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer writer.Close()
	p.process.Stderr, p.reader = writer, reader
	go p.watch(reader)
	return onTerminal(p)
}

// closable is the same terminal, which is gone as soon as it is closed, even while it is
// read.
func closable(terminal *os.File) (*os.File, error) {
	defer terminal.Close()
	descriptor, err := syscall.Dup(int(terminal.Fd()))
	if err != nil {
		return nil, err
	}
	syscall.CloseOnExec(descriptor)
	if err := syscall.SetNonblock(descriptor, true); err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(descriptor), terminal.Name()), nil
}

// hangsUp closes the terminal.
func (p *person) hangsUp() {
	_ = p.terminal.Close()
	<-p.over
}

// finds waits for a file in its directory.
func (p *person) finds(name string) {
	p.t.Helper()
	for until := time.Now().Add(time.Minute); time.Now().Before(until); time.Sleep(5 * time.Millisecond) {
		if _, err := os.Stat(filepath.Join(p.process.Dir, name)); err == nil {
			return
		}
	}
	p.t.Fatalf("there is no file %s:\n%s", name, p.screen())
}

// ends waits for the end, in whatever way it comes.
func (p *person) ends() {
	p.t.Helper()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = p.process.Wait()
	}()
	select {
	case <-ended:
	case <-time.After(time.Minute):
		_ = p.process.Process.Kill()
		<-ended
		p.t.Fatalf("it does not end:\n%s", p.screen())
	}
}

// recorded are the events that it has recorded.
func (p *person) recorded() string {
	p.t.Helper()
	text, err := os.ReadFile(filepath.Join(p.process.Dir, ".local", "state", "flasktui", "actions.jsonl"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		p.t.Fatal(err)
	}
	var events []string
	for raw := range strings.Lines(string(text)) {
		var line struct{ Event string }
		if err := json.Unmarshal([]byte(raw), &line); err != nil {
			p.t.Fatalf("%s: %v", raw, err)
		}
		events = append(events, line.Event)
	}
	return strings.Join(events, " ")
}
