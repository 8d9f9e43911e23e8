package docker

import (
	"encoding/json"
	"errors"
	"io"
	"path"
	"strings"

	"go.yaml.in/yaml/v3"
)

// composeYAMLLimit bounds what is read of a resolved project.
const composeYAMLLimit = 8 << 20

// errNotCompose says nothing of what was read, which may be a secret.
var errNotCompose = errors.New("docker-compose config: not the form that was expected")

// jsonOfYAML gives what docker-compose 1 prints the form that its successors print: it has
// YAML alone to give.
func jsonOfYAML(text []byte) ([]byte, error) {
	var project struct {
		Services map[string]any `yaml:"services"`
	}
	if len(text) > composeYAMLLimit || yaml.Unmarshal(text, &project) != nil || project.Services == nil {
		return nil, errNotCompose
	}
	model, err := json.Marshal(map[string]any{"services": project.Services})
	if err != nil {
		return nil, errNotCompose
	}
	return model, nil
}

// ParsePlannedYAML reads what `docker-compose config`, version 1, says of the containers of
// a project. A project without a name has that of its directory; names are joined by "_".
func ParsePlannedYAML(reader io.Reader, project ComposeProject) ([]PlannedContainer, error) {
	text, err := io.ReadAll(io.LimitReader(reader, composeYAMLLimit+1))
	if err != nil {
		return nil, errNotCompose
	}
	raw, err := jsonOfYAML(text)
	if err != nil {
		return nil, err
	}
	if project.Name == "" {
		project.Name = strings.Map(func(letter rune) rune {
			if letter >= 'a' && letter <= 'z' || letter >= '0' && letter <= '9' || letter == '-' || letter == '_' {
				return letter
			}
			return -1
		}, strings.ToLower(path.Base(project.Directory)))
	}
	return plannedContainers(raw, project, "_")
}
