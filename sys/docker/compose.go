package docker

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"flasktui/sys"
)

// ComposeProject is what the labels of a container say of the project that it was made
// from: Compose has to be run with exactly these.
type ComposeProject struct {
	Daemon          Daemon   `json:"daemon"`
	Name            string   `json:"name"`
	Directory       string   `json:"directory"`
	Files           []string `json:"files"`
	EnvironmentFile string   `json:"environment_file,omitempty"`
	// Profiles are those without which the services that run would not be described.
	Profiles []string `json:"profiles,omitempty"`
	// Running are the services that have a container which runs.
	Running []string `json:"-"`
	// Version is that of the Compose that made the container; empty for none.
	Version string `json:"version,omitempty"`
}

// ComposeProject is the project that a container belongs to.
func (container Container) ComposeProject() ComposeProject {
	return ComposeProject{
		Daemon: container.Daemon, Name: container.Project, Directory: container.ProjectDir, Files: container.ConfigFiles,
		EnvironmentFile: container.EnvironmentFile, Version: container.ComposeVersion,
	}
}

// Compose is a service as Compose sees it now on disk.
type Compose struct {
	// Tool is the program and its first words: "docker compose" or "docker-compose".
	Tool []string `json:"tool"`
	// Older says that it is docker-compose of version 1, whose hash counts the image too.
	Older bool `json:"older,omitempty"`
	// Version is asked for only where the hash differs from the one wanted.
	Version string `json:"version,omitempty"`
	// Hash is Compose's own test of whether a container is what the files say.
	Hash string `json:"hash,omitempty"`
	// Service is the resolved service; nil where this Compose cannot print it as JSON,
	// and ModelProblem says why.
	Service      *ComposeService `json:"service"`
	ModelProblem string          `json:"model_problem,omitempty"`
	// Others are all services of the project by their names, as Service is; none of an older
	// Compose. They hold environments, and are never saved.
	Others map[string]ComposeService `json:"-"`
	// Starts are the services that `up` starts with this one, itself first; nil where this
	// Compose cannot print them. They hold command lines, and are never saved.
	Starts []ComposeStart `json:"-"`
	// Profiles are those that have to be named for the service, and the others that run, to be
	// among the project's.
	Profiles []string `json:"profiles,omitempty"`
	// Reader is who decides about the files, where that is neither root alone nor the caller,
	// and the caller may read more: what the files name is to be read by nobody else.
	Reader *sys.Account `json:"reader,omitempty"`
	// Unset are variables that the files take from the environment of whoever runs
	// Compose, and that are not set for flasktui: what it would make may be another
	// container than the deploy's.
	Unset []string `json:"unset"`
}

// Argv begins a command for exactly this project.
func (compose Compose) Argv(project ComposeProject, arguments ...string) []string {
	argv := project.Daemon.Argv("compose")
	if len(compose.Tool) == 1 {
		// The older one is a program of its own.
		argv = append([]string{compose.Tool[0]}, project.Daemon.Argv()[1:]...)
	}
	if project.Directory != "" {
		argv = append(argv, "--project-directory", project.Directory)
	}
	if project.Name != "" {
		argv = append(argv, "-p", project.Name)
	}
	for _, file := range project.Files {
		argv = append(argv, "-f", file)
	}
	if project.EnvironmentFile != "" {
		for file := range strings.SplitSeq(project.EnvironmentFile, ",") {
			argv = append(argv, "--env-file", file)
		}
	}
	for _, profile := range project.Profiles {
		argv = append(argv, "--profile", profile)
	}
	return append(argv, arguments...)
}

// ErrNoCompose means that neither the plugin nor the older program is installed.
var ErrNoCompose = errors.New("no Docker Compose is installed")

// ReadCompose asks Compose what a service is by its files: the resolved service, and its
// hash, which is compared with wanted. Nothing is changed, and the daemon is not asked.
func ReadCompose(ctx context.Context, machine sys.Machine, project ComposeProject, service, wanted string) (Compose, error) {
	asked, err := newComposeCLI(ctx, machine, project)
	if err != nil {
		return asked.compose, err
	}
	model, err := asked.model(ctx)
	switch {
	case err != nil:
		return asked.compose, err
	case asked.compose.Older:
		asked.olderModel(ctx, service)
	default:
		services, err := ParseComposeModel(bytes.NewReader(model))
		if err != nil {
			return asked.compose, err
		}
		if model, services, err = asked.withProfiles(ctx, model, services, append([]string{service}, project.Running...)); err != nil {
			return asked.compose, err
		}
		parsed, err := serviceNamed(services, service)
		if err != nil {
			return asked.compose, err
		}
		asked.compose.Service, asked.compose.Others = &parsed, services
		if asked.compose.Starts, err = ParseComposeStarts(bytes.NewReader(model), service); err != nil {
			return asked.compose, err
		}
		asked.compose.Unset = append(asked.compose.Unset, parsed.Unset...)
		// Read back, the resolved model has the hash that `up` puts on the container:
		// `config --hash` alone leaves environment files out (docker/compose#10068).
		resolved := asked
		resolved.project = ComposeProject{Daemon: project.Daemon, Name: project.Name, Directory: project.Directory, Files: []string{"-"}, Profiles: asked.compose.Profiles}
		asked.compose.Hash, _ = resolved.hash(ctx, service, model)
	}
	if asked.compose.Hash != wanted || wanted == "" {
		plain, err := asked.hash(ctx, service, nil)
		if err != nil && asked.compose.Hash == "" {
			return asked.compose, err
		}
		if plain == wanted || asked.compose.Hash == "" {
			asked.compose.Hash = plain
		}
		asked.compose.Version = asked.version(ctx)
	}
	return asked.compose, nil
}

