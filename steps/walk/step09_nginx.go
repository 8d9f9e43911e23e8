package walk

import (
	"cmp"
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/fixes"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/sys"
)

// Nginx is the server block for the site, as it runs.
func Nginx() Step {
	return Step{
		Number: 9, ID: "nginx", Title: "Nginx",
		Question: "Does the running Nginx send requests to this service, from a valid, loaded configuration?",
		Claim:    report.ClaimWay,
		Needs:    []func() facts.Group{facts.GroupNginx, facts.GroupNginxFiles, facts.GroupSite},
		Judge:    judgeNginx,
		Acts:     fixes.ReloadNginxByHand,
		page: guide.Page{
			Asks: "Does the Nginx that runs, not the one on disk, send this site's requests to this service?",
			Why: "Between the visitor and the app stands a configuration that was loaded at some time. It can point to " +
				"yesterday's socket, or be refused, and answer all the same.",
			Good: "`nginx -t` passes without warnings about your server names, the workers are younger than the configuration, " +
				"and the upstream is the socket that the service holds.",
			Read: "`nginx -T` prints the disk, not what runs. What runs was loaded when the workers started. A reload that " +
				"cannot bind or open something exits with 0 and keeps the old workers; only the error log tells. An upstream's " +
				"host name is resolved once, at the load.",
			Mistake: "\"reloaded\" read as \"the new configuration is live\". And \"conflicting server name\" is only a " +
				"warning, yet it means that one of the two blocks never answers.",
			Commands: []string{
				"sudo nginx -t",
				"sudo nginx -T 2>/dev/null | grep -nE 'server_name|listen|proxy_pass|root|alias|proxy_cache'",
				"ps -o pid,lstart,args -C nginx",
				"sudo tail -20 /var/log/nginx/error.log",
			},
			IfItFails: "Repair what `nginx -t` names, reload, and look at the workers' start times again. No new worker, no " +
				"new configuration.",
			See: []string{"nginx-wrong-upstream", "front-elsewhere", "nginx-not-reloaded", "nginx-config-invalid", "nginx-stale-address"},
		},
	}
}

// judgeNginx: the server block for the site, where it sends requests, and whether what
// runs is what is on disk.
func judgeNginx(b *box.Box) report.Result {
	commands := nginxCommands(b)
	if !b.Front.Known && !b.Front.Absent() && b.NginxInProject() != "" {
		return unknown(sys.Textf("an Nginx in a container stands before the service, and where it sends requests could not be told: %s", b.Front.Problem)).
			With([]sys.Text{sys.Typed("docker exec %s nginx -T", b.NginxInProject())})
	}
	if result, judged := judgeDoors(b); judged {
		return result
	}
	if !b.SiteNginx().Known {
		return notKnown(b.SiteNginx()).With(commands)
	}
	config, address := b.SiteNginx().Value, b.Site.Value.Address
	lines, loaded := nginxEvidence(b), b.NginxLoadedAt()
	switch {
	case b.NginxStopped() && address.Server != nil && b.IsDown():
		return failed(sys.Textf("Nginx is installed and does not run, and visitors ask it for %s. Start it: systemctl start nginx.", address.URL)).
			With(append([]sys.Text{"sudo systemctl start nginx", "journalctl -u nginx -n 50 --no-pager"}, commands...), lines...)
	case b.NginxStopped():
		return warn("Nginx is installed and does not run.").With(commands, lines...)
	case address.Server == nil:
		if !address.Given && !b.NginxProxies() {
			return skipped("no server block of Nginx passes requests to any application").With(commands, lines...)
		}
		return warn("No server block of Nginx sends requests to this service.").With(commands, lines...)
	case b.RedirectsTo() != "":
		return unknown(sys.Textf("Nginx redirects %s to %s: pass that address by --url to have it asked", address.URL, b.RedirectsTo())).With(commands, lines...)
	case b.AnswersItself() && box.SameAnswer(b.Site.Value.Nginx.Home, b.Site.Value.App.Home):
		return ok(sys.Textf("The server block for %s passes it to nobody, and gives the very page that the app gives.", address.URL)).With(commands, lines...)
	case b.AnswersItself():
		return unknown(sys.Textf("the server block for %s ", address.URL)+b.BlockAnswer()+sys.Textf(", and not with what %s says", b.Target.Service)).With(commands, lines...)
	case address.Location.Pass != "" && len(b.Backends) == 0:
		return unknown(sys.Textf("where %s %s leads is decided by a variable", cmp.Or(address.Location.PassKind, "proxy_pass"), address.Location.Pass)).With(commands, lines...)
	case loaded.IsZero():
		return unknown("when Nginx read its configuration could not be told").With(commands, lines...)
	case address.Backends > 1:
		own, dead := 0, b.DeadBackends()
		for _, backend := range b.Backends {
			if b.ListensAt(backend) {
				own++
			}
		}
		switch here := own + len(dead); {
		case here == address.Backends && own > 0 && len(dead) > 0:
			return warn(sys.Textf("Nginx sends %s to %s as well, where nothing listens.", address.URL, strings.Join(dead, ", "))).With(commands, lines...)
		case own < address.Backends:
			return unknown(sys.Textf("of %d backends that Nginx sends requests to, %d listen on this box, and nothing can be said from here about the others", address.Backends, own)).With(commands, lines...)
		}
	}
	if conflict := config.NameConflict(); conflict != "" {
		return warn(sys.Textf("Nginx ignores a server block: %s", conflict)).With(commands, lines...)
	}
	if config.Untested != "" && !b.NginxFiles.Known {
		return unknown(config.Untested).With(commands, lines...)
	}
	if config.Untested != "" {
		lines = append(lines, report.Observed("not tested", config.Untested, "nginx -t"))
		return ok(sys.Textf("By the files alone, none of which has changed since Nginx's workers were started, it sends %s to %s.", address.URL, strings.Join(b.Backends, ", "))).With(commands, lines...)
	}
	return ok(sys.Textf("The running Nginx has the configuration that is on disk and sends %s to %s.", address.URL, strings.Join(b.Backends, ", "))).With(commands, lines...)
}

