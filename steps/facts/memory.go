package facts

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"flasktui/sys"
	"flasktui/sys/python"
	"flasktui/sys/python/memory"
	"flasktui/sys/python/source"
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
	mostRemembered = 100
	sourceSize     = 1 << 20
)

// remembered is what the memory of one process says of files (G50).
type remembered struct {
	process Process
	// problem is why it could not be asked at all.
	problem sys.Text
	// denied says that it may not be read, or was not to be: it would have told.
	denied bool
	of     map[string]memory.Compared
	// by are those that another process than the first one told of.
	by map[string]int
	// imports says that the app's own module was found there, by a name that it is known by:
	// then another one that was not found has not been imported.
	imports bool
	// nobody are those files that no process of the service has imported, nor any beside it
	// that runs the app.
	nobody map[string]bool
}

// askMemory compares files with the memory of the process of the service that has run longest
// with the app in it; and those that this has not imported, with the memories of the others,
// as each imports by itself what it needs only later. A value that a module holds otherwise than
// its file tells of another file only where none of the app's sources may have bound it anew.
func (look *look) askMemory(ctx context.Context, known *Facts, deployment Deployment, sources []Change, changes []*Change) remembered {
	process, ok := known.oldestImporter()
	answers := remembered{process: process, of: map[string]memory.Compared{}, by: map[string]int{}, nobody: map[string]bool{}}
	switch {
	case !ok || len(changes) == 0:
		return answers
	case known.Options.NoMemory:
		answers.problem, answers.denied = "flasktui was told not to ask its memory (--no-memory)", true
		return answers
	}
	entry, _ := look.machine.Resolve(ctx, known.OnBox(known.Settings.Value.Import.File))
	var names []string
	if entry != "" {
		names = append(names, entry)
	}
	for _, file := range changes[:min(len(changes), mostRemembered)] {
		if !slices.Contains(names, file.Path) {
			names = append(names, file.Path)
		}
	}
	compared, err := look.rememberedBy(ctx, known, deployment, process.PID, names)
	if err != nil {
		answers.problem = sys.Textf("the memory of process %d was not read: %s", process.PID, err)
		if errors.Is(err, fs.ErrPermission) {
			answers.denied = true
			if host, err := look.machine.Host(ctx); err == nil {
				answers.problem += host.OrWithSudo()
			}
		}
		return answers
	}
	answers.of = compared
	answers.imports = entry != "" && answers.has(entry)
	if answers.imports {
		look.askOthers(ctx, known, deployment, entry, &answers)
	}
	for name, result := range answers.of {
		if result.Difference.Value && look.mayRebind(ctx, result.Difference.Function, sources) {
			answers.of[name] = memory.Compared{Outcome: memory.Silent, Imported: result.Imported}
		}
	}
	return answers
}

// mayRebind tells whether one of the sources may bind a name of another module, or could not be
// looked at.
func (look *look) mayRebind(ctx context.Context, name string, sources []Change) bool {
	return len(sources) > mostNamers || slices.ContainsFunc(sources, func(file Change) bool {
		content, err := look.machine.ReadFile(ctx, file.Path, sourceSize)
		return err != nil || source.Rebinds(source.Tokens(content), name)
	})
}

// asked is the process that told of a file.
func (answers remembered) asked(file *Change) int {
	return cmp.Or(answers.by[file.Path], answers.process.PID)
}

// has tells whether the memory has anything of a file.
func (answers remembered) has(file string) bool {
	result, asked := answers.of[file]
	return asked && result.Outcome != memory.NotImported
}

// rememberedBy is what the memory of one process says of files, those that can be read.
func (look *look) rememberedBy(ctx context.Context, known *Facts, deployment Deployment, pid int, names []string) (map[string]memory.Compared, error) {
	of := map[string]memory.Compared{}
	var files []memory.File
	var read []string
	for _, name := range names {
		if content, err := look.machine.ReadFile(ctx, name, sourceSize); err == nil {
			read = append(read, name)
			files = append(files, memory.File{Paths: known.importedAs(deployment, name), Content: content})
		}
	}
	compared, err := memory.Ask(ctx, look.machine, pid, func(held *memory.Process) ([]memory.Compared, error) { return held.Compare(ctx, files) })
	for index, result := range compared {
		of[read[index]] = result
	}
	return of, err
}

