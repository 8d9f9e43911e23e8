package box

import (
	"net/http"
	"slices"
	"strings"

	"flasktui/steps/facts"
	"flasktui/sys"
	"flasktui/sys/nginx"
)

// DoorState is what the answers of a program before the service show.
type DoorState int

// A door that gives the app's own answers proves the way through it; one that names an old
// release refutes it; anything else leaves it open.
const (
	DoorOpen DoorState = iota
	DoorSame
	DoorOld
)

// DoorWords names a program before the service: "Apache (process 812, apache2.service)".
func (b *Box) DoorWords(door facts.Door) sys.Text {
	words := sys.Textf("%s", door.Name())
	switch process := door.Process; {
	case process.PID == 0:
		return sys.Textf("the program at port %d", door.Port)
	case process.Cgroup.Unit != "":
		return words + sys.Textf(" (process %d, %s)", process.PID, process.Cgroup.Unit)
	case process.Executable != "":
		return words + sys.Textf(" (process %d, %s)", process.PID, process.Executable)
	default:
		return words + sys.Textf(" (process %d)", process.PID)
	}
}

// JudgeDoor sets the answers of a program before the service beside the app's own: the
// release that each names, the page where the app's is the same each time, and the answer
// for what nobody has.
func (b *Box) JudgeDoor(door facts.Door) (DoorState, sys.Text) {
	app, asked, name := b.Site.Value.App, door.Asked, b.DoorWords(door)
	if asked.Problem != "" || len(asked.Home) == 0 {
		return DoorOpen, sys.Textf("%s did not answer when it was asked: %s", name, asked.Problem)
	}
	if len(app.Home) == 0 {
		return DoorOpen, sys.Textf("the app could not be asked at its own socket, so nothing shows that %s leads to it", name)
	}
	said, through := TallyOf(app.Version), TallyOf(asked.Version)
	for _, value := range through.Values {
		if meaning := b.Meaning(value); said.Only() != "" && value != said.Only() && meaning == MarkerOld {
			return DoorOld, sys.Textf("%s answers %s, and the app itself %s", name, through.Words(), said.Words())
		}
	}
	if old, found := b.OldCopyAt(door); found && said.Only() == "" {
		return DoorOld, sys.Textf("%s gives the page of %s, which has old code: %s", name, b.BackendWords(old), old.Why)
	}
	if said.Only() != through.Only() {
		return DoorOpen, sys.Textf("%s does not name the release that the app names", name)
	}
	home := asked.Home[0]
	if location := home.Headers["Location"]; home.Status >= http.StatusMultipleChoices && home.Status < http.StatusBadRequest && !SameAnswer(asked.Home, app.Home) {
		return DoorOpen, sys.Textf("%s redirects to %s", name, location)
	}
	switch stable := len(app.Home) > 1 && SameAnswer(app.Home[1:], app.Home) && app.Home[0].Status < http.StatusBadRequest; {
	case stable && !SameAnswer(asked.Home, app.Home):
		return DoorOpen, sys.Textf("%s gives another page than the app does at its own socket", name)
	case stable:
		return DoorSame, sys.Textf("%s gives the very page that the app gives", name)
	case said.Only() != "":
		return DoorSame, sys.Textf("%s names the release that the app names", name)
	case SameAnswer(asked.NotFound, app.NotFound) && asked.NotFound[0].Status == http.StatusNotFound:
		return DoorSame, sys.Textf("%s gives the app's own answer for a page that is not there", name)
	}
	return DoorOpen, sys.Textf("nothing that %s answers can be compared with the app: no answer of the app is the same twice", name)
}

// AnswersInTurn tells whether a program that leads to old code gives the service's own answers
// as well.
func (b *Box) AnswersInTurn(door facts.Door) bool {
	app, own := b.Site.Value.App, b.AppTally().Only()
	isOwn := func(answer facts.Answer) bool { return SameAnswer([]facts.Answer{answer}, app.Home) }
	return slices.Contains(TallyOf(door.Asked.Version).Values, own) || own == "" && slices.ContainsFunc(door.Asked.Pages(), isOwn)
}

