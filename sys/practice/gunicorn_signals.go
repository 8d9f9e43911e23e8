package practice

import "slices"

// signal is what kill does to the master or to a worker.
func (g *runningGunicorn) signal(target *process, name string) {
	if target != g.master {
		g.signalWorker(target, name)
		return
	}
	switch name {
	case "HUP":
		g.reload()
	case "TERM", "INT", "QUIT":
		g.say("Handling signal: term")
		g.stop()
		g.quit(0)
	case "KILL":
		g.abandon()
		g.quit(-9)
	case "TTIN":
		g.say("Handling signal: ttin")
		g.hire(1)
	}
}

// signalWorker ends one worker. The master puts another in its place, which loads what
// is on disk by now, while its brothers keep what they had (G6).
func (g *runningGunicorn) signalWorker(target *process, name string) {
	if name != "TERM" && name != "KILL" && name != "INT" && name != "QUIT" && name != "ABRT" {
		return
	}
	g.dismiss(target)
	if !g.hire(1) {
		g.fail()
	}
}

func (g *runningGunicorn) dismiss(target *process) {
	g.sayAs(target.pid, "INFO", "Worker exiting (pid: %d)", target.pid)
	g.workers = slices.DeleteFunc(g.workers, func(each *worker) bool { return each.process == target })
	g.box.end(target)
}

// reload is HUP: the configuration is read again, the directory entered again and the
// workers replaced. What the master has preloaded stays (G3), and a directory without a
// name kills it (G9).
func (g *runningGunicorn) reload() {
	g.say("Handling signal: hup")
	g.say("Hang up: Master")
	g.configure()
	if !g.enter() {
		g.abandon()
		g.quit(1)
		return
	}
	old := slices.Clone(g.workers)
	if !g.hire(g.settings.workers) {
		g.fail()
		return
	}
	for _, each := range old {
		g.dismiss(each.process)
	}
}

// fail is what becomes of a master whose workers cannot boot: it takes all down.
func (g *runningGunicorn) fail() {
	g.sayAs(g.master.pid, "ERROR", "Worker (pid:%d) exited with code 3", g.box.lastPID)
	g.stop()
	g.sayAs(g.master.pid, "ERROR", "Shutting down: Master")
	g.sayAs(g.master.pid, "ERROR", "Reason: Worker failed to boot.")
	g.quit(3)
}

// stop is a graceful end.
func (g *runningGunicorn) stop() {
	for _, each := range slices.Clone(g.workers) {
		g.dismiss(each.process)
	}
	g.unbind()
	g.say("Shutting down: Master")
	g.box.end(g.master)
}

// abandon is a master that dies without tidying up. Its workers notice and quit.
func (g *runningGunicorn) abandon() {
	for _, each := range slices.Clone(g.workers) {
		g.box.end(each.process)
	}
	g.workers = nil
	g.box.end(g.master)
}

// quit tells whoever watches over the master that it is gone.
func (g *runningGunicorn) quit(status int) {
	if g.ended != nil {
		g.ended(status)
	}
}
