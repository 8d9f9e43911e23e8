package steps

import (
	"cmp"
	"net/http"
	"path"
	"slices"
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/sys"
)

// This file is what each claim needs beside its steps, and what it says once it is proved.

// intendedDoubt: what the person expects is named by nothing.
func intendedDoubt(b *box.Box) sys.Text {
	expect := b.Options.Expect
	if expect == "" || b.ActiveIdentity().MatchesExpected(expect) || box.IsExpected(b.AppTally().Only(), expect) {
		return ""
	}
	return sys.Textf("nothing names the expected release %s: neither the disk nor the site.", expect)
}

func intendedProof(b *box.Box) sys.Text {
	deployment := b.Deployment.Value
	label := b.ActiveIdentity().Label()
	words := sys.Textf("The service takes its code from %s", deployment.Active)
	if inside := b.Inside.Value; b.Inside.Known && sys.Within(inside.Root, deployment.Active) {
		container, _ := b.TargetContainer()
		words = sys.Textf("The service takes its code from %s in its image, %s, and from no directory that is seen on this box", cmp.Or(strings.TrimPrefix(deployment.Active, inside.Root), "/"), container.ImageName)
	}
	if label != "" && string(label) != path.Base(deployment.Active) {
		words += sys.Textf(", which is %s", label)
	}
	if expect := b.Options.Expect; expect != "" {
		return words + sys.Textf(", the expected release %s.", expect)
	}
	if deployment.Link != nil {
		return words + sys.Textf("; no release in %s is newer.", deployment.ReleasesDirectory)
	}
	return words + "."
}

// loadedDoubt: a process that answers for the site is not shown to hold the release, or the
// app says of itself that it is another one.
func loadedDoubt(b *box.Box) sys.Text {
	for _, server := range b.Serving {
		if held := b.HeldBy(server); !b.IsOwn(server) && held.State != box.Current {
			return sys.Textf("requests for the site also reach process %d (%s), which is not shown to hold the new code: %s.", server.Master.PID, b.RunnerOf(server), held.Why)
		}
	}
	for _, backend := range b.OtherBackends() {
		if backend.State != box.Current {
			return sys.Textf("requests for the site also reach %s, which is not shown to hold the new code: %s.", b.BackendWords(backend), backend.Why)
		}
	}
	if doubt := backgroundDoubt(b); doubt != "" {
		return doubt
	}
	if problem := b.Code.Value.BytecodeProblem; problem != "" {
		return sys.Textf("whether Python runs bytecode that is older than its source could not be read: %s.", problem)
	}
	if doubt := b.TemplateDoubt(); doubt != "" {
		return doubt
	}
	if app := b.AppTally(); len(app.Values) > 1 {
		return sys.Textf("the app names different releases in turn: %s.", app.Words())
	}
	if b.SaysAnother() {
		return sys.Textf("the app itself says that it is %s, and the release on disk is %s.", b.AppTally().Only(), b.ActiveIdentity().Label())
	}
	return ""
}

// oldCodeHeld: processes of the service hold old code, whatever made them.
func oldCodeHeld(b *box.Box) sys.Text {
	fresh, old, unsure := b.Counts()
	one, found := b.Oldest()
	if !found {
		return ""
	}
	if all := fresh + old + unsure; all > 1 {
		return sys.Textf("Of the app's processes %s old code. The %s %d, for one: %s.", ofAll(old, all, "holds", "hold"), one.Role, one.Process.PID, one.Why)
	}
	return sys.Textf("The %s %d holds old code: %s.", one.Role, one.Process.PID, one.Why)
}

// backgroundDoubt: something that works for the app is not shown to hold the release.
func backgroundDoubt(b *box.Box) sys.Text {
	if !b.Background.Known {
		return sys.Textf("whether anything else runs the app could not be read: %s.", b.Background.Problem)
	}
	if b.Target.Container != "" && !b.Siblings.Known && !b.Siblings.Absent() {
		return sys.Textf("whether another service of the project runs the app could not be read: %s.", b.Siblings.Problem)
	}
	for _, process := range b.Background.Value {
		if held := b.JudgeBackground(process); held.State == box.Undetermined {
			return sys.Textf("process %d works for the app (%s), and is not shown to hold the new code: %s.", process.PID, process.Clue, held.Why)
		}
	}
	return ""
}

