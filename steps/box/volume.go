package box

import (
	"slices"

	"flasktui/steps/facts"
	"flasktui/sys/docker"
)

// HidingVolume is the named volume that hides files of the service's image; ok is false for
// none.
func (b *Box) HidingVolume() (facts.VolumeContent, bool) {
	volumes := b.ImageSource.Value.Volumes
	if len(volumes) == 0 {
		return facts.VolumeContent{}, false
	}
	return volumes[0], true
}

// MountersOf are the containers of the service's Docker that have a volume mounted, whether
// they run or not: Docker removes none that any of them has (G61). The service's own come
// first, since a volume is filled from the image of the first that is made with it.
func (b *Box) MountersOf(volume string) []docker.Container {
	target, _ := b.TargetContainer()
	var own, others []docker.Container
	for _, container := range b.Containers.Value {
		mounts := slices.ContainsFunc(container.Mounts, func(mount docker.Mount) bool { return mount.Type == "volume" && mount.Name == volume })
		switch {
		case !mounts || !container.Daemon.Is(target.Daemon):
		case container.Project == target.Project && container.Service == target.Service:
			own = append(own, container)
		default:
			others = append(others, container)
		}
	}
	return append(own, others...)
}

// UsersOf are the services of the project that have a volume mounted, the examined one first,
// and the containers of others that do.
func (b *Box) UsersOf(volume string) (services, strangers []string) {
	target, _ := b.TargetContainer()
	for _, container := range b.MountersOf(volume) {
		switch {
		case container.Project != target.Project:
			strangers = append(strangers, container.Name)
		case !slices.Contains(services, container.Service):
			services = append(services, container.Service)
		}
	}
	return services, strangers
}
