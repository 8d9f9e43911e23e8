package memory

import (
	"encoding/binary"
	"math"
)

// codeLayout is where a code object (PyCodeObject in Include/cpython/code.h) keeps what is
// compared; all zero where a version's is not known.
type codeLayout struct {
	filename, name, qualifiedName, lineTable, firstLine int
}

// codeLayouts are by minor version. Before 3.11 there was no qualified name.
var codeLayouts = map[int]codeLayout{ //nolint:gochecknoglobals // a table that nothing changes
	11: {filename: 112, name: 120, qualifiedName: 128, lineTable: 136, firstLine: 72},
	12: {filename: 112, name: 120, qualifiedName: 128, lineTable: 136, firstLine: 68},
	13: {filename: 112, name: 120, qualifiedName: 128, lineTable: 136, firstLine: 68},
}

// Code is one code object of a module: a function, a class body, a comprehension.
type Code struct {
	// Name is the qualified one: "Shop.total", "index.<locals>.inner".
	Name string
	// FirstLine is that of the first decorator, or of the definition.
	FirstLine int
	// Whole and Floats are the numbers among its constants. What is no number may be read
	// as one, too: they tell what is missing, not what is there.
	Whole  map[float64]bool
	Floats map[float64]bool
	// Positions are where its instructions come from, in order and each once.
	Positions []Position
}

// Position is a stretch of the source: lines from 1, columns in bytes from 0. Columns are
// -1 where the interpreter was told to keep none (-X no_debug_ranges).
type Position struct {
	Line, EndLine, Column, EndColumn int
}

// Kinds of entries in a location table (InternalDocs/code_objects.md of CPython, 3.11 and on).
const (
	shortForms  = 9
	oneLineLast = 12
	noColumns   = 13
	longForm    = 14
)

// positions reads a location table. A table that does not follow the rules gives none.
func positions(table []byte, firstLine int) []Position {
	var found []Position
	seen := map[Position]bool{}
	line := firstLine
	reader := &varints{data: table}
	for reader.more() {
		kind := int(reader.next()>>3) & 15
		position := Position{Column: -1, EndColumn: -1}
		switch {
		case kind <= shortForms:
			second := reader.next()
			position.Column = kind<<3 | int(second>>4)&7
			position.EndColumn = position.Column + int(second&15)
			position.Line, position.EndLine = line, line
		case kind <= oneLineLast:
			line += kind - shortForms - 1
			position.Column, position.EndColumn = int(reader.next()), int(reader.next())
			position.Line, position.EndLine = line, line
		case kind == noColumns:
			line += reader.signed()
			position.Line, position.EndLine = line, line
		case kind == longForm:
			line += reader.signed()
			position.Line, position.EndLine = line, line+reader.unsigned()
			position.Column, position.EndColumn = reader.unsigned()-1, reader.unsigned()-1
		default: // no location
			continue
		}
		if reader.short {
			return nil
		}
		if !seen[position] {
			seen[position] = true
			found = append(found, position)
		}
	}
	return found
}

// varints reads the numbers of a location table: six bits a byte, the lowest first.
type varints struct {
	data  []byte
	short bool
}

func (v *varints) more() bool { return len(v.data) > 0 && !v.short }

func (v *varints) next() byte {
	if len(v.data) == 0 {
		v.short = true
		return 0
	}
	first := v.data[0]
	v.data = v.data[1:]
	return first
}

func (v *varints) unsigned() int {
	value, shift := 0, 0
	for shift < 30 {
		part := v.next()
		value |= int(part&63) << shift
		if part&64 == 0 {
			return value
		}
		shift += 6
	}
	v.short = true
	return 0
}

func (v *varints) signed() int {
	value := v.unsigned()
	if value&1 != 0 {
		return -(value >> 1)
	}
	return value >> 1
}

// constantsOffset is where a code object has its tuple of constants, since 3.11.
const constantsOffset = 24

// numbers reads the numbers of a tuple of constants, and of the tuples in it.
func (p *Process) numbers(address uint64, code *Code, depth int) {
	const header, longest, deepest = 24, 4096, 3
	head := make([]byte, header)
	if depth > deepest || p.read(head, address) < header {
		return
	}
	tupleType, length := pointer(head, 8), pointer(head, lengthOffset)
	items := make([]byte, 8*min(length, longest))
	count := p.read(items, address+header)
	for offset := 0; offset+8 <= count; offset += 8 {
		item := pointer(items, offset)
		object := make([]byte, 32)
		if p.read(object, item) < len(object) {
			continue
		}
		if pointer(object, 8) == tupleType {
			p.numbers(item, code, depth+1)
			continue
		}
		code.Floats[math.Float64frombits(pointer(object, 16))] = true
		if whole, is := p.layout.whole(object); is {
			code.Whole[whole] = true
		}
	}
}

// whole reads an int of up to two digits of 30 bits, which is positive.
func (layout Layout) whole(object []byte) (float64, bool) {
	digits := pointer(object, lengthOffset)
	if layout.text == 40 { // since 3.12 the lowest bits hold the sign
		if digits&3 == 2 {
			return 0, false
		}
		digits >>= 3
	}
	low, high := binary.LittleEndian.Uint32(object[24:]), binary.LittleEndian.Uint32(object[28:])
	switch digits {
	case 0:
		return 0, true
	case 1:
		return float64(low), true
	case 2:
		return float64(uint64(high)<<30 | uint64(low)), true
	}
	return 0, false
}

// pointer is the address that an object holds in a field.
func pointer(data []byte, offset int) uint64 { return binary.LittleEndian.Uint64(data[offset:]) }
