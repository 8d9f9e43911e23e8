package practice

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"net/netip"
	"path"
	"slices"
	"strings"
	"time"
)

// dockerDaemon is the daemon's state: images by tag, and containers.
type dockerDaemon struct {
	box        *Box
	images     []*image
	containers []*container
	daemon     *process
	addresses  byte
	project    composeProject
}

// image is a file system with a name. A name can move to another image; whoever runs the
// old one keeps it.
type image struct {
	id      string
	layer   string
	created time.Time
	tags    []string
	root    *node
}

// container runs an image's copy, with the environment that it was made with.
type container struct {
	box       *Box
	id        string
	name      string
	image     *image
	imageName string
	created   time.Time
	started   time.Time
	hash      string
	service   composeService
	root      *node
	directory string
	address   netip.Addr
	program   program
	main      *process
	// shim and proxy are the processes on the host that go with it.
	shim, proxy *process
	log         []string
}

// master is the container's first process.
func (c *container) master() *process { return c.main }

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// startDocker starts the daemon.
func (b *Box) startDocker() {
	b.script("/usr/bin/docker", "\x7fELF")
	b.write("/usr/lib/systemd/system/docker.service", "[Unit]\nDescription=Docker Application Container Engine\n\n[Service]\nType=notify\nExecStart=/usr/bin/dockerd -H fd://\n")
	b.script("/usr/bin/dockerd", "\x7fELF")
	b.docker = &dockerDaemon{box: b, addresses: 1}
	known := b.service("docker.service")
	known.start()
	b.docker.daemon = known.main
}

// build makes an image out of a directory, as the project's Dockerfile says: Python with
// Flask and Gunicorn below, the directory in /app.
func (d *dockerDaemon) build(context, tag string) *image {
	d.box.clock.pass(14 * time.Second)
	root := d.box.newDirectory()
	root.device = overlayDevice
	for _, name := range []string{"/usr/local/bin", "/usr/local/lib/python3.13/site-packages", "/run", "/tmp"} {
		d.box.makeDirectoryIn(root, name)
	}
	place := func(name, content string, mode fs.FileMode) {
		parent := d.box.makeDirectoryIn(root, path.Dir(name))
		d.box.place(parent, path.Base(name), []byte(content)).mode = mode
	}
	place("/usr/local/bin/python3.13", "\x7fELF", 0o755)
	place("/usr/local/bin/gunicorn", "#!/usr/local/bin/python3.13\nimport sys\nfrom gunicorn.app.wsgiapp import run\nsys.exit(run())\n", 0o755)
	for _, name := range []string{"flask", "gunicorn"} {
		place("/usr/local/lib/python3.13/site-packages/"+name+"/__init__.py", "\"\"\"Installed by pip.\"\"\"\n", 0o644)
	}
	app := d.box.copyTree(d.box.find(context), root, "app", true)
	for _, ignored := range []string{".git", ".env"} {
		delete(app.children, ignored)
	}
	made := &image{layer: "sha256:" + digest(contents(app)), created: d.box.clock.time(), root: root}
	made.id = "sha256:" + digest(made.layer+made.created.String())
	for _, other := range d.images {
		other.tags = slices.DeleteFunc(other.tags, func(known string) bool { return known == tag })
	}
	made.tags = []string{tag}
	d.images = append(d.images, made)
	return made
}

// contents is all that is in a tree, as one text.
func contents(of *node) string {
	var text strings.Builder
	of.visit("", func(at string, each *node) {
		fmt.Fprintf(&text, "%s %s %s %s\n", at, each.mode, each.target, each.content)
	})
	return text.String()
}

// snapshot is a container's view of an image: the same inodes as far as anyone can tell.
func snapshot(of *node) *node {
	made := *of
	made.parent = nil
	if of.children != nil {
		made.children = map[string]*node{}
	}
	for name, child := range of.children {
		below := snapshot(child)
		below.parent = &made
		made.children[name] = below
	}
	return &made
}

// image finds one by id or tag.
func (d *dockerDaemon) image(name string) *image {
	for _, each := range d.images {
		if each.id == name || strings.TrimPrefix(each.id, "sha256:") == name || slices.Contains(each.tags, name) || slices.Contains(each.tags, name+":latest") {
			return each
		}
	}
	return nil
}

