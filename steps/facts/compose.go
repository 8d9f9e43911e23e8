package facts

import (
	"bytes"
	"cmp"
	"context"
	"path"
	"slices"
	"strings"
	"time"

	"flasktui/sys"
	"flasktui/sys/appserver"
	"flasktui/sys/docker"
	"flasktui/sys/git"
)

// ComposeFacts is the examined service as Compose sees it on disk now.
type ComposeFacts struct {
	docker.Compose
	Project docker.ComposeProject `json:"project"`
	// Prints are fingerprints of the environment that Compose would give it; Held are
	// those of the environment that the container was made with.
	Prints map[string]string `json:"prints"`
	Held   map[string]string `json:"held"`
	// Copies are what the Dockerfile copies into the image; empty where the image is
	// not built from anything here.
	Copies []SourceCopy `json:"copies"`
	// Remote are instructions of the Dockerfile that fetch code from elsewhere (G43).
	Remote []string `json:"remote"`
	// Recipe is the Dockerfile of the build, RecipeAt when it or a Compose file changed; nil where the image is
	// not built from anything here. It may hold secrets, and is never saved.
	Recipe   *docker.Dockerfile `json:"-"`
	RecipeAt time.Time          `json:"-"`
	// DockerfileAt is when the Dockerfile alone changed.
	DockerfileAt time.Time `json:"-"`
	// BuildProblem is why the Dockerfile could not be read.
	BuildProblem sys.Text `json:"build_problem,omitempty"`
}

// SourceCopy is a file or directory of the box that the build copies into the image.
type SourceCopy struct {
	Source      string `json:"source"`
	Destination string `json:"destination"`
	// Context is the build's context, below which .dockerignore counts.
	Context string `json:"context"`
	// Named says that the Dockerfile names this very file, Rewritten that a step of it
	// may change the file in the image.
	Named     bool `json:"named,omitempty"`
	Rewritten bool `json:"rewritten,omitempty"`
	// Cloned says that the build fetches it by `git clone`, and Source is a checkout of
	// that repository: what the build's cache keeps may be older (G43).
	Cloned bool `json:"cloned,omitempty"`
}

// GroupCompose is the Compose project as its files describe it.
func GroupCompose() Group {
	return Group{
		name: "compose", words: "the Compose project",
		needs:  []func() Group{GroupTarget},
		read:   (*look).readCompose,
		fields: []field{fieldOf("docker compose config", func(facts *Facts) *Fact[ComposeFacts] { return &facts.Compose })},
	}
}

// readCompose asks Compose, by exactly the files that the container's labels name, or by
// the one that the person did.
func (look *look) readCompose(ctx context.Context, known *Facts) func(*Facts) {
	const source = "docker compose config"
	container, ok := known.TargetContainer()
	if !ok || container.Project == "" {
		return func(facts *Facts) {
			facts.Compose = Missing[ComposeFacts]("the service is not a Compose service", source)
		}
	}
	project := container.ComposeProject()
	if file := known.Options.ComposeFile; file != "" {
		project.Files = []string{file}
		project.Directory = cmp.Or(project.Directory, path.Dir(file))
	}
	for _, other := range known.Containers.Value {
		if sameProject(other, container) && other.PID != 0 && !other.OneOff && !slices.Contains(project.Running, other.Service) {
			project.Running = append(project.Running, other.Service)
		}
	}
	slices.Sort(project.Running)
	read, err := docker.ReadCompose(ctx, look.machine, project, container.Service, container.ConfigHash)
	if err != nil {
		return func(facts *Facts) { facts.Compose = unreadableFor[ComposeFacts](err, source) }
	}
	project.Profiles = read.Profiles
	compose := ComposeFacts{Compose: read, Project: project, Copies: []SourceCopy{}, Remote: []string{}}
	compose.Held, _ = look.reduce(container.Environment)
	if read.Service != nil {
		compose.Prints, _ = look.reduce(read.Service.Environment)
	}
	look.readBuild(ctx, &compose, known.Options.AppDir)
	return func(facts *Facts) { facts.Compose = Of(compose, source) }
}

