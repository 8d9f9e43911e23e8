package facts

import (
	"cmp"
	"context"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"flasktui/sys"
)

// Code is the tree that Python imports the app from, and when it last changed.
type Code struct {
	// Import says from where the app would be imported if it were started now.
	Import sys.ImportResult `json:"import"`
	// ReleaseFile is the same module in the active release, where Python imports it
	// from elsewhere; empty where the release has none. Differs names the first file
	// of the two copies that has another content; empty where all are the same.
	ReleaseFile string `json:"release_file,omitempty"`
	Differs     string `json:"differs,omitempty"`
	// Tree is the directory that was walked.
	Tree string `json:"tree"`
	// OnDisk and OnDiskTemplate are the newest changes on disk, where Tree is a copy of
	// it in an image.
	OnDisk         Change `json:"on_disk,omitzero"`
	OnDiskTemplate Change `json:"on_disk_template,omitzero"`
	// Source is the newest change of content in a .py file, Template in a template.
	Source   Change `json:"source"`
	Template Change `json:"template"`
	// Touched is the newest change of an inode whose content shows no sign of having
	// changed: chown, chmod, or a write that restored the time.
	Touched Change `json:"touched"`
	// Recent are the source files changed last, the newest first, at most ten.
	Recent []Change `json:"recent"`
	Files  int      `json:"files"`
	// Partial says that there was more than could be walked.
	Partial bool `json:"partial,omitempty"`
	// Bytecode are .pyc files that Python would use though their source is another.
	Bytecode []StaleBytecode `json:"bytecode"`
	// AutoReloadTemplates says that the app's source or environment switches on
	// TEMPLATES_AUTO_RELOAD or debug.
	AutoReloadTemplates bool `json:"auto_reload_templates,omitempty"`
	// LoadsDotEnv says that the app's source reads a .env file as it is imported.
	LoadsDotEnv bool `json:"loads_dot_env,omitempty"`
	// StaticDirectories are the directories named "static" in the tree.
	StaticDirectories []string `json:"static_directories"`
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
}

// Imported tells, from the bytecode that a process wrote as it imported the file after it
// was started, whether that was surely another content than the file has now.
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
}

const (
	// walkFileLimit bounds how many names are looked at in a tree.
	walkFileLimit = 200_000
	// recentChanges is how many changed files are remembered.
	recentChanges = 10
)

// walked is what a walk through a tree saw.
type walked struct {
	sources, templates []Change
	touched            Change
	static             []string
	files              int
	partial            bool
}

