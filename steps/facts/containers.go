package facts

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/netip"
	"path"
	"slices"
	"strconv"
	"strings"

	"flasktui/sys"
	"flasktui/sys/docker"
	"flasktui/sys/proc"
)

// GroupContainers is what Docker runs, and what it would run of a project that was named.
func GroupContainers() Group {
	return Group{
		name: "containers", words: "containers",
		read:   (*look).readContainers,
		fields: []field{fieldOf("docker inspect", func(facts *Facts) *Fact[[]docker.Container] { return &facts.Containers })},
	}
}

// isRoot tells whether all rights are there already.
func (look *look) isRoot(ctx context.Context) bool {
	host, err := look.machine.Host(ctx)
	return err == nil && host.Privilege == sys.PrivilegeRoot
}

func (look *look) readContainers(ctx context.Context, known *Facts) func(*Facts) {
	containers, err := docker.ListContainers(ctx, look.machine)
	var problem sys.Text
	absentProblem := sys.Text("")
	switch {
	case errors.Is(err, docker.ErrPodman) && errors.Is(err, sys.ErrNeedsPrivilege) && !look.isRoot(ctx):
		problem = "root's Podman tells only root of its containers: run flasktui with sudo"
	case errors.Is(err, sys.ErrNeedsPrivilege) && !look.isRoot(ctx):
		problem = "this user may not use Docker: run flasktui with sudo, or as a user of the group docker"
	case errors.Is(err, docker.ErrElsewhere):
		problem = sys.Textf("%s; flasktui looks at this one alone: unset DOCKER_HOST, or choose another context", err)
	case err != nil:
		problem = sys.ErrorText(err)
	default:
		var absent []docker.Container
		listed := Facts{Options: known.Options, Containers: Of(containers, "")}
		if host, err := look.machine.Host(ctx); err == nil {
			listed.Host = Of(host, "")
		}
		absent, absentProblem = look.absentContainers(ctx, &listed)
		containers = append(containers, absent...)
	}
	return func(facts *Facts) {
		facts.AbsentProblem = absentProblem
		switch {
		case errors.Is(err, sys.ErrNoCommand):
			facts.Containers = Missing[[]docker.Container]("Docker is not installed", "docker ps")
		case len(containers) > 0:
			// Of several daemons one may have refused.
			facts.Containers = Of(containers, "docker inspect")
			facts.Containers.Problem = problem
		case err != nil:
			facts.Containers = Fact[[]docker.Container]{Why: whyOf(err), Problem: problem, Source: "docker ps"}
		default:
			facts.Containers = Of(containers, "docker inspect")
		}
	}
}

// GroupImages is the images of the project.
func GroupImages() Group {
	return Group{
		name: "images", words: "images",
		needs:  []func() Group{GroupTarget},
		read:   (*look).readImages,
		fields: []field{fieldOf("docker image inspect", func(facts *Facts) *Fact[map[string]docker.Image] { return &facts.Images })},
	}
}

// readImages asks for the images that the project's containers run, and for those that
// their tags name now.
func (look *look) readImages(ctx context.Context, known *Facts) func(*Facts) {
	const source = "docker image inspect"
	container, ok := known.TargetContainer()
	if !ok {
		return func(facts *Facts) {
			facts.Images = Missing[map[string]docker.Image]("the service is not a container", source)
		}
	}
	names := []string{container.ImageName, container.ImageID}
	for _, other := range known.Containers.Value {
		if sameProject(other, container) || sameTasks(other, container) {
			names = append(names, other.ImageName, other.ImageID)
		}
	}
	slices.Sort(names)
	images, err := docker.InspectImages(ctx, look.machine, container.Daemon, slices.DeleteFunc(slices.Compact(names), func(name string) bool { return name == "" })...)
	return func(facts *Facts) {
		if err != nil {
			facts.Images = unreadableFor[map[string]docker.Image](err, source)
			return
		}
		facts.Images = Of(images, source)
		if container.Project == "" && container.Swarm == nil {
			facts.RunLine = container.Run(images[container.ImageID])
		}
	}
}

// TargetContainer is the examined container; ok is false for a systemd unit.
func (facts *Facts) TargetContainer() (docker.Container, bool) {
	return facts.ContainerOf(facts.Target.Container)
}

// ContainerOf finds a container by its identity, which a cgroup names.
func (facts *Facts) ContainerOf(identity string) (docker.Container, bool) {
	for _, container := range facts.Containers.Value {
		if identity != "" && container.Identity() == identity {
			return container, true
		}
	}
	return docker.Container{}, false
}

// Replicas are all containers of the examined Compose service, the examined one first.
func (facts *Facts) Replicas() []docker.Container {
	target, ok := facts.TargetContainer()
	if !ok {
		return nil
	}
	replicas := []docker.Container{target}
	for _, container := range facts.Containers.Value {
		if container.Identity() != target.Identity() && sameProject(container, target) && composeName(container) != "" && composeName(container) == composeName(target) ||
			sameTasks(container, target) {
			replicas = append(replicas, container)
		}
	}
	return replicas
}

// composeName is the name by which a Compose service is called on the command line, a swarm's,
// or a container that is of neither; empty for one that `docker compose run` made for one command.
func composeName(container docker.Container) string {
	switch {
	case container.OneOff:
		return ""
	case container.Swarm != nil:
		return swarmPrefix + container.Swarm.Name
	case container.Daemon.IsPodman():
		return podmanPrefix + container.Name
	case container.Project == "":
		return dockerPrefix + container.Name
	}
	return composePrefix + container.Project + "/" + container.Service
}

// sameProject tells whether two containers are of one Compose project: one daemon's, as
// anybody may give a project of their own the name of another's.
func sameProject(one, other docker.Container) bool {
	return one.Project != "" && one.Project == other.Project && one.Daemon.Is(other.Daemon)
}

