package facts

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"strings"
	"syscall"

	"flasktui/sys"
	"flasktui/sys/git"
)

// Deployment is how the code lies on disk.
type Deployment struct {
	// Directory is where the service is meant to take its code from, as written;
	// Resolved is where that leads now.
	Directory string `json:"directory"`
	Resolved  string `json:"resolved"`
	// Problem says why Directory leads nowhere, or, with Unread, why that could not be told.
	Problem sys.Text `json:"problem,omitempty"`
	Unread  bool     `json:"unread,omitempty"`
	// Link is the link that chooses the release; nil where there is none.
	Link *Link `json:"link"`
	// Releases stand side by side in ReleasesDirectory, the oldest first.
	ReleasesDirectory string    `json:"releases_directory,omitempty"`
	Releases          []Release `json:"releases"`
	// ByName says that the order of the releases is told by their names (times or
	// numbers); otherwise it is told by when their directories were made.
	ByName bool `json:"by_name,omitempty"`
	// InImage says that what runs is a copy of it in an image.
	InImage bool `json:"in_image,omitempty"`
	// Active is the release, or the tree, that the disk says should run: where the
	// link points, or else Resolved.
	Active string `json:"active"`
	// Repository is the git checkout that Active belongs to; nil for none.
	Repository *git.Repository `json:"repository"`
	// LocalEdits are files of it that were edited by hand, looked for only where a commit
	// was fetched and not merged.
	LocalEdits []string `json:"local_edits,omitempty"`
	// Revision is the text of a REVISION file in Active; empty for none.
	Revision string `json:"revision,omitempty"`
	// HoldsApp says that the app's module is under Active.
	HoldsApp bool `json:"holds_app,omitempty"`
	// NamedBy are those besides root who named the directory.
	NamedBy sys.Namers `json:"named_by,omitzero"`
	// Entered is where the service's master was told to go, where the directory in which it
	// stands may not be read; nil for all others.
	Entered *Entered `json:"entered,omitempty"`
	// AppDir is the directory that the person named; nil for none.
	AppDir *Tree `json:"app_dir"`
}

// Link is the symbolic link that chooses the release.
type Link struct {
	Path string `json:"path"`
	// Outer is another link that leads to this one, by which the service knows it; empty
	// for none. Beside maps the other links of its directory to where they lead.
	Outer  string            `json:"outer,omitempty"`
	Beside map[string]string `json:"beside,omitempty"`
	// Target is its own text, Resolved where it leads.
	Target   string       `json:"target"`
	Resolved string       `json:"resolved"`
	Info     sys.FileInfo `json:"info"`
	Dangling bool         `json:"dangling,omitempty"`
	// NotALink says that a directory stands where the link should.
	NotALink bool `json:"not_a_link,omitempty"`
	// Nested is a link to another release inside the release, which `ln -s` makes
	// when the place is taken (G24); empty for none.
	Nested       string `json:"nested,omitempty"`
	NestedTarget string `json:"nested_target,omitempty"`
	// DirectoryOwner and NestedDirectoryOwner are those of the directories that the two links lie in.
	DirectoryOwner       DirectoryOwner `json:"directory_owner"`
	NestedDirectoryOwner DirectoryOwner `json:"nested_directory_owner"`
}

// Rest is what follows the link in a path that leads through it; through is false for any
// other path, and for every path where there is no link.
func (link *Link) Rest(name string) (rest string, through bool) {
	if link == nil {
		return "", false
	}
	for _, prefix := range []string{link.Path, link.Outer} {
		if prefix != "" && sys.Within(prefix, name) {
			return strings.TrimPrefix(strings.TrimPrefix(name, prefix), "/"), true
		}
	}
	return "", false
}

// Release is one directory among its siblings.
type Release struct {
	Name   string       `json:"name"`
	Path   string       `json:"path"`
	Info   sys.FileInfo `json:"info"`
	Commit string       `json:"commit,omitempty"`
	// Complete says that the app's module is in it.
	Complete bool `json:"complete"`
}

// Tree is a directory of code other than the one that runs.
type Tree struct {
	Path       string          `json:"path"`
	Resolved   string          `json:"resolved"`
	Problem    sys.Text        `json:"problem,omitempty"`
	Repository *git.Repository `json:"repository"`
	Revision   string          `json:"revision,omitempty"`
	// HoldsApp says that the app's module is in it.
	HoldsApp bool `json:"holds_app,omitempty"`
	// ChangedAt is when its code last changed in content.
	ChangedAt Change `json:"changed_at"`
}

