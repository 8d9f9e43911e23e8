package facts

import (
	"bytes"
	"context"
	"path"
	"slices"
	"strings"

	"flasktui/sys"
	"flasktui/sys/python"
)

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
