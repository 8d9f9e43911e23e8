package memory

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"
)

// ErrTooMuch means that the process holds more memory than a look may read.
var ErrTooMuch = errors.New("its memory is too large to be looked at")

const (
	// mostMemory bounds what is read of one process, in bytes.
	mostMemory = 512 << 20
	chunkSize  = 1 << 20
	// mostCodes and mostPaths bound what is kept of one process.
	mostCodes = 20_000
	mostPaths = 20_000
)

// Region is one private, writable mapping: what a process has written since it started.
type Region struct {
	Start, End uint64
}

// Regions reads the private writable mappings of a /proc/PID/maps, and the name of the
// interpreter that is mapped: the program, or its shared library.
func Regions(maps []byte) (regions []Region, interpreter string, err error) {
	total := uint64(0)
	for line := range strings.Lines(string(maps)) {
		fields := strings.Fields(line)
		if len(fields) < 5 {
			continue
		}
		if len(fields) >= 6 {
			name := strings.TrimPrefix(path.Base(fields[5]), "lib")
			name, _, _ = strings.Cut(name, ".so")
			if versionName.MatchString(name) {
				interpreter = name
			}
		}
		if fields[1] != "rw-p" || len(fields) >= 6 && (fields[5] == "[stack]" || strings.HasPrefix(fields[5], "[v")) {
			continue
		}
		from, to, _ := strings.Cut(fields[0], "-")
		start, startErr := strconv.ParseUint(from, 16, 64)
		end, endErr := strconv.ParseUint(to, 16, 64)
		if startErr != nil || endErr != nil || end <= start {
			return nil, "", fmt.Errorf("maps: %q is no range", sample(fields[0]))
		}
		total += end - start
		if last := len(regions) - 1; last >= 0 && regions[last].End == start {
			regions[last].End = end
			continue
		}
		regions = append(regions, Region{start, end})
	}
	if total > mostMemory {
		return nil, interpreter, fmt.Errorf("%w: %d MiB", ErrTooMuch, total>>20)
	}
	return regions, interpreter, nil
}

func sample(text string) string { return text[:min(len(text), 40)] }

// Process is the memory of one running CPython.
type Process struct {
	memory  io.ReaderAt
	regions []Region
	layout  Layout
	// reads counts the objects that were read; see mostReads.
	reads int
}

// mostReads bounds how many objects are followed: a process can point in circles.
const mostReads = 300_000

// New makes a Process of what /proc/PID/maps and /proc/PID/mem say. The name is the
// interpreter's, where the mappings do not tell it.
func New(memory io.ReaderAt, maps []byte) (*Process, error) {
	regions, interpreter, err := Regions(maps)
	if err != nil {
		return nil, err
	}
	layout, err := LayoutOf(interpreter)
	if err != nil {
		return nil, err
	}
	return &Process{memory: memory, regions: regions, layout: layout}, nil
}

// Found is what one pass over the memory saw.
type Found struct {
	// Present holds those of the words that stand there as a str object of their own.
	Present map[string]bool
	// Paths are the names of Python files, as they were imported, sorted.
	Paths []string
	// addresses are where the str objects of the paths lie; a path may lie there twice.
	addresses map[uint64]string
}

// ErrNoPython means that the memory holds none of the words that every CPython has, so
// what is not found in it means nothing.
var ErrNoPython = errors.New("its memory does not read like a Python's")

// everyPython are words that an interpreter cannot run without.
var everyPython = []string{"__builtins__", "__main__", "__init__"} //nolint:gochecknoglobals // a list that nothing changes

// Find looks for words and for the paths of imported files.
func (p *Process) Find(ctx context.Context, words []string) (Found, error) {
	found := Found{Present: map[string]bool{}, addresses: map[uint64]string{}}
	wanted := make(map[string]bool, len(words)+len(everyPython))
	for _, word := range slices.Concat(words, everyPython) {
		wanted[word] = true
	}
	err := p.scan(ctx, func(address uint64, data []byte, offset int) {
		text, is := p.layout.at(data, offset)
		if !is {
			return
		}
		if wanted[string(text)] {
			found.Present[string(text)] = true
		}
		if text[0] == '/' && bytes.HasSuffix(text, []byte(".py")) && len(found.addresses) < mostPaths {
			found.addresses[address] = string(text)
		}
	})
	if err != nil {
		return Found{}, err
	}
	for _, word := range everyPython {
		if !found.Present[word] {
			return Found{}, ErrNoPython
		}
		if !slices.Contains(words, word) {
			delete(found.Present, word)
		}
	}
	for _, name := range found.addresses {
		found.Paths = append(found.Paths, name)
	}
	slices.Sort(found.Paths)
	found.Paths = slices.Compact(found.Paths)
	return found, nil
}

// largestHeader is how far into an object its fields are read.
const largestHeader = 160

