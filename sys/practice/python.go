package practice

import (
	"encoding/binary"
	"path"
	"regexp"
	"slices"
	"strings"
)

// bytecodeTag is in the name of every .pyc file of the box's Python 3.13.
const bytecodeTag = ".cpython-313.pyc"

// bytecodeMagic is what they begin with.
const bytecodeMagic = "\xf3\x0d\x0d\x0a"

// module is an imported module: the source text that really runs, which is that of a
// .pyc where Python takes one.
type module struct {
	file   string
	source string
}

// python is an interpreter as it was started.
type python struct {
	box *Box
	// root is where its paths begin: the box, or a container.
	root *node
	// search is sys.path.
	search  []string
	account string
	loaded  map[string]module
}

// uncheckedHeader begins a .pyc that is used whatever the source says: flag 1 of PEP 552,
// as `compileall --invalidation-mode unchecked-hash` writes it. A hash follows.
const uncheckedHeader = bytecodeMagic + "\x01\x00\x00\x00"

// importError is a module that was found nowhere.
type importError struct{ name string }

func (e importError) Error() string { return "ModuleNotFoundError: No module named '" + e.name + "'" }

var importLine = regexp.MustCompile(`(?m)^(?:from|import) ([A-Za-z_][\w.]*)`)

// load imports a module and all that it imports.
func (p *python) load(name string) error {
	if _, done := p.loaded[name]; done || builtIn(name) {
		return nil
	}
	file := p.locate(name)
	if file == "" {
		return importError{name}
	}
	source := p.compile(file)
	p.loaded[name] = module{file, source}
	for _, line := range importLine.FindAllStringSubmatch(source, -1) {
		if err := p.load(line[1]); err != nil {
			return err
		}
	}
	return nil
}

// builtIn says whether a module comes with Python itself.
func builtIn(name string) bool {
	return slices.Contains([]string{"os", "pathlib", "subprocess", "json"}, name)
}

// locate finds a module's file along sys.path.
func (p *python) locate(name string) string {
	relative := strings.ReplaceAll(name, ".", "/")
	for _, directory := range p.search {
		for _, candidate := range []string{relative + "/__init__.py", relative + ".py"} {
			file := path.Join(directory, candidate)
			if found, err := walk(p.root, file, true); err == nil && found.mode.IsRegular() {
				return file
			}
		}
	}
	return ""
}

// compile returns the code that Python would run for a source file: that of the .pyc
// whose header has the source's time and size, else the source's own, which is then
// written to a .pyc.
func (p *python) compile(file string) string {
	source, err := walk(p.root, file, true)
	if err != nil {
		return ""
	}
	directory := source.parent
	name := strings.TrimSuffix(source.name, ".py") + bytecodeTag
	header := bytecodeHeader(source)
	if cache := directory.children["__pycache__"]; cache != nil {
		compiled := cache.children[name]
		if compiled != nil && (strings.HasPrefix(string(compiled.content), header) || strings.HasPrefix(string(compiled.content), uncheckedHeader)) {
			return string(compiled.content[len(header):])
		}
	}
	cache := directory.children["__pycache__"]
	if cache == nil {
		cache = p.box.newDirectory()
		cache.device, cache.uid, cache.gid = directory.device, directory.uid, directory.gid
		p.box.put(cache, directory, "__pycache__")
	}
	written := p.box.place(cache, name, []byte(header+string(source.content)))
	owner := p.box.users[p.account]
	written.uid, written.gid = owner.uid, owner.gid
	return string(source.content)
}

// bytecodeHeader is the sixteen bytes of PEP 552 for a file checked by time and size.
func bytecodeHeader(source *node) string {
	header := append([]byte(bytecodeMagic), 0, 0, 0, 0)
	header = binary.LittleEndian.AppendUint32(header, uint32(source.modified.Unix())) //nolint:gosec // PEP 552 keeps the low 32 bits
	header = binary.LittleEndian.AppendUint32(header, uint32(len(source.content)))    //nolint:gosec // likewise
	return string(header)
}

// sitePackages is what an interpreter adds to sys.path by itself: its virtualenv's
// packages, and the directories that their .pth files name.
func (b *Box) sitePackages(root *node, interpreter string) []string {
	home := path.Dir(path.Dir(interpreter))
	packages := "/usr/lib/python3/dist-packages"
	if home == "/usr/local" {
		packages = "/usr/local/lib/python3.13/site-packages"
	} else if _, err := walk(root, path.Join(home, "pyvenv.cfg"), true); err == nil {
		packages = path.Join(home, "lib/python3.13/site-packages")
	}
	search := []string{packages}
	directory, err := walk(root, packages, true)
	if err != nil {
		return search
	}
	for _, name := range directory.names() {
		if !strings.HasSuffix(name, ".pth") {
			continue
		}
		for line := range strings.Lines(string(directory.children[name].content)) {
			line = strings.TrimSpace(line)
			if line != "" && line[0] != '#' && !strings.HasPrefix(line, "import") {
				search = append(search, path.Join(packages, line))
				if path.IsAbs(line) {
					search[len(search)-1] = line
				}
			}
		}
	}
	return search
}
