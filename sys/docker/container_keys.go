package docker

import (
	"slices"
	"strings"
)

// ContainerKeys is how a container is set up, in the words of Compose's keys: of one that
// is there by `docker inspect`, of one that would be made by the resolved Compose file. The
// same set-up has the same words on both sides. Words may hold secrets (a command line).
type ContainerKeys struct {
	// Words are the values of each key, sorted where their order means nothing. A key that
	// is not set is missing.
	Words map[string][]string
	// Reach tells of a word what of the box it hands over though the word does not show
	// it: a named volume that lies over a host's path, or is another project's.
	Reach map[string]string
	// Unknown are keys of a Compose file that are not compared, and of which nobody here
	// knows what they do.
	Unknown []string
}

func newContainerKeys() ContainerKeys {
	return ContainerKeys{Words: map[string][]string{}, Reach: map[string]string{}}
}

// set enters words in their order; none leaves the key unset.
func (keys ContainerKeys) set(key string, words ...string) {
	words = slices.DeleteFunc(words, func(word string) bool { return word == "" })
	if len(words) > 0 {
		keys.Words[key] = words
	}
}

// add enters words whose order means nothing.
func (keys ContainerKeys) add(key string, words ...string) {
	all := slices.Concat(keys.Words[key], words)
	slices.Sort(all)
	keys.set(key, slices.Compact(all)...)
}

// namespace enters a namespace's mode where it is not the container's own.
func (keys ContainerKeys) namespace(key, mode string) {
	switch kind, _, shared := strings.Cut(mode, ":"); {
	case mode == "host" || mode == "none":
		keys.set(key, mode)
	case shared && (kind == "container" || kind == "service"):
		// Compose names a service where Docker names the container.
		keys.set(key, "another container's")
	}
}

// capability is a capability's name as Compose's documentation writes it.
func capability(name string) string { return strings.TrimPrefix(strings.ToUpper(name), "CAP_") }

// securityOption writes an option in one way of several. Docker puts a profile's content in
// the place of its file's name, and "label=disable" to what has the host's processes.
func securityOption(option string) string {
	name, value, found := strings.Cut(option, "=")
	if !found {
		name, value, _ = strings.Cut(option, ":")
	}
	switch {
	case name == "label" && value == "disable":
		return ""
	case name == "no-new-privileges" && (value == "" || value == "true"):
		return "no-new-privileges"
	case name == "no-new-privileges":
		return ""
	case name == "seccomp" && value != "unconfined" && value != "builtin":
		return "seccomp=(a profile)"
	}
	return name + "=" + value
}

// mountWord is a mount that reaches out of the container.
func mountWord(source, target string, readOnly bool) string {
	word := source + ":" + target
	if readOnly {
		word += ":ro"
	}
	return word
}

// MountSource is a mount word's path of the box, and whether it may be written to; empty
// for a named volume.
func MountSource(word string) (source string, readOnly bool) {
	if !strings.HasPrefix(word, "/") {
		return "", false
	}
	word, readOnly = strings.CutSuffix(word, ":ro")
	source, _, _ = cutLast(word, ":")
	return source, readOnly
}

// setUp is the set-up of a container that is there.
func (raw *inspectedContainer) setUp() ContainerKeys {
	keys := newContainerKeys()
	host := raw.HostConfig
	if host.Privileged {
		keys.set("privileged", "true")
	}
	keys.set("user", raw.Config.User)
	keys.set("entrypoint", raw.Config.Entrypoint...)
	keys.set("command", raw.Config.Cmd...)
	keys.namespace("pid", host.PidMode)
	keys.namespace("ipc", host.IpcMode)
	keys.namespace("uts", host.UTSMode)
	keys.namespace("userns_mode", host.UsernsMode)
	keys.namespace("cgroup", host.CgroupnsMode)
	keys.namespace("network_mode", host.NetworkMode)
	for _, name := range host.CapAdd {
		keys.add("cap_add", capability(name))
	}
	for _, name := range host.CapDrop {
		keys.add("cap_drop", capability(name))
	}
	for _, option := range host.SecurityOpt {
		keys.add("security_opt", securityOption(option))
	}
	for _, device := range host.Devices {
		keys.add("devices", device.PathOnHost+":"+device.PathInContainer+":"+device.CgroupPermissions)
	}
	if len(host.DeviceRequests) > 0 {
		keys.set("gpus", "reserved")
	}
	keys.add("device_cgroup_rules", host.DeviceCgroupRules...)
	keys.add("group_add", host.GroupAdd...)
	keys.set("cgroup_parent", host.CgroupParent)
	keys.set("runtime", host.Runtime)
	if len(host.VolumesFrom) > 0 {
		keys.set("volumes_from", "another container's")
	}
	for _, mount := range raw.Mounts {
		switch {
		case mount.Type == "bind":
			keys.add("volumes", mountWord(mount.Source, mount.Destination, !mount.RW))
		case mount.Type == "volume" && !anonymousVolume(mount.Name):
			keys.add("volumes", mountWord(mount.Name, mount.Destination, !mount.RW))
		}
	}
	for inside, bindings := range host.PortBindings {
		for _, binding := range bindings {
			keys.add("ports", portWord(binding.HostIP, binding.HostPort, inside))
		}
	}
	keys.set("image", raw.Config.Image)
	return keys
}

// anonymousVolume tells a volume that Docker named itself.
func anonymousVolume(name string) bool {
	const idLength = 64
	return len(name) == idLength && strings.Trim(name, "0123456789abcdef") == ""
}

func portWord(hostIP, published, inside string) string {
	if hostIP == "" || hostIP == "::" {
		hostIP = "0.0.0.0"
	}
	if published == "0" {
		published = ""
	}
	return hostIP + ":" + published + ":" + inside
}

func cutLast(text, separator string) (before, after string, found bool) {
	if index := strings.LastIndex(text, separator); index >= 0 {
		return text[:index], text[index+len(separator):], true
	}
	return "", text, false
}
