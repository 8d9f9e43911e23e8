package steps

import (
	"time"

	"flasktui/sys"
)

// composeArgv begins a command for exactly the project that the container was made from:
// its files and directory are in its labels (G41).
func composeArgv(container sys.Container, arguments ...string) []string {
	argv := []string{"docker", "compose"}
	if container.ProjectDir != "" {
		argv = append(argv, "--project-directory", container.ProjectDir)
	}
	argv = append(argv, "-p", container.Project)
	for _, file := range container.ConfigFiles {
		argv = append(argv, "-f", file)
	}
	if container.EnvironmentFile != "" {
		argv = append(argv, "--env-file", container.EnvironmentFile)
	}
	return append(argv, arguments...)
}

func planContainerRestart(container sys.Container) Plan {
	plan := planned(Plan{
		Effect: sys.Textf("The processes in %s are started again, in the same container: same image, same environment.", container.Name),
		Risk:   MediumRisk,
		Undo:   "None needed.",
	}, change(serviceTimeout, composeArgv(container, "restart", container.Service)...))
	plan.Blocked = "a restart applies neither a new image nor a new environment; the container has to be made anew"
	return plan
}

func planDockerRecreate(v *view) Plan {
	container, ok := v.TargetContainer()
	if !ok {
		return blocked("the service is no Compose service")
	}
	return planned(Plan{
		Effect: sys.Textf("The image of %s is built without the cache, and the container is made anew from it.", container.Service),
		Risk:   HighRisk,
		Undo:   "Check out the old source, build and recreate again.",
	}, change(buildTimeout, composeArgv(container, "build", "--no-cache", container.Service)...),
		change(serviceTimeout, composeArgv(container, "up", "-d", "--force-recreate", container.Service)...))
}

func planDockerUp(v *view) Plan {
	container, ok := v.TargetContainer()
	if !ok {
		return blocked("the service is no Compose service")
	}
	return planned(Plan{
		Effect: sys.Textf("Compose compares %s with its files and makes the container anew where they differ.", container.Service),
		Risk:   MediumRisk,
		Undo:   "Put the old image's tag, or the old files, back and run it again.",
	}, change(serviceTimeout, composeArgv(container, "up", "-d", container.Service)...))
}

// doneDocker: a container of the service that was made after the fix began, and runs.
func doneDocker(_, after *view, started time.Time) (bool, sys.Text) {
	container, ok := after.TargetContainer()
	switch {
	case !ok:
		return false, "the service has no container"
	case container.State != "running":
		return false, sys.Textf("the container is %s", container.State)
	case container.Created.Before(started.Add(-time.Second)):
		return false, "the container is still the old one"
	}
	return true, sys.Textf("%s runs, made anew", container.Name)
}
