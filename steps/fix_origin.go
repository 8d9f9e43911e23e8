package steps

import (
	"cmp"
	"slices"
	"strings"

	"flasktui/steps/facts"
	"flasktui/sys"
)

// Origin is whose the files are that a fix has root, or root's Docker, run, and what in them
// differs from what runs now.
type Origin struct {
	// Sources are what others than root and the person who asks may change.
	Sources []facts.Source `json:"sources"`
	// Changes are the keys that differ, those that give something first.
	Changes []facts.KeyChange `json:"changes"`
	// Uncompared are keys of which it is not known whether they differ.
	Uncompared []string `json:"uncompared"`
	// Reader is who reads the files while the fix runs, until when they may still change.
	Reader string `json:"reader"`
}

// from says where a plan's commands come from, and raises its risk where that gives
// somebody rights that what runs now does not have. No other place judges this.
func (plan prepared) from(origin *Origin) prepared {
	if plan.Origin = origin; plan.MustBeNamed() {
		plan.Risk = HighRisk
	}
	return plan
}

// MustBeNamed tells whether a plan gives rights to whoever may write the files, or may do so
// for all that is known: it is not run unasked, but by its name alone.
func (plan Plan) MustBeNamed() bool {
	return plan.Origin != nil && (len(plan.Origin.Uncompared) > 0 || len(plan.Origin.Gives()) > 0)
}

// Gives are the changes that give something that what runs now does not have.
func (origin *Origin) Gives() []facts.KeyChange {
	return slices.DeleteFunc(slices.Clone(origin.Changes), func(change facts.KeyChange) bool { return change.Gives == "" })
}

// Warning is why such a plan is not run unasked.
func (origin *Origin) Warning() sys.Text {
	if len(origin.Gives()) > 0 {
		return "Others may change its files, which give more than runs now:"
	}
	return sys.Textf("Others may change its files, and what they would give could not be compared: %s.", strings.Join(origin.Uncompared, ", "))
}

// Words say in a line who may change the files, and what differs.
func (origin *Origin) Words() sys.Text {
	shown := []string{}
	for _, source := range origin.grouped() {
		shown = append(shown, strings.Join(source.Who, ", ")+" may change "+source.Path)
	}
	text := sys.Textf("%s, until %s has read it. ", strings.Join(shown, "; "), origin.Reader)
	keys := []string{}
	for _, change := range origin.Changes {
		key := change.Key
		if strings.HasSuffix(key, "environment") {
			key += " " + change.Then
		}
		keys = append(keys, key)
	}
	switch {
	case len(keys) > 0:
		text += sys.Textf("Against what runs now it changes: %s.", strings.Join(slices.Compact(keys), ", "))
	case len(origin.Uncompared) == 0:
		text += "No key differs from what runs now."
	}
	if len(origin.Uncompared) > 0 {
		text += sys.Textf(" Not compared: %s.", strings.Join(origin.Uncompared, ", "))
	}
	return text
}

// grouped puts the files of the same people together.
func (origin *Origin) grouped() []facts.Source {
	const most = 4
	var groups []facts.Source
	for _, source := range origin.Sources {
		at := slices.IndexFunc(groups, func(group facts.Source) bool { return slices.Equal(group.Who, source.Who) })
		switch {
		case at < 0:
			groups = append(groups, source)
		case strings.Count(groups[at].Path, ", ") < most-1:
			groups[at].Path += ", " + source.Path
		case !strings.HasSuffix(groups[at].Path, " and more"):
			groups[at].Path += " and more"
		}
	}
	return groups
}

// GivenWords are the changes that give something, a line for each.
func (origin *Origin) GivenWords() []sys.Text {
	lines := []sys.Text{}
	for _, change := range origin.Gives() {
		line := sys.Textf("%s: %s", change.Key, cmp.Or(change.Then, "not set"))
		if change.Now != "" {
			line += sys.Textf(" in place of %s", change.Now)
		}
		lines = append(lines, line+sys.Textf(". It gives %s.", change.Gives))
	}
	return lines
}

