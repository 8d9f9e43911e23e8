// Package memory asks a running CPython what it has imported, by looking at its memory:
// the strings that its code and its modules are made of (trap G50). The process is
// neither stopped nor changed, and nothing that is found is kept: the answers are about
// words of a file on disk, and paths of Python files.
//
// What is not in memory was not imported: that is certain, for the words that Words gives.
// What is there proves little by itself, as many modules use the same names.
package memory

import (
	"encoding/binary"
	"errors"
	"fmt"
	"regexp"
	"strconv"
)

// ErrUnknownPython means that the process is no CPython whose objects are known here.
var ErrUnknownPython = errors.New("its Python's objects are not known")

// Layout is how one version of CPython lays out a str object of ASCII characters
// (PyASCIIObject in Include/cpython/unicodeobject.h), on 64-bit machines of little endian.
type Layout struct {
	// state is the offset of the field that says what kind of str this is; mask and want
	// are the bits of "one byte a character, compact, ASCII".
	state      int
	mask, want uint32
	// text is the offset of the characters, which a NUL ends.
	text int
	code codeLayout
}

// lengthOffset follows the reference count and the type.
const lengthOffset = 16

var versionName = regexp.MustCompile(`^python3\.([0-9]+)$`)

// LayoutOf is the layout of an interpreter by the name of its program or library:
// "python3.13". Free-threaded and debug builds have others, which are not known.
func LayoutOf(name string) (Layout, error) {
	found := versionName.FindStringSubmatch(name)
	if found == nil {
		return Layout{}, fmt.Errorf("%w: %q", ErrUnknownPython, name)
	}
	minor, err := strconv.Atoi(found[1])
	if err != nil {
		return Layout{}, fmt.Errorf("%w: %q", ErrUnknownPython, name)
	}
	switch {
	case minor >= 8 && minor <= 11: // a pointer to wide characters lies before the text
		return Layout{state: 32, mask: 0x7c, want: 0x64, text: 48, code: codeLayouts[minor]}, nil
	case minor == 12 || minor == 13:
		return Layout{state: 32, mask: 0x7c, want: 0x64, text: 40, code: codeLayouts[minor]}, nil
	}
	return Layout{}, fmt.Errorf("%w: %q", ErrUnknownPython, name)
}

// longestText bounds the strings that are looked at: names, paths and literals are shorter.
const longestText = 4096

// at gives the text of the str object that begins at an offset, if one does.
func (layout Layout) at(data []byte, offset int) ([]byte, bool) {
	if binary.LittleEndian.Uint32(data[offset+layout.state:])&layout.mask != layout.want {
		return nil, false
	}
	length := binary.LittleEndian.Uint64(data[offset+lengthOffset:])
	if length == 0 || length > longestText {
		return nil, false
	}
	start := offset + layout.text
	end := start + int(length)
	if end >= len(data) || data[end] != 0 {
		return nil, false
	}
	return data[start:end], true
}
