package docker

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flasktui/sys"
	"flasktui/sys/memory"
)

func TestParseRecordedContainers(t *testing.T) {
	t.Parallel()
	containers, err := ParseContainers(strings.NewReader(readFile(t, "testdata/docker/inspect-26.json")))
	if err != nil || len(containers) != 2 {
		t.Fatalf("%d containers, %v", len(containers), err)
	}
	want := Container{
		ID: "0821c847d499a2e15b1a3b329ecade5a0c65f88f38edab57921bf117fe75acff", Name: "shop-web-1", State: "running",
		PID:     containers[1].PID,
		Created: time.Date(2026, 11, 23, 18, 49, 43, 393305898, time.UTC), Started: containers[1].Started,
		ImageID:   "sha256:08d4ff9e53f313a99a6b3019a5155a8febcba2e073f06f43bead1030efc61e04",
		ImageName: "tiny", Project: "shop", Service: "web", ConfigHash: "f92779f2d1d65aeebbd004f700d29fae86be5e2caeefc42af995b4396feb750b",
		ProjectDir: "/root/compose", ConfigFiles: []string{"/root/compose/compose.yaml"}, ComposeVersion: "2.26.1",
		Argv: []string{"/sleep", "1000"}, EnvironmentNames: []string{"DEBUG", "SECRET_KEY"}, Environment: map[string]string{"DEBUG": "0", "SECRET_KEY": "s3cret value"},
		WorkingDirectory: "/bin", Mounts: containers[1].Mounts,
		// What is mounted to be read alone is not among them.
		Writes: []string{
			"/var/lib/docker/volumes/2fb9c044298fd5b583fdd42f6adb0a32164642c6eaa7f19ae03b2f508e2b3802/_data",
			"/var/lib/docker/volumes/shop_named/_data",
		},
		Ports:     []PublishedPort{{"127.0.0.1", 8000, 8000}},
		Addresses: map[string]string{"shop_default": "172.18.0.2"},
		Aliases:   map[string][]string{"shop_default": {"0821c847d499", "shop-web-1", "web"}},
		Keys: ContainerKeys{Reach: map[string]string{}, Words: map[string][]string{
			"command": {"/sleep", "1000"}, "image": {"tiny"}, "ports": {"0.0.0.0:9000:9000/udp", "127.0.0.1:8000:8000/tcp"},
			"runtime": {"runc"}, "volumes": {"/root/compose/data:/data:ro", "shop_named:/named"},
		}},
	}
	if diff := cmp.Diff(want, containers[1]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if containers[1].PID <= 0 || containers[1].Started.Before(containers[1].Created) {
		t.Errorf("pid %d, started %v", containers[1].PID, containers[1].Started)
	}
	mounts := containers[1].Mounts
	if !slices.Contains(mounts, Mount{"bind", "", "/root/compose/data", "/data"}) || len(mounts) != 3 {
		t.Errorf("mounts = %+v", mounts)
	}
	if stopped := containers[0]; stopped.State != "exited" || stopped.PID != 0 || stopped.Ports == nil || stopped.Mounts == nil {
		t.Errorf("stopped container: %+v", stopped)
	}
}

func TestParseRecordedImage(t *testing.T) {
	t.Parallel()
	images, err := ParseImages(strings.NewReader(readFile(t, "testdata/docker/image-26.json")))
	want := []Image{{
		ID: "sha256:08d4ff9e53f313a99a6b3019a5155a8febcba2e073f06f43bead1030efc61e04", Tags: []string{"tiny:latest"},
		Created: time.Date(2026, 11, 23, 18, 49, 43, 148291497, time.UTC),
		Layers:  []string{"sha256:9a99109741109b10dc81f67d6ff7837558b6a09cd94b15fddfd888d8063e4e96"}, Environment: map[string]string{}, Digests: []string{},
	}}
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, images); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestParseContainersWithLittleInThem(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{
		`[{}]`,
		`[{"Id":"x","Created":"","State":{"StartedAt":"0001-01-01T00:00:00Z"},"Config":{"Env":null,"Labels":null},"Mounts":null,"NetworkSettings":{"Ports":{"80/tcp":null,"x":[{}],"81/tcp":[{"HostPort":"x"}]},"Networks":null}}]`,
	} {
		containers, err := ParseContainers(strings.NewReader(raw))
		if err != nil || len(containers) != 1 || !containers[0].Created.IsZero() || len(containers[0].Ports) != 0 {
			t.Errorf("%s: %+v, %v", raw, containers, err)
		}
	}
	if _, err := ParseContainers(strings.NewReader(`{"not":"an array"}`)); err == nil {
		t.Error("an object was taken for a list")
	}
}

// box answers as docker 26 was seen to.
func box(t *testing.T, answer func(sys.Command) sys.Output) (memory.Machine, *[]sys.Command) {
	t.Helper()
	asked := &[]sys.Command{}
	var lock sync.Mutex
	return memory.Machine{OnRun: func(command sys.Command) sys.Output {
		lock.Lock()
		*asked = append(*asked, command)
		lock.Unlock()
		output := answer(command)
		output.Argv = command.Argv
		if output.Exit != 0 && output.Err == nil {
			output.Err = errors.New("docker: exit status 1")
		}
		return output
	}}, asked
}

func TestListContainersNeedsRoot(t *testing.T) {
	t.Parallel()
	inspect := readFile(t, "testdata/docker/inspect-26.json")
	const denied = "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: dial unix\n"
	machine, asked := box(t, func(command sys.Command) sys.Output {
		switch {
		case !command.Elevate:
			return sys.Output{Exit: 1, Stderr: []byte(denied)}
		case command.Argv[1] == "ps":
			return sys.Output{Stdout: []byte("950b\n0821\n"), Elevated: true}
		default:
			return sys.Output{Exit: 1, Stdout: []byte(inspect), Stderr: []byte("Error response from daemon: No such container: 950b\n")}
		}
	})
	containers, err := ListContainers(context.Background(), machine)
	if err != nil || len(containers) != 2 {
		t.Fatalf("%d containers, %v", len(containers), err)
	}
	if len(*asked) != 4 || !slices.Equal((*asked)[3].Argv, []string{"docker", "inspect", "--type", "container", "--", "950b", "0821"}) {
		t.Errorf("commands = %+v", *asked)
	}
	machine, _ = box(t, func(command sys.Command) sys.Output {
		if command.Elevate {
			return sys.Output{Exit: -1, Err: sys.ErrNeedsPrivilege}
		}
		return sys.Output{Exit: 1, Stderr: []byte(denied)}
	})
	if _, err := ListContainers(context.Background(), machine); !errors.Is(err, sys.ErrNeedsPrivilege) {
		t.Errorf("without rights: %v", err)
	}
}

func TestListContainersWithoutDocker(t *testing.T) {
	t.Parallel()
	if _, err := ListContainers(context.Background(), memory.Machine{}); !errors.Is(err, sys.ErrNoCommand) {
		t.Errorf("not installed: %v", err)
	}
	machine, _ := box(t, func(sys.Command) sys.Output {
		return sys.Output{Exit: 1, Stderr: []byte("Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n")}
	})
	if _, err := ListContainers(context.Background(), machine); !errors.Is(err, ErrDown) {
		t.Errorf("stopped: %v", err)
	}
	machine, asked := box(t, func(sys.Command) sys.Output { return sys.Output{} })
	if containers, err := ListContainers(context.Background(), machine); err != nil || containers == nil || len(*asked) != 2 {
		t.Errorf("no container: %v, %v, %v", containers, err, *asked)
	}
}

func TestInspectImages(t *testing.T) {
	t.Parallel()
	image := readFile(t, "testdata/docker/image-26.json")
	for name, stderr := range map[string]string{
		"by order": "Error response from daemon: No such image: nosuch:latest\nError response from daemon: No such image: other:3\n",
		"by tag":   "Error: No such image: somehow else\n",
	} {
		machine, _ := box(t, func(sys.Command) sys.Output {
			return sys.Output{Exit: 1, Stdout: []byte(image), Stderr: []byte(stderr)}
		})
		images, err := InspectImages(context.Background(), machine, Daemon{}, "nosuch", "tiny", "other:3")
		if err != nil || len(images) != 1 || len(images["tiny"].Layers) != 1 {
			t.Errorf("%s: %+v, %v", name, images, err)
		}
	}
	machine, _ := box(t, func(sys.Command) sys.Output { return sys.Output{Exit: 1, Stderr: []byte("some other trouble\n")} })
	if images, err := InspectImages(context.Background(), machine, Daemon{}, "tiny"); err == nil {
		t.Errorf("trouble was passed over: %+v", images)
	}
}

func FuzzParseContainers(f *testing.F) {
	for _, name := range []string{"inspect-26.json", "image-26.json"} {
		raw, err := os.ReadFile("testdata/docker/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(raw))
	}
	f.Fuzz(func(t *testing.T, raw string) {
		containers, err := ParseContainers(strings.NewReader(raw))
		if err == nil && containers == nil {
			t.Errorf("ParseContainers(%q) is null", raw)
		}
		_, _ = ParseImages(strings.NewReader(raw))
	})
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
