// Package lab is a real Debian box for every test that needs one: systemd,
// Nginx, Gunicorn and Flask, broken in all the ways flasktui claims to find.
//
// One base system is bootstrapped once a machine. Every box is a throw-away
// overlay over it, booted by systemd-nspawn in about a second. A box lives in
// its own cgroup and its own mount namespace, so that ending it is one write to
// cgroup.kill, and nothing stays mounted whatever happens to the owner.
//
// Nothing in here is known to flasktui: names, paths, users, ports and layouts
// vary from box to box so that it cannot be.
//
// Begin with faults.go and healthy.go, the rows; fault.go says what a row is, site*.go how the sites
// lie on a box, and fault_test.go what is asked of flasktui on each.
package lab

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
)

// DirEnv names the variable that moves the lab away from its default directory.
const DirEnv = "FLASKTUI_LAB_DIR"

const defaultDir = "/var/cache/flasktui-lab"

// Lab owns the base system, the flasktui binary of this run, and every box
// that was booted from them.
type Lab struct {
	dir    string // the cache: base systems, runs
	run    string // this run's boxes and binary; removed by Close
	base   string // the base system that the boxes are laid over
	cgroup string // the cgroup that holds this run's boxes

	count  atomic.Int32
	mu     sync.Mutex
	boxes  map[*Box]struct{}
	closed bool
	stop   func() // ends the signal watch
}

// Open makes ready: it checks the machine, removes what dead owners left,
// builds the base system if it is missing and flasktui from this source tree.
//
// SIGINT and SIGTERM close the lab and then end the process as they would have.
func Open(ctx context.Context) (*Lab, error) {
	if err := requireHost(); err != nil {
		return nil, err
	}
	dir := os.Getenv(DirEnv)
	if dir == "" {
		dir = defaultDir
	}
	if err := sweep(dir); err != nil {
		return nil, err
	}
	base, err := ensureBase(ctx, dir)
	if err != nil {
		return nil, err
	}
	owner, err := ownerName(os.Getpid())
	if err != nil {
		return nil, err
	}
	l := &Lab{dir: dir, base: base, run: filepath.Join(dir, runsDir, owner), boxes: map[*Box]struct{}{}}
	if l.cgroup, err = makeCgroup(owner); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(l.run, 0o755); err != nil {
		return nil, fmt.Errorf("make the run's directory: %w", err)
	}
	l.watchSignals()
	if err := buildProduct(ctx, l.Binary()); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// Binary is the flasktui built from this source tree, the same file that the
// boxes have at /usr/local/bin/flasktui.
func (l *Lab) Binary() string { return filepath.Join(l.run, "flasktui") }

// Close ends every box that is still running and removes all that this run made.
func (l *Lab) Close() error {
	l.mu.Lock()
	l.closed = true
	boxes := make([]*Box, 0, len(l.boxes))
	for b := range l.boxes {
		boxes = append(boxes, b)
	}
	l.mu.Unlock()
	var errs []error
	for _, b := range boxes {
		errs = append(errs, b.Stop())
	}
	errs = append(errs, removeCgroup(l.cgroup), os.RemoveAll(l.run))
	l.stop()
	return errors.Join(errs...)
}

// watchSignals closes the lab on SIGINT and SIGTERM. SIGKILL needs no watch:
// the boxes die with their owner (Pdeathsig) and the next Open sweeps up.
func (l *Lab) watchSignals() {
	signals := make(chan os.Signal, 1)
	done := make(chan struct{})
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	l.stop = sync.OnceFunc(func() {
		signal.Stop(signals)
		close(done)
	})
	go func() {
		select {
		case s := <-signals:
			if err := l.Close(); err != nil {
				fmt.Fprintf(os.Stderr, "lab: %v\n", err)
			}
			signal.Reset(s)
			// Close has given the signal back to its default: end as it would have.
			_ = syscall.Kill(os.Getpid(), s.(syscall.Signal))
		case <-done:
		}
	}()
}
