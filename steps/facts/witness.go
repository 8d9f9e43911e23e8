package facts

import (
	"cmp"
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
// started, and asks what knows their content, the strongest first: a worker's memory, git,
// the bytecode. Of a file that was given new times they may tell that it is the same or was
// never imported; of one whose times are old, that it was written over (G50). Where none
// tells, that is kept with the reason.
func (look *look) readWitnesses(ctx context.Context, known *Facts, deployment Deployment, tree string, seen *walked) {
	started := known.oldestStart()
	if started.IsZero() {
		return
	}
	written := writtenSince(started, seen.sources)
	look.recogniseCommitted(ctx, deployment.Repository, started, written)
	touched := touchedSince(started, seen)
	placed, partial := look.rootPlaced(ctx, known, tree)
	seen.places, seen.partial = append(seen.places, placed...), seen.partial || partial
	moved := movedSince(started, seen, slices.Concat(written, touched))
	if deployment.Repository != nil && deployment.Repository.CommitAt(started) != deployment.Repository.Commit {
		// git itself says that they were written with different content.
		written = nil
	}
	written = slices.DeleteFunc(written, settled)
	memory := look.askMemory(ctx, known, deployment, seen.sources, slices.Concat(written, touched, moved))
	// Where the link has moved since, and the app's module of now is not in memory, all of it is
	// another release's: silence is then what is to be expected, and the directory bears witness.
	elsewhere := deployment.Link != nil && deployment.Link.Info.ContentTime().After(started) && !memory.imports && !memory.denied
	look.recogniseUnnamed(ctx, known, memory, slices.Concat(written, touched, moved), seen.sources)
	for _, file := range written {
		memory.speak(file)
		another := look.compiledOfAnotherSize(ctx, *file) && (!memory.denied || look.compiledAnother(ctx, known, *file))
		if !elsewhere && !another && file.Memory == nil && !file.Unimported && file.Unsettled == "" {
			file.Unsettled = memory.silence(file)
		}
	}
	seen.sources = slices.DeleteFunc(seen.sources, func(file Change) bool {
		if file.Unsettled != "" {
			seen.unsettled = append(seen.unsettled, file)
		}
		return file.Unsettled != ""
	})
	for _, file := range touched {
		memory.speak(file)
		says, compiled := look.compiled(ctx, *file, started, memory.agrees(file))
		if seen.cameWith(*file, started) && !known.wroteAtImport(compiled) {
			says = silentOnContent
		}
		switch {
		case file.Memory != nil:
			seen.sources = append(seen.sources, *file)
		case says == anotherContent:
			file.Replaced, file.CompiledAt, file.CompiledSize = true, compiled.Info.ContentTime(), int64(compiled.Header.SourceSize)
			file.Unsettled = ""
			seen.sources = append(seen.sources, *file)
		case says == sameContent || file.Unimported || look.holdsCommitted(ctx, deployment.Repository, started, file):
		default:
			file.Unsettled = cmp.Or(file.Unsettled, memory.silence(file))
			seen.unsettled = append(seen.unsettled, *file)
		}
	}
	if !elsewhere {
		look.settleMoved(ctx, deployment.Repository, started, memory, moved, seen)
	}
	chowned := len(touched) > 0 && len(seen.unsettled) == 0 && !slices.ContainsFunc(seen.sources, func(file Change) bool { return file.Memory != nil || file.Replaced })
	if !elsewhere {
		look.witnessTemplates(ctx, known, deployment, started, seen, chowned)
	}
	look.witnessData(ctx, known, deployment, started, seen, chowned)
}

// settled is of files of which it is known that their content is the same, or that nothing
// imported it.
func settled(file *Change) bool { return file.Committed || file.Unimported }

// touchedSince are the sources whose inode changed after a time while their own times are
// older, the newest first, as many as are looked at again.
func touchedSince(started time.Time, seen *walked) []*Change {
	var since []*Change
	for _, file := range seen.touched {
		written := slices.ContainsFunc(seen.sources, func(source Change) bool { return source.Path == file.Path && source.At.After(started) })
		if !written && file.At.After(started) && path.Ext(file.Path) == ".py" {
			since = append(since, &file)
		}
	}
	slices.SortFunc(since, func(a, b *Change) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Path, b.Path)) })
	return since
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
	for _, server := range facts.Own() {
		imports := append([]Process{server.Master}, server.Workers...)
		if server.WSGI != nil && len(server.Workers) > 0 {
			// Apache's main process imports nothing, and outlives all reloads.
			imports = server.Workers
		}
		for _, process := range imports {
			if oldest.IsZero() || process.Started.Before(oldest) {
				oldest = process.Started
			}
		}
	}
	return oldest
}

// recogniseCommitted marks the files that were written after a time and hold what the commit has
// again. Where HEAD has not moved in between, somebody may have put back what was edited by hand
// before the start: then the size in the bytecode has to bear the content out.
func (look *look) recogniseCommitted(ctx context.Context, repository *git.Repository, started time.Time, changes []*Change) {
	same := look.committedAgain(ctx, repository, started, changes)
	for _, change := range changes {
		change.Committed = same[change.Path] && (repository.LeftAndCameBack(started) || look.compiledAtSize(ctx, *change))
	}
}

