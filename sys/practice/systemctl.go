package practice

import (
	"slices"
	"strings"
	"time"
)

// systemctlVerb is the first argument that is no option.
func systemctlVerb(arguments []string) (verb string, names []string) {
	skip := false
	for _, argument := range arguments {
		switch {
		case skip:
			skip = false
		case argument == "-p" || argument == "-n" || argument == "-t" || argument == "-o":
			skip = true
		case strings.HasPrefix(argument, "-"):
		case verb == "":
			verb = argument
		default:
			names = append(names, argument)
		}
	}
	return verb, names
}

func systemctlChanges(arguments []string) bool {
	verb, _ := systemctlVerb(arguments)
	return !slices.Contains([]string{"", "show", "list-units"}, verb)
}

func (r *run) systemctl() {
	verb, names := systemctlVerb(r.arguments)
	for i, name := range names {
		if !strings.Contains(name, ".") || strings.HasSuffix(name, "@") {
			names[i] = name + ".service"
		}
	}
	switch verb {
	case "show":
		r.show(names)
	case "list-units":
		r.listUnits()
	case "daemon-reload":
		if r.pause() {
			r.box.reloadManager()
		}
	case "edit":
		r.editUnit(names)
	case "restart", "start", "stop", "reload", "reset-failed":
		r.each(verb, names)
	default:
		if strings.Contains(strings.Join(r.arguments, " "), "--version") {
			r.print("systemd 257 (257.9-1~deb13u1)\n")
			return
		}
		r.fail(1, "Unknown command verb '%s'.", verb)
	}
}

// each does one thing to every unit that is named.
func (r *run) each(verb string, names []string) {
	for _, name := range names {
		known := r.box.service(name)
		if known == nil {
			r.fail(5, "Failed to %s %s: Unit %s not found.", verb, name, name)
			continue
		}
		r.act(verb, known)
	}
}

func (r *run) act(verb string, known *service) {
	if r.box.needsReload(known.unit) {
		r.emit(&r.stderr, "Warning: The unit file, source configuration file or drop-ins of %s changed on disk. Run 'systemctl daemon-reload' to reload units.\n", known.unit.name)
	}
	if !r.pause() {
		return
	}
	switch verb {
	case "restart":
		r.started(known, known.restart())
	case "start":
		if known.active != "active" {
			r.started(known, known.start())
		}
	case "stop":
		known.stop()
	case "reset-failed":
		if known.active == "failed" {
			known.active, known.sub, known.result, known.restarts = "inactive", "dead", "success", 0
		}
	case "reload":
		r.reload(known)
	}
}

// started reports a start as systemctl does: for Type=simple it has succeeded as soon as
// the process is forked, whatever becomes of it.
func (r *run) started(known *service, ok bool) {
	kind := known.unit.last("Type")
	if ok || kind == "" && known.result != "resources" || kind == "simple" {
		return
	}
	r.fail(1, "Job for %s failed because the control process exited with error code.\nSee \"systemctl status %s\" and \"journalctl -xeu %s\" for details.",
		known.unit.name, known.unit.name, known.unit.name)
}

// reload runs the unit's ExecReload. For Nginx that tests the configuration first.
func (r *run) reload(known *service) {
	name := known.unit.name
	command := known.command("ExecReload")
	if len(command) == 0 {
		r.fail(1, "Failed to reload %s: Job type reload is not applicable for unit %s.", name, name)
		return
	}
	if known.active != "active" {
		r.fail(1, "%s is not active, cannot reload.", name)
		return
	}
	known.say("Reloading %s - %s...", name, known.description())
	if r.box.nginx != nil && known.main == r.box.nginx.master {
		if config, output := r.box.testNginx(); config == nil {
			r.box.say(name, "nginx", known.mainPID, "%s", strings.SplitN(output, "\n", 2)[0])
			known.say("%s: Control process exited, code=exited, status=1/FAILURE", name)
			known.say("Reload failed for %s - %s.", name, known.description())
			r.fail(1, "Job for %s failed because the control process exited with error code.\nSee \"systemctl status %s\" and \"journalctl -xeu %s\" for details.", name, name, name)
			return
		}
	}
	if known.main != nil {
		r.box.signal(known.main, "HUP")
	}
	r.box.clock.pass(50 * time.Millisecond)
	known.say("Reloaded %s - %s.", name, known.description())
}

// editUnit is `systemctl edit --full`: the person's edit is the story's correction, and
// systemctl reloads the manager afterwards, as the real one does.
func (r *run) editUnit(names []string) {
	for _, name := range names {
		if known := r.box.service(name); known != nil {
			r.box.correct(known.unit.fragment)
			for _, file := range known.unit.dropIns {
				r.box.correct(file)
			}
		}
	}
	r.box.reloadManager()
}
