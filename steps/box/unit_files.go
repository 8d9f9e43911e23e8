package box

import (
	"path"
	"slices"
	"strings"

	"flasktui/sys"
)

// UnitFile is a file of the unit that systemd has loaded and would not load now, or the other
// way round.
type UnitFile struct {
	// Label says which of the two, Value names the file.
	Label string
	Value sys.Text
}

// AsksForReload tells whether systemd asks for a daemon-reload, or would load other files of
// the unit. That alone does not say that they say something else.
func (b *Box) AsksForReload() bool { return b.Unit.NeedsReload || len(b.OtherUnitFiles()) > 0 }

// OtherUnitFiles compares which files of the unit systemd has loaded with which it would load.
func (b *Box) OtherUnitFiles() []UnitFile {
	files := b.UnitFiles.Value
	if !b.UnitFiles.Known || files.Fragment == nil || b.Unit.FragmentPath == "" {
		return nil
	}
	var others []UnitFile
	// A link from one directory of the search path into another (an enabled alias, a
	// unit linked in) is the same file.
	if files.Fragment.Path != b.Unit.FragmentPath && path.Base(files.Fragment.Path) == path.Base(b.Unit.FragmentPath) &&
		!sameUnitDirectory(files.Fragment.Path, b.Unit.FragmentPath) {
		others = append(others, UnitFile{"unit on disk", sys.Textf("%s, loaded is %s", files.Fragment.Path, b.Unit.FragmentPath)})
	}
	for _, dropIn := range files.DropIns {
		if !slices.Contains(b.Unit.DropInPaths, dropIn.Path) {
			others = append(others, UnitFile{"drop-in not loaded", sys.Textf("%s", dropIn.Path)})
		}
	}
	for _, dropIn := range files.GoneDropIns {
		others = append(others, UnitFile{"drop-in gone", sys.Textf("%s", dropIn)})
	}
	return others
}

// sameUnitDirectory knows that /lib is /usr/lib on a merged system.
func sameUnitDirectory(one, other string) bool {
	return strings.TrimPrefix(one, "/usr") == strings.TrimPrefix(other, "/usr")
}
