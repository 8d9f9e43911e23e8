package practice

import (
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
)

// runningNginx is the running Nginx: a master, its workers and the configuration that they
// hold, whatever the disk says by now.
type runningNginx struct {
	box     *Box
	master  *process
	workers []*process
	config  *nginxConfig
	cached  map[string]cachedAnswer
	ended   func(status int)
}

const (
	nginxPIDFile  = "/run/nginx.pid"
	nginxErrorLog = "/var/log/nginx/error.log"
	nginxWorkers  = 2
)

func (b *Box) startNginx(from launch) (program, *process, int) {
	config, output := b.testNginx()
	if config == nil {
		from.log(output)
		return nil, nil, 1
	}
	n := &runningNginx{box: b, cached: map[string]cachedAnswer{}, ended: from.ended, config: config}
	n.master = b.spawn(from.origin, "nginx", "/usr/sbin/nginx", from.argv)
	n.master.title = "nginx: master process /usr/sbin/nginx -g daemon on; master_process on;"
	n.master.program = n
	if !n.listen(config) {
		b.end(n.master)
		return nil, nil, 1
	}
	n.hire()
	b.nginx = n
	b.write(nginxPIDFile, strconv.Itoa(n.master.pid)+"\n")
	return n, n.master, 0
}

// testNginx is `nginx -t`: the configuration on disk, or nil and what is said of it.
func (b *Box) testNginx() (*nginxConfig, string) {
	read := b.readNginx()
	var config *nginxConfig
	if read.failure == "" {
		config = read.compile()
	}
	output := ""
	for _, warning := range read.warnings {
		output += warning + "\n"
	}
	if read.failure != "" {
		return nil, output + read.failure + "\nnginx: configuration file " + nginxConfiguration + " test failed\n"
	}
	return config, output + "nginx: the configuration file " + nginxConfiguration + " syntax is ok\n" +
		"nginx: configuration file " + nginxConfiguration + " test is successful\n"
}

// listen opens the sockets of a configuration that are not open yet, and closes those
// that it no longer has. A port that another program holds is refused (G28).
func (n *runningNginx) listen(config *nginxConfig) bool {
	var wanted []netip.AddrPort
	for _, server := range config.servers {
		for _, address := range server.listens {
			if !slices.Contains(wanted, address) {
				wanted = append(wanted, address)
			}
		}
	}
	var sockets []*socket
	for _, address := range wanted {
		if held := slices.IndexFunc(n.master.sockets, func(each *socket) bool { return each.address == address }); held >= 0 {
			sockets = append(sockets, n.master.sockets[held])
			continue
		}
		made, free := n.box.bindTCP(address, nil)
		if !free {
			n.box.appendErrorLog("[emerg] bind() to " + address.String() + " failed (98: Address already in use)")
			n.box.appendErrorLog("[emerg] still could not bind()")
			return false
		}
		made.answer = func(request *http.Request) answer { return n.serve(address, request) }
		sockets = append(sockets, made)
	}
	n.master.sockets = sockets
	return true
}

func (n *runningNginx) hire() {
	n.workers = nil
	for range nginxWorkers {
		made := n.box.fork(n.master)
		made.account, made.title = "www-data", "nginx: worker process"
		n.workers = append(n.workers, made)
	}
}

// reload is HUP: with a good configuration, new workers; with a bad one everything stays
// as it was, and only the error log tells.
func (n *runningNginx) reload() {
	n.box.clock.pass(40 * time.Millisecond)
	config, output := n.box.testNginx()
	if config == nil {
		n.box.appendErrorLog(strings.TrimPrefix(strings.SplitN(output, "\n", 2)[0], "nginx: "))
		return
	}
	if !n.listen(config) {
		return
	}
	old := n.workers
	n.config = config
	n.hire()
	for _, each := range old {
		n.box.end(each)
	}
}

func (n *runningNginx) signal(target *process, name string) {
	switch {
	case target != n.master:
		if name == "TERM" || name == "KILL" || name == "QUIT" {
			n.workers = slices.DeleteFunc(n.workers, func(each *process) bool { return each == target })
			n.box.end(target)
			n.workers = append(n.workers, n.box.fork(n.master))
		}
	case name == "HUP":
		n.reload()
	case name == "TERM" || name == "QUIT" || name == "KILL" || name == "INT":
		n.stop()
		n.ended(0)
	}
}

func (n *runningNginx) stop() {
	for _, each := range n.workers {
		n.box.end(each)
	}
	n.box.end(n.master)
	n.box.remove(nginxPIDFile)
	n.box.nginx = nil
}

func (b *Box) appendErrorLog(line string) {
	log := ""
	if found := b.find(nginxErrorLog); found != nil {
		log = string(found.content)
	}
	pid := 0
	if b.nginx != nil {
		pid = b.nginx.master.pid
	}
	b.write(nginxErrorLog, log+b.clock.time().Format("2006/01/02 15:04:05 ")+
		strings.Replace(line, "] ", "] "+strconv.Itoa(pid)+"#"+strconv.Itoa(pid)+": ", 1)+"\n")
}
