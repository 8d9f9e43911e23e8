package facts

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"

	"flasktui/sys"
	"flasktui/sys/nginx"
)

// Static is what clients get of the release's static files.
type Static struct {
	// Directory is the release's own static directory.
	Directory string        `json:"directory"`
	Probes    []StaticProbe `json:"probes"`
}

// StaticProbe is one file, on disk and as it is served.
type StaticProbe struct {
	URLPath string `json:"url_path"`
	// ReleaseFile is the file of the active release, with its hash.
	ReleaseFile   string       `json:"release_file"`
	ReleaseInfo   sys.FileInfo `json:"release_info"`
	ReleaseSHA256 string       `json:"release_sha256"`
	// Location is the one that serves it; nil where Nginx passes it to the app.
	Location *nginx.Location `json:"location"`
	// ServedFile is the file that root or alias names, and ServedResolved where that
	// leads.
	ServedFile     string `json:"served_file,omitempty"`
	ServedResolved string `json:"served_resolved,omitempty"`
	ServedProblem  string `json:"served_problem,omitempty"`
	// ServedSHA256 is the content of that file; empty where it was not read.
	ServedSHA256 string `json:"served_sha256,omitempty"`
	// OtherRelease is a release beside the active one whose file has the content that
	// was served; empty for none.
	OtherRelease string `json:"other_release,omitempty"`
	// Compressed is a .gz or .br beside the served file; empty for none.
	Compressed     string       `json:"compressed,omitempty"`
	CompressedInfo sys.FileInfo `json:"compressed_info"`
	Identity       Answer       `json:"identity"`
	Gzip           Answer       `json:"gzip"`
}

const (
	// staticProbes is how many files stand for the rest.
	staticProbes = 3
	// staticTries is how often a file is asked for where workers may answer otherwise.
	staticTries = 12
	// staticFileLimit bounds what is hashed of one file.
	staticFileLimit = 1 << 20
	// staticNameLimit bounds how many names are looked at to choose among.
	staticNameLimit = 2000
)

// GroupStatic is the static files as they are served, beside those of the release.
func GroupStatic() Group {
	return Group{
		name: "static", words: "static files",
		needs:  []func() Group{GroupDeployment, GroupFront},
		read:   (*look).readStatic,
		fields: []field{fieldOf("", func(facts *Facts) *Fact[Static] { return &facts.Static })},
	}
}

func (look *look) readStatic(ctx context.Context, known *Facts) func(*Facts) {
	const source = "GET of static files"
	if !known.Deployment.Known {
		return func(facts *Facts) { facts.Static = restsOn[Static](known.Deployment, source) }
	}
	address := known.siteAddress()
	if address.Local == "" {
		why, problem := cmp.Or(known.SiteNginx().Why, WhyFailed), cmp.Or(address.Problem, "there is no Nginx to ask")
		return func(facts *Facts) { facts.Static = Fact[Static]{Why: why, Problem: problem, Source: source} }
	}
	directory := look.staticDirectory(ctx, known, address)
	static := Static{Directory: directory}
	paths := look.staticPaths(ctx, known, directory, address)
	if len(paths) == 0 {
		return func(facts *Facts) { facts.Static = Missing[Static]("the release has no static files", source) }
	}
	static.Probes = make([]StaticProbe, len(paths))
	var group sync.WaitGroup
	for index, one := range paths {
		group.Go(func() {
			probe := look.probeStatic(ctx, address, one)
			probe.OtherRelease = look.releaseWith(ctx, known.Deployment.Value, probe)
			static.Probes[index] = probe
		})
	}
	group.Wait()
	return func(facts *Facts) { facts.Static = Of(static, source) }
}

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

// staticPaths chooses the files that tell most: style sheets and scripts, those with a
// compressed twin first, then the newest.
func (look *look) staticPaths(ctx context.Context, known *Facts, directory string, address SiteAddress) []staticPath {
	prefix := staticPrefix(directory, address)
	if given := known.Options.StaticPath; given != "" {
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
	var paths []staticPath
	for _, one := range candidates[:min(len(candidates), staticProbes)] {
		paths = append(paths, one.staticPath)
	}
	return paths
}

// staticPrefix is the path at which the directory is served: that of the location whose
// root or alias ends in it, whichever release that names; /static/ by Flask's custom.
func staticPrefix(directory string, address SiteAddress) string {
	const custom = "/static/"
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
		return "/" + last + "/"
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

// releaseWith names the release, other than the active one, out of which comes what was
// served in the place of the active one's file; empty for none.
func (look *look) releaseWith(ctx context.Context, deployment Deployment, probe StaticProbe) string {
	inside, below := strings.CutPrefix(probe.ReleaseFile, deployment.Active+"/")
	if !below || probe.Identity.Status != http.StatusOK || probe.Identity.SHA256 == probe.ReleaseSHA256 {
		return ""
	}
	for _, release := range slices.Backward(deployment.Releases) {
		if release.Path != deployment.Active && look.sumOf(ctx, path.Join(release.Path, inside)) == probe.Identity.SHA256 {
			return release.Name
		}
	}
	return ""
}

// sumOf is the hash of a file's content; empty where it could not be read whole.
func (look *look) sumOf(ctx context.Context, name string) string {
	content, err := look.machine.ReadFile(ctx, name, staticFileLimit)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

func (look *look) probeStatic(ctx context.Context, address SiteAddress, one staticPath) StaticProbe {
	probe := StaticProbe{URLPath: one.urlPath, ReleaseFile: one.file}
	resolved, err := look.machine.Resolve(ctx, one.file)
	if err == nil {
		probe.ReleaseInfo, _ = look.machine.Stat(ctx, resolved)
		probe.ReleaseSHA256 = look.sumOf(ctx, resolved)
	}
	if location, ok := address.Server.LocationFor(one.urlPath); ok && location.Pass == "" {
		probe.Location = &location
		probe.ServedFile = location.FileFor(one.urlPath)
		probe.ServedResolved, err = look.machine.Resolve(ctx, probe.ServedFile)
		if err != nil {
			probe.ServedProblem = problemOf(err)
		} else {
			probe.ServedSHA256 = look.sumOf(ctx, probe.ServedResolved)
		}
		for _, suffix := range []string{".gz", ".br"} {
			if info, err := look.machine.Stat(ctx, probe.ServedFile+suffix); err == nil {
				probe.Compressed, probe.CompressedInfo = probe.ServedFile+suffix, info
				break
			}
		}
	}
	target := withPath(address.URL, one.urlPath)
	how := address.asking()
	probe.Identity = look.get(ctx, address.Local, target, how)
	if probe.Location != nil && probe.Location.OpenFileCache {
		// Each worker of Nginx keeps files of its own open: one that has the old
		// one is met by chance.
		for range staticTries {
			if probe.Identity.SHA256 != probe.ReleaseSHA256 {
				break
			}
			probe.Identity = look.get(ctx, address.Local, target, how)
		}
	}
	how.gzip = true
	probe.Gzip = look.get(ctx, address.Local, target, how)
	return probe
}
