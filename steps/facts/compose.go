package facts

import (
	"bytes"
	"cmp"
	"context"
	"path"
	"slices"
	"strings"

	"flasktui/sys"
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
	// BuildProblem is why the Dockerfile could not be read.
	BuildProblem string `json:"build_problem,omitempty"`
}

// SourceCopy is a file or directory of the box that the build copies into the image.
type SourceCopy struct {
	Source      string `json:"source"`
	Destination string `json:"destination"`
	// Context is the build's context, below which .dockerignore counts.
	Context string `json:"context"`
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
		return func(facts *Facts) { facts.Compose = Missing[ComposeFacts]("the service is no Compose service", source) }
	}
	project := container.ComposeProject()
	if file := known.Options.ComposeFile; file != "" {
		project.Files = []string{file}
		project.Directory = cmp.Or(project.Directory, path.Dir(file))
	}
	read, err := docker.ReadCompose(ctx, look.machine, project, container.Service, container.ConfigHash)
	if err != nil {
		return func(facts *Facts) { facts.Compose = unreadableFor[ComposeFacts](err, source) }
	}
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
		compose.BuildProblem = "the build's context is no directory of this box"
		return
	}
	if reader := compose.Reader; reader != nil {
		if denied := sys.DeniedTo(ctx, look.machine, *reader, build.Context, build.Dockerfile); len(denied) > 0 {
			compose.BuildProblem = denied[0] + " may not be read by " + reader.String() + ", who decides what the Compose files name"
			return
		}
	}
	raw, err := look.machine.ReadFile(ctx, build.Dockerfile, 1<<20)
	if err != nil {
		compose.BuildProblem = build.Dockerfile + " " + problemOf(err)
		return
	}
	file, err := docker.ParseDockerfile(bytes.NewReader(raw))
	if err != nil {
		compose.BuildProblem = err.Error()
		return
	}
	compose.Remote = file.Remote()
	for _, one := range file.Copies(build.Target) {
		if one.Clone != "" {
			if checkout := look.checkoutOf(ctx, one.Clone, appDir, build.Context, compose.Project.Directory); checkout != "" {
				compose.Copies = append(compose.Copies, SourceCopy{Source: checkout, Destination: path.Clean(one.Destination), Context: checkout, Cloned: true})
			}
			continue
		}
		for _, source := range look.expandSource(ctx, path.Join(build.Context, one.Source)) {
			copied := SourceCopy{Source: source, Destination: path.Clean(one.Destination), Context: build.Context}
			if info, err := look.machine.Stat(ctx, source); err == nil && !info.IsDir() && strings.HasSuffix(one.Destination, "/") {
				copied.Destination = path.Join(copied.Destination, path.Base(source))
			}
			compose.Copies = append(compose.Copies, copied)
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
func (look *look) expandSource(ctx context.Context, source string) []string {
	if !strings.ContainsAny(path.Base(source), "*?[") {
		return []string{source}
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
