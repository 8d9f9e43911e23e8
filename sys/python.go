package sys

import (
	"context"
	"io"
	"time"
)

// ImportQuery asks from where a Python process would import a module.
type ImportQuery struct {
	// Root is the file system of the process: "" for the box itself, or
	// "/proc/PID/root" for a container.
	Root string
	// Directories come first on sys.path, in order (GunicornSettings.ImportDirectories).
	Directories []ImportDirectory
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
	// module was found nowhere on the path that could be rebuilt.
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
	// Dynamic lists .pth lines and finders that run code and so were not followed.
	Dynamic []string `json:"dynamic"`
}

// ResolveImport rebuilds sys.path statically, and finds the module on it. No Python is
// run (G4).
func ResolveImport(ctx context.Context, machine Machine, query ImportQuery) (ImportResult, error) {
	panic("to be written")
}

// FindVirtualenv returns the directory with pyvenv.cfg above an interpreter's or a
// script's bin directory; empty where there is none.
func FindVirtualenv(ctx context.Context, machine Machine, executable string) (string, error) {
	panic("to be written")
}

// ReadShebang returns the interpreter in a script's first line; empty where the file is
// not a script.
func ReadShebang(ctx context.Context, machine Machine, path string) (string, error) {
	panic("to be written")
}

// Bytecode is the header of a .pyc file (PEP 552).
type Bytecode struct {
	// HashBased and CheckSource are the two flag bits: an unchecked hash-based file
	// is used whatever the source says.
	HashBased   bool
	CheckSource bool
	// SourceModified (whole seconds) and SourceSize are those of the source that was
	// compiled; zero when HashBased.
	SourceModified time.Time
	SourceSize     uint32
}

// ParseBytecode reads the first 16 bytes of a .pyc file.
func ParseBytecode(reader io.Reader) (Bytecode, error) { panic("to be written") }
