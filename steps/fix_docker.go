package steps

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/sys/docker"
)

// composeArgv begins a command for exactly the project that the container was made from:
// its files and directory are in its labels (G41).
func (v *view) composeArgv(container docker.Container, arguments ...string) []string {
	project := container.ComposeProject()
	if v.Compose.Known {
		project = v.Compose.Value.Project
	}
	return v.Compose.Value.Argv(project, arguments...)
}

// composeLine is such a command for a person to type.
func (v *view) composeLine(container docker.Container, arguments ...string) sys.Text {
	return sys.Textf("%s", sys.CommandLine(v.composeArgv(container, arguments...)))
}

// dockerChange is a change that needs root's rights only where Docker does.
func (v *view) dockerChange(timeout time.Duration, argv ...string) action {
	daemon := v.dockerDaemon()
	owner := daemon.Owner
	one := change(timeout, argv...)
	one.command.Elevate = daemon.AsRoot
	if owner.UID != 0 && (!v.Host.Known || v.Host.Value.UID != int(owner.UID)) {
		// A build sends files to the daemon, and its labels say which: with root's
		// rights its owner could have any file of the box.
		one = change(timeout, slices.Concat(setPrivileges(owner.UID, owner.GID, "--reset-env"), argv)...)
	}
	return one
}

// dockerLine is a command for a person to type, for the daemon that a container belongs to.
func dockerLine(container docker.Container, arguments ...string) sys.Text {
	return sys.Textf("%s", sys.CommandLine(container.Daemon.Argv(arguments...)))
}

// dockerDaemon is the one that the examined service's container, or the Nginx's before it,
// belongs to.
func (v *view) dockerDaemon() docker.Daemon {
	container, _ := v.ContainerOf(cmp.Or(v.Target.Container, v.Front.Value.Container))
	return container.Daemon
}

func planContainerRestart(v *view, container docker.Container) prepared {
	plan := planned(report.Plan{
		Effect: sys.Textf("The processes in %s are started again, in the same container: same image, same environment, with what is mounted into it as it is on disk now.", container.Name),
		Risk:   report.MediumRisk,
		Undo:   "None needed.",
	}, v.dockerChange(serviceTimeout, v.composeArgv(container, "restart", container.Service)...))
	plan.Blocked = v.containerRestartRefusal()
	return plan.from(v.ledOrigin())
}

func planDockerRecreate(v *view) prepared {
	container, ok := v.TargetContainer()
	if !ok || container.Project == "" {
		return blocked("the service is no Compose service")
	}
	var actions []action
	effect := sys.Textf("The image of %s is built without the cache, and the container is made anew from it. If the build fails, the running container is left as it is.", container.Service)
	if service := v.Compose.Value.Service; service != nil && service.Build == nil {
		effect = sys.Textf("The container of %s is made anew from its image, %s.", container.Service, container.ImageName)
	} else {
		build := v.dockerChange(buildTimeout, v.composeArgv(container, "build", "--no-cache", container.Service)...)
		build.failed = "The build failed; the running container was not touched and goes on as before."
		actions = append(actions, build)
	}
	plan := planned(report.Plan{Effect: effect, Risk: report.HighRisk, Undo: "Check out the old source, build and recreate again."},
		slices.Concat(actions, v.upActions(container, "--force-recreate"), v.nginxAfterContainer())...)
	if v.removesFirst(container) {
		plan.Effect += removedFirst
	}
	plan.Blocked = v.composeRefusal()
	return plan.from(v.composeOrigin(true))
}

// removedFirst is said where a container has to go before the next one comes.
const removedFirst = " docker-compose 1 fails half-way where it would put a container in the place of an older one on this Docker (KeyError: 'ContainerConfig'), so the old one is removed first."

// removesFirst tells whether the Compose here would stop the old container and then fail,
// with nothing running: version 1, and an image that tells no ContainerConfig, as Docker
// does since its version 25.
func (v *view) removesFirst(container docker.Container) bool {
	image, known := v.Images.Value[container.ImageID]
	return v.Compose.Value.Older && container.State != docker.ContainerAbsent && known && !image.ContainerConfig
}

// upActions have Compose make the container anew.
func (v *view) upActions(container docker.Container, options ...string) []action {
	up := v.dockerChange(serviceTimeout, v.composeArgv(container, slices.Concat([]string{"up", "-d"}, options, []string{container.Service})...)...)
	if !v.removesFirst(container) {
		return []action{up}
	}
	up.failed = "The old container is gone, and the new one was not started: run this last command again once what it says is mended."
	return []action{v.dockerChange(serviceTimeout, v.composeArgv(container, "rm", "-s", "-f", container.Service)...), up}
}

