package git

import (
	"bytes"
	"context"
	"crypto/sha1" //nolint:gosec // git's own name for a content, not a protection
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"path"
	"strconv"

	"flasktui/sys"
)

// indexLimit holds some hundred thousand files.
const indexLimit = 32 << 20

var (
	errNoIndex = errors.New("not a git index")
	// ErrStaged means that the index may hold more than what was committed.
	ErrStaged = errors.New("the index is not known to be that of the commit")
)

// CommittedContents maps each file of a checkout, by its path from the root, to the name
// that git has for its content (BlobName), as of the commit that is checked out. It is
// read from the index, and only where that has a valid tree of its whole self, which it
// loses as soon as anything is staged; else the error is ErrStaged.
func (repository Repository) CommittedContents(ctx context.Context, machine sys.Machine) (map[string]string, error) {
	name := path.Join(repository.GitDirectory, "index")
	content, err := machine.ReadFile(ctx, name, indexLimit)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	contents, err := ParseIndex(content)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	return contents, nil
}

// BlobName is git's name for a file's content in a SHA-1 repository.
func BlobName(content []byte) string {
	sum := sha1.New() //nolint:gosec // see the import
	sum.Write([]byte("blob " + strconv.Itoa(len(content)) + "\x00"))
	sum.Write(content)
	return hex.EncodeToString(sum.Sum(nil))
}

// ParseIndex reads versions 2 to 4 of gitformat-index(5) of a SHA-1 repository: a
// header, one entry a file, extensions, and the checksum of it all.
func ParseIndex(content []byte) (map[string]string, error) {
	if len(content) < 12+sha1.Size || string(content[:4]) != "DIRC" {
		return nil, errNoIndex
	}
	body, checksum := content[:len(content)-sha1.Size], content[len(content)-sha1.Size:]
	if sum := sha1.Sum(body); !bytes.Equal(sum[:], checksum) { //nolint:gosec // see the import
		return nil, fmt.Errorf("%w of SHA-1 names: its checksum is another", errNoIndex)
	}
	index := index{version: binary.BigEndian.Uint32(body[4:]), rest: body[12:], contents: map[string]string{}}
	if index.version < 2 || index.version > 4 {
		return nil, fmt.Errorf("%w that is known here: version %d", errNoIndex, index.version)
	}
	for count := binary.BigEndian.Uint32(body[8:]); count > 0; count-- {
		if !index.entry() {
			return nil, fmt.Errorf("%w: an entry breaks off", errNoIndex)
		}
	}
	if !index.hasWholeTree() {
		return nil, ErrStaged
	}
	return index.contents, nil
}

// index is an index while it is read.
type index struct {
	version  uint32
	rest     []byte
	previous []byte
	contents map[string]string
}

// entry reads one: ten numbers, the content's name, flags, the path; from version 3 on
// perhaps more flags; in version 4 the path as what differs from the one before.
func (index *index) entry() bool {
	const numbers, flags = 40, 2
	fixed := numbers + sha1.Size + flags
	if len(index.rest) < fixed {
		return false
	}
	name := hex.EncodeToString(index.rest[numbers : numbers+sha1.Size])
	bits := binary.BigEndian.Uint16(index.rest[numbers+sha1.Size:])
	const extended, stage = 0x4000, 0x3000
	if bits&extended != 0 {
		fixed += flags
	}
	if len(index.rest) < fixed {
		return false
	}
	prefix, at := 0, fixed
	if index.version == 4 {
		strip, size := offset(index.rest[at:])
		if size == 0 || strip > len(index.previous) {
			return false
		}
		prefix, at = len(index.previous)-strip, at+size
	}
	end := bytes.IndexByte(index.rest[at:], 0)
	if end < 0 {
		return false
	}
	whole := append(bytes.Clone(index.previous[:prefix]), index.rest[at:at+end]...)
	next := at + end + 1
	if index.version < 4 {
		// One to eight NULs bring the entry to a multiple of eight bytes.
		next = (at + end + 8) / 8 * 8
	}
	if next > len(index.rest) {
		return false
	}
	if bits&stage == 0 {
		index.contents[string(whole)] = name
	}
	index.rest, index.previous = index.rest[next:], whole
	return true
}

// offset is git's number of variable length, in which no number has two forms.
func offset(content []byte) (value, size int) {
	const most = 5
	for size < len(content) && size < most {
		b := content[size]
		if size > 0 {
			value++
		}
		value = value<<7 | int(b&0x7f)
		size++
		if b&0x80 == 0 {
			return value, size
		}
	}
	return 0, 0
}

// hasWholeTree looks for the extension that names the tree which the whole index makes: a
// path (empty for the root), the number of its files, -1 where that is not valid.
func (index *index) hasWholeTree() bool {
	for len(index.rest) >= 8 {
		signature, size := string(index.rest[:4]), binary.BigEndian.Uint32(index.rest[4:])
		if int64(size) > int64(len(index.rest))-8 {
			return false
		}
		data := index.rest[8 : 8+size]
		index.rest = index.rest[8+size:]
		switch {
		case signature == "TREE":
			root, valid := bytes.CutPrefix(data, []byte{0})
			count, _, found := bytes.Cut(root, []byte(" "))
			number, err := strconv.Atoi(string(count))
			return valid && found && err == nil && number >= 0
		case signature[0] < 'A' || signature[0] > 'Z':
			// What must be understood to read the index right (a split index).
			return false
		}
	}
	return false
}
