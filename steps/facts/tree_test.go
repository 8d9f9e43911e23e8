package facts

import (
	"context"
	"encoding/binary"
	"testing"
	"time"

	"flasktui/sys"
	"flasktui/sys/memory"
)

// noon is when the boxes of these tests were set up.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) //nolint:gochecknoglobals // a time cannot be a constant

func minutes(count int) time.Time { return noon.Add(time.Duration(count) * time.Minute) }

// tree is a box of files of which each has times and an owner of its own.
type tree struct {
	memory.Machine
	infos map[string]sys.FileInfo
}

// Stat has the times of infos; what is not named there was made at noon and is root's.
func (t tree) Stat(ctx context.Context, name string) (sys.FileInfo, error) {
	info, err := t.Machine.Stat(ctx, name)
	own, ok := t.infos[name]
	if !ok {
		own = written(noon)
	}
	info.Born, info.Modified, info.Changed = own.Born, own.Modified, own.Changed
	info.UID, info.GID, info.Mode = own.UID, own.GID, info.Mode|own.Mode
	info.Device, info.Inode, info.Served = own.Device, own.Inode, own.Served
	return info, err
}

// written is a file that was made at a time, and not touched since.
func written(at time.Time) sys.FileInfo { return sys.FileInfo{Born: at, Modified: at, Changed: at} }

// files is a box on which these files are, each holding its own name.
func files(names ...string) tree {
	box := tree{Machine: memory.Machine{Files: map[string]string{}, Links: map[string]string{}}, infos: map[string]sys.FileInfo{}}
	for _, name := range names {
		box.Files[name] = name
	}
	return box
}

func lookAt(machine sys.Machine) *look {
	return &look{machine: machine, printer: sys.NewFingerprinter()}
}

// gathered is what a reader of a group enters.
func gathered(t *testing.T, machine sys.Machine, known Facts, read func(*look, context.Context, *Facts) func(*Facts)) Facts {
	t.Helper()
	read(lookAt(machine), t.Context(), &known)(&known)
	return known
}

// bytecode is a .pyc of a source with that time and size; flags as in PEP 552.
func bytecode(flags uint32, modified time.Time, size int) string {
	content := []byte{0xf3, 0x0d, 0x0d, 0x0a}
	content = binary.LittleEndian.AppendUint32(content, flags)
	content = binary.LittleEndian.AppendUint32(content, uint32(modified.Unix()))
	content = binary.LittleEndian.AppendUint32(content, uint32(size))
	return string(content) + "code"
}
