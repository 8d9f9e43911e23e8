package facts

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"flasktui/sys"
	"flasktui/sys/docker"
	"flasktui/sys/git"
)

// ImageSource is what the image was built from, compared by content with what the
// container has of it. Dates alone tell nothing: a file may merely have been touched.
type ImageSource struct {
	// Compared is how many files were found on both sides, Same how many of them have
	// the same content.
	Compared int `json:"compared"`
	Same     int `json:"same"`
	// Differences are the others, the newest first.
	Differences []SourceDifference `json:"differences"`
	// Partial says that not every file could be looked at.
	Partial bool `json:"partial,omitempty"`
	// ClonedCommit is the commit that the build cloned, where the image kept its .git;
	// Behind says that the checkout on disk once stood there, and has moved on.
	ClonedCommit string `json:"cloned_commit,omitempty"`
	Behind       bool   `json:"behind,omitempty"`
	// Mounted says that the build copies no code that the container runs: none at all, or
	// what is mounted lies over it.
	Mounted bool `json:"mounted,omitempty"`
	// Volumes are the named ones that hide some of what differs.
	Volumes []VolumeContent `json:"volumes,omitempty"`
	// Settings are those of the image that its Dockerfile gives otherwise, or no longer ("ENV
	// NAME", "CMD", "FROM IMAGE"), and other steps that only one of the two has; Doubtful are others for which whoever built it may have given an argument.
	// Recipe is the Dockerfile, which changed at RecipeAt.
	Settings []string  `json:"settings,omitempty"`
	Doubtful []string  `json:"doubtful,omitempty"`
	Recipe   string    `json:"recipe,omitempty"`
	RecipeAt time.Time `json:"recipe_at,omitzero"`
	// Unread are instructions that put files into the image which cannot be compared.
	Unread []string `json:"unread,omitempty"`
	// BaseProblem is why it is not known whether the image was made by the instructions that
	// the Dockerfile has now, which changed after the build.
	BaseProblem sys.Text `json:"base_problem,omitempty"`
}

// SourceDifference is a file on disk that the container has otherwise, or not at all.
type SourceDifference struct {
	Path   string    `json:"path"`
	Inside string    `json:"inside"`
	At     time.Time `json:"at"`
	// Touched is when anything of it last changed, its content or not; it cannot be set back.
	Touched time.Time `json:"touched,omitzero"`
	// Cloned says that the image got it from a repository, and not from this disk.
	Cloned bool `json:"cloned,omitempty"`
	// Missing says that the container has no such file.
	Missing bool `json:"missing,omitempty"`
	// Static says that it is served as it is; anything else is run, or decides what is.
	Static bool `json:"static,omitempty"`
	// Configuration says that it is neither the app's code nor served: the configuration of
	// another program, or a script that starts the app.
	Configuration bool `json:"configuration,omitempty"`
	// Volume is the volume that lies over it; empty for none.
	Volume string `json:"volume,omitempty"`
	// VolumeAnonymous says that Docker named the volume itself.
	VolumeAnonymous bool `json:"volume_anonymous,omitempty"`
}

const (
	// sourceFiles bounds how many files are compared.
	sourceFiles = 5000
	// sourceFileLimit bounds what is read of one file.
	sourceFileLimit = 4 << 20
)

// GroupImageSource is what the image was built from.
func GroupImageSource() Group {
	return Group{
		name: "image-source", words: "the image's source",
		needs:  []func() Group{GroupDeployment, GroupImages, GroupFoundBuild},
		read:   (*look).readImageSource,
		fields: []field{fieldOf("/proc/PID/root", func(facts *Facts) *Fact[ImageSource] { return &facts.ImageSource })},
	}
}

func (look *look) readImageSource(ctx context.Context, known *Facts) func(*Facts) {
	source := look.imageSource(ctx, known)
	return func(facts *Facts) { facts.ImageSource = source }
}

// imageSource compares the image of the target's container with what it is built from.
func (look *look) imageSource(ctx context.Context, known *Facts) Fact[ImageSource] {
	const from = "the files of the build's context, and /proc/PID/root"
	container, _ := known.TargetContainer()
	switch built := known.imageBuild(); {
	case known.Target.Container == "":
		return Missing[ImageSource]("the service is not a container", from)
	case container.Project == "" && !known.FoundBuild.Known:
		return restsOn[ImageSource](known.FoundBuild, from)
	case container.Project != "" && !known.Compose.Known:
		return restsOn[ImageSource](known.Compose, from)
	case built.BuildProblem != "":
		return Unreadable[ImageSource](built.BuildProblem, from)
	case built.Recipe == nil:
		return Missing[ImageSource]("the image is not built from files of this box", from)
	case !known.Inside.Known:
		return restsOn[ImageSource](known.Inside, from)
	}
	comparison := look.compareSource(ctx, known)
	found := comparison.found
	found.Volumes = comparison.readVolumes(ctx)
	found.Mounted = found.Compared == 0 && (comparison.mounted > 0 || comparison.files == 0 && !found.Partial)
	look.compareSettings(ctx, known, &found)
	return Of(found, from)
}

