package facts

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"flasktui/sys"
	"flasktui/sys/python/memory"
)

// MemoryWitness is what the memory of a process says against a file on disk (G50). All of
// it is from the file; nothing of the memory itself is kept.
type MemoryWitness struct {
	PID int `json:"pid"`
	// Word is a name or a string of the file that the process does not have; empty where
	// the process has a function elsewhere, or with other numbers.
	Word     sys.Text `json:"word,omitempty"`
	Function sys.Text `json:"function"`
	Line     int      `json:"line"`
}

const (
	// mostRemembered bounds how many files are compared with a memory, and sourceSize each.
	mostRemembered = 50
	sourceSize     = 1 << 20
)

// notInMemory are the files whose inode changed since the service was started while their
// times say nothing of it (cp -p, rsync --inplace, tar), and that a worker has imported with
// another content. Where the memory cannot be read it says nothing.
func (look *look) notInMemory(ctx context.Context, known *Facts, deployment Deployment, started time.Time, seen *walked) []Change {
	process, ok := known.oldestImporter()
	if !ok || known.Options.NoMemory || process.Cgroup.Container != "" {
		return nil
	}
	var asked []Change
	var files []memory.File
	for _, file := range seen.touched {
		changed := slices.ContainsFunc(seen.sources, func(source Change) bool { return source.Path == file.Path && source.At.After(started) })
		if changed || !file.At.After(started) || path.Ext(file.Path) != ".py" || len(files) >= mostRemembered {
			continue
		}
		if content, err := look.machine.ReadFile(ctx, file.Path, sourceSize); err == nil {
			asked = append(asked, file)
			files = append(files, memory.File{Paths: importedAs(deployment, file.Path), Content: content})
		}
	}
	if len(files) == 0 {
		return nil
	}
	compared, err := look.compareMemory(ctx, process.PID, files)
	if errors.Is(err, memory.ErrIncomplete) {
		// A process that works gives memory back while it is read.
		compared, err = look.compareMemory(ctx, process.PID, files)
	}
	if err != nil {
		return nil
	}
	var another []Change
	for index, result := range compared {
		if result.Outcome == memory.Another {
			file := asked[index]
			file.Memory = &MemoryWitness{
				PID: process.PID, Word: sys.Safe(result.Difference.Word), Function: sys.Safe(result.Difference.Function), Line: result.Difference.Line,
			}
			another = append(another, file)
		}
	}
	return another
}

// importedAs are the names by which Python may have imported a file: as it is, and through
// the link.
func importedAs(deployment Deployment, file string) []string {
	names := []string{file}
	if link := deployment.Link; link != nil {
		for _, through := range []string{link.Path, link.Outer} {
			if rest, below := strings.CutPrefix(file, link.Resolved+"/"); below && through != "" {
				names = append(names, path.Join(through, rest))
			}
		}
	}
	return names
}

// oldestImporter is the process of the service that has run longest with the app in it: a
// worker, or the master where there is none yet.
func (facts *Facts) oldestImporter() (oldest Process, ok bool) {
	for _, gunicorn := range facts.Own() {
		processes := gunicorn.Workers
		if len(processes) == 0 {
			processes = []Process{gunicorn.Master}
		}
		for _, process := range processes {
			if !ok || process.Started.Before(oldest.Started) {
				oldest, ok = process, true
			}
		}
	}
	return oldest, ok
}

// compareMemory compares files with what a process has in its memory. A process that is
// swapped out is left alone, as reading would bring it back in.
func (look *look) compareMemory(ctx context.Context, pid int, files []memory.File) ([]memory.Compared, error) {
	directory := fmt.Sprintf("/proc/%d", pid)
	status, err := look.machine.ReadFile(ctx, directory+"/status", 64<<10)
	if err != nil {
		return nil, err
	}
	if swappedOut(string(status)) {
		return nil, memory.ErrTooMuch
	}
	maps, err := look.machine.ReadFile(ctx, directory+"/maps", 8<<20)
	if err != nil {
		return nil, err
	}
	held, err := look.machine.OpenMemory(ctx, pid)
	if err != nil {
		return nil, err
	}
	defer func() { _ = held.Close() }()
	process, err := memory.New(held, maps)
	if err != nil {
		return nil, err
	}
	return process.Compare(ctx, files)
}

// swappedOut reads VmSwap of proc_pid_status(5).
func swappedOut(status string) bool {
	for line := range strings.Lines(status) {
		if rest, is := strings.CutPrefix(line, "VmSwap:"); is {
			return strings.TrimSpace(rest) != "0 kB"
		}
	}
	return false
}