func loadedProof(b *box.Box) sys.Text {
	fresh, _, _ := b.Counts()
	one, _ := b.Longest() // It says most.
	named := sys.Textf("%s %d", one.Role, one.Process.PID)
	switch fresh {
	case 1:
		return sys.Textf("The %s holds the code on disk: %s.", named, one.Why)
	case 2:
		return sys.Textf("Both processes hold the code on disk. The %s, for one: %s.", named, one.Why)
	}
	return sys.Textf("All %d processes hold the code on disk. The %s, for one: %s.", fresh, named, one.Why)
}

// wayDoubt: visitors get no page, or nothing shows that what they get comes from here.
func wayDoubt(b *box.Box) sys.Text {
	if b.IsDown() {
		return "nothing answers for the site."
	}
	if reason := b.NoPageReason(); reason != "" {
		return reason
	}
	if b.Start().Starting {
		return b.StartingWords() + "."
	}
	// Where some of its own processes are stale, it is they who answer otherwise in turn.
	_, stale, _ := b.Counts()
	for _, tally := range []box.Tally{b.NginxTally(), box.TallyOf(b.Site.Value.Public.Version)} {
		if len(tally.Values) > 1 && stale == 0 {
			return sys.Textf("different releases answer in turn: %s.", tally.Words())
		}
	}
	if doubt := b.DoorDoubt(); doubt != "" {
		return doubt + "."
	}
	if reason := unreached(b); reason != "" {
		return reason
	}
	if reason := b.Untraced(); reason != "" {
		return reason + "."
	}
	return publicUnproved(b)
}

// unreached: an Nginx runs here and sends nothing to the service, which listens for this box
// alone. One that sends nothing to anybody may not be the site's, but where the service has
// no port that another program would be asked for either.
func unreached(b *box.Box) sys.Text {
	address, own := b.Site.Value.Address, b.OwnSockets()
	inFiles := func(socket string) bool { return strings.HasPrefix(socket, "unix:") }
	if address.Server != nil || address.Given || !b.SiteNginx().Known || b.Target.Container != "" || slices.ContainsFunc(own, box.ReachedFromOutside) ||
		!b.NginxProxies() && (len(own) == 0 || !slices.ContainsFunc(own, inFiles)) {
		return ""
	}
	return "Nginx runs here and sends nothing to this service, so nothing shows how requests reach it."
}

// publicUnproved: the app says which release it is, and the public address, which answers,
// neither says the same nor gives the very answer that this box's own Nginx, or the app,
// gives. What visitors get is then not known.
func publicUnproved(b *box.Box) sys.Text {
	site, said := b.Site.Value, b.AppTally().Only()
	if site.Public.Where == "" || said == "" || b.SentToOwn() || box.TallyOf(site.Public.Version).Only() == said ||
		box.SameAnswer(site.Public.Version, site.Nginx.Version) || box.SameAnswer(site.Public.Home, site.Nginx.Home) || box.SameAnswer(site.Public.Home, site.App.Home) {
		return ""
	}
	return sys.Textf("the public address %s does not say which release it runs, though the app does.", site.Address.URL)
}

func wayProof(b *box.Box) sys.Text {
	site := b.Site.Value
	for _, door := range site.Doors {
		if state, words := b.JudgeDoor(door); state == box.DoorSame {
			return words + "."
		}
	}
	switch {
	case site.Nginx.Where != "" && site.Address.Server != nil:
		return sys.Textf("Nginx sends %s to %s, which this service holds, and it answers.", site.Address.URL, strings.Join(b.Backends, ", "))
	case site.App.Where != "":
		return sys.Textf("It answers at %s itself.", site.App.Where)
	}
	return sys.Textf("%s answers.", site.Address.URL)
}

