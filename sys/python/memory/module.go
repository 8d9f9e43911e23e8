package memory

import (
	"bytes"
	"math"

	"flasktui/sys/python/source"
)

// held is one value that a module has under a name. of is the name of its type; it is empty
// where the value could not be read.
type held struct {
	of     string
	number float64
	text   string
}

// Offsets of a type's name (PyTypeObject), and how far the entries of a module's dictionary are
// followed: two pointers each, the key first, as all of its keys are str objects (since 3.11).
const (
	typeNameOffset = 24
	entrySize      = 16
	mostEntries    = 1024
)

// values reads, from the entries of a dictionary that follow an address, those of some names, and
// adds them to what is known. Entries that were removed are empty; what is no str ends them.
func (p *Process) values(address uint64, names map[string]bool, known map[string][]held) map[string][]held {
	if known == nil {
		known = map[string][]held{}
	}
	entries := make([]byte, entrySize*mostEntries)
	count := p.read(entries, address)
	for offset := 0; offset+entrySize <= count; offset += entrySize {
		key, value := pointer(entries, offset), pointer(entries, offset+8)
		if key == 0 && value == 0 {
			continue
		}
		name, is := p.text(key)
		if !is {
			break
		}
		if names[name] && value != 0 {
			known[name] = append(known[name], p.value(value))
		}
	}
	return known
}

// value reads a number, a truth value or a str of ASCII.
func (p *Process) value(address uint64) held {
	object := make([]byte, 32)
	if p.read(object, address) < len(object) {
		return held{}
	}
	switch of := p.typeName(pointer(object, 8)); of {
	case "int", "bool":
		if whole, is := p.layout.whole(object); is {
			return held{of: of, number: whole}
		}
	case "float":
		return held{of: of, number: math.Float64frombits(pointer(object, lengthOffset))}
	case "str":
		if text, is := p.text(address); is {
			return held{of: of, text: text}
		}
	}
	return held{}
}

func (p *Process) typeName(address uint64) string {
	const longest = 8
	head := make([]byte, typeNameOffset+8)
	name := make([]byte, longest)
	if p.read(head, address) < len(head) || p.read(name, pointer(head, typeNameOffset)) < longest {
		return ""
	}
	name, _, _ = bytes.Cut(name, []byte{0})
	return string(name)
}

// compareValues looks for a value of the file that the module holds otherwise, wherever its
// dictionary lies: what a dictionary has left behind as it grew may lie there, too. A name that
// holds something else than a plain value was bound otherwise, and says nothing.
func compareValues(values []source.Value, held map[string][]held) (Difference, Outcome) {
	outcome := Silent
	for _, value := range values {
		found, differ := held[value.Name], len(held[value.Name]) > 0
		for _, one := range found {
			plain := one.of == value.Type || one.of != "" && one.of != "bool" && value.Type != "bool"
			same := one.of == value.Type && one.number == value.Number && one.text == value.Text
			differ = differ && plain && !same
			if same {
				outcome = Agrees
			}
		}
		if differ {
			return Difference{Function: value.Name, Line: value.Line, Value: true}, Another
		}
	}
	return Difference{}, outcome
}
