package proc

import (
	"fmt"
	"io"
	"strings"
)

// Cgroup is the control group of a process.
type Cgroup struct {
	Path string `json:"path"`
	// Unit is the systemd service or scope that the path names, unescaped as
	// systemctl wants it: "shop.service", "app@blue.service", "session-3.scope".
	Unit string `json:"unit,omitempty"`
	// User says that the unit belongs to a user's own service manager.
	User bool `json:"user,omitempty"`
	// Container is the identity of the container, where the path names one: its id, and
	// before it the unit below which it is, if any (see Container.Identity).
	Container string `json:"container,omitempty"`
}

// ParseCgroup reads /proc/PID/cgroup, of version 2 ("0::/path") or of version 1 (the
// name=systemd line). Units and container ids of Docker, containerd and Podman are
// recognised in the path.
func ParseCgroup(reader io.Reader) (Cgroup, error) {
	raw, err := io.ReadAll(reader)
	if err != nil {
		return Cgroup{}, fmt.Errorf("cgroup: %w", err)
	}
	var unified, named, container string
	for line := range strings.Lines(string(raw)) {
		hierarchy, rest, ok := strings.Cut(strings.TrimSuffix(line, "\n"), ":")
		controllers, path, hasPath := strings.Cut(rest, ":")
		if !ok || !hasPath {
			continue
		}
		switch {
		case controllers == "name=systemd":
			named = path
		case hierarchy == "0" && controllers == "":
			unified = path
		}
		if container == "" {
			container = containerIn(path)
		}
	}
	// On a machine with both hierarchies systemd keeps to either of them, and the process
	// stands at the root of the other.
	group := Cgroup{Container: container}
	for _, path := range []string{named, unified} {
		if group.Unit == "" && (len(path) > 1 || group.Path == "") {
			group.Path = path
			group.Unit, group.User = unitIn(path)
		}
	}
	return group, nil
}

// unitIn finds the unit of a path: the first service or scope in it, which is this machine's
// systemd's own, or, below a user's manager, the first of that. What comes after it is made
// by whoever was given that part of the tree, and may bear any name, also another unit's.
func unitIn(path string) (unit string, user bool) {
	for element := range strings.SplitSeq(path, "/") {
		// systemd escapes with "_" what the kernel would take for its own files.
		name := strings.TrimPrefix(element, "_")
		if !strings.HasSuffix(name, ".service") && !strings.HasSuffix(name, ".scope") || !isUnitName(name) {
			continue
		}
		if unit = name; user || !strings.HasPrefix(name, "user@") {
			break
		}
		user = true
	}
	if strings.HasPrefix(unit, "user@") {
		user = false // The manager itself is a unit of the system's.
	}
	return unit, user
}

// isUnitName holds a name to what systemd.unit(5) lets one be made of.
func isUnitName(name string) bool {
	const longest = 255
	return len(name) <= longest && !strings.HasPrefix(name, "-") && strings.IndexFunc(name, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && !strings.ContainsRune(`:-_.\@`, r)
	}) < 0
}

// containerIn finds the id of a container, 64 hexadecimal digits: alone in a path element
// (cgroupfs driver, Kubernetes), in "docker-ID.scope", "cri-containerd-ID.scope" and
// "libpod-ID.scope" (systemd driver), or behind a prefix and ":" (containerd).
//
// Whoever was given a part of the tree may make a group of any name there, also of a
// container of root's. What is below a unit is therefore that unit's, the first in the path;
// root's own daemon makes its containers' groups below none.
func containerIn(path string) string {
	const idLength = 64
	world := ""
	for element := range strings.SplitSeq(path, "/") {
		name := strings.TrimSuffix(element, ".scope")
		if world == "" && (strings.HasSuffix(element, ".service") || strings.HasSuffix(element, ".scope") && len(name) < idLength) {
			world = strings.TrimPrefix(element, "_")
		}
		if len(name) < idLength {
			continue
		}
		id, before := name[len(name)-idLength:], name[:len(name)-idLength]
		if strings.Trim(id, "0123456789abcdef") != "" {
			continue
		}
		if before == "" || strings.HasSuffix(before, "-") || strings.HasSuffix(before, ":") {
			return InWorld(world, id)
		}
	}
	return ""
}

// InWorld is a container's id, with the world before it where there are several.
func InWorld(world, id string) string {
	if world == "" {
		return id
	}
	return world + "/" + id
}