// GroupDeployment is the directory of the deployment, its releases and what chooses between them.
func GroupDeployment() Group {
	return Group{
		name: "deployment", words: "releases",
		needs:  []func() Group{GroupSettings, GroupUnitFiles, GroupInside, GroupCompose, GroupFoundBuild},
		read:   (*look).readDeployment,
		fields: []field{fieldOf("", func(facts *Facts) *Fact[Deployment] { return &facts.Deployment })},
	}
}

func (look *look) readDeployment(ctx context.Context, known *Facts) func(*Facts) {
	settings := known.Settings.Value
	module := moduleOf(settings.App)
	directory, inImage := look.codeDirectory(sys.NamedBy(ctx, settings.NamedBy), known, module), false
	if known.Target.Container != "" {
		directory, inImage = known.containerSource()
	}
	deployment := Deployment{Directory: directory, InImage: inImage}
	if !known.isManaged(directory) {
		deployment.NamedBy = settings.NamedBy
		ctx = sys.NamedBy(ctx, deployment.NamedBy)
	}
	if directory == "" {
		return func(facts *Facts) {
			facts.Deployment = Unreadable[Deployment]("nothing says from which directory the service runs", "")
		}
	}
	if main, running := known.Main(); running && main.Master.Unreadable["directory"] != "" && main.Master.Cgroup.Container == "" {
		deployment.Entered = look.readEntered(ctx, configuredDirectory(known))
	}
	resolved, err := look.machine.Resolve(ctx, directory)
	deployment.Resolved = resolved
	if err != nil {
		deployment.Problem, deployment.Unread = problemOf(err), !isMissing(err)
	}
	if err := look.findLink(ctx, &deployment); err != nil {
		return func(facts *Facts) { facts.Deployment = unreadableFor[Deployment](err, directory) }
	}
	deployment.Active = deployment.Resolved
	if link := deployment.Link; link != nil && !link.Dangling {
		deployment.Active = link.Resolved
	}
	if link := deployment.Link; link != nil {
		link.DirectoryOwner = look.directoryOwner(ctx, path.Dir(link.Path))
		if link.Nested != "" {
			link.NestedDirectoryOwner = look.directoryOwner(ctx, path.Dir(link.Nested))
		}
	}
	if err := deployment.readReleases(ctx, look, module); err != nil {
		return func(facts *Facts) { facts.Deployment = unreadableFor[Deployment](err, deployment.ReleasesDirectory) }
	}
	deployment.leaveUnusedLink(known.namedByUnit())
	look.requireUnitPaths(ctx, known, &deployment)
	if repository, err := git.FindRepository(ctx, look.machine, deployment.Active); err == nil {
		deployment.Repository = repository
		if repository != nil && repository.StoppedPull() {
			// Where it cannot be told, a pull that was refused looks like a mere fetch.
			deployment.LocalEdits, _ = repository.LocalEdits(ctx, look.machine)
		}
	}
	deployment.HoldsApp = module != "" && look.holdsModule(ctx, deployment.Resolved, module)
	deployment.Revision = look.readRevision(ctx, deployment.Active)
	if known.Options.AppDir != "" {
		tree := look.readTree(ctx, known.Options.AppDir, module)
		deployment.AppDir = &tree
	}
	return func(facts *Facts) { facts.Deployment = Of(deployment, "the files under "+directory) }
}

// codeDirectory is the directory that the app's code is in. Mostly that is where the
// service runs; where the app is installed instead, it is the directory that the person
// named, the release that the program lies in, or the tree that Python imports from.
func (look *look) codeDirectory(ctx context.Context, known *Facts, module string) string {
	configured := configuredDirectory(known)
	settings := known.Settings.Value
	if module == "" || look.holdsModule(ctx, configured, module) {
		return configured
	}
	if appDir := known.Options.AppDir; appDir != "" && look.holdsModule(ctx, appDir, module) && settings.Import.File != "" {
		return appDir
	}
	for _, candidate := range []string{settings.Script, settings.Import.Tree} {
		if candidate == "" {
			continue
		}
		trial := Deployment{Directory: candidate}
		resolved, err := look.machine.Resolve(ctx, candidate)
		if err != nil {
			continue
		}
		trial.Resolved = resolved
		if look.findLink(ctx, &trial) == nil && trial.Link != nil && !trial.Link.NotALink {
			return trial.Link.Path
		}
	}
	if settings.Import.Tree != "" && !strings.Contains(settings.Import.Tree, "-packages") {
		return settings.Import.Tree
	}
	return configured
}

