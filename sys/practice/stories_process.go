package practice

import (
	"path"
	"time"
)

// Stories about masters and workers that keep what they loaded.

func hupWithPreload(box *Box) {
	s := &site{
		box: box, name: "notes", domain: "notes.example", base: "/opt/notes", kind: checkout, account: "notes", unit: "notes.service",
		venv: "/opt/notes/.venv", bind: "127.0.0.1:8007", workers: 3, module: "wsgi:app", flags: "--preload ",
		source: source{marker: markerFromGit, version: "/version", key: "commit"},
	}
	s.first(3 * day)
	s.deploy(14 * minute)
	box.service(s.unit).main.program.signal(box.service(s.unit).main, "HUP")
}

func mixedWorkers(box *Box) {
	s := &site{
		box: box, name: "forum", domain: "forum.example", base: "/srv/forum/app", kind: checkout, account: "forum", unit: "forum.service",
		venv: "/srv/forum/env", bind: "127.0.0.1:5000", workers: 4, module: "wsgi:app",
		source: source{marker: markerFromGit, version: "/version", key: "release"},
	}
	s.first(2 * day)
	s.deploy(40 * minute)
	s.history(11 * minute)
	// A worker took too long over a request, and the master put another in its place.
	running, ok := box.service(s.unit).program.(*runningGunicorn)
	if !ok {
		return
	}
	slow := running.workers[0].process
	running.sayAs(running.master.pid, "CRITICAL", "WORKER TIMEOUT (pid:%d)", slow.pid)
	running.signal(slow, "ABRT")
}

// orphan is a master that somebody started by hand long ago and that outlived all
// restarts of the unit.
func orphan(box *Box) {
	s := &site{
		box: box, name: "tracker", domain: "tracker.example", base: "/srv/tracker", kind: checkout, account: "tracker", unit: "tracker.service",
		venv: "/srv/tracker/venv", bind: "127.0.0.1:8300", workers: 2, module: "wsgi:app",
		source: source{marker: markerFromGit, version: "/version", key: "commit"},
	}
	s.first(5 * day)
	s.history(4 * day)
	box.service(s.unit).stop()
	shell := box.login(s.account, 12)
	shell.directory = box.find(s.base)
	running, main, status := box.startProgram(launch{
		origin: shell, argv: []string{s.venv + "/bin/gunicorn", "--daemon", "--bind", s.bind, "-w", "2", "wsgi:app"},
		log: func(string) {},
	})
	if status == 0 && running != nil {
		main.parent = 1
		// The person has logged out since.
		for _, id := range box.ids() {
			if other := box.processes[id]; other.cgroup == shell.cgroup && other.program == nil {
				box.end(other)
			}
		}
	}
	s.deploy(22 * minute)
	box.service(s.unit).start()
}

func templatesCached(box *Box) {
	s := &site{
		box: box, name: "poems", domain: "poems.example", base: "/srv/poems", kind: copied, account: "poems", unit: "poems.service",
		venv: "/srv/poems-venv", bind: "127.0.0.1:8123", workers: 2, module: "wsgi:app",
		source: source{marker: markerInCode, version: "/version", key: "release"},
	}
	old := s.first(3 * day)
	s.history(35 * minute)
	next := old
	next.look = "autumn"
	box.editions = []edition{{old.id + " with the spring layout", "spring\">"}, {old.id + " with the autumn layout", "autumn\">"}}
	box.replace(path.Join(s.base, "poems/templates/index.html"), s.source.template(s.name, next))
}

// staleBytecode has a .pyc that an image build once left, marked never to be checked.
func staleBytecode(box *Box) {
	s := &site{
		box: box, name: "harbor", domain: "harbor.example", base: "/opt/harbor", kind: checkout, account: "harbor", unit: "harbor.service",
		venv: "/opt/harbor-venv", bind: "127.0.0.1:8088", workers: 2, module: "wsgi:app",
		source: source{marker: markerInCode, version: "/version", key: "release"},
	}
	s.first(3 * day)
	s.history(3*day - 2*minute)
	source := box.find(path.Join(s.base, "harbor/__init__.py"))
	compiled := path.Join(s.base, "harbor/__pycache__/__init__"+bytecodeTag)
	hash := "\x5a\x1c\x9e\x03\x77\x21\x4b\xd0"
	box.replace(compiled, uncheckedHeader+hash+string(source.content))
	s.deploy(15 * minute)
	s.restart()
}

// shadowed has a src layout: the checkout's top does not hold the package, so Python
// takes the copy that `pip install .` once left in the virtualenv.
func shadowed(box *Box) {
	s := &site{
		box: box, name: "invoice", domain: "invoice.example", base: "/opt/invoice", kind: checkout, account: "invoice", unit: "invoice.service",
		venv: "/opt/venvs/invoice", bind: "unix:/run/invoice/http.sock", workers: 2, module: "invoice:app",
		source: source{below: "src", marker: markerInCode, version: "/version", key: "release"},
	}
	s.history(7 * day)
	old := s.release("The spring collection", "spring")
	s.announce(old, "spring")
	s.equip()
	s.upload(old)
	packages := box.find(path.Join(s.venv, "lib/python3.13/site-packages"))
	box.copyTree(box.find("/opt/invoice/src/invoice"), packages, "invoice", false)
	box.replace(path.Join(packages.path(), "invoice-1.0.dist-info/METADATA"), "Metadata-Version: 2.4\nName: invoice\nVersion: 1.0\n")
	box.replace(path.Join(packages.path(), "invoice-1.0.dist-info/direct_url.json"), `{"dir_info": {}, "url": "file:///opt/invoice"}`+"\n")
	s.install()
	s.deploy(28 * minute)
	s.restart()
}

func backgroundStale(box *Box) {
	s := &site{
		box: box, name: "postal", domain: "postal.example", base: "/srv/postal", account: "postal", unit: "postal.service",
		venv: "/srv/postal/venv", bind: "unix:/run/postal/web.sock", workers: 2, module: "wsgi:app",
		source: source{marker: markerFromFile, version: "/version", key: "release"},
	}
	s.history(4 * day)
	box.write("/etc/systemd/system/postal-queue.service", s.queueUnit())
	s.first(4 * day)
	box.service("postal-queue.service").start()
	s.deploy(16 * minute)
	s.restart()
	box.clock.pass(time.Second)
}

// queueUnit is the unit of a task queue that runs the same code as the site.
func (s *site) queueUnit() string {
	return fill(`[Unit]
Description=Celery for {name}
After=network.target

[Service]
User={account}
WorkingDirectory={root}
ExecStart={venv}/bin/celery -A {name} worker --loglevel INFO --concurrency 2
Restart=on-failure

[Install]
WantedBy=multi-user.target
`, "{name}", s.name, "{account}", s.account, "{root}", s.root(), "{venv}", s.venv)
}
