package sys

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
)

// The older docker-compose prints the resolved project as YAML alone. What it writes is one
// program's regular form (PyYAML's safe_dump): two blanks for each level, a list at its
// key's own level, a scalar plain or in quotes, a long one folded onto deeper lines. That
// is read here, and no more of YAML.

// yamlLine is a line of it: key and value, or an item of a list with an empty key.
type yamlLine struct {
	depth      int
	key, value string
	item       bool
	// folded says that the value goes on in further lines.
	folded bool
}

// ParseComposeYAML reads one service of `docker-compose config`, version 1.
func ParseComposeYAML(reader io.Reader, name string) (ComposeService, error) {
	lines, err := readYAMLLines(reader)
	if err != nil {
		return ComposeService{}, err
	}
	block, ok := yamlBlock(lines, "services")
	if !ok {
		// What was read may be a secret, and is not repeated.
		return ComposeService{}, errors.New("docker-compose config: not the form that was expected")
	}
	block, ok = yamlBlock(block, name)
	if !ok {
		return ComposeService{}, fmt.Errorf("%s: %w", Safe(name), errNoService)
	}
	service := ComposeService{Environment: map[string]string{}, Unset: []string{}, Mounts: []Mount{}}
	service.Image, service.WorkingDir = yamlValue(block, "image"), yamlValue(block, "working_dir")
	for _, shared := range []string{"network_mode", "ipc", "pid"} {
		service.Shared = service.Shared || strings.HasPrefix(yamlValue(block, shared), "service:")
	}
	_, from := yamlBlock(block, "volumes_from")
	service.Shared = service.Shared || from
	service.Build = yamlBuild(block)
	environment, _ := yamlBlock(block, "environment")
	for _, line := range environment {
		switch {
		case line.key == "" || line.folded || line.depth != environment[0].depth:
		case line.value == "null":
			service.Unset = append(service.Unset, line.key)
		default:
			service.Environment[line.key] = strings.ReplaceAll(unquoteYAML(line.value), "$$", "$")
		}
	}
	slices.Sort(service.Unset)
	volumes, _ := yamlBlock(block, "volumes")
	for _, line := range volumes {
		source, rest, ok := strings.Cut(unquoteYAML(line.value), ":")
		target, _, _ := strings.Cut(rest, ":")
		if line.item && line.key == "" && ok && path.IsAbs(source) {
			service.Mounts = append(service.Mounts, Mount{Type: "bind", Source: source, Destination: target})
		}
	}
	return service, nil
}

// ParsePlannedYAML reads from the same what containers a project's files call for. A project
// without a name has that of its directory, as version 1 writes it.
func ParsePlannedYAML(reader io.Reader, project ComposeProject) ([]PlannedContainer, error) {
	lines, err := readYAMLLines(reader)
	if err != nil {
		return nil, err
	}
	services, ok := yamlBlock(lines, "services")
	if !ok {
		return nil, errors.New("docker-compose config: not the form that was expected")
	}
	name := project.Name
	if name == "" {
		name = strings.Map(func(letter rune) rune {
			if letter >= 'a' && letter <= 'z' || letter >= '0' && letter <= '9' || letter == '-' || letter == '_' {
				return letter
			}
			return -1
		}, strings.ToLower(path.Base(project.Directory)))
	}
	planned := []PlannedContainer{}
	for _, line := range services {
		if line.key == "" || line.item || line.depth != services[0].depth {
			continue
		}
		block, _ := yamlBlock(services, line.key)
		container := Container{
			Daemon: project.Daemon, ID: ContainerAbsent + ":" + name + "/" + line.key, State: ContainerAbsent,
			Name: cmp.Or(yamlValue(block, "container_name"), name+"_"+line.key+"_1"), ImageName: cmp.Or(yamlValue(block, "image"), name+"_"+line.key),
			Project: name, Service: line.key, ProjectDir: project.Directory, ConfigFiles: slices.Clone(project.Files), EnvironmentFile: project.EnvironmentFile,
			Gunicorn: startsGunicorn(yamlWords(block, "command")), HostNetwork: yamlValue(block, "network_mode") == "host", WorkingDirectory: yamlValue(block, "working_dir"),
			EnvironmentNames: []string{}, Environment: map[string]string{}, Mounts: []Mount{}, Ports: yamlPorts(block),
		}
		one := PlannedContainer{Container: container, Build: yamlBuild(block)}
		planned = append(planned, one)
	}
	return planned, nil
}

