package docker

import (
	"errors"
	"strings"
	"testing"

	"flasktui/sys"
)

// ofPodman is what Podman 4 says of a container that a unit of its own has: the entry point as a
// line, and the control group below the unit.
func ofPodman(id string) string {
	return strings.ReplaceAll(`[{"Id": "ID", "Name": "shop", "Image": "1", "OCIRuntime": "crun", "Path": "/entry.sh", "Args": ["gunicorn", "wsgi:app"],
"State": {"Status": "running", "Pid": 7, "CgroupPath": "/system.slice/shop.service/libpod-payload-ID"},
"Config": {"Image": "localhost/shop:latest", "Entrypoint": "/entry.sh", "Env": ["TOKEN=hunter2"],
"CreateCommand": ["podman", "run", "-e", "TOKEN=hunter2", "--env=KEY=hunter2", "--name", "shop", "localhost/shop"],
"Labels": {"PODMAN_SYSTEMD_UNIT": "shop.service"}}, "NetworkSettings": {"Ports": {"8000/tcp": [{"HostIp": "127.0.0.1", "HostPort": "8001"}]}}}]`, "ID", id)
}

// TestWhatPodmanRuns is told by Podman itself, as root, and only where it has run a container:
// another would make its directories.
func TestWhatPodmanRuns(t *testing.T) {
	t.Parallel()
	id := strings.Repeat("ab", 32)
	machine, asked := box(t, func(command sys.Command) sys.Output {
		switch line := strings.Join(command.Argv, " "); {
		case command.Argv[0] != "podman":
			return sys.Output{Err: sys.ErrNoCommand}
		case !command.Elevate:
			return sys.Output{Err: errors.New("not asked as root")}
		case strings.Contains(line, " ps "):
			return sys.Output{Stdout: []byte(id + "\n")}
		}
		return sys.Output{Stdout: []byte(ofPodman(id))}
	})
	if _, err := ListContainers(t.Context(), machine); !errors.Is(err, sys.ErrNoCommand) {
		t.Errorf("a box without either: %v", err)
	}
	for _, command := range *asked {
		if command.Argv[0] == "podman" {
			t.Errorf("one that has run nothing was asked: %q", command.Argv)
		}
	}
	machine.Files = map[string]string{"/run/libpod/alive": ""}
	containers, err := ListContainers(t.Context(), machine)
	if err != nil || len(containers) != 1 {
		t.Fatalf("%+v, %v", containers, err)
	}
	one := containers[0]
	if one.Identity() != "shop.service/"+id || one.Unit != "shop.service" || !one.Serves || !one.Daemon.IsPodman() || one.Ports[0].HostPort != 8001 {
		t.Errorf("%+v", one)
	}
	words := make([]string, 0, 8)
	for _, word := range one.Run(Image{}).Argv {
		words = append(words, string(word))
	}
	if line := strings.Join(words, " "); strings.Contains(line, "hunter2") || !strings.HasPrefix(line, "podman run -e TOKEN=*** --env=KEY=*** --name shop") {
		t.Errorf("how it was made: %s", line)
	}
}

// TestAUsersPodmanIsAskedByItsDirectories: as that user, with the name by which it knows its ids.
func TestAUsersPodmanIsAskedByItsDirectories(t *testing.T) {
	t.Parallel()
	theirs := Daemon{Program: podman, Owner: sys.Account{UID: 1000, Name: "ada", Home: "/home/ada"}}
	command := theirs.Look("ps")
	if line := strings.Join(command.Argv, " "); line != "env USER=ada HOME=/home/ada XDG_RUNTIME_DIR=/run/user/1000 podman ps" || command.As == nil || command.Elevate {
		t.Errorf("%q as %v", line, command.As)
	}
	roots := Daemon{Program: podman, AsRoot: true}
	if theirs.Is(roots) || roots.Is(Daemon{}) || !theirs.Rootless() || theirs.Name() != "ada" || roots.Name() != "" {
		t.Error("one is taken for another")
	}
}
