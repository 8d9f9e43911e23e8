package box

import (
	"slices"
	"strings"

	"flasktui/steps/facts"
	"flasktui/sys"
)

// Backend is one that requests for the site go to and the service does not hold, with which
// code it answers.
type Backend struct {
	Address string
	Asked   facts.Asked
	State   State
	// Why is the reason for the state, in words; Certain says that nothing else explains it.
	Why     sys.Text
	Certain bool
	// Server is who holds the address; nil where that is none of this box.
	Server *facts.Server
}

// OtherBackends asks of each backend beside the service's own which code it has: of its
// processes, where it is a server of the same deployment; else of what it says at its own
// socket (G56).
func (b *Box) OtherBackends() []Backend {
	var others []Backend
	if !b.ReachesOwn() {
		return nil
	}
	own := b.OwnSockets()
	for _, address := range b.Backends {
		isOwn := slices.ContainsFunc(own, func(socket string) bool { return facts.SameBind(address, socket) })
		if isOwn || b.deadHere(address) {
			continue
		}
		others = append(others, b.judgeBackend(facts.Backend{Address: address, Asked: b.askedAt(address)}))
	}
	return others
}

func (b *Box) judgeBackend(backend facts.Backend) Backend {
	one := Backend{Address: backend.Address, Asked: backend.Asked, State: Undetermined}
	for _, server := range b.ServersAt(backend.Address) {
		if b.IsOwn(server) {
			continue
		}
		held := b.HeldBy(server)
		one.Server, one.State, one.Why, one.Certain = &server, held.State, held.Why, held.Certain
	}
	if one.State == Undetermined {
		b.judgeAnswers(&one)
	}
	return one
}

// OldCopyAt is the server of this box with old code whose answers a program before the service
// gives: it names the same release, which is not the service's own, or gives the same page.
func (b *Box) OldCopyAt(door facts.Door) (Backend, bool) {
	app := b.Site.Value.App
	for _, backend := range b.Site.Value.Copies {
		one := b.judgeBackend(backend)
		said := TallyOf(one.Asked.Version).Only()
		names := said != "" && said != b.AppTally().Only() && slices.Contains(TallyOf(door.Asked.Version).Values, said)
		gives := Steady(one.Asked.Home) && Steady(app.Home) && !SameAnswer(one.Asked.Home, app.Home) &&
			slices.ContainsFunc(door.Asked.Pages(), func(answer facts.Answer) bool { return SameAnswer([]facts.Answer{answer}, one.Asked.Home) })
		if one.State == Stale && (names || gives) {
			return one, true
		}
	}
	return Backend{}, false
}

// Steady tells whether a page was the same each of at least two times.
func Steady(answers []facts.Answer) bool {
	return len(answers) > 1 && !slices.ContainsFunc(answers, func(answer facts.Answer) bool { return !SameAnswer([]facts.Answer{answer}, answers) })
}

// deadHere tells an address of this box alone at which nothing listens: it answers nothing, old
// or new.
func (b *Box) deadHere(address string) bool {
	return b.Listeners.Known && !ReachedFromOutside(address) && !b.ListensAt(address)
}

// DeadBackends are the addresses of this box alone that requests for the site are sent to, and at
// which nothing listens.
func (b *Box) DeadBackends() []string {
	return slices.DeleteFunc(slices.Clone(b.Backends), func(address string) bool { return !b.deadHere(address) })
}

func (b *Box) askedAt(address string) facts.Asked {
	for _, backend := range b.Site.Value.Backends {
		if backend.Address == address {
			return backend.Asked
		}
	}
	return facts.Asked{Problem: "it was not asked"}
}

// OldBackend is the first backend beside the service's own that answers with old code.
func (b *Box) OldBackend() (Backend, bool) {
	for _, one := range b.OtherBackends() {
		if one.State == Stale {
			return one, true
		}
	}
	return Backend{}, false
}

// judgeAnswers takes a backend's own word, where its processes do not show what they hold: it
// is old where it names an old release and the service another. That it names the same proves
// no more than the name.
func (b *Box) judgeAnswers(one *Backend) {
	said, there := b.AppTally(), TallyOf(one.Asked.Version)
	for _, value := range there.Values {
		if said.Only() != "" && value != said.Only() && b.Meaning(value) == MarkerOld {
			one.State, one.Why = Stale, sys.Textf("it names %s, and %s names %s", value, b.Target.Service, said.Only())
			return
		}
	}
	switch {
	case one.Why != "":
	case one.Asked.Problem != "":
		one.Why = sys.Textf("it did not say: %s", one.Asked.Problem)
	case said.Only() != "" && there.Only() == said.Only():
		one.Why = sys.Textf("it names the same release, %s, and nothing on this box shows what it runs", said.Only())
	default:
		one.Why = "nothing on this box shows what it runs"
	}
}

// BackendWords names a backend: "shop-b.service (at 127.0.0.1:8002)".
func (b *Box) BackendWords(one Backend) sys.Text {
	if one.Server == nil {
		return sys.Textf("%s", one.Address)
	}
	return sys.Textf("%s (at %s)", b.RunnerOf(*one.Server), one.Address)
}

// TakesTurns tells whether two answers to one URL may come from two backends: then that they
// differ shows no cache. It is so unless every one of them gives what the service gives.
func (b *Box) TakesTurns() bool {
	site := b.Site.Value
	if location := site.Address.Location; location != nil && strings.Contains(location.Pass, "$") && len(b.Backends) == 0 {
		return true
	}
	if slices.ContainsFunc(site.Doors, b.leadsToSeveral) {
		return true
	}
	others := b.OtherBackends()
	asked := func(server facts.Server) bool {
		return b.IsOwn(server) || slices.ContainsFunc(others, func(backend Backend) bool { return b.HoldsAny(server, []string{backend.Address}) })
	}
	if slices.ContainsFunc(b.Serving, func(server facts.Server) bool { return !asked(server) }) {
		return true
	}
	return slices.ContainsFunc(others, func(backend Backend) bool {
		sameName := b.AppTally().Only() == TallyOf(backend.Asked.Version).Only()
		return backend.Asked.Problem != "" || !sameName || !SameAnswer(backend.Asked.Home, site.App.Home)
	})
}
