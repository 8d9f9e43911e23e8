package lab

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
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

// recorded reads the record of root's fixes, and sees that it is root's alone.
func recorded(t *testing.T, c *Case) []recordLine {
	t.Helper()
	modes, err := c.Run(t.Context(), "stat", "-c", "%a %U", "/var/log/flasktui", "/var/log/flasktui/actions.jsonl")
	if err != nil || modes != "700 root\n600 root\n" {
		t.Errorf("the record's modes are %q, %v", modes, err)
	}
	text, err := c.Run(t.Context(), "cat", "/var/log/flasktui/actions.jsonl")
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
	s.Service = []string{"ExecStartPre=/bin/sleep 3"}
	c := prepare(t, "dropped", s)
	cured := Fault{Verdict: stale}
	again := func(id, word string) func() error {
		return func() error {
			c.New.ID, c.New.Edition, c.New.Layout, c.New.Style = id, word, word, word
			return deploy(t.Context(), c)
		}
	}
	wizard := func(p person) {
		p.types("flasktui " + c.Unit)
		p.sees("STALE")
		p.settles()
		p.presses("f")
		p.sees("systemctl restart " + c.Unit)
		p.settles()
		p.presses("y")
	}
	fix := func(p person) { p.types("flasktui fix --yes " + c.Unit) }
	drop := func(p person) error {
		_, err := p.tmux(t.Context(), "kill-server")
		return err
	}
	tell := func(person) error {
		_, err := c.Run(t.Context(), "pkill", "-TERM", "-x", "flasktui")
		return err
	}
	for _, face := range []struct {
		name    string
		release func() error
		begin   func(p person)
		end     func(p person) error
	}{
		{"wizard", func() error { return deploy(t.Context(), c) }, wizard, drop},
		{"fix", again("20250915090000", "winter"), fix, drop},
		{"wizard told to end", again("20250916090000", "autumn"), wizard, tell},
		{"fix told to end", again("20250917090000", "midsummer"), fix, tell},
	} {
		t.Run(face.name, func(t *testing.T) {
			if err := face.release(); err != nil {
				t.Fatal(err)
			}
			p := openPerson(t, c)
			face.begin(p)
			restarting(t, c)
			second := c.as(t, "linus", "fix", "--yes", "--fix", "restart", c.Unit)
			if second.Exit != 3 || !strings.Contains(second.Stderr, "root (process ") || !strings.Contains(second.Stderr, `the fix "restart" of `+c.Unit) {
				t.Errorf("the second person: exit %d\n%s", second.Exit, second.Stderr)
			}
			restarting(t, c)
			if err := face.end(p); err != nil {
				t.Fatal(err)
			}
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
			lines := recorded(t, c)
			lines = lines[max(0, len(lines)-4):]
			var events []string
			for _, line := range lines {
				events = append(events, line.Event)
			}
			if strings.Join(events, " ") != "fix-started command-started command-ended fix-ended" {
				t.Fatalf("the record says %v", events)
			}
			ended, end := lines[2], lines[3]
			if ended.Exit == nil || *ended.Exit != 0 || strings.Join(ended.Argv, " ") != "systemctl restart "+c.Unit {
				t.Errorf("the command's end: %+v", ended)
			}
			if end.User != "root" || end.Service != c.Unit || end.Before != stale || end.After != fresh || end.Done == nil || !*end.Done {
				t.Errorf("the fix's end: %+v", end)
			}
		})
	}
}

// restarting waits until the unit is in the middle of its slow start.
func restarting(t *testing.T, c *Case) {
	t.Helper()
	if err := c.Wait(t.Context(), 10*time.Second, func() error {
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
	lines := recorded(t, c)
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
