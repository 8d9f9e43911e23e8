package facts

import (
	"context"
	"maps"
	"path"
	"slices"
	"strings"

	"flasktui/steps/report"
	"flasktui/steps/rights"
	"flasktui/sys"
	"flasktui/sys/docker"
)

// composeOrigin compares the services that Compose would start with the containers that are
// there, where somebody else than root may write the files that say so.
func (look *look) composeOrigin(ctx context.Context, known *Facts, container docker.Container, origin *Origin) {
	compose := known.Compose.Value
	project := compose.Project
	if !known.Compose.Known {
		project = container.ComposeProject()
	}
	compare := composeComparison{writers: look.writers(ctx, known, container.Daemon.Owner.UID), known: known, container: container}
	names, unresolved := look.composeSources(ctx, project)
	origin.Sources = compare.writers.add(ctx, origin.Sources, names...)
	for _, name := range unresolved {
		origin.Sources = append(origin.Sources, report.Source{Path: string(sys.Safe(name)), Who: []string{"whoever may write it (its name is made with variables)"}})
	}
	for _, start := range compose.Starts {
		if start.Build != nil && path.IsAbs(start.Build.Context) {
			origin.Building = compare.writers.add(ctx, origin.Building, start.Build.Dockerfile, start.Build.Context)
		}
	}
	switch {
	case len(origin.Sources) == 0:
	case !known.Compose.Known:
		origin.Problem = known.Compose.Problem
	case compose.Starts == nil:
		origin.Problem = "docker-compose 1 prints nothing that could be compared"
	}
	for index, start := range compose.Starts {
		if index == 0 {
			compare.service(ctx, origin, start, container, "")
			continue
		}
		compare.service(ctx, origin, start, known.ContainerOfService(container, start.Name), start.Name+": ")
	}
	if len(origin.Sources) > 0 && len(compose.Starts) > 0 && compose.Hash != container.ConfigHash {
		compare.environment(origin)
	}
}

// ContainerOfService is the container of another service of the same project; one that is
// absent where there is none.
func (facts *Facts) ContainerOfService(target docker.Container, service string) docker.Container {
	for _, other := range facts.Containers.Value {
		if other.Daemon == target.Daemon && other.Project == target.Project && other.Service == service && !other.OneOff {
			return other
		}
	}
	return docker.Container{State: docker.ContainerAbsent, Service: service}
}

// composeSources are the files that Compose reads: those it is told, the variables beside
// them, and whatever these name themselves, by variables perhaps.
func (look *look) composeSources(ctx context.Context, project docker.ComposeProject) (names, unresolved []string) {
	const most = 64
	names = slices.Clone(project.Files)
	if project.EnvironmentFile != "" {
		names = append(names, strings.Split(project.EnvironmentFile, ",")...)
	} else if project.Directory != "" {
		names = append(names, path.Join(project.Directory, ".env"))
	}
	for at := 0; at < len(names) && at < most; at++ {
		if at >= len(project.Files) && !slices.Contains([]string{".yml", ".yaml", ".json"}, path.Ext(names[at])) {
			continue
		}
		raw, err := look.machine.ReadFile(ctx, names[at], 1<<20)
		if err != nil {
			continue
		}
		for _, word := range docker.ComposeReferences(string(raw)) {
			if strings.Contains(word, "$") {
				unresolved = append(unresolved, word)
				continue
			}
			for _, directory := range []string{path.Dir(names[at]), project.Directory} {
				name := absolute(directory, word)
				info, err := look.machine.Stat(ctx, name)
				if err == nil && !info.IsDir() && !slices.Contains(names, name) {
					names = append(names, name)
				}
			}
		}
	}
	return names, unresolved
}

// composeComparison compares one service after another.
type composeComparison struct {
	writers   *writers
	known     *Facts
	container docker.Container
}

func (compare *composeComparison) service(ctx context.Context, origin *Origin, start docker.ComposeStart, running docker.Container, prefix string) {
	absent := running.State == docker.ContainerAbsent
	image, imageKnown := compare.known.Images.Value[running.ImageID]
	same := prefix == "" && compare.known.Compose.Value.Hash != "" && compare.known.Compose.Value.Hash == running.ConfigHash
	now := docker.ContainerKeys{}
	if !absent {
		now = running.Keys
	}
	volumes := func(word string) string { return compare.mountGives(ctx, now, start.Keys, word) }
	for _, change := range rights.CompareContainer(now, start.Keys, image, imageKnown && !absent, volumes) {
		// Compose's own test says that nothing of the service itself differs; and of what
		// does not run everything would.
		if change.Gives == "" && (same || absent) {
			continue
		}
		change.Key = prefix + change.Key
		origin.Changes = append(origin.Changes, change)
	}
	if absent && prefix != "" {
		origin.Changes = append(origin.Changes, report.KeyChange{Key: start.Name, Then: "a service that does not run now"})
	}
	if !same {
		for _, key := range start.Keys.Unknown {
			origin.Uncompared = append(origin.Uncompared, prefix+key)
		}
	}
	compare.led(ctx, origin, start, running, prefix)
	for _, key := range slices.Sorted(maps.Keys(start.Building)) {
		if gives := compare.buildGives(ctx, key, start.Building[key]); gives != "" {
			origin.BuildGives = append(origin.BuildGives, report.KeyChange{Key: prefix + "build." + key, Then: rights.ShownWords(start.Building[key]), Gives: gives})
		}
	}
	if start.Build != nil && path.IsAbs(start.Build.Context) && !compare.ownedByWriters(ctx, start.Build.Context) && !sys.Within(compare.directory(ctx), start.Build.Context) {
		origin.BuildGives = append(origin.BuildGives, report.KeyChange{
			Key: prefix + "build.context", Then: rights.ShownWords([]string{start.Build.Context}), Gives: "the files of a directory of this box, in an image",
		})
	}
	slices.SortStableFunc(origin.Changes, rights.GivingFirst)
}

