// Package boxes keeps what flasktui saw of the lab's boxes, so that a change of
// judgement is tried on all of them in a second, without a box. A recording is what
// `flasktui check --save` wrote, redacted as always; Table says how each is judged.
//
// It knows the JSON of the contract alone, and nothing of how a judgement is come to.
package boxes

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Directory is where the recordings lie, below the module's root.
const Directory = "steps/testdata/boxes"

// TableFile lies beside the recordings.
const TableFile = "table.txt"

// extension is that of a recording; its name is the box's and the phase's.
const extension = ".json.gz"

// Phase is when a box was recorded.
type Phase string

// A healthy box has nothing to be cured of, and is recorded once.
const (
	Healthy Phase = "healthy"
	Broken  Phase = "broken"
	Cured   Phase = "cured"
)

// Name is what a recording is called.
func Name(box string, phase Phase) string { return box + "." + string(phase) }

// Split takes a name apart; what is not a recording of the lab has no phase.
func Split(name string) (box string, phase Phase) {
	if box, last, found := strings.Cut(name, "."); found {
		return box, Phase(last)
	}
	return name, ""
}

// Names are those of the recordings in a directory, sorted.
func Names(directory string) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(directory, "*"+extension))
	if err != nil {
		return nil, fmt.Errorf("list the recordings: %w", err)
	}
	for i, file := range files {
		files[i] = strings.TrimSuffix(filepath.Base(file), extension)
	}
	slices.Sort(files)
	return files, nil
}

// Read gives the saved facts of a recording.
func Read(directory, name string) (facts []byte, err error) {
	file, err := os.Open(filepath.Join(directory, name+extension))
	if err != nil {
		return nil, fmt.Errorf("read a recording: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	unpacked, err := gzip.NewReader(file)
	if err == nil {
		facts, err = io.ReadAll(unpacked)
	}
	if err != nil {
		return nil, fmt.Errorf("read the recording %s: %w", name, err)
	}
	return facts, nil
}

// Write keeps saved facts as a recording; the same facts give the same bytes.
func Write(directory, name string, facts []byte) error {
	var packed bytes.Buffer
	writer, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err == nil {
		_, err = writer.Write(facts)
		err = errors.Join(err, writer.Close())
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(directory, name+extension), packed.Bytes(), 0o644)
	}
	if err != nil {
		return fmt.Errorf("write the recording %s: %w", name, err)
	}
	return nil
}

// ReadTable reads the table that lies beside the recordings. A directory without one has
// no rows.
func ReadTable(directory string) (Table, error) {
	text, err := os.ReadFile(filepath.Join(directory, TableFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the table of recordings: %w", err)
	}
	return ParseTable(string(text))
}