func (look *look) readCode(ctx context.Context, known *Facts) func(*Facts) {
	deployment, settings := known.Deployment.Value, known.Settings.Value
	if !known.Deployment.Known {
		return func(facts *Facts) { facts.Code = Unreadable[Code](known.Deployment.Problem, "") }
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
		look.compareCopies(ctx, deployment, &code)
	}
	seen := look.walk(ctx, code.Tree)
	code.Files, code.Partial = seen.files, seen.partial
	code.Source, code.Touched = seen.newestSource(), seen.touched
	code.Template = newest(seen.templates)
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
func (look *look) importedTree(ctx context.Context, deployment Deployment, imported sys.ImportResult) string {
	if imported.Tree == "" {
		return deployment.Active
	}
	tree, err := sys.Resolve(ctx, look.machine, imported.Tree)
	if err != nil {
		return deployment.Active
	}
	if base := path.Base(tree); base == "site-packages" || base == "dist-packages" {
		file, err := sys.Resolve(ctx, look.machine, imported.File)
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

// neverCode are directories that hold no code of the app itself.
func neverCode(name string) bool {
	return slices.Contains([]string{"__pycache__", "node_modules", "site-packages", "dist-packages"}, name) ||
		strings.HasPrefix(name, ".")
}

// seldomCode are directories that apps write into, whose files must not alarm, unless
// they are Python packages that happen to have such a name.
func seldomCode(name string) bool {
	return slices.Contains([]string{
		"uploads", "media", "instance", "log", "logs", "tmp", "cache", "data", "tests", "test", "var",
	}, name)
}

// walk looks at every source file and template of a tree, several directories at a time.
func (look *look) walk(ctx context.Context, root string) walked {
	var seen walked
	var lock sync.Mutex
	var group sync.WaitGroup
	slots := make(chan struct{}, 4)
	var visit func(directory string)
	visit = func(directory string) {
		slots <- struct{}{}
		found, below := look.walkDirectory(ctx, directory)
		<-slots
		lock.Lock()
		seen.add(found)
		more := seen.files < walkFileLimit && ctx.Err() == nil
		seen.partial = seen.partial || !more && len(below) > 0
		lock.Unlock()
		if !more {
			return
		}
		for _, next := range below {
			group.Go(func() { visit(next) })
		}
	}
	if root != "" && root != "/" {
		group.Go(func() { visit(root) })
		group.Wait()
	}
	return seen
}

func (look *look) walkDirectory(ctx context.Context, directory string) (found walked, below []string) {
	entries, err := look.machine.ReadDir(ctx, directory)
	if err != nil {
		found.partial = true
		return found, nil
	}
	named := func(wanted string) bool {
		return slices.ContainsFunc(entries, func(entry sys.Entry) bool { return entry.Name == wanted })
	}
	if named("pyvenv.cfg") || seldomCode(path.Base(directory)) && !named("__init__.py") {
		return found, nil
	}
	inTemplates := strings.Contains(directory+"/", "/templates/")
	for _, entry := range entries {
		found.files++
		name := path.Join(directory, entry.Name)
		switch {
		case entry.Type.IsDir():
			if entry.Name == "static" {
				found.static = append(found.static, name)
			} else if !neverCode(entry.Name) {
				below = append(below, name)
			}
		case isSourceName(entry.Name):
			look.addChange(ctx, name, &found, &found.sources)
		case inTemplates && !isScratchName(entry.Name):
			look.addChange(ctx, name, &found, &found.templates)
		}
	}
	return found, below
}

// isSourceName leaves out what editors put beside a file while it is open.
func isSourceName(name string) bool {
	return strings.HasSuffix(name, ".py") && !isScratchName(name)
}

func isScratchName(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "#") || strings.HasSuffix(name, "~") ||
		strings.HasSuffix(name, ".swp") || strings.HasSuffix(name, ".tmp") || strings.HasSuffix(name, ".bak")
}

func (look *look) addChange(ctx context.Context, name string, found *walked, changes *[]Change) {
	info, err := look.machine.Stat(ctx, name)
	if err != nil || !info.Mode.IsRegular() {
		return
	}
	change := Change{Path: name, At: ContentTime(info), Size: info.Size, SourceTime: info.Modified}
	*changes = append(*changes, change)
	if info.Changed.Sub(change.At) > time.Second && info.Changed.After(found.touched.At) {
		found.touched = Change{Path: name, At: info.Changed, Size: info.Size, SourceTime: info.Modified}
	}
}

// ContentTime is the latest time at which a file is known to have got its content. The
// modification time alone would not do: rsync, tar and cp -p set it back, but they write
// a new inode, whose birth cannot be set. Nothing is newer than the change time, which a
// modification time set into the future does not move.
func ContentTime(info sys.FileInfo) time.Time {
	at := info.Modified
	if info.Born.After(at) {
		at = info.Born
	}
	if at.After(info.Changed) && !info.Changed.IsZero() {
		at = info.Changed
	}
	return at
}

func (seen *walked) add(found walked) {
	seen.sources = append(seen.sources, found.sources...)
	seen.templates = append(seen.templates, found.templates...)
	seen.static = append(seen.static, found.static...)
	seen.files += found.files
	seen.partial = seen.partial || found.partial
	if found.touched.At.After(seen.touched.At) {
		seen.touched = found.touched
	}
}

func newest(changes []Change) Change {
	var latest Change
	for _, change := range changes {
		if change.At.After(latest.At) {
			latest = change
		}
	}
	return latest
}

func (seen *walked) newestSource() Change { return newest(seen.sources) }

func (seen *walked) recent() []Change {
	slices.SortFunc(seen.sources, func(a, b Change) int {
		if order := b.At.Compare(a.At); order != 0 {
			return order
		}
		return strings.Compare(a.Path, b.Path)
	})
	return slices.Clone(seen.sources[:min(len(seen.sources), recentChanges)])
}
