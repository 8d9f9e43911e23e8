// Package python answers what Python would import, and from where, without running it.
//
// It knows sys. Begin with ResolveImport; path.go rebuilds sys.path, find.go looks along it,
// bytecode.go reads .pyc files, requirement.go and installed.go what is asked for and what is there.
package python

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"flasktui/sys"
)

// ImportQuery asks from where a Python process would import a module.
type ImportQuery struct {
	// Root is the file system of the process: "" for the box itself, or
	// "/proc/PID/root" for a container. Every path here and in the result is as the
	// process sees it, without the root.
	Root string
	// Directories come first on sys.path, in order (GunicornSettings.ImportDirectories).
	Directories []ImportDirectory
	// Last come after everything else.
	Last []ImportDirectory
	// Interpreter is the python of the command line (argv[0]); a virtualenv is found
	// by the pyvenv.cfg above its directory.
	Interpreter string
	// Module is the dotted name before the ":" of the app.
	Module string
}

// ImportDirectory is a directory on sys.path and what put it there: "chdir",
// "start directory", "pythonpath" or "PYTHONPATH".
type ImportDirectory struct {
	Path string `json:"path"`
	Via  string `json:"via"`
}

// ImportResult says which file would be imported, and why.
type ImportResult struct {
	// File is the module's source, or the package's __init__.py; empty when the
	// module was found nowhere on the path that could be rebuilt, or is a package
	// without an __init__.py.
	File string `json:"file,omitempty"`
	// Tree is the directory on sys.path in which the top-level name was found.
	Tree string `json:"tree,omitempty"`
	// Via says what put Tree on the path: an ImportDirectory's own word,
	// "site-packages", "pth:FILE", "editable:FILE".
	Via string `json:"via,omitempty"`
	// Searched is sys.path as rebuilt, in order.
	Searched []string `json:"searched"`
	// Virtualenv is the directory that holds pyvenv.cfg; empty for none.
	Virtualenv string `json:"virtualenv,omitempty"`
	// Dynamic lists .pth lines and finders that run code and so were not followed,
	// as "FILE:LINE", and archives on the path, which are not looked into.
	Dynamic []string `json:"dynamic"`
}

// ResolveImport rebuilds sys.path statically, and finds the module on it. No Python is
// run (G4). The standard library is left out: it holds no app. A directory that may not
// be read is an error, for the module might be in it.
func ResolveImport(ctx context.Context, machine sys.Machine, query ImportQuery) (ImportResult, error) {
	files := files{machine: machine, root: query.Root, listed: map[string][]sys.Entry{}}
	search := &searchPath{files: files}
	for _, directory := range query.Directories {
		search.add(directory.Path, directory.Via)
	}
	if err := search.addSite(ctx, query.Interpreter); err != nil {
		return search.result, fmt.Errorf("rebuilding sys.path: %w", err)
	}
	for _, directory := range query.Last {
		search.add(directory.Path, directory.Via)
	}
	for _, entry := range search.entries {
		search.result.Searched = append(search.result.Searched, entry.Path)
	}
	if err := search.find(ctx, query.Module); err != nil {
		return search.result, fmt.Errorf("looking for the module %s: %w", query.Module, err)
	}
	return search.result, nil
}

// FindVirtualenv returns the directory with pyvenv.cfg above an interpreter's or a
// script's bin directory; empty where there is none. Links are not followed: a
// virtualenv's python is a link to the one it was made from. root is as in ImportQuery.
func FindVirtualenv(ctx context.Context, machine sys.Machine, root, executable string) (string, error) {
	return findVirtualenv(ctx, files{machine: machine, root: root}, executable)
}

func findVirtualenv(ctx context.Context, files files, executable string) (string, error) {
	if !path.IsAbs(executable) {
		return "", nil
	}
	directory := path.Dir(path.Dir(path.Clean(executable)))
	_, found, err := files.stat(ctx, path.Join(directory, "pyvenv.cfg"))
	if err != nil {
		return "", fmt.Errorf("looking for a virtualenv: %w", err)
	}
	if !found {
		return "", nil
	}
	return directory, nil
}

