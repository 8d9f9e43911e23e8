package git

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"flasktui/sys"
)

const (
	// packIndexLimit holds some hundred thousand objects.
	packIndexLimit = 16 << 20
	// packLimit bounds how many indexes of packs are kept in memory.
	packLimit = 32
)

var errNoPackIndex = errors.New("not an index of a pack")

// Objects tells which contents a repository keeps: whatever was once committed, fetched or
// staged there, on any branch, until git throws it away. That one is there says nothing of
// which commit has it.
type Objects struct {
	machine sys.Machine
	// directory has the loose ones, one file each.
	directory string
	indexes   []packIndex
}

// OpenObjects reads the indexes of the repository's packs. Objects that it borrows from
// another one (objects/info/alternates) are not looked for.
func (repository Repository) OpenObjects(ctx context.Context, machine sys.Machine) (Objects, error) {
	ctx, refs, err := openRefs(ctx, machine, repository.GitDirectory)
	if err != nil {
		return Objects{}, err
	}
	objects := Objects{machine: machine, directory: path.Join(refs.common, "objects")}
	packs := path.Join(objects.directory, "pack")
	entries, err := machine.ReadDir(ctx, packs)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Objects{}, fmt.Errorf("reading %s: %w", packs, err)
	}
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name, ".idx") || len(objects.indexes) >= packLimit {
			continue
		}
		name := path.Join(packs, entry.Name)
		content, err := machine.ReadFile(ctx, name, packIndexLimit)
		if err != nil {
			return Objects{}, fmt.Errorf("reading %s: %w", name, err)
		}
		index, err := parsePackIndex(content)
		if err != nil {
			return Objects{}, fmt.Errorf("reading %s: %w", name, err)
		}
		objects.indexes = append(objects.indexes, index)
	}
	return objects, nil
}

// Has tells whether the repository keeps an object of that name (BlobName).
func (objects Objects) Has(ctx context.Context, name string) bool {
	raw, err := hex.DecodeString(name)
	if err != nil || !isCommit(name) || objects.machine == nil {
		return false
	}
	if slices.ContainsFunc(objects.indexes, func(index packIndex) bool { return index.has(raw) }) {
		return true
	}
	_, err = objects.machine.Stat(ctx, path.Join(objects.directory, name[:2], name[2:]))
	return err == nil
}

// packIndex is an index of version 2 (gitformat-pack(5)): how many names begin with each byte
// or a lower one, and all names in their order.
type packIndex struct {
	fanout [256]uint32
	names  []byte
}

// nameSize is that of a SHA-1.
const nameSize = 20

func parsePackIndex(content []byte) (packIndex, error) {
	const header, table = 8, 256 * 4
	var index packIndex
	if len(content) < header+table || !bytes.Equal(content[:header], []byte{0xff, 't', 'O', 'c', 0, 0, 0, 2}) {
		return index, errNoPackIndex
	}
	count := uint32(0)
	for at := range index.fanout {
		number := binary.BigEndian.Uint32(content[header+4*at:])
		if number < count {
			return index, fmt.Errorf("%w: its table is not in order", errNoPackIndex)
		}
		index.fanout[at], count = number, number
	}
	names := content[header+table:]
	if int64(count)*nameSize > int64(len(names)) {
		return index, fmt.Errorf("%w: it breaks off", errNoPackIndex)
	}
	index.names = names[:int(count)*nameSize]
	return index, nil
}

func (index packIndex) has(name []byte) bool {
	if len(name) != nameSize {
		return false
	}
	low, high := uint32(0), index.fanout[name[0]]
	if name[0] > 0 {
		low = index.fanout[name[0]-1]
	}
	for low < high {
		middle := low + (high-low)/2
		switch at := int(middle) * nameSize; bytes.Compare(index.names[at:at+nameSize], name) {
		case 0:
			return true
		case -1:
			low = middle + 1
		default:
			high = middle
		}
	}
	return false
}
