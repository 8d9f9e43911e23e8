package fixes

import (
	"slices"
	"strings"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/manager"
	"flasktui/sys"
	"flasktui/sys/docker"
)

// dockerChange is a change that needs root's rights only where Docker does.
func dockerChange(b *box.Box, timeout time.Duration, argv ...string) Action {
	return given(timeout, manager.DockerOrder(b, argv...))
}

// removedFirst is said where a container has to go before the next one comes.
const removedFirst = " docker-compose 1 fails half-way where it would put a container in the place of an older one on this Docker (KeyError: 'ContainerConfig'), so the old one is removed first."

// removesFirst tells whether the Compose here would stop the old container and then fail,
// with nothing running: version 1, and an image that tells no ContainerConfig, as Docker
// does since its version 25.
func removesFirst(b *box.Box, container docker.Container) bool {
	image, known := b.Images.Value[container.ImageID]
	return b.Compose.Value.Older && container.State != docker.ContainerAbsent && known && !image.ContainerConfig
}

// upActions have Compose make the container anew.
func upActions(b *box.Box, container docker.Container, options ...string) []Action {
	if restart, _, attached := manager.Attached(b); attached {
		return []Action{given(serviceTimeout, restart)}
	}
	up := dockerChange(b, serviceTimeout, b.ComposeArgv(container, slices.Concat([]string{"up", "-d"}, options, []string{container.Service})...)...)
	if !removesFirst(b, container) {
		return []Action{up}
	}
	up.Failed = "The old container is gone, and the new one was not started: fix what the last command complains about, then run it again."
	return []Action{dockerChange(b, serviceTimeout, b.ComposeArgv(container, "rm", "-s", "-f", container.Service)...), up}
}

// upEffect says what upActions do beside what the fix says of them.
func upEffect(b *box.Box, container docker.Container) sys.Text {
	if _, effect, attached := manager.Attached(b); attached {
		return " " + effect
	}
	if removesFirst(b, container) {
		return removedFirst
	}
	return ""
}

// nginxAfterContainer reloads Nginx where it finds the container by a name: a new
// container may have a new address (G30).
func nginxAfterContainer(b *box.Box) []Action {
	location := b.Site.Value.Address.Location
	if location == nil || len(b.NginxWorkers()) == 0 || b.SiteNginx().Value.Failure != "" {
		return nil
	}
	if _, replaced := b.FrontMount(); replaced {
		// Its own configuration is for its own fix.
		return nil
	}
	for name := range b.BackendNames() {
		if name != "localhost" && b.PassesToName(*location, name) {
			return nginxReloadActions(b)
		}
	}
	return nil
}

// composeRefusal is why Compose must not be run for the service now; empty where it may.
func composeRefusal(b *box.Box) sys.Text {
	container, _ := b.TargetContainer()
	_, _, attached := manager.Attached(b)
	anonymous := slices.ContainsFunc(b.Inside.Value.Mounts, facts.MountState.Anonymous)
	switch compose := b.Compose; {
	case compose.Value.Older && container.ComposeVersion != "" && !strings.HasPrefix(container.ComposeVersion, "1."):
		return sys.Textf("the container was made by Compose %s, and only docker-compose 1 is installed here, which would make another one beside it. Run it where the deploy does", container.ComposeVersion)
	case removesFirst(b, container) && attached:
		return "docker-compose 1 fails half-way on this Docker unless the old container is removed first, and a unit runs it in the foreground, which would end by that. Stop the unit, remove the container with `docker-compose rm`, and start the unit"
	case removesFirst(b, container) && anonymous:
		return "docker-compose 1 fails half-way on this Docker unless the old container is removed first, and that one has a volume without a name, which the new one would not get. Use the plugin, docker compose"
	case !compose.Known:
		return sys.Textf("the Compose files could not be read: %s", compose.Problem)
	case len(compose.Value.Unset) > 0:
		return sys.Textf("the Compose files take %s from the shell of whoever runs Compose, and flasktui does not have it: the container would be made without it. Run it where the deploy does", strings.Join(compose.Value.Unset, ", "))
	}
	return ""
}

// doneDocker: the service's container runs the image that its tag names, with the
// configuration that the files give, and nothing of it is stale.
func doneDocker(_, after *box.Box) (bool, sys.Text) {
	container, ok := after.TargetContainer()
	switch {
	case !ok:
		return false, "the service has no container"
	case container.State != "running":
		return false, sys.Textf("the container is %s", container.State)
	case !after.Running:
		return false, "no server runs in it yet"
	case after.IsDown() || after.Site.Value.App.Problem != "":
		// Docker's own proxy takes connections before Gunicorn listens behind it.
		return false, "the app does not answer at its own address yet"
	}
	switch after.ContainerDrift() {
	case box.DriftNotStarted:
		return false, "a container of the service was created and not started"
	case box.DriftSource:
		return false, sys.Textf("files of the source differ between the image that %s runs and the disk", container.Name)
	case box.DriftImage:
		return false, sys.Textf("%s runs an image that its tag no longer names", container.Name)
	case box.DriftConfiguration:
		return false, sys.Textf("the configuration of %s in the Compose files differs from the one %s was made with", container.Service, container.Name)
	case box.DriftMount:
		return false, sys.Textf("what is mounted into %s is not what is on disk", container.Name)
	}
	if one, isOld := after.Oldest(); isOld {
		return false, sys.Textf("%s %d still holds old code: %s", one.Role, one.Process.PID, one.Why)
	}
	return true, sys.Textf("%s runs the current image with the current configuration", container.Name)
}
