package wizard

import (
	"context"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"flasktui/steps"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/sys/practice"
)

// bench is a wizard without a program: messages are handed to it one by one, the clock
// is its own, and commands run only when they are asked to.
type bench struct {
	*wizard
	t     *testing.T
	clock time.Time
	// command is what the last message gave back.
	command tea.Cmd
	// messages come from commands and goroutines.
	messages chan tea.Msg
}

// fakeMachine follows logs and runs nothing.
type fakeMachine struct {
	sys.Machine
	log []string
}

func (m *fakeMachine) Run(ctx context.Context, command sys.Command) sys.Output {
	for _, line := range m.log {
		command.Line(sys.Text(line))
	}
	<-ctx.Done()
	return sys.Output{Argv: command.Argv, Exit: -1, Err: ctx.Err()}
}

func unicodeEnvironment(name string) string {
	return map[string]string{"LANG": "C.UTF-8", "TERM": "xterm-256color"}[name]
}

func newBench(t *testing.T, config Config) *bench {
	t.Helper()
	b := &bench{t: t, clock: fixtureNow, messages: make(chan tea.Msg, 64)}
	if config.Machine == nil {
		config.Machine = &fakeMachine{}
	}
	if config.Getenv == nil {
		config.Getenv = unicodeEnvironment
	}
	if config.QuickFix == nil {
		config.QuickFix = quickParts
	}
	config.Now = func() time.Time { return b.clock }
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	b.wizard = newWizard(ctx, config.withDefaults(), func(msg tea.Msg) { b.messages <- msg })
	b.lessons = lessons{
		step: func(id string) (guide.Page, bool) {
			return guide.Page{ID: id, Asks: "again", Why: "A process keeps the code that it loaded.", Mistake: "To restart the wrong service.", Commands: []string{"again"}}, true
		},
		cause: func(id string) (guide.Page, bool) {
			return guide.Page{ID: id, Prevent: "Let the deploy script restart the service as its last step."}, true
		},
		words: func() []guide.Word {
			return []guide.Word{{Word: "preload", Meaning: "The master loads the code once, before it forks the workers."}}
		},
	}
	b.examine()
	return b
}

// open is a bench that has examined the box with this result.
func open(t *testing.T, config Config, report report.Report) *bench {
	t.Helper()
	b := newBench(t, config)
	b.tell(examineEndedMsg{look: b.look, examination: finished(report)})
	b.clock = b.clock.Add(3 * time.Second)
	return b
}

func (b *bench) tell(msg tea.Msg) { _, b.command = b.Update(msg) }

func (b *bench) size(width, height int) { b.tell(tea.WindowSizeMsg{Width: width, Height: height}) }

// press presses keys with a second between them: "f", "enter", "y".
func (b *bench) press(keys ...string) {
	for _, key := range keys {
		b.clock = b.clock.Add(time.Second)
		b.tell(keyMsg(key))
	}
}

func keyMsg(name string) tea.KeyMsg {
	named := map[string]tea.KeyType{
		"enter": tea.KeyEnter, "esc": tea.KeyEsc, "up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft,
		"right": tea.KeyRight, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "home": tea.KeyHome, "end": tea.KeyEnd,
		"ctrl+c": tea.KeyCtrlC, "ctrl+z": tea.KeyCtrlZ, "ctrl+d": tea.KeyCtrlD, "ctrl+u": tea.KeyCtrlU, "backspace": tea.KeyBackspace, "tab": tea.KeyTab, "space": tea.KeySpace,
	}
	if kind, ok := named[name]; ok {
		return tea.KeyMsg{Type: kind}
	}
	return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(name)}
}

// run runs the last command and what follows from it, until the wizard is as wanted.
func (b *bench) run(until func() bool) {
	b.t.Helper()
	b.start(b.command)
	deadline := time.After(time.Minute)
	for !until() {
		select {
		case msg := <-b.messages:
			b.tell(msg)
			b.start(b.command)
		case <-deadline:
			b.t.Fatalf("it never came to that; the screen is\n%s", b.screen())
		}
	}
}

func (b *bench) start(command tea.Cmd) {
	if command == nil {
		return
	}
	go func() {
		switch msg := command().(type) {
		case nil:
		case tea.BatchMsg:
			for _, part := range msg {
				b.start(part)
			}
		default:
			b.messages <- msg
		}
	}()
}

// screen is what is seen, without colours.
func (b *bench) screen() string { return ansi.Strip(b.View()) }

func (b *bench) sees(text string) {
	b.t.Helper()
	if !strings.Contains(b.screen(), text) {
		b.t.Errorf("%q is not on the screen:\n%s", text, b.screen())
	}
}

func (b *bench) seesNot(text string) {
	b.t.Helper()
	if strings.Contains(b.screen(), text) {
		b.t.Errorf("%q is on the screen:\n%s", text, b.screen())
	}
}

// quits tells whether the last message ends the program.
func (b *bench) quits() bool { return holds[tea.QuitMsg](b.command, time.Minute) }

// stays tells whether it does not.
func (b *bench) stays() bool { return !holds[tea.QuitMsg](b.command, 20*time.Millisecond) }

// holds tells whether a command, or one of its batch, gives a message of that kind
// within a time. Ticks and logs that are followed may take longer; they are left alone.
func holds[M tea.Msg](command tea.Cmd, within time.Duration) bool {
	messages := make(chan tea.Msg, 64)
	start := func(command tea.Cmd) {
		if command != nil {
			go func() { messages <- command() }()
		}
	}
	start(command)
	deadline := time.After(within)
	for {
		select {
		case msg := <-messages:
			if _, is := msg.(M); is {
				return true
			}
			batch, _ := msg.(tea.BatchMsg)
			for _, part := range batch {
				start(part)
			}
		case <-deadline:
			return false
		}
	}
}

// confirms presses y in the fix dialog and lets the fix come to that.
func (b *bench) confirms(outcome steps.Outcome) {
	b.press("y")
	b.tell(settledMsg{press: b.dialog.press})
	b.tell(appliedMsg{outcome: outcome})
}

// onPractice opens the wizard on the practice box of a service that was not restarted, with
// the look that it shows.
func onPractice(t *testing.T, config Config, now func() time.Time) (*bench, steps.Examination) {
	t.Helper()
	box, err := practice.New("service-not-restarted", now)
	if err != nil {
		t.Fatal(err)
	}
	asked := box.Asked()
	config.Machine = box
	config.Options = steps.Options{Service: asked.Service, AppDir: asked.AppDir, URL: asked.URL, Expect: asked.Expect, Timeout: steps.DefaultTimeout}
	examination, err := steps.Examine(t.Context(), box, config.Options, nil)
	if err != nil {
		t.Fatal(err)
	}
	b := newBench(t, config)
	b.tell(examineEndedMsg{look: b.look, examination: examination})
	return b, examination
}
