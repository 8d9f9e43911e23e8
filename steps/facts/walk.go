package facts

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"flasktui/sys"
)

const (
	// walkFileLimit bounds how many names are looked at in a tree.
	walkFileLimit = 200_000
	// recentChanges is how many changed files are remembered.
	recentChanges = 10
)

// walked is what a walk through a tree saw.
type walked struct {
	sources, templates []Change
	// touched are files whose inode changed later than their times say of their content, and
	// newestTouched the last of all.
	touched       []Change
	newestTouched Change
	// places are since when the directories below the first one can stand where they do.
	places []place
	// unsettled are those of which no witness could tell whether their content changed.
	unsettled, unsettledTemplates []Change
	// data are the files beside the code, as many as are remembered.
	data    []string
	static  []string
	files   int
	partial bool
}

// subtree is a directory to walk, and whether what lies in it are templates, whatever it
// is called: a link to it may be.
type subtree struct {
	directory string
	templates bool
	// dataOnly says that no code of the app is in it.
	dataOnly bool
	// above is the directory that it was found in; zero for the first one, and behind a link.
	above sys.FileInfo
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
	entered := map[string]bool{root: true}
	var visit func(next subtree)
	visit = func(next subtree) {
		slots <- struct{}{}
		found, below := look.walkDirectory(ctx, root, next)
		<-slots
		lock.Lock()
		seen.add(found)
		more := seen.files < walkFileLimit && ctx.Err() == nil
		seen.partial = seen.partial || !more && len(below) > 0
		below = slices.DeleteFunc(below, func(next subtree) bool {
			before := entered[next.directory]
			entered[next.directory] = true
			return before || next.dataOnly && len(seen.data) >= mostData
		})
		lock.Unlock()
		if !more {
			return
		}
		for _, next := range below {
			group.Go(func() { visit(next) })
		}
	}
	if root != "" && root != "/" {
		group.Go(func() { visit(subtree{directory: root}) })
		group.Wait()
	}
	return seen
}

// walkModule looks at what belongs to one module: the file alone, or all of the package
// that it is the __init__.py of.
func (look *look) walkModule(ctx context.Context, file string) walked {
	if path.Base(file) == "__init__.py" {
		return look.walk(ctx, path.Dir(file))
	}
	var found walked
	look.addChanges(ctx, path.Dir(file), []string{path.Base(file)}, &found, &found.sources)
	return found
}

func (look *look) walkDirectory(ctx context.Context, root string, at subtree) (found walked, below []subtree) {
	directory := at.directory
	entries, err := look.machine.ReadDir(ctx, directory)
	if err != nil {
		found.partial = !at.dataOnly
		return found, nil
	}
	holds := func(wanted func(name string) bool) bool {
		return slices.ContainsFunc(entries, func(entry sys.Entry) bool { return wanted(entry.Name) })
	}
	isPackage := func(name string) bool { return name == "__init__.py" }
	isVirtualenv := func(name string) bool { return name == "pyvenv.cfg" }
	own, err := look.machine.Stat(ctx, directory)
	found.places = placed(directory, at.above, own)
	found.partial = err != nil && !at.dataOnly
	dataOnly := at.dataOnly
	if holds(isVirtualenv) || directory != root && seldomCode(path.Base(directory)) && !holds(isPackage) &&
		(neverImported(path.Base(directory)) || !holds(isSourceName)) {
		if holdsNoCode(path.Base(directory)) || holds(isVirtualenv) {
			return found, nil
		}
		dataOnly = true
	}
	inTemplates := at.templates || isTemplatesName(directory)
	var sources, templates []string
	for _, entry := range entries {
		if !dataOnly {
			found.files++
		}
		name := path.Join(directory, entry.Name)
		isLink := entry.Type&fs.ModeSymlink != 0
		switch {
		case entry.Type.IsDir() && entry.Name == "static":
			found.static = append(found.static, name)
		case entry.Type.IsDir() && !neverCode(entry.Name):
			below = append(below, subtree{directory: name, templates: inTemplates, dataOnly: dataOnly, above: own})
		case dataOnly || entry.Type.IsRegular() && !inTemplates && !isSourceName(entry.Name):
			found.addData(name)
		case isSourceName(entry.Name):
			sources = append(sources, entry.Name)
		case isLink && !neverCode(entry.Name) && entry.Name != "static":
			below = append(below, look.codeBehind(ctx, root, name)...)
			found.addData(name)
		case inTemplates && !isScratchName(entry.Name):
			templates = append(templates, entry.Name)
		}
	}
	look.addChanges(ctx, directory, sources, &found, &found.sources)
	look.addChanges(ctx, directory, templates, &found, &found.templates)
	return found, below
}

// codeBehind is where a link leads, if that is a package or a directory of templates
// outside the tree: releases share such ones. Links to anything else (uploads, logs, whole
// disks) are left alone.
func (look *look) codeBehind(ctx context.Context, root, link string) []subtree {
	resolved, err := look.machine.Resolve(ctx, link)
	if err != nil || sys.Within(root, resolved) || sys.Within(resolved, root) {
		return nil
	}
	if info, err := look.machine.Stat(ctx, resolved); err != nil || !info.IsDir() {
		return nil
	}
	if isTemplatesName(resolved) || isTemplatesName(link) {
		return []subtree{{directory: resolved, templates: true}}
	}
	if _, err := look.machine.Stat(ctx, path.Join(resolved, "__init__.py")); err != nil {
		return nil
	}
	return []subtree{{directory: resolved}}
}

