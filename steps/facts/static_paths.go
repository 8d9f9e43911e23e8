package facts

import (
	"cmp"
	"context"
	"path"
	"slices"
	"strings"

	"flasktui/sys"
	"flasktui/sys/nginx"
)

// This file is which static files are asked for: where the release has them, where clients
// ask for them, and which of them tell most.

const (
	// staticNameLimit bounds how many names are looked at to choose among.
	staticNameLimit = 2000
	// staticCompared bounds how many files are read to find one that differs.
	staticCompared = 100
)

// staticDirectory is the release's own: what Nginx's root or alias would be if it named
// the active release, or else where Flask would look: static beside the module, in the
// package, or one level down.
func (look *look) staticDirectory(ctx context.Context, known *Facts, address SiteAddress) string {
	deployment := known.Deployment.Value
	inside := deployment.Active
	if deployment.Link != nil && sys.Within(deployment.Link.Resolved, deployment.Resolved) {
		inside = deployment.Resolved
	}
	var candidates []string
	for _, location := range address.Server.Locations {
		if location.Alias != "" {
			candidates = append(candidates, deployment.inActive(path.Clean(location.Alias)))
		} else if location.Root != "" && location.Match == "" && strings.Contains(location.Path, "static") {
			candidates = append(candidates, deployment.inActive(path.Join(location.Root, location.Path)))
		}
	}
	top, _, _ := strings.Cut(moduleOf(known.Settings.Value.App), ".")
	candidates = append(candidates, path.Join(inside, "static"), path.Join(inside, top, "static"), path.Join(inside, "src", top, "static"))
	entries, err := look.machine.ReadDir(ctx, inside)
	if err == nil {
		for _, entry := range entries {
			if entry.Type.IsDir() && !neverCode(entry.Name) {
				candidates = append(candidates, path.Join(inside, entry.Name, "static"))
			}
		}
	}
	candidates = append(candidates, path.Join(inside, "public"), path.Join(inside, "assets"))
	for _, candidate := range candidates {
		if candidate == "" {
			continue
		}
		if resolved, err := look.machine.Resolve(ctx, candidate); err == nil {
			if info, err := look.machine.Stat(ctx, resolved); err == nil && info.IsDir() {
				return candidate
			}
		}
	}
	return ""
}

// inActive is the directory of the active release that stands for one of any release, or
// of the link; empty for a directory elsewhere.
func (deployment *Deployment) inActive(directory string) string {
	bases := []string{deployment.Active}
	if deployment.Link != nil {
		bases = append(bases, deployment.Link.Path)
	}
	for _, release := range deployment.Releases {
		bases = append(bases, release.Path)
	}
	for _, base := range bases {
		if sys.Within(base, directory) {
			return path.Join(deployment.Active, strings.TrimPrefix(directory, base))
		}
	}
	return ""
}

// staticPath is a file of the release and the path at which clients ask for it.
type staticPath struct{ urlPath, file string }

// staticPaths chooses the files that tell most: those in whose place Nginx's configuration
// names another content, then style sheets and scripts, those with a compressed twin first,
// then the newest.
func (look *look) staticPaths(ctx context.Context, known *Facts, directory string, address SiteAddress) []staticPath {
	prefix := staticPrefix(directory, address)
	if given := known.Options.StaticPath; given != "" {
		if location, ok := serverOf(address).LocationFor(given); !ok || location.FileFor(given) == "" {
			given = address.mount().outside(given)
		}
		relative := strings.TrimPrefix(given, strings.TrimSuffix(prefix, "/"))
		return []staticPath{{given, path.Join(directory, relative)}}
	}
	if directory == "" {
		return nil
	}
	type candidate struct {
		staticPath
		info sys.FileInfo
		rank int
	}
	var candidates []candidate
	names := look.namesUnder(ctx, directory)
	for _, name := range names {
		rank := 2
		switch path.Ext(name) {
		case ".css", ".js":
			rank = 1
		case ".gz", ".br", ".map":
			continue
		}
		info, err := look.machine.Stat(ctx, path.Join(directory, name))
		if err != nil || !info.Mode.IsRegular() || info.Size > staticFileLimit {
			continue
		}
		if slices.Contains(names, name+".gz") || slices.Contains(names, name+".br") {
			rank = 0
		}
		candidates = append(candidates, candidate{staticPath{path.Join(prefix, name), path.Join(directory, name)}, info, rank})
	}
	slices.SortStableFunc(candidates, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), b.info.Modified.Compare(a.info.Modified), cmp.Compare(a.urlPath, b.urlPath))
	})
	var differing, alike []staticPath
	for index, one := range candidates {
		if index < staticCompared && len(differing) < staticProbes && look.namesAnother(ctx, address, one.staticPath) {
			differing = append(differing, one.staticPath)
		} else {
			alike = append(alike, one.staticPath)
		}
	}
	paths := slices.Concat(differing, alike)
	return paths[:min(len(paths), staticProbes)]
}

func serverOf(address SiteAddress) nginx.Server {
	if address.Server == nil {
		return nginx.Server{}
	}
	return *address.Server
}

// namesAnother tells whether Nginx's configuration names, for a path, a file of another
// content than the release's: of two releases most files are alike, and those say nothing.
func (look *look) namesAnother(ctx context.Context, address SiteAddress, one staticPath) bool {
	if address.Server == nil {
		return false
	}
	location, ok := address.Server.LocationFor(one.urlPath)
	if !ok || location.FileFor(one.urlPath) == "" {
		return false
	}
	served, servedErr := look.machine.Resolve(ctx, location.FileFor(one.urlPath))
	own, ownErr := look.machine.Resolve(ctx, one.file)
	if servedErr != nil || ownErr != nil || served == own {
		return false
	}
	content := look.sumOf(ctx, served)
	return content != "" && content != look.sumOf(ctx, own)
}

// staticPrefix is the path at which the directory is served: that of the location whose
// root or alias ends in it, whichever release that names; /static/ by Flask's custom.
func staticPrefix(directory string, address SiteAddress) string {
	custom := address.mount().path + "/static/"
	if address.Server == nil {
		return custom
	}
	last := path.Base(directory)
	for _, location := range address.Server.Locations {
		if location.Alias != "" && location.Match == "" && path.Base(path.Clean(location.Alias)) == last {
			return location.Path
		}
	}
	for _, location := range address.Server.Locations {
		if location.Match == "" && strings.Contains(location.Path, "static") && (location.Alias != "" || location.Root != "") {
			return location.Path
		}
	}
	if last == "public" || last == "assets" {
		return address.mount().path + "/" + last + "/"
	}
	return custom
}

// namesUnder lists the files of a directory and two levels below it.
func (look *look) namesUnder(ctx context.Context, directory string) []string {
	var names []string
	var visit func(relative string, depth int)
	visit = func(relative string, depth int) {
		entries, err := look.machine.ReadDir(ctx, path.Join(directory, relative))
		if err != nil {
			return
		}
		for _, entry := range entries {
			if len(names) >= staticNameLimit || strings.HasPrefix(entry.Name, ".") {
				continue
			}
			name := path.Join(relative, entry.Name)
			if !entry.Type.IsDir() {
				names = append(names, name)
			} else if depth < 2 {
				visit(name, depth+1)
			}
		}
	}
	visit("", 0)
	return names
}
