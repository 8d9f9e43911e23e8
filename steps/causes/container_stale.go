package causes

import (
	"cmp"
	"slices"
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/fixes"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/steps/walk"
	"flasktui/sys"
	"flasktui/sys/docker"
)

func containerStale() Kind {
	return Kind{
		ID: "container-stale", Title: "The container does not run what is on disk",
		Step:  walk.Containers().Number,
		Claim: report.ClaimConfiguration,
		Hop:   report.HopMaster, instead: "its container is not what is on disk",
		marks:  []Moment{ContainerStarted},
		common: true,
		find:   findContainer,
		page: guide.Page{
			What: "The running container was made from an older image, or with other mounts or another environment than the disk " +
				"has now; or the image itself is older than its source.",
			How: "Build without recreate; `docker compose restart`, which applies nothing; a build that took `git clone` from its " +
				"cache; a named volume that hides the new files; a single mounted file that was replaced by a new one.",
			Commands: []string{
				"docker inspect {container} --format '{{.Image}} {{.Created}}'",
				"docker image inspect \"$(docker inspect {container} --format '{{.Config.Image}}')\" --format '{{.Id}} {{.Created}}'",
				"docker compose -p {project} config --hash {service}",
				"docker inspect {container} --format '{{index .Config.Labels \"com.docker.compose.config-hash\"}}'",
			},
			Prevent: "Build, recreate, and check from outside. Mount directories, not single files, and no volume over code.",
			Guard: []string{
				"docker compose build --pull {service}",
				"docker compose up -d {service}",
				"flasktui check compose:{project}/{service} --expect \"$RELEASE\" --retry-timeout 60s",
			},
			See: []string{"docker-recreate", "docker-up", "containers"},
		},
	}
}

// findContainer puts together whatever shows that the container is not what is on disk.
// Each sight of it is a function of its own, the one that explains most first.
func findContainer(b *box.Box) *report.Finding {
	if _, ok := b.TargetContainer(); !ok {
		return nil
	}
	var seen []*report.Finding
	for _, look := range []func(*box.Box) *report.Finding{
		containerNotStarted, containerNotOnPort, containerOlderThanSource, containerOtherwiseSet, frontOlderThanSource, containerImageReplaced, taskNotUpdated,
		containerConfigChanged, containerVolumeHides, containerMountReplaced, containerFromOtherFiles,
	} {
		if finding := look(b); finding != nil {
			seen = append(seen, finding)
		}
	}
	if len(seen) == 0 {
		return nil
	}
	// What is merely possible adds nothing to what is known.
	if decided := slices.DeleteFunc(slices.Clone(seen), func(finding *report.Finding) bool { return !finding.Decides() }); len(decided) > 0 {
		seen = decided
	}
	whole := *seen[0]
	for _, further := range seen[1:] {
		whole.Why += " " + further.Why
		whole.Evidence = append(whole.Evidence, further.Evidence...)
		if whole.Advice == "" {
			whole.Advice = further.Advice
		}
		for _, fix := range further.Fixes {
			if !slices.Contains(whole.Fixes, fix) {
				whole.Fixes = append(whole.Fixes, fix)
			}
		}
	}
	if fixes.ContainerRestartRefusal(b) != "" && len(whole.Fixes) > 0 {
		// It is what people try first: it is shown last, with why it is no cure.
		restart := fixes.Restart().ID
		whole.Fixes = append(slices.DeleteFunc(whole.Fixes, func(id string) bool { return id == restart }), restart)
	}
	return &whole
}

