package sys

import (
	"context"
	"io"
	"time"
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
}

// ReflogEntry is one move of HEAD. At has whole seconds.
type ReflogEntry struct {
	Old    string    `json:"old"`
	New    string    `json:"new"`
	At     time.Time `json:"at"`
	Action string    `json:"action"`
}

// FindRepository looks for .git (a directory, or the file of a worktree or submodule) in
// the directory and above it; nil where there is none. It never goes above a directory
// named in stop.
func FindRepository(ctx context.Context, machine Machine, directory string) (*Repository, error) {
	panic("to be written")
}

// ParseReflog reads lines "old new name <mail> epoch zone\taction". Names and mail
// addresses are passed over.
func ParseReflog(reader io.Reader) ([]ReflogEntry, error) { panic("to be written") }

// CommitAt is the commit that HEAD was at at a given time, by the reflog, which knows
// whole seconds; empty where the log does not reach back so far.
func (repository Repository) CommitAt(at time.Time) string { panic("to be written") }