// askOthers asks all other processes of the service about the files that the first one has not
// imported, and lets the word of one that has count. Where all have the app and none has the
// file, nobody has; what runs the app beside the service may have imported it all the same,
// and leaves bytecode.
func (look *look) askOthers(ctx context.Context, known *Facts, deployment Deployment, entry string, answers *remembered) {
	missing := func() (names []string) {
		for name, result := range answers.of {
			if result.Outcome == memory.NotImported {
				names = append(names, name)
			}
		}
		slices.Sort(names)
		return names
	}
	processes, all := known.rendering(), true
	if len(processes) > mostRendering {
		processes, all = processes[:mostRendering], false
	}
	for _, process := range processes {
		names := missing()
		if len(names) == 0 {
			return
		}
		if process.PID == answers.process.PID {
			continue
		}
		compared, err := look.rememberedBy(ctx, known, deployment, process.PID, append(names, entry))
		other := remembered{of: compared}
		if err != nil || !other.has(entry) {
			all = false
			continue
		}
		for _, name := range names {
			if other.has(name) {
				answers.of[name], answers.by[name] = compared[name], process.PID
			}
		}
	}
	for _, name := range missing() {
		bytecode, err := python.ReadBytecodes(ctx, look.machine, name)
		compiled := err != nil || len(bytecode) > 0
		answers.nobody[name] = !compiled || all && known.Background.Known && len(known.Background.Value) == 0
	}
}

// speak lets the memory bear witness of one file.
func (answers remembered) speak(file *Change) {
	result, asked := answers.of[file.Path]
	switch {
	case !asked:
	case result.Outcome == memory.Another:
		file.Memory = &MemoryWitness{
			PID: answers.asked(file), Word: sys.Safe(result.Difference.Word), Function: sys.Safe(result.Difference.Function), Line: result.Difference.Line,
		}
	case answers.nobody[file.Path]:
		file.Unimported = true
	case answers.agrees(file):
		file.Unsettled = answers.agreement(file)
	}
}

func (answers remembered) agreement(file *Change) sys.Text {
	return sys.Textf("the memory of process %d agrees with the file in all that can be compared, which is no proof that it was the same", answers.asked(file))
}

// agrees tells whether all that could be compared is in the memory.
func (answers remembered) agrees(file *Change) bool {
	return answers.of[file.Path].Outcome == memory.Agrees
}

// word is what the memory says of a file that it does not speak against.
func (answers remembered) word(file *Change) sys.Text {
	if answers.agrees(file) {
		return answers.agreement(file)
	}
	return answers.silence(file)
}

// silence is why the memory does not say anything of a file.
func (answers remembered) silence(file *Change) sys.Text {
	result, asked := answers.of[file.Path]
	switch {
	case answers.problem != "":
		return answers.problem
	case !asked:
		return sys.Textf("it is not among the %d files that were compared with the memory of process %d", len(answers.of), answers.process.PID)
	case result.Outcome == memory.NotImported:
		return sys.Textf("process %d has not imported it, and nothing shows that no other process has", answers.process.PID)
	}
	return sys.Textf("it has nothing that could be compared with the memory of process %d", answers.process.PID)
}

// importedAs are the names by which Python may have imported a file: as it is, through the
// link, and as a container has it.
func (facts *Facts) importedAs(deployment Deployment, file string) []string {
	if facts.Inside.Value.Root != "" {
		return facts.Inside.Value.fromBox(file)
	}
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
	for _, server := range facts.Own() {
		processes := server.Workers
		if len(processes) == 0 {
			processes = []Process{server.Master}
		}
		for _, process := range processes {
			if !ok || process.Started.Before(oldest.Started) {
				oldest, ok = process, true
			}
		}
	}
	return oldest, ok
}

// compiledAnother tells whether the bytecode beside a file that was written after the start
// shows that the service imported another content: the file was of another length then. It
// is what is left where a memory may not be asked; times alone would say of a copy of the
// same what only the memory takes back, so that knowing less made it more certain. Bytecode
// counts that the service's own user wrote, as its processes then follow each change of the
// source with it; what an installer compiled may be of any earlier file.
func (look *look) compiledAnother(ctx context.Context, known *Facts, file Change) bool {
	main, running := known.oldestImporter()
	compiled, err := python.ReadBytecodes(ctx, look.machine, file.Path)
	if err != nil || !running || len(compiled) == 0 {
		return false
	}
	return !slices.ContainsFunc(compiled, func(one python.BytecodeFile) bool {
		its := main.Unreadable["uid"] == "" && int(one.Info.UID) == main.UID
		return one.Header.HashBased || int64(one.Header.SourceSize) == file.Size || !its || !one.Info.ContentTime().Before(file.At)
	})
}
