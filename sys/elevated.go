package sys

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"sync"
	"time"
)

// elevatedReads answers what the user may not read himself, by this same program, run by
// sudo (ServeReads): the one opener judges there as here. Requests that arrive together share
// one command, so that sudo is called, and writes its log, a few times instead of hundreds.
type elevatedReads struct {
	local *Local
	batch batch
	ahead readAhead
	// program is the file of this program, or why root is not to run it.
	program func() (string, error)
}

// batchWindow is how long the first request waits for company; batchCount and batchBytes
// bound what one command is asked for, and what it may answer.
const (
	batchWindow = 2 * time.Millisecond
	batchCount  = 2000
	batchBytes  = 48 << 20
)

type request struct {
	ctx   context.Context //nolint:containedctx // the one that names the recorder
	asked question
	done  chan struct{}
	got   answer
	err   error
}

type batch struct {
	mutex   sync.Mutex
	waiting []*request
	running bool
}

// ask waits for the answer to one request; answer is run for all that wait, one batch
// after another.
func (b *batch) ask(ctx context.Context, asked question, answerAll func(context.Context, []*request)) (answer, error) {
	one := &request{ctx: ctx, asked: asked, done: make(chan struct{})}
	b.mutex.Lock()
	b.waiting = append(b.waiting, one)
	if !b.running {
		b.running = true
		go b.serve(answerAll)
	}
	b.mutex.Unlock()
	select {
	case <-one.done:
		return one.got, one.err
	case <-ctx.Done():
		return answer{}, &fs.PathError{Op: string(asked.Op), Path: asked.Path, Err: ctx.Err()}
	}
}

func (b *batch) serve(answerAll func(context.Context, []*request)) {
	time.Sleep(batchWindow)
	for {
		requests := b.take()
		if len(requests) == 0 {
			return
		}
		answerAll(context.WithoutCancel(requests[0].ctx), requests)
		for _, answered := range requests {
			close(answered.done)
		}
	}
}

// take removes the next batch; an empty one ends the serving.
func (b *batch) take() []*request {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	size, count := int64(0), 0
	for count < min(len(b.waiting), batchCount) {
		size += b.waiting[count].asked.Limit
		if count > 0 && size > batchBytes {
			break
		}
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

func (r *elevatedReads) ask(ctx context.Context, asked question, refusal error) (answer, error) {
	if err := r.allowed(ctx, asked.Path, refusal); err != nil {
		return answer{}, err
	}
	if found, ok := r.ahead.load(asked); ok {
		return found, nil
	}
	return r.batch.ask(ctx, asked, r.answerAll)
}

// answerAll runs this program as root, which reads the questions and writes the answers.
func (r *elevatedReads) answerAll(ctx context.Context, requests []*request) {
	began := r.ahead.now()
	program, err := r.program()
	var answers []elevatedAnswer
	if err == nil {
		answers, err = r.run(ctx, program, requests)
	}
	for i, one := range requests {
		switch {
		case err != nil && errors.Is(err, ErrNeedsPrivilege):
			one.err = &fs.PathError{Op: string(one.asked.Op), Path: one.asked.Path, Err: fmt.Errorf("%w: %w", fs.ErrPermission, err)}
		case err != nil:
			one.err = &fs.PathError{Op: string(one.asked.Op), Path: one.asked.Path, Err: err}
		default:
			one.got, one.err = answers[i].answer, answers[i].Error.decoded()
			r.ahead.store(began, one.asked, answers[i])
		}
	}
}

func (r *elevatedReads) run(ctx context.Context, program string, requests []*request) ([]elevatedAnswer, error) {
	questions := make([]question, len(requests))
	for i, one := range requests {
		questions[i] = one.asked
	}
	input, err := json.Marshal(questions)
	if err != nil {
		return nil, err
	}
	output := r.local.Run(ctx, Command{
		Argv: []string{program, ReadsArgument}, Stdin: input, Elevate: true, OutputLimit: 2 * batchBytes,
	})
	observe(ctx, output)
	if output.Err != nil {
		return nil, output.Err
	}
	var answers []elevatedAnswer
	if err := json.Unmarshal(output.Stdout, &answers); err != nil {
		return nil, fmt.Errorf("what was read with root's rights makes no sense: %w", err)
	}
	for i := range answers {
		answers[i].Info = answers[i].Info.local()
	}
	if len(answers) != len(requests) {
		return nil, fmt.Errorf("%d answers to %d questions", len(answers), len(requests))
	}
	return answers, nil
}

// readAheadAge is for how long a listing also answers for what is in it: long enough to
// look at each entry in turn, as one does after listing a directory.
const readAheadAge = 500 * time.Millisecond

// readAhead holds what listings said of the paths in them: what each is, and where a link
// leads. No content is ever kept.
type readAhead struct {
	mutex sync.Mutex
	asked time.Time
	found map[string]beside
	// clock is time.Now but in tests.
	clock func() time.Time
}

func (a *readAhead) now() time.Time {
	if a.clock != nil {
		return a.clock()
	}
	return time.Now()
}

func (a *readAhead) store(asked time.Time, listed question, got elevatedAnswer) {
	if len(got.Beside) == 0 || len(listed.Led) > 0 {
		return
	}
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if a.found == nil || asked.Sub(a.asked) > readAheadAge {
		a.asked, a.found = asked, map[string]beside{}
	}
	for name, what := range got.Beside {
		what.Info = what.Info.local()
		a.found[path.Join(listed.Path, name)] = what
	}
}

func (a *readAhead) load(asked question) (answer, bool) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if a.now().Sub(a.asked) > readAheadAge {
		a.found = nil
	}
	what, ok := a.found[asked.Path]
	switch {
	case !ok || len(asked.Led) > 0:
		return answer{}, false
	case asked.Op == askLook:
		return answer{Info: what.Info}, true
	case asked.Op == askLink && what.Info.IsLink():
		return answer{Target: what.Target}, true
	}
	return answer{}, false
}

// forget drops everything, because something is about to change.
func (a *readAhead) forget() {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.found = nil
}