// shebangLimit holds the longest first line that Linux takes, and pip's two lines.
const shebangLimit = 4 << 10

// ReadShebang returns the interpreter in a script's first line; empty where the file is
// not a script. Behind env it is the program that env looks for; and where pip writes a
// shell script, because the interpreter's path is too long or has a space in it, it is
// the interpreter that the shell starts.
func ReadShebang(ctx context.Context, machine sys.Machine, name string) (string, error) {
	content, err := machine.ReadFile(ctx, name, shebangLimit)
	if err != nil && !errors.Is(err, sys.ErrTruncated) {
		return "", fmt.Errorf("reading the first line of %s: %w", name, err)
	}
	return parseShebang(string(content)), nil
}

func parseShebang(content string) string {
	first, rest, _ := strings.Cut(content, "\n")
	line, isScript := strings.CutPrefix(first, "#!")
	words := strings.Fields(line)
	if !isScript || len(words) == 0 {
		return ""
	}
	if trampoline, found := strings.CutPrefix(rest, "'''exec' "); found {
		trampoline, _, _ = strings.Cut(trampoline, "\n")
		if quoted, isQuoted := strings.CutPrefix(trampoline, `"`); isQuoted {
			interpreter, _, _ := strings.Cut(quoted, `"`)
			return interpreter
		}
		interpreter, _, _ := strings.Cut(trampoline, " ")
		return interpreter
	}
	if path.Base(words[0]) == "env" {
		for _, word := range words[1:] {
			if !strings.HasPrefix(word, "-") && !strings.Contains(word, "=") {
				return word
			}
		}
	}
	return words[0]
}

// files reads files as a process with another root would: links are followed
// inside that root, which the kernel does not do for a path under /proc/PID/root.
type files struct {
	machine sys.Machine
	root    string
	// listed keeps what was listed once: packages are looked for again and again.
	listed map[string][]sys.Entry
}

// stat follows links; found is false where the path leads nowhere.
func (files files) stat(ctx context.Context, name string) (info sys.FileInfo, found bool, err error) {
	resolved, err := sys.ResolveUnder(ctx, files.machine, files.root, name)
	if err == nil {
		info, err = files.machine.Stat(ctx, files.root+resolved)
	}
	if isAbsent(err) {
		return sys.FileInfo{}, false, nil
	}
	return info, err == nil, err
}

func (files files) isDirectory(ctx context.Context, name string) (bool, error) {
	info, found, err := files.stat(ctx, name)
	return found && info.IsDir(), err
}

// list gives the names in a directory; none where there is no such directory.
func (files files) list(ctx context.Context, name string) ([]sys.Entry, error) {
	if entries, known := files.listed[name]; known {
		return entries, nil
	}
	resolved, err := sys.ResolveUnder(ctx, files.machine, files.root, name)
	var entries []sys.Entry
	if err == nil {
		entries, err = files.machine.ReadDir(ctx, files.root+resolved)
	}
	if err != nil && !isAbsent(err) {
		return nil, err
	}
	if files.listed != nil {
		files.listed[name] = entries
	}
	return entries, nil
}

func (files files) read(ctx context.Context, name string, limit int64) ([]byte, error) {
	resolved, err := sys.ResolveUnder(ctx, files.machine, files.root, name)
	if err != nil {
		return nil, err
	}
	return files.machine.ReadFile(ctx, files.root+resolved, limit)
}

// namedIn is sys.NamedIn for a file inside the root.
func (files files) namedIn(ctx context.Context, name string) context.Context {
	return sys.NamedIn(ctx, files.machine, files.root+name)
}

// isAbsent takes a path that leads through a file for one that leads nowhere.
func isAbsent(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || isNotDirectory(err)
}
