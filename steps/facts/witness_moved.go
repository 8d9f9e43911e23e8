package facts

import (
	"bytes"
	"context"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"flasktui/sys"
	"flasktui/sys/git"
	"flasktui/sys/python"
)

// This file is about directories that took another's place: `mv shop shop.old; mv shop.new
// shop`. The files that came with them keep all of their times, so none of these tells.

// place is a directory of the tree, and the last time at which it can have come to stand there.
type place struct {
	directory string
	since     time.Time
	// changed is when its inode last changed in any way.
	changed time.Time
}

// placed notes since when a directory below another may stand there. What is renamed into
// place has its change time moved, and not its modification time, as what is made or removed in
// it would; and the directory above it has that moved, which a chown of all of it leaves alone.
// The earlier of the two bounds when it came.
func placed(directory string, above, info sys.FileInfo) []place {
	if !info.Changed.After(info.Modified) {
		return nil
	}
	return placedEver(directory, above, info)
}

// placedEver is placed where something may have been made in the directory since it came.
func placedEver(directory string, above, info sys.FileInfo) []place {
	since := earlier(info.Changed, above.Modified)
	if since.IsZero() {
		return nil
	}
	return []place{{directory, since, info.Changed}}
}

// rootPlaced is since when the tree itself, or what it lies in, may stand where it does. A
// process that stands in it entered it when it was started, by whatever name: the kernel knows
// it by what it is. Only a master that preloads goes there anew at each reload (G2), and keeps
// what it imported before; where a worker is left from before, there was no reload.
func (look *look) rootPlaced(ctx context.Context, known *Facts, tree string) (places []place, partial bool) {
	if known.Inside.Value.Root != "" || !path.IsAbs(tree) {
		return nil, false
	}
	preloads, _ := known.Settings.Value.Preloads()
	var above []place
	asked := false
	for _, server := range known.Own() {
		importing := server.Workers
		if preloads || len(importing) == 0 {
			importing = []Process{server.LoadedBy()}
		}
		for _, process := range importing {
			standsIn := sys.Within(tree, process.Directory) || process.Directory != "" && sys.Within(process.Directory, tree)
			if process.Unreadable["directory"] != "" || standsIn && !preloads {
				continue
			}
			if !asked {
				above, partial = look.placesAbove(ctx, tree, preloads)
				asked = true
			}
			for _, one := range above {
				reloaded := !slices.ContainsFunc(server.Workers, func(worker Process) bool { return worker.Started.Before(one.since) })
				if one.since.After(process.Started) && (!standsIn || reloaded) {
					places = append(places, place{tree, one.since, one.changed})
				}
			}
		}
	}
	return places, partial
}

// placesAbove are the places of a directory and of all that it lies in. ever is of placedEver.
func (look *look) placesAbove(ctx context.Context, directory string, ever bool) (places []place, partial bool) {
	above, err := look.machine.Stat(ctx, "/")
	name := ""
	for part := range strings.SplitSeq(strings.Trim(path.Clean(directory), "/"), "/") {
		name += "/" + part
		own, statErr := look.machine.Stat(ctx, name)
		if err != nil || statErr != nil {
			return places, true
		}
		if ever {
			places = append(places, placedEver(name, above, own)...)
		} else {
			places = append(places, placed(name, above, own)...)
		}
		above = own
	}
	return places, false
}

// movedSince are the sources that may have come with a directory after a time; those that are
// looked at anyway are left out.
func movedSince(started time.Time, seen *walked, anyway []*Change) []*Change {
	var moved []*Change
	for _, one := range seen.places {
		if !one.since.After(started) {
			continue
		}
		for _, file := range seen.sources {
			known := func(other *Change) bool { return other.Path == file.Path }
			if sys.Within(one.directory, file.Path) && !slices.ContainsFunc(anyway, known) && !slices.ContainsFunc(moved, known) && len(moved) < mostWitnessed {
				file.At = one.since
				file.Unsettled = sys.Textf("%s may have been put in the place of another directory", one.directory)
				moved = append(moved, &file)
			}
		}
	}
	return moved
}

