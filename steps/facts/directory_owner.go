package facts

import (
	"context"

	"flasktui/sys"
)

// DirectoryOwner says who decides what is in a directory, and what its name leads to: what root
// does there by name, they could turn on any other place of the box.
type DirectoryOwner struct {
	// UID and GID own the directory.
	UID uint32 `json:"uid"`
	GID uint32 `json:"gid"`
	// Loose is a directory, or a link, on the way there that others than root may put
	// something else in the place of; empty for none.
	Loose string `json:"loose,omitempty"`
	// Problem says why that could not be told.
	Problem string `json:"problem,omitempty"`
}

// directoryOwner asks of a directory by the name that whoever changes something in it uses.
func (look *look) directoryOwner(ctx context.Context, directory string) DirectoryOwner {
	deciders, err := sys.FindDeciders(ctx, look.machine, directory)
	if err != nil {
		return DirectoryOwner{Problem: err.Error()}
	}
	return DirectoryOwner{UID: deciders.Info.UID, GID: deciders.Info.GID, Loose: deciders.Loose}
}