// isTemplatesName tells a directory of templates, or one under it, by its path.
func isTemplatesName(directory string) bool {
	return strings.Contains(directory+"/", "/templates/") || strings.Contains(directory+"/", "/views/")
}

// neverImported are directories whose Python files, if any, are not the app's.
func neverImported(name string) bool {
	return slices.Contains([]string{"uploads", "media", "tmp", "cache", "tests", "test", "log", "logs"}, name)
}

// isSourceName leaves out what editors put beside a file while it is open.
func isSourceName(name string) bool {
	return strings.HasSuffix(name, ".py") && !isScratchName(name)
}

func isScratchName(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "#") || strings.HasSuffix(name, "~") ||
		strings.HasSuffix(name, ".swp") || strings.HasSuffix(name, ".tmp") || strings.HasSuffix(name, ".bak")
}

// isAppFile tells of a file whether it is the app's own code, or what it serves.
func isAppFile(source string) bool {
	name := path.Base(source)
	return isSourceName(name) || isStatic(source) || !isScratchName(name) &&
		(strings.Contains(source, "/templates/") || isManifest(name) || slices.Contains(revisionFiles(), name))
}

// isDocument names what is for people alone.
func isDocument(name string) bool {
	return slices.ContainsFunc([]string{"README", "LICENSE", "LICENCE", "CHANGELOG", "CONTRIBUTING"}, func(begin string) bool { return strings.HasPrefix(strings.ToUpper(name), begin) }) ||
		slices.Contains([]string{".md", ".rst"}, path.Ext(name))
}

func isStatic(name string) bool { return strings.Contains(name, "/static/") }

// isManifest names what an image's dependencies are installed from.
func isManifest(name string) bool {
	return strings.HasPrefix(name, "requirements") && strings.HasSuffix(name, ".txt") ||
		slices.Contains([]string{"pyproject.toml", "poetry.lock", "Pipfile", "Pipfile.lock", "uv.lock", "setup.cfg", "gunicorn.conf.py"}, name)
}

// addChanges looks at the files of one directory.
func (look *look) addChanges(ctx context.Context, directory string, names []string, found *walked, changes *[]Change) {
	if len(names) == 0 {
		return
	}
	for _, one := range sys.StatEntries(ctx, look.machine, directory, names) {
		name, info, err := path.Join(directory, one.Name), one.Info, one.Err
		if err == nil && info.IsLink() {
			info, err = look.behindLink(ctx, name, info)
		}
		// What may not be looked at may be the newest of all; but what whoever made a link may not
		// read, the app has not imported through it.
		if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, sys.ErrLedAway) {
			found.partial = true
		}
		if err != nil || !info.Mode.IsRegular() {
			continue
		}
		change := Change{Path: name, At: info.ContentTime(), Size: info.Size, SourceTime: info.Modified}
		*changes = append(*changes, change)
		if info.Changed.After(change.At) {
			touched := Change{Path: name, At: info.Changed, Size: info.Size, SourceTime: info.Modified}
			found.touch(touched)
		}
	}
}

// behindLink is the file that a link leads to; moving the link is a change of it, too.
func (look *look) behindLink(ctx context.Context, name string, link sys.FileInfo) (sys.FileInfo, error) {
	resolved, err := look.machine.Resolve(ctx, name)
	if err != nil {
		return sys.FileInfo{}, err
	}
	info, err := look.machine.Stat(ctx, resolved)
	if moved := link.ContentTime(); moved.After(info.ContentTime()) {
		info.Born = moved
		if moved.After(info.Changed) {
			info.Changed = moved
		}
	}
	return info, err
}

func (seen *walked) touch(files ...Change) {
	for _, file := range files {
		if file.At.After(seen.newestTouched.At) {
			seen.newestTouched = file
		}
		seen.touched = append(seen.touched, file)
	}
}

func (seen *walked) addData(name string) {
	if isDataName(path.Base(name)) && len(seen.data) < mostData {
		seen.data = append(seen.data, name)
	}
}

func (seen *walked) add(found walked) {
	seen.data = append(seen.data, found.data[:min(len(found.data), mostData-len(seen.data))]...)
	seen.sources = append(seen.sources, found.sources...)
	seen.templates = append(seen.templates, found.templates...)
	seen.static = append(seen.static, found.static...)
	seen.places = append(seen.places, found.places...)
	seen.files += found.files
	seen.partial = seen.partial || found.partial
	seen.touch(found.touched...)
	if found.newestTouched.At.After(seen.newestTouched.At) {
		seen.newestTouched = found.newestTouched
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

func newestEdited(changes []Change) Change {
	return newest(slices.DeleteFunc(slices.Clone(changes), func(change Change) bool {
		return change.Committed || change.Unimported || change.Unsettled != ""
	}))
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
