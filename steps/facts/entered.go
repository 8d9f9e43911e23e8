package facts

import (
	"context"
	"io/fs"
	"path"
	"strings"
	"time"

	"flasktui/sys"
)

// Entered is the directory that the service's Gunicorn is told to go to as it is started,
// asked for where the one that it stands in may not be read (/proc/PID/cwd is for its own user
// and root). It stands there if nothing on the way has come to lead elsewhere since.
type Entered struct {
	// Directory is as written, Resolved where it leads now.
	Directory string `json:"directory"`
	Resolved  string `json:"resolved"`
	// Changed is the last time at which a name on the way may have come to lead to something
	// else, and Name that one.
	Changed time.Time `json:"changed,omitzero"`
	Name    string    `json:"name,omitempty"`
	// Problem is why that could not be told; empty where it could.
	Problem string `json:"problem,omitempty"`
}

// mostLinksFollowed is the kernel's own bound (path_resolution(7)).
const mostLinksFollowed = 40

// readEntered follows a path name by name, as the kernel does. What a name leads to changes
// only by an entry in its directory, by which the directory's change time moves; and what is
// renamed into place has its own moved. The earlier of the two bounds when it can have been.
func (look *look) readEntered(ctx context.Context, directory string) *Entered {
	entered := &Entered{Directory: directory, Resolved: "/"}
	if !path.IsAbs(directory) {
		entered.Problem = "it is not told by a full path"
		return entered
	}
	root, err := look.machine.Stat(ctx, "/")
	if err != nil {
		entered.Problem = problemOf(err)
		return entered
	}
	parents := []sys.FileInfo{root}
	rest := strings.Split(path.Clean(directory), "/")
	for followed := 0; len(rest) > 0; {
		name := rest[0]
		rest = rest[1:]
		switch {
		case name == "" || name == ".":
			continue
		case name == "..":
			entered.Resolved, parents = path.Dir(entered.Resolved), parents[:max(len(parents)-1, 1)]
			continue
		}
		place := path.Join(entered.Resolved, name)
		info, err := look.machine.Stat(ctx, place)
		if err != nil {
			entered.Problem = problemOf(err)
			return entered
		}
		if info.Served {
			entered.Problem = "a program serves the file system of " + place
			return entered
		}
		if at := earlier(info.Changed, parents[len(parents)-1].Changed); at.After(entered.Changed) {
			entered.Changed, entered.Name = at, place
		}
		if info.Mode&fs.ModeSymlink == 0 {
			entered.Resolved, parents = place, append(parents, info)
			continue
		}
		target, err := look.machine.ReadLink(ctx, place)
		if followed++; err != nil || followed > mostLinksFollowed {
			entered.Problem = "its links could not be followed"
			return entered
		}
		if path.IsAbs(target) {
			entered.Resolved, parents = "/", parents[:1]
		}
		rest = append(strings.Split(target, "/"), rest...)
	}
	return entered
}

func earlier(one, other time.Time) time.Time {
	if other.Before(one) {
		return other
	}
	return one
}
