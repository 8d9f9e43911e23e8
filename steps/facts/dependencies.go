package facts

import (
	"cmp"
	"context"
	"path"
	"slices"
	"strings"
	"time"

	"flasktui/sys"
	"flasktui/sys/python/memory"
)

// mostOfPackage bounds how many files of one package are compared with a memory: one that
// differs is enough.
const mostOfPackage = 8

// changedPackage is an installed package of which something changed since the service was
// started.
type changedPackage struct {
	name string
	// entry is the file that every import of it enters first; of a single file, that one.
	entry string
	// files changed in some way: they were written, or it was a chown.
	files []Change
}

// readDependencies looks for what changed since the service was started in the packages that
// are installed where it imports from (G51). Installers bring many that no service imports, and
// write others again as they were: the memory of a worker tells which ones it holds, and which
// it holds otherwise. Where it may not be read that stays open.
// What lies in an image does not change under a container.
func (look *look) readDependencies(ctx context.Context, known *Facts, deployment Deployment, code Code, seen *walked) (missed []Change) {
	started := known.oldestStart()
	if started.IsZero() || known.Settings.Value.Root != "" {
		return nil
	}
	changed, partial := look.changedPackages(ctx, code, started)
	seen.partial = seen.partial || partial
	if len(changed) == 0 {
		return nil
	}
	var asked []*Change
	for round := range mostOfPackage {
		// Of each package something is asked before more of any.
		for _, one := range changed {
			if round < len(one.files) {
				asked = append(asked, &one.files[round])
			}
		}
	}
	answers := look.askMemory(ctx, known, deployment, asked)
	for _, one := range changed {
		sources, unsettled := one.missed(answers)
		missed = append(missed, sources...)
		seen.unsettled = append(seen.unsettled, unsettled...)
	}
	return missed
}

// changedPackages are the packages with files that changed after a time, without the app
// itself, which may be installed as one.
func (look *look) changedPackages(ctx context.Context, code Code, started time.Time) (changed []changedPackage, partial bool) {
	for _, directory := range code.Import.Searched {
		if !isPackages(directory) {
			continue
		}
		entries, err := look.machine.ReadDir(ctx, directory)
		if err != nil {
			return changed, true
		}
		for _, entry := range entries {
			name, place := strings.TrimSuffix(entry.Name, ".py"), path.Join(directory, entry.Name)
			isSource := isSourceName(entry.Name)
			if place == code.Tree || place == code.Import.File || !isSource && (!entry.Type.IsDir() || neverCode(entry.Name)) {
				continue
			}
			var found walked
			if isSource {
				look.addChange(ctx, place, &found, &found.sources)
			} else {
				found = look.walk(ctx, place)
			}
			partial = partial || found.partial
			found.touched = slices.DeleteFunc(found.touched, func(file Change) bool {
				if !file.At.After(started) {
					return true
				}
				says, _ := look.compiled(ctx, file, started, false)
				return says == sameContent
			})
			if one := newPackage(name, found, started); len(one.files) > 0 {
				if one.entry = place; !isSource {
					one.entry = path.Join(place, "__init__.py")
				}
				changed = append(changed, one)
			}
		}
	}
	return changed, partial
}

// newPackage is what of a package's files changed after a time; what it is entered by first.
func newPackage(name string, found walked, started time.Time) changedPackage {
	one := changedPackage{name: name}
	rewritten := map[string]bool{}
	for _, file := range found.sources {
		if file.At.After(started) {
			one.files = append(one.files, file)
			rewritten[file.Path] = true
		}
	}
	for _, file := range found.touched {
		if !rewritten[file.Path] && path.Ext(file.Path) == ".py" {
			one.files = append(one.files, file)
		}
	}
	slices.SortFunc(one.files, func(a, b Change) int {
		if depth := strings.Count(a.Path, "/") - strings.Count(b.Path, "/"); depth != 0 {
			return depth
		}
		return strings.Compare(a.Path, b.Path)
	})
	return one
}

// missed are the files that a process of the service holds with different content, and those of
// which that could not be told.
func (one changedPackage) missed(answers remembered) (sources, unsettled []Change) {
	if answers.imports {
		return one.remembered(answers)
	}
	silence := cmp.Or(answers.problem, "nothing in its memory shows by which name the service imported the app")
	for _, file := range one.files {
		file.Unsettled = sys.Textf("whether the service imported %s before could not be told: %s", one.name, silence)
		unsettled = append(unsettled, file)
	}
	return nil, unsettled
}

// remembered is missed by the word of a memory that can be asked.
func (one changedPackage) remembered(answers remembered) (sources, unsettled []Change) {
	if entered, asked := answers.of[one.entry]; asked && entered.Outcome == memory.NotImported {
		return nil, nil
	}
	for _, file := range one.files {
		result, asked := answers.of[file.Path]
		answers.speak(&file)
		switch {
		case asked && result.Outcome == memory.NotImported:
		case file.Memory != nil:
			sources = append(sources, file)
		default:
			file.Unsettled = cmp.Or(file.Unsettled, answers.silence(&file))
			unsettled = append(unsettled, file)
		}
	}
	return sources, unsettled
}
