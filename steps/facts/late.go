package facts

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"flasktui/sys"
	"flasktui/sys/python/memory"
)

// LateLoad is what the memory of a process says that loads its app no earlier than at its first
// request, where the code has changed since the process was started.
type LateLoad struct {
	PID int `json:"pid"`
	// Absent says that it has imported neither the script nor the app.
	Absent bool `json:"absent,omitempty"`
	// Elsewhere is the file that it has imported the app from, where that is another release's.
	Elsewhere string `json:"elsewhere,omitempty"`
	// File is one of which the process holds another content, and Memory what shows that.
	File   string         `json:"file,omitempty"`
	Memory *MemoryWitness `json:"memory,omitempty"`
	// Problem is why its memory does not tell.
	Problem sys.Text `json:"problem,omitempty"`
}

// readLate asks the memory of each process that was started before the code last changed.
func (look *look) readLate(ctx context.Context, known *Facts, deployment Deployment, sources []Change) []LateLoad {
	var loads []LateLoad
	for _, server := range known.Own() {
		if server.WSGI == nil {
			continue
		}
		for _, process := range server.Workers {
			moved := deployment.Link != nil && deployment.Link.Info.ContentTime().After(process.Started)
			var changed []string
			for _, file := range sources {
				if (moved || file.At.After(process.Started)) && len(changed) < mostRemembered {
					changed = append(changed, file.Path)
				}
			}
			if len(changed) > 0 {
				loads = append(loads, look.askLate(ctx, known, deployment, server.WSGI, process, changed))
			}
		}
	}
	return loads
}

// askLate asks one process whether it has the app, from where, and whether it is that of the disk.
func (look *look) askLate(ctx context.Context, known *Facts, deployment Deployment, app *WSGIApp, process Process, changed []string) LateLoad {
	load := LateLoad{PID: process.PID}
	if known.Options.NoMemory {
		load.Problem = "flasktui was told not to ask its memory (--no-memory)"
		return load
	}
	entry, _ := look.machine.Resolve(ctx, known.Settings.Value.Import.File)
	files := []memory.File{{Paths: []string{app.Script, app.Target}}}
	entries := append([]string{known.Settings.Value.Import.File}, known.importedAs(deployment, entry)...)
	files = append(files, memory.File{Paths: entries})
	var others []string
	if rest, below := strings.CutPrefix(entry, deployment.Active+"/"); below {
		for _, release := range deployment.Releases {
			if release.Path != deployment.Active {
				others = append(others, path.Join(release.Path, rest))
			}
		}
	}
	files = append(files, memory.File{Paths: others})
	var names []string
	for _, name := range changed {
		if content, err := look.machine.ReadFile(ctx, name, sourceSize); err == nil {
			names = append(names, name)
			files = append(files, memory.File{Paths: known.importedAs(deployment, name), Content: content})
		}
	}
	compared, err := memory.Ask(ctx, look.machine, process.PID, func(held *memory.Process) ([]memory.Compared, error) { return held.Compare(ctx, files) })
	if err != nil {
		load.Problem = sys.Textf("its memory was not read: %s", err)
		if errors.Is(err, fs.ErrPermission) {
			load.Problem += known.Host.Value.OrWithSudo()
		}
		return load
	}
	has := func(at int) bool { return compared[at].Outcome != memory.NotImported }
	const script, own, other, first = 0, 1, 2, 3
	for at, result := range compared[first:] {
		if result.Outcome == memory.Another {
			load.File = names[at]
			load.Memory = &MemoryWitness{
				PID: process.PID, Word: sys.Safe(result.Difference.Word), Function: sys.Safe(result.Difference.Function), Line: result.Difference.Line,
			}
			return load
		}
	}
	switch {
	case !has(own) && has(other):
		load.Elsewhere = compared[other].Imported
	case !has(own) && !has(script):
		load.Absent = true
	case !has(own):
		load.Problem = "it has run the script, and has not imported the app by a name that is known"
	default:
		load.Problem = "its memory agrees with the files in all that can be compared, which is no proof that they were the same when it loaded them"
	}
	return load
}

// setScriptApart takes the script of an app of mod_wsgi's out of the code where Apache looks at it
// anew at each request, and puts it in where Apache does not: in all else it is code as any other.
func (look *look) setScriptApart(ctx context.Context, known *Facts, seen *walked) {
	main, _ := known.Main()
	if main.WSGI == nil || main.WSGI.Target == "" {
		return
	}
	isScript := func(file Change) bool { return file.Path == main.WSGI.Target }
	seen.sources = slices.DeleteFunc(seen.sources, isScript)
	seen.touched = slices.DeleteFunc(seen.touched, isScript)
	if !main.WSGI.Reloads {
		look.addChanges(ctx, path.Dir(main.WSGI.Target), []string{path.Base(main.WSGI.Target)}, seen, &seen.sources)
	}
}
