package facts

import (
	"bytes"
	"cmp"
	"context"
	"net"
	"net/netip"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"flasktui/sys"
	"flasktui/sys/docker"
	"flasktui/sys/hosts"
	"flasktui/sys/nginx"
	"flasktui/sys/proc"
)

// Front is an Nginx in a container that sends requests to the examined service: the usual
// layout of a Compose project that brings its own.
type Front struct {
	// Container is the identity of the container, Name its name, Service its Compose service.
	Container string `json:"container"`
	Name      string `json:"name"`
	Service   string `json:"service,omitempty"`
	// Program is Nginx's own path in the container, Options those that say which
	// configuration it reads.
	Program string   `json:"program"`
	Options []string `json:"options"`
	Inside  Inside   `json:"inside"`
	// Config is its configuration as the box has what it names, and Names what the host names
	// of its backends lead to in the container.
	Config nginx.Config        `json:"config"`
	Names  map[string][]string `json:"names"`
	// Server and Location are the block that sends requests to the service.
	Server   nginx.Server   `json:"server"`
	Location nginx.Location `json:"location"`
	// ByAddress says that the block leads to an address of the service as it runs now;
	// otherwise it names the service, which has no address while it does not run.
	ByAddress bool `json:"by_address,omitempty"`
	// Edge is the box's own Nginx before this one; nil for none.
	Edge *FrontEdge `json:"edge"`
}

// FrontEdge is the block of the box's own Nginx that passes requests to a Front: visitors
// come in by it.
type FrontEdge struct {
	Server   nginx.Server   `json:"server"`
	Location nginx.Location `json:"location"`
	// ChangedAt is when its file was last written, LoadedAt when the box's Nginx read its
	// configuration.
	ChangedAt time.Time `json:"changed_at,omitzero"`
	LoadedAt  time.Time `json:"loaded_at,omitzero"`
}

// GroupFront is an Nginx in a container that stands before the service.
func GroupFront() Group {
	return Group{
		name: "front", words: "an Nginx in a container",
		needs:  []func() Group{GroupTarget},
		read:   (*look).readFront,
		fields: []field{fieldOf("/proc/PID/root", func(facts *Facts) *Fact[Front] { return &facts.Front })},
	}
}

// readFront looks for an Nginx in a container that leads to the service, where none on the
// box itself does. Its files are read through /proc/PID/root; nothing is run in it.
func (look *look) readFront(ctx context.Context, known *Facts) func(*Facts) {
	const source = "/proc/PID/root of containers with an Nginx"
	masters := known.containedNginx()
	switch {
	case !known.NginxDisk.Known && !known.NginxDisk.Absent():
		return func(facts *Facts) { facts.Front = restsOn[Front](known.NginxDisk, source) }
	case len(masters) == 0:
		return func(facts *Facts) { facts.Front = Missing[Front]("no Nginx runs in a container", source) }
	case known.boxLeadsTo(known.ownAddresses()):
		return func(facts *Facts) { facts.Front = Missing[Front]("the box's own Nginx leads to the service", source) }
	}
	var best *Front
	var problem sys.Text
	for _, master := range masters {
		container, _ := known.ContainerOf(master.Cgroup.Container)
		if !look.isContainersOwn(ctx, container, master) {
			continue
		}
		front, err := look.readContainedNginx(ctx, known, container, master)
		switch {
		case err != nil && known.sameProject(container):
			problem = sys.Textf("%s: %s", container.Name, err)
		case err != nil:
		case !known.leadsHere(&front):
			if passes := passesOf(front.Config); known.sameProject(container) && len(passes) > 0 {
				problem = sys.Textf("%s sends requests to %s, which is not known to be this service", container.Name, strings.Join(passes, ", "))
			}
		case best == nil || known.sameProject(container) && !known.sameProject(known.frontContainer(*best)):
			best = &front
			best.Edge = look.frontEdge(ctx, known, publishedOf(container))
		}
	}
	switch {
	case best != nil:
		return func(facts *Facts) { facts.Front = Of(*best, best.Inside.Root) }
	case problem != "":
		return func(facts *Facts) { facts.Front = Unreadable[Front](problem, source) }
	}
	return func(facts *Facts) {
		facts.Front = Missing[Front]("no Nginx in a container leads to the service", source)
	}
}

func (facts *Facts) frontContainer(front Front) docker.Container {
	container, _ := facts.ContainerOf(front.Container)
	return container
}

