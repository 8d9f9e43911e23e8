package facts

import (
	"bytes"
	"context"
	"path"
	"slices"
	"strings"
	"time"

	"flasktui/sys"
	"flasktui/sys/docker"
	"flasktui/sys/git"
)

// ImageBuild is how an image is built from files of this box, as its Dockerfile tells.
type ImageBuild struct {
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
	// Told is what the build is told; nil where the files that tell could not be read as the
	// whole that they are. Overrides are the settings of the image that whoever runs it sets
	// otherwise.
	Told      *docker.ComposeBuild `json:"-"`
	Overrides []string             `json:"-"`
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

// imageBuild is how the image of the examined container is built: as its Compose files say, or,
// for one of no project, as was found.
func (facts *Facts) imageBuild() ImageBuild {
	if container, _ := facts.TargetContainer(); container.Project == "" && facts.FoundBuild.Known {
		return facts.FoundBuild.Value.ImageBuild
	}
	return facts.Compose.Value.ImageBuild
}

// BuildRemote are the instructions of the Dockerfile that fetch code from elsewhere (G43).
func (facts *Facts) BuildRemote() []string { return facts.imageBuild().Remote }

// readBuild follows the Dockerfile of a Compose service as far as it tells where files come
// from. Without a model the project's directory is taken for the context, if it has a Dockerfile.
func (look *look) readBuild(ctx context.Context, compose *ComposeFacts, appDir string) {
	build := docker.ComposeBuild{Context: compose.Project.Directory, Dockerfile: path.Join(compose.Project.Directory, "Dockerfile")}
	if compose.Service != nil {
		if compose.Service.Build == nil {
			return
		}
		build = *compose.Service.Build
		compose.Told, compose.Overrides = compose.Service.Build, compose.Service.Overrides
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
	look.readRecipe(ctx, &compose.ImageBuild, build, compose.Project.Files, appDir, build.Context, compose.Project.Directory)
}

// readRecipe reads the Dockerfile of a build. Files are others that decide about the build, and
// clones the directories in which a repository may be checked out that the build clones.
func (look *look) readRecipe(ctx context.Context, built *ImageBuild, build docker.ComposeBuild, files []string, clones ...string) {
	raw, err := look.machine.ReadFile(ctx, build.Dockerfile, 1<<20)
	if err != nil {
		built.BuildProblem = sys.Textf("%s %s", build.Dockerfile, problemOf(err))
		return
	}
	file, err := docker.ParseDockerfile(bytes.NewReader(raw), build.Arguments)
	if err != nil {
		built.BuildProblem = sys.ErrorText(err)
		return
	}
	built.Remote, built.Recipe = file.Remote(), &file
	for _, name := range append([]string{build.Dockerfile}, files...) {
		if info, err := look.machine.Stat(ctx, name); err == nil && info.ContentTime().After(built.RecipeAt) {
			built.RecipeAt = info.ContentTime()
		}
		if name == build.Dockerfile {
			built.DockerfileAt = built.RecipeAt
		}
	}
	for _, one := range file.Copies(build.Target) {
		if one.Clone != "" {
			if checkout := look.checkoutOf(ctx, one.Clone, clones...); checkout != "" {
				built.Copies = append(built.Copies, SourceCopy{Source: checkout, Destination: path.Clean(one.Destination), Context: checkout, Cloned: true})
			}
			continue
		}
		sources, err := look.expandSource(ctx, path.Join(build.Context, one.Source))
		if err != nil {
			built.BuildProblem = sys.ErrorText(err)
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
			built.Copies = append(built.Copies, copied)
		}
	}
}

// compareSteps compares how an image was made with a Dockerfile that changed since: what was
// taken out of it is still in the image, where the settings alone do not tell it from what
// the base image has (G60).
func (look *look) compareSteps(ctx context.Context, known *Facts, image docker.Image, found *ImageSource) {
	built := known.imageBuild()
	build := *built.Told
	container, _ := known.TargetContainer()
	base, isKnown := built.Recipe.Base(build.Target)
	if isKnown = isKnown && !slices.Contains(build.Contexts, base.Value); !isKnown {
		base.Value = ""
	}
	origin, err := docker.ReadOrigin(ctx, look.machine, container.Daemon, image, base.Value)
	// A base image is made anew without a word of the Dockerfile's.
	changed := built.DockerfileAt.After(image.Created) || len(build.Arguments) > 0
	switch {
	case !changed && (err != nil || origin.Other):
		return
	case err != nil:
		found.BaseProblem = sys.Textf("how the image of %s was made is not known: %s", container.Called(), problemOf(err))
		return
	case origin.Other && base.Argument:
		found.Doubtful = append(found.Doubtful, "FROM "+string(sys.Safe(base.Value)))
		return
	case origin.Other:
		found.Settings = append(found.Settings, "FROM "+string(sys.Safe(base.Value)))
		return
	case changed && !isKnown:
		found.BaseProblem = sys.Textf("%s changed after the image of %s was built, and does not tell which image it begins from", found.Recipe, container.Called())
	case changed && origin.Began == nil:
		found.BaseProblem = sys.Textf("%s changed after the image of %s was built, and %s, from which it begins, is not on this box to compare with", found.Recipe, container.Called(), base.Value)
	}
	for _, name := range built.Recipe.OtherSteps(build.Target, origin, image) {
		destination, isCopy := strings.CutPrefix(name, "COPY ")
		mount, mounted := known.MountOver(destination)
		if !slices.Contains(built.Overrides, name) && !(isCopy && mounted && mount.Type == "bind") {
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
	for _, one := range slices.Backward(facts.imageBuild().Copies) {
		if sys.Within(one.Destination, name) {
			return path.Join(one.Source, strings.TrimPrefix(name, one.Destination)), true
		}
	}
	return "", false
}