// sameTasks tells of another container that runs whether it is a task of the same service of a
// swarm. Of those that have ended the swarm keeps some, and starts none again.
func sameTasks(one, target docker.Container) bool {
	return one.Swarm != nil && target.Swarm != nil && one.PID != 0 && one.Identity() != target.Identity() && one.Swarm.Name == target.Swarm.Name && one.Daemon.Is(target.Daemon)
}

// ServiceName is composeName with the daemon's name, "compose:PROJECT/SERVICE@USER", for
// every daemon but root's and the caller's own: no label that somebody else puts on a
// container takes a name away from theirs.
func (facts *Facts) ServiceName(container docker.Container) string {
	name := composeName(container)
	if name == "" || facts.plainlyNamed(container) {
		return name
	}
	return name + "@" + container.Daemon.Name()
}

func (facts *Facts) plainlyNamed(container docker.Container) bool {
	if facts.foreign(container) {
		return false
	}
	// Of daemons that are all believed the first is meant, which docker itself would ask.
	for _, other := range facts.Containers.Value {
		if !facts.foreign(other) && composeName(other) == composeName(container) {
			return other.Daemon.Is(container.Daemon)
		}
	}
	return true
}

// foreign tells of a container whose daemon is neither root's nor the caller's own.
func (facts *Facts) foreign(container docker.Container) bool {
	owner := container.Daemon.Owner.UID
	return owner != 0 && (!facts.Host.Known || facts.Host.Value.UID != int(owner))
}

// containerOf chooses the container that stands for a Compose service: one that runs, and
// of several the one that was made last.
func containerOf(facts *Facts, service string) (docker.Container, bool) {
	var chosen docker.Container
	rank := func(container docker.Container) int {
		if container.PID != 0 {
			return 1
		}
		return 0
	}
	for _, container := range facts.Containers.Value {
		if name := facts.ServiceName(container); name == "" || name != service && composeName(container)+"@"+container.Daemon.Name() != service {
			continue
		}
		if chosen.ID == "" || cmp.Or(cmp.Compare(rank(container), rank(chosen)), container.Created.Compare(chosen.Created)) > 0 {
			chosen = container
		}
	}
	return chosen, chosen.ID != ""
}

// PublishedAddresses are the addresses of this box that lead into the examined container.
func (facts *Facts) PublishedAddresses() []string {
	var addresses []string
	for _, replica := range facts.Replicas() {
		for _, port := range replica.Ports {
			addresses = append(addresses, net.JoinHostPort(cmp.Or(port.HostIP, "0.0.0.0"), strconv.Itoa(port.HostPort)))
		}
	}
	slices.Sort(addresses)
	return slices.Compact(addresses)
}

// containerListeners are the sockets of a server in a container, as the box reaches
// them: at the published ports, and at the container's own addresses.
func (facts *Facts) containerListeners(server Server, held []uint64) []proc.Listener {
	container, known := facts.ContainerOf(server.Master.Cgroup.Container)
	var reached []proc.Listener
	for _, inside := range server.Listeners {
		switch {
		case !slices.Contains(held, inside.Inode):
		case facts.holdsListener(inside.Inode):
			reached = append(reached, inside)
		case !known:
		case inside.Path != "":
			if outside, ok := throughMount(container, inside.Path); ok {
				reached = append(reached, proc.Listener{Path: outside, Inode: inside.Inode})
			}
		default:
			reached = append(reached, publishedListeners(container, inside)...)
		}
	}
	return reached
}

// holdsListener tells whether a socket is one of the box's own network.
func (facts *Facts) holdsListener(inode uint64) bool {
	return slices.ContainsFunc(facts.Listeners.Value, func(listener proc.Listener) bool { return listener.Inode == inode })
}

func publishedListeners(container docker.Container, inside proc.Listener) []proc.Listener {
	var reached []proc.Listener
	bound := inside.Address.Addr().Unmap()
	if bound.IsLoopback() {
		// Nothing outside of the container gets there.
		return nil
	}
	add := func(host string, port uint16) {
		if address, err := netip.ParseAddr(cmp.Or(host, "0.0.0.0")); err == nil {
			reached = append(reached, proc.Listener{Address: netip.AddrPortFrom(address, port), Inode: inside.Inode})
		}
	}
	for _, port := range container.Ports {
		if port.ContainerPort == int(inside.Address.Port()) {
			add(port.HostIP, uint16(port.HostPort)) //nolint:gosec // parsed as 16 bits
		}
	}
	if container.Daemon.Rootless() {
		return reached
	}
	for _, address := range container.Addresses {
		if bound.IsUnspecified() || bound.String() == address {
			add(address, inside.Address.Port())
		}
	}
	return reached
}

// throughMount is where the box has a path of a container; ok is false where no mount
// leads there.
func throughMount(container docker.Container, name string) (outside string, ok bool) {
	var best docker.Mount
	for _, mount := range container.Mounts {
		if sys.Within(mount.Destination, name) && len(mount.Destination) > len(best.Destination) {
			best = mount
		}
	}
	if best.Source == "" {
		return "", false
	}
	return path.Join(best.Source, strings.TrimPrefix(name, best.Destination)), true
}

// containerAddresses are where the box reaches the container's Gunicorn; while none runs,
// the ports that it would open.
func (facts *Facts) containerAddresses(main Server, running bool) []string {
	var addresses []string
	if running {
		for _, listener := range facts.ListenersOf(main) {
			addresses = append(addresses, ListenerAddress(listener))
		}
	}
	if len(addresses) == 0 {
		addresses = facts.PublishedAddresses()
	}
	return addresses
}
