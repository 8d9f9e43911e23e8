package docker

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"

	"flasktui/sys"
)

// ComposeStart is a service that `docker compose up` starts.
type ComposeStart struct {
	Name string
	Keys ContainerKeys
	// Building are the settings of its build that hand something of the box to it, by
	// name; the context and the file are in Build.
	Building map[string][]string
	Build    *ComposeBuild
}

// ordinaryKeys are those that say how a service is run and give it nothing of the box, or
// that are compared in another way. What is in neither list is unknown here: versions of
// Compose bring new ones, and some of them hand over much (provider, use_api_socket).
func ordinaryKeys() []string {
	return []string{
		"annotations", "attach", "blkio_config", "build", "configs", "container_name", "cpu_count", "cpu_percent", "cpu_period", "cpu_quota",
		"cpu_rt_period", "cpu_rt_runtime", "cpu_shares", "cpus", "cpuset", "depends_on", "deploy", "develop", "dns", "dns_opt", "dns_search",
		"domainname", "env_file", "environment", "expose", "external_links", "extra_hosts", "healthcheck", "hostname", "init", "isolation",
		"label_file", "labels", "links", "logging", "mac_address", "mem_limit", "mem_reservation", "mem_swappiness", "memswap_limit", "networks",
		"oom_kill_disable", "oom_score_adj", "pids_limit", "platform", "profiles", "pull_policy", "read_only", "restart", "scale", "secrets",
		"shm_size", "stdin_open", "stop_grace_period", "stop_signal", "storage_opt", "sysctls", "tmpfs", "tty", "ulimits", "working_dir",
	}
}

// composeFile is the resolved project as far as services refer to it by name.
type composeFile struct {
	Services map[string]map[string]json.RawMessage `json:"services"`
	Secrets  map[string]composeSource              `json:"secrets"`
	Configs  map[string]composeSource              `json:"configs"`
	Volumes  map[string]composeVolume              `json:"volumes"`
}

type composeSource struct {
	File string `json:"file"`
}

type composeVolume struct {
	Name     string            `json:"name"`
	External bool              `json:"external"`
	Options  map[string]string `json:"driver_opts"`
}

// ParseComposeStarts reads from `docker compose config --format json` the services that are
// started with one of them: itself first, and then all that it depends on.
func ParseComposeStarts(reader io.Reader, name string) ([]ComposeStart, error) {
	var file composeFile
	if err := json.NewDecoder(reader).Decode(&file); err != nil {
		// A decoder's error may quote what it read, and that may be a secret.
		return nil, errors.New("docker compose config: not the JSON that was asked for")
	}
	if _, known := file.Services[name]; !known {
		return nil, fmt.Errorf("%s: %w", sys.Safe(name), errNoService)
	}
	starts, names := []ComposeStart{}, []string{name}
	for at := 0; at < len(names); at++ {
		service, known := file.Services[names[at]]
		if !known {
			continue
		}
		start := ComposeStart{Name: names[at], Keys: file.keys(service), Build: composeBuild(service["build"])}
		start.Building = file.building(service["build"])
		starts = append(starts, start)
		for _, next := range composeNeeds(service) {
			if !slices.Contains(names, next) {
				names = append(names, next)
			}
		}
	}
	return starts, nil
}

// composeNeeds are the services that one is not started without.
func composeNeeds(service map[string]json.RawMessage) []string {
	var needs map[string]json.RawMessage
	var list []string
	if json.Unmarshal(service["depends_on"], &needs) == nil {
		list = slices.Sorted(maps.Keys(needs))
	} else {
		_ = json.Unmarshal(service["depends_on"], &list)
	}
	for _, key := range []string{"network_mode", "pid", "ipc", "volumes_from"} {
		for _, word := range composeList(service[key]) {
			if other, ok := strings.CutPrefix(word, "service:"); ok {
				list = append(list, other)
			}
		}
	}
	return list
}

// keys is the set-up of a container that Compose would make of a service.
func (file composeFile) keys(service map[string]json.RawMessage) ContainerKeys {
	keys := newContainerKeys()
	known := ordinaryKeys()
	read := func(key string) []string {
		known = append(known, key)
		words := composeList(service[key])
		for index := range words {
			// Compose writes a dollar twice, so that what it printed can be read again.
			words[index] = strings.ReplaceAll(words[index], "$$", "$")
		}
		return words
	}
	if slices.Contains(read("privileged"), "true") {
		keys.set("privileged", "true")
	}
	for _, key := range []string{"user", "entrypoint", "command", "cgroup_parent", "runtime", "image"} {
		keys.set(key, read(key)...)
	}
	for _, key := range []string{"pid", "ipc", "uts", "userns_mode", "cgroup", "network_mode"} {
		keys.namespace(key, strings.Join(read(key), ""))
	}
	for _, key := range []string{"cap_add", "cap_drop"} {
		for _, name := range read(key) {
			keys.add(key, capability(name))
		}
	}
	for _, option := range read("security_opt") {
		keys.add("security_opt", securityOption(option))
	}
	for _, key := range []string{"device_cgroup_rules", "group_add"} {
		keys.add(key, read(key)...)
	}
	if len(read("volumes_from")) > 0 {
		keys.set("volumes_from", "another container's")
	}
	if gpus := read("gpus"); len(gpus) > 0 || reservesDevices(service["deploy"]) {
		keys.set("gpus", "reserved")
	}
	known = append(known, "devices", "volumes", "ports")
	keys.add("devices", composeDevices(service["devices"])...)
	file.mounts(keys, service)
	for _, port := range composePublished(service["ports"]) {
		keys.add("ports", port)
	}
	for _, key := range slices.Sorted(maps.Keys(service)) {
		if !slices.Contains(known, key) && !strings.HasPrefix(key, "x-") && !isNull(service[key]) {
			keys.Unknown = append(keys.Unknown, string(sys.Safe(key)))
		}
	}
	return keys
}