// model prints the resolved project as JSON, by the Compose that is here: of the two the
// one that made the container, as they count a configuration otherwise. Version 1 has no
// JSON to give, and says so with its usage and an exit status of 0.
func (c *composeCLI) model(ctx context.Context) ([]byte, error) {
	tools := [][]string{{"docker", "compose"}, {"docker-compose"}}
	if strings.HasPrefix(c.project.Version, "1.") {
		tools[0], tools[1] = tools[1], tools[0]
	}
	c.compose.Tool = tools[0]
	output := c.run(ctx, nil, "config", "--format", "json")
	if lacksCompose(output) {
		c.compose.Tool = tools[1]
		output = c.run(ctx, nil, "config", "--format", "json")
	}
	usage := output.Complains("unknown flag: --format", "Unknown option", "Usage:", "no such option")
	switch {
	case errors.Is(output.Err, sys.ErrNoCommand) && c.as && c.reader != nil:
		return nil, fmt.Errorf("%w that %s may run, with whose rights the project's files are read", ErrNoCompose, c.reader)
	case errors.Is(output.Err, sys.ErrNoCommand):
		return nil, ErrNoCompose
	case usage && len(bytes.TrimSpace(output.Stdout)) == 0:
		c.compose.Older = true
		return nil, nil
	case output.Err != nil:
		return nil, c.failed("docker compose config", output)
	}
	c.compose.Unset = unsetVariables(string(output.Stderr))
	return output.Stdout, nil
}

// olderModel is what version 1 has in place of JSON.
func (c *composeCLI) olderModel(ctx context.Context, service string) {
	output := c.run(ctx, nil, "config")
	c.compose.Unset = unsetVariables(string(output.Stderr))
	raw, err := jsonOfYAML(output.Stdout)
	var services map[string]ComposeService
	if err == nil {
		services, err = ParseComposeModel(bytes.NewReader(raw))
	}
	var parsed ComposeService
	if err == nil {
		parsed, err = serviceNamed(services, service)
	}
	switch {
	case output.Err != nil:
		c.compose.ModelProblem = string(sys.Safe(output.Err.Error() + composeReason(output)))
	case err != nil:
		c.compose.ModelProblem = string(sys.Safe(err.Error()))
	default:
		c.compose.Service = &parsed
		c.compose.Unset = append(c.compose.Unset, parsed.Unset...)
	}
}

// lacksCompose tells a docker without the plugin, which takes "compose" for an unknown
// command or the options behind it for its own.
func lacksCompose(output sys.Output) bool {
	return output.Err != nil && (errors.Is(output.Err, sys.ErrNoCommand) ||
		output.Complains("is not a docker command", "unknown shorthand flag: 'p'", "unknown flag: --project-directory", "unknown shorthand flag: 'f'"))
}

// hash is empty where Compose has none to give.
func (c *composeCLI) hash(ctx context.Context, service string, stdin []byte) (string, error) {
	output := c.run(ctx, stdin, "config", "--hash", service)
	if output.Err != nil {
		return "", c.failed("docker compose config --hash", output)
	}
	for line := range strings.Lines(string(output.Stdout)) {
		if fields := strings.Fields(line); len(fields) == 2 && fields[0] == service {
			return fields[1], nil
		}
	}
	return "", nil
}

func (c *composeCLI) version(ctx context.Context) string {
	command := sys.Command{Argv: append(append([]string{}, c.compose.Tool...), "version", "--short")}
	if c.as && c.reader != nil {
		c.become(&command)
	}
	output := c.machine.Run(ctx, command)
	// Debian adds its own revision.
	version, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(string(output.Stdout)), "v"), "-")
	version, _, _ = strings.Cut(version, "+")
	return string(sys.Safe(version))
}

// composeReason is the last line that Compose wrote: the ones before are warnings.
func composeReason(output sys.Output) string {
	last := ""
	for line := range strings.Lines(string(output.Stderr)) {
		if text := strings.TrimSpace(line); text != "" {
			last = text
		}
	}
	if last == "" {
		return ""
	}
	return " — " + string(sys.Safe(last))
}

// unsetVariables reads the warnings about variables that the files name and nothing sets:
// `The "TAG" variable is not set.`, with quotes escaped where the warning is a log line.
func unsetVariables(stderr string) []string {
	names := []string{}
	for line := range strings.Lines(strings.ReplaceAll(stderr, `\"`, `"`)) {
		before, _, found := strings.Cut(line, " variable is not set")
		if !found {
			continue
		}
		name := strings.Trim(before[strings.LastIndexByte(before, ' ')+1:], `"`)
		known := false
		for _, other := range names {
			known = known || other == name
		}
		if name != "" && !known {
			names = append(names, string(sys.Safe(name)))
		}
	}
	return names
}
