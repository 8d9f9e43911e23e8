package facts

import (
	"context"
	"slices"

	"flasktui/sys"
)

// Neighbour is another service of this box that visitors may be sent to, with all that a restart
// of it rests on: what the same facts are of the examined one.
type Neighbour struct {
	Target      Target                  `json:"target"`
	UnitFiles   Fact[UnitFiles]         `json:"unit_files"`
	Settings    Fact[Settings]          `json:"settings"`
	Environment Fact[EnvironmentOnDisk] `json:"environment"`
	Origin      Fact[Origin]            `json:"origin"`
	Journal     Fact[[]sys.Text]        `json:"journal"`
	// Asked is what it answers at its own socket, as far as that was asked.
	Asked Asked `json:"asked"`
}

// GroupNeighbours is the other services of this box that visitors may be sent to.
func GroupNeighbours() Group {
	return Group{
		name: "neighbours", words: "other services behind the site",
		needs:  []func() Group{GroupSite, GroupOrigin},
		read:   (*look).readNeighbours,
		fields: []field{fieldOf("", func(facts *Facts) *Fact[[]Neighbour] { return &facts.Neighbours })},
	}
}

func (look *look) readNeighbours(ctx context.Context, known *Facts) func(*Facts) {
	var neighbours []Neighbour
	for _, one := range known.neighbours() {
		other := *known
		other.Target = one.Target
		for _, group := range []Group{GroupUnitFiles(), GroupSettings(), GroupEnvironment(), GroupOrigin(), GroupJournal()} {
			group.read(look, ctx, &other)(&other)
		}
		one.UnitFiles, one.Settings, one.Environment, one.Origin, one.Journal = other.UnitFiles, other.Settings, other.Environment, other.Origin, other.Journal
		neighbours = append(neighbours, one)
	}
	return func(facts *Facts) { facts.Neighbours = Of(neighbours, "as of the service itself") }
}

// neighbours are the services whose servers hold an address that was asked beside the service's
// own, and those units of the same tree of which no server was seen: one of these may be the same
// service at another moment. What runs in a container, or is under no manager, is none.
func (facts *Facts) neighbours() []Neighbour {
	var found []Neighbour
	add := func(service string, asked Asked) {
		target := targetFor(facts, service)
		known := slices.ContainsFunc(found, func(one Neighbour) bool { return one.Target.Service == service })
		if !known && service != facts.Target.Service && target.Container == "" && target.PID == 0 && service != "" && len(found) < mostBackends {
			found = append(found, Neighbour{Target: target, Asked: asked})
		}
	}
	site := facts.Site.Value
	for _, backend := range slices.Concat(site.Backends, site.Copies) {
		for _, server := range facts.ServersAt(backend.Address) {
			add(facts.ServiceOf(server), backend.Asked)
		}
	}
	own, isUnit := facts.TargetUnit()
	for _, unit := range slices.Concat(facts.Units.Value, facts.UserUnits.Value.Units) {
		if isUnit && len(site.Backends)+len(site.Doors) > 0 && unit.Serves && len(unit.Runs) == 0 && unit.WorkingDirectory == own.WorkingDirectory {
			add(unit.Service(), Asked{Why: WhyNotAsked, Problem: "no server of it was seen"})
		}
	}
	return found
}

// As is what was seen, with another service of the box in the place of the examined one; ok is
// false where that one is not among the neighbours.
func (facts *Facts) As(service string) (other *Facts, ok bool) {
	for _, one := range facts.Neighbours.Value {
		if one.Target.Service == service {
			seen := *facts
			seen.Target, seen.UnitFiles, seen.Settings, seen.Environment = one.Target, one.UnitFiles, one.Settings, one.Environment
			seen.Origin, seen.Journal, seen.PastRuns = one.Origin, one.Journal, Fact[PastRuns]{}
			seen.Target.Untraced = facts.Target.Untraced
			seen.Site.Value.App, seen.Site.Value.Backends, seen.Site.Value.Copies = one.Asked, nil, nil
			return &seen, true
		}
	}
	return nil, false
}