// leadsToSeveral tells whether a program before the service gives its answers and another's.
func (b *Box) leadsToSeveral(door facts.Door) bool {
	if len(TallyOf(door.Asked.Version).Values) > 1 {
		return true
	}
	_, old := b.OldCopyAt(door)
	return old && b.AnswersInTurn(door)
}

// DoorDoubt is why it is not shown that visitors who come in by a program other than Nginx
// reach the service; empty where they do, or where there is no such program.
func (b *Box) DoorDoubt() sys.Text {
	site := b.Site.Value
	otherwise := !site.Address.Given && (b.doorLeadsHere() || b.reachedWithoutDoor())
	var doubts []string
	for _, door := range site.Doors {
		state, words := b.JudgeDoor(door)
		if state != DoorSame && !b.sendsToSame(door) && !(otherwise && b.isOfAnother(door)) {
			doubts = append(doubts, string(words))
		}
	}
	if len(doubts) == 0 || SameAnswer(site.Public.Home, site.App.Home) {
		return ""
	}
	hint := sys.Text("")
	if !site.Address.Given {
		hint = "; pass --url with the site's address, so that it is asked by its name"
	}
	return sys.Text(strings.Join(doubts, "; ")) + hint
}

// isOfAnother tells whether nothing that a program answers ties it to the service: it may then be
// another site's. It names no release, gives neither the page nor the app's answer for what
// nobody has; or it does no more than send visitors where the site is asked as well.
func (b *Box) isOfAnother(door facts.Door) bool {
	app, asked := b.Site.Value.App, door.Asked
	if len(asked.Home) == 0 || asked.Problem != "" {
		return true
	}
	ties := len(TallyOf(asked.Version).Values) > 0 || SameAnswer(asked.Home, app.Home) || SameAnswer(asked.NotFound, app.NotFound)
	return !ties || b.sendsOn(door)
}

// sendsToSame tells whether a program does no more than send visitors on to one that gives the
// service's own answers.
func (b *Box) sendsToSame(door facts.Door) bool {
	port := door.RedirectPort()
	return port != 0 && port != door.Port && slices.ContainsFunc(b.Site.Value.Doors, func(other facts.Door) bool {
		state, _ := b.JudgeDoor(other)
		return other.Port == port && state == DoorSame
	})
}

// SentToOwn tells whether visitors of the URL are sent on to a program that gives the service's own
// answers.
func (b *Box) SentToOwn() bool { return slices.ContainsFunc(b.Site.Value.Doors, b.sendsToSame) }

// sendsOn tells whether a program sends visitors on to another port at which the site is asked.
func (b *Box) sendsOn(door facts.Door) bool {
	port := door.RedirectPort()
	return port != 0 && port != door.Port && (port == b.Site.Value.Address.Port() ||
		slices.ContainsFunc(b.Site.Value.Doors, func(other facts.Door) bool { return other.Port == port }))
}

// doorLeadsHere tells whether a program before the service gives the service's own answers.
func (b *Box) doorLeadsHere() bool {
	return slices.ContainsFunc(b.Site.Value.Doors, func(door facts.Door) bool { state, _ := b.JudgeDoor(door); return state == DoorSame })
}

// DoorBeforeNginx is a program that stands before the Nginx before the service: it gives the
// service's own answers.
func (b *Box) DoorBeforeNginx() (door facts.Door, before bool) {
	for _, door := range b.Site.Value.Doors {
		if state, _ := b.JudgeDoor(door); state == DoorSame && b.Site.Value.Address.Server != nil {
			return door, true
		}
	}
	return facts.Door{}, false
}

// reachedWithoutDoor tells whether visitors can come to the service, or to the Nginx before it, by
// themselves.
func (b *Box) reachedWithoutDoor() bool {
	if server := b.Site.Value.Address.Server; server != nil {
		return slices.ContainsFunc(server.Listens, func(listen nginx.Listen) bool { return ReachedFromOutside(listen.Address) })
	}
	return slices.ContainsFunc(b.OwnSockets(), ReachedFromOutside)
}
