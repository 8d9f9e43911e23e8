package facts

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"path"
	"slices"
	"strings"
	"time"

	"flasktui/sys"
	"flasktui/sys/python"
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
	answers := look.askMemory(ctx, known, deployment, seen.sources, asked)
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
				look.addChanges(ctx, directory, []string{entry.Name}, &found, &found.sources)
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

const (
	// mostCompared bounds how many files of two copies of a package are compared.
	mostCompared = 400
	// entryLimit is more than the file that Gunicorn is pointed at ever holds.
	entryLimit = 1 << 20
)

// Shadow is a module of the release that Python takes from another file.
type Shadow struct {
	Module string `json:"module"`
	// File is what Python imports, by what Via put on its path, ReleaseFile the same
	// module in the release.
	File        string `json:"file"`
	Via         string `json:"via"`
	ReleaseFile string `json:"release_file"`
	// Differs names the first file of the release that has different content in the
	// other tree; empty where all are the same.
	Differs string `json:"differs,omitempty"`
}

// compareCopies compares, content by content, the app as Python imports it with the app
// as it lies in the active release, where the two are not the same files: the module that
// Gunicorn is given, and what that imports of the release. A copy that was installed from
// the release is no fault as long as it is the same.
func (look *look) compareCopies(ctx context.Context, known *Facts, deployment Deployment, code *Code) {
	if code.Import.File == "" {
		return
	}
	module := moduleOf(known.Settings.Value.App)
	if shadow, ok := look.shadowOf(ctx, deployment, module, code.Import); ok {
		code.addShadow(shadow)
	}
	entry, err := look.readResolved(ctx, code.Import.File, entryLimit)
	if err != nil {
		return
	}
	top, _, _ := strings.Cut(module, ".")
	elsewhere := deployment.importsFromElsewhere(code.Import.Searched)
	for _, name := range python.ImportedNames(entry) {
		inRelease := look.holdsModule(ctx, deployment.inside(), name)
		if name == top || !inRelease && !elsewhere {
			continue
		}
		imported, err := python.ResolveImport(ctx, look.machine, known.Settings.Value.importQuery(known, name))
		if err != nil || imported.File == "" {
			continue
		}
		imported.File, imported.Tree = known.OnBox(imported.File), known.OnBox(imported.Tree)
		if shadow, ok := look.shadowOf(ctx, deployment, name, imported); ok {
			code.addShadow(shadow)
		} else if !inRelease && !isPackages(imported.Tree) {
			// The app's own code as well, though it lies apart.
			code.ImportedFrom = append(code.ImportedFrom, imported.File)
		}
	}
}

// importsFromElsewhere tells whether Python also looks in directories that are neither the
// release's nor those where packages are installed (PYTHONPATH, --pythonpath, a .pth file).
func (deployment Deployment) importsFromElsewhere(searched []string) bool {
	return slices.ContainsFunc(searched, func(directory string) bool {
		own := sys.Within(deployment.Active, directory) || sys.Within(deployment.Resolved, directory) ||
			deployment.Link != nil && sys.Within(deployment.Link.Path, directory)
		return !own && !isPackages(directory) && directory != deployment.Directory
	})
}

func isPackages(directory string) bool {
	return slices.Contains([]string{"site-packages", "dist-packages"}, path.Base(directory))
}

// addShadow keeps the one that is different content before those that are the same.
func (code *Code) addShadow(shadow Shadow) {
	if code.Shadow == nil || code.Shadow.Differs == "" && shadow.Differs != "" {
		code.Shadow = &shadow
	}
	code.ImportedFrom = append(code.ImportedFrom, shadow.File)
}

// inside is the directory of the release that the service is started in.
func (deployment Deployment) inside() string {
	if deployment.Link != nil && sys.Within(deployment.Link.Resolved, deployment.Resolved) {
		return deployment.Resolved
	}
	return deployment.Active
}

