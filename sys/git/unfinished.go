package git

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"flasktui/sys"
)

// Unfinished is something that git was doing and has left behind in its directory: while it
// is there, what is checked out is neither the release before nor the one that was to come.
type Unfinished struct {
	Operation Operation `json:"operation"`
	// Path is the file or directory that says so; At is when it was made.
	Path string    `json:"path"`
	At   time.Time `json:"at"`
}

// Operation is what git was doing.
type Operation string

// The operations that git keeps a trace of until they are ended or given up (git-merge(1),
// git-rebase(1), git-cherry-pick(1), git-revert(1)); and the lock of the index, which is there
// for the moment in which git writes it, and stays where git was ended in that moment.
const (
	Merge      Operation = "merge"
	CherryPick Operation = "cherry-pick"
	Revert     Operation = "revert"
	Rebase     Operation = "rebase"
	IndexLock  Operation = "index.lock"
)

// readUnfinished looks for the traces.
func (repository *Repository) readUnfinished(ctx context.Context, machine sys.Machine) error {
	for _, trace := range []struct {
		name      string
		operation Operation
	}{
		{"MERGE_HEAD", Merge},
		{"rebase-merge", Rebase},
		{"rebase-apply", Rebase},
		{"CHERRY_PICK_HEAD", CherryPick},
		{"REVERT_HEAD", Revert},
		{"index.lock", IndexLock},
	} {
		name := path.Join(repository.GitDirectory, trace.name)
		info, err := machine.Stat(ctx, name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return fmt.Errorf("looking at %s: %w", name, err)
		default:
			repository.Unfinished = append(repository.Unfinished, Unfinished{trace.operation, name, info.Modified})
		}
	}
	return nil
}

// readFetchHead reads which commit the last fetch was to be merged from, and when that was;
// that nothing was ever fetched is no error.
func (repository *Repository) readFetchHead(ctx context.Context, machine sys.Machine) error {
	name := path.Join(repository.GitDirectory, "FETCH_HEAD")
	info, err := machine.Stat(ctx, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		repository.Fetched = info.Modified
		var content []byte
		if content, err = machine.ReadFile(ctx, name, fileLimit); err == nil || errors.Is(err, sys.ErrTruncated) {
			repository.ToMerge = ParseFetchHead(content)
			return nil
		}
	}
	if errors.Is(err, fs.ErrPermission) {
		return nil
	}
	return fmt.Errorf("reading %s: %w", name, err)
}

// ParseFetchHead gives the first commit in a FETCH_HEAD that was fetched to be merged: the
// lines are "commit TAB not-for-merge TAB from where", the word in the middle being empty for
// those that are.
func ParseFetchHead(content []byte) string {
	lines := bufio.NewScanner(bytes.NewReader(content))
	for lines.Scan() {
		commit, rest, _ := strings.Cut(lines.Text(), "\t")
		if note, _, found := strings.Cut(rest, "\t"); found && note == "" && isCommit(commit) {
			return commit
		}
	}
	return ""
}

// StoppedPull tells whether a commit was fetched to be merged, after HEAD last moved, and HEAD
// has never been there.
func (repository Repository) StoppedPull() bool {
	if repository.ToMerge == "" || repository.ToMerge == repository.Commit || len(repository.Log) == 0 {
		return false
	}
	been := slices.ContainsFunc(repository.Log, func(entry ReflogEntry) bool {
		return entry.New == repository.ToMerge || entry.Old == repository.ToMerge
	})
	// The reflog knows whole seconds.
	return !been && !repository.Fetched.Before(repository.Log[len(repository.Log)-1].At)
}

// mostCompared bounds how many files LocalEdits reads, mostEdits how many it tells of.
const (
	mostCompared = 4000
	mostEdits    = 5
	editLimit    = 1 << 20
)

// LocalEdits are tracked files, by their path from the root, that hold something else than
// the commit has which is checked out: what makes git refuse a pull. The error is that of
// CommittedContents, or says that there are too many files to compare.
func (repository Repository) LocalEdits(ctx context.Context, machine sys.Machine) ([]string, error) {
	contents, err := repository.CommittedContents(ctx, machine)
	if err != nil {
		return nil, err
	}
	if len(contents) > mostCompared {
		return nil, fmt.Errorf("%s has %d files, too many to compare", repository.Directory, len(contents))
	}
	var edits []string
	for _, name := range slices.Sorted(maps.Keys(contents)) {
		content, err := machine.ReadFile(ctx, path.Join(repository.Directory, name), editLimit)
		if err == nil && BlobName(content) != contents[name] && !isConverted(content, contents[name]) {
			edits = append(edits, name)
		}
		if len(edits) == mostEdits {
			break
		}
	}
	return edits, nil
}

// isConverted tells whether a file is the committed one but for the line ends that git may
// have been told to write (gitattributes(5), core.autocrlf).
func isConverted(content []byte, committed string) bool {
	return BlobName(bytes.ReplaceAll(content, []byte("\r\n"), []byte("\n"))) == committed
}
