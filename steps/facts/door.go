package facts

import (
	"cmp"
	"context"
	"net"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"flasktui/sys"
	"flasktui/sys/nginx"
	"flasktui/sys/proc"
)

// Door is a program that is neither the service nor the Nginx whose configuration is read,
// and listens where visitors come in (G54). What it is configured to do is not read: it is
// asked, and what it says is set beside what the app says.
type Door struct {
	Port int `json:"port"`
	// Process holds the port; without a PID Problem says why that is not known.
	Process proc.Process `json:"process,omitzero"`
	Problem sys.Text     `json:"problem,omitempty"`
	Asked   Asked        `json:"asked"`
}

// Name is what people call the program.
func (door Door) Name() string {
	program := cmp.Or(path.Base(door.Process.Executable), door.Process.Name)
	if door.Process.Executable == "" {
		program = door.Process.Name
	}
	for executable, name := range map[string]string{
		"apache2": "Apache", "httpd": "Apache", "haproxy": "HAProxy", "varnishd": "Varnish", "caddy": "Caddy", "traefik": "Traefik",
		"envoy": "Envoy", nginx.Program: "Nginx", "lighttpd": "lighttpd", "docker-proxy": "Docker's proxy",
	} {
		if program == executable {
			return name
		}
	}
	return cmp.Or(program, "a program that could not be told")
}

// doors are the programs at the ports where visitors come in: the URL's, or the one at which
// the site's server block listens, or else those of http and https.
func (look *look) doors(ctx context.Context, known *Facts, address SiteAddress) []Door {
	if !known.Listeners.Known || known.Front.Known {
		return nil
	}
	ports := []int{80, 443}
	if parsed, err := url.Parse(address.URL); err == nil && (address.Given || address.Server != nil) {
		ports = []int{portOf(parsed)}
	}
	own := known.ownAddresses()
	var doors []Door
	for _, port := range ports {
		listener, listens := known.listensOnPort(port)
		where := reachable(ListenerAddress(listener))
		if !listens || slices.ContainsFunc(own, func(one string) bool { return SameBind(where, one) }) {
			continue
		}
		process, problem, isNginx := look.holderOf(ctx, known, listener)
		if isNginx {
			continue
		}
		scheme := "http"
		if port == 443 {
			scheme = "https"
		}
		door := Door{Port: port, Process: process, Problem: problem, Asked: Asked{Where: where}}
		door.Asked.base = address.URL
		if !address.Given && address.Server == nil {
			door.Asked.base = scheme + "://localhost/"
		}
		doors = append(doors, door)
	}
	return doors
}

// byDoor has the site asked at the first of its doors that gives an answer of the app's own,
// where no Nginx is there to ask.
func (address *SiteAddress) byDoor(site Site) {
	for _, door := range site.Doors {
		if len(door.Asked.Home) == 0 || len(site.App.Home) == 0 || door.Asked.Home[0].SHA256 != site.App.Home[0].SHA256 {
			continue
		}
		address.URL, address.Local, address.Problem = door.Asked.base, door.Asked.Where, ""
		address.LocalPlain = !strings.HasPrefix(door.Asked.base, "https:")
		address.Server = &nginx.Server{}
		return
	}
}

// listensOnPort is who a connection from this box itself would meet at a TCP port.
func (facts *Facts) listensOnPort(port int) (proc.Listener, bool) {
	var found proc.Listener
	listens := false
	for _, listener := range facts.Listeners.Value {
		if listener.Path != "" || int(listener.Address.Port()) != port {
			continue
		}
		if !listens || Reaches(net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), listener) {
			found, listens = listener, true
		}
	}
	return found, listens
}

// holderOf is the process that holds a listening socket. isNginx tells the Nginx whose
// configuration is read: its sockets, or where those may not be read its word.
func (look *look) holderOf(ctx context.Context, known *Facts, listener proc.Listener) (holder proc.Process, problem sys.Text, isNginx bool) {
	hidden := known.Processes.Value.Hidden
	for _, process := range known.Processes.Value.Nginx {
		if process.Role != "master" || process.Cgroup.Container != "" {
			continue
		}
		inodes, err := proc.ReadSocketInodes(ctx, look.machine, process.PID)
		if err != nil {
			if known.NginxDisk.Known && known.nginxWantsPort(int(listener.Address.Port())) {
				return proc.Process{}, "", true
			}
			hidden = true
			continue
		}
		if slices.Contains(inodes, listener.Inode) {
			return process.Process, "", known.NginxDisk.Known && known.isBoxNginx(process)
		}
	}
	pids, err := look.machine.Processes(ctx)
	if err != nil {
		return proc.Process{}, "the processes could not be listed", false
	}
	for _, pid := range pids {
		inodes, err := proc.ReadSocketInodes(ctx, look.machine, pid)
		if err != nil || !slices.Contains(inodes, listener.Inode) {
			hidden = hidden || err != nil
			continue
		}
		if process, err := proc.ReadProcess(ctx, look.machine, look.boot, pid); err == nil {
			return process, "", false
		}
	}
	if hidden {
		return proc.Process{}, "which process holds the port may not be read; root may", false
	}
	return proc.Process{}, "no process of this box was found to hold the port", false
}

func (facts *Facts) nginxWantsPort(port int) bool {
	return slices.ContainsFunc(facts.NginxDisk.Value.Servers, func(server nginx.Server) bool {
		return slices.ContainsFunc(server.Listens, func(listen nginx.Listen) bool {
			_, own, err := net.SplitHostPort(listen.Address)
			return err == nil && own == strconv.Itoa(port)
		})
	})
}
