package docker

import (
	"bytes"
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

// ComposeService is one service as `docker compose config --format json` resolves it:
// files merged, variables filled in, environment files read.
type ComposeService struct {
	// Image is empty where Compose names the image after project and service.
	Image string `json:"image,omitempty"`
	// Build is nil for an image that is pulled.
	Build *ComposeBuild `json:"build,omitempty"`
	// Environment holds every value; it is never saved. A variable that was to be
	// taken from the shell and is not set there is in Unset instead.
	Environment map[string]string `json:"-"`
	Unset       []string          `json:"unset"`
	Mounts      []Mount           `json:"mounts"`
	WorkingDir  string            `json:"working_dir,omitempty"`
	// Overrides are the settings of the image that the service is not left with, as a
	// Dockerfile calls them: "CMD", "ENV MODE".
	Overrides []string `json:"overrides,omitempty"`
	// Profiles are those of which one has to be named for the service to be there; empty for
	// one that always is. Needs are the services that it depends on.
	Profiles []string `json:"profiles,omitempty"`
	Needs    []string `json:"-"`
	// Shared says that another service's network, ipc, pid or volumes are used: such a
	// service is hashed otherwise than `config --hash` does (G41).
	Shared bool `json:"shared,omitempty"`
}

// ComposeBuild is how a service's image is built.
type ComposeBuild struct {
	Context    string `json:"context"`
	Dockerfile string `json:"dockerfile"`
	Target     string `json:"target,omitempty"`
	// Arguments are those that the Compose files give; nil is one that whoever runs Compose
	// has to set. Their values may be secret, and are never saved.
	Arguments map[string]*string `json:"-"`
	// Contexts are the names that FROM and COPY have for something else than an image.
	Contexts []string `json:"-"`
}

// composeModel is what is needed of the JSON; what a version writes otherwise is taken as
// it comes.
type composeModel struct {
	Name     string                         `json:"name"`
	Services map[string]composeModelService `json:"services"`
}

type composeModelService struct {
	Image         string          `json:"image"`
	Build         json.RawMessage `json:"build"`
	Command       json.RawMessage `json:"command"`
	Entrypoint    json.RawMessage `json:"entrypoint"`
	ContainerName string          `json:"container_name"`
	Env           json.RawMessage `json:"environment"`
	Volumes       json.RawMessage `json:"volumes"`
	Ports         json.RawMessage `json:"ports"`
	WorkingDir    string          `json:"working_dir"`
	User          string          `json:"user"`
	Network       string          `json:"network_mode"`
	IPC           string          `json:"ipc"`
	PID           string          `json:"pid"`
	From          []string        `json:"volumes_from"`
	Profiles      []string        `json:"profiles"`
	Needs         json.RawMessage `json:"depends_on"`
}

func readComposeModel(reader io.Reader) (composeModel, error) {
	var model composeModel
	if err := json.NewDecoder(reader).Decode(&model); err != nil {
		// A decoder's error may quote what it read, and that may be a secret.
		return model, errors.New("docker compose config: not the JSON that was asked for")
	}
	return model, nil
}

// errNoService means that the project has no service of that name.
var errNoService = errors.New("the Compose file has no such service")

// ParseComposeModel reads the services of `docker compose config --format json`, by name.
func ParseComposeModel(reader io.Reader) (map[string]ComposeService, error) {
	model, err := readComposeModel(reader)
	if err != nil {
		return nil, err
	}
	services := make(map[string]ComposeService, len(model.Services))
	for name, raw := range model.Services {
		services[name] = raw.service()
	}
	return services, nil
}

func serviceNamed(services map[string]ComposeService, name string) (ComposeService, error) {
	service, ok := services[name]
	if !ok {
		return ComposeService{}, fmt.Errorf("%s: %w", sys.Safe(name), errNoService)
	}
	return service, nil
}

func (raw composeModelService) service() ComposeService {
	service := ComposeService{Image: raw.Image, WorkingDir: raw.WorkingDir, Build: composeBuild(raw.Build), Mounts: composeMounts(raw.Volumes), Profiles: raw.Profiles}
	service.Needs = composeNeeds(map[string]json.RawMessage{"depends_on": raw.Needs})
	service.Environment, service.Unset = composeEnvironment(raw.Env)
	for key, isSet := range map[string]bool{"CMD": !isNull(raw.Command), "ENTRYPOINT": !isNull(raw.Entrypoint), "USER": raw.User != "", "WORKDIR": raw.WorkingDir != ""} {
		if isSet {
			service.Overrides = append(service.Overrides, key)
		}
	}
	for _, name := range slices.Concat(slices.Collect(maps.Keys(service.Environment)), service.Unset) {
		service.Overrides = append(service.Overrides, "ENV "+name)
	}
	slices.Sort(service.Overrides)
	for _, shared := range []string{raw.Network, raw.IPC, raw.PID} {
		service.Shared = service.Shared || strings.HasPrefix(shared, "service:")
	}
	service.Shared = service.Shared || len(raw.From) > 0
	return service
}

// composeBuild takes the long form, and the short one that is the context alone.
func composeBuild(raw json.RawMessage) *ComposeBuild {
	if isNull(raw) {
		return nil
	}
	var build ComposeBuild
	if json.Unmarshal(raw, &build.Context) != nil && json.Unmarshal(raw, &build) != nil {
		return nil
	}
	var given struct {
		Args     json.RawMessage
		Contexts map[string]string `json:"additional_contexts"`
	}
	_ = json.Unmarshal(raw, &given)
	build.Contexts = slices.Sorted(maps.Keys(given.Contexts))
	values, unset := composeEnvironment(given.Args)
	if len(values)+len(unset) > 0 {
		build.Arguments = map[string]*string{}
	}
	for name, value := range values {
		build.Arguments[name] = &value
	}
	for _, name := range unset {
		build.Arguments[name] = nil
	}
	if build.Dockerfile == "" {
		build.Dockerfile = "Dockerfile"
	}
	if !path.IsAbs(build.Dockerfile) {
		build.Dockerfile = path.Join(build.Context, build.Dockerfile)
	}
	return &build
}

// composeEnvironment takes a mapping or a list of assignments.
func composeEnvironment(raw json.RawMessage) (values map[string]string, unset []string) {
	values, unset = map[string]string{}, []string{}
	var mapping map[string]any
	var list []string
	if json.Unmarshal(raw, &mapping) == nil {
		for name, value := range mapping {
			if value == nil {
				unset = append(unset, name)
			} else if text, ok := value.(string); ok {
				values[name] = text
			} else {
				values[name] = fmt.Sprint(value)
			}
		}
	} else if json.Unmarshal(raw, &list) == nil {
		for _, assignment := range list {
			if name, value, ok := strings.Cut(assignment, "="); ok {
				values[name] = value
			} else {
				unset = append(unset, assignment)
			}
		}
	}
	// Compose writes a dollar twice, so that what it printed can be read again.
	for _, name := range slices.Collect(maps.Keys(values)) {
		values[name] = strings.ReplaceAll(values[name], "$$", "$")
	}
	slices.Sort(unset)
	return values, unset
}

// composeMounts takes the long form of volumes, and the short one.
func composeMounts(raw json.RawMessage) []Mount {
	mounts := []Mount{}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		return mounts
	}
	for _, entry := range list {
		var long struct{ Type, Source, Target string }
		var short string
		switch {
		case json.Unmarshal(entry, &long) == nil && long.Target != "":
			mount := Mount{Type: long.Type, Source: long.Source, Destination: long.Target}
			if long.Type == "volume" {
				mount.Name, mount.Source = long.Source, ""
			}
			mounts = append(mounts, mount)
		case json.Unmarshal(entry, &short) == nil:
			source, target, ok := strings.Cut(short, ":")
			target, _, _ = strings.Cut(target, ":")
			if ok && path.IsAbs(source) {
				mounts = append(mounts, Mount{Type: "bind", Source: source, Destination: target})
			}
		}
	}
	return mounts
}

func isNull(raw json.RawMessage) bool {
	return len(raw) == 0 || bytes.Equal(bytes.TrimSpace(raw), []byte("null"))
}
