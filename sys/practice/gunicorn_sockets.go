package practice

import (
	"path"
	"strconv"
	"time"
)

// bind opens the sockets. A Unix socket's path is taken over from whoever had it; a port
// that is in use is tried for five seconds and then given up.
func (g *runningGunicorn) bind() int {
	for _, bind := range g.settings.binds {
		unix, address := g.box.bindAddress(bind)
		if unix != "" {
			made, err := g.bindUnix(unix)
			if err != nil {
				g.say("Error: [Errno 2] No such file or directory: %q", unix)
				return 1
			}
			g.sockets = append(g.sockets, made)
			continue
		}
		made, free := g.box.bindTCP(address, g.inside)
		if !free {
			for range 5 {
				g.say("Connection in use: ('%s', %d)", address.Addr(), address.Port())
				g.say("connection to ('%s', %d) failed: [Errno 98] Address already in use", address.Addr(), address.Port())
				g.box.clock.pass(time.Second)
			}
			g.say("Error: Can't connect to ('%s', %d)", address.Addr(), address.Port())
			return 1
		}
		g.sockets = append(g.sockets, made)
	}
	for _, each := range g.sockets {
		each.answer = g.answer
	}
	g.master.sockets = g.sockets
	g.writePIDFile()
	return 0
}

func (g *runningGunicorn) bindUnix(name string) (*socket, error) {
	if path.IsAbs(name) {
		return g.box.bindUnix(name, g.master.account)
	}
	return g.box.bindUnix(path.Join(g.where(), name), g.master.account)
}

func (g *runningGunicorn) writePIDFile() {
	if g.settings.pidFile != "" && g.inside == nil {
		g.box.write(g.settings.pidFile, strconv.Itoa(g.master.pid)+"\n")
	}
}

// unbind closes the sockets and removes their paths, even one that another master has
// bound since: Gunicorn knows the path alone (G5).
func (g *runningGunicorn) unbind() {
	for _, each := range g.sockets {
		if each.path != "" {
			g.box.remove(each.path)
		}
	}
	if g.settings.pidFile != "" {
		g.box.remove(g.settings.pidFile)
	}
}

func (g *runningGunicorn) addresses() []string {
	var texts []string
	for _, each := range g.sockets {
		if each.path != "" {
			texts = append(texts, "unix:"+each.path)
			continue
		}
		texts = append(texts, "http://"+each.address.String())
	}
	return texts
}
