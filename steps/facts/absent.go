package facts

import (
	"context"
	"path"
	"strings"

	"flasktui/sys/docker"
)

// absentContainers are the containers of a service that was named, or of a Compose file
// that was, which are not there: `docker compose down` removes them, and with them every
// label that would say where the project's files are. problem is why there is no telling.
//
// The containers of a user's own daemon are told by themselves alone, and are there in the
// place of none of root's.
func (look *look) absentContainers(ctx context.Context, listed *Facts) (absent []docker.Container, problem string) {
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
		if err != nil {
			problem = err.Error()
			continue
		}
		for _, planned := range found {
			if there(planned.Container) || named && composeName(planned.Container) != options.Service {
				continue
			}
			planned.Gunicorn = planned.Gunicorn || look.buildsGunicorn(ctx, planned.Build)
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

// buildsGunicorn tells whether a Dockerfile names Gunicorn: the command of an image that is
// not there cannot be asked for.
func (look *look) buildsGunicorn(ctx context.Context, build *docker.ComposeBuild) bool {
	if build == nil {
		return false
	}
	raw, err := look.machine.ReadFile(ctx, build.Dockerfile, 1<<20)
	return err == nil && strings.Contains(string(raw), "gunicorn")
}
