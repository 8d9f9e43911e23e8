package practice

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io/fs"
	"path"

	"flasktui/sys"
	"flasktui/sys/python/jinja"
	pysource "flasktui/sys/python/source"
)

// OpenMemory implements sys.Machine: of a process that has the app in its memory there are
// the strings that a CPython 3.13 keeps of it.
func (b *Box) OpenMemory(_ context.Context, pid int) (sys.Memory, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if found := b.processes[pid]; found != nil && found.holds != nil {
		return held{bytes.NewReader(found.holds.memory())}, nil
	}
	return nil, &fs.PathError{Op: "open", Path: fmt.Sprintf("/proc/%d/mem", pid), Err: fs.ErrPermission}
}

type held struct{ *bytes.Reader }

func (held) Close() error { return nil }

// maps is the app's part of /proc/PID/maps.
func (a *application) maps(interpreter string) string {
	return fmt.Sprintf("55d000000000-55d000001000 r-xp 00000000 00:00 0 %s\n00000000-%08x rw-p 00000000 00:00 0\n", interpreter, len(a.memory()))
}

// memory is what the process has imported and rendered, as str objects one after the other.
func (a *application) memory() []byte {
	texts := []string{"__builtins__", "__main__", "__init__", path.Join(a.home, "templates/index.html")}
	for _, each := range a.loaded {
		texts = append(texts, each.file)
		tokens := pysource.Tokens([]byte(each.source))
		for _, word := range append(pysource.Words(pysource.Functions(tokens)), pysource.ModuleWords(tokens)...) {
			texts = append(texts, word.Text)
		}
	}
	literals, _ := jinja.Literals(a.template)
	for _, one := range literals {
		texts = append(texts, one.Text)
	}
	var memory []byte
	for _, text := range texts {
		const state, asciiAndCompact = 32, 0x64
		object := make([]byte, 40, 48+len(text))
		binary.LittleEndian.PutUint64(object[16:], uint64(len(text)))
		object[state] = asciiAndCompact
		object = append(append(object, text...), 0)
		for len(object)%8 != 0 {
			object = append(object, 0)
		}
		memory = append(memory, object...)
	}
	return memory
}