// shadowOf finds the release's own file of a module that Python takes from elsewhere; ok
// is false where it takes that one, or the release has none.
func (look *look) shadowOf(ctx context.Context, deployment Deployment, module string, imported python.ImportResult) (shadow Shadow, ok bool) {
	resolved, err := look.machine.Resolve(ctx, imported.File)
	if err != nil {
		return Shadow{}, false
	}
	relative := strings.TrimPrefix(imported.File, strings.TrimSuffix(imported.Tree, "/")+"/")
	inside := deployment.inside()
	for _, base := range []string{inside, path.Join(inside, "src"), deployment.Active, path.Join(deployment.Active, "src")} {
		candidate := path.Join(base, relative)
		info, err := look.machine.Stat(ctx, candidate)
		if err != nil || !info.Mode.IsRegular() {
			continue
		}
		if target, err := look.machine.Resolve(ctx, candidate); err != nil || target == resolved {
			return Shadow{}, false
		}
		return Shadow{
			Module: module, File: imported.File, Via: imported.Via, ReleaseFile: candidate,
			Differs: look.firstDifference(ctx, candidate, resolved),
		}, true
	}
	return Shadow{}, false
}

// firstDifference compares a module, or all of the package that it is the __init__ of or
// lies in, with its copy; it names the first file of the release that differs.
func (look *look) firstDifference(ctx context.Context, file, twin string) string {
	directory, twinDirectory := path.Dir(file), path.Dir(twin)
	names := []string{path.Base(file)}
	if _, err := look.machine.Stat(ctx, path.Join(directory, "__init__.py")); err == nil {
		names = look.sourcesUnder(ctx, directory)
	}
	for _, name := range names[:min(len(names), mostCompared)] {
		own, err := look.machine.ReadFile(ctx, path.Join(directory, name), 4<<20)
		if err != nil {
			continue
		}
		other, err := look.machine.ReadFile(ctx, path.Join(twinDirectory, name), 4<<20)
		if err != nil || !bytes.Equal(own, other) {
			return path.Join(directory, name)
		}
	}
	return ""
}

func (look *look) sourcesUnder(ctx context.Context, directory string) []string {
	var names []string
	for _, source := range look.walk(ctx, directory).sources {
		names = append(names, strings.TrimPrefix(source.Path, directory+"/"))
	}
	return names
}

// GroupRequirements is what the code asks to have installed, beside what is.
func GroupRequirements() Group {
	return Group{
		name: "requirements", words: "the requirements",
		needs:  []func() Group{GroupSettings, GroupDeployment},
		read:   (*look).readRequirements,
		fields: []field{fieldOf("", func(facts *Facts) *Fact[python.Outdated] { return &facts.Requirements })},
	}
}

// readRequirements compares the content of the requirements with what is installed: a deploy
// that brings every file anew makes all of them young, and an installer that finds all in
// place leaves the virtualenv as old as it was (G51).
func (look *look) readRequirements(ctx context.Context, known *Facts) func(*Facts) {
	seen, err := look.compareRequirements(ctx, known)
	return func(facts *Facts) {
		switch {
		case err != nil:
			facts.Requirements = unreadableFor[python.Outdated](err, seen.Virtualenv)
		case seen.Newest == "":
			facts.Requirements = Missing[python.Outdated]("no requirements of the code are kept in a virtualenv of this box", "")
		default:
			facts.Requirements = Of(seen, path.Dir(seen.Newest))
		}
	}
}

func (look *look) compareRequirements(ctx context.Context, known *Facts) (python.Outdated, error) {
	settings, deployment := known.Settings.Value, known.Deployment.Value
	switch {
	case !known.Deployment.Known || settings.Root != "" || deployment.InImage || settings.Import.Virtualenv == "":
		return python.Outdated{}, nil
	case settings.ImportProblem != "":
		return python.Outdated{Virtualenv: settings.Import.Virtualenv}, errors.New(string(settings.ImportProblem))
	}
	return python.CompareInstalled(ctx, look.machine, settings.Import, deployment.Active, settings.Directory)
}
