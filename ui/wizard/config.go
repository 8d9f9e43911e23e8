// Package wizard is flasktui's interactive face: the request path, the walk through the
// fourteen steps, the diagnosis, and fixes that a person confirms.
//
// The root model is a router: it owns what all pages share and hands keys and messages
// on. Each page is a file. Nothing here reads or changes a machine while a message is
// handled: that is done in commands, and a fix in a goroutine of its own, which report back
// by messages and touch no state.
//
// It knows steps, its documents and the rooms beside it (keys, layout, theme). Begin with wizard.go
// and pages.go; what a key does is in keyboard.go and ui/keys, the dialog of a fix in fix_dialog.go.
package wizard

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"time"

	"flasktui/steps"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/ui/theme"
)

// ErrPractice is returned by Run when the person asks for the practice box instead.
var ErrPractice = errors.New("the practice box was asked for")

// ErrQuiz is returned by Run when the person asks for the quiz from within practice.
var ErrQuiz = errors.New("the quiz was asked for")

// Config is what the wizard works on and how it looks. Machine alone is needed.
type Config struct {
	Machine sys.Machine
	Options steps.Options
	Theme   theme.Mode
	ASCII   bool
	// Step opens the walk at that step instead of the request path.
	Step int
	// Newcomer says that the person has not been here before: the guided walk is offered
	// once, on the opening page.
	Newcomer bool
	// ReadOnly lets no fix run, whatever a plan says.
	ReadOnly bool
	// Practice says on every page that nothing real is touched.
	Practice bool

	// Quiz, if set, makes practice a quiz: the judgement is hidden until the cause was named.
	Quiz *Quiz
	// OfferQuiz lets Q lead from practice to the quiz.
	OfferQuiz bool

	// Unlock gives a command (sudo -v) that asks for a password on the terminal; nil
	// where there is nothing to unlock. It is run with the terminal handed over.
	Unlock func() *exec.Cmd
	// Refusal, if set, is why sudo would let nobody like this person in, password or not; empty
	// where it would. It is asked once, where a password is about to be offered.
	Refusal func(context.Context) sys.Text
	// Unlocked, if set, is called once that command has let the person in.
	Unlocked func()
	// Terminal makes the process of a command that needs the person's own terminal (an
	// editor); nil means the command's own argument vector, through sudo where it asks
	// for root's rights. In practice such commands go to the machine like all others.
	Terminal func(sys.Command) *exec.Cmd
	// Copy puts text on the person's clipboard; nil writes OSC 52 to the terminal.
	Copy func(text string) error
	// Export writes the report down and says where; nil hides the key.
	Export func(report.Report) (path string, err error)
	// History reads what was run for a service; nil where nothing is recorded.
	History func(service string) ([]report.Run, error)
	// OfferPractice lets the page that found no service offer the practice box.
	OfferPractice bool

	// Examine and Apply are those of steps; tests put others in their place.
	Examine func(context.Context, sys.Machine, steps.Options, func(steps.Examination)) (steps.Examination, error)
	Apply   func(context.Context, sys.Machine, steps.Options, steps.Examination, report.Plan, func(steps.Progress)) (steps.Outcome, error)
	// QuickFix makes the parts of the guide's quick fix ready; nil means those of steps.
	QuickFix func(steps.Examination) []steps.QuickPart
	Now      func() time.Time
	Getenv   func(string) string
	// Grace is how long the keyboard must have been quiet before a y counts; zero
	// means DefaultGrace, less than zero none at all.
	Grace time.Duration

	// Input, Output and Messages are the terminal and where is written after it was
	// given back; nil means the standard ones.
	Input    io.Reader
	Output   io.Writer
	Messages io.Writer
}

// DefaultGrace is longer than a slow connection takes to deliver one burst of keys and
// shorter than it takes to read a command.
const DefaultGrace = 250 * time.Millisecond

func (c Config) withDefaults() Config {
	if c.Examine == nil {
		c.Examine = steps.Examine
	}
	if c.Apply == nil {
		c.Apply = steps.Apply
	}
	if c.QuickFix == nil {
		c.QuickFix = steps.Examination.QuickFix
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Getenv == nil {
		c.Getenv = os.Getenv
	}
	if c.Input == nil {
		c.Input = os.Stdin
	}
	if c.Output == nil {
		c.Output = os.Stdout
	}
	if c.Messages == nil {
		c.Messages = os.Stderr
	}
	if c.Copy == nil {
		c.Copy = clipboard(c.Output, c.Getenv)
	}
	if c.Terminal == nil {
		c.Terminal = throughSudo
	}
	switch {
	case c.Grace == 0:
		c.Grace = DefaultGrace
	case c.Grace < 0:
		c.Grace = 0
	}
	c.ReadOnly = c.ReadOnly || c.Options.ReadOnly
	c.Options.ReadOnly = c.ReadOnly
	return c
}

// throughSudo runs a command on the terminal, where sudo may ask for a password.
func throughSudo(command sys.Command) *exec.Cmd {
	argv := command.Argv
	if command.Elevate && os.Geteuid() != 0 {
		argv = append([]string{"sudo", "--"}, argv...)
	}
	process := exec.Command(argv[0], argv[1:]...) //nolint:noctx // an editor has no deadline
	process.Dir = command.Dir
	return process
}
