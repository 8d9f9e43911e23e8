package docker

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"sync"

	"flasktui/sys"
)

// Daemon is one of the daemons on a box: the system's own, a user's own (rootless),
// or another at a socket that a context names; and Podman, which is none (see podman.go).
type Daemon struct {
	// Program is "podman" for what Podman runs; empty for Docker.
	Program string `json:"program,omitempty"`
	// Host is what `docker --host` takes; empty for the system's own daemon.
	Host string `json:"host,omitempty"`
	// AsRoot says that it would only answer to root.
	AsRoot bool `json:"as_root,omitempty"`
	// Owner is whoever, besides root, decides what answers at its socket: what it says,
	// and what it is sent, is theirs. It is zero for a daemon of root's.
	Owner sys.Account `json:"owner,omitzero"`
}

// usual are the sockets of the system's own daemon.
func usual() []string {
	return []string{"unix:///var/run/docker.sock", "unix:///run/docker.sock"}
}

// Rootless says that it is a user's own: the networks of its containers are not the box's,
// and only published ports lead into them.
func (daemon Daemon) Rootless() bool {
	return daemon.Owner.UID != 0 || strings.HasPrefix(daemon.Host, user)
}

// user begins the addresses of users' own daemons.
const user = "unix:///run/user/"

// Is tells whether two are the same daemon.
func (daemon Daemon) Is(other Daemon) bool {
	return daemon.Host == other.Host && daemon.Program == other.Program && (!daemon.IsPodman() || daemon.Owner.UID == other.Owner.UID)
}

// Name tells the daemon from the others of the box; empty for the system's own. A user's
// own has the user's name, any other its socket's.
func (daemon Daemon) Name() string {
	if daemon.Owner.UID != 0 && (daemon.IsPodman() || strings.HasPrefix(daemon.Host, user)) {
		return daemon.Owner.String()
	}
	return strings.TrimPrefix(daemon.Host, "unix://")
}

// Look is a command that asks this daemon. One that is a user's own is asked with that
// user's rights, and as that user has docker set up.
func (daemon Daemon) Look(arguments ...string) sys.Command {
	command := sys.Command{Argv: daemon.Argv(arguments...), Elevate: daemon.AsRoot}
	if daemon.Owner.UID != 0 {
		command.As = &daemon.Owner
		if daemon.Owner.Home != "" && !daemon.IsPodman() {
			command.Environment = []string{"HOME=" + daemon.Owner.Home}
		}
	}
	return command
}

// Argv begins a command for this daemon.
func (daemon Daemon) Argv(arguments ...string) []string {
	if daemon.IsPodman() {
		return append(daemon.podmanArgv(), arguments...)
	}
	argv := []string{"docker"}
	if daemon.Host != "" {
		argv = append(argv, "--host", daemon.Host)
	}
	return append(argv, arguments...)
}

// ErrElsewhere means that Docker's own settings lead to a daemon on another machine,
// whose containers are not this box's.
var ErrElsewhere = errors.New("docker's settings here lead to another machine")

// findDaemons finds the sockets that this user's contexts and DOCKER_HOST name, and
// those of other users' own daemons. The one that docker itself would ask comes first.
// elsewhere is its address where that is no socket of this box; it is left out then.
func findDaemons(ctx context.Context, machine sys.Machine) (daemons []Daemon, elsewhere string, err error) {
	var output sys.Output
	if host, err := machine.Host(ctx); err != nil || host.DockerSettings {
		output = machine.Run(ctx, sys.Command{Argv: []string{"docker", "context", "ls", "--format", "{{json .}}"}})
		if errors.Is(output.Err, sys.ErrNoCommand) {
			return nil, "", output.Err
		}
	}
	current := Daemon{}
	add := func(host string) {
		daemon := Daemon{Host: strings.Replace(host, "unix:///var/run/user/", "unix:///run/user/", 1)}
		if slices.Contains(usual(), host) {
			daemon.Host = ""
		}
		if !slices.Contains(daemons, daemon) {
			daemons = append(daemons, daemon)
		}
	}
	// A Docker before 18.09 has no contexts.
	contexts, _ := ParseContexts(bytes.NewReader(output.Stdout))
	for _, one := range contexts {
		switch local := strings.HasPrefix(one.Endpoint, "unix://"); {
		case one.Current && !local && one.Endpoint != "":
			elsewhere = one.Endpoint
		case one.Current && local:
			current.Host = one.Endpoint
		}
	}
	if elsewhere == "" {
		add(current.Host)
		if current.Host == "" {
			daemons = []Daemon{{}}
		}
	}
	for _, one := range contexts {
		if strings.HasPrefix(one.Endpoint, "unix://") {
			add(one.Endpoint)
		}
	}
	// DOCKER_HOST hides the system's own from the list of contexts.
	if _, err := machine.Stat(ctx, "/run/docker.sock"); err == nil {
		add(usual()[0])
	}
	users, err := machine.ReadDir(ctx, "/run/user")
	if err == nil {
		for _, user := range users {
			socket := path.Join("/run/user", user.Name, "docker.sock")
			if _, err := machine.Stat(ctx, socket); err == nil {
				add("unix://" + socket)
			}
		}
	}
	for index, daemon := range daemons {
		if daemons[index].Owner, err = daemonOwner(ctx, machine, daemon); err != nil {
			return nil, "", err
		}
	}
	return daemons, elsewhere, nil
}