// yamlWords is a scalar, or the items of a list.
func yamlWords(lines []yamlLine, key string) []string {
	if value := yamlValue(lines, key); value != "" {
		return []string{value}
	}
	var words []string
	block, _ := yamlBlock(lines, key)
	for _, line := range block {
		words = append(words, unquoteYAML(line.value))
	}
	return words
}

// yamlPorts takes "127.0.0.1:8077:8000/tcp" and "8077:8000"; what is published at any port
// that is free is not known.
func yamlPorts(lines []yamlLine) []PublishedPort {
	ports := []PublishedPort{}
	for _, text := range yamlWords(lines, "ports") {
		text, protocol, _ := strings.Cut(text, "/")
		outside, inside, ok := cutLast(text, ":")
		host, published, hasHost := cutLast(outside, ":")
		if !hasHost {
			host, published = "", outside
		}
		from, fromErr := strconv.ParseUint(published, 10, 16)
		to, toErr := strconv.ParseUint(inside, 10, 16)
		if ok && fromErr == nil && toErr == nil && (protocol == "" || protocol == "tcp") {
			ports = append(ports, PublishedPort{HostIP: strings.Trim(host, "[]"), HostPort: int(from), ContainerPort: int(to)})
		}
	}
	return ports
}

func cutLast(text, separator string) (before, after string, found bool) {
	if index := strings.LastIndex(text, separator); index >= 0 {
		return text[:index], text[index+len(separator):], true
	}
	return "", text, false
}

func yamlBuild(lines []yamlLine) *ComposeBuild {
	block, ok := yamlBlock(lines, "build")
	if !ok {
		return nil
	}
	build := &ComposeBuild{Context: yamlValue(block, "context"), Dockerfile: cmp.Or(yamlValue(block, "dockerfile"), "Dockerfile"), Target: yamlValue(block, "target")}
	if !path.IsAbs(build.Dockerfile) {
		build.Dockerfile = path.Join(build.Context, build.Dockerfile)
	}
	return build
}

func readYAMLLines(reader io.Reader) ([]yamlLine, error) {
	var lines []yamlLine
	scanner := bufio.NewScanner(reader)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		text := strings.TrimRight(scanner.Text(), " \r")
		trimmed := strings.TrimLeft(text, " ")
		if trimmed == "" {
			continue
		}
		line := yamlLine{depth: len(text) - len(trimmed)}
		if rest, ok := strings.CutPrefix(trimmed, "- "); ok {
			line.item, line.value = true, rest
			lines = append(lines, line)
			continue
		}
		key, value, ok := strings.Cut(trimmed, ":")
		if !ok || value != "" && !strings.HasPrefix(value, " ") || len(lines) > 0 && lines[len(lines)-1].value != "" && line.depth > lines[len(lines)-1].depth {
			if len(lines) > 0 {
				lines[len(lines)-1].folded = true
			}
			continue
		}
		line.key, line.value = unquoteYAML(key), strings.TrimSpace(value)
		lines = append(lines, line)
	}
	if err := scanner.Err(); err != nil {
		return nil, fmt.Errorf("docker-compose config: %w", err)
	}
	return lines, nil
}

// yamlBlock is what stands below a key at the level of the first line; ok is false where
// there is no such key.
func yamlBlock(lines []yamlLine, key string) (block []yamlLine, ok bool) {
	for index, line := range lines {
		if line.key != key || line.item || line.depth != lines[0].depth {
			continue
		}
		end := index + 1
		for end < len(lines) && (lines[end].depth > line.depth || lines[end].item && lines[end].depth == line.depth) {
			end++
		}
		return lines[index+1 : end], true
	}
	return nil, false
}

// yamlValue is the scalar at a key of the first line's level.
func yamlValue(lines []yamlLine, key string) string {
	for _, line := range lines {
		if line.key == key && !line.item && line.depth == lines[0].depth && !line.folded && line.value != "null" {
			return unquoteYAML(line.value)
		}
	}
	return ""
}

// unquoteYAML takes the quotes off a scalar. Escapes in double quotes are for what cannot
// be printed, which no name or path has.
func unquoteYAML(text string) string {
	if len(text) >= 2 && text[0] == '\'' && text[len(text)-1] == '\'' {
		return strings.ReplaceAll(text[1:len(text)-1], "''", "'")
	}
	if len(text) >= 2 && text[0] == '"' && text[len(text)-1] == '"' {
		return text[1 : len(text)-1]
	}
	return text
}
