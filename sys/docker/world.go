package docker

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"flasktui/sys"
	"flasktui/sys/proc"
)

// Every daemon is a world of its own. Whoever runs one may give its containers the ids, names
// and labels of another's; what root's daemon says is true of the box, and of what a user's
// own says that alone is believed which the kernel bears out.

// Identity tells a container from all others of the box, those of other daemons included. It
// is what Cgroup.Container says of its processes.
func (container Container) Identity() string { return proc.InWorld(container.World, container.ID) }

// onceEach leaves out what two ways to one daemon show twice. Of a container that root's
// daemon has, a user's has nothing to say.
func onceEach(containers []Container) []Container {
	kept := []Container{}
	for _, container := range containers {
		if !slices.ContainsFunc(containers, func(other Container) bool {
			return other.ID == container.ID && other.Daemon.Owner.UID == 0 && container.Daemon.Owner.UID != 0
		}) && !slices.ContainsFunc(kept, func(other Container) bool {
			return other.ID == container.ID && other.Daemon.Owner == container.Daemon.Owner
		}) {
			kept = append(kept, container)
		}
	}
	return kept
}

// errNotTheirs means that a daemon claims what is not its owner's.
var errNotTheirs = errors.New("what it says is not borne out")

// verified leaves, of what a user's own daemon says of its containers, what is so: processes
// that run below its owner, ports that its owner holds, and directories that its owner may
// reach. The network of such a container is never the box's own.
func verified(ctx context.Context, machine sys.Machine, said []Container, err error) ([]Container, error) {
	listeners, listenersErr := proc.ReadListeners(ctx, machine, 0)
	containers := []Container{}
	for _, container := range said {
		owner := container.Daemon.Owner
		container.World = userManager(owner.UID)
		container.HostNetwork = false
		if container.PID != 0 {
			own, world := ownProcess(ctx, machine, container, owner.UID)
			if !own {
				err = errors.Join(err, fmt.Errorf("the Docker of %s names process %d for its own: %w", owner, container.PID, errNotTheirs))
				continue
			}
			if world != "" {
				container.World = world
			}
			container.Ports = slices.DeleteFunc(container.Ports, func(port PublishedPort) bool {
				return listenersErr != nil || !slices.ContainsFunc(listeners, func(listener proc.Listener) bool {
					return int(listener.Address.Port()) == port.HostPort && listener.UID == owner.UID
				})
			})
		}
		container.Mounts = reachable(ctx, machine, owner, container.Mounts)
		containers = append(containers, container)
	}
	return containers, err
}

func userManager(uid uint32) string {
	return "user@" + strconv.FormatUint(uint64(uid), 10) + ".service"
}

// ownProcess tells whether a process is one of a user's, by the ids that its user namespace
// stands for: only the user can have made one that stands for them (user_namespaces(7)). The
// world is that of its cgroup, if the cgroup is the container's. One that is gone, or that
// may not be looked at, is not denied.
func ownProcess(ctx context.Context, machine sys.Machine, container Container, uid uint32) (own bool, world string) {
	directory := path.Join("/proc", strconv.Itoa(container.PID))
	raw, err := machine.ReadFile(ctx, path.Join(directory, "uid_map"), 1<<16)
	if err != nil {
		return errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission), ""
	}
	if !mapsTo(bytes.NewReader(raw), uid) {
		return false, ""
	}
	raw, err = machine.ReadFile(ctx, path.Join(directory, "cgroup"), 1<<16)
	if err != nil {
		return true, ""
	}
	group, _ := proc.ParseCgroup(bytes.NewReader(raw))
	world, below := strings.CutSuffix(group.Container, "/"+container.ID)
	if !below || strings.HasPrefix(world, "user@") {
		return true, ""
	}
	return true, world
}

// mapsTo reads /proc/PID/uid_map: lines "INSIDE OUTSIDE LENGTH". The box's own namespace
// stands for every id, and is nobody's.
func mapsTo(reader io.Reader, uid uint32) bool {
	const fields, everyID = 3, 1<<32 - 1
	scanner := bufio.NewScanner(reader)
	for scanner.Scan() {
		var numbers [fields]uint64
		words := strings.Fields(scanner.Text())
		if len(words) != fields {
			return false
		}
		for index, word := range words {
			number, err := strconv.ParseUint(word, 10, 64)
			if err != nil {
				return false
			}
			numbers[index] = number
		}
		if numbers[1] <= uint64(uid) && uint64(uid) < numbers[1]+numbers[2] && numbers[2] < everyID {
			return true
		}
	}
	return false
}

// reachable leaves the mounts whose sources an account may read, or that are gone: nobody
// mounts what they may not read, and whoever says so wants it read by somebody who may.
func reachable(ctx context.Context, machine sys.Machine, account sys.Account, mounts []Mount) []Mount {
	sources := []string{}
	for _, mount := range mounts {
		if mount.Type == "bind" {
			sources = append(sources, mount.Source)
		}
	}
	denied := sys.DeniedTo(ctx, machine, account, sources...)
	return slices.DeleteFunc(slices.Clone(mounts), func(mount Mount) bool {
		return mount.Type == "bind" && slices.Contains(denied, mount.Source)
	})
}
