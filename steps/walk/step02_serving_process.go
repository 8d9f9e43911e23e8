package walk

import (
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/causes"
	"flasktui/steps/report"
	"flasktui/sys"
)

// judgeServingProcess: who holds the socket that requests are sent to.
func judgeServingProcess(b *box.Box) report.Result {
	commands := []sys.Text{"ps -eo pid,ppid,lstart,args | grep [g]unicorn", "sudo ss -lxnp | grep gunicorn", "sudo ss -ltnp | grep gunicorn"}
	if b.HasUnit {
		commands = append(commands, sys.Typed("systemctl status %s --no-pager", b.Unit.Name))
	}
	if !b.Processes.Known {
		return notKnown(b.Processes).With(commands)
	}
	if !b.Running {
		if b.Processes.Value.Hidden {
			return unknown("/proc shows this user only its own processes (hidepid); run flasktui with sudo").With(commands)
		}
		return failed(sys.Textf("No Gunicorn of %s runs.", b.Target.Service)).With(commands)
	}
	lines := causes.ProcessEvidence(b, b.Gunicorn)
	if !b.Listeners.Known {
		return notKnown(b.Listeners).With(commands, lines...)
	}
	if reason := b.Gunicorn.Master.Unreadable["sockets"]; reason != "" && len(b.ListenersOf(b.Gunicorn)) == 0 {
		return unknown(sys.Textf("which socket process %d holds could not be read: %s", b.Gunicorn.Master.PID, reason)).With(commands, lines...)
	}
	for _, gunicorn := range b.Own() {
		if gunicorn.Replaces != 0 {
			return warn(sys.Textf("Two masters run side by side: %d was started from %d by USR2, and both take requests.", gunicorn.Master.PID, gunicorn.Replaces)).With(commands, lines...)
		}
	}
	where := strings.Join(b.OwnSockets(), ", ")
	return ok(sys.Textf("Master %d with %s of %s holds %s.", b.Gunicorn.Master.PID, box.Several(len(b.Gunicorn.Workers), "worker", "workers"), b.Target.Service, where)).With(commands, lines...)
}
