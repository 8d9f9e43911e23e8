package facts

import (
	"bytes"
	"cmp"
	"context"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"flasktui/sys"
	"flasktui/sys/appserver"
	"flasktui/sys/python"
)

// Code is the tree that Python imports the app from, and when it last changed.
type Code struct {
	// Import says from where the app would be imported if it were started now.
	Import python.ImportResult `json:"import"`
	// Shadow is a module of the release that Python takes from another tree; nil for
	// none. ImportedFrom are all such modules' files there.
	Shadow       *Shadow  `json:"shadow,omitempty"`
	ImportedFrom []string `json:"imported_from,omitempty"`
	// Tree is the directory that was walked.
	Tree string `json:"tree"`
	// OnDisk and OnDiskTemplate are the newest changes on disk, where Tree is a copy of
	// it in an image.
	OnDisk         Change `json:"on_disk,omitzero"`
	OnDiskTemplate Change `json:"on_disk_template,omitzero"`
	// Source is the newest change of content in a .py file, Template in a template;
	// Edited and EditedTemplate leave those out that hold again what the commit has
	// which a process was started from; EditedTemplate also those that no process has
	// rendered, and those of which no witness could tell whether they changed.
	Source         Change `json:"source"`
	Template       Change `json:"template"`
	Edited         Change `json:"edited,omitzero"`
	EditedTemplate Change `json:"edited_template,omitzero"`
	// Unimported is the newest source that was written since the service was started and
	// that it never imported.
	Unimported Change `json:"unimported,omitzero"`
	// Late is of processes that load the app at a request.
	Late []LateLoad `json:"late,omitempty"`
	// Twins are directories other than the one that is to run, in which processes of the service
	// stand: with the same files, which have not changed since these were started.
	Twins []string `json:"twins,omitempty"`
	// Touched is the newest change of an inode whose content shows no sign of having
	// changed: chown, chmod, or a write that restored the time.
	Touched Change `json:"touched"`
	// Unsettled is the newest source that changed in some way since the service was started
	// and of which no witness could say whether its content did (G50); its Unsettled says why.
	Unsettled Change `json:"unsettled,omitzero"`
	// UnsettledTemplate is the same of a template.
	UnsettledTemplate Change `json:"unsettled_template,omitzero"`
	// Recent are the source files changed last, the newest first, at most ten.
	Recent []Change `json:"recent"`
	Files  int      `json:"files"`
	// Partial says that there was more than could be walked.
	Partial bool `json:"partial,omitempty"`
	// Bytecode are .pyc files that Python would use though their source is another.
	Bytecode []StaleBytecode `json:"bytecode"`
	// BytecodeProblem is why some of it could not be read; empty where all was.
	BytecodeProblem sys.Text `json:"bytecode_problem,omitempty"`
	// AutoReloadTemplates says that the app's source or environment switches on
	// TEMPLATES_AUTO_RELOAD or debug.
	AutoReloadTemplates bool `json:"auto_reload_templates,omitempty"`
	// LoadsDotEnv says that the app's source reads a .env file as it is imported.
	LoadsDotEnv bool `json:"loads_dot_env,omitempty"`
	// Constants are releases that stand in the source itself.
	Constants []string `json:"constants"`
	// StaticDirectories are the directories named "static" in the tree.
	StaticDirectories []string `json:"static_directories"`
	// sources are all of its Python files.
	sources []string
}

// DiskSource is the newest change of the source on disk, whether it is what Python imports
// or what an image was built from.
func (code Code) DiskSource() Change {
	if code.OnDisk.Path != "" {
		return code.OnDisk
	}
	return code.Source
}

// DiskTemplate is the same of templates.
func (code Code) DiskTemplate() Change {
	if code.OnDisk.Path != "" {
		return code.OnDiskTemplate
	}
	return code.Template
}

// Change is one file and when its content last changed.
type Change struct {
	Path string    `json:"path,omitempty"`
	At   time.Time `json:"at,omitzero"`
	Size int64     `json:"size,omitempty"`
	// SourceTime is the time in the file's own mtime, which tools may restore.
	SourceTime time.Time `json:"source_time,omitzero"`
	// CompiledAt is when Python last wrote bytecode for it, CompiledSize the size of
	// the source that it was made from: a witness of what was imported then.
	CompiledAt   time.Time `json:"compiled_at,omitzero"`
	CompiledSize int64     `json:"compiled_size,omitempty"`
	// Committed says that it holds what the commit has which was checked out when the
	// service was started, and is again.
	Committed bool `json:"committed,omitempty"`
	// Unimported says that no process of the service has ever imported it.
	Unimported bool `json:"unimported,omitempty"`
	// Replaced says that only its bytecode tells that it was written over: its own times
	// are those of before. At is then when its inode changed last.
	Replaced bool `json:"replaced,omitempty"`
	// Memory says what shows that a process has imported different content than the file has,
	// where only its memory tells; its time is then the inode's. Nil for all others.
	Memory *MemoryWitness `json:"memory,omitempty"`
	// Unsettled is why no witness could say whether its content changed; empty for all others.
	Unsettled sys.Text `json:"unsettled,omitempty"`
}

