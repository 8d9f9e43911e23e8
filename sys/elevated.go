package sys

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// elevatedReads answers what the user may not read himself, by commands that run as root.
// Requests that arrive together share one command, so that sudo is called, and writes its
// log, a few times instead of hundreds.
type elevatedReads struct {
	local *Local
	stats batch[foundPath]
	lists batch[[]Entry]
	files batch[[]byte]
	ahead readAhead
}

// batchWindow is how long the first request waits for company; batchBytes bounds the
// paths of one command.
const (
	batchWindow = 2 * time.Millisecond
	batchBytes  = 64 << 10
)

type request[T any] struct {
	ctx   context.Context //nolint:containedctx // the one that names the recorder
	path  string
	limit int64
	done  chan struct{}
	value T
	err   error
}

type batch[T any] struct {
	mutex   sync.Mutex
	waiting []*request[T]
	running bool
}

// ask waits for the answer to one request; answer is run for all that wait, one batch
// after another.
func (b *batch[T]) ask(ctx context.Context, path string, limit int64, answer func(context.Context, []*request[T])) (T, error) {
	asked := &request[T]{ctx: ctx, path: path, limit: limit, done: make(chan struct{})}
	b.mutex.Lock()
	b.waiting = append(b.waiting, asked)
	if !b.running {
		b.running = true
		go b.serve(answer)
	}
	b.mutex.Unlock()
	select {
	case <-asked.done:
		return asked.value, asked.err
	case <-ctx.Done():
		var none T
		return none, &fs.PathError{Op: "read", Path: path, Err: ctx.Err()}
	}
}

func (b *batch[T]) serve(answer func(context.Context, []*request[T])) {
	time.Sleep(batchWindow)
	for {
		requests := b.take()
		if len(requests) == 0 {
			return
		}
		answer(context.WithoutCancel(requests[0].ctx), requests)
		for _, answered := range requests {
			close(answered.done)
		}
	}
}

// take removes the next batch; an empty one ends the serving.
func (b *batch[T]) take() []*request[T] {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	size, count := 0, 0
	for count < len(b.waiting) && (count == 0 || size < batchBytes) {
		size += len(b.waiting[count].path)
		count++
	}
	requests := b.waiting[:count:count]
	b.waiting = b.waiting[count:]
	b.running = count > 0
	return requests
}

// allowed tells whether a refusal can be got around; where it cannot, it returns the
// refusal with what would be needed.
func (r *elevatedReads) allowed(ctx context.Context, path string, refusal error) error {
	l := r.local
	if l.uid == 0 || !filepath.IsAbs(path) {
		return refusal
	}
	if l.options.NoSudo || l.sudo.probe(ctx, l) != rightsGranted {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("%w: %w", refusal, err)
		}
		return l.unprivileged(refusal)
	}
	return nil
}

func (r *elevatedReads) stat(ctx context.Context, path string, refusal error) (foundPath, error) {
	if err := r.allowed(ctx, path, refusal); err != nil {
		return foundPath{}, err
	}
	if found, ok := r.ahead.load(path); ok {
		return found, nil
	}
	return r.stats.ask(ctx, path, 0, r.answerStats)
}

func (r *elevatedReads) directory(ctx context.Context, path string, refusal error) ([]Entry, error) {
	if err := r.allowed(ctx, path, refusal); err != nil {
		return nil, err
	}
	return r.lists.ask(ctx, path, 0, r.answerLists)
}

func (r *elevatedReads) file(ctx context.Context, path string, limit int64, refusal error) ([]byte, error) {
	if err := r.allowed(ctx, path, refusal); err != nil {
		return nil, err
	}
	data, err := r.files.ask(ctx, path, limit, r.answerFiles)
	if err == nil && int64(len(data)) > limit {
		return data[:limit], fileError("read", path, fmt.Errorf("%w of %d bytes", ErrTruncated, limit))
	}
	return data, err
}

// readAheadAge is for how long a listing also answers for what is in it: long enough to
// look at each entry in turn, as one does after listing a directory.
const readAheadAge = 500 * time.Millisecond

// readAhead holds what listings said of the paths in them.
type readAhead struct {
	mutex sync.Mutex
	asked time.Time
	found map[string]foundPath
}

func (a *readAhead) store(asked time.Time, found map[string]foundPath) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if a.found == nil || asked.Sub(a.asked) > readAheadAge {
		a.asked, a.found = asked, map[string]foundPath{}
	}
	// What was asked for may have been a link that find followed; what it found there is
	// not what the link is. Only entries below are told as they are.
	for path, what := range found {
		if !what.requested {
			a.found[path] = what
		}
	}
}

func (a *readAhead) load(path string) (foundPath, bool) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if time.Since(a.asked) > readAheadAge {
		a.found = nil
	}
	what, ok := a.found[path]
	return what, ok
}

// forget drops everything, because something is about to change.
func (a *readAhead) forget() {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.found = nil
}

// find runs find(1) as root over the paths of several requests; links says whether it
// follows those that are links (-H) or not (-P).
func find[T any](ctx context.Context, l *Local, links string, requests []*request[T], expression ...string) Output {
	argv := []string{"find", links}
	for _, wanted := range requests {
		argv = append(argv, wanted.path)
	}
	output := l.Run(ctx, Command{Argv: append(argv, expression...), Elevate: true, OutputLimit: 4 * DefaultOutputLimit})
	observe(ctx, output)
	return output
}

// missing is why find said nothing of a path.
func missing(output Output, path string) error {
	for line := range strings.Lines(string(output.Stderr)) {
		if !containsAny(line, path+"'", path+"’", path+": ") {
			continue
		}
		switch {
		case containsAny(line, "No such file or directory", "No such process"):
			return &fs.PathError{Op: "read", Path: path, Err: fs.ErrNotExist}
		case containsAny(line, "Permission denied", "Operation not permitted"):
			return &fs.PathError{Op: "read", Path: path, Err: fs.ErrPermission}
		}
		return &fs.PathError{Op: "read", Path: path, Err: errors.New(string(Safe(strings.TrimSpace(line))))}
	}
	switch {
	case errors.Is(output.Err, ErrNeedsPrivilege):
		return &fs.PathError{Op: "read", Path: path, Err: fmt.Errorf("%w: %w", fs.ErrPermission, output.Err)}
	case output.Err != nil:
		return &fs.PathError{Op: "read", Path: path, Err: output.Err}
	default:
		return nil
	}
}
