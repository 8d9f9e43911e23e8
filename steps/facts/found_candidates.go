package facts

import (
	"cmp"
	"context"
	"path"
	"slices"
	"strings"

	"flasktui/sys"
	"flasktui/sys/docker"
)

// This file says which directories may be what an image is built from.

// candidates are the builds that may be the one, those first that something leads to.
func (search *buildSearch) candidates(ctx context.Context) []buildCandidate {
	candidates := search.named(ctx)
	beside := search.beside()
	for _, build := range docker.FindContexts(ctx, search.look.machine, beside...) {
		if !search.believes(ctx, build) || slices.ContainsFunc(candidates, func(one buildCandidate) bool {
			return one.Context == build.Context && one.Dockerfile == build.Dockerfile
		}) {
			continue
		}
		candidate := buildCandidate{ComposeBuild: build}
		appDir := search.known.Options.AppDir
		switch names := strings.Split(build.Context, "/"); {
		case appDir != "" && path.Clean(appDir) == build.Context:
			candidate.rank, candidate.says = bySaying, "it was named with --app-dir"
		case slices.Contains(beside, build.Context):
			candidate.rank, candidate.says = besideIt, "the container is started from there"
		case slices.Contains(names, docker.Repository(search.container.ImageName)), slices.Contains(names, search.container.Name):
			candidate.rank, candidate.says = byName, "it is called like the image or its container"
		case search.isProject(build.Context):
			continue
		}
		candidates = append(candidates, candidate)
	}
	slices.SortStableFunc(candidates, func(one, other buildCandidate) int { return cmp.Compare(other.rank, one.rank) })
	return candidates[:min(len(candidates), buildsTried)]
}

// named are the builds that the commands of the container's unit make, by the image's tag.
func (search *buildSearch) named(ctx context.Context) []buildCandidate {
	var named []buildCandidate
	unit, ok := search.known.AroundUnit()
	if !ok {
		return nil
	}
	for _, one := range search.look.dockerCommands(ctx, unit.Unit, slices.Concat(unit.Beside, unit.ExecStart), true) {
		build, tags, ok := docker.BuildOf(one.Argv, one.Directory)
		if ok && slices.ContainsFunc(tags, func(tag string) bool { return docker.SameTag(tag, search.container.ImageName) }) {
			named = append(named, buildCandidate{ComposeBuild: build, rank: bySaying, byUnit: true, says: sys.Textf("%s builds the image from there", unit.Name)})
		}
	}
	return named
}

// beside are directories that the container is started from: of its unit and the scripts that
// it names, and of a project that podman-compose has.
func (search *buildSearch) beside() []string {
	var directories []string
	if search.container.ProjectDir != "" {
		directories = append(directories, search.container.ProjectDir)
	}
	if unit, ok := search.known.AroundUnit(); ok {
		directories = append(directories, unit.WorkingDirectory)
		for _, argv := range slices.Concat(unit.Beside, unit.ExecStart) {
			for _, word := range argv {
				if path.IsAbs(word) && !strings.HasPrefix(word, "/usr/") && !strings.HasPrefix(word, "/bin/") {
					directories = append(directories, path.Dir(word))
				}
			}
		}
	}
	for at, directory := range directories {
		directories[at] = strings.TrimPrefix(directory, "!")
	}
	return slices.DeleteFunc(directories, func(directory string) bool {
		return !path.IsAbs(directory) || strings.Count(path.Clean(directory), "/") < 2
	})
}

// isProject tells of a directory whether a Compose project on this box is in it.
func (search *buildSearch) isProject(directory string) bool {
	return slices.ContainsFunc(search.known.Containers.Value, func(other docker.Container) bool {
		return other.Project != "" && sys.Within(other.ProjectDir, directory)
	})
}

// believes tells of a directory below the homes whether it is of somebody who could have had the
// image built: what others have there must not speak of a container that they have no part in.
func (search *buildSearch) believes(ctx context.Context, build docker.ComposeBuild) bool {
	if !sys.Within("/home", build.Dockerfile) {
		return true
	}
	namers := sys.FindNamers(ctx, search.look.machine, build.Dockerfile)
	return !namers.Anybody && !slices.ContainsFunc(namers.Users, func(user uint32) bool {
		self := search.known.Host.Known && search.known.Host.Value.UID == int(user)
		return !self && user != search.container.Daemon.Owner.UID && !search.accounts.InAny(user, "docker", "sudo", "wheel", "admin", "root")
	})
}
