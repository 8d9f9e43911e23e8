package fixes

import (
	"slices"
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/steps/rights"
	"flasktui/sys"
)

// from says where a plan's commands come from, and raises its risk where that gives
// somebody rights that what runs now does not have. No other place judges this.
func (plan Prepared) from(origin *report.Origin) Prepared {
	if plan.Origin = origin; plan.MustBeNamed() {
		plan.Risk = report.HighRisk
	}
	return plan
}

// composeOrigin is whose a Compose project's files are; builds says that its images are
// built as well.
func composeOrigin(b *box.Box, builds bool) *report.Origin {
	if !b.Has(facts.GroupOrigin) {
		return nil
	}
	fact := b.Origin.Value
	origin := &report.Origin{Reader: "docker", Sources: slices.Clone(fact.Sources), Uncompared: []string{}, Changes: slices.Clone(fact.Led)}
	if len(fact.Sources) > 0 {
		if builds {
			origin.Changes = append(origin.Changes, fact.BuildGives...)
		}
		origin.Changes = append(origin.Changes, fact.Changes...)
		origin.Uncompared = append(origin.Uncompared, fact.Uncompared...)
		if fact.Problem != "" {
			origin.Uncompared = append(origin.Uncompared, string("the service ("+fact.Problem+")"))
		}
	}
	if builds {
		origin.Sources = append(origin.Sources, fact.Building...)
	}
	origin.Sources = append(origin.Sources, fact.LedBy...)
	if !b.Origin.Known {
		origin.Sources = append(origin.Sources, report.Source{Path: "the Compose files", Who: []string{"who else is not known"}})
		origin.Uncompared = append(origin.Uncompared, "the service ("+string(b.Origin.Problem)+")")
	}
	if len(origin.Sources) == 0 {
		return nil
	}
	return origin
}

// managerOrigin is whose the files are that systemd or supervisord reads where commands have
// it load them, or start the service.
func managerOrigin(b *box.Box, commands [][]string) *report.Origin {
	has := func(program string, words ...string) bool {
		return slices.ContainsFunc(commands, func(argv []string) bool {
			return argv[0] == program && slices.ContainsFunc(words, func(word string) bool { return slices.Contains(argv, word) })
		})
	}
	reader, loads, starts := "systemd", has("systemctl", "daemon-reload"), has("systemctl", "restart", "start")
	if has("supervisorctl", "update", "restart") {
		reader, loads = "supervisord", true
	}
	if !b.Has(facts.GroupOrigin) || !loads && !starts {
		return nil
	}
	fact := b.Origin.Value
	origin := &report.Origin{Reader: reader, Sources: []report.Source{}, Changes: []report.KeyChange{}, Uncompared: []string{}}
	if starts {
		origin.Changes = append(origin.Changes, fact.StartChanges...)
	}
	if loads || len(origin.Changes) > 0 {
		origin.Sources = append(origin.Sources, fact.Sources...)
	}
	if loads {
		origin.Changes = append(origin.Changes, fact.Changes...)
		origin.Uncompared = append(origin.Uncompared, fact.Uncompared...)
		if fact.Problem != "" {
			origin.Uncompared = append(origin.Uncompared, string("the unit ("+fact.Problem+")"))
		}
	}
	if starts {
		origin.Sources = append(origin.Sources, fact.Starting...)
	}
	if len(origin.Sources) == 0 {
		return nil
	}
	return origin
}

// withNginx adds whose the files are that the box's own Nginx is to read.
func withNginx(b *box.Box, origin *report.Origin, commands [][]string) *report.Origin {
	reads := slices.ContainsFunc(commands, func(argv []string) bool { return argv[0] == "nginx" })
	fact := b.Origin.Value
	if !reads || len(fact.Nginx) == 0 {
		return origin
	}
	if origin == nil {
		return &report.Origin{Reader: "nginx", Sources: fact.Nginx, Changes: fact.NginxChanges, Uncompared: []string{}}
	}
	both := *origin
	both.Reader += ", or nginx,"
	both.Sources = slices.Concat(origin.Sources, fact.Nginx)
	both.Changes = slices.Concat(origin.Changes, fact.NginxChanges)
	return &both
}

// ledOrigin is whose the mounted paths are that a restart would follow elsewhere.
func ledOrigin(b *box.Box) *report.Origin {
	if fact := b.Origin.Value; len(fact.Led) > 0 {
		return &report.Origin{Reader: "docker", Sources: fact.LedBy, Changes: fact.Led, Uncompared: []string{}}
	}
	return nil
}

// exceeding tells that a container has got what the files did not say when they were shown:
// Docker reads them itself, and they may change in between.
func exceeding(b *box.Box, after *box.Box) sys.Text {
	target, ok := after.TargetContainer()
	if !ok {
		return ""
	}
	for _, start := range b.Compose.Value.Starts {
		was, made := b.ContainerOfService(target, start.Name), after.ContainerOfService(target, start.Name)
		if made.ID == was.ID {
			continue
		}
		words := []string{}
		for _, change := range rights.Exceeding(start.Keys, was.Keys, made.Keys) {
			words = append(words, change.Key+" "+change.Then)
		}
		if len(words) > 0 {
			return sys.Textf("%s was made with settings that the files did not have when they were shown: %s. They changed before docker read them; take that container down, and see who may write them",
				made.Name, strings.Join(words, "; "))
		}
	}
	return ""
}