// cameWith tells whether a file that was touched after a time may have come with a directory, and
// the bytecode beside it as well. Where both were touched at once, a chown or chmod did it.
func (seen *walked) cameWith(file Change, started time.Time) bool {
	const atOnce = time.Second
	return slices.ContainsFunc(seen.places, func(one place) bool {
		return one.since.After(started) && sys.Within(one.directory, file.Path) && file.At.Sub(one.changed).Abs() > atOnce
	})
}

// wroteAtImport tells whether bytecode was written as a process of the service imported its
// source, and so lies where that did.
func (facts *Facts) wroteAtImport(file python.BytecodeFile) bool {
	const importing = 10 * time.Second
	return slices.ContainsFunc(facts.Own(), func(server Server) bool {
		return slices.ContainsFunc(append([]Process{server.Master}, server.Workers...), func(process Process) bool {
			after := file.Info.Modified.Sub(process.Started)
			return after > 0 && after < importing
		})
	})
}

// settleMoved asks the memory, and git, about what may have come with a directory.
func (look *look) settleMoved(ctx context.Context, repository *git.Repository, started time.Time, answers remembered, moved []*Change, seen *walked) {
	for _, file := range moved {
		doubt := file.Unsettled
		answers.speak(file)
		switch {
		case file.Memory != nil:
			file.Unsettled = ""
			seen.sources = append(seen.sources, *file)
		case file.Unimported || look.holdsCommitted(ctx, repository, started, file):
		default:
			file.Unsettled = doubt + "; " + answers.word(file)
			seen.unsettled = append(seen.unsettled, *file)
		}
	}
}

// mostTwinned bounds how many files of two directories are compared.
const mostTwinned = 2_000

// readTwins looks for directories that processes of the service stand in and that are not the
// one that they are to stand in, and hold the same: such as the one from before, where a
// directory was exchanged for one of the same content.
func (look *look) readTwins(ctx context.Context, known *Facts, deployment Deployment, tree string) (twins []string) {
	if known.Inside.Value.Root != "" || deployment.Problem != "" || !sys.Within(deployment.Resolved, tree) {
		return nil
	}
	const importing = 10 * time.Second
	preloads, _ := known.Settings.Value.Preloads()
	started := map[string]time.Time{}
	for _, server := range known.Own() {
		reloaded := !slices.ContainsFunc(server.Workers, func(worker Process) bool { return worker.Started.Before(server.Master.Started.Add(importing)) })
		if preloads && reloaded {
			// A master goes where the name leads at each reload, and keeps what it imported before.
			return nil
		}
		for _, process := range append([]Process{server.Master}, server.Workers...) {
			apart := process.Directory != "" && !sys.Within(process.Directory, tree) && !sys.Within(tree, process.Directory)
			if first, seen := started[process.Directory]; apart && !process.DirectoryDeleted && (!seen || process.Started.Before(first)) {
				started[process.Directory] = process.Started
			}
		}
	}
	for directory, first := range started {
		if look.holdsTheSame(ctx, directory, deployment.Resolved, first) {
			twins = append(twins, directory)
		}
	}
	slices.Sort(twins)
	return twins
}

// holdsTheSame tells whether two directories have the same files, code and what lies beside it,
// and none of the first has changed in any way since a time; a zero one asks nothing of that.
// What could not be read, or is too much, is not the same.
func (look *look) holdsTheSame(ctx context.Context, directory, twin string, since time.Time) bool {
	own, other := look.walk(ctx, directory), look.walk(ctx, twin)
	names, same := own.below(directory), other.below(twin)
	if own.partial || other.partial || len(names) == 0 || len(names) > mostTwinned || !maps.Equal(names, same) {
		return false
	}
	for _, one := range own.places {
		if !since.IsZero() && one.since.After(since) {
			return false
		}
	}
	for name := range names {
		info, err := look.machine.Stat(ctx, path.Join(directory, name))
		if err == nil && info.IsLink() {
			info, err = look.behindLink(ctx, path.Join(directory, name), info)
		}
		if err != nil || !since.IsZero() && info.Changed.After(since) {
			return false
		}
		content, err := look.machine.ReadFile(ctx, path.Join(directory, name), 4<<20)
		if err != nil {
			return false
		}
		if twin, err := look.machine.ReadFile(ctx, path.Join(twin, name), 4<<20); err != nil || !bytes.Equal(content, twin) {
			return false
		}
	}
	return true
}

