package facts

import (
	"context"
	"path"
	"strings"

	"flasktui/sys"
	"flasktui/sys/docker"
)

// Sibling is a running container of another service of the same Compose project that holds
// the same app: a Celery or RQ worker, a scheduler (G14).
type Sibling struct {
	docker.Container
	// Mounted says that its code is mounted from this disk, at Source.
	Mounted bool   `json:"mounted,omitempty"`
	Source  string `json:"source,omitempty"`
	// Differences are files of the app that its image has otherwise than the disk. They
	// are looked for where it runs another image than the examined service.
	Differences []SourceDifference `json:"differences"`
}

// readSiblings looks into the other containers of the project.
func (look *look) readSiblings(ctx context.Context, known *Facts) func(*Facts) {
	const source = "docker inspect, /proc/PID/root"
	target, ok := known.TargetContainer()
	if !ok || target.Project == "" {
		return func(facts *Facts) { facts.Siblings = Missing[[]Sibling]("the service is no Compose service", source) }
	}
	siblings := []Sibling{}
	for _, container := range known.Containers.Value {
		if composeName(container) == "" || !sameProject(container, target) || container.Service == target.Service || container.PID == 0 || container.Identity() == known.Front.Value.Container {
			continue
		}
		if sibling, same := look.readSibling(ctx, known, target, container); same {
			siblings = append(siblings, sibling)
		}
	}
	return func(facts *Facts) { facts.Siblings = Of(siblings, source) }
}

// readSibling tells whether a container holds the examined app, by its image's name or by
// the app's module at the same path, and what it has otherwise.
func (look *look) readSibling(ctx context.Context, known *Facts, target, container docker.Container) (sibling Sibling, same bool) {
	sibling = Sibling{Container: container, Differences: []SourceDifference{}}
	same = container.ImageName != "" && container.ImageName == target.ImageName
	inside, err := look.insideOf(ctx, container)
	if err != nil {
		return sibling, same
	}
	module := strings.TrimPrefix(known.Settings.Value.Import.File, known.Inside.Value.Root)
	if module != "" {
		if _, err := look.machine.Resolve(ctx, inside.Root+module); err == nil {
			same = true
		}
	}
	if !same {
		return sibling, false
	}
	directory := known.Settings.Value.Directory
	if module != "" {
		directory = path.Dir(module)
	}
	if mount, over := inside.MountOver(directory); over && mount.Type == "bind" {
		sibling.Mounted, sibling.Source = true, mount.Source
		return sibling, known.InDeployment(mount.Source) || sys.Within(mount.Source, known.Deployment.Value.Active)
	}
	if container.ImageID != target.ImageID {
		trial := *known
		trial.Inside = Of(inside, inside.Root)
		sibling.Differences = look.compareSource(ctx, &trial).found.Differences
	}
	return sibling, true
}
