package facts

import (
	"context"
	"errors"
	"maps"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"flasktui/sys"
	"flasktui/sys/hosts"
	"flasktui/sys/nginx"
	"flasktui/sys/proc"
)

// GroupNginx is the configuration that the box's own Nginx would load now.
func GroupNginx() Group {
	return Group{
		name: "nginx", words: "the Nginx configuration",
		read:   (*look).readNginx,
		fields: []field{fieldOf("nginx -T", func(facts *Facts) *Fact[nginx.Config] { return &facts.NginxDisk })},
	}
}

func (look *look) readNginx(ctx context.Context, _ *Facts) func(*Facts) {
	// Where the processes cannot be listed, no other one than that of PATH is known.
	masters, _ := look.boxMasters(ctx)
	installation, pid, err := runningNginx(masters)
	if err != nil {
		return func(facts *Facts) { facts.NginxDisk = unreadableFor[nginx.Config](err, "the processes called nginx") }
	}
	config, output, err := installation.ReadConfig(ctx, look.machine)
	const byFile = "the files of Nginx's configuration"
	source := strings.Join(installation.Argv("-T"), " ")
	switch {
	case config.Untested != "":
		source = byFile
	case output.Elevated:
		source = "sudo -n " + source
	}
	if errors.Is(err, sys.ErrNeedsPrivilege) {
		if found, readErr := look.readNginxByFile(ctx, installation, masters); readErr == nil {
			found.Untested = sys.Textf("%s", err)
			config, source, err = found, byFile, nil
		}
	}
	if pid != 0 {
		config.Started, config.PID = &installation, pid
	}
	names := look.lookUpBackends(ctx, config)
	return func(facts *Facts) {
		facts.NginxNames = names
		switch {
		case errors.Is(err, sys.ErrNoCommand):
			facts.NginxDisk = Missing[nginx.Config]("Nginx is not installed", source)
		case err != nil:
			facts.NginxDisk = unreadableFor[nginx.Config](err, source)
		default:
			facts.NginxDisk = Of(config, source)
		}
	}
}

// boxMasters are the masters that run on the box itself as root, or as who looks, by their
// titles: whoever else bears such a title is no Nginx of the box.
func (look *look) boxMasters(ctx context.Context) (map[string]proc.Process, error) {
	argvs, _, err := look.readAllArgv(ctx)
	if err != nil {
		return nil, err
	}
	host, err := look.machine.Host(ctx)
	if err != nil {
		return nil, err
	}
	masters := map[string]proc.Process{}
	for pid, argv := range argvs {
		if role, _, ok := nginx.Title(argv); !ok || role != "master" {
			continue
		}
		process, err := proc.ReadProcess(ctx, look.machine, look.boot, pid)
		if err == nil && process.Cgroup.Container == "" && (look.isRoots(ctx, process) || process.OwnedBy(host.UID)) {
			masters[argv[0]] = process
		}
	}
	return masters, nil
}

// runningNginx is the installation that runs, and its master; without a pid the one of PATH,
// where that runs, or none does.
func runningNginx(masters map[string]proc.Process) (nginx.Installation, int, error) {
	found, pid := nginx.Installed(), 0
	for title, process := range masters {
		installation := nginx.StartedAs(title, process.Executable)
		switch {
		case installation.IsInstalled():
			return installation, 0, nil
		case pid != 0:
			return nginx.Installation{}, 0, errors.New("several Nginx run on this box, each with a configuration of its own and none as PATH's would: which of them is the site's is not known")
		}
		found, pid = installation, process.PID
	}
	return found, pid, nil
}

// readNginxByFile reads the configuration of the Nginx that runs on the box itself without
// Nginx's help, which only root gets. The command line of the master says where it lies:
// that of root's, or else of one's own.
func (look *look) readNginxByFile(ctx context.Context, installation nginx.Installation, masters map[string]proc.Process) (nginx.Config, error) {
	if !installation.IsInstalled() {
		return installation.ReadFiles(ctx, look.machine)
	}
	switch len(masters) {
	case 0:
		return nginx.Config{}, errors.New("no Nginx of root's runs on the box itself")
	case 1:
		for title := range masters {
			return nginx.ReadUnder(ctx, look.machine, "", title)
		}
	}
	return nginx.Config{}, errors.New("several processes call themselves the Nginx of the box, with different command lines")
}

// mostNames bounds how many names are looked up: on a box with very many sites, those of
// the others do not matter.
const mostNames = 16

// lookUpBackends resolves the host names to which Nginx sends requests.
func (look *look) lookUpBackends(ctx context.Context, config nginx.Config) map[string][]string {
	names := backendNames(config)
	var lock sync.Mutex
	var group sync.WaitGroup
	for host := range maps.Clone(names) {
		group.Go(func() {
			addresses, err := hosts.LookUp(ctx, look.machine, host)
			if err != nil {
				return
			}
			lock.Lock()
			defer lock.Unlock()
			for _, address := range addresses {
				names[host] = append(names[host], address.String())
			}
		})
	}
	group.Wait()
	return names
}

// backendNames are the host names among the backends of a configuration, without their
// addresses.
func backendNames(config nginx.Config) map[string][]string {
	names := map[string][]string{}
	for _, server := range config.Servers {
		for _, location := range server.Locations {
			for _, backend := range config.Backends(location) {
				if host := backendName(backend.Address); host != "" && len(names) < mostNames {
					names[host] = nil
				}
			}
		}
	}
	return names
}