// ErrIncomplete means that a part of the memory could not be read, so what was not found
// may have been there.
var ErrIncomplete = errors.New("a part of its memory could not be read")

// read fills data from an address, as far as there is memory.
func (p *Process) read(data []byte, address uint64) int {
	if p.reads++; p.reads > mostReads || address == 0 || address > math.MaxInt64 {
		return 0
	}
	count, _ := p.memory.ReadAt(data, int64(address))
	return count
}

func (p *Process) readAll(data []byte, address uint64) error {
	if address > math.MaxInt64 {
		return io.ErrUnexpectedEOF
	}
	_, err := p.memory.ReadAt(data, int64(address))
	return err
}

// scan visits each place where an object may begin.
func (p *Process) scan(ctx context.Context, visit func(address uint64, data []byte, offset int)) error {
	const overlap = largestHeader + longestText
	buffer := make([]byte, chunkSize+overlap+largestHeader)
	for _, region := range p.regions {
		for start := region.Start; start < region.End; start += chunkSize {
			if err := ctx.Err(); err != nil {
				return err
			}
			size := int(min(region.End-start, chunkSize+overlap))
			if err := p.readAll(buffer[:size], start); err != nil {
				return fmt.Errorf("%w: %w", ErrIncomplete, err)
			}
			// An object at the very end of a mapping is shorter than the largest header.
			clear(buffer[size : size+largestHeader])
			data := buffer[:size+largestHeader]
			for offset := 0; offset < min(size, chunkSize); offset += 8 {
				visit(start+uint64(offset), data, offset)
			}
		}
	}
	return nil
}

// loaded is what a process made of one file: the code objects that name it, and what its
// module holds under the names that are asked for.
type loaded struct {
	codes  []Code
	values map[string][]held
}

// behindName is how far into a code object its file's name ends; see codeLayouts.
const behindName = 120

// load looks for what was made of files, each with the names to ask for. It is nothing for a
// version whose code objects are not known.
func (p *Process) load(ctx context.Context, found Found, files map[string]map[string]bool) (map[string]loaded, error) {
	layout := p.layout.code
	all := map[string]loaded{}
	if layout.filename == 0 {
		return all, nil
	}
	wanted := map[uint64]string{}
	for address, name := range found.addresses {
		if files[name] != nil {
			wanted[address] = name
		}
	}
	type place struct {
		file string
		data [largestHeader]byte
		// next is the address behind the pointer to the name.
		next uint64
	}
	var places []place
	err := p.scan(ctx, func(address uint64, data []byte, offset int) {
		file, is := wanted[binary.LittleEndian.Uint64(data[offset+layout.filename:])]
		if is && len(places) < mostCodes {
			one := place{file: file, next: address + behindName}
			copy(one.data[:], data[offset:offset+largestHeader])
			places = append(places, one)
		}
	})
	if err != nil {
		return nil, err
	}
	for _, one := range places {
		its := all[one.file]
		// What lies before an entry of a dictionary may look like a code object.
		if key, is := p.text(pointer(one.data[:], layout.filename-8)); is && key == "__file__" {
			if names := files[one.file]; len(names) > 0 {
				its.values = p.values(one.next, names, its.values)
			}
		} else if code, is := p.code(one.data[:]); is {
			its.codes = append(its.codes, code)
		}
		all[one.file] = its
	}
	if p.reads > mostReads {
		return nil, ErrTooMuch
	}
	return all, nil
}

// code reads a code object; false where the bytes are something else.
func (p *Process) code(data []byte) (Code, bool) {
	layout := p.layout.code
	name, named := p.text(pointer(data, layout.qualifiedName))
	table, tabled := p.bytes(pointer(data, layout.lineTable))
	firstLine := int(binary.LittleEndian.Uint32(data[layout.firstLine:]))
	if !named || !tabled || firstLine > 1<<24 {
		return Code{}, false
	}
	code := Code{Name: name, FirstLine: firstLine, Positions: positions(table, firstLine), Whole: map[float64]bool{}, Floats: map[float64]bool{}}
	p.numbers(pointer(data, constantsOffset), &code, 0)
	return code, true
}

// text reads a str object at an address.
func (p *Process) text(address uint64) (string, bool) {
	data := make([]byte, p.layout.text+longestText)
	count := p.read(data, address)
	if count < p.layout.text+1 {
		return "", false
	}
	text, is := p.layout.at(data[:count], 0)
	return string(text), is
}

// bytes reads a bytes object (PyBytesObject) at an address.
func (p *Process) bytes(address uint64) ([]byte, bool) {
	const header, longest = 32, 1 << 20
	head := make([]byte, header)
	if p.read(head, address) < header {
		return nil, false
	}
	length := binary.LittleEndian.Uint64(head[lengthOffset:])
	if length > longest {
		return nil, false
	}
	data := make([]byte, length)
	return data, p.read(data, address+header) == len(data)
}