// readBuild follows the Dockerfile as far as it tells where files come from. Without a
// model the project's directory is taken for the context, if it has a Dockerfile.
func (look *look) readBuild(ctx context.Context, compose *ComposeFacts, appDir string) {
	build := docker.ComposeBuild{Context: compose.Project.Directory, Dockerfile: path.Join(compose.Project.Directory, "Dockerfile")}
	if compose.Service != nil {
		if compose.Service.Build == nil {
			return
		}
		build = *compose.Service.Build
	}
	if !path.IsAbs(build.Context) {
		compose.BuildProblem = "the build's context is not a directory of this box"
		return
	}
	if reader := compose.Reader; reader != nil {
		if denied := sys.DeniedTo(ctx, look.machine, *reader, build.Context, build.Dockerfile); len(denied) > 0 {
			compose.BuildProblem = sys.Textf("%s may not be read by %s, who decides what the Compose files name", denied[0], reader)
			return
		}
	}
	raw, err := look.machine.ReadFile(ctx, build.Dockerfile, 1<<20)
	if err != nil {
		compose.BuildProblem = sys.Textf("%s %s", build.Dockerfile, problemOf(err))
		return
	}
	file, err := docker.ParseDockerfile(bytes.NewReader(raw), build.Arguments)
	if err != nil {
		compose.BuildProblem = sys.ErrorText(err)
		return
	}
	compose.Remote, compose.Recipe = file.Remote(), &file
	for _, name := range append([]string{build.Dockerfile}, compose.Project.Files...) {
		if info, err := look.machine.Stat(ctx, name); err == nil && info.ContentTime().After(compose.RecipeAt) {
			compose.RecipeAt = info.ContentTime()
		}
		if name == build.Dockerfile {
			compose.DockerfileAt = compose.RecipeAt
		}
	}
	for _, one := range file.Copies(build.Target) {
		if one.Clone != "" {
			if checkout := look.checkoutOf(ctx, one.Clone, appDir, build.Context, compose.Project.Directory); checkout != "" {
				compose.Copies = append(compose.Copies, SourceCopy{Source: checkout, Destination: path.Clean(one.Destination), Context: checkout, Cloned: true})
			}
			continue
		}
		sources, err := look.expandSource(ctx, path.Join(build.Context, one.Source))
		if err != nil {
			compose.BuildProblem = sys.ErrorText(err)
			return
		}
		for _, source := range sources {
			copied := SourceCopy{Source: source, Destination: path.Clean(one.Destination), Context: build.Context}
			if info, err := look.machine.Stat(ctx, source); err == nil && !info.IsDir() {
				copied.Named = true
				if strings.HasSuffix(one.Destination, "/") {
					copied.Destination = path.Join(copied.Destination, path.Base(source))
				}
			}
			copied.Rewritten = copied.Named && file.Rewrites(copied.Destination)
			compose.Copies = append(compose.Copies, copied)
		}
	}
}

// compareSteps compares how an image was made with a Dockerfile that changed since: what was
// taken out of it is still in the image, where the settings alone do not tell it from what
// the base image has (G60).
func (look *look) compareSteps(ctx context.Context, known *Facts, image docker.Image, found *ImageSource) {
	compose, build := known.Compose.Value, *known.Compose.Value.Service.Build
	container, _ := known.TargetContainer()
	base, isKnown := compose.Recipe.Base(build.Target)
	if isKnown = isKnown && !slices.Contains(build.Contexts, base.Value); !isKnown {
		base.Value = ""
	}
	origin, err := docker.ReadOrigin(ctx, look.machine, container.Daemon, image, base.Value)
	// A base image is made anew without a word of the Dockerfile's.
	changed := compose.DockerfileAt.After(image.Created) || len(build.Arguments) > 0
	switch {
	case !changed && (err != nil || origin.Other):
		return
	case err != nil:
		found.BaseProblem = sys.Textf("how the image of %s was made is not known: %s", container.Service, problemOf(err))
		return
	case origin.Other && base.Argument:
		found.Doubtful = append(found.Doubtful, "FROM "+string(sys.Safe(base.Value)))
		return
	case origin.Other:
		found.Settings = append(found.Settings, "FROM "+string(sys.Safe(base.Value)))
		return
	case changed && !isKnown:
		found.BaseProblem = sys.Textf("%s changed after the image of %s was built, and does not tell which image it begins from", found.Recipe, container.Service)
	case changed && origin.Began == nil:
		found.BaseProblem = sys.Textf("%s changed after the image of %s was built, and %s, from which it begins, is not on this box to compare with", found.Recipe, container.Service, base.Value)
	}
	for _, name := range compose.Recipe.OtherSteps(build.Target, origin, image) {
		destination, isCopy := strings.CutPrefix(name, "COPY ")
		mount, mounted := known.MountOver(destination)
		if !slices.Contains(compose.Service.Overrides, name) && !(isCopy && mounted && mount.Type == "bind") {
			found.Settings = append(found.Settings, string(sys.Safe(name)))
		}
	}
}

// checkoutOf is the checkout of a repository among directories; empty for none.
func (look *look) checkoutOf(ctx context.Context, url string, directories ...string) string {
	for _, directory := range directories {
		if directory == "" {
			continue
		}
		repository, err := git.FindRepository(ctx, look.machine, directory)
		if err == nil && repository != nil && repository.ClonedFrom(ctx, look.machine, url) {
			return repository.Directory
		}
	}
	return ""
}

// expandSource lists what a source with wildcards in its last element names.
func (look *look) expandSource(ctx context.Context, source string) ([]string, error) {
	if !strings.ContainsAny(path.Base(source), "*?[") {
		return []string{source}, nil
	}
	return look.expand(ctx, source)
}

