package docker

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"flasktui/sys"
)

// RunLine is the `docker run` that would make a container like one that is there, as far as
// `docker inspect` tells it: nothing else on the box knows how it was made.
type RunLine struct {
	// Argv begins with "docker"; values of variables and what looks like a secret are masked.
	Argv []sys.Text `json:"argv"`
	// Untold are settings of the container, by Docker's own names, that the line leaves out.
	Untold []string `json:"untold,omitempty"`
}

// RunSettings is what a container was made with besides what Container has.
type RunSettings struct {
	HostConfig struct {
		Binds         []string
		NetworkMode   string
		RestartPolicy struct {
			Name              string
			MaximumRetryCount int
		}
		AutoRemove, Privileged, ReadonlyRootfs bool
		Init                                   *bool
		CapAdd, CapDrop, ExtraHosts            []string
		SecurityOpt, GroupAdd                  []string
		PortBindings                           map[string][]binding
		Memory, NanoCpus                       int64
		Tmpfs                                  map[string]string
		LogConfig                              struct {
			Type   string
			Config map[string]string
		}
	}
	Config struct {
		Image, User, Hostname, WorkingDir string
		Env, Cmd                          []string
		Entrypoint                        commandWords
		Labels                            map[string]string
		// CreateCommand is the very line, which Podman keeps.
		CreateCommand []string
	}
	// All is the whole of HostConfig.
	All map[string]json.RawMessage `json:"-"`
}

// toldSettings are the keys of HostConfig that the line has, or that it needs not have
// because Docker fills them in by itself.
func toldSettings() []string {
	return []string{
		"Binds", "NetworkMode", "RestartPolicy", "AutoRemove", "Privileged", "ReadonlyRootfs", "Init", "CapAdd", "CapDrop", "ExtraHosts", "SecurityOpt",
		"GroupAdd", "PortBindings", "Memory", "NanoCpus", "Tmpfs", "LogConfig",
		"ConsoleSize", "CgroupnsMode", "IpcMode", "ShmSize", "Runtime", "MaskedPaths", "ReadonlyPaths", "Isolation", "MemorySwap", "PidsLimit",
		"MemorySwappiness", "OomKillDisable", "BlkioDeviceReadBps", "ContainerIDFile",
	}
}

// runWords are a command line that is being put together.
type runWords []string

// one adds an option whose value is not the usual one; many adds it once for each value.
func (line *runWords) one(option, value, usual string) {
	if value != "" && value != usual {
		*line = append(*line, option, value)
	}
}

func (line *runWords) many(option string, values []string) {
	for _, value := range values {
		*line = append(*line, option, value)
	}
}

func (line *runWords) flag(option string, set bool) {
	if set {
		*line = append(*line, option)
	}
}

// run makes the line of a container from what its image sets by itself.
func (raw *RunSettings) run(container Container, image Image) RunLine {
	host, config := raw.HostConfig, raw.Config
	if len(config.CreateCommand) > 0 {
		return RunLine{Argv: sys.RedactArgv(withoutValues(config.CreateCommand))}
	}
	line := runWords{"docker", "run", "--detach"}
	line.flag("--rm", host.AutoRemove)
	line = append(line, "--name", container.Name)
	line.one("--restart", raw.restartPolicy(), "no")
	if host.NetworkMode != "default" {
		line.one("--network", host.NetworkMode, "bridge")
	}
	line.many("--publish", raw.published())
	line.many("--volume", host.Binds)
	for _, where := range slices.Sorted(maps.Keys(host.Tmpfs)) {
		line = append(line, "--tmpfs", strings.TrimSuffix(where+":"+host.Tmpfs[where], ":"))
	}
	for _, assignment := range config.Env {
		if name, value, ok := strings.Cut(assignment, "="); ok && image.Environment[name] != value {
			line = append(line, "--env", name+"="+string(sys.Mask))
		}
	}
	line.one("--user", config.User, image.User)
	line.one("--workdir", config.WorkingDir, image.WorkingDirectory)
	if !strings.HasPrefix(container.ID, config.Hostname) && host.NetworkMode != "host" {
		line.one("--hostname", config.Hostname, "")
	}
	line.many("--cap-add", host.CapAdd)
	line.many("--cap-drop", host.CapDrop)
	line.many("--add-host", host.ExtraHosts)
	line.many("--security-opt", host.SecurityOpt)
	line.many("--group-add", host.GroupAdd)
	line.flag("--privileged", host.Privileged)
	line.flag("--read-only", host.ReadonlyRootfs)
	line.flag("--init", host.Init != nil && *host.Init)
	line.one("--memory", strconv.FormatInt(host.Memory, 10), "0")
	line.one("--cpus", strconv.FormatFloat(float64(host.NanoCpus)/1e9, 'f', -1, 64), "0")
	if log := host.LogConfig; log.Type != "" && log.Type != "json-file" {
		line = append(line, "--log-driver", log.Type)
		for _, name := range slices.Sorted(maps.Keys(log.Config)) {
			line = append(line, "--log-opt", name+"="+log.Config[name])
		}
	}
	arguments := config.Cmd
	if len(config.Entrypoint) > 0 && !slices.Equal(config.Entrypoint, image.Entrypoint) {
		// docker takes one word as the program; what follows it goes with the command.
		line = append(line, "--entrypoint", config.Entrypoint[0])
		arguments = slices.Concat(config.Entrypoint[1:], config.Cmd)
	} else if slices.Equal(config.Cmd, image.Command) {
		arguments = nil
	}
	return RunLine{Argv: sys.RedactArgv(slices.Concat(line, []string{config.Image}, arguments)), Untold: raw.untold(image)}
}

