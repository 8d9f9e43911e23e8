package facts

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"flasktui/sys"
	"flasktui/sys/python/memory"
	"flasktui/sys/python/source"
)

const (
	// mostData bounds how many files beside the code are remembered of a tree, and
	// mostNamers how many sources are read for their names.
	mostData   = 20_000
	mostNamers = 2_000
)

// holdsNoCode are directories of what apps write alone.
func holdsNoCode(name string) bool {
	return seldomCode(name) && name != "data" && name != "instance"
}

// isDataName leaves out what apps write themselves, and what is the code's own in another form.
func isDataName(name string) bool {
	written := []string{
		".py", ".pyc", ".pyo", ".log", ".pid", ".sock", ".lock", ".db", ".sqlite", ".sqlite3", ".db-wal", ".db-shm", ".db-journal",
		".sqlite-wal", ".sqlite-shm", ".sqlite-journal", ".sqlite3-wal", ".sqlite3-shm", ".sqlite3-journal", ".rdb", ".aof", ".mmdb-tmp",
	}
	return !isScratchName(name) && !isRequirements(name) && !slices.Contains(written, strings.ToLower(path.Ext(name)))
}

// isRequirements tells the lists of packages, which are compared with what is installed.
func isRequirements(name string) bool {
	return strings.HasPrefix(name, "requirements") && strings.HasSuffix(name, ".txt")
}

// witnessData looks at the files beside the code that changed in any way since the service was
// started, and that the sources name: one that was read as the app was imported is in memory
// as it was then. Whether it was is not known, so that stays open; it is never called old.
// Where the sources beside them changed in their inodes alone, and hold what they held, one
// chown or chmod did it to all.
func (look *look) witnessData(ctx context.Context, known *Facts, deployment Deployment, started time.Time, seen *walked, chowned bool) {
	changed, partial := look.dataSince(ctx, started, seen.data)
	seen.partial = seen.partial || partial
	if chowned {
		changed = slices.DeleteFunc(changed, func(file *Change) bool { return file.Committed })
	}
	if len(changed) == 0 {
		return
	}
	committed := look.committedAgain(ctx, deployment.Repository, started, changed)
	cameBack := deployment.Repository != nil && deployment.Repository.LeftAndCameBack(started)
	changed = slices.DeleteFunc(changed, func(file *Change) bool {
		return committed[file.Path] && (cameBack || !file.SourceTime.After(started) && file.Committed)
	})
	namers := look.namersOf(ctx, changed, seen.sources)
	if len(namers) == 0 {
		return
	}
	var sources []*Change
	for _, one := range namers {
		sources = append(sources, &one.source)
	}
	answers := look.askMemory(ctx, known, deployment, seen.sources, sources)
	main, _ := known.Main()
	for _, one := range namers {
		result, asked := answers.of[one.source.Path]
		neverImported := asked && answers.imports && result.Outcome == memory.NotImported
		if neverImported || one.writes && one.owner == main.Master.UID {
			continue
		}
		file := *one.file
		file.Committed = false
		file.Unsettled = sys.Textf("%s names it in line %d, and may have read it as it was imported", one.source.Path, one.line)
		seen.unsettled = append(seen.unsettled, file)
	}
}

// dataSince are the files whose inode changed after a time, the newest first. Committed is set
// of those whose own times are older, until that is known. partial says that one could not be
// looked at.
func (look *look) dataSince(ctx context.Context, started time.Time, names []string) (changed []*Change, partial bool) {
	for _, name := range names {
		info, err := look.machine.Stat(ctx, name)
		if err == nil && info.IsLink() {
			info, err = look.behindLink(ctx, name, info)
		}
		// What whoever made a link may not read, the app has not read through it.
		partial = partial || err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, sys.ErrLedAway)
		if err != nil || !info.Mode.IsRegular() || !info.Changed.After(started) {
			continue
		}
		changed = append(changed, &Change{Path: name, At: info.Changed, Size: info.Size, SourceTime: info.Modified, Committed: !ContentTime(info).After(started)})
	}
	slices.SortFunc(changed, func(a, b *Change) int { return b.At.Compare(a.At) })
	return changed[:min(len(changed), mostWitnessed)], partial
}

// namer is a source that names a file, other than to read it at each request.
type namer struct {
	source Change
	line   int
	file   *Change
	// writes says that the source writes files, and owner is whose the named one is.
	writes bool
	owner  int
}

// namersOf are the sources that name one of the files by its base name, or by a pattern.
func (look *look) namersOf(ctx context.Context, files []*Change, sources []Change) []namer {
	var namers []namer
	for _, one := range sources[:min(len(sources), mostNamers)] {
		if len(files) == 0 || ctx.Err() != nil {
			break
		}
		if path.Base(one.Path) == "setup.py" || path.Base(one.Path) == "conftest.py" {
			continue
		}
		content, err := look.machine.ReadFile(ctx, one.Path, sourceSize)
		if err != nil {
			continue
		}
		tokens := source.Tokens(content)
		for _, mention := range source.Mentions(tokens) {
			if mention.AtRequest {
				continue
			}
			for _, file := range files {
				if !names(mention.Text, path.Base(file.Path)) {
					continue
				}
				named := namer{source: one, line: mention.Line, file: file, writes: source.Writes(tokens)}
				if info, err := look.machine.Stat(ctx, file.Path); err == nil {
					named.owner = int(info.UID)
				}
				namers = append(namers, named)
			}
		}
	}
	return namers
}

// names tells whether a string of a source names a file: its last part is the file's name, or
// a pattern that fits it.
func names(text, file string) bool {
	last := path.Base(text)
	if last == file {
		return true
	}
	fits, err := path.Match(last, file)
	return err == nil && fits && len(strings.Trim(last, "*?.")) > 1
}
