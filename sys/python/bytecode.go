package python

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"time"

	"flasktui/sys"
)

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

// BytecodeFile is one .pyc beside a source.
type BytecodeFile struct {
	Path   string
	Header Bytecode
	Info   sys.FileInfo
}

const bytecodeHeader = 16

var errNoBytecode = errors.New("not a .pyc file")

// ParseBytecode reads the first 16 bytes of a .pyc file: a magic number that ends in
// CR LF, the flags, then the source's time and size, or its hash.
func ParseBytecode(reader io.Reader) (Bytecode, error) {
	var header [bytecodeHeader]byte
	if _, err := io.ReadFull(reader, header[:]); err != nil {
		return Bytecode{}, fmt.Errorf("%w: %w", errNoBytecode, err)
	}
	flags := binary.LittleEndian.Uint32(header[4:])
	if header[2] != '\r' || header[3] != '\n' || flags > 3 {
		return Bytecode{}, errNoBytecode
	}
	bytecode := Bytecode{HashBased: flags&1 != 0, CheckSource: flags&2 != 0}
	if !bytecode.HashBased {
		bytecode.SourceModified = time.Unix(int64(binary.LittleEndian.Uint32(header[8:])), 0).UTC()
		bytecode.SourceSize = binary.LittleEndian.Uint32(header[12:])
	}
	return bytecode, nil
}

// BytecodePath is where Python keeps the bytecode of a source, for the tag of an
// implementation ("cpython-313"), unless PYTHONPYCACHEPREFIX moves it.
func BytecodePath(source, tag string) string {
	stem := strings.TrimSuffix(path.Base(source), ".py")
	return path.Join(path.Dir(source), "__pycache__", stem+"."+tag+".pyc")
}

// ReadBytecodes lists the bytecode files of a source, of every Python that imported it.
// One that is no bytecode is passed over, as Python does.
func ReadBytecodes(ctx context.Context, machine sys.Machine, source string) ([]BytecodeFile, error) {
	directory := path.Dir(BytecodePath(source, ""))
	entries, err := machine.ReadDir(ctx, directory)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("listing %s: %w", directory, err)
	}
	stem := strings.TrimSuffix(path.Base(source), ".py") + "."
	var found []BytecodeFile
	for _, entry := range entries {
		tag, own := strings.CutPrefix(entry.Name, stem)
		if !own || !strings.HasSuffix(tag, ".pyc") {
			continue
		}
		file := BytecodeFile{Path: path.Join(directory, entry.Name)}
		if file.Info, err = machine.Stat(ctx, file.Path); err != nil {
			return found, fmt.Errorf("reading %s: %w", file.Path, err)
		}
		content, err := machine.ReadFile(ctx, file.Path, bytecodeHeader)
		if err != nil && !errors.Is(err, sys.ErrTruncated) {
			return found, fmt.Errorf("reading %s: %w", file.Path, err)
		}
		if file.Header, err = ParseBytecode(bytes.NewReader(content)); err == nil {
			found = append(found, file)
		}
	}
	return found, nil
}