// composeList takes a list of words, a word alone, or anything else as it is written.
func composeList(raw json.RawMessage) []string {
	var list []string
	var word string
	var flag bool
	switch {
	case isNull(raw):
	case json.Unmarshal(raw, &list) == nil:
	case json.Unmarshal(raw, &word) == nil:
		list = []string{word}
	case json.Unmarshal(raw, &flag) == nil:
		list = []string{fmt.Sprint(flag)}
	default:
		list = []string{string(raw)}
	}
	return list
}

// reservesDevices tells whether a service asks for the box's devices by the longer way.
func reservesDevices(raw json.RawMessage) bool {
	var deploy struct {
		Resources struct {
			Reservations struct{ Devices []json.RawMessage }
		}
	}
	return json.Unmarshal(raw, &deploy) == nil && len(deploy.Resources.Reservations.Devices) > 0
}

// composeDevices takes both forms of a device.
func composeDevices(raw json.RawMessage) []string {
	var list []json.RawMessage
	_ = json.Unmarshal(raw, &list)
	devices := []string{}
	for _, one := range list {
		var long struct{ Source, Target, Permissions string }
		var short string
		if json.Unmarshal(one, &short) == nil {
			parts := append(strings.Split(short, ":"), "", "")
			long.Source, long.Target, long.Permissions = parts[0], parts[1], parts[2]
		} else {
			_ = json.Unmarshal(one, &long)
		}
		devices = append(devices, long.Source+":"+cmp.Or(long.Target, long.Source)+":"+cmp.Or(long.Permissions, "rwm"))
	}
	return devices
}

// mounts enters what a service mounts: volumes, and the files of its secrets and configs,
// which Compose mounts from where they lie.
func (file composeFile) mounts(keys ContainerKeys, service map[string]json.RawMessage) {
	var volumes []json.RawMessage
	_ = json.Unmarshal(service["volumes"], &volumes)
	for _, raw := range volumes {
		var long struct {
			Type, Source, Target string
			ReadOnly             bool `json:"read_only"`
		}
		var short string
		if json.Unmarshal(raw, &short) == nil {
			parts := append(strings.Split(short, ":"), "", "")
			long.Source, long.Target, long.ReadOnly = parts[0], parts[1], slices.Contains(strings.Split(parts[2], ","), "ro")
		} else {
			_ = json.Unmarshal(raw, &long)
		}
		switch {
		case long.Source == "" || long.Target == "":
		case path.IsAbs(long.Source):
			keys.add("volumes", mountWord(long.Source, long.Target, long.ReadOnly))
		default:
			volume := file.Volumes[long.Source]
			word := mountWord(cmp.Or(volume.Name, long.Source), long.Target, long.ReadOnly)
			keys.add("volumes", word)
			if device := volume.Options["device"]; device != "" {
				keys.Reach[word] = string(sys.Safe(device))
			} else if volume.External {
				keys.Reach[word] = "a volume that is not the project's own"
			}
		}
	}
	for key, from := range map[string]map[string]composeSource{"secrets": file.Secrets, "configs": file.Configs} {
		var uses []struct{ Source, Target string }
		_ = json.Unmarshal(service[key], &uses)
		for _, use := range uses {
			source := from[use.Source].File
			if source == "" {
				continue
			}
			target := cmp.Or(use.Target, use.Source)
			switch {
			case path.IsAbs(target):
			case key == "secrets":
				target = "/run/secrets/" + target
			default:
				target = "/" + target
			}
			keys.add("volumes", mountWord(source, target, true))
		}
	}
}

// composePublished lists what is published at a port of its own; a range is not compared.
func composePublished(raw json.RawMessage) []string {
	ports := []string{}
	var list []struct {
		HostIP    string `json:"host_ip"`
		Target    int    `json:"target"`
		Published any    `json:"published"`
		Protocol  string `json:"protocol"`
	}
	_ = json.Unmarshal(raw, &list)
	for _, one := range list {
		published := ""
		if one.Published != nil {
			published = fmt.Sprint(one.Published)
		}
		if strings.Contains(published, "-") {
			return []string{}
		}
		ports = append(ports, portWord(one.HostIP, published, fmt.Sprintf("%d/%s", one.Target, cmp.Or(one.Protocol, "tcp"))))
	}
	return ports
}