// filesDoubt: a file is not the release's, and no cause says why.
func filesDoubt(b *box.Box) sys.Text {
	for _, probe := range b.Static.Value.Probes {
		if b.GivenOf(probe).Differs() && !b.ServedApart(probe) {
			return sys.Textf("visitors get different content of %s from what %s has.", probe.URLPath, probe.ReleaseFile)
		}
	}
	return ""
}

// filesNone: the site serves no static files that are known of, or files that are no
// release's.
func filesNone(b *box.Box) sys.Text {
	if b.ServesNoStaticFile() {
		return "The app answers 404 for the static files that were asked for: none, old or new, reaches visitors."
	}
	if b.Static.Absent() {
		return sys.Textf("%s.", b.Static.Problem)
	}
	for _, probe := range b.Static.Value.Probes {
		if b.GivenOf(probe).Differs() {
			return sys.Textf("%s comes from %s, which is in no release: what is built or deployed apart is not compared with one.", probe.URLPath, probe.ServedResolved)
		}
	}
	return ""
}

func filesProof(b *box.Box) sys.Text {
	if slices.ContainsFunc(b.Static.Value.Probes, func(probe facts.StaticProbe) bool { return b.GivenOf(probe).Named }) {
		return sys.Textf("The static files that Nginx's configuration names have the content of those in %s.", b.Static.Value.Directory)
	}
	return sys.Textf("The static files that were asked for have the content of those in %s.", b.Static.Value.Directory)
}

// cachesDoubt: neither the app nor a place before it names a release, the page there is another
// than the app's own, and past the caches there is none: so nothing tells a page that a cache
// kept from one that the app gives to whoever asks there.
func cachesDoubt(b *box.Box) sys.Text {
	site := b.Site.Value
	for _, asked := range []facts.Asked{site.Nginx, site.Public} {
		named := b.AppTally().Only() != "" && box.TallyOf(asked.Version).Only() != ""
		if differs, known := b.PageDiffers(asked); !known || !differs || named {
			continue
		}
		for _, answer := range asked.Busted[min(1, len(asked.Busted)):] {
			if answer.Status != http.StatusOK {
				return sys.Textf("the page at %s is another than the app's own, and with a query that no cache has seen it answers with status %d: whether a cache answers is not known.", asked.Where, answer.Status)
			}
		}
	}
	return ""
}

func cachesProof(b *box.Box) sys.Text {
	if b.Site.Value.Public.Where == "" {
		return "No cache on this box answers differently from the app; anything in front of the box was not asked."
	}
	return "No cache answers differently from the app."
}

// environmentDoubt: the app reads a .env as it is imported, and when that was written is not
// known.
func environmentDoubt(b *box.Box) sys.Text {
	if file := b.Environment.Value.DotEnv; file != nil && file.Info.Changed.IsZero() && b.Code.Value.LoadsDotEnv {
		return sys.Textf("%s could not be looked at: %s.", file.Path, file.Problem)
	}
	return ""
}

func environmentProof(*box.Box) sys.Text {
	return "The processes have the environment that is on disk."
}

// configurationDoubt: whether what runs, the running Nginx included, has the configuration on
// disk is not known.
func configurationDoubt(b *box.Box) sys.Text {
	if !b.Running {
		return "no process of the service was seen, so nothing shows what it was started from."
	}
	if !b.SiteNginx().Known && !b.SiteNginx().Absent() {
		return sys.Textf("Nginx's configuration: %s.", b.SiteNginx().Problem)
	}
	return ""
}

func configurationProof(b *box.Box) sys.Text {
	words := sys.Text("What runs was started from the configuration that is on disk")
	if b.Has(facts.GroupNginxFiles) && b.SiteNginx().Known && b.NginxFiles.Known {
		words += ", Nginx's included"
	}
	return words + "."
}