// nginxEvidence is the server block, what runs, and what changed since.
func nginxEvidence(b *box.Box) []report.Evidence {
	config, address := b.SiteNginx().Value, b.Site.Value.Address
	var lines []report.Evidence
	if address.Location != nil {
		lines = append(lines,
			report.Observed("server block", sys.Textf("%s for %s", strings.Join(address.Server.Names, " "), address.URL), sys.Textf("%s:%d", address.Server.File, address.Server.Line)))
	}
	if address.Location != nil && address.Location.Pass != "" {
		lines = append(lines,
			report.Observed(cmp.Or(address.Location.PassKind, "proxy_pass"), sys.Textf("%s → %s", address.Location.Pass, strings.Join(b.Backends, ", ")), sys.Textf("%s:%d", address.Location.PassFile, address.Location.PassLine)))
	}
	for _, door := range b.Site.Value.Doors {
		_, words := b.JudgeDoor(door)
		lines = append(lines, doorEvidence(b, door), report.Observed("it answers", words, sys.Textf("GET / at %s", door.Asked.Where)))
	}
	for _, other := range b.Site.Value.Others {
		server := other.Address.Server
		lines = append(lines, report.Observed("leads to it as well", sys.Textf("%s, ", other.Address.URL)+askedWords(other.Asked), sys.Textf("%s:%d", server.File, server.Line)))
	}
	if b.Front.Known {
		lines = append(lines, report.Observed("Nginx", sys.Textf("in the container %s", b.Front.Value.Name), sys.Typed("docker inspect %s", b.Front.Value.Name)))
	}
	if loaded := b.NginxLoadedAt(); !loaded.IsZero() {
		lines = append(lines, report.Observed("workers since", b.Clock(loaded), "/proc/PID/stat of the oldest worker"))
	}
	if files := b.NginxFiles.Value.Changed; len(files) > 0 {
		lines = append(lines, report.Observed("configuration changed", sys.Textf("%s at ", files[0].Path)+b.Clock(files[0].At), sys.Typed("statx %s", files[0].Path)))
	}
	for _, warning := range config.Warnings {
		lines = append(lines, report.Observed("nginx warns", warning, "nginx -t"))
	}
	for _, copied := range b.NginxFiles.Value.Copies {
		lines = append(lines, report.Observed("a copy, not a link", sys.Textf("%s differs from its namesake in sites-available", copied), "diff"))
	}
	return lines
}

// askedWords says in short what came of asking a further server block.
func askedWords(asked facts.Asked) sys.Text {
	switch {
	case asked.Where == "":
		return "not asked: it keeps no answers"
	case asked.Problem != "":
		return sys.Textf("no answer: %s", asked.Problem)
	}
	return AnswerWords(asked)
}

// nginxCommands are what a person would type to see the same.
func nginxCommands(b *box.Box) []sys.Text {
	if front := b.Front; front.Known {
		return []sys.Text{
			sys.Typed("docker exec %s nginx -T", front.Value.Name), sys.Typed("docker top %s", front.Value.Name),
			sys.Typed("docker inspect %s", front.Value.Name),
		}
	}
	if started := b.SiteNginx().Value.Started; started != nil {
		return []sys.Text{"sudo " + sys.Text(sys.CommandLine(started.Argv("-T"))), "ps -o pid,lstart,args -C nginx"}
	}
	return []sys.Text{"sudo nginx -t", "sudo nginx -T | grep -nE 'server_name|proxy_pass|root|alias'", "ps -o pid,lstart,args -C nginx"}
}

// judgeDoors is for programs other than Nginx where visitors come in; judged is false where they
// settle nothing, or lead to the service through Nginx, which is then looked at as well.
func judgeDoors(b *box.Box) (result report.Result, judged bool) {
	if doubt := b.DoorDoubt(); doubt != "" {
		return unknown(doubt).With(doorCommands(b.Site.Value.Doors[0])), true
	}
	if b.Site.Value.Address.Server != nil {
		return report.Result{}, false
	}
	for _, door := range b.Site.Value.Doors {
		if state, words := b.JudgeDoor(door); state == box.DoorSame {
			return ok(words+".").With(doorCommands(door), doorEvidence(b, door)), true
		}
	}
	return judgeApache(b)
}

func doorEvidence(b *box.Box, door facts.Door) report.Evidence {
	return report.Observed("who listens", b.DoorWords(door), sys.Textf("/proc/net/tcp, port %d", door.Port))
}

// doorCommands are what a person would type to see who listens at a port.
func doorCommands(door facts.Door) []sys.Text {
	return []sys.Text{sys.Textf("sudo ss -ltnp 'sport = :%d'", door.Port)}
}
