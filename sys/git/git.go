// Package git reads a repository's files: HEAD, references, the reflog, the index. No git
// is run, so no hook and no configuration of it is.
//
// It knows sys. Begin with FindRepository, then index.go.
package git

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"flasktui/sys"
)

// Repository is a git checkout, read from its files alone: git itself is not run, so
// that no configuration or hook of the repository has a say (G26).
type Repository struct {
	// Directory is the root of the work tree; GitDirectory is where HEAD stands.
	Directory    string `json:"directory"`
	GitDirectory string `json:"git_directory"`
	// Branch is empty for a detached HEAD.
	Branch string `json:"branch,omitempty"`
	Commit string `json:"commit,omitempty"`
	// Log is .git/logs/HEAD, oldest first, at most the last 200 entries.
	Log []ReflogEntry `json:"log"`
	// Upstream is the commit of the branch's remote-tracking ref as last fetched, and
	// UpstreamRef its name; empty where there is none. The remote itself is not asked.
	Upstream    string `json:"upstream,omitempty"`
	UpstreamRef string `json:"upstream_ref,omitempty"`
	// Fetched is when FETCH_HEAD was last written.
	Fetched time.Time `json:"fetched,omitzero"`
	// ToMerge is the commit that the last fetch was to be merged from; empty for none.
	ToMerge string `json:"to_merge,omitempty"`
	// Unfinished is what git was doing and did not end.
	Unfinished []Unfinished `json:"unfinished,omitempty"`
}

// ReflogEntry is one move of HEAD. At has whole seconds.
type ReflogEntry struct {
	Old    string    `json:"old"`
	New    string    `json:"new"`
	At     time.Time `json:"at"`
	Action string    `json:"action"`
}

const (
	fileLimit = 64 << 10
	// logLimit holds more than reflogEntries of the longest messages that people write;
	// packedLimit some hundred thousand refs.
	logLimit      = 256 << 10
	packedLimit   = 16 << 20
	reflogEntries = 200
	// refDepth bounds how far one symbolic ref is followed to the next, as git
	// itself does.
	refDepth = 5
)

// FindRepository looks for .git (a directory, or the file of a worktree or submodule) in
// the directory and above it; nil where there is none. Links in the directory are
// followed first, as git does: above a release is "releases", not what "current" is in.
func FindRepository(ctx context.Context, machine sys.Machine, directory string) (*Repository, error) {
	at, err := machine.Resolve(ctx, directory)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("looking for a git repository at %s: %w", directory, err)
	}
	for ; ; at = path.Dir(at) {
		inside, gitDirectory, err := directoryIn(ctx, machine, at)
		switch {
		case err == nil:
			return readRepository(inside, machine, at, gitDirectory)
		case !errors.Is(err, fs.ErrNotExist):
			return nil, fmt.Errorf("looking for a git repository at %s: %w", at, err)
		case at == "/":
			return nil, nil
		}
	}
}

// directoryIn finds the directory with HEAD of the work tree rooted at a directory.
// A .git that git would not take for a repository is no repository (fs.ErrNotExist). The
// context returned is to be used to read it.
func directoryIn(ctx context.Context, machine sys.Machine, directory string) (context.Context, string, error) {
	name := path.Join(directory, ".git")
	info, err := machine.Stat(ctx, name)
	if err != nil {
		return ctx, "", err
	}
	gitDirectory := name
	if info.Mode.IsRegular() {
		content, err := machine.ReadFile(ctx, name, fileLimit)
		if err != nil {
			return ctx, "", err
		}
		target, found := strings.CutPrefix(string(content), "gitdir:")
		if !found {
			return ctx, "", fmt.Errorf("%s names no directory: %w", name, fs.ErrNotExist)
		}
		gitDirectory = sys.AbsoluteFrom(directory, strings.TrimSpace(target))
	}
	if !info.IsDir() {
		if ctx, err = ownDirectory(ctx, machine, name, gitDirectory); err != nil {
			return ctx, "", err
		}
	}
	if _, err := machine.Stat(ctx, path.Join(gitDirectory, "HEAD")); err != nil {
		return ctx, "", err
	}
	return ctx, gitDirectory, nil
}

// ownDirectory refuses a directory that a file or link names and that belongs to nobody
// who has a say in what stands there: git calls that dubious ownership (safe.directory in
// git-config(1)). The context returned is to be used to read it.
func ownDirectory(ctx context.Context, machine sys.Machine, named, directory string) (context.Context, error) {
	ctx = sys.NamedIn(ctx, machine, named)
	resolved, err := machine.Resolve(ctx, directory)
	if err != nil {
		return ctx, err
	}
	info, err := machine.Stat(ctx, resolved)
	if err == nil && !sys.NamersIn(ctx).Owns(info) {
		err = &fs.PathError{Op: "read", Path: directory, Err: sys.ErrLedAway}
	}
	return ctx, err
}

func readRepository(ctx context.Context, machine sys.Machine, directory, gitDirectory string) (*Repository, error) {
	repository := &Repository{Directory: directory, GitDirectory: gitDirectory}
	ctx, refs, err := openRefs(ctx, machine, gitDirectory)
	if err != nil {
		return nil, err
	}
	name, commit, err := refs.resolve(ctx, "HEAD")
	if err != nil {
		return nil, fmt.Errorf("reading HEAD of %s: %w", directory, err)
	}
	repository.Commit = commit
	repository.Branch, _ = strings.CutPrefix(name, "refs/heads/")
	if name == "HEAD" {
		repository.Branch = ""
	}
	if err := repository.readUpstream(ctx, refs); err != nil {
		return nil, err
	}
	if err := repository.readLog(ctx, machine); err != nil {
		return nil, err
	}
	if err := repository.readFetchHead(ctx, machine); err != nil {
		return nil, err
	}
	if err := repository.readUnfinished(ctx, machine); err != nil {
		return nil, err
	}
	return repository, nil
}

