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
	for index, one := range look.statEach(ctx, names) {
		name, info, err := names[index], one.Info, one.Err
		if err == nil && info.IsLink() {
			info, err = look.behindLink(ctx, name, info)
		}
		// What whoever made a link may not read, the app has not read through it.
		partial = partial || err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, sys.ErrLedAway)
		if err != nil || !info.Mode.IsRegular() || !info.Changed.After(started) {
			continue
		}
		changed = append(changed, &Change{Path: name, At: info.Changed, Size: info.Size, SourceTime: info.Modified, Committed: !info.ContentTime().After(started)})
	}
	slices.SortFunc(changed, func(a, b *Change) int { return b.At.Compare(a.At) })
	return changed[:min(len(changed), mostWitnessed)], partial
}

// statEach describes files, those that follow each other and lie in one directory together.
func (look *look) statEach(ctx context.Context, files []string) (described []sys.Described) {
	for len(files) > 0 {
		directory := path.Dir(files[0])
		var names []string
		for len(names) < len(files) && path.Dir(files[len(names)]) == directory {
			names = append(names, path.Base(files[len(names)]))
		}
		described = append(described, sys.StatEntries(ctx, look.machine, directory, names)...)
		files = files[len(names):]
	}
	return described
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

// mostRendering bounds how many processes are asked for templates: each keeps those that it has
// rendered itself.
const mostRendering = 16

// renderedTemplates is what the memories of the service's processes say of templates.
type renderedTemplates struct {
	// problem is why not all of them could be asked.
	problem sys.Text
	another map[string]MemoryWitness
	agree   map[string]bool
	// held are those that a process has rendered.
	held map[string]int
}

// witnessTemplates looks again at the templates that changed in any way since the service
// was started (G13): what a process has rendered it keeps, and so does its memory. Whatever
// no witness tells of stays open: times alone do not tell a copy from a change.
// chowned says that sources changed in the same way as a chown changes them, and that all of
// them are known to be the same: what agrees then, beside them, is taken for the same as well.
func (look *look) witnessTemplates(ctx context.Context, known *Facts, deployment Deployment, started time.Time, seen *walked, chowned bool) {
	written := writtenSince(started, seen.templates)
	touched := touchedTemplates(started, seen)
	if len(written)+len(touched) == 0 {
		return
	}
	rendered := look.askForTemplates(ctx, known, deployment, slices.Concat(written, touched))
	committed := look.committedAgain(ctx, deployment.Repository, started, slices.Concat(written, touched))
	cameBack := deployment.Repository != nil && deployment.Repository.LeftAndCameBack(started)
	for _, file := range written {
		file.Committed = committed[file.Path] && (cameBack || rendered.agree[file.Path])
		if !file.Committed {
			rendered.speak(file)
		}
	}
	for _, file := range touched {
		if !committed[file.Path] && !(chowned && rendered.agree[file.Path]) {
			rendered.speak(file)
		}
		switch {
		case file.Memory != nil:
			seen.templates = append(seen.templates, *file)
		case file.Unsettled != "":
			seen.unsettledTemplates = append(seen.unsettledTemplates, *file)
		}
	}
	for _, file := range seen.templates {
		if file.Unsettled != "" {
			seen.unsettledTemplates = append(seen.unsettledTemplates, file)
		}
	}
}

// touchedTemplates are the templates whose inode changed after a time while their own times
// are older.
func touchedTemplates(started time.Time, seen *walked) []*Change {
	var since []*Change
	for _, file := range seen.touched {
		older := slices.ContainsFunc(seen.templates, func(one Change) bool { return one.Path == file.Path && !one.At.After(started) })
		if older && file.At.After(started) && len(since) < mostWitnessed {
			since = append(since, &file)
		}
	}
	return since
}

// askForTemplates compares templates with what the processes that answer requests have
// rendered.
func (look *look) askForTemplates(ctx context.Context, known *Facts, deployment Deployment, changes []*Change) renderedTemplates {
	rendered := renderedTemplates{another: map[string]MemoryWitness{}, agree: map[string]bool{}, held: map[string]int{}}
	processes := known.rendering()
	switch {
	case known.Options.NoMemory:
		rendered.problem = "flasktui was told not to ask its memory (--no-memory)"
		return rendered
	case len(processes) > mostRendering:
		rendered.problem = sys.Textf("there are more than %d processes, and each keeps what it has rendered itself", mostRendering)
		processes = processes[:mostRendering]
	}
	var files []memory.File
	for _, change := range changes {
		content, err := look.machine.ReadFile(ctx, change.Path, sourceSize)
		if err != nil {
			rendered.problem = sys.Textf("%s could not be read: %s", change.Path, err)
		}
		files = append(files, memory.File{Paths: known.importedAs(deployment, change.Path), Content: content})
	}
	entry, err := look.machine.Resolve(ctx, known.OnBox(known.Settings.Value.Import.File))
	if err != nil {
		rendered.problem = "it is not known by which name the service imported the app"
		return rendered
	}
	files = append(files, memory.File{Paths: known.importedAs(deployment, entry)})
	for _, process := range processes {
		compared, err := memory.Ask(ctx, look.machine, process.PID, func(held *memory.Process) ([]memory.Compared, error) { return held.CompareTemplates(ctx, files) })
		if err != nil {
			rendered.problem = sys.Textf("the memory of process %d was not read: %s", process.PID, err)
			continue
		}
		if compared[len(changes)].Outcome == memory.NotImported {
			rendered.problem = sys.Textf("nothing in the memory of process %d shows by which name it imported the app", process.PID)
		}
		for index, result := range compared[:len(changes)] {
			name := changes[index].Path
			if result.Outcome != memory.NotImported {
				rendered.held[name] = process.PID
			}
			switch result.Outcome {
			case memory.Agrees:
				rendered.agree[name] = true
			case memory.Another:
				if changes[index].At.After(process.Started) {
					rendered.another[name] = MemoryWitness{PID: process.PID, Word: sys.Safe(result.Difference.Word), Function: sys.Safe(path.Base(name)), Line: result.Difference.Line}
				}
			case memory.NotImported, memory.Silent:
			}
		}
	}
	return rendered
}

// rendering are the processes that answer requests: the workers, or a master that has none.
func (facts *Facts) rendering() []Process {
	var rendering []Process
	for _, server := range facts.Own() {
		rendering = append(rendering, server.Workers...)
		if len(server.Workers) == 0 {
			rendering = append(rendering, server.Master)
		}
	}
	return rendering
}

// speak lets the memories bear witness of one template.
func (rendered renderedTemplates) speak(file *Change) {
	witness, another := rendered.another[file.Path]
	pid, held := rendered.held[file.Path]
	switch {
	case another:
		file.Memory = &witness
	case rendered.problem != "":
		file.Unsettled = rendered.problem
	case !held:
		file.Unimported = true
	case rendered.agree[file.Path]:
		file.Unsettled = sys.Textf("process %d has rendered it, and all of its text that can be compared is in the memory of that, which is no proof that the rest was the same", pid)
	default:
		file.Unsettled = sys.Textf("process %d has rendered it, and it has no text that could be compared with the memory of that", pid)
	}
}