// requireUnitPaths takes a release for incomplete in which something is missing that the
// service is started with through the link (a virtualenv of its own that was never built,
// a file of settings that is still to be copied): switching to it would bring the site
// down.
func (look *look) requireUnitPaths(ctx context.Context, known *Facts, deployment *Deployment) {
	if deployment.Link == nil {
		return
	}
	named := known.startedWith()
	for index, release := range deployment.Releases {
		for _, name := range named {
			rest, through := deployment.Link.Rest(name)
			if !through {
				continue
			}
			if _, err := look.machine.Resolve(ctx, path.Join(release.Path, rest)); errors.Is(err, fs.ErrNotExist) {
				deployment.Releases[index].Complete = false
			}
		}
	}
}

// startedWith are the paths without which the service would not start.
func (facts *Facts) startedWith() []string {
	settings := facts.Settings.Value
	named := []string{facts.WorkingDirectory(), settings.Chdir, strings.TrimPrefix(settings.ConfigFile, "file:"), settings.Script}
	unit, _ := facts.TargetUnit()
	commands := unit.ExecStart
	if program, ok := facts.Program(); ok && program.Section != nil {
		commands = [][]string{program.Section.Words()}
	}
	for _, argv := range commands {
		named = append(named, argv[:min(len(argv), 1)]...)
	}
	for _, file := range unit.EnvironmentFiles {
		if !file.Optional && !strings.ContainsAny(file.Path, "*?[") {
			named = append(named, file.Path)
		}
	}
	return named
}

// moduleOf is the module of an app such as "shop.wsgi:create_app()".
func moduleOf(app string) string {
	module, _, _ := strings.Cut(app, ":")
	return module
}

// configuredDirectory is where the service would take its code from if it were started
// now: --chdir, the directory that its unit or program names, or where the process
// stands.
func configuredDirectory(known *Facts) string {
	settings := known.Settings.Value
	named := known.WorkingDirectory()
	switch {
	case settings.Chdir != "":
		return absolute(named, settings.Chdir)
	case settings.ImportsElsewhere():
		return settings.Directory
	case named != "":
		return named
	case settings.Directory != "":
		return settings.Directory
	}
	return known.Options.AppDir
}

// isMissing tells a path at which nothing is from one that could not be looked at.
func isMissing(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ELOOP)
}

func problemOf(err error) sys.Text {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "does not exist"
	case errors.Is(err, fs.ErrPermission):
		return "may not be read"
	case errors.Is(err, sys.ErrLedAway):
		return "leads where whoever named it may not look"
	}
	return sys.ErrorText(err)
}

// revisionFiles are the names under which deploy tools leave the commit in a release.
func revisionFiles() []string { return []string{"REVISION", ".revision", "RELEASE", "COMMIT"} }

func (look *look) readRevision(ctx context.Context, directory string) string {
	for _, name := range revisionFiles() {
		content, err := look.machine.ReadFile(ctx, path.Join(directory, name), 256)
		if err != nil {
			continue
		}
		first, _, _ := strings.Cut(strings.TrimSpace(string(content)), "\n")
		if first != "" {
			return string(sys.Safe(strings.TrimSpace(first)))
		}
	}
	return ""
}

func (look *look) readTree(ctx context.Context, directory, module string) Tree {
	tree := Tree{Path: directory}
	resolved, err := look.machine.Resolve(ctx, directory)
	tree.Resolved = resolved
	if err != nil {
		tree.Problem = problemOf(err)
		return tree
	}
	// A deploy directory may be the one above the releases.
	if link, err := look.machine.Resolve(ctx, path.Join(resolved, "current")); err == nil {
		tree.Resolved = link
	}
	tree.Repository, _ = git.FindRepository(ctx, look.machine, tree.Resolved)
	tree.Revision = look.readRevision(ctx, tree.Resolved)
	tree.HoldsApp = look.holdsModule(ctx, tree.Resolved, module)
	walked := look.walk(ctx, tree.Resolved)
	tree.ChangedAt = walked.newestSource()
	return tree
}
