package facts

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"

	"flasktui/sys"
	"flasktui/sys/git"
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
	ServedFile     string   `json:"served_file,omitempty"`
	ServedResolved string   `json:"served_resolved,omitempty"`
	ServedProblem  sys.Text `json:"served_problem,omitempty"`
	// ServedSHA256 is the content of that file; empty where it was not read.
	ServedSHA256 string `json:"served_sha256,omitempty"`
	// OtherRelease is a release beside the active one whose file has the content that
	// was served, or that of the served file where nobody may ask; empty for none.
	OtherRelease string `json:"other_release,omitempty"`
	// OtherCommit says that the release's repository keeps that content, and that no file which
	// is checked out has it: it was committed, or staged, at another time.
	OtherCommit bool `json:"other_commit,omitempty"`
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
)

// GroupStatic is the static files as they are served, beside those of the release.
func GroupStatic() Group {
	return Group{
		name: "static", words: "static files",
		needs:  []func() Group{GroupDeployment, GroupSite},
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
		address.byDoor(known.Site.Value)
	}
	if address.Local == "" {
		address.byItself(known)
	}
	if address.Local == "" {
		why, problem := cmp.Or(known.SiteNginx().Why, WhyFailed), cmp.Or(address.Problem, "there is no Nginx to ask")
		return func(facts *Facts) { facts.Static = Fact[Static]{Why: why, Problem: problem, Source: source} }
	}
	directories := look.staticDirectories(ctx, known, address)
	static := Static{Directory: look.staticDirectory(ctx, directories)}
	pages := look.namedByPages(ctx, known, static.Directory, directories, address)
	sure := slices.DeleteFunc(slices.Clone(pages), func(one staticPath) bool { return one.guessed })
	for _, named := range [][]staticPath{pages, sure} {
		var confirmed bool
		static.Probes, confirmed = look.probeAll(ctx, known, address, look.staticPaths(ctx, known, static.Directory, named, address))
		if confirmed {
			break
		}
	}
	if len(static.Probes) == 0 {
		return func(facts *Facts) { facts.Static = Missing[Static]("the release has no static files", source) }
	}
	return func(facts *Facts) { facts.Static = Of(static, source) }
}

// probeAll asks for each of the files. Where only its name spoke for a file, another content
// shows nothing but another file: confirmed is false then.
func (look *look) probeAll(ctx context.Context, known *Facts, address SiteAddress, paths []staticPath) (probes []StaticProbe, confirmed bool) {
	probes, confirmed = make([]StaticProbe, len(paths)), true
	var group sync.WaitGroup
	for index, one := range paths {
		group.Go(func() {
			probe := look.probeStatic(ctx, address, one)
			probe.OtherRelease = look.releaseWith(ctx, known.Deployment.Value, probe)
			probe.OtherCommit = probe.OtherRelease == "" && look.ofAnotherCommit(ctx, known.Deployment.Value.Repository, probe)
			probes[index] = probe
		})
	}
	group.Wait()
	for index, probe := range probes {
		confirmed = confirmed && (!paths[index].guessed || probe.Identity.SHA256 == probe.ReleaseSHA256)
	}
	return probes, confirmed
}

// byItself has the site asked at the service's own socket, where that is what its URL leads to.
func (address *SiteAddress) byItself(known *Facts) {
	main, running := known.Main()
	parsed, err := url.Parse(address.URL)
	if !running || err != nil || !known.listensFor(main, parsed) {
		return
	}
	address.Local, address.Problem = known.appAddress()
	address.LocalPlain = parsed.Scheme != "https"
	address.Server = &nginx.Server{}
}

// releaseWith names the release, other than the active one, out of which comes what was
// served in the place of the active one's file; empty for none.
func (look *look) releaseWith(ctx context.Context, deployment Deployment, probe StaticProbe) string {
	inside, below := strings.CutPrefix(probe.ReleaseFile, deployment.Active+"/")
	content := probe.ServedSHA256
	if probe.Identity.Status == http.StatusOK {
		content = probe.Identity.SHA256
	}
	if !below || content == "" || content == probe.ReleaseSHA256 {
		return ""
	}
	for _, release := range slices.Backward(deployment.Releases) {
		if release.Path != deployment.Active && look.sumOf(ctx, path.Join(release.Path, inside)) == content {
			return release.Name
		}
	}
	return ""
}

// ofAnotherCommit tells whether a file that Nginx takes from elsewhere is one that the repository
// has kept, and has no longer where the release's own file is one of its: whatever copies the files
// there has not run since. What is built is in no repository, or is in it under its own name.
func (look *look) ofAnotherCommit(ctx context.Context, repository *git.Repository, probe StaticProbe) bool {
	differs := probe.ServedSHA256 != "" && probe.ServedSHA256 != probe.ReleaseSHA256
	asked := probe.Identity.Status == http.StatusOK
	if repository == nil || !differs || asked && probe.Identity.SHA256 != probe.ServedSHA256 {
		return false
	}
	content, err := look.machine.ReadFile(ctx, probe.ServedResolved, staticFileLimit)
	if sum := sha256.Sum256(content); err != nil || len(content) == 0 || hex.EncodeToString(sum[:]) != probe.ServedSHA256 {
		return false
	}
	contents, err := repository.CommittedContents(ctx, look.machine)
	if err != nil || contents[strings.TrimPrefix(probe.ReleaseFile, repository.Directory+"/")] == "" {
		return false
	}
	name := git.BlobName(content)
	for _, committed := range contents {
		if committed == name {
			return false
		}
	}
	objects, err := repository.OpenObjects(ctx, look.machine)
	return err == nil && objects.Has(ctx, name)
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
		if probe.ServedFile = location.FileFor(one.urlPath); probe.ServedFile != "" {
			probe.ServedResolved, err = look.machine.Resolve(ctx, probe.ServedFile)
			if err != nil {
				probe.ServedProblem = problemOf(err)
			} else {
				probe.ServedSHA256 = look.sumOf(ctx, probe.ServedResolved)
			}
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
