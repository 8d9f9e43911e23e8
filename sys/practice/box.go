// Package practice is a box in memory: a Machine with a deploy gone wrong on it.
//
// It keeps a small model of what matters to a Flask site (files, processes, sockets,
// systemd, Gunicorn, Nginx, Docker) and renders from it, on demand, the same formats
// that a Linux box shows, so that the same parsers read both. Commands change the model
// as they would change a box: a restart starts new processes from the unit as loaded, in
// the directory as it resolves now, and workers answer from what they loaded, whatever
// the disk says by then.
//
// A fault is a story: the history of a box told in order, with the clock set back. The
// package knows the box, not flasktui's judgement of it.
package practice

import (
	"context"
	"fmt"
	"sync"
	"time"

	"flasktui/sys"
)

// Box is a machine in memory. It is safe for concurrent use.
type Box struct {
	// Pace is how long a command that restarts something takes in wall time, so that
	// its output can be watched. Set it before the box is used.
	Pace time.Duration

	mutex    sync.Mutex
	clock    clock
	hostname string
	users    map[string]user

	root      *node
	lastInode uint64

	processes map[int]*process
	lastPID   int

	services map[string]*service
	journal  journal
	nginx    *runningNginx
	docker   *dockerDaemon

	// fronts are the public names of the box's sites, and what stands before them.
	fronts map[string]*front
	// editions are the releases that the story tells of, oldest first.
	editions []edition
	// site is the public name that the story is about.
	site string
	// asked is what the box's owner says of it.
	asked Asked
	// turn makes the kernel's choice among workers: each in turn.
	turn int
	// corrections is what a person would type in an editor to set a file right.
	corrections map[string]string
}

// edition is a release and the word that its pages and files bear.
type edition struct {
	id   string
	word string
}

// user is an account of the box.
type user struct {
	uid, gid uint32
	home     string
}

// New builds the box that shows a fault. now is the wall clock that the box starts from;
// nil means time.Now.
func New(fault string, now func() time.Time) (*Box, error) {
	if now == nil {
		now = time.Now
	}
	for _, known := range append(Faults(), Variants()...) {
		if known.ID != fault {
			continue
		}
		box := bare(now)
		known.tell(box)
		box.clock.present()
		return box, nil
	}
	return nil, fmt.Errorf("no practice box shows %q", fault)
}

// bare is a box with a system on it and nothing else, booted nine days ago.
func bare(now func() time.Time) *Box {
	box := &Box{
		hostname:    "practice",
		users:       map[string]user{"root": {0, 0, "/root"}, "www-data": {33, 33, "/var/www"}},
		processes:   map[int]*process{},
		services:    map[string]*service{},
		fronts:      map[string]*front{},
		corrections: map[string]string{},
		lastInode:   130_000,
	}
	box.clock.now = now
	box.clock.back(bootedAgo)
	box.clock.booted = box.clock.time()
	box.journal.grew = make(chan struct{})
	box.root = box.newDirectory()
	box.furnish()
	return box
}

// Expected is the release that the deploy meant to put live.
func (b *Box) Expected() string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if len(b.editions) == 0 {
		return ""
	}
	return b.editions[len(b.editions)-1].id
}

// Asked is what the box's owner says when they ask for help: what they believe the
// service and the deploy's directory to be. Both are empty where they would say nothing.
type Asked struct {
	Service string
	AppDir  string
	URL     string
	// Expect is the release that ought to be live.
	Expect string
}

// Asked is said with the story.
func (b *Box) Asked() Asked {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	asked := b.asked
	asked.URL = "http://" + b.site
	return asked
}

// Host implements sys.Machine. The box is read as root, so nothing asks for sudo.
func (b *Box) Host(ctx context.Context) (sys.Host, error) {
	if err := ctx.Err(); err != nil {
		return sys.Host{}, err
	}
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return sys.Host{
		Hostname: b.hostname, ID: "0b5e6a7d1c9f4e2380d4a6b5c3e1f702", OS: "linux", Platform: "debian 13",
		User: "root", UID: 0, Privilege: sys.PrivilegeRoot,
	}, nil
}

// Now implements sys.Machine.
func (b *Box) Now() time.Time {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.clock.time()
}
