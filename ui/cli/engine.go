package cli

import (
	"context"
	"io"
	"os/exec"
	"time"

	"flasktui/steps"
	"flasktui/sys"
	"flasktui/sys/practice"
	"flasktui/ui/lock"
	"flasktui/ui/quiz"
	"flasktui/ui/record"
	"flasktui/ui/wizard"
)

// Access limits what may be done to the machine.
type Access struct {
	ReadOnly bool
	NoSudo   bool
}

// Engine is what the commands stand on. Tests put others in its place.
type Engine struct {
	Open    func(Access) (sys.Machine, error)
	Examine func(context.Context, sys.Machine, steps.Options, func(steps.Examination)) (steps.Examination, error)
	Apply   record.Apply
	// Save and Judge write and read the facts of a look.
	Save  func(steps.Examination, io.Writer) error
	Judge func(io.Reader) (steps.Examination, error)
	// QuickFix makes the parts of the guide's quick fix ready.
	QuickFix func(steps.Examination) []steps.QuickPart
	// Wizard runs the interactive face.
	Wizard func(context.Context, wizard.Config) (steps.Examination, error)
	// Unlock gives the command that asks for the password that sudo wants.
	Unlock func(sys.Machine) *exec.Cmd
	// Faults are what Practice can show. With its box come the options that its owner
	// would pass.
	Faults   func() []Fault
	Practice func(fault string) (sys.Machine, steps.Options, error)
	// QuizBoxes are what the quiz asks about.
	QuizBoxes func() []quiz.Box
	// RecordPath is where fixes are recorded, RootRecordPath where root's are.
	RecordPath     string
	RootRecordPath string
	// Home is where is remembered who was welcomed; nowhere if empty.
	Home string
	Self record.Who
	// Lock names the lock that a fix holds while it runs; none without a name.
	Lock string
	Now  func() time.Time
	// Sleep waits between two checks.
	Sleep func(context.Context, time.Duration) error
}

// Fault is a deploy gone wrong that can be practised on.
type Fault struct {
	ID       string
	Sentence string
}

// examineWithVersion examines, and says in the report which flasktui judged: steps does not
// know how the program was built.
func examineWithVersion(ctx context.Context, machine sys.Machine, options steps.Options, watch func(steps.Examination)) (steps.Examination, error) {
	version := versionOf(buildInfo())
	var seen func(steps.Examination)
	if watch != nil {
		seen = func(examination steps.Examination) {
			examination.Report.Version = version
			watch(examination)
		}
	}
	examination, err := steps.Examine(ctx, machine, options, seen)
	examination.Report.Version = version
	return examination, err
}

func realEngine(getenv func(string) string) Engine {
	self := record.Self(getenv)
	return Engine{
		Open: func(access Access) (sys.Machine, error) {
			return sys.NewLocal(sys.LocalOptions{NoSudo: access.NoSudo, ReadOnly: access.ReadOnly}), nil
		},
		Examine: examineWithVersion,
		Apply:   steps.Apply,
		Save:    steps.SaveFacts,
		Judge: func(saved io.Reader) (steps.Examination, error) {
			examination, err := steps.JudgeFacts(saved)
			examination.Report.Version = versionOf(buildInfo())
			return examination, err
		},
		QuickFix:   steps.Examination.QuickFix,
		Wizard:     wizard.Run,
		Unlock:     unlock,
		Faults:     practiceFaults,
		Practice:   practiceBox,
		QuizBoxes:  quizBoxes,
		RecordPath: record.Path(self, getenv), RootRecordPath: record.Path(record.Who{}, getenv),
		Home:  getenv("HOME"),
		Self:  self,
		Lock:  lock.Name,
		Now:   time.Now,
		Sleep: sleep,
	}
}

// practicePace lets a restart on the practice box take as long as one can follow.
const practicePace = 600 * time.Millisecond

func practiceFaults() []Fault {
	known := practice.Faults()
	faults := make([]Fault, 0, len(known))
	for _, fault := range known {
		faults = append(faults, Fault{fault.ID, fault.Sentence})
	}
	return faults
}

// quizBoxes are all boxes of practice, with the variants that --list does not name.
func quizBoxes() []quiz.Box {
	var boxes []quiz.Box
	for _, fault := range append(practice.Faults(), practice.Variants()...) {
		boxes = append(boxes, quiz.Box{ID: fault.ID, Symptom: fault.Symptom()})
	}
	return boxes
}

func practiceBox(fault string) (sys.Machine, steps.Options, error) {
	box, err := practice.New(fault, time.Now)
	if err != nil {
		return nil, steps.Options{}, err
	}
	box.Pace = practicePace
	asked := box.Asked()
	return box, steps.Options{Service: asked.Service, AppDir: asked.AppDir, URL: asked.URL, Expect: asked.Expect, Timeout: steps.DefaultTimeout}, nil
}

func sleep(ctx context.Context, pause time.Duration) error {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
