package docker

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"

	"flasktui/sys"
	"flasktui/sys/proc"
)

// Podman has no daemon: its program itself tells of the containers of whoever runs it, in the
// words of `docker inspect`. Each user's are a world of their own, root's among them.

// podman is the program, and Daemon.Program of what is Podman's.
const podman = "podman"

// ErrPodman means that it was Podman which did not tell.
var ErrPodman = errors.New("podman did not tell of its containers")

// IsPodman tells what Podman runs.
func (daemon Daemon) IsPodman() bool { return daemon.Program == podman }

// Tool is what runs its containers, as people call it.
func (daemon Daemon) Tool() sys.Text {
	if daemon.IsPodman() {
		return "Podman"
	}
	return "Docker"
}

// podmanArgv begins a command for a user's Podman, which finds its containers by the user's
// directories, and the ids that it may use by the user's name.
func (daemon Daemon) podmanArgv() []string {
	if daemon.Owner.UID == 0 {
		return []string{podman}
	}
	return []string{"env", "USER=" + daemon.Owner.Name, "HOME=" + daemon.Owner.Home, "XDG_RUNTIME_DIR=" + runtimeOf(daemon.Owner.UID), podman}
}

func runtimeOf(uid uint32) string { return "/run/user/" + strconv.FormatUint(uint64(uid), 10) }

// findPodmans are those that have run a container since the machine was started: another would
// make its directories if it were asked.
func findPodmans(ctx context.Context, machine sys.Machine) []Daemon {
	var found []Daemon
	if _, err := machine.Stat(ctx, "/run/libpod"); err == nil {
		found = append(found, Daemon{Program: podman, AsRoot: true})
	}
	users, err := machine.ReadDir(ctx, "/run/user")
	if err != nil {
		return found
	}
	for _, user := range users {
		uid, err := strconv.ParseUint(user.Name, 10, 32)
		if err != nil || uid == 0 {
			continue
		}
		if _, err := machine.Stat(ctx, path.Join("/run/user", user.Name, "libpod")); err != nil {
			continue
		}
		if owner, err := sys.LookUpAccount(ctx, machine, uint32(uid)); err == nil && owner.Home != "" {
			found = append(found, Daemon{Program: podman, Owner: owner})
		}
	}
	return found
}

// podmanContainers are those of all of them.
func podmanContainers(ctx context.Context, machine sys.Machine) ([]Container, error) {
	var containers []Container
	var problems []error
	for _, daemon := range findPodmans(ctx, machine) {
		list, err := listContainersOf(ctx, machine, daemon)
		containers = append(containers, list...)
		if err != nil && !errors.Is(err, sys.ErrNoCommand) {
			problems = append(problems, fmt.Errorf("%w: %w", ErrPodman, err))
		}
	}
	return containers, errors.Join(problems...)
}

// placed has each container's world from its control group, which Podman makes below a unit's own
// where that is told to.
func placed(containers []Container) {
	for index := range containers {
		container := &containers[index]
		group, err := proc.ParseCgroup(strings.NewReader("0::" + container.Cgroup + "\n"))
		if world, own := strings.CutSuffix(group.Container, "/"+container.ID); err == nil && own {
			container.World = world
		}
	}
}

// inspectPodmanImages asks for one image after the other: Podman says nothing of any where one
// is not there.
func (d *cli) inspectPodmanImages(ctx context.Context, names []string) (map[string]Image, error) {
	images := map[string]Image{}
	for _, name := range names {
		inspected := d.run(ctx, "image", "inspect", "--", name)
		if inspected.Complains("image not known", "no such image", "No such image") {
			continue
		}
		if inspected.Err != nil {
			return nil, fmt.Errorf("inspect images: %w", inspected.Err)
		}
		list, err := ParseImages(bytes.NewReader(inspected.Stdout))
		if err != nil {
			return nil, err
		}
		if len(list) == 1 {
			images[name] = list[0]
		}
	}
	return images, nil
}