// composeOrigin is whose a Compose project's files are; builds says that its images are
// built as well.
func (v *view) composeOrigin(builds bool) *Origin {
	if !v.Has(facts.GroupOrigin) {
		return nil
	}
	fact := v.Origin.Value
	origin := &Origin{Reader: "docker", Sources: slices.Clone(fact.Sources), Uncompared: []string{}, Changes: slices.Clone(fact.Led)}
	if len(fact.Sources) > 0 {
		if builds {
			origin.Changes = append(origin.Changes, fact.BuildGives...)
		}
		origin.Changes = append(origin.Changes, fact.Changes...)
		origin.Uncompared = append(origin.Uncompared, fact.Uncompared...)
		if fact.Problem != "" {
			origin.Uncompared = append(origin.Uncompared, "the service ("+fact.Problem+")")
		}
	}
	if builds {
		origin.Sources = append(origin.Sources, fact.Building...)
	}
	origin.Sources = append(origin.Sources, fact.LedBy...)
	if !v.Origin.Known {
		origin.Sources = append(origin.Sources, facts.Source{Path: "the Compose files", Who: []string{"who else is not known"}})
		origin.Uncompared = append(origin.Uncompared, "the service ("+v.Origin.Problem+")")
	}
	if len(origin.Sources) == 0 {
		return nil
	}
	return origin
}

// managerOrigin is whose the files are that systemd or supervisord reads where commands have
// it load them, or start the service.
func (v *view) managerOrigin(commands [][]string) *Origin {
	has := func(program string, words ...string) bool {
		return slices.ContainsFunc(commands, func(argv []string) bool {
			return argv[0] == program && slices.ContainsFunc(words, func(word string) bool { return slices.Contains(argv, word) })
		})
	}
	reader, loads, starts := "systemd", has("systemctl", "daemon-reload"), has("systemctl", "restart", "start")
	if has("supervisorctl", "update", "restart") {
		reader, loads = "supervisord", true
	}
	if !v.Has(facts.GroupOrigin) || !loads && !starts {
		return nil
	}
	fact := v.Origin.Value
	origin := &Origin{Reader: reader, Sources: []facts.Source{}, Changes: []facts.KeyChange{}, Uncompared: []string{}}
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
			origin.Uncompared = append(origin.Uncompared, "the unit ("+fact.Problem+")")
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
func (v *view) withNginx(origin *Origin, commands [][]string) *Origin {
	reads := slices.ContainsFunc(commands, func(argv []string) bool { return argv[0] == "nginx" })
	fact := v.Origin.Value
	if !reads || len(fact.Nginx) == 0 {
		return origin
	}
	if origin == nil {
		return &Origin{Reader: "nginx", Sources: fact.Nginx, Changes: fact.NginxChanges, Uncompared: []string{}}
	}
	both := *origin
	both.Reader += ", or nginx,"
	both.Sources = slices.Concat(origin.Sources, fact.Nginx)
	both.Changes = slices.Concat(origin.Changes, fact.NginxChanges)
	return &both
}

// ledOrigin is whose the mounted paths are that a restart would follow elsewhere.
func (v *view) ledOrigin() *Origin {
	if fact := v.Origin.Value; len(fact.Led) > 0 {
		return &Origin{Reader: "docker", Sources: fact.LedBy, Changes: fact.Led, Uncompared: []string{}}
	}
	return nil
}

// exceeding tells that a container has got what the files did not say when they were shown:
// Docker reads them itself, and they may change in between.
func (v *view) exceeding(after *view) sys.Text {
	target, ok := after.TargetContainer()
	if !ok {
		return ""
	}
	for _, start := range v.Compose.Value.Starts {
		was, made := v.ContainerOfService(target, start.Name), after.ContainerOfService(target, start.Name)
		if made.ID == was.ID {
			continue
		}
		words := []string{}
		for _, change := range facts.ExceedingKeys(start.Keys, was.Keys, made.Keys) {
			words = append(words, change.Key+" "+change.Then)
		}
		if len(words) > 0 {
			return sys.Textf("%s was made with what the files did not say when they were shown: %s. They changed before docker read them; take that container down, and see who may write them",
				made.Name, strings.Join(words, "; "))
		}
	}
	return ""
}