// withoutValues leaves out what variables are set to.
func withoutValues(argv []string) []string {
	masked := slices.Clone(argv)
	for index, word := range masked {
		option, value, joined := strings.Cut(word, "=")
		switch {
		case joined && option == "--env":
			name, _, _ := strings.Cut(value, "=")
			masked[index] = option + "=" + name + "=" + string(sys.Mask)
		case index > 0 && (masked[index-1] == "--env" || masked[index-1] == "-e") && joined:
			masked[index] = option + "=" + string(sys.Mask)
		}
	}
	return masked
}

func (raw *RunSettings) restartPolicy() string {
	policy := raw.HostConfig.RestartPolicy
	if policy.MaximumRetryCount > 0 {
		return policy.Name + ":" + strconv.Itoa(policy.MaximumRetryCount)
	}
	return policy.Name
}

// published are the ports in docker's own form, [ADDRESS:][PORT:]PORT[/PROTOCOL].
func (raw *RunSettings) published() []string {
	var ports []string
	for _, inside := range slices.Sorted(maps.Keys(raw.HostConfig.PortBindings)) {
		for _, outside := range raw.HostConfig.PortBindings[inside] {
			word := strings.TrimSuffix(inside, "/tcp")
			switch {
			case outside.HostIP != "":
				word = outside.HostIP + ":" + outside.HostPort + ":" + word
			case outside.HostPort != "":
				word = outside.HostPort + ":" + word
			}
			ports = append(ports, word)
		}
	}
	return ports
}

// untold are the settings that are not as Docker has them by itself, and that the line lacks.
func (raw *RunSettings) untold(image Image) []string {
	var left []string
	for name, value := range raw.All {
		nothing := slices.ContainsFunc([]string{"null", "0", "false", `""`, "[]", "{}"}, func(empty string) bool { return bytes.Equal(bytes.TrimSpace(value), []byte(empty)) })
		if !nothing && !slices.Contains(toldSettings(), name) {
			left = append(left, name)
		}
	}
	for name, value := range raw.Config.Labels {
		if image.Labels[name] != value {
			left = append(left, "Labels")
			break
		}
	}
	slices.Sort(left)
	return left
}

// Run is the line by which the container would be made again from what its tag names now. It
// is known only in the look that inspected the container, and of one that no Compose project
// has.
func (container Container) Run(image Image) RunLine {
	if container.Made == nil {
		return RunLine{}
	}
	return container.Made.run(container, image)
}

// madeWith reads what `docker inspect` shows of one container; nil where it cannot be read.
func madeWith(document []byte) *RunSettings {
	var made RunSettings
	var host struct{ HostConfig map[string]json.RawMessage }
	if json.Unmarshal(document, &made) != nil || json.Unmarshal(document, &host) != nil {
		return nil
	}
	made.All = host.HostConfig
	return &made
}
