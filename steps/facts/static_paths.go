package facts

import (
	"cmp"
	"context"
	"net/url"
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

// staticDirectories are where the release may have its own, the likeliest first: what Nginx's root or alias would be if it named
// the active release, or else where Flask would look: static beside the module, in the
// package, or one level down.
func (look *look) staticDirectories(ctx context.Context, known *Facts, address SiteAddress) []string {
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
	return slices.DeleteFunc(candidates, func(candidate string) bool { return candidate == "" })
}

// staticDirectory is the first of them that is there; empty for none.
func (look *look) staticDirectory(ctx context.Context, directories []string) string {
	for _, directory := range directories {
		if resolved, err := look.machine.Resolve(ctx, directory); err == nil {
			if info, err := look.machine.Stat(ctx, resolved); err == nil && info.IsDir() {
				return directory
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
type staticPath struct {
	urlPath, file string
	// guessed says that nothing but the file's name tells that it is served at that path.
	guessed bool
}

// namedByPages are the files that the site's own pages name, where the release has them: the
// one that Nginx's configuration names there, or the only one in a static directory whose
// path ends as the page's does (static_url_path may be anything).
func (look *look) namedByPages(ctx context.Context, known *Facts, directory string, directories []string, address SiteAddress) []staticPath {
	prefix := staticPrefix(directory, address)
	site, server, page := known.Site.Value, serverOf(address), nginx.Location{}
	if parsed, err := url.Parse(address.URL); err == nil {
		page, _ = server.LocationFor(cmp.Or(parsed.Path, "/"))
	}
	var named []staticPath
	for _, answer := range slices.Concat(site.Nginx.Home, site.App.Home, site.Public.Home) {
		for _, asset := range answer.Assets {
			location, _ := server.LocationFor(asset)
			if mount := address.mount(); mount.outside(asset) != asset && location.FileFor(asset) == "" || location.Return != "" {
				// It is another app's.
				continue
			}
			if slices.ContainsFunc(named, func(one staticPath) bool { return one.urlPath == asset }) || location.Pass != "" && location.Pass != page.Pass {
				continue
			}
			one := staticPath{urlPath: asset, file: known.Deployment.Value.inActive(location.FileFor(asset))}
			if one.file == "" || !look.isFile(ctx, one.file) {
				one.file = ""
				if inside, below := strings.CutPrefix(asset, prefix); below && directory != "" {
					one.file = path.Join(directory, inside)
				}
			}
			if one.file == "" || !look.isFile(ctx, one.file) {
				one.file, one.guessed = look.endingAs(ctx, directories, asset), true
			}
			if one.file != "" {
				named = append(named, one)
			}
		}
	}
	return named
}

// endingAs is the file in one of the directories whose path in it is an end of a URL's; empty
// for none, and where two of different content are.
func (look *look) endingAs(ctx context.Context, directories []string, urlPath string) string {
	found, content := "", ""
	for rest := strings.TrimPrefix(urlPath, "/"); rest != ""; _, rest, _ = strings.Cut(rest, "/") {
		for _, directory := range directories {
			file := path.Join(directory, rest)
			if !sys.Within(directory, file) || !look.isFile(ctx, file) {
				continue
			}
			sum := look.sumOf(ctx, file)
			if found != "" && sum != content {
				return ""
			}
			if found == "" {
				found, content = file, sum
			}
		}
	}
	return found
}

func (look *look) isFile(ctx context.Context, name string) bool {
	resolved, err := look.machine.Resolve(ctx, name)
	if err != nil {
		return false
	}
	info, err := look.machine.Stat(ctx, resolved)
	return err == nil && info.Mode.IsRegular() && info.Size <= staticFileLimit
}

// staticPaths chooses the files that tell most: those in whose place Nginx's configuration
// names another content, then those that the site's pages name (paged), then style sheets and
// scripts, those with a compressed twin first, then the newest.
func (look *look) staticPaths(ctx context.Context, known *Facts, directory string, paged []staticPath, address SiteAddress) []staticPath {
	prefix := staticPrefix(directory, address)
	if given := known.Options.StaticPath; given != "" {
		if location, ok := serverOf(address).LocationFor(given); !ok || location.FileFor(given) == "" {
			given = address.mount().outside(given)
		}
		relative := strings.TrimPrefix(given, strings.TrimSuffix(prefix, "/"))
		return []staticPath{{urlPath: given, file: path.Join(directory, relative)}}
	}
	type candidate struct {
		staticPath
		info sys.FileInfo
		rank int
	}
	var candidates []candidate
	var names []string
	guessed := false
	for _, one := range paged {
		candidates = append(candidates, candidate{staticPath: one, rank: -1})
		// What pages name shows where the directory is served.
		if inside, below := strings.CutPrefix(one.file, directory+"/"); below && strings.HasSuffix(one.urlPath, "/"+inside) && directory != "" {
			prefix, guessed = strings.TrimSuffix(one.urlPath, inside), one.guessed
		}
	}
	if directory != "" {
		names = look.namesUnder(ctx, directory)
	}
	for _, name := range names {
		if slices.ContainsFunc(paged, func(one staticPath) bool { return one.file == path.Join(directory, name) }) {
			continue
		}
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
		candidates = append(candidates, candidate{staticPath{path.Join(prefix, name), path.Join(directory, name), guessed}, info, rank})
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