// daemonOwner finds who decides what answers at a daemon's socket. Where several do, nobody is
// who may be believed.
func daemonOwner(ctx context.Context, machine sys.Machine, daemon Daemon) (sys.Account, error) {
	if daemon.Host == "" {
		return sys.Account{}, nil
	}
	deciders, err := sys.FindDeciders(ctx, machine, strings.TrimPrefix(daemon.Host, "unix://"))
	if uid, one := deciders.One(); one {
		return sys.LookUpAccount(ctx, machine, uid)
	}
	if deciders.Root() && (err == nil || !strings.HasPrefix(daemon.Host, user)) {
		return sys.Account{}, nil
	}
	return sys.Nobody(), nil
}

// Context is a line of `docker context ls`.
type Context struct {
	Name     string
	Current  bool
	Endpoint string `json:"DockerEndpoint"`
}

// ParseContexts reads `docker context ls --format '{{json .}}'`: one object on each
// line, or all in one array, as newer versions may print them.
func ParseContexts(reader io.Reader) ([]Context, error) {
	contexts := []Context{}
	decoder := json.NewDecoder(reader)
	for {
		var raw json.RawMessage
		if err := decoder.Decode(&raw); errors.Is(err, io.EOF) {
			return contexts, nil
		} else if err != nil {
			return contexts, fmt.Errorf("docker context ls: %w", err)
		}
		var list []Context
		if json.Unmarshal(raw, &list) != nil {
			var one Context
			if err := json.Unmarshal(raw, &one); err != nil {
				return contexts, fmt.Errorf("docker context ls: %w", err)
			}
			list = []Context{one}
		}
		contexts = append(contexts, list...)
	}
}

// ListContainers lists and inspects the containers of every daemon on the box, stopped ones
// too. sys.ErrNoCommand where Docker is not installed, ErrDown where no daemon runs,
// ErrElsewhere where docker itself would ask another machine. Where the user may not
// use Docker it is asked as root, if that needs no password. Of several daemons, what some
// gave is returned beside the error of the others.
//
// Podman's are listed beside Docker's, and where there is no Docker.
func ListContainers(ctx context.Context, machine sys.Machine) ([]Container, error) {
	docker, err := dockerContainers(ctx, machine)
	podman, podmanErr := podmanContainers(ctx, machine)
	if len(podman) > 0 && (errors.Is(err, sys.ErrNoCommand) || errors.Is(err, ErrDown)) {
		// A Docker that is not there, or not started, hides none of them.
		err = nil
	}
	if podmanErr != nil {
		err = errors.Join(err, podmanErr)
	}
	return onceEach(slices.Concat(docker, podman)), err
}

func dockerContainers(ctx context.Context, machine sys.Machine) ([]Container, error) {
	daemons, elsewhere, err := findDaemons(ctx, machine)
	if err != nil {
		return nil, fmt.Errorf("list containers: %w", err)
	}
	lists, problems := make([][]Container, len(daemons)), make([]error, len(daemons))
	var group sync.WaitGroup
	for index, daemon := range daemons {
		group.Go(func() {
			lists[index], problems[index] = listContainersOf(ctx, machine, daemon)
			// A socket without a daemon is what one leaves that was stopped.
			if index > 0 && errors.Is(problems[index], ErrDown) {
				problems[index] = nil
			}
		})
	}
	group.Wait()
	containers := onceEach(slices.Concat(lists...))
	if elsewhere != "" {
		problems = append(problems, fmt.Errorf("%w: %s", ErrElsewhere, sys.Safe(elsewhere)))
	}
	return containers, errors.Join(problems...)
}

// listContainersOf asks the daemon itself, or else runs `docker ps` and inspects every container
// in one further command.
func listContainersOf(ctx context.Context, machine sys.Machine, daemon Daemon) ([]Container, error) {
	docker := cli{machine: machine, daemon: daemon}
	containers, err := docker.containersAtSocket(ctx)
	if errors.Is(err, errNotAsked) {
		return docker.containersByClient(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("list containers: %w", err)
	}
	for index := range containers {
		containers[index].Daemon = docker.daemon
	}
	docker.addSwarm(ctx, containers)
	return containers, nil
}

func (d *cli) containersByClient(ctx context.Context) ([]Container, error) {
	listed := d.run(ctx, "ps", "--all", "--quiet", "--no-trunc")
	if listed.Err != nil {
		return nil, fmt.Errorf("list containers: %w", listed.Err)
	}
	ids := strings.Fields(string(listed.Stdout))
	if len(ids) == 0 {
		return nil, nil
	}
	inspected := d.run(ctx, append([]string{"inspect", "--type", "container", "--"}, ids...)...)
	if err := ignoreMissing(inspected); err != nil {
		return nil, fmt.Errorf("inspect containers: %w", err)
	}
	containers, err := ParseContainers(bytes.NewReader(inspected.Stdout))
	if d.daemon.IsPodman() {
		placed(containers)
	}
	for index := range containers {
		containers[index].Daemon = d.daemon
	}
	d.addSwarm(ctx, containers)
	if d.daemon.Owner.UID != 0 {
		containers, err = verified(ctx, d.machine, containers, err)
	}
	return containers, err
}
