package facts

import (
	"context"
	"time"

	"flasktui/sys"
)

// Group is a set of facts that are read together. Each is a function beside its reader, by
// which all others name it: a step what it needs, a group what it is read after.
type Group struct {
	// name is what saved facts call it.
	name string
	// words say what is read, while it is and where that went wrong.
	words string
	// needs are the groups whose facts the reader is given.
	needs []func() Group
	// elsewhere says that nobody who names a place in the deployment leads the reader there,
	// although it needs the deployment.
	elsewhere bool
	// read is given the facts of the groups that it needs, and returns how its own are to be
	// entered: nothing is shared while the groups run side by side.
	read func(look *look, ctx context.Context, known *Facts) func(*Facts)
	// fields are those of Facts that say nothing where the group was not read.
	fields []field
}

// field enters one field of Facts as unreadable.
type field func(facts *Facts, why Why, problem sys.Text)

// fieldOf is a field by its place; source is what would have been read for it.
func fieldOf[T any](source string, place func(*Facts) *Fact[T]) field {
	return func(facts *Facts, why Why, problem sys.Text) {
		*place(facts) = Fact[T]{Why: why, Problem: problem, Source: source}
	}
}

// groups is every group there is, each behind those that it needs.
func groups() []Group {
	return []Group{
		GroupHost(),
		GroupProcesses(),
		GroupListeners(),
		GroupContainers(),
		GroupNginx(),
		GroupUnitStates(),
		GroupUnits(),
		GroupSupervised(),
		GroupTarget(),
		GroupFront(),
		GroupImages(),
		GroupUnitFiles(),
		GroupInside(),
		GroupCompose(),
		GroupSettings(),
		GroupEnvironment(),
		GroupDeployment(),
		GroupNginxFiles(),
		GroupSite(),
		GroupCode(),
		GroupRequirements(),
		GroupImageSource(),
		GroupOrigin(),
		GroupStatic(),
		GroupJournal(),
		GroupBackground(),
		GroupSiblings(),
	}
}

// lost enters all fields of a group as unreadable.
func (group Group) lost(facts *Facts, why Why, problem sys.Text) {
	for _, enter := range group.fields {
		enter(facts, why, problem)
	}
}

// needsGroup tells whether the reader is given the facts of another group.
func (group Group) needsGroup(other func() Group) bool {
	for _, need := range group.needs {
		if need().name == other().name {
			return true
		}
	}
	return false
}

// Reading is the note that a group has been read, in so long a time.
func (group Group) Reading(took time.Duration) Reading {
	return Reading{group.name, took.Milliseconds()}
}

// Reading is one group of facts that has been read.
type Reading struct {
	Group  string `json:"group"`
	TookMS int64  `json:"took_ms"`
}

// Has tells whether a group has been read.
func (facts *Facts) Has(group func() Group) bool {
	_, read := facts.readingOf(group)
	return read
}

// Took is how long a group took.
func (facts *Facts) Took(group func() Group) time.Duration {
	reading, _ := facts.readingOf(group)
	return time.Duration(reading.TookMS) * time.Millisecond
}

func (facts *Facts) readingOf(group func() Group) (Reading, bool) {
	name := group().name
	for _, reading := range facts.Done {
		if reading.Group == name {
			return reading, true
		}
	}
	return Reading{}, false
}
