package facts

import (
	"context"
	"net/url"
	"path"
	"slices"
	"strings"

	"flasktui/sys"
	"flasktui/sys/appserver"
	"flasktui/sys/nginx"
	"flasktui/sys/proc"
)

// This file says what there is where no service was found: who holds the ports at which visitors
// come in, where that sends them, and what to type to see more. Each word of it is true of any
// box: nothing is said of what a program does, but where it listens.

func nothingFound(facts *Facts) error {
	if !facts.Processes.Known {
		return &TargetError{
			Problem: sys.Textf("no Flask service was found: %s", facts.Processes.Problem),
			Hint:    "flasktui looks at Linux boxes; try `flasktui practice` anywhere else",
		}
	}
	for _, server := range facts.Processes.Value.Servers {
		if facts.IsService(server) && server.Master.Cgroup.Container != "" {
			maker := "that Docker did not tell of"
			if strings.Contains(server.Master.Cgroup.Path, "/libpod") {
				maker = "that Podman made and did not tell of"
			}
			problem := sys.Textf("%s runs here as process %d, in a container %s", server.Software().Name, server.Master.PID, maker)
			if facts.Containers.Problem != "" {
				problem += sys.Textf(": %s", facts.Containers.Problem)
			}
			return &TargetError{Problem: problem, Hint: "name the service that ought to run it: flasktui check SERVICE"}
		}
	}
	if host := facts.Processes.Value.Host; host != nil {
		return &TargetError{
			Problem: sys.Textf("no Flask service was found that can be judged: %s runs here (process %d), and what its apps hold is not looked at", host.Name, host.PID),
			Hint:    host.ByHand,
		}
	}
	return &TargetError{
		Problem: "no Flask service was found: no server of Python apps is seen to run (Gunicorn, uWSGI, uvicorn, Waitress, flask run, a Python program to which Nginx leads), no loaded unit starts one, and no Compose service holds one",
		Hint:    "name the unit (flasktui check UNIT), or look around on the practice box: flasktui practice",
		nothing: true,
	}
}

// holder is who holds an address at which somebody listens.
type holder struct {
	words, byHand sys.Text
}

// tellHolders adds to an error that nothing was found who holds the site's ports.
func (look *look) tellHolders(ctx context.Context, known *Facts, refusal *TargetError) {
	if !known.Listeners.Known {
		return
	}
	ports := []int{80, 443}
	if parsed, err := url.Parse(known.Options.URL); err == nil && known.Options.URL != "" {
		ports = []int{portOf(parsed)}
	}
	var told []string
	var byHand sys.Text
	for _, port := range ports {
		listener, listens := known.listensOnPort(port)
		if !listens {
			told = append(told, string(sys.Textf("nothing listens at port %d", port)))
			continue
		}
		held := look.holderAt(ctx, known, listener)
		words := string(sys.Textf("port %d is held by %s", port, held.words))
		if held.byHand == "" {
			sent, last := look.sentTo(ctx, known)
			words += string(sent)
			held.byHand = last
		}
		if byHand == "" {
			byHand = held.byHand
		}
		told = append(told, words)
	}
	refusal.Problem += sys.Textf("; %s", strings.Join(told, ", "))
	if byHand != "" {
		refusal.Hint = byHand
	}
}

// holderAt names who listens; byHand is empty for the Nginx whose configuration is read.
func (look *look) holderAt(ctx context.Context, known *Facts, listener proc.Listener) holder {
	process, problem, isNginx := look.holderOf(ctx, known, listener)
	switch {
	case isNginx:
		return holder{words: "Nginx"}
	case problem != "":
		return holder{sys.Textf("a program that could not be told (%s)", problem), "`sudo ss -ltnp` shows who listens where"}
	}
	name := sys.Text(Door{Process: process}.Name())
	byHand := sys.Textf("`ps -o pid,user,lstart,args -p %d` shows how it was started, and `cat /proc/%d/cgroup` the unit or container that it is in", process.PID, process.PID)
	argv, _ := proc.ReadArgv(ctx, look.machine, process.PID)
	loaded := look.hostIn(ctx, process.PID)
	if host, is := appserver.HostOf(argv); is {
		name, byHand = sys.Text(host.Name), sys.Text(host.ByHand)
	} else if loaded.Name != "" {
		name, byHand = name+" with "+sys.Text(loaded.Name), sys.Text(loaded.ByHand)
	}
	if process.Cgroup.Container != "" {
		name += " in a container"
	}
	return holder{name + sys.Textf(" (process %d)", process.PID), byHand}
}

// hostIn is the module of a web server that runs Python apps in it, by the files that it has
// mapped; none where those may not be read.
func (look *look) hostIn(ctx context.Context, pid int) appserver.Host {
	const most = 4 << 20
	mapped, err := look.machine.ReadFile(ctx, proc.Path(pid, "maps"), most)
	if err != nil {
		return appserver.Host{}
	}
	for line := range strings.Lines(string(mapped)) {
		if host, is := appserver.HostByModule(path.Base(strings.TrimSpace(line))); is {
			return host
		}
	}
	return appserver.Host{}
}

// sentTo says where the box's Nginx sends requests and who listens there, with what to type about
// the first of them.
func (look *look) sentTo(ctx context.Context, known *Facts) (words, byHand sys.Text) {
	const most = 3
	var backends []string
	for _, server := range known.NginxDisk.Value.Servers {
		for _, location := range server.Locations {
			backends = append(backends, passedTo(known, location)...)
		}
	}
	if backends = distinct(backends); len(backends) == 0 {
		return ", whose configuration sends requests to no other program", "`sudo nginx -T` shows its configuration"
	}
	var told []string
	for _, backend := range backends[:min(len(backends), most)] {
		at := slices.IndexFunc(known.Listeners.Value, func(listener proc.Listener) bool { return Reaches(backend, listener) })
		if at < 0 {
			told = append(told, string(sys.Textf("%s (where nothing of this box listens)", backend)))
			continue
		}
		held := look.holderAt(ctx, known, known.Listeners.Value[at])
		told = append(told, string(sys.Textf("%s (%s)", backend, held.words)))
		if byHand == "" {
			byHand = held.byHand
		}
	}
	if len(backends) > most {
		told = append(told, "others")
	}
	if byHand == "" {
		byHand = "where that is another machine, run flasktui there; `sudo nginx -T` shows the whole configuration"
	}
	return sys.Textf(", which sends requests to %s", strings.Join(told, ", ")), byHand
}

// passedTo are the addresses to which a location passes requests on, none for one that does not.
func passedTo(known *Facts, location nginx.Location) []string {
	if location.Pass == "" {
		return nil
	}
	return known.BackendAddresses(location)
}
