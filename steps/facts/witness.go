package facts

import (
	"context"
	"path"
	"slices"
	"strings"
	"time"

	"flasktui/sys"
	"flasktui/sys/git"
	"flasktui/sys/python"
)

// mostWitnessed bounds how many files are looked at again, for what times do not tell.
const mostWitnessed = 400

// readWitnesses looks again at the files that changed in any way since the service was
// started. git knows of some that their content is the same as it was; and the bytecode of
// others tells that they were written over, though their times say nothing of it.
func (look *look) readWitnesses(ctx context.Context, known *Facts, deployment Deployment, seen *walked) {
	started := known.oldestStart()
	if started.IsZero() {
		return
	}
	if repository := deployment.Repository; repository != nil && repository.Commit != "" && repository.CommitAt(started) == repository.Commit {
		look.recogniseCommitted(ctx, *repository, started, slices.Concat(writtenSince(started, seen.sources), writtenSince(started, seen.templates)))
	}
	look.recogniseUnimported(ctx, known, writtenSince(started, seen.sources))
	for _, file := range seen.touched[:min(len(seen.touched), mostWitnessed)] {
		if !file.At.After(started) {
			continue
		}
		if compiled, ok := look.compiledFromAnother(ctx, file); ok {
			file.Replaced, file.CompiledAt, file.CompiledSize = true, ContentTime(compiled.Info), int64(compiled.Header.SourceSize)
			seen.sources = append(seen.sources, file)
		}
	}
	seen.sources = append(seen.sources, look.notInMemory(ctx, known, deployment, started, seen)...)
}

// writtenSince are the files that changed after a time, as many as are looked at again.
func writtenSince(started time.Time, changes []Change) []*Change {
	var since []*Change
	for index := range changes {
		if changes[index].At.After(started) && len(since) < mostWitnessed {
			since = append(since, &changes[index])
		}
	}
	return since
}

// oldestStart is when the first of the service's processes was started; zero where none
// runs.
func (facts *Facts) oldestStart() time.Time {
	var oldest time.Time
	for _, gunicorn := range facts.Own() {
		for _, process := range append([]Process{gunicorn.Master}, gunicorn.Workers...) {
			if oldest.IsZero() || process.Started.Before(oldest) {
				oldest = process.Started
			}
		}
	}
	return oldest
}

// recogniseCommitted marks the files that were written after a time and hold what the
// commit has, which is the one that was checked out at that time, too. Where HEAD has not
// moved in between, somebody may have put back what was edited by hand before the start:
// then the size in the bytecode has to bear the content out.
func (look *look) recogniseCommitted(ctx context.Context, repository git.Repository, started time.Time, changes []*Change) {
	if len(changes) == 0 {
		return
	}
	contents, err := repository.CommittedContents(ctx, look.machine)
	if err != nil {
		return
	}
	for _, change := range changes {
		committed := contents[strings.TrimPrefix(change.Path, repository.Directory+"/")]
		content, err := look.machine.ReadFile(ctx, change.Path, 4<<20)
		same := err == nil && committed != "" && git.BlobName(content) == committed
		change.Committed = same && (repository.LeftAndCameBack(started) || look.compiledAtSize(ctx, *change))
	}
}

// compiledAtSize tells whether the bytecode of a source was made of a text of the same
// length as it has now.
func (look *look) compiledAtSize(ctx context.Context, source Change) bool {
	compiled, err := python.ReadBytecodes(ctx, look.machine, source.Path)
	return err == nil && len(compiled) > 0 && !slices.ContainsFunc(compiled, func(one python.BytecodeFile) bool {
		return one.Header.HashBased || int64(one.Header.SourceSize) != source.Size
	})
}