// backendName is the host name in an address; empty for a Unix socket or an IP address.
func backendName(address string) string {
	if strings.HasPrefix(address, unixPrefix) {
		return ""
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil || host == "" {
		return ""
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return ""
	}
	return host
}

// SiteNginx is the configuration of the Nginx that stands before the service: of the one in a
// container, where there is such a Front, else of the box's own. Where it is not known whether
// there is one, neither is what stands before the service, unless the box's own leads to it.
func (facts *Facts) SiteNginx() Fact[nginx.Config] {
	switch front := facts.Front; {
	case front.Known:
		return Of(front.Value.Config, "the files of "+front.Value.Name+", through "+front.Value.Inside.Root)
	case front.Why != "" && !front.Absent() && !facts.ownNginxLeadsHere():
		return restsOn[nginx.Config](front, front.Source)
	}
	return facts.NginxDisk
}

// ownNginxLeadsHere tells whether a block of the box's own Nginx sends requests to the service.
func (facts *Facts) ownNginxLeadsHere() bool {
	alone := *facts
	alone.Front = Fact[Front]{}
	return alone.boxLeadsTo(alone.ownAddresses())
}

// BackendNames are what the host names of SiteNginx's backends resolve to now; the running
// Nginx may hold another address (G30).
func (facts *Facts) BackendNames() map[string][]string {
	if facts.Front.Known {
		return facts.Front.Value.Names
	}
	return facts.NginxNames
}

// BackendAddresses are the addresses behind a location, host names resolved; a name that
// could not be resolved stands for itself.
func (facts *Facts) BackendAddresses(location nginx.Location) []string {
	var addresses []string
	for _, backend := range facts.SiteNginx().Value.Backends(location) {
		if backend.Down || backend.Backup {
			continue
		}
		host := backendName(backend.Address)
		resolved := facts.BackendNames()[host]
		if host == "" || len(resolved) == 0 {
			addresses = append(addresses, backend.Address)
			continue
		}
		_, port, _ := net.SplitHostPort(backend.Address)
		for _, address := range resolved {
			addresses = append(addresses, net.JoinHostPort(address, port))
		}
	}
	return addresses
}

// throughNginx follows addresses at which Nginx itself listens (an edge block before the
// site's own) to where the requests end.
func (facts *Facts) throughNginx(addresses []string, host string) []string {
	const mostHops = 4
	for range mostHops {
		var next []string
		followed := false
		for _, address := range addresses {
			inner := facts.innerBackends(address, host)
			followed = followed || inner != nil
			if inner == nil {
				inner = []string{address}
			}
			next = append(next, inner...)
		}
		addresses = next
		if !followed {
			break
		}
	}
	return addresses
}

// innerBackends are the backends of the block of this very Nginx that answers at an
// address for a host; nil where Nginx does not listen there.
func (facts *Facts) innerBackends(address, host string) []string {
	config := facts.SiteNginx().Value
	if strings.HasPrefix(address, unixPrefix) || len(facts.ServersAt(address)) > 0 {
		return nil
	}
	listens := slices.ContainsFunc(config.Servers, func(server nginx.Server) bool {
		return slices.ContainsFunc(server.Listens, func(listen nginx.Listen) bool {
			return SameBind(address, strings.Replace(listen.Address, "*:", "0.0.0.0:", 1))
		})
	})
	servers := config.ServersAt(address, host)
	if !listens || len(servers) == 0 {
		return nil
	}
	location, ok := servers[0].LocationFor("/")
	if !ok || location.Pass == "" {
		return nil
	}
	return facts.BackendAddresses(location)
}

// SiteBackends are where requests for the site end.
func (facts *Facts) SiteBackends(address SiteAddress) []string {
	if address.Location == nil || address.Location.Pass == "" {
		return nil
	}
	host := ""
	if parsed, err := url.Parse(address.URL); err == nil {
		host = parsed.Hostname()
	}
	return facts.throughNginx(facts.BackendAddresses(*address.Location), host)
}

// NginxWorkers are the workers that take new requests, of the Nginx that stands before the
// service: the box's own whose configuration is read, or the one in the container Front.
func (facts *Facts) NginxWorkers() []NginxProcess {
	others := map[int]bool{}
	for _, process := range facts.Processes.Value.Nginx {
		if process.Role == "master" && process.Cgroup.Container == "" && !facts.isBoxNginx(process) {
			others[process.PID] = true
		}
	}
	var workers []NginxProcess
	for _, process := range facts.Processes.Value.Nginx {
		if process.Role == "worker" && !process.ShuttingDown && process.Cgroup.Container == facts.Front.Value.Container && !others[process.PPID] {
			workers = append(workers, process)
		}
	}
	return workers
}

// isBoxNginx tells the master of the Nginx whose configuration NginxDisk is from another one
// that runs beside it.
func (facts *Facts) isBoxNginx(process NginxProcess) bool {
	if pid := facts.NginxDisk.Value.PID; pid != 0 {
		return process.PID == pid
	}
	return len(process.Argv) == 0 || nginx.StartedAs(process.Argv[0], process.Executable).IsInstalled()
}

// NginxLoadedAt is when the running configuration was read: the start of the newest
// worker; the zero time where no worker runs. A worker that crashed and was started again
// is younger than the configuration, so the oldest worker is the safer witness.
func (facts *Facts) NginxLoadedAt() time.Time {
	var at time.Time
	for _, worker := range facts.NginxWorkers() {
		if at.IsZero() || worker.Started.Before(at) {
			at = worker.Started
		}
	}
	return at
}