// containedNginx are the masters of Nginx in containers that are known.
func (facts *Facts) containedNginx() []NginxProcess {
	var masters []NginxProcess
	for _, process := range facts.Processes.Value.Nginx {
		container, ok := facts.ContainerOf(process.Cgroup.Container)
		if ok && process.Role == "master" && container.PID != 0 && facts.mayStandBefore(container) {
			masters = append(masters, process)
		}
	}
	return masters
}

// isContainersOwn tells whether a master runs as the user whom the container was started
// as: commands in it run as that one, with the configuration that the master's title names,
// and anybody in there may bear the title.
func (look *look) isContainersOwn(ctx context.Context, container docker.Container, master NginxProcess) bool {
	first, err := proc.ReadProcess(ctx, look.machine, look.boot, container.PID)
	return err == nil && first.OwnedBy(first.UID) && master.OwnedBy(first.UID)
}

func (facts *Facts) sameProject(container docker.Container) bool {
	own, ok := facts.TargetContainer()
	return ok && sameProject(own, container)
}

// boxLeadsTo tells whether a block of the box's own Nginx sends requests to one of the
// addresses.
func (facts *Facts) boxLeadsTo(addresses []string) bool {
	return slices.ContainsFunc(facts.NginxDisk.Value.Servers, func(server nginx.Server) bool {
		return facts.locationTo(&server, addresses) != nil
	})
}

// frontEdge is the block of the box's own Nginx that leads to one of the addresses: for a
// URL that was given, only if it is the one that answers for it.
func (look *look) frontEdge(ctx context.Context, known *Facts, addresses []string) *FrontEdge {
	config := known.NginxDisk.Value
	servers := config.Servers
	if parsed, err := url.Parse(known.Options.URL); err == nil && known.Options.URL != "" {
		servers = config.ServersFor(parsed.Hostname(), portOf(parsed))
		servers = servers[:min(len(servers), 1)]
	}
	for index := range servers {
		location := known.locationTo(&servers[index], addresses)
		if location == nil {
			continue
		}
		edge := FrontEdge{Server: servers[index], Location: *location, LoadedAt: known.NginxLoadedAt()}
		if resolved, err := look.machine.Resolve(ctx, edge.Server.File); err == nil {
			if info, err := look.machine.Stat(ctx, resolved); err == nil {
				edge.ChangedAt = info.ContentTime()
			}
		}
		return &edge
	}
	return nil
}

// publishedOf are the addresses of this box that lead into a container.
func publishedOf(container docker.Container) []string {
	var addresses []string
	for _, port := range container.Ports {
		addresses = append(addresses, net.JoinHostPort(cmp.Or(port.HostIP, "0.0.0.0"), strconv.Itoa(port.HostPort)))
	}
	return addresses
}

// passesOf are the arguments of proxy_pass in a configuration.
func passesOf(config nginx.Config) []string {
	var passes []string
	for _, server := range config.Servers {
		for _, location := range server.Locations {
			if location.Pass != "" && !slices.Contains(passes, location.Pass) {
				passes = append(passes, location.Pass)
			}
		}
	}
	return passes
}

// readContainedNginx reads the configuration of an Nginx in a container, as the box sees
// what it names.
func (look *look) readContainedNginx(ctx context.Context, known *Facts, container docker.Container, master NginxProcess) (Front, error) {
	inside, err := look.insideOf(ctx, container)
	if err != nil {
		return Front{}, err
	}
	title := ""
	if len(master.Argv) > 0 {
		title = master.Argv[0]
	}
	config, err := nginx.ReadUnder(ctx, look.machine, inside.Root, title)
	if err != nil {
		return Front{}, err
	}
	front := Front{
		Container: container.Identity(), Name: container.Name, Service: container.Service, Inside: inside,
		Program: cmp.Or(master.Executable, "nginx"), Options: nginx.Options(title),
		Config: config.Placed(nginx.Placing{
			File:    inside.OnBox,
			Listens: func(listen nginx.Listen) []nginx.Listen { return listensOnBox(container, listen) },
			Backend: func(address string) string { return backendOnBox(container, address) },
		}),
	}
	if container.HostNetwork {
		front.Names = look.lookUpBackends(ctx, front.Config)
		return front, nil
	}
	addresses := map[string][]netip.Addr{}
	if content, err := look.readResolved(ctx, path.Join(inside.Root, "etc/hosts"), 1<<20); err == nil {
		addresses, _ = hosts.ParseFile(bytes.NewReader(content))
	}
	front.Names = backendNames(front.Config)
	for host := range front.Names {
		front.Names[host] = known.namedInNetworks(container, addresses, host)
	}
	return front, nil
}

