package python

import (
	"context"
	"path"
	"slices"
	"strings"

	"flasktui/sys"
)

// modulePlace is what one directory has for a name.
type modulePlace struct {
	// file is the module, or the package's __init__; empty for a directory without
	// one, which is a part of a namespace package.
	file string
	// directory is where a package looks for its own modules.
	directory string
}

// find looks for a dotted name: the first directory on the path that has a package or
// module of the top-level name decides, and all below is looked for inside it.
func (search *searchPath) find(ctx context.Context, dotted string) error {
	names := strings.Split(dotted, ".")
	if slices.Contains(names, "") {
		return nil
	}
	var portions []string
	var first *ImportDirectory
	for index, entry := range search.entries {
		module, found, err := search.files.findModule(ctx, entry.Path, names[0])
		switch {
		case err != nil:
			return err
		case !found:
			continue
		case module.file != "":
			return search.descend(ctx, entry, module, names[1:])
		}
		portions = append(portions, module.directory)
		if first == nil {
			first = &search.entries[index]
		}
	}
	if first != nil {
		search.result.Tree, search.result.Via = first.Path, first.Via
		return search.findBelow(ctx, portions, names[1:])
	}
	return search.findEditable(ctx, names)
}

func (search *searchPath) descend(ctx context.Context, entry ImportDirectory, module modulePlace, names []string) error {
	search.result.Tree, search.result.Via = entry.Path, entry.Via
	if len(names) == 0 {
		search.result.File = module.file
		return nil
	}
	if module.directory == "" {
		return nil
	}
	return search.findBelow(ctx, []string{module.directory}, names)
}

// findBelow looks for the rest of a dotted name inside a package, of one directory or,
// as a namespace package, of several.
func (search *searchPath) findBelow(ctx context.Context, portions, names []string) error {
	if len(names) == 0 {
		return nil
	}
	var namespaces []string
	for _, portion := range portions {
		module, found, err := search.files.findModule(ctx, portion, names[0])
		switch {
		case err != nil:
			return err
		case !found:
			continue
		case module.file == "":
			namespaces = append(namespaces, module.directory)
			continue
		case len(names) == 1:
			search.result.File = module.file
			return nil
		case module.directory == "":
			return nil
		}
		return search.findBelow(ctx, []string{module.directory}, names[1:])
	}
	if len(namespaces) == 0 {
		return nil
	}
	return search.findBelow(ctx, namespaces, names[1:])
}

// findEditable asks the finders of editable installations. A mapped path is a package's
// directory, or a module's file without its suffix.
func (search *searchPath) findEditable(ctx context.Context, names []string) error {
	for _, known := range search.editable {
		if known.name != names[0] {
			continue
		}
		module, found, err := search.files.findModule(ctx, path.Dir(known.path), path.Base(known.path))
		if err != nil {
			return err
		}
		if found {
			return search.descend(ctx, ImportDirectory{Path: path.Dir(known.path), Via: "editable:" + known.finder}, module, names[1:])
		}
	}
	return nil
}

// findModule looks for one name in one directory, in the order of CPython's FileFinder:
// a package before a module, and of each a built extension before source before bytecode.
func (files files) findModule(ctx context.Context, directory, name string) (module modulePlace, found bool, err error) {
	entries, err := files.list(ctx, directory)
	if err != nil {
		return modulePlace{}, false, err
	}
	isPackage := false
	if slices.ContainsFunc(entries, func(entry sys.Entry) bool { return entry.Name == name }) {
		if isPackage, err = files.isDirectory(ctx, path.Join(directory, name)); err != nil {
			return modulePlace{}, false, err
		}
	}
	if isPackage {
		inside, err := files.list(ctx, path.Join(directory, name))
		if err != nil {
			return modulePlace{}, false, err
		}
		if file := moduleFile(inside, "__init__"); file != "" {
			return modulePlace{file: path.Join(directory, name, file), directory: path.Join(directory, name)}, true, nil
		}
	}
	if file := moduleFile(entries, name); file != "" {
		return modulePlace{file: path.Join(directory, file)}, true, nil
	}
	return modulePlace{directory: path.Join(directory, name)}, isPackage, nil
}

// moduleFile picks the file that a name is imported from among those of a directory.
func moduleFile(entries []sys.Entry, name string) string {
	best, rank := "", 4
	for _, entry := range entries {
		suffix, matches := strings.CutPrefix(entry.Name, name+".")
		if !matches || entry.Type.IsDir() {
			continue
		}
		own := 4
		switch {
		case suffix == "so" || strings.HasPrefix(suffix, "abi3.so"):
			own = 1
		case strings.HasSuffix(suffix, ".so") && strings.Count(suffix, ".") == 1:
			own = 0
		case suffix == "py":
			own = 2
		case suffix == "pyc":
			own = 3
		}
		if own < rank {
			best, rank = entry.Name, own
		}
	}
	return best
}