// Imported tells, from the bytecode that a process wrote as it imported the file after it
// was started, whether that was surely different content than the file has now.
func (change Change) Imported(started time.Time) (another bool) {
	return !change.CompiledAt.IsZero() && change.CompiledAt.After(started) &&
		change.CompiledAt.Before(change.At) && change.CompiledSize != change.Size
}

// StaleBytecode is a .pyc that does not follow its source.
type StaleBytecode struct {
	Path   string `json:"path"`
	Source string `json:"source"`
	// Unchecked says that Python never compares it with the source (PEP 552).
	Unchecked bool      `json:"unchecked,omitempty"`
	WrittenAt time.Time `json:"written_at"`
	ChangedAt time.Time `json:"changed_at"`
	// DirectoryOwner is that of the directory that the source lies in, CacheUID the owner of
	// the __pycache__ there.
	DirectoryOwner DirectoryOwner `json:"directory_owner"`
	CacheUID       uint32         `json:"cache_uid"`
}

// GroupCode is when the code that should run was written, and what Python would make of it.
func GroupCode() Group {
	return Group{
		name: "code", words: "the code",
		needs:  []func() Group{GroupDeployment, GroupEnvironment, GroupBackground},
		read:   (*look).readCode,
		fields: []field{fieldOf("", func(facts *Facts) *Fact[Code] { return &facts.Code })},
	}
}

func (look *look) readCode(ctx context.Context, known *Facts) func(*Facts) {
	deployment, settings := known.Deployment.Value, known.Settings.Value
	if !known.Deployment.Known {
		return func(facts *Facts) { facts.Code = restsOn[Code](known.Deployment, "") }
	}
	code := Code{Import: settings.Import}
	if settings.Root != "" {
		code.Import.File, code.Import.Tree = known.OnBox(code.Import.File), known.OnBox(cmp.Or(code.Import.Tree, settings.Directory))
	}
	code.Tree = look.importedTree(ctx, deployment, code.Import)
	if deployment.InImage {
		source := look.walk(ctx, deployment.Active)
		code.OnDisk, code.OnDiskTemplate = source.newestSource(), newest(source.templates)
	} else if mount, over := known.MountOver(settings.Directory); !over || !mount.Differs {
		look.compareCopies(ctx, known, deployment, &code)
	}
	seen := look.walk(ctx, code.Tree)
	for _, file := range code.ImportedFrom {
		if !sys.Within(code.Tree, file) {
			seen.add(look.walkModule(ctx, file))
		}
	}
	code.Files = seen.files
	for _, file := range seen.sources {
		code.sources = append(code.sources, file.Path)
	}
	look.setScriptApart(ctx, known, &seen)
	code.Late = look.readLate(ctx, known, deployment, slices.Concat(seen.sources, seen.touched))
	code.Twins = look.readTwins(ctx, known, deployment, code.Tree)
	look.readWitnesses(ctx, known, deployment, code.Tree, &seen)
	dependencies := look.readDependencies(ctx, known, deployment, code, &seen)
	code.Partial = seen.partial
	code.Unimported = newest(slices.DeleteFunc(slices.Clone(seen.sources), func(change Change) bool { return !change.Unimported }))
	seen.sources = slices.DeleteFunc(seen.sources, func(change Change) bool { return change.Unimported })
	code.Unsettled, code.UnsettledTemplate = newest(seen.unsettled), newest(seen.unsettledTemplates)
	code.Source, code.Touched = newest(slices.Concat(seen.sources, dependencies)), seen.newestTouched
	code.Template = newest(seen.templates)
	code.Edited, code.EditedTemplate = newestEdited(slices.Concat(seen.sources, dependencies)), newestEdited(seen.templates)
	code.StaticDirectories = seen.static
	code.Recent = seen.recent()
	if !deployment.InImage {
		// Files of an image come into being together, bytecode and source, in any order.
		look.readBytecode(ctx, known, &code, seen.sources)
	}
	look.readAppSwitches(ctx, known, &code)
	return func(facts *Facts) { facts.Code = Of(code, code.Tree) }
}

