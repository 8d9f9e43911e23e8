package steps

import (
	"cmp"
	"strings"

	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
)

// judgeServingProcess: who holds the socket that requests are sent to.
func judgeServingProcess(v *view) report.Result {
	commands := []sys.Text{"ps -eo pid,ppid,lstart,args | grep [g]unicorn", "sudo ss -lxnp | grep gunicorn", "sudo ss -ltnp | grep gunicorn"}
	if v.hasUnit {
		commands = append(commands, sys.Typed("systemctl status %s --no-pager", v.unit.Name))
	}
	if !v.Processes.Known {
		return notKnown(v.Processes).With(commands)
	}
	if !v.running {
		if v.Processes.Value.Hidden {
			return unknown("/proc shows this user only its own processes (hidepid); run flasktui with sudo").With(commands)
		}
		return failed(sys.Textf("No Gunicorn of %s runs.", v.Target.Service)).With(commands)
	}
	lines := v.processEvidence(v.main)
	if !v.Listeners.Known {
		return notKnown(v.Listeners).With(commands, lines...)
	}
	if reason := v.main.Master.Unreadable["sockets"]; reason != "" && len(v.ListenersOf(v.main)) == 0 {
		return unknown(sys.Textf("which socket process %d holds could not be read: %s", v.main.Master.PID, reason)).With(commands, lines...)
	}
	for _, gunicorn := range v.Own() {
		if gunicorn.Replaces != 0 {
			return warn(sys.Textf("Two masters run side by side: %d was started from %d by USR2, and both take requests.", gunicorn.Master.PID, gunicorn.Replaces)).With(commands, lines...)
		}
	}
	where := strings.Join(v.ownSockets(), ", ")
	return ok(sys.Textf("Master %d with %s of %s holds %s.", v.main.Master.PID, several(len(v.main.Workers), "worker", "workers"), v.Target.Service, where)).With(commands, lines...)
}

// processEvidence lists a master with its workers.
func (v *view) processEvidence(gunicorn facts.Gunicorn) []report.Evidence {
	lines := []report.Evidence{report.Observed("master", sys.Textf("process %d since %s, in %s", gunicorn.Master.PID, v.clock(gunicorn.Master.Started), cmp.Or(gunicorn.Master.Cgroup.Unit, "no unit")), sys.Textf("/proc/%d", gunicorn.Master.PID))}
	if v.Units.Known && v.IsLoose(gunicorn) {
		lines = append(lines, report.Observed("who started it", v.StartedBy(gunicorn), sys.Textf("/proc/%d/cgroup and its parents", gunicorn.Master.PID)))
	}
	for _, worker := range gunicorn.Workers {
		lines = append(lines, report.Observed("worker", sys.Textf("process %d since %s", worker.PID, v.clock(worker.Started)), sys.Textf("/proc/%d/stat", worker.PID)))
	}
	for _, listener := range v.ListenersOf(gunicorn) {
		lines = append(lines, report.Observed("listens at", sys.Textf("%s", facts.ListenerAddress(listener)), sys.Textf("/proc/%d/fd and /proc/net", gunicorn.Master.PID)))
	}
	return lines
}