// compareSettings compares what the Dockerfile sets with the image that the container's tag
// names now, or else the one that it runs (G60). What the Compose files set for the service
// is not the image's to decide.
func (look *look) compareSettings(ctx context.Context, known *Facts, found *ImageSource) {
	built := known.imageBuild()
	build := docker.ComposeBuild{}
	if built.Told != nil {
		build = *built.Told
	}
	found.Unread = built.Recipe.Unread(build.Target)
	container, _ := known.TargetContainer()
	image, ok := known.Images.Value[container.ImageName]
	if !ok {
		image, ok = known.Images.Value[container.ImageID]
	}
	settings, isTarget := built.Recipe.Settings(build.Target)
	if !ok || build.Dockerfile == "" || !isTarget {
		return
	}
	found.Recipe, found.RecipeAt = build.Dockerfile, built.RecipeAt
	found.Settings, found.Doubtful = settings.Differences(image, built.Overrides)
	if found.RecipeAt.After(image.Created) && !image.Created.IsZero() {
		look.compareSteps(ctx, known, image, found)
	}
	// A build is often told which commit it is of.
	found.Doubtful = slices.DeleteFunc(found.Doubtful, func(name string) bool {
		variable, isVariable := strings.CutPrefix(name, "ENV ")
		repository := known.Deployment.Value.Repository
		return isVariable && repository != nil && git.SameCommit(repository.Commit, image.Environment[variable])
	})
}

// compareSource compares what the build copies with what the container that known.Inside
// is of has of it.
func (look *look) compareSource(ctx context.Context, known *Facts) *sourceComparison {
	comparison := &sourceComparison{look: look, known: known, ignores: map[string]docker.Dockerignore{}}
	comparison.found.Differences = []SourceDifference{}
	for _, copied := range known.imageBuild().Copies {
		comparison.compare(ctx, copied)
		if copied.Cloned {
			comparison.found.ClonedCommit, comparison.found.Behind = look.clonedCommit(ctx, known.Inside.Value.Root+copied.Destination, copied.Source)
		}
	}
	found := &comparison.found
	slices.SortStableFunc(found.Differences, func(a, b SourceDifference) int { return b.At.Compare(a.At) })
	found.Differences = found.Differences[:min(len(found.Differences), 50)]
	return comparison
}

// clonedCommit compares the commit of a clone in an image with where a checkout of the same
// repository has been, by the checkout's own log.
func (look *look) clonedCommit(ctx context.Context, inside, checkout string) (commit string, behind bool) {
	clone, err := git.FindRepository(ctx, look.machine, inside)
	if err != nil || clone == nil || clone.Directory != inside {
		return "", false
	}
	own, err := git.FindRepository(ctx, look.machine, checkout)
	if err != nil || own == nil || clone.Commit == "" || clone.Commit == own.Commit {
		return clone.Commit, false
	}
	return clone.Commit, slices.ContainsFunc(own.Log, func(entry git.ReflogEntry) bool {
		return entry.Old == clone.Commit || entry.New == clone.Commit
	})
}

// sourceComparison is a comparison in progress.
type sourceComparison struct {
	look    *look
	known   *Facts
	ignores map[string]docker.Dockerignore
	found   ImageSource
	files   int
	// mounted counts the files over which a directory of the box is mounted.
	mounted int
	// telling counts those of the same content that hardly any other project has.
	telling int
}

// tellingSize is from which size on a file's content tells of which project it is: empty
// __init__.py files, and lists of one requirement, are everybody's.
const tellingSize = 64

// ignore reads the .dockerignore of a context, once.
func (c *sourceComparison) ignore(ctx context.Context, directory string) docker.Dockerignore {
	if ignore, ok := c.ignores[directory]; ok {
		return ignore
	}
	var ignore docker.Dockerignore
	names := []string{path.Join(directory, ".dockerignore")}
	if told := c.known.imageBuild().Told; told != nil {
		// BuildKit prefers the one that is named after the Dockerfile.
		names = append([]string{told.Dockerfile + ".dockerignore"}, names...)
	}
	for _, name := range names {
		if raw, err := c.look.readResolved(ctx, name, 1<<20); err == nil {
			if parsed, err := docker.ParseDockerignore(bytes.NewReader(raw)); err == nil {
				ignore = parsed
				break
			}
		}
	}
	c.ignores[directory] = ignore
	return ignore
}

