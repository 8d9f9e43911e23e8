package sys

import (
	"context"
	"errors"
	"sync"
	"time"
)

// CommandRecord is one command that was run on a machine.
type CommandRecord struct {
	// Argv is what really ran, sudo included, with secrets masked.
	Argv     []Text
	Exit     int
	Took     time.Duration
	Elevated bool
}

// Recorder is a Machine that keeps a record of every command that is run on it, those
// included that the machine runs by itself to read what its user may not.
type Recorder struct {
	Machine
	mutex   sync.Mutex
	records []CommandRecord
}

// NewRecorder wraps a machine.
func NewRecorder(machine Machine) *Recorder { return &Recorder{Machine: machine} }

// Records lists what has been run so far, in the order in which it ended.
func (r *Recorder) Records() []CommandRecord {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return append([]CommandRecord{}, r.records...)
}

// Run implements Machine.
func (r *Recorder) Run(ctx context.Context, command Command) Output {
	output := r.Machine.Run(r.observing(ctx), command)
	r.record(output)
	return output
}

// ReadFile implements Machine.
func (r *Recorder) ReadFile(ctx context.Context, path string, limit int64) ([]byte, error) {
	return r.Machine.ReadFile(r.observing(ctx), path, limit)
}

// ReadEnd implements Machine.
func (r *Recorder) ReadEnd(ctx context.Context, path string, limit int64) ([]byte, error) {
	return r.Machine.ReadEnd(r.observing(ctx), path, limit)
}

// Resolve implements Machine.
func (r *Recorder) Resolve(ctx context.Context, path string) (string, error) {
	return r.Machine.Resolve(r.observing(ctx), path)
}

// ReadLink implements Machine.
func (r *Recorder) ReadLink(ctx context.Context, path string) (string, error) {
	return r.Machine.ReadLink(r.observing(ctx), path)
}

// ReadDir implements Machine.
func (r *Recorder) ReadDir(ctx context.Context, path string) ([]Entry, error) {
	return r.Machine.ReadDir(r.observing(ctx), path)
}

// Stat implements Machine.
func (r *Recorder) Stat(ctx context.Context, path string) (FileInfo, error) {
	return r.Machine.Stat(r.observing(ctx), path)
}

func (r *Recorder) statEntries(ctx context.Context, directory string, names []string) []Described {
	return StatEntries(r.observing(ctx), r.Machine, directory, names)
}

// StatTarget implements Machine.
func (r *Recorder) StatTarget(ctx context.Context, path string) (FileInfo, error) {
	return r.Machine.StatTarget(r.observing(ctx), path)
}

// OpenMemory implements Machine.
func (r *Recorder) OpenMemory(ctx context.Context, pid int) (Memory, error) {
	return r.Machine.OpenMemory(r.observing(ctx), pid)
}

// Host implements Machine.
func (r *Recorder) Host(ctx context.Context) (Host, error) {
	return r.Machine.Host(r.observing(ctx))
}

func (r *Recorder) record(output Output) {
	refused := errors.Is(output.Err, ErrNoCommand) || errors.Is(output.Err, ErrReadOnly)
	if refused || (errors.Is(output.Err, ErrNeedsPrivilege) && !output.Elevated) {
		// Nothing ran.
		return
	}
	record := CommandRecord{Argv: RedactArgv(output.Argv), Exit: output.Exit, Took: output.Took, Elevated: output.Elevated}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.records = append(r.records, record)
}

// observerKey carries the recorder to where a machine runs commands of its own accord.
type observerKey struct{}

func (r *Recorder) observing(ctx context.Context) context.Context {
	return context.WithValue(ctx, observerKey{}, r)
}

// observe records a command that nobody called Run for.
func observe(ctx context.Context, output Output) {
	if recorder, ok := ctx.Value(observerKey{}).(*Recorder); ok {
		recorder.record(output)
	}
}
