package facts

import (
	"bytes"
	"context"
	"path"
	"strings"

	"flasktui/sys"
)

// mostCompared bounds how many files of two copies of a package are compared.
const mostCompared = 400

// compareCopies compares, content by content, the app as Python imports it with the app
// as it lies in the active release, where the two are not the same files. A copy that was
// installed from the release is no fault as long as it is the same.
func (look *look) compareCopies(ctx context.Context, deployment Deployment, code *Code) {
	imported := code.Import.File
	if imported == "" {
		return
	}
	resolved, err := sys.Resolve(ctx, look.machine, imported)
	if err != nil {
		return
	}
	relative := strings.TrimPrefix(imported, strings.TrimSuffix(code.Import.Tree, "/")+"/")
	inside := deployment.Active
	if deployment.Link != nil && sys.Within(deployment.Link.Resolved, deployment.Resolved) {
		inside = deployment.Resolved
	}
	for _, base := range []string{inside, path.Join(inside, "src"), deployment.Active, path.Join(deployment.Active, "src")} {
		candidate := path.Join(base, relative)
		info, err := look.machine.Stat(ctx, candidate)
		if err != nil || !info.Mode.IsRegular() {
			continue
		}
		if real, err := sys.Resolve(ctx, look.machine, candidate); err != nil || real == resolved {
			return
		}
		code.ReleaseFile = candidate
		code.Differs = look.firstDifference(ctx, candidate, resolved)
		return
	}
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