func planDockerUp(v *view) prepared {
	container, ok := v.TargetContainer()
	if !ok || container.Project == "" {
		return blocked("the service is no Compose service")
	}
	plan := planned(report.Plan{
		Effect: sys.Textf("Compose compares %s with its files and its image, and makes the container anew where they differ.", container.Service),
		Risk:   report.MediumRisk,
		Undo:   "Put the old image's tag, or the old files, back and run it again.",
	}, append(v.upActions(container), v.nginxAfterContainer()...)...)
	if v.removesFirst(container) {
		plan.Effect += removedFirst
	}
	plan.Blocked = v.composeRefusal()
	_, present := v.Images.Value[container.ImageName]
	return plan.from(v.composeOrigin(v.Images.Known && !present))
}

// nginxAfterContainer reloads Nginx where it finds the container by a name: a new
// container may have a new address (G30).
func (v *view) nginxAfterContainer() []action {
	location := v.Site.Value.Address.Location
	if location == nil || len(v.NginxWorkers()) == 0 || v.NginxDisk.Value.Failure != "" {
		return nil
	}
	if _, replaced := v.frontMount(); replaced {
		// Its own configuration is for its own fix.
		return nil
	}
	for name := range v.NginxNames {
		if name != "localhost" && v.passesToName(*location, name) {
			return nginxReloadActions(v)
		}
	}
	return nil
}

// composeRefusal is why Compose must not be run for the service now; empty where it may.
func (v *view) composeRefusal() sys.Text {
	container, _ := v.TargetContainer()
	anonymous := slices.ContainsFunc(v.Inside.Value.Mounts, facts.MountState.Anonymous)
	switch compose := v.Compose; {
	case compose.Value.Older && container.ComposeVersion != "" && !strings.HasPrefix(container.ComposeVersion, "1."):
		return sys.Textf("the container was made by Compose %s, and here is docker-compose 1 alone, which would make another beside it. Run it where the deploy does", container.ComposeVersion)
	case v.removesFirst(container) && anonymous:
		return "docker-compose 1 fails half-way on this Docker unless the old container is removed first, and that one has a volume without a name, which the new one would not get. Use the plugin, docker compose"
	case !compose.Known:
		return sys.Textf("the Compose files could not be read: %s", compose.Problem)
	case len(compose.Value.Unset) > 0:
		return sys.Textf("the Compose files take %s from the shell of whoever runs Compose, and flasktui has not got it: the container would be made without. Run it where the deploy does", strings.Join(compose.Value.Unset, ", "))
	}
	return ""
}

// doneDocker: the service's container runs the image that its tag names, with the
// configuration that the files give, and nothing of it is stale.
func doneDocker(_, after *view, _ time.Time) (bool, sys.Text) {
	container, ok := after.TargetContainer()
	switch {
	case !ok:
		return false, "the service has no container"
	case container.State != "running":
		return false, sys.Textf("the container is %s", container.State)
	case !after.running:
		return false, "no Gunicorn runs in it yet"
	case after.isDown() || after.Site.Value.App.Problem != "":
		// Docker's own proxy takes connections before Gunicorn listens behind it.
		return false, "the app does not answer at its own address yet"
	}
	if finding := findContainer(after); finding != nil && finding.Decides() {
		return false, finding.Why
	}
	if one, isOld := after.oldest(); isOld {
		return false, sys.Textf("%s %d still holds old code: %s", one.role, one.process.PID, one.why)
	}
	return true, sys.Textf("%s runs the present image with the present configuration", container.Name)
}

// doneContainerRestart: the same container, with processes that were not there before.
func doneContainerRestart(before, after *view) (bool, sys.Text) {
	if nothing := restartedNothing(before, after); nothing != "" {
		return false, nothing
	}
	return doneDocker(before, after, time.Time{})
}

// doneDockerRecreate: the container is another one than before.
func doneDockerRecreate(before, after *view, started time.Time) (bool, sys.Text) {
	container, ok := after.TargetContainer()
	if ok && slices.ContainsFunc(before.Containers.Value, container.SameRun) {
		return false, sys.Textf("it made nothing anew: the container %s is the one that ran before", container.Name)
	}
	return doneDocker(before, after, started)
}