// namedInNetworks are the addresses that a name leads to in a container: those of its own
// /etc/hosts, or of the containers that carry the name in a network that both are in, which
// is what Docker's own resolver answers.
func (facts *Facts) namedInNetworks(from docker.Container, hosts map[string][]netip.Addr, host string) []string {
	var addresses []string
	for _, address := range hosts[strings.ToLower(host)] {
		addresses = append(addresses, address.String())
	}
	if len(addresses) > 0 {
		return addresses
	}
	for _, other := range facts.Containers.Value {
		if !other.Daemon.Is(from.Daemon) {
			// It has networks of its own, whatever their names.
			continue
		}
		for network := range from.Addresses {
			if address := other.Addresses[network]; address != "" && carriesName(other, network, host) {
				addresses = append(addresses, address)
			}
		}
	}
	slices.Sort(addresses)
	return slices.Compact(addresses)
}

func carriesName(container docker.Container, network, host string) bool {
	return slices.ContainsFunc(container.Aliases[network], func(alias string) bool { return strings.EqualFold(alias, host) })
}

// leadsHere finds the block that sends requests to the service: to an address at which it
// listens, or, while it does not run, by a name that it has.
func (facts *Facts) leadsHere(front *Front) bool {
	trial := *facts
	trial.Front = Of(*front, "")
	own := trial.ownAddresses()
	for index := range front.Config.Servers {
		server := &front.Config.Servers[index]
		location := trial.locationTo(server, own)
		front.ByAddress = location != nil
		if location == nil {
			location = trial.locationNaming(server)
		}
		if location != nil {
			front.Server, front.Location = *server, *location
			return true
		}
	}
	return false
}

// locationNaming is the location that sends requests to a name of the examined service's
// containers.
func (facts *Facts) locationNaming(server *nginx.Server) *nginx.Location {
	for index := range server.Locations {
		location := &server.Locations[index]
		for _, backend := range facts.NginxDisk.Value.Backends(*location) {
			host := backendName(backend.Address)
			for _, replica := range facts.Replicas() {
				for network := range replica.Aliases {
					if location.Pass != "" && host != "" && carriesName(replica, network, host) {
						return location
					}
				}
			}
		}
	}
	return nil
}

// GroupFrontSource is what the image of the project's own Nginx was built from.
func GroupFrontSource() Group {
	return Group{
		name: "front-source", words: "the source of Nginx's image",
		needs:  []func() Group{GroupDeployment, GroupImages, GroupFront},
		read:   (*look).readFrontSource,
		fields: []field{fieldOf("/proc/PID/root", func(facts *Facts) *Fact[ImageSource] { return &facts.FrontSource })},
	}
}

// readFrontSource compares the image of the Nginx that stands before the service, where the
// same Compose project builds it, with what it is built from (G60).
func (look *look) readFrontSource(ctx context.Context, known *Facts) func(*Facts) {
	const from = "the files of the build's context, and /proc/PID/root"
	target, ok := known.TargetContainer()
	front, inContainer := known.ContainerOf(known.Front.Value.Container)
	service, described := known.Compose.Value.Others[front.Service]
	if !ok || !inContainer || front.ID == target.ID || !sameProject(front, target) || !described || service.Build == nil {
		return func(facts *Facts) {
			facts.FrontSource = Missing[ImageSource]("no Nginx before the service has an image that the same Compose project builds", from)
		}
	}
	compose := ComposeFacts{
		Compose: docker.Compose{Service: &service, Reader: known.Compose.Value.Reader}, Project: known.Compose.Value.Project,
		ImageBuild: ImageBuild{Copies: []SourceCopy{}},
	}
	look.readBuild(ctx, &compose, known.Options.AppDir)
	trial := *known
	trial.Target.Container, trial.Compose = known.Front.Value.Container, Of(compose, known.Compose.Source)
	trial.Settings, trial.Inside = Fact[Settings]{}, Of(known.Front.Value.Inside, from)
	source := look.imageSource(ctx, &trial)
	return func(facts *Facts) { facts.FrontSource = source }
}