// recogniseUnimported marks the files that were written after a time and that no process
// of the service has ever imported: it leaves bytecode of what it imports in the same
// directories, and has left none of these. A module that is new matters only once another
// one imports it, which then has changed as well.
func (look *look) recogniseUnimported(ctx context.Context, known *Facts, changes []*Change) {
	entry, err := look.machine.Resolve(ctx, known.OnBox(known.Settings.Value.Import.File))
	if err != nil {
		return
	}
	entryInfo, err := look.machine.Stat(ctx, path.Dir(entry))
	compiled, readErr := python.ReadBytecodes(ctx, look.machine, entry)
	if err != nil || readErr != nil || len(compiled) == 0 {
		return
	}
	for _, change := range changes {
		own, err := python.ReadBytecodes(ctx, look.machine, change.Path)
		info, statErr := look.machine.Stat(ctx, path.Dir(change.Path))
		writable := statErr == nil && info.UID == entryInfo.UID && info.GID == entryInfo.GID && info.Mode.Perm() == entryInfo.Mode.Perm()
		change.Unimported = err == nil && len(own) == 0 && writable
	}
}

// compiledFromAnother finds bytecode that was made of another content than a file has,
// after the times that the file itself gives for it: it was written over later, by a tool
// that set an old time (cp -p, tar). Bytecode older than those times is of some earlier
// file, and no witness.
func (look *look) compiledFromAnother(ctx context.Context, file Change) (python.BytecodeFile, bool) {
	info, err := look.machine.Stat(ctx, file.Path)
	if err != nil || path.Ext(file.Path) != ".py" {
		return python.BytecodeFile{}, false
	}
	compiled, err := python.ReadBytecodes(ctx, look.machine, file.Path)
	if err != nil || len(compiled) == 0 {
		return python.BytecodeFile{}, false
	}
	for _, one := range compiled {
		header, written := one.Header, ContentTime(one.Info)
		same := header.SourceModified.Unix() == info.Modified.Unix() && int64(header.SourceSize) == info.Size
		if header.HashBased || same || !written.After(ContentTime(info)) || !written.Before(info.Changed) {
			return python.BytecodeFile{}, false
		}
	}
	return compiled[0], true
}

// readBytecode finds .pyc files that Python would use although the source is another one
// (G12). Only sources changed after the service was last started, or whose .pyc is
// unchecked, can matter, so the newest are looked at.
func (look *look) readBytecode(ctx context.Context, known *Facts, code *Code, sources []Change) {
	const mostLookedAt = 400
	prefix := ""
	if main, ok := known.Main(); ok {
		prefix = main.Master.Shown["PYTHONPYCACHEPREFIX"]
	}
	if prefix != "" {
		return
	}
	for _, source := range sources[:min(len(sources), mostLookedAt)] {
		if source.Committed {
			// Written again with the content that it had: the bytecode is of that.
			continue
		}
		files, err := python.ReadBytecodes(ctx, look.machine, source.Path)
		if err != nil {
			continue
		}
		info, err := look.machine.Stat(ctx, source.Path)
		if err != nil {
			continue
		}
		for _, file := range files {
			if source.Path == code.Source.Path && !file.Header.HashBased {
				code.Source.CompiledAt, code.Source.CompiledSize = ContentTime(file.Info), int64(file.Header.SourceSize)
			}
			if stale, is := staleBytecode(file, source, info); is {
				stale.Keeper = look.keeperOf(ctx, path.Dir(source.Path))
				if cache, err := look.machine.Stat(ctx, path.Dir(file.Path)); err == nil {
					stale.CacheUID = cache.UID
				} else {
					stale.Keeper.Problem = err.Error()
				}
				code.Bytecode = append(code.Bytecode, stale)
			}
		}
	}
}

// staleBytecode applies Python's own rule: time and size in the header equal to the
// source's, or no check at all; and the source's content is younger than the bytecode.
func staleBytecode(file python.BytecodeFile, source Change, info sys.FileInfo) (StaleBytecode, bool) {
	written := ContentTime(file.Info)
	younger := ContentTime(info)
	stale := StaleBytecode{Path: file.Path, Source: source.Path, WrittenAt: written, ChangedAt: younger}
	if file.Header.HashBased {
		stale.Unchecked = !file.Header.CheckSource
		return stale, stale.Unchecked && younger.After(written)
	}
	wouldBeUsed := file.Header.SourceModified.Unix() == info.Modified.Unix() && int64(file.Header.SourceSize) == info.Size
	// A source that was written, compiled and has not changed since is older than
	// its bytecode; the margin is for file systems with coarse clocks.
	return stale, wouldBeUsed && younger.Sub(written) > 50*time.Millisecond
}
