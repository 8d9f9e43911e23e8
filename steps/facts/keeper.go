package facts

import (
	"context"

	"flasktui/sys"
)

// Keeper says who decides what is in a directory, and what its name leads to: what root
// does there by name, they could turn on any other place of the box.
type Keeper struct {
	// UID and GID own the directory.
	UID uint32 `json:"uid"`
	GID uint32 `json:"gid"`
	// Loose is a directory, or a link, on the way there that others than root may put
	// something else in the place of; empty for none.
	Loose string `json:"loose,omitempty"`
	// Problem says why that could not be told.
	Problem string `json:"problem,omitempty"`
}

// keeperOf asks of a directory by the name that whoever changes something in it uses.
func (look *look) keeperOf(ctx context.Context, directory string) Keeper {
	deciders, err := sys.FindDeciders(ctx, look.machine, directory)
	if err != nil {
		return Keeper{Problem: err.Error()}
	}
	return Keeper{UID: deciders.Info.UID, GID: deciders.Info.GID, Loose: deciders.Loose}
}