// SourceOf is the path of the box from which a path of the image was copied; the last copy
// that reaches it counts.
func (facts *Facts) SourceOf(name string) (source string, ok bool) {
	for _, one := range slices.Backward(facts.Compose.Value.Copies) {
		if sys.Within(one.Destination, name) {
			return path.Join(one.Source, strings.TrimPrefix(name, one.Destination)), true
		}
	}
	return "", false
}

// containerSource is the directory of the box that the container's code comes from:
// mounted, or copied into its image; inImage says the latter. Where it is neither, it is
// what the image itself holds.
func (facts *Facts) containerSource() (directory string, inImage bool) {
	container, _ := facts.TargetContainer()
	settings := facts.Settings.Value
	inside := cmp.Or(settings.Chdir, settings.Import.Tree, settings.Directory, container.WorkingDirectory)
	if strings.Contains(inside, "-packages") {
		inside = cmp.Or(settings.Directory, container.WorkingDirectory)
	}
	inside = absolute(cmp.Or(settings.Directory, container.WorkingDirectory), inside)
	if copies := facts.Compose.Value.Copies; inside == "" && container.State == docker.ContainerAbsent && len(copies) > 0 {
		// What an image would have for its directory is not known without one.
		return copies[0].Source, true
	}
	if mount, ok := facts.MountOver(inside); ok && mount.Type == "bind" {
		return path.Join(mount.Source, strings.TrimPrefix(inside, mount.Destination)), false
	}
	if source, ok := throughMount(container, inside); ok && container.PID == 0 {
		return source, false
	}
	if source, ok := facts.SourceOf(inside); ok {
		return source, true
	}
	return facts.OnBox(inside), false
}

// absentContainers are the containers of a service that was named, or of a Compose file
// that was, which are not there: `docker compose down` removes them, and with them every
// label that would say where the project's files are. problem is why there is no telling.
//
// The containers of a user's own daemon are told by themselves alone, and are there in the
// place of none of root's.
func (look *look) absentContainers(ctx context.Context, listed *Facts) (absent []docker.Container, problem sys.Text) {
	options := listed.Options
	wanted, named := strings.CutPrefix(options.Service, composePrefix)
	project, _, _ := strings.Cut(wanted, "/")
	there := func(container docker.Container) bool {
		_, found := containerOf(listed, composeName(container))
		return found
	}
	if !named && (options.Service != "" || options.ComposeFile == "") || strings.Contains(wanted, "@") {
		return nil, ""
	}
	if _, found := containerOf(listed, options.Service); found {
		return nil, ""
	}
	for _, candidate := range look.composeProjects(ctx, options, project) {
		found, err := docker.ReadPlannedContainers(ctx, look.machine, candidate)
		if err == nil && named && !slices.ContainsFunc(found, func(planned docker.PlannedContainer) bool { return composeName(planned.Container) == options.Service }) {
			candidate.Profiles = []string{docker.EveryProfile}
			found, err = docker.ReadPlannedContainers(ctx, look.machine, candidate)
		}
		if err != nil {
			problem = sys.ErrorText(err)
			continue
		}
		for _, planned := range found {
			if there(planned.Container) || named && composeName(planned.Container) != options.Service {
				continue
			}
			planned.Serves = planned.Serves || look.buildsServer(ctx, planned.Build)
			absent = append(absent, planned.Container)
		}
	}
	return absent, problem
}

// composeProjects are the projects that may be meant: the one of the file that was named,
// else those in the directory that was, or in a directory with the project's name where
// people put such things. Compose names a project after its directory.
func (look *look) composeProjects(ctx context.Context, options Options, name string) []docker.ComposeProject {
	if file := options.ComposeFile; file != "" {
		return []docker.ComposeProject{{Name: name, Directory: path.Dir(file), Files: []string{file}}}
	}
	directories := []string{path.Join("/srv", name), path.Join("/opt", name), path.Join("/var/www", name), path.Join("/root", name)}
	if options.AppDir != "" {
		directories = append([]string{options.AppDir}, directories...)
	}
	if homes, err := look.machine.ReadDir(ctx, "/home"); err == nil {
		for _, home := range homes {
			directories = append(directories, path.Join("/home", home.Name, name))
		}
	}
	var projects []docker.ComposeProject
	for _, directory := range directories {
		if files := docker.FindComposeFile(ctx, look.machine, directory); len(files) > 0 {
			projects = append(projects, docker.ComposeProject{Directory: directory, Files: files})
		}
	}
	return projects
}

// buildsServer tells whether a Dockerfile names a server: the command of an image that is not
// there cannot be asked for.
func (look *look) buildsServer(ctx context.Context, build *docker.ComposeBuild) bool {
	if build == nil {
		return false
	}
	raw, err := look.machine.ReadFile(ctx, build.Dockerfile, 1<<20)
	return err == nil && appserver.Among(strings.FieldsFunc(string(raw), func(r rune) bool { return strings.ContainsRune("[],\"'", r) }))
}
