// Package manager is who starts and stops the examined service, a file each: systemd (the
// system's, or a user's own), supervisord, Compose, a swarm, Docker alone,
// or nothing that is known. A manager says what it is called, what it
// starts the service from, how the service is started again, and what a person types to see
// the same; so no cause, step, fix or face has to know which of them it is. Managers are
// pure functions of what is true of the box; what they name is run elsewhere.
package manager

import (
	"strings"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
)

// Manager is whoever starts and stops a service.
type Manager interface {
	// Kind is its word in the report.
	Kind() Kind
	// Name is what people call it, as the subject of a sentence: "systemd".
	Name() sys.Text
	// Service is the service in its terms: "the unit shop.service".
	Service() sys.Text
	// NoUnit is why there is no systemd unit to be loaded, edited or restarted; empty where
	// there is one.
	NoUnit() sys.Text

	// State is how the manager says the service does.
	State() State
	// Declaration is what it starts the service from.
	Declaration() Declaration
	// Outdated is what shows that the process was started from an older declaration, without a
	// title and fixes; nil where nothing does.
	Outdated() *report.Finding
	// Configuration, Paths and Environment are the outcomes of steps 5, 6 and 7 where no
	// cause is found: whether what it holds, the paths that are named there, and what it
	// gives the process are those of the disk.
	Configuration() report.Result
	Paths() report.Result
	Environment() report.Result

	// Restart starts the service again.
	Restart(made Made) Restart
	// Reload is its own way of having the service load the code without a stop; ok is false
	// where it has none, and a HUP to the master is all there is.
	Reload() (order Order, ok bool)
	// StartsAgain tells whether it starts a service that has ended.
	StartsAgain() bool
	// ByHand says how a person starts the service again where flasktui does not; empty where
	// it does.
	ByHand() sys.Text
	// SameRun says what a restart left running; empty where the service was started anew
	// since an earlier look.
	SameRun(before *box.Box) sys.Text
	// Unsettled is why the service does not run yet as it was last declared; empty where
	// nothing that the manager knows speaks against it.
	Unsettled() sys.Text

	// Log follows the service's log, from its last lines on; without a command, the text is
	// why there is none to follow.
	Log(lines int) (sys.Command, sys.Text)
	// Look is what a person types to see what the steps see.
	Look() Look
}

// Kind is a manager's word in the report, for programs to tell by.
type Kind string

// The managers that there are.
const (
	Systemd     Kind = "systemd"
	User        Kind = "user"
	Supervisord Kind = "supervisord"
	Compose     Kind = "compose"
	Docker      Kind = "docker"
	Podman      Kind = "podman"
	Swarm       Kind = "swarm"
	None        Kind = "none"
)

// State is how a service does by its manager's own word.
type State struct {
	// Noun is what the manager runs: "unit".
	Noun   string
	Status report.Status
	Words  sys.Text
	// Brief are fewer words, for a screen; empty where Words are few.
	Brief sys.Text
	// Since goes with the words; zero for none.
	Since time.Time
	// Step is the number of the step that looks at it.
	Step int
}

// Declaration is what a manager starts a service from.
type Declaration struct {
	// Noun is what people call it: "unit"; Source is the file or command that shows it.
	Noun   string
	Source sys.Text
	// Paths decide what is started; Written is when they were last written, zero where that
	// is not known.
	Paths   []box.NamedPath
	Written time.Time
	// Advice is how a person changes it and has it read; Editable says that the fix which
	// opens an editor does that.
	Advice   sys.Text
	Editable bool
}

// Order is a command to a manager, and with whose rights it is given.
type Order struct {
	Argv []string
	// Root says that it needs root's rights.
	Root bool
	// As is the user who gives it in root's place; nil for whoever runs flasktui, or root.
	As *sys.Account
}

// Made is what a fix does before it has the service started again, and what may then be
// counted on.
type Made struct {
	// Reread says that the manager has read its files anew.
	Reread bool
	// There tells of a path that it is there by then; nil for none.
	There func(path string) bool
}

// Restart is how a service is started again.
type Restart struct {
	// Order has no words where flasktui does not start it again.
	Order
	Effect, Undo sys.Text
	// Refusal is why it may not be done now, or not by flasktui; empty where it may.
	Refusal sys.Text
}

// Look is what a person types to see the same. None of it changes anything.
type Look struct {
	// Status shows how the service does, Started when it was last started and what it wrote
	// then, Reload by what it is reloaded.
	Status, Started, Reload []sys.Text
	// ReloadedBy is what the manager says of that.
	ReloadedBy []report.Evidence
}

// Of is the manager of the examined service.
func Of(b *box.Box) Manager {
	service := b.Target.Service
	switch {
	case b.Target.Container != "", facts.IsContainerName(service):
		container, found := b.TargetContainer()
		switch {
		case strings.HasPrefix(service, "swarm:") || container.Swarm != nil:
			return swarm{inContainer{b, container, found}}
		case found && container.Project != "", !found && strings.HasPrefix(service, "compose:"):
			unit, by := b.UnitOfProject(container)
			return compose{inContainer{b, container, found}, unit, by && unit.Docker.Project.Attached}
		}
		unit, around := b.AroundUnit()
		return dockerRun{inContainer{b, container, found}, unit, around && unit.Docker != nil}
	case b.Target.Program != "", strings.HasPrefix(service, "supervisor:"):
		program, found := b.Program()
		return supervisord{b, program, found}
	case b.Target.PID != 0, strings.HasPrefix(service, "pid:"):
		return none{b}
	}
	return systemd{b, b.Unit, b.HasUnit}
}

// Named is the manager of a service of which nothing is known but its name.
func Named(service string) Manager {
	target := facts.Target{Service: service, Unit: facts.UnitName(service)}
	if _, unit := facts.UserService(service); unit != "" {
		target.UserUnit = service
	}
	return Of(box.New(&facts.Facts{Target: target}))
}

// follows bounds how long a log is followed.
const follows = 24 * time.Hour

// notRead turns a fact that is not there into a step's outcome.
func notRead[T any](fact facts.Fact[T]) report.Result {
	if fact.Absent() {
		return skipped(fact.Problem)
	}
	return unknown(fact.Problem)
}

func skipped(reason sys.Text) report.Result { return report.NotApplicable(reason) }

func unknown(reason sys.Text) report.Result { return report.NotKnown(reason) }

func judged(status report.Status, summary sys.Text) report.Result {
	return report.Judged(status, summary)
}