func (repository *Repository) readUpstream(ctx context.Context, refs refs) error {
	if repository.Branch == "" {
		return nil
	}
	config, err := refs.machine.ReadFile(ctx, path.Join(refs.common, "config"), fileLimit)
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission) && !errors.Is(err, sys.ErrTruncated) {
		return fmt.Errorf("reading %s/config: %w", refs.common, err)
	}
	remote, merge := upstream(string(config), repository.Branch)
	name := "refs/remotes/origin/" + repository.Branch
	if branch, isBranch := strings.CutPrefix(merge, "refs/heads/"); isBranch && remote != "" {
		name = "refs/remotes/" + remote + "/" + branch
		if remote == "." {
			name = merge
		}
	}
	_, commit, err := refs.resolve(ctx, name)
	switch {
	case err == nil && commit != "":
		repository.Upstream, repository.UpstreamRef = commit, name
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("reading %s of %s: %w", name, repository.Directory, err)
	}
	return nil
}

// readLog reads the end of the log; that there is none (core.logAllRefUpdates off) is no
// error.
func (repository *Repository) readLog(ctx context.Context, machine sys.Machine) error {
	name := path.Join(repository.GitDirectory, "logs/HEAD")
	content, err := machine.ReadEnd(ctx, name, logLimit)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case errors.Is(err, sys.ErrTruncated):
		// What was cut off the first line is no line.
		_, content, _ = bytes.Cut(content, []byte("\n"))
	case err != nil:
		return fmt.Errorf("reading %s: %w", name, err)
	}
	repository.Log, err = ParseReflog(bytes.NewReader(content))
	if err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	return nil
}

// ParseReflog reads lines "old new name <mail> epoch zone\taction", and keeps the last
// 200. Names and mail addresses are passed over, and so is a line that is none.
func ParseReflog(reader io.Reader) ([]ReflogEntry, error) {
	var entries []ReflogEntry
	lines := bufio.NewScanner(reader)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		entry, ok := parseReflogLine(lines.Text())
		if !ok {
			continue
		}
		entries = append(entries, entry)
	}
	entries = slices.Clone(entries[max(0, len(entries)-reflogEntries):])
	if err := lines.Err(); err != nil {
		return entries, fmt.Errorf("reading a reflog: %w", err)
	}
	return entries, nil
}

func parseReflogLine(line string) (ReflogEntry, bool) {
	head, action, _ := strings.Cut(line, "\t")
	oldCommit, rest, _ := strings.Cut(head, " ")
	newCommit, rest, found := strings.Cut(rest, " ")
	if !found || !isCommit(oldCommit) || !isCommit(newCommit) {
		return ReflogEntry{}, false
	}
	// A name may hold anything but ">": the time is what follows the last one.
	fields := strings.Fields(rest[strings.LastIndexByte(rest, '>')+1:])
	if len(fields) != 2 {
		return ReflogEntry{}, false
	}
	seconds, err := strconv.ParseInt(fields[0], 10, 64)
	if err != nil {
		return ReflogEntry{}, false
	}
	return ReflogEntry{Old: oldCommit, New: newCommit, At: time.Unix(seconds, 0).UTC(), Action: action}, true
}

// CommitAt is the commit that HEAD was at at a given time, by the reflog, which knows
// whole seconds; empty where the log does not reach back so far.
func (repository Repository) CommitAt(at time.Time) string {
	second := at.Truncate(time.Second)
	// The log is in the order of writing; a clock that was set back does not change
	// which entry was written last.
	for index := len(repository.Log) - 1; index >= 0; index-- {
		if !repository.Log[index].At.After(second) {
			return repository.Log[index].New
		}
	}
	return ""
}

// SameCommit tells whether two names are of one commit, which are shortened to various
// lengths. Fewer than seven digits name none, and neither do figures alone that are no whole
// commit: they are times, or numbers.
func SameCommit(one, other string) bool {
	const shortest, whole = 7, 40
	shorter, longer := strings.ToLower(one), strings.ToLower(other)
	if len(shorter) > len(longer) {
		shorter, longer = longer, shorter
	}
	hexadecimal := strings.Trim(longer, "0123456789abcdef") == ""
	figures := strings.Trim(longer, "0123456789") == ""
	return len(shorter) >= shortest && hexadecimal && strings.HasPrefix(longer, shorter) && (!figures || len(longer) >= whole)
}

// LeftAndCameBack tells whether HEAD has moved since a time, and names the same commit now
// as it did then: checking another one out and this one again writes its files anew.
func (repository Repository) LeftAndCameBack(at time.Time) bool {
	if len(repository.Log) == 0 || repository.Commit == "" || repository.CommitAt(at) != repository.Commit {
		return false
	}
	return repository.Log[len(repository.Log)-1].At.After(at)
}

// isCommit takes the hexadecimal object names of SHA-1 and SHA-256 repositories.
func isCommit(text string) bool { return objectName().MatchString(text) }

var objectName = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^([0-9a-f]{40}|[0-9a-f]{64})$`)
})
