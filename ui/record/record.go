// Package record keeps the trail of actions: which fixes were run on this box, by whom,
// and what came of them. It is a file of JSON lines that only grows. A line is written
// before a command starts and another when it has ended, so that a box that went away in
// between still shows what was begun.
//
// It knows steps, around whose Apply it is put. Begin with Wrap.
package record

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"time"

	"flasktui/steps"
	"flasktui/steps/report"
	"flasktui/sys"
)

// Event says what a line tells of.
type Event string

// A fix frames its commands. Exit statuses and verdicts are known only at the ends.
const (
	FixStarted     Event = "fix-started"
	CommandStarted Event = "command-started"
	CommandEnded   Event = "command-ended"
	FixEnded       Event = "fix-ended"
)

// Line is one line of the record.
type Line struct {
	Time report.Time `json:"time"`
	// Run ties the lines of one fix together.
	Run   string `json:"run"`
	Event Event  `json:"event"`
	User  string `json:"user"`
	// LoginUser is who became root by sudo.
	LoginUser string   `json:"login_user,omitempty"`
	UID       int      `json:"uid"`
	Service   string   `json:"service"`
	Fix       string   `json:"fix"`
	Argv      []string `json:"argv,omitempty"`
	// Commands are those of the whole fix, on the lines that frame it.
	Commands [][]string             `json:"commands,omitempty"`
	Details  []report.CommandDetail `json:"details,omitempty"`
	// Input is what a command was fed, and so wrote.
	Input sys.Text `json:"input,omitempty"`
	// Exit is absent until a command has ended.
	Exit          *int           `json:"exit,omitempty"`
	DurationMS    *int64         `json:"duration_ms,omitempty"`
	VerdictBefore report.Verdict `json:"verdict_before"`
	VerdictAfter  report.Verdict `json:"verdict_after,omitempty"`
	// Done says that the effect that the fix promises was seen.
	Done *bool `json:"done,omitempty"`
	// Release is the directory of the release that the service was seen to run after a fix
	// that is done: by it a later look knows what ran here before.
	Release string `json:"release,omitempty"`
	Message string `json:"message,omitempty"`
}

// Apply runs a fix; steps.Apply is one.
type Apply func(ctx context.Context, machine sys.Machine, options steps.Options, before steps.Examination,
	plan report.Plan, progress func(steps.Progress)) (steps.Outcome, error)

// Wrap returns an Apply that leaves a trail of each run in the file at path. A trail that
// cannot be left does not stop a fix, for the site matters more; the person is told in
// the fix's own output.
func Wrap(apply Apply, path string, who Who, now func() time.Time) Apply {
	return func(ctx context.Context, machine sys.Machine, options steps.Options, before steps.Examination,
		plan report.Plan, progress func(steps.Progress),
	) (steps.Outcome, error) {
		if progress == nil {
			progress = func(steps.Progress) {}
		}
		trail := &trail{path: path, now: now, progress: progress, common: Line{
			Run: rand.Text()[:12], User: who.User, LoginUser: who.LoginUser, UID: who.UID,
			Service: string(before.Report.Target.Service), Fix: plan.ID, VerdictBefore: before.Report.Verdict,
		}}
		trail.open()
		defer trail.close()

		trail.write(FixStarted, func(line *Line) { line.Commands, line.Details = plan.Commands, plan.Details })
		outcome, err := apply(ctx, machine, options, before, plan, func(event steps.Progress) {
			trail.command(plan, event)
			progress(event)
		})
		trail.write(FixEnded, func(line *Line) {
			line.Commands, line.Exit = plan.Commands, trail.exit
			line.VerdictAfter, line.Done, line.Message = outcome.After.Report.Verdict, &outcome.Done, string(outcome.Message)
			if outcome.Done {
				line.Release = string(outcome.After.Report.Releases.Loaded.Path)
			}
			if err != nil {
				line.Message = string(sys.ErrorText(err))
			}
		})
		return outcome, err
	}
}

// trail is the record of one run.
type trail struct {
	path     string
	now      func() time.Time
	progress func(steps.Progress)
	common   Line

	mutex sync.Mutex
	file  *os.File
	// exit is that of the last command that ended.
	exit *int
	lost bool
}

func (t *trail) open() {
	file, err := open(t.path)
	if err != nil {
		t.lose(err)
		return
	}
	t.file = file
}

func (t *trail) close() {
	if t.file == nil {
		return
	}
	if err := t.file.Close(); err != nil {
		t.lose(err)
	}
}

func (t *trail) command(plan report.Plan, event steps.Progress) {
	if event.Command < 0 || event.Command >= len(plan.Commands) {
		return
	}
	argv := plan.Commands[event.Command]
	switch {
	case event.Started:
		t.write(CommandStarted, func(line *Line) {
			line.Argv = argv
			if event.Command < len(plan.Details) {
				line.Input = plan.Details[event.Command].Input
			}
		})
	case event.Ended:
		exit, took := event.Exit, event.Took.Milliseconds()
		t.mutex.Lock()
		t.exit = &exit
		t.mutex.Unlock()
		t.write(CommandEnded, func(line *Line) { line.Argv, line.Exit, line.DurationMS = argv, &exit, &took })
	}
}

// write appends one line. O_APPEND and a single write keep the lines of two flasktui
// that run at once apart.
func (t *trail) write(event Event, fill func(*Line)) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if t.file == nil {
		return
	}
	line := t.common
	line.Time, line.Event = report.Time{Time: t.now()}, event
	fill(&line)
	encoded, err := json.Marshal(line)
	if err == nil {
		_, err = t.file.Write(append(sys.HarmlessJSON(encoded), '\n'))
	}
	if err == nil && event != CommandEnded {
		// What is begun must be on the disk before it begins: it may be what takes
		// the box down.
		err = t.file.Sync()
	}
	if err != nil {
		t.lose(err)
	}
}

// lose tells the person, once, that the trail is not complete.
func (t *trail) lose(err error) {
	if t.lost {
		return
	}
	t.lost = true
	t.progress(steps.Progress{Line: sys.Textf("%s", fmt.Errorf("this fix is not recorded: %w", err))})
}
