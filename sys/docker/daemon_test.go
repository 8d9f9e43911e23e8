package docker

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"flasktui/sys"
	"flasktui/sys/memory"
)

func TestParseDockerContexts(t *testing.T) {
	t.Parallel()
	lines := readFile(t, "testdata/docker/context-26.ndjson")
	want := []Context{{"default", true, "unix:///var/run/docker.sock"}, {"other", false, "unix:///run/other.sock"}}
	array := "[" + strings.ReplaceAll(strings.TrimSpace(lines), "\n", ",") + "]\n"
	for name, raw := range map[string]string{"lines": lines, "array": array} {
		contexts, err := ParseContexts(strings.NewReader(raw))
		if diff := cmp.Diff(want, contexts); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
	if contexts, err := ParseContexts(strings.NewReader("NAME  ENDPOINT\n")); err == nil {
		t.Errorf("a table was taken for JSON: %+v", contexts)
	}
}

// daemonBox has a system's daemon and one user's own, with a container each; the socket of
// another user is left over.
func daemonBox(t *testing.T, contexts string, system error) (memory.Machine, *[]sys.Command) {
	t.Helper()
	recorded := readFile(t, "testdata/docker/inspect-26.json")
	machine, asked := box(t, func(command sys.Command) sys.Output {
		inspect, host, words := recorded, "", command.Argv[1:]
		if words[0] == "--host" {
			host, words = words[1], words[2:]
		}
		switch {
		case words[0] == "context":
			return sys.Output{Stdout: []byte(contexts)}
		case host == "" && system != nil:
			return sys.Output{Exit: 1, Err: system, Stderr: []byte("permission denied while trying to connect to the Docker daemon socket\n")}
		case host == "unix:///run/user/1002/docker.sock":
			return sys.Output{Exit: 1, Stderr: []byte("Cannot connect to the Docker daemon at " + host + ".\n")}
		case words[0] == "ps":
			return sys.Output{Stdout: []byte("0821\n")}
		}
		if host != "" {
			inspect = strings.NewReplacer("0821c847", "aaaaaaaa", "950bc25d", "bbbbbbbb").Replace(inspect)
		}
		return sys.Output{Stdout: []byte(inspect)}
	})
	machine.Files = map[string]string{"/run/user/1001/docker.sock": "", "/run/user/1002/docker.sock": "", "/run/user/1003/bus": ""}
	return machine, asked
}

func TestListContainersOfSeveralDaemons(t *testing.T) {
	t.Parallel()
	const usual = `{"Name":"default","Current":true,"DockerEndpoint":"unix:///var/run/docker.sock"}`
	machine, asked := daemonBox(t, usual, nil)
	containers, err := ListContainers(t.Context(), machine)
	if err != nil {
		t.Fatal(err)
	}
	hosts := map[string]int{}
	for _, container := range containers {
		hosts[container.Daemon.Host]++
	}
	if hosts[""] == 0 || hosts["unix:///run/user/1001/docker.sock"] == 0 || len(hosts) != 2 {
		t.Errorf("containers of %v", hosts)
	}
	if !slices.ContainsFunc(*asked, func(command sys.Command) bool {
		return slices.Equal(command.Argv, []string{"docker", "--host", "unix:///run/user/1001/docker.sock", "ps", "--all", "--quiet", "--no-trunc"})
	}) {
		t.Errorf("commands: %+v", *asked)
	}
	if rootless := (Daemon{Host: "unix:///run/user/1001/docker.sock"}); !rootless.Rootless() || (Daemon{}).Rootless() {
		t.Error("a user's own daemon was not told from the system's")
	}
}

// ordinary is a box whose user has no settings of Docker's own.
type ordinary struct{ memory.Machine }

func (ordinary) Host(context.Context) (sys.Host, error) { return sys.Host{}, nil }

// TestWithoutSettingsDockerIsNotAskedForContexts: there is but the default one, and asking
// takes as long as all the rest.
func TestWithoutSettingsDockerIsNotAskedForContexts(t *testing.T) {
	t.Parallel()
	machine, asked := daemonBox(t, "", nil)
	daemons, elsewhere, err := findDaemons(t.Context(), ordinary{machine})
	if err != nil || elsewhere != "" || len(daemons) == 0 || daemons[0].Host != "" || len(*asked) > 0 {
		t.Errorf("%+v, %q, %v; asked %v", daemons, elsewhere, err, *asked)
	}
	home := t.TempDir()
	for name, settings := range map[string]map[string]string{
		"DOCKER_HOST":    {"HOME": home, "DOCKER_HOST": "tcp://10.0.0.1:2375"},
		"DOCKER_CONTEXT": {"HOME": home, "DOCKER_CONTEXT": "other"},
		"":               {"HOME": home},
	} {
		has := sys.DockerSettings(func(name string) (string, bool) { value, ok := settings[name]; return value, ok })
		if has != (name != "") {
			t.Errorf("%s: %v", name, has)
		}
	}
}

// TestFindDockerDaemons: the one that docker itself would ask comes first, and each once.
func TestFindDockerDaemons(t *testing.T) {
	t.Parallel()
	const own, other = "unix:///run/user/1001/docker.sock", "unix:///run/other.sock"
	for name, test := range map[string]struct {
		contexts string
		want     []string
	}{
		"without contexts": {"", []string{"", own, "unix:///run/user/1002/docker.sock"}},
		"the usual one":    {`{"Current":true,"DockerEndpoint":"unix:///var/run/docker.sock"}`, []string{"", own, "unix:///run/user/1002/docker.sock"}},
		"DOCKER_HOST":      {`{"Current":true,"DockerEndpoint":"` + own + `"}`, []string{own, "", "unix:///run/user/1002/docker.sock"}},
		"another context":  {`{"Current":false,"DockerEndpoint":"unix:///var/run/docker.sock"}{"Current":true,"DockerEndpoint":"` + other + `"}`, []string{other, "", own, "unix:///run/user/1002/docker.sock"}},
		"a second daemon":  {`{"Current":true,"DockerEndpoint":"unix:///var/run/docker.sock"}{"Current":false,"DockerEndpoint":"` + other + `"}{"DockerEndpoint":"tcp://10.0.0.1:2375"}`, []string{"", other, own, "unix:///run/user/1002/docker.sock"}},
	} {
		machine, _ := daemonBox(t, test.contexts, nil)
		machine.Files["/run/docker.sock"] = ""
		daemons, elsewhere, err := findDaemons(t.Context(), machine)
		var hosts []string
		for _, daemon := range daemons {
			hosts = append(hosts, daemon.Host)
		}
		if diff := cmp.Diff(test.want, hosts); diff != "" || elsewhere != "" || err != nil {
			t.Errorf("%s: %q, %v (-want +got):\n%s", name, elsewhere, err, diff)
		}
	}
}

// TestListContainersElsewhere: the containers of another machine are none of this box's.
func TestListContainersElsewhere(t *testing.T) {
	t.Parallel()
	machine, asked := daemonBox(t, `{"Name":"prod","Current":true,"DockerEndpoint":"ssh://deploy@prod"}`, nil)
	containers, err := ListContainers(t.Context(), machine)
	if !errors.Is(err, ErrElsewhere) || len(containers) == 0 {
		t.Errorf("%d containers, %v", len(containers), err)
	}
	for _, command := range *asked {
		if command.Argv[1] == "ps" {
			t.Errorf("the other machine was asked: %v", command.Argv)
		}
	}
}

// TestListContainersOneRefuses: who may not use the system's daemon still sees their own.
func TestListContainersOneRefuses(t *testing.T) {
	t.Parallel()
	machine, _ := daemonBox(t, "", sys.ErrNeedsPrivilege)
	containers, err := ListContainers(t.Context(), machine)
	if !errors.Is(err, sys.ErrNeedsPrivilege) || len(containers) == 0 || containers[0].Daemon.Host != "unix:///run/user/1001/docker.sock" {
		t.Errorf("%+v, %v", containers, err)
	}
}

func FuzzParseDockerContexts(f *testing.F) {
	raw, err := os.ReadFile("testdata/docker/context-26.ndjson")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(raw))
	f.Add(`[{"Name":"default"}]`)
	f.Fuzz(func(t *testing.T, text string) {
		contexts, err := ParseContexts(strings.NewReader(text))
		if contexts == nil {
			t.Errorf("%q: nothing but %v", text, err)
		}
	})
}