// importedTree is the directory to walk: the active release, unless Python takes the app
// from elsewhere; of a site-packages the app's own package alone.
func (look *look) importedTree(ctx context.Context, deployment Deployment, imported python.ImportResult) string {
	if imported.Tree == "" {
		return deployment.Active
	}
	tree, err := look.machine.Resolve(ctx, imported.Tree)
	if err != nil {
		return deployment.Active
	}
	if isPackages(tree) {
		file, err := look.machine.Resolve(ctx, imported.File)
		if err != nil {
			return tree
		}
		top, _, _ := strings.Cut(strings.TrimPrefix(file, tree+"/"), "/")
		return path.Join(tree, top)
	}
	if sys.Within(deployment.Active, tree) {
		return deployment.Active
	}
	return tree
}

// readAppSwitches looks, in the few files where apps set themselves up, for what decides
// whether a change needs a restart: templates that are read again for each request (G13),
// a .env that is read at import (G16); and the release that they call themselves by.
func (look *look) readAppSwitches(ctx context.Context, known *Facts, code *Code) {
	if main, ok := known.Main(); ok {
		for _, name := range []string{"TEMPLATES_AUTO_RELOAD", "FLASK_DEBUG", "FLASK_TEMPLATES_AUTO_RELOAD"} {
			code.AutoReloadTemplates = code.AutoReloadTemplates || isOn(main.Master.Shown[name])
		}
		// In its debug mode Flask reads templates again, unless told otherwise.
		code.AutoReloadTemplates = code.AutoReloadTemplates || main.Kind == appserver.Flask && slices.Contains(main.Master.Argv, "--debug")
	}
	if code.Import.File == "" {
		return
	}
	names := []string{path.Base(code.Import.File), "config.py", "settings.py", "__init__.py", "app.py", "version.py", "_version.py", "__version__.py"}
	for index, name := range names {
		if index > 0 && name == names[0] {
			continue
		}
		content, err := look.machine.ReadFile(ctx, path.Join(path.Dir(code.Import.File), name), 1<<20)
		if err != nil {
			continue
		}
		for _, found := range versionConstant().FindAllSubmatch(content, -1) {
			code.Constants = append(code.Constants, string(sys.Safe(string(found[1]))))
		}
		for line := range bytes.Lines(content) {
			words := strings.ReplaceAll(strings.TrimSpace(string(line)), " ", "")
			code.readSwitch(words)
			// Only a program that is started by itself comes to that line.
			runsDebug := known.Settings.Value.Kind == appserver.Python && !strings.HasPrefix(words, "#") && strings.Contains(words, ".run(") && strings.Contains(words, "debug=True")
			code.AutoReloadTemplates = code.AutoReloadTemplates || runsDebug
		}
	}
}

// versionConstant is a release that stands in the source as a constant.
var versionConstant = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?im)^(?:__version__|(?:[a-z]+_)?(?:version|release|revision|build))[ \t]*(?::[ \t]*str[ \t]*)?=[ \t]*["']([^"'\n]{1,120})["']`)
})

// readSwitch reads one line of Python, without its spaces.
func (code *Code) readSwitch(line string) {
	if strings.HasPrefix(line, "#") {
		return
	}
	if strings.Contains(line, "TEMPLATES_AUTO_RELOAD") && strings.Contains(line, "True") || strings.Contains(line, ".auto_reload=True") {
		code.AutoReloadTemplates = true
	}
	if strings.Contains(line, "load_dotenv(") && !strings.HasPrefix(line, "def") {
		code.LoadsDotEnv = true
	}
}

func isOn(value string) bool {
	switch strings.ToLower(value) {
	case "1", "true", "yes", "on":
		return true
	}
	return false
}

// holdsModule tells whether a directory holds the module's file or package. With an
// unknown module any Python file will do.
func (look *look) holdsModule(ctx context.Context, directory, module string) bool {
	if module == "" {
		entries, err := look.machine.ReadDir(ctx, directory)
		if err != nil {
			return false
		}
		for _, entry := range entries {
			if strings.HasSuffix(entry.Name, ".py") {
				return true
			}
		}
		return false
	}
	return slices.ContainsFunc(moduleFiles(directory, module), func(file string) bool {
		_, err := look.machine.Stat(ctx, file)
		return err == nil
	})
}

// moduleFiles are the places in which a directory may hold a module.
func moduleFiles(directory, module string) []string {
	var files []string
	relative := strings.ReplaceAll(module, ".", "/")
	for _, candidate := range []string{relative + ".py", relative + "/__init__.py"} {
		for _, base := range []string{directory, path.Join(directory, "src")} {
			files = append(files, path.Join(base, candidate))
		}
	}
	return files
}
