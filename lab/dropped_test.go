package lab

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"testing"
)

// recordLine is what the lab reads of the record.
type recordLine struct {
	Event, Run, User, Service, Fix string
	Argv                           []string
	Exit                           *int
	Before                         string `json:"verdict_before"`
	After                          string `json:"verdict_after"`
	Done                           *bool
}

// recorded reads the record of somebody's fixes, and sees that it is theirs alone.
func recorded(t *testing.T, c *Case, user string) []recordLine {
	t.Helper()
	directory := "/var/log/flasktui"
	if user != "root" {
		directory = "/home/" + user + "/.local/state/flasktui"
	}
	modes, err := c.Run(t.Context(), "stat", "-c", "%a %U", directory, directory+"/actions.jsonl")
	if err != nil || modes != "700 "+user+"\n600 "+user+"\n" {
		t.Errorf("the record's modes are %q, %v", modes, err)
	}
	text, err := c.Run(t.Context(), "cat", directory+"/actions.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var lines []recordLine
	for raw := range strings.Lines(text) {
		var line recordLine
		if err := json.Unmarshal([]byte(raw), &line); err != nil {
			t.Fatalf("%s: %v", raw, err)
		}
		lines = append(lines, line)
	}
	return lines
}

// TestDroppedLine drops the line in the middle of a slow restart, of the wizard and of
// the command line, or tells flasktui to end. The restart ends, the record is complete, and the site is cured.
// Meanwhile somebody else is told who is at it.
func TestDroppedLine(t *testing.T) {
	s := linked("harbour")
	s.Service = []string{startsWhenAllowed}
	c := prepare(t, "dropped", s)
	cured := Fault{Verdict: stale}
	wizard := func(p person) {
		p.sees("STALE")
		p.settles()
		p.presses("f")
		p.sees("systemctl restart " + c.Unit)
		p.settles()
		p.presses("y")
	}
	drop := func(p person) error {
		_, err := p.tmux(t.Context(), "kill-server")
		return err
	}
	signal := func(name string, times int) error {
		_, err := c.Shell(t.Context(), `python3 - "$(pgrep -x flasktui)" "$1" "$2" <<'END'
import os, signal, sys
try:
    for _ in range(int(sys.argv[3])):
        os.kill(int(sys.argv[1]), signal.Signals[sys.argv[2]])
except ProcessLookupError:
    pass
END`, "SIG"+name, strconv.Itoa(times))
		return err
	}
	tell := func(person) error { return signal("TERM", 1) }
	for i, face := range []struct {
		name, user, command string
		confirm             func(p person)
		end                 func(p person) error
	}{
		{"wizard", "root", "flasktui " + c.Unit, wizard, drop},
		{"fix", "root", "flasktui fix --yes " + c.Unit, func(person) {}, drop},
		{"wizard told to end", "root", "flasktui " + c.Unit, wizard, tell},
		{"fix told to end", "root", "flasktui fix --yes " + c.Unit, func(person) {}, tell},
		{"wizard dropped again and again", "root", "flasktui " + c.Unit, wizard, func(p person) error {
			return errors.Join(signal("HUP", 2000), drop(p))
		}},
		{"wizard told and dropped", "root", "flasktui " + c.Unit, wizard, func(p person) error {
			return errors.Join(tell(p), drop(p), signal("HUP", 2000))
		}},
		{"wizard with sudo", "linus", "flasktui " + c.Unit, wizard, drop},
	} {
		t.Run(face.name, func(t *testing.T) {
			word := "release" + strconv.Itoa(i)
			c.New = release("2025091"+strconv.Itoa(i)+"090000", word)
			if err := deploy(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			// So many starts within seconds are more than systemd allows.
			if _, err := c.Run(t.Context(), "systemctl", "reset-failed", c.Unit); err != nil {
				t.Fatal(err)
			}
			holdStart(t, c)
			p := c.sits(t, face.user, face.command)
			face.confirm(p)
			restarting(t, c)
			second := c.as(t, "linus", "fix", "--yes", "--fix", "restart", c.Unit)
			if second.Exit != 3 || !strings.Contains(second.Stderr, face.user+" (process ") || !strings.Contains(second.Stderr, `the fix "restart" of `+c.Unit) {
				t.Errorf("the second person: exit %d\n%s", second.Exit, second.Stderr)
			}
			if err := face.end(p); err != nil {
				t.Fatal(err)
			}
			allowStart(t, c)
			if err := c.Wait(t.Context(), patience, func() error {
				_, err := c.Shell(t.Context(), `! pgrep -x flasktui`)
				return err
			}); err != nil {
				t.Errorf("flasktui does not end: %v", err)
			}
			cured.Is = c.New.Edition
			if err := cured.Cured(t.Context(), c); err != nil {
				t.Error(err)
			}
			lines := recorded(t, c, face.user)
			lines = lines[max(0, len(lines)-4):]
			var events []string
			for _, line := range lines {
				events = append(events, line.Event)
			}
			if strings.Join(events, " ") != "fix-started command-started command-ended fix-ended" {
				t.Fatalf("the record says %v", events)
			}
			ended, end := lines[2], lines[3]
			if ended.Exit == nil || *ended.Exit != 0 || !strings.HasSuffix(strings.Join(ended.Argv, " "), "systemctl restart "+c.Unit) {
				t.Errorf("the command's end: %+v", ended)
			}
			if end.User != face.user || end.Service != c.Unit || end.Before != stale || end.After != fresh || end.Done == nil || !*end.Done {
				t.Errorf("the fix's end: %+v", end)
			}
		})
	}
}

// startsWhenAllowed is a line of a unit that takes as long to start as a test wants.
const startsWhenAllowed = "ExecStartPre=/bin/sh -c 'while test -e /run/not-yet; do sleep 0.05; done'"

func holdStart(t *testing.T, c *Case) {
	t.Helper()
	if _, err := c.Run(t.Context(), "touch", "/run/not-yet"); err != nil {
		t.Fatal(err)
	}
}

func allowStart(t *testing.T, c *Case) {
	t.Helper()
	if _, err := c.Run(t.Context(), "rm", "/run/not-yet"); err != nil {
		t.Fatal(err)
	}
}

// restarting waits until the unit is in the middle of its start.
func restarting(t *testing.T, c *Case) {
	t.Helper()
	if err := c.Wait(t.Context(), patience, func() error {
		_, err := c.Shell(t.Context(), `test "$(systemctl show -p ActiveState --value "$1")" = activating`, c.Unit)
		return err
	}); err != nil {
		t.Fatalf("the restart did not begin: %v", err)
	}
}

// TestDroppedRebuild drops the line in the middle of a slow build of an image. What comes
// after the build, which nobody sees any more, is done all the same.
func TestDroppedRebuild(t *testing.T) {
	f, _ := Find("image-older-than-source")
	c := prepare(t, "dropped-rebuild", f.Site)
	if err := acts(f.Broken, sh(`echo 'RUN sleep 5.5' >> {{.Base}}/Dockerfile`))(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	p := openPerson(t, c)
	p.types("flasktui fix --yes compose:" + c.Name + "/" + c.Compose)
	if err := c.Wait(t.Context(), 2*patience, func() error {
		_, err := c.Shell(t.Context(), `pgrep -f 'sleep 5[.]5'`)
		return err
	}); err != nil {
		screen, _ := p.Screen(t.Context())
		t.Fatalf("the build did not begin: %v\n%s", err, screen)
	}
	if _, err := p.tmux(t.Context(), "kill-server"); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(t.Context(), 3*patience, func() error {
		_, err := c.Shell(t.Context(), `! pgrep -x flasktui`)
		return err
	}); err != nil {
		t.Errorf("flasktui does not end: %v", err)
	}
	if err := f.Cured(t.Context(), c); err != nil {
		t.Error(err)
	}
	lines := recorded(t, c, "root")
	started := 0
	for _, line := range lines {
		switch line.Event {
		case "command-started":
			started++
		case "command-ended":
			started--
			if line.Exit == nil || *line.Exit != 0 {
				t.Errorf("%v ended with %v", line.Argv, line.Exit)
			}
		}
	}
	if end := lines[len(lines)-1]; started != 0 || end.Event != "fix-ended" || end.After != fresh || end.Done == nil || !*end.Done {
		t.Errorf("the record is not complete: %+v", lines)
	}
}
