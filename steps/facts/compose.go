package facts

import (
	"cmp"
	"context"
	"path"
	"slices"
	"strings"

	"flasktui/sys"
	"flasktui/sys/appserver"
	"flasktui/sys/docker"
)

// ComposeFacts is the examined service as Compose sees it on disk now.
type ComposeFacts struct {
	docker.Compose
	Project docker.ComposeProject `json:"project"`
	// Prints are fingerprints of the environment that Compose would give it; Held are
	// those of the environment that the container was made with.
	Prints map[string]string `json:"prints"`
	Held   map[string]string `json:"held"`
	ImageBuild
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
	compose := ComposeFacts{Compose: read, Project: project, ImageBuild: ImageBuild{Copies: []SourceCopy{}, Remote: []string{}}}
	compose.Held, _ = look.reduce(container.Environment)
	if read.Service != nil {
		compose.Prints, _ = look.reduce(read.Service.Environment)
	}
	look.readBuild(ctx, &compose, known.Options.AppDir)
	return func(facts *Facts) { facts.Compose = Of(compose, source) }
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
	if copies := facts.imageBuild().Copies; inside == "" && container.State == docker.ContainerAbsent && len(copies) > 0 {
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
