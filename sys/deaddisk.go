package sys

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// ErrNoAnswer means that a file system is mounted and whatever stands behind it, a server
// or a program, does not answer.
var ErrNoAnswer = errors.New("does not answer")

// disks keeps us away from file systems that do not answer. Whoever asks one of them waits
// in the kernel, at worst beyond the reach of a signal: such a process does not even end
// when it has exited. So another process asks first, and only that one is stuck.
type disks struct {
	local   *Local
	mutex   sync.Mutex
	listed  time.Time
	remote  []string
	askings map[string]*asking
	// trees holds the remote places that the way to a directory leads through.
	trees map[string][]string
}

const (
	// mountsAge is for how long the list of mounts, and that one answers, is relied on;
	// deadAge for how long that it does not, or every single read would wait again.
	mountsAge = time.Second
	deadAge   = 10 * time.Second
	// answerTime is how long a file system may take. A file server that reboots is dead
	// for now; a busy one takes tens of milliseconds.
	answerTime = time.Second
	// LinkLimit is the kernel's own for one path.
	LinkLimit = 40
)

// answer says which file system on the way to a path does not answer; nil if all do. It
// costs nothing where nothing of the kind is mounted.
func (d *disks) answer(ctx context.Context, operation, name string) error {
	if !path.IsAbs(name) || strings.HasPrefix(name, "/proc/") {
		return nil
	}
	remote := d.mounts()
	if len(remote) == 0 {
		return nil
	}
	for _, place := range d.through(ctx, remote, name) {
		if err := d.ask(ctx, place); err != nil {
			return &fs.PathError{Op: operation, Path: name, Err: fmt.Errorf("the file system at %s %w", place, err)}
		}
	}
	return nil
}

// mounts lists the remote mounts, anew when that was some time ago.
func (d *disks) mounts() []string {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if time.Since(d.listed) < mountsAge {
		return d.remote
	}
	d.listed, d.remote, d.trees = time.Now(), nil, map[string][]string{}
	const longest = 16 << 20
	if table, err := d.local.opener.readFile("/proc/self/mountinfo", behalf{}, longest); err == nil {
		// What could be read is better than nothing; each call is bounded all the same.
		d.remote, _ = ParseRemoteMounts(bytes.NewReader(table))
	}
	return d.remote
}

// through lists the remote places that the way to a path leads through. What lies in one
// directory is asked for again and again, so the way to that is walked once.
func (d *disks) through(ctx context.Context, remote []string, name string) []string {
	directory := path.Dir(name)
	d.mutex.Lock()
	places, known := d.trees[directory]
	d.mutex.Unlock()
	if !known {
		places = d.walk(ctx, remote, directory)
		d.mutex.Lock()
		d.trees[directory] = places
		d.mutex.Unlock()
	}
	if len(places) > 0 && d.ask(ctx, places[len(places)-1]) != nil {
		return places
	}
	return append(slices.Clip(places), d.walk(ctx, remote, name)...)
}

// walk follows a path as the kernel would, and stops before what does not answer.
func (d *disks) walk(ctx context.Context, remote []string, name string) (places []string) {
	rest := elements(name)
	at := "/"
	for links := 0; len(rest) > 0 && links < LinkLimit; {
		next := path.Join(at, rest[0])
		rest = rest[1:]
		if slices.Contains(remote, next) {
			places = append(places, next)
			if d.ask(ctx, next) != nil {
				return places
			}
		}
		target, err := os.Readlink(next) //nolint:forbidigo // to know which disk would be asked; nothing of it is told
		if err != nil {
			at = next
			continue
		}
		links++
		if path.IsAbs(target) {
			at = "/"
		}
		rest = append(elements(target), rest...)
	}
	return places
}

// elements takes a path apart. ".." stays: what it means is known once one is there.
func elements(name string) []string {
	return slices.DeleteFunc(strings.Split(name, "/"), func(element string) bool { return element == "" || element == "." })
}

// asking is one question to a file system.
type asking struct {
	began time.Time
	ended chan struct{}
	err   error
}

// ask has another process ask the file system at a place how it is, for which there is no
// cache that could answer.
func (d *disks) ask(ctx context.Context, place string) error {
	d.mutex.Lock()
	if d.askings == nil {
		d.askings = map[string]*asking{}
	}
	current := d.askings[place]
	if current == nil || current.old() {
		current = &asking{began: time.Now(), ended: make(chan struct{})}
		d.askings[place] = current
		go current.run(context.WithoutCancel(ctx), d.local, place)
	}
	d.mutex.Unlock()
	late := time.NewTimer(answerTime - time.Since(current.began))
	defer late.Stop()
	select {
	case <-current.ended:
		return current.err
	case <-late.C:
		return ErrNoAnswer
	case <-ctx.Done():
		return ctx.Err()
	}
}

// old tells whether the answer is to be had anew. One that is still waited for is not.
func (a *asking) old() bool {
	select {
	case <-a.ended:
		age := time.Since(a.began)
		return age > deadAge || a.err == nil && age > mountsAge
	default:
		return false
	}
}

// run asks, and kills who asks when that takes too long. Where the kernel does not let it
// go it stays until the file system is back, and nobody asks again meanwhile.
func (a *asking) run(ctx context.Context, local *Local, place string) {
	defer close(a.ended)
	program, err := local.findProgram("stat")
	if err != nil {
		return
	}
	question := exec.CommandContext(ctx, program, "-f", "--", place)
	question.Dir, question.Env = "/", environment(false, noVariables)
	// What is sent to our process group is for us alone.
	question.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if question.Start() != nil {
		return
	}
	killer := time.AfterFunc(answerTime, func() { _ = question.Process.Kill() })
	failed := question.Wait()
	if !killer.Stop() && failed != nil {
		a.err = ErrNoAnswer
	}
	observe(ctx, Output{Argv: question.Args, Exit: question.ProcessState.ExitCode(), Took: time.Since(a.began)})
}
