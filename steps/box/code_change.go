package box

import (
	"strings"
	"time"

	"flasktui/sys"
	"flasktui/sys/git"
)

// ChangeKind is how code comes to be another.
type ChangeKind int

// The ways in which code changes; the zero kind is of a change that is not known.
const (
	_ ChangeKind = iota
	LinkMoved
	HeadMoved
	FileWritten
)

// CodeChange is when, and by what, the code that should run last changed: the one answer to
// that, for whatever shows it.
type CodeChange struct {
	Kind ChangeKind
	At   time.Time
	// File is what changed: the source that was written, the link that was moved, the
	// reflog that tells of HEAD.
	File string
	// What says it in words, and Source where it was seen.
	What   sys.Text
	Source sys.Text
	// Sure is of a new inode, a moved link or a moved HEAD; otherwise a file was written
	// in place, which a mere touch looks like.
	Sure bool
	// LinkAt is when the link was last moved, SourceAt when a source file last
	// changed; zero where that is not known.
	LinkAt, SourceAt time.Time
}

// clockGrain is how far apart two times must be to be told apart: processes start on a
// 10 ms grid, and file systems stamp with the kernel's coarse clock.
const clockGrain = 20 * time.Millisecond

// After tells whether at is later than other by more than the clocks' grain.
func After(at, other time.Time) bool { return at.Sub(other) > clockGrain }

func (b *Box) codeChange() CodeChange {
	var change CodeChange
	deployment, code := b.Deployment.Value, b.Code.Value
	if link := deployment.Link; link != nil && !link.NotALink && !link.Dangling {
		change.LinkAt = link.Info.ContentTime()
		change.Kind, change.File, change.At, change.Sure = LinkMoved, link.Path, change.LinkAt, true
		change.What = sys.Textf("the link %s was moved to %s", link.Path, link.Resolved)
		change.Source = sys.Textf("lstat %s", link.Path)
	}
	if source := code.DiskSource(); !source.At.IsZero() {
		change.SourceAt = source.At
		if After(source.At, change.At) {
			change.Kind, change.File, change.At = FileWritten, source.Path, source.At
			change.Sure = source.At.Sub(source.SourceTime).Abs() > clockGrain
			change.What = sys.Textf("%s was written", source.Path)
			change.Source = sys.Textf("statx %s", source.Path)
		}
	}
	if repository := deployment.Repository; repository != nil {
		if entry, ok := LastMove(*repository); ok && entry.At.Add(time.Second).After(change.At) {
			// The reflog knows whole seconds: it names the move, the files time it.
			change.Kind, change.File, change.Sure = HeadMoved, repository.GitDirectory+"/logs/HEAD", true
			change.What = sys.Textf("HEAD moved to %s (%s)", ShortCommit(entry.New), entry.Action)
			change.Source = sys.Textf("%s", change.File)
			if change.At.IsZero() {
				change.At = entry.At
			}
		}
	}
	return change
}

// LastMove is the last entry of the reflog that changed the commit.
func LastMove(repository git.Repository) (git.ReflogEntry, bool) {
	for index := len(repository.Log) - 1; index >= 0; index-- {
		if entry := repository.Log[index]; entry.Old != entry.New {
			return entry, true
		}
	}
	return git.ReflogEntry{}, false
}

// commitAt is the commit that HEAD was at when a process started. The reflog knows whole
// seconds: whether a move in the very second of the start came before or after it is told
// by the files, which git writes before that line of the log.
func (b *Box) commitAt(repository git.Repository, started time.Time) string {
	second, written := started.Truncate(time.Second), b.Code.Value.Source.At
	entry, moved := LastMove(repository)
	isFirst := strings.Trim(entry.Old, "0") == ""
	if moved && !isFirst && entry.At.Equal(second) && After(written, started) && !After(written, second.Add(time.Second)) {
		return entry.Old
	}
	return repository.CommitAt(started)
}