// committedAgain are the files that hold what the commit has, which is the one that was
// checked out when the service was started.
func (look *look) committedAgain(ctx context.Context, repository *git.Repository, started time.Time, files []*Change) map[string]bool {
	same := map[string]bool{}
	if len(files) == 0 || repository == nil || repository.Commit == "" || repository.CommitAt(started) != repository.Commit {
		return same
	}
	contents, err := repository.CommittedContents(ctx, look.machine)
	if err != nil {
		return same
	}
	for _, file := range files {
		committed := contents[strings.TrimPrefix(file.Path, repository.Directory+"/")]
		content, err := look.machine.ReadFile(ctx, file.Path, 4<<20)
		same[file.Path] = err == nil && committed != "" && git.BlobName(content) == committed
	}
	return same
}

// compiledAtSize tells whether the bytecode of a source was made of a text of the same
// length as it has now.
func (look *look) compiledAtSize(ctx context.Context, source Change) bool {
	compiled, err := python.ReadBytecodes(ctx, look.machine, source.Path)
	return err == nil && len(compiled) > 0 && !slices.ContainsFunc(compiled, func(one python.BytecodeFile) bool {
		return one.Header.HashBased || int64(one.Header.SourceSize) != source.Size
	})
}

// compiledOfAnotherSize tells whether the bytecode of a source was made of a text of another
// length. That it was made of one with another time says nothing: copies get new ones.
func (look *look) compiledOfAnotherSize(ctx context.Context, source Change) bool {
	compiled, err := python.ReadBytecodes(ctx, look.machine, source.Path)
	return err == nil && len(compiled) > 0 && !slices.ContainsFunc(compiled, func(one python.BytecodeFile) bool {
		return one.Header.HashBased || int64(one.Header.SourceSize) == source.Size
	})
}

// contentWitness is what a witness of a file's content says of it.
type contentWitness int

const (
	silentOnContent contentWitness = iota
	sameContent
	anotherContent
)

// compiled asks the bytecode of a file whose inode changed after the times that the file
// itself gives: was it made, before that change, of a source of this size and time? Of
// another size: the file was written over by a tool that set an old time (cp -p, tar); of
// another time alone, that may have brought the same content again. What is older than the
// file's own times is of some earlier file, and no witness of that. Of the
// same, it bears witness to what a process imported if it was there when that started, or
// came soon after, as its import writes it; later it may be of what was written over, unless
// the memory agrees as well.
func (look *look) compiled(ctx context.Context, file Change, started time.Time, agrees bool) (contentWitness, python.BytecodeFile) {
	const importing = 10 * time.Second
	info, err := look.machine.Stat(ctx, file.Path)
	if err != nil {
		return silentOnContent, python.BytecodeFile{}
	}
	compiled, err := python.ReadBytecodes(ctx, look.machine, file.Path)
	if err != nil || len(compiled) == 0 {
		return silentOnContent, python.BytecodeFile{}
	}
	says, earlier := silentOnContent, false
	for _, one := range compiled {
		header, written := one.Header, one.Info.ContentTime()
		switch {
		case header.HashBased || !written.Before(info.Changed):
			return silentOnContent, python.BytecodeFile{}
		case header.SourceModified.Unix() == info.Modified.Unix() && int64(header.SourceSize) == info.Size:
			if !agrees && written.After(started.Add(importing)) {
				return silentOnContent, python.BytecodeFile{}
			}
			says = sameContent
		case !written.After(info.ContentTime()):
			earlier = true
		case int64(header.SourceSize) != info.Size && says != sameContent:
			says = anotherContent
		}
	}
	if earlier && says == anotherContent {
		says = silentOnContent
	}
	return says, compiled[0]
}

// holdsCommitted tells whether a file holds what the commit has that was checked out when the
// service was started, and is now.
func (look *look) holdsCommitted(ctx context.Context, repository *git.Repository, started time.Time, file *Change) bool {
	look.recogniseCommitted(ctx, repository, started, []*Change{file})
	return file.Committed
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
			code.BytecodeProblem = sys.ErrorText(err)
			continue
		}
		info, err := look.machine.Stat(ctx, source.Path)
		if err != nil {
			continue
		}
		for _, file := range files {
			if source.Path == code.Source.Path && !file.Header.HashBased {
				code.Source.CompiledAt, code.Source.CompiledSize = file.Info.ContentTime(), int64(file.Header.SourceSize)
			}
			if stale, is := staleBytecode(file, source, info); is {
				stale.DirectoryOwner = look.directoryOwner(ctx, path.Dir(source.Path))
				if cache, err := look.machine.Stat(ctx, path.Dir(file.Path)); err == nil {
					stale.CacheUID = cache.UID
				} else {
					stale.DirectoryOwner.Problem = sys.ErrorText(err)
				}
				code.Bytecode = append(code.Bytecode, stale)
			}
		}
	}
}

// staleBytecode applies Python's own rule: time and size in the header equal to the
// source's, or no check at all; and the source's content is younger than the bytecode.
func staleBytecode(file python.BytecodeFile, source Change, info sys.FileInfo) (StaleBytecode, bool) {
	written := file.Info.ContentTime()
	younger := info.ContentTime()
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