// containerNotStarted sees a container that was made and never started, which is how an
// `up` that was interrupted half-way leaves it.
func containerNotStarted(b *box.Box) *report.Finding {
	container, found := b.NeverStarted()
	if !found {
		return nil
	}
	own, _ := b.TargetContainer()
	finding := &report.Finding{
		Confidence: report.Certain,
		Evidence:   []report.Evidence{report.Observed("container", sys.Textf("%s, state %s", container.Name, container.State), box.DockerLine(container, "inspect", container.Name))},
		Fixes:      fixes.IDs(fixes.DockerUp),
	}
	switch {
	case container.ID != own.ID:
		finding.Confidence = report.Likely
		finding.Why = sys.Textf("%s was made at %s to take the place of %s, and was never started: somebody's `docker compose up` was interrupted half-way. The old container still answers.",
			container.Name, b.Clock(container.Created), own.Name)
		finding.Evidence[0].Label = "made, not started"
	case container.Error != "":
		finding.Why = sys.Textf("%s was made at %s and could not be started: %s.", container.Name, b.Clock(container.Created), strings.TrimSuffix(container.Error, "."))
	default:
		finding.Why = sys.Textf("%s was made at %s and was never started: `docker compose up` was interrupted half-way. No process of the service runs.",
			container.Name, b.Clock(container.Created))
	}
	return finding
}

// containerNotOnPort sees the site's port held by a container of another project that has
// the same directory or the same service in it (G48).
func containerNotOnPort(b *box.Box) *report.Finding {
	own, _ := b.TargetContainer()
	if own.Project == "" || own.State == "running" && len(b.PublishedAddresses()) > 0 {
		// One that has a port of its own can be sent to.
		return nil
	}
	for _, server := range b.Serving {
		if b.IsOwn(server) {
			continue
		}
		for _, other := range b.Containers.Value {
			if other.Identity() != server.Master.Cgroup.Container || other.Service != own.Service && other.ProjectDir != own.ProjectDir {
				continue
			}
			return &report.Finding{
				Confidence: report.Certain,
				Why: sys.Textf("Requests for the site reach %s, a container of the Compose project %s, and not %s of the project %s. Whatever is done to this one, the other answers.",
					other.Name, other.Project, own.Name, own.Project),
				Evidence: []report.Evidence{
					report.Observed("who answers", sys.Textf("%s (process %d)", other.Name, server.Master.PID), box.DockerLine(other, "inspect", other.Name)),
					report.Observed("its project", sys.Textf("%s in %s", other.Project, other.ProjectDir), "label com.docker.compose.project"),
				},
				Advice: takeDownAdvice(b, own, other),
			}
		}
	}
	return nil
}

// takeDownAdvice is what to do about a container that answers in another one's place.
func takeDownAdvice(b *box.Box, own, other docker.Container) sys.Text {
	if !other.Daemon.Is(own.Daemon) {
		return sys.Textf("It runs in another Docker (%s). Whoever runs that one can take it down there; this one can then be started at its port. To look at it: flasktui check %s",
			cmp.Or(other.Daemon.Name(), "the system's own"), b.ServiceName(other))
	}
	return sys.Textf("If %s is a left-over of an earlier name of the project, take it down (docker compose -p %s down) and start this one (docker compose -p %s up -d). To look at it: flasktui check %s",
		other.Project, other.Project, own.Project, b.ServiceName(other))
}

// containerVolumeHides sees code of the image hidden by a volume that was filled from an
// earlier one (G44, G45). Static files alone are told as such.
func containerVolumeHides(b *box.Box) *report.Finding {
	hidden := hiddenByVolume(b, func(difference facts.SourceDifference) bool { return !difference.Static })
	if len(hidden) == 0 {
		return nil
	}
	first := hidden[0]
	finding := &report.Finding{
		Confidence: report.Certain,
		Why: sys.Textf("The volume %s lies over %s in the container: it was filled when it was made, and hides what newer images have there. A new image or container does not change it.",
			first.Volume, first.Inside),
		Advice: volumeAdvice(b, first),
		Fixes:  volumeFixes(b),
	}
	for _, one := range hidden[:min(len(hidden), 3)] {
		finding.Evidence = append(finding.Evidence, report.Observed("differs", sys.Textf("%s is not %s", one.Inside, one.Path), sys.Textf("sha256sum; mount of the volume %s", one.Volume)))
	}
	return finding
}