// create makes and starts a container for a Compose service.
func (d *dockerDaemon) create(service composeService, hash string) *container {
	d.box.clock.pass(300 * time.Millisecond)
	from := d.image(service.image)
	if from == nil {
		return nil
	}
	d.addresses++
	made := &container{
		box: d.box, name: d.project.name + "-" + service.name + "-1", image: from, imageName: service.image,
		created: d.box.clock.time(), hash: hash, service: service, root: snapshot(from.root), directory: "/app",
		address: netip.AddrFrom4([4]byte{172, 19, 0, d.addresses}),
	}
	made.id = digest(made.name + made.created.String())
	made.root.parent = nil
	d.containers = append(d.containers, made)
	made.start()
	return made
}

// start runs the image's command. Mounts are resolved now: a link is followed once.
func (c *container) start() {
	b := c.box
	for source, destination := range c.service.mounts() {
		if found := b.find(source); found != nil {
			parent := b.makeDirectoryIn(c.root, path.Dir(destination))
			parent.children[path.Base(destination)] = found
		}
	}
	c.started = b.clock.time()
	c.shim = b.spawn(origin{parent: 1, account: "root", cgroup: "/system.slice/containerd.service"}, "containerd-shim",
		"/usr/bin/containerd-shim-runc-v2", []string{"/usr/bin/containerd-shim-runc-v2", "-namespace", "moby", "-id", c.id})
	directory, err := walk(c.root, c.directory, true)
	if err != nil {
		return
	}
	environment := append([]variable{{"PATH", "/usr/local/bin:/usr/bin:/bin"}, {"HOSTNAME", c.id[:12]}}, c.service.environment...)
	running, main, _ := b.startProgram(launch{
		origin: origin{
			parent: c.shim.pid, account: "root", environment: append(environment, variable{"HOME", "/root"}),
			directory: directory, cgroup: "/system.slice/docker-" + c.id + ".scope", container: c,
		},
		argv: c.service.command,
		log:  func(line string) { c.log = append(c.log, line) },
	})
	c.program, c.main = running, main
	c.publish()
}

// publish opens the port on the host, held by docker-proxy.
func (c *container) publish() {
	b := c.box
	outside, inside, ok := c.service.port(b)
	if !ok {
		return
	}
	held, free := b.bindTCP(outside, nil)
	if !free {
		return
	}
	held.answer = func(request *http.Request) answer {
		found, err := b.connectTCP(netip.AddrPortFrom(c.address, inside))
		if err != nil || found.answer == nil {
			return errorPage(http.StatusBadGateway)
		}
		return found.answer(request)
	}
	c.proxy = b.spawn(origin{parent: b.docker.daemon.pid, account: "root", cgroup: "/system.slice/docker.service"}, "docker-proxy", "/usr/bin/docker-proxy",
		[]string{
			"/usr/bin/docker-proxy", "-proto", "tcp", "-host-ip", outside.Addr().String(), "-host-port", fmt.Sprint(outside.Port()),
			"-container-ip", c.address.String(), "-container-port", fmt.Sprint(inside),
		})
	c.proxy.sockets = []*socket{held}
}

// stop ends its processes.
func (c *container) stop() {
	if c.program != nil {
		c.program.stop()
	}
	for _, each := range []*process{c.shim, c.proxy} {
		if each != nil {
			c.box.end(each)
		}
	}
	c.program, c.proxy, c.shim = nil, nil, nil
	c.box.clock.pass(200 * time.Millisecond)
}

// remove takes a container away for good.
func (d *dockerDaemon) remove(gone *container) {
	gone.stop()
	d.containers = slices.DeleteFunc(d.containers, func(each *container) bool { return each == gone })
}

// containerAt is the container that has an address; nil for the box's own.
func (b *Box) containerAt(address netip.Addr) *container {
	if b.docker == nil {
		return nil
	}
	for _, each := range b.docker.containers {
		if each.address == address {
			return each
		}
	}
	return nil
}
