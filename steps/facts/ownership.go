package facts

import (
	"context"
	"path"
	"slices"

	"flasktui/sys"
	"flasktui/sys/gunicorn"
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

// processNamers is whoever's the service's process is, by all four user ids: its arguments, its
// environment and the directory in which it stands are theirs to choose, whatever started it,
// as a process may write over the first two. A container's are inside its own root.
func (facts *Facts) processNamers() sys.Namers {
	main, running := facts.Main()
	switch {
	case !running || facts.Target.Container != "":
		return sys.Namers{}
	case main.Master.Unreadable["uid"] != "":
		return sys.Namers{Anybody: true}
	}
	var found sys.Namers
	ids := main.Master.Users
	for _, user := range []int{ids.Real, ids.Effective, ids.Saved, ids.FileSystem} {
		if user != 0 {
			found = found.With(sys.Namers{Users: []uint32{uint32(user)}}) //nolint:gosec // the kernel's own number
		}
	}
	return found
}

// isManaged tells whether the unit or supervisord's program itself, or the person, names a
// directory of code or one above it: then nobody else led there.
func (facts *Facts) isManaged(directory string) bool {
	unit, _ := facts.TargetUnit()
	own := unit.Wrapped.Merge(unit.Settings)
	base := facts.WorkingDirectory()
	if program, ok := facts.Program(); ok && program.Section != nil {
		own = gunicorn.ParseArgv(program.Section.Words())
	}
	named := []string{base, facts.Options.AppDir, own.Chdir, unit.Shown["PYTHONPATH"]}
	return slices.ContainsFunc(append(named, own.PythonPath...), func(name string) bool {
		name = absolute(base, name)
		return path.IsAbs(name) && path.Clean(name) != "/" && sys.Within(name, directory)
	})
}

// namedBy says, for what is read below the service's code, who named the place.
func (facts *Facts) namedBy(ctx context.Context) context.Context {
	return sys.NamedBy(ctx, facts.Deployment.Value.NamedBy)
}