// below are the names of all files that a walk saw, from the directory that it began in.
func (seen *walked) below(directory string) map[string]bool {
	names := map[string]bool{}
	for _, file := range slices.Concat(seen.sources, seen.templates) {
		names[strings.TrimPrefix(file.Path, directory+"/")] = true
	}
	for _, file := range seen.data {
		names[strings.TrimPrefix(file, directory+"/")] = true
	}
	return names
}

// recogniseUnnamed marks the files that changed since the service was started and that it
// cannot have imported, where its memory may not be asked: to import a module, somebody has to
// write its name, and no source of the app does, nor the command of any Python that runs. It
// matters only once another one names it, which then has changed as well.
// What imports by names that it puts together leaves this open.
func (look *look) recogniseUnnamed(ctx context.Context, known *Facts, answers remembered, changes []*Change, sources []Change) {
	entry, err := look.machine.Resolve(ctx, known.OnBox(known.Settings.Value.Import.File))
	var unnamed []*Change
	for _, file := range changes {
		if file.Path != entry && !foundUnasked(path.Base(file.Path)) {
			unnamed = append(unnamed, file)
		}
	}
	if answers.problem == "" || known.Settings.Value.Import.File == "" || err != nil || len(unnamed) == 0 || len(sources) > mostNamers || known.Processes.Value.Hidden {
		return
	}
	for _, argv := range known.Processes.Value.pythons {
		unnamed = slices.DeleteFunc(unnamed, func(file *Change) bool { return hasWord([]byte(strings.Join(argv, " ")), moduleName(file.Path)) })
	}
	for _, source := range sources {
		if len(unnamed) == 0 || ctx.Err() != nil {
			return
		}
		content, err := look.machine.ReadFile(ctx, source.Path, sourceSize)
		if err != nil || importsUnnamed.Match(content) {
			return
		}
		unnamed = slices.DeleteFunc(unnamed, func(file *Change) bool {
			return file.Path != source.Path && hasWord(content, moduleName(file.Path))
		})
	}
	for _, file := range unnamed {
		file.Unimported = true
	}
}

// importsUnnamed is of sources that import what is named nowhere, or hand that to a framework
// which goes by the names of files.
var importsUnnamed = regexp.MustCompile(`__import__|\bimportlib\b(?:[^.]|\.(?:import_module|util|machinery|reload))|\b(?:import_module|import_string|find_modules|pkgutil|runpy|execfile|exec|autodiscover\w*|entry_points|stevedore|pluggy|django)\b`)

// foundUnasked are files that Python, or a server, finds by a name that nobody writes.
func foundUnasked(name string) bool {
	return slices.Contains([]string{"__init__.py", "__main__.py", "sitecustomize.py", "usercustomize.py", "gunicorn.conf.py"}, name)
}

func moduleName(file string) string { return strings.TrimSuffix(path.Base(file), ".py") }

// hasWord tells whether a name stands in a text, not as a part of another one.
func hasWord(text []byte, name string) bool {
	part := func(c byte) bool {
		return c == '_' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80
	}
	for rest := text; ; {
		at := bytes.Index(rest, []byte(name))
		if at < 0 || name == "" {
			return false
		}
		end := at + len(name)
		if (at == 0 || !part(rest[at-1])) && (end == len(rest) || !part(rest[end])) {
			return true
		}
		rest = rest[end:]
	}
}