// directory is where the project really lies.
func (compare *composeComparison) directory(ctx context.Context) string {
	directory := compare.container.ProjectDir
	if resolved, err := compare.writers.look.machine.Resolve(ctx, directory); err == nil && directory != "" {
		return resolved
	}
	return "/nowhere"
}

// ownedByWriters tells whether a path belongs to those who may write the files: what they have
// already is not given to them.
func (compare *composeComparison) ownedByWriters(ctx context.Context, name string) bool {
	resolved, err := compare.writers.look.machine.Resolve(ctx, name)
	if err != nil {
		return false
	}
	info, err := compare.writers.look.machine.Stat(ctx, resolved)
	return err == nil && slices.Contains(compare.writers.owners, info.UID)
}

// buildGives is what a setting of a build hands to it.
func (compare *composeComparison) buildGives(ctx context.Context, key string, words []string) string {
	switch key {
	case "privileged", "entitlements":
		return "the build root's rights on this box"
	case "network":
		return "the build this box's own network"
	case "ssh":
		return "the build root's keys for ssh"
	}
	if !slices.ContainsFunc(words, func(word string) bool { return !compare.ownedByWriters(ctx, word) }) {
		return ""
	}
	return "the build files of this box"
}

// mountGives is what a volume hands to a container that has not got it.
func (compare *composeComparison) mountGives(ctx context.Context, now, then docker.ContainerKeys, word string) string {
	source, readOnly := docker.MountSource(word)
	if source == "" {
		if reach := then.Reach[word]; reach != "" {
			return "what lies in a volume: " + reach
		}
		return ""
	}
	machine := compare.writers.look.machine
	resolved, err := machine.Resolve(ctx, source)
	if err != nil {
		resolved = source
	}
	for _, held := range now.Words["volumes"] {
		within, heldReadOnly := docker.MountSource(held)
		if within == "" || heldReadOnly && !readOnly {
			continue
		}
		if to, err := machine.Resolve(ctx, within); err == nil && sys.Within(to, resolved) {
			return ""
		}
	}
	if readOnly && compare.ownedByWriters(ctx, source) {
		return ""
	}
	return "a path of this box: " + string(sys.Safe(resolved))
}

// led are mounts that stay as they are written, and whose path somebody has made lead to
// what is not theirs since the container was started. A restart follows it too (G47).
func (compare *composeComparison) led(ctx context.Context, origin *Origin, start docker.ComposeStart, running docker.Container, prefix string) {
	machine := compare.writers.look.machine
	for _, word := range start.Keys.Words["volumes"] {
		source, _ := docker.MountSource(word)
		if source == "" {
			continue
		}
		deciders, err := sys.FindDeciders(ctx, machine, source)
		who := deciders.Names(compare.writers.accounts, compare.writers.except...)
		if err != nil || len(deciders.Led) == 0 || len(who) == 0 {
			continue
		}
		if running.PID != 0 && compare.mountedAlready(ctx, running, source) {
			continue
		}
		resolved, err := machine.Resolve(ctx, source)
		if err != nil {
			resolved = "what whoever made it may not read"
		}
		origin.LedBy = append(origin.LedBy, report.Source{Path: string(sys.Safe(source)), Who: who})
		origin.Led = append(origin.Led, report.KeyChange{
			Key: prefix + "volumes", Now: string(sys.Safe(word)), Then: string(sys.Safe(deciders.Led[0] + " now leads to " + resolved)),
			Gives: "a path of this box: " + string(sys.Safe(resolved)),
		})
	}
}

// mountedAlready tells whether a container has mounted what a path leads to now.
func (compare *composeComparison) mountedAlready(ctx context.Context, running docker.Container, source string) bool {
	inside := compare.known.Inside.Value
	if running.ID != compare.container.ID || !compare.known.Inside.Known {
		var err error
		if inside, err = compare.writers.look.insideOf(ctx, running); err != nil {
			return false
		}
	}
	return slices.ContainsFunc(inside.Mounts, func(mount MountState) bool {
		return mount.Source == source && !mount.Differs && mount.Problem == ""
	})
}

// environment names the variables that differ.
func (compare *composeComparison) environment(origin *Origin) {
	compose := compare.known.Compose.Value
	names := []string{}
	for name, fingerprint := range compose.Prints {
		if compose.Held[name] != fingerprint {
			names = append(names, string(sys.Safe(name)))
		}
	}
	if slices.Sort(names); len(names) > 0 && compare.container.State != docker.ContainerAbsent {
		origin.Changes = append(origin.Changes, report.KeyChange{Key: "environment", Then: strings.Join(names, ", ")})
	}
}
