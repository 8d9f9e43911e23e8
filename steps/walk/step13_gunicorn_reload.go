package walk

import (
	"cmp"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/fixes"
	"flasktui/steps/guide"
	"flasktui/steps/manager"
	"flasktui/steps/report"
	"flasktui/sys"
)

// GunicornReload is what a graceful reload would do.
func GunicornReload() Step {
	return Step{
		Number: 13, ID: "gunicorn-reload", Title: "Graceful reload",
		Question: "Would a graceful HUP reload work here, or do harm?",
		Needs:    []func() facts.Group{facts.GroupSettings, facts.GroupDeployment, facts.GroupCode},
		Judge:    judgeReload,
		Acts:     fixes.ReloadByHand,
		page: guide.Page{
			Asks: "Would a graceful HUP put the new code live here, do nothing, or take the site down?",
			Why: "HUP replaces the workers without dropping a request, which is why people reach for it. But it keeps the " +
				"master, its directory and whatever the master preloaded.",
			Good: "No preload, a directory that exists, and a path that leads through the link: then HUP loads the new tree.",
			Read: "\"Would load\" is worked out, for Gunicorn, from --chdir, gunicorn.conf.py, GUNICORN_CMD_ARGS and PWD. Without a --chdir " +
				"through the link, a master under systemd goes back to the directory it resolved at its start: the old release. " +
				"In a deleted directory a HUP kills the master. uWSGI executes itself anew under the same process id and loads all of it afresh, " +
				"from chdir as its configuration has it, else from the directory in which it was started; without a master a HUP ends it. Other servers have no such reload: a HUP ends Waitress, Hypercorn, " +
				"Daphne, `flask run` and a single uvicorn. Debug reloaders (`flask run --debug`, `uvicorn --reload`) start what " +
				"serves anew when a file that was imported changes; after a switched link they watch the old release's files. Under Apache's " +
				"mod_wsgi a touch of the WSGI script is the reload in daemon mode, and `apachectl graceful` in embedded mode.",
			Mistake: "Taking \"HUP sent\" for \"code reloaded\". Only workers that started afterwards, and a marker that " +
				"answers with the new release, show it. And --reload is for development: never in production.",
			Commands: []string{
				"systemctl show {unit} -p ExecReload,CanReload",
				"tr '\\0' '\\n' < /proc/{pid}/cmdline | grep -e --preload -e --chdir",
				"sudo readlink /proc/{pid}/cwd",
				"ps -o pid,lstart --ppid {pid}",
			},
			IfItFails: "Restart instead. To make HUP right for good, start Gunicorn with --chdir through the link and without " +
				"--preload.",
			See: []string{"hup", "hup-with-preload", "release-dir-deleted"},
		},
	}
}

// judgeReload: whether a HUP would load the code on disk, do nothing, or kill the master.
func judgeReload(b *box.Box) report.Result {
	if !b.Running {
		return skipped(b.NoServer() + " runs")
	}
	if refusal := b.NoReload(); refusal != "" {
		return skipped(refusal + ". " + othersReload(b))
	}
	master := b.Server.Master.PID
	commands := []sys.Text{sys.Textf("ps -o pid,ppid,lstart,args --ppid %d -p %d", master, master)}
	look := manager.Of(b).Look()
	commands = append(commands, look.Reload...)
	lines := []report.Evidence{report.Observed("preload", preloadWords(b), "command line and configuration file")}
	if pidFile := cmp.Or(b.Options.PIDFile, b.Settings.Value.PIDFile, b.Unit.PIDFile); pidFile != "" {
		lines = append(lines, report.Observed("PID file", sys.Textf("%s", pidFile), sys.Typed("cat %s", pidFile)))
	}
	if told := b.Settings.Value.UWSGI; told != nil {
		lines = append(lines, uwsgiEvidence(b, told)...)
	}
	lines = append(lines, look.ReloadedBy...)
	lines = append(lines, report.Observed("directory it keeps", keptDirectory(b), sys.Textf("/proc/%d", master)))
	if refusal := b.ReloadRefusal(); refusal != "" {
		instead := sys.Text(" Use a restart.")
		if b.HeldByContainer() || fixes.ContainerRestartRefusal(b) != "" {
			instead = " Nor would a restart; step 12 shows what would."
		}
		return warn("A graceful reload would not work here: "+refusal+instead).With(commands, lines...)
	}
	if !b.PreloadKnown && b.Server.IsGunicorn() {
		return unknown("whether the master preloads the app could not be told, and under preload a reload keeps the old code").With(commands, lines...)
	}
	if reason := b.DirectoryUnread(); reason != "" {
		return unknown(reason).With(commands, lines...)
	}
	return ok("A graceful reload (HUP) would load the code on disk, without dropping requests.").With(commands, lines...)
}

// uwsgiEvidence is what else has a uWSGI reload.
func uwsgiEvidence(b *box.Box, told *facts.UWSGI) []report.Evidence {
	source := sys.Textf("%s", cmp.Or(b.Settings.Value.ConfigPath, "the command line"))
	lines := []report.Evidence{report.Observed("each worker loads the app (lazy-apps)", onOff(told.Lazy), source)}
	if told.Again && !told.AgainAt.IsZero() {
		lines = append(lines, report.Observed("last reload", b.Clock(told.AgainAt), sys.Textf("/proc/%d/map_files, by the birth of shared memory", b.Server.Master.PID)))
	}
	for _, file := range told.Touch {
		lines = append(lines, report.Observed("touch-reload", sys.Textf("a touch of %s does what a HUP does", file), source))
	}
	for _, file := range told.TouchChain {
		words := sys.Textf("a touch of %s makes new workers one after another, without a pause, in the directory in which the master stands", file)
		lines = append(lines, report.Observed("touch-chain-reload", words, source))
	}
	return lines
}

func onOff(is bool) sys.Text {
	if is {
		return "on"
	}
	return "off"
}

// othersReload is how a server other than Gunicorn comes to the new code.
func othersReload(b *box.Box) sys.Text {
	if b.Server.Reloads() {
		return "It was started with a reloader, which starts what serves anew when a file that was imported changes; that is for development."
	}
	if b.Server.WSGI != nil {
		return "A reload of Apache (apachectl graceful) starts all of its processes anew" + touchWords(*b.Server.WSGI)
	}
	return "A restart of the service loads the code on disk."
}

// touchWords says whether a new time of the script does as well.
func touchWords(app facts.WSGIApp) sys.Text {
	if app.Daemon != nil && app.Reloads {
		return sys.Textf(", and a touch of %s those of this app alone, each at its next request.", app.Script)
	}
	return "; a touch of the script does not."
}

func keptDirectory(b *box.Box) sys.Text {
	if b.Settings.Value.Directory == "" {
		return "not known"
	}
	return sys.Textf("%s (by %s)", b.Settings.Value.Directory, b.Settings.Value.DirectoryVia)
}

func preloadWords(b *box.Box) sys.Text {
	switch {
	case !b.PreloadKnown:
		return "not known"
	case b.Preload:
		return "on"
	}
	return "off"
}
