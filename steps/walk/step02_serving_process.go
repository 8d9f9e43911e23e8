package walk

import (
	"cmp"
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/guide"
	"flasktui/steps/manager"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/sys/appserver"
)

// ServingProcess is who answers the site's requests.
func ServingProcess() Step {
	return Step{
		Number: 2, ID: "serving-process", Title: "Serving process",
		Question: "Which server's processes answer the site's requests?",
		Claim:    report.ClaimLoaded,
		Needs:    []func() facts.Group{facts.GroupProcesses, facts.GroupListeners, facts.GroupSite},
		Judge:    judgeServingProcess,
		page: guide.Page{
			Asks: "Which server's processes really answer the site's requests?",
			Why: "You can restart the wrong service all night. The process that holds the socket decides what visitors see, " +
				"whatever the name of the unit promises.",
			Good: "One server holds the address that Nginx sends to, it is in the unit's cgroup, and all workers are its children.",
			Read: "The listener is found from the socket, and the unit from the listener's cgroup: never from a name. A master " +
				"in no unit was started by hand or survived its unit. Two masters on one Unix socket path have different inodes; " +
				"new connections go to whichever bound last. Any process that listens there is a server: Gunicorn, uWSGI, " +
				"Waitress, uvicorn, Hypercorn, Daphne, `flask run`, `python app.py`; some of them are a single process.",
			Mistake: "`ps aux | grep gunicorn` and taking the first line for the one that serves. Several may run, of several " +
				"sites and several ages.",
			Commands: []string{
				"sudo ss -lxnp | grep {socket}",
				"sudo ss -ltnp",
				"cat /proc/{pid}/cgroup",
				"ps -o pid,ppid,lstart,args --ppid {pid} -p {pid}",
			},
			IfItFails: "Name the service that really serves: `systemctl status PID` tells it for any process. An orphan is " +
				"stopped together with a restart of the real unit, because it removes the socket as it exits.",
			See: []string{"orphan-gunicorn", "wrong-service", "service-failed"},
		},
	}
}

// judgeServingProcess: who holds the socket that requests are sent to.
func judgeServingProcess(b *box.Box) report.Result {
	commands := []sys.Text{"ps -eo pid,ppid,lstart,args | grep [g]unicorn", "sudo ss -lxnp | grep gunicorn", "sudo ss -ltnp | grep gunicorn"}
	switch {
	case b.Running && !b.Server.IsGunicorn():
		commands = []sys.Text{
			sys.Textf("ps -o pid,ppid,lstart,args --ppid %d -p %d", b.Server.Master.PID, b.Server.Master.PID),
			sys.Textf("sudo ss -lxnp | grep pid=%d,", b.Server.Master.PID), sys.Textf("sudo ss -ltnp | grep pid=%d,", b.Server.Master.PID),
		}
	case b.ServerWord() != string(appserver.Gunicorn):
		commands = []sys.Text{"sudo ss -lxnp", "sudo ss -ltnp"}
	}
	commands = append(commands, manager.Of(b).Look().Status...)
	if !b.Processes.Known {
		return notKnown(b.Processes).With(commands)
	}
	if !b.Running {
		if reason := b.Unseen(); reason != "" {
			return unknown(reason).With(commands)
		}
		if b.Start().Starting {
			return unknown(b.StartingWords()).With(commands)
		}
		return noServer(b).With(commands)
	}
	lines := ProcessEvidence(b, b.Server)
	if !b.Listeners.Known {
		return notKnown(b.Listeners).With(commands, lines...)
	}
	if reason := b.Server.Master.Unreadable["sockets"]; reason != "" && len(b.ListenersOf(b.Server)) == 0 {
		return unknown(sys.Textf("which socket process %d holds could not be read: %s; nor does it follow from how it was started", b.Server.Master.PID, reason)+b.Host.Value.OrWithSudo()).With(commands, lines...)
	}
	for _, server := range b.Own() {
		if server.Replaces != 0 {
			return warn(sys.Textf("Two masters run side by side: %d was started from %d by USR2, and both take requests.", server.Master.PID, server.Replaces)).With(commands, lines...)
		}
	}
	where := strings.Join(b.OwnSockets(), ", ")
	if b.ListenersInferred(b.Server) {
		ends := sys.Text("a server that cannot ends")
		if b.Server.IsGunicorn() {
			ends = "a Gunicorn that cannot has no workers"
		}
		return ok(servers(b)+sys.Textf(" holds %s, as far as can be inferred: it was started to bind that, %s, and one socket of its user's alone listens there. (Its own sockets could not be read: %s.)",
			where, ends, b.Server.Master.Unreadable["sockets"])).With(commands, lines...)
	}
	return ok(servers(b)+sys.Textf(" holds %s.", where)).With(commands, lines...)
}

// servers names the service's server, as the subject of a sentence: "Master 12 with 2 workers of
// shop.service", "Waitress, process 12 of shop.service,".
func servers(b *box.Box) sys.Text {
	main, other := b.Server.Roles()
	switch {
	case b.Server.IsGunicorn():
		return sys.Textf("Master %d with %s of %s", b.Server.Master.PID, box.Several(len(b.Server.Workers), "worker", "workers"), b.Target.Service)
	case len(b.Server.Workers) == 0:
		return sys.Textf("%s, process %d of %s,", b.Software().Name, b.Server.Master.PID, b.Target.Service)
	}
	return sys.Textf("%s, %s %d with %s of %s,", b.Software().Name, main, b.Server.Master.PID, box.Several(len(b.Server.Workers), other, other+"s"), b.Target.Service)
}

// noServer: none is seen. That one known by its command line does not run is seen; a program of
// somebody's own may run and not be known for a server.
func noServer(b *box.Box) report.Result {
	if b.HasUnit && b.Unit.MainPID != 0 && !b.Unit.Serves {
		return unknown(sys.Textf("process %d of %s runs, and is not seen to be a server: it is none of those that are known by their command line, and holds no socket at which it listens, or that could not be read",
			b.Unit.MainPID, b.Target.Service))
	}
	return failed(sys.Text(strings.ToUpper(string(b.NoServer()[:1]))) + b.NoServer()[1:] + " runs.")
}

// ProcessEvidence lists a master with its workers.
func ProcessEvidence(b *box.Box, server facts.Server) []report.Evidence {
	main, other := server.Roles()
	lines := []report.Evidence{report.Observed(main, sys.Textf("process %d since %s, in %s", server.Master.PID, b.Clock(server.Master.Started), cmp.Or(server.Master.Cgroup.Unit, "no unit")), sys.Textf("/proc/%d", server.Master.PID))}
	if b.Units.Known && b.IsUnmanaged(server) {
		lines = append(lines, report.Observed("who started it", b.StartedBy(server), sys.Textf("/proc/%d/cgroup and its parents", server.Master.PID)))
	}
	for _, worker := range server.Workers {
		lines = append(lines, report.Observed(other, sys.Textf("process %d since %s", worker.PID, b.Clock(worker.Started)), sys.Textf("/proc/%d/stat", worker.PID)))
	}
	label, source := "listens at", sys.Textf("/proc/%d/fd and /proc/net", server.Master.PID)
	if b.ListenersInferred(server) {
		label, source = "listens at (inferred)", sys.Textf("/proc/%d/cmdline or its configuration file, its workers, and /proc/net", server.Master.PID)
	}
	for _, listener := range b.ListenersOf(server) {
		lines = append(lines, report.Observed(label, sys.Textf("%s", facts.ListenerAddress(listener)), source))
	}
	return lines
}
