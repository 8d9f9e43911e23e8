package memory

import (
	"context"

	"flasktui/sys"
)

// Owned is a box on which not all is root's. A path that is not named is root's, and
// nobody else may write to it.
type Owned struct {
	Machine
	Infos map[string]sys.FileInfo
	UID   int
}

// Stat says whose a path is by Infos; what is not named there is root's.
func (m Owned) Stat(ctx context.Context, name string) (sys.FileInfo, error) {
	info, err := m.Machine.Stat(ctx, name)
	owned := m.Infos[name]
	info.UID, info.GID, info.Mode = owned.UID, owned.GID, info.Mode|owned.Mode
	return info, err
}

// Host is asked by the user of that number.
func (m Owned) Host(context.Context) (sys.Host, error) { return sys.Host{UID: m.UID}, nil }