// compare walks one copied file or directory.
func (c *sourceComparison) compare(ctx context.Context, copied SourceCopy) {
	ignore := docker.Dockerignore{}
	if !copied.Cloned {
		ignore = c.ignore(ctx, copied.Context)
	}
	var visit func(source, inside string, depth int)
	visit = func(source, inside string, depth int) {
		relative := strings.TrimPrefix(strings.TrimPrefix(source, copied.Context), "/")
		ignored := relative != "" && ignore.Ignores(relative)
		info, err := c.look.machine.Stat(ctx, source)
		switch {
		case err != nil:
			c.found.Partial = c.found.Partial || !errors.Is(err, fs.ErrNotExist)
		case ctx.Err() != nil || c.files > sourceFiles:
			c.found.Partial = true
		case info.IsDir() && (!ignored || ignore.HasExceptions()) && depth < 30:
			entries, err := c.look.machine.ReadDir(ctx, source)
			if err != nil {
				c.found.Partial = true
				return
			}
			if slices.ContainsFunc(entries, func(entry sys.Entry) bool { return entry.Name == "pyvenv.cfg" }) {
				return
			}
			for _, entry := range entries {
				if !neverCode(entry.Name) {
					visit(path.Join(source, entry.Name), path.Join(inside, entry.Name), depth+1)
				}
			}
		case info.Mode.IsRegular() && !ignored && c.matters(source, inside, copied):
			c.files++
			c.file(ctx, source, inside, info, copied)
		}
	}
	visit(copied.Source, copied.Destination, 0)
}

// matters leaves out what neither runs nor is served, and what a later copy or a mount
// puts over it.
func (c *sourceComparison) matters(source, inside string, copied SourceCopy) bool {
	if last, ok := c.known.SourceOf(inside); !ok || last != source {
		return false
	}
	if mount, ok := c.known.MountOver(inside); ok && mount.Type == "bind" {
		c.mounted++
		return false
	}
	return isAppFile(source) || c.isConfiguration(source, inside, copied)
}

// isConfiguration tells of a file that is not the app's own whether the image needs it all
// the same: the Dockerfile names it, or puts it outside of the app's directory, or starts
// the app by it (G60). What a step of the Dockerfile rewrites is no copy any more.
func (c *sourceComparison) isConfiguration(source, inside string, copied SourceCopy) bool {
	name := path.Base(source)
	if isScratchName(name) || copied.Rewritten || copied.Cloned || isDocument(name) {
		return false
	}
	container, _ := c.known.TargetContainer()
	apps := []string{container.WorkingDirectory, c.known.Settings.Value.Directory}
	outside := container.WorkingDirectory != "" && !slices.ContainsFunc(apps, func(directory string) bool { return sys.Within(directory, inside) })
	return copied.Named || outside || slices.ContainsFunc(container.Argv, func(word string) bool {
		return path.Base(word) == name && absolute(container.WorkingDirectory, word) == inside
	})
}

// file compares one file by content.
func (c *sourceComparison) file(ctx context.Context, source, inside string, info sys.FileInfo, copied SourceCopy) {
	outside, err := c.sum(ctx, source)
	if err != nil {
		c.found.Partial = true
		return
	}
	held, err := c.sum(ctx, c.known.Inside.Value.Root+inside)
	missing := errors.Is(err, fs.ErrNotExist)
	if err == nil && held != outside && !isAppFile(source) && c.writtenInside(ctx, inside) {
		return
	}
	switch {
	case err != nil && !missing:
		c.found.Partial = true
		return
	case missing && copied.Cloned:
		// Whether the repository has it is not known.
		return
	case !missing:
		c.found.Compared++
		if held == outside {
			c.found.Same++
			if info.Size >= tellingSize && isAppFile(source) {
				c.telling++
			}
			return
		}
	}
	difference := SourceDifference{Path: source, Inside: inside, At: info.ContentTime(), Touched: info.Changed, Missing: missing, Static: isStatic(source), Cloned: copied.Cloned, Configuration: !isAppFile(source)}
	if mount, ok := c.known.MountOver(inside); ok {
		difference.Volume, difference.VolumeAnonymous = cmp.Or(mount.Name, mount.Type), mount.Anonymous()
	}
	c.found.Differences = append(c.found.Differences, difference)
}

// writtenInside tells whether a file was written since its container was made, as programs do
// with their own configuration when they start: it is not the image's any more.
func (c *sourceComparison) writtenInside(ctx context.Context, inside string) bool {
	container, _ := c.known.TargetContainer()
	info, err := c.look.machine.Stat(ctx, c.known.Inside.Value.Root+inside)
	return err == nil && !container.Created.IsZero() && !info.Modified.Before(container.Created)
}

func (c *sourceComparison) sum(ctx context.Context, name string) ([sha256.Size]byte, error) {
	content, err := c.look.readResolved(ctx, name, sourceFileLimit)
	return sha256.Sum256(content), err
}
