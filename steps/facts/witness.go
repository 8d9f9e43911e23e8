package facts

import (
	"context"
	"path"
	"strings"
	"time"

	"flasktui/sys"
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
	if repository := deployment.Repository; repository != nil && repository.LeftAndCameBack(started) {
		look.recogniseCommitted(ctx, *repository, started, seen.sources)
		look.recogniseCommitted(ctx, *repository, started, seen.templates)
	}
	for _, file := range seen.touched[:min(len(seen.touched), mostWitnessed)] {
		if !file.At.After(started) {
			continue
		}
		if compiled, ok := look.compiledFromAnother(ctx, file); ok {
			file.Replaced, file.CompiledAt, file.CompiledSize = true, ContentTime(compiled.Info), int64(compiled.Header.SourceSize)
			seen.sources = append(seen.sources, file)
		}
	}
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
// commit has, which is the one that was checked out at that time, too.
func (look *look) recogniseCommitted(ctx context.Context, repository sys.Repository, started time.Time, changes []Change) {
	var contents map[string]string
	looked := 0
	for index, change := range changes {
		if !change.At.After(started) || looked >= mostWitnessed {
			continue
		}
		looked++
		if contents == nil {
			var err error
			if contents, err = repository.CommittedContents(ctx, look.machine); err != nil {
				return
			}
		}
		committed := contents[strings.TrimPrefix(change.Path, repository.Directory+"/")]
		content, err := look.machine.ReadFile(ctx, change.Path, 4<<20)
		changes[index].Committed = err == nil && committed != "" && sys.BlobName(content) == committed
	}
}

// compiledFromAnother finds bytecode that was made of another content than a file has,
// after the times that the file itself gives for it: it was written over later, by a tool
// that set an old time (cp -p, tar). Bytecode older than those times is of some earlier
// file, and no witness.
func (look *look) compiledFromAnother(ctx context.Context, file Change) (sys.BytecodeFile, bool) {
	info, err := look.machine.Stat(ctx, file.Path)
	if err != nil || path.Ext(file.Path) != ".py" {
		return sys.BytecodeFile{}, false
	}
	compiled, err := sys.ReadBytecodes(ctx, look.machine, file.Path)
	if err != nil || len(compiled) == 0 {
		return sys.BytecodeFile{}, false
	}
	for _, one := range compiled {
		header, written := one.Header, ContentTime(one.Info)
		same := header.SourceModified.Unix() == info.Modified.Unix() && int64(header.SourceSize) == info.Size
		if header.HashBased || same || !written.After(ContentTime(info)) || !written.Before(info.Changed) {
			return sys.BytecodeFile{}, false
		}
	}
	return compiled[0], true
}
