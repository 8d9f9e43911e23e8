package docker

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// resolvedProject is what Compose 2.26 prints of a project that asks for everything.
const resolvedProject = `{"name": "t", "secrets": {"s": {"name": "t_s", "file": "/etc/shadow"}}, "configs": {"c": {"file": "/srv/t/key"}},
"volumes": {"vol": {"name": "t_vol"}, "over": {"name": "t_over", "driver_opts": {"type": "none", "o": "bind", "device": "/etc"}}, "other": {"name": "other", "external": true}},
"services": {"inc": {"command": ["sleep", "6000"], "image": "pybase"}, "apart": {"image": "pybase", "privileged": true}, "w": {
 "image": "pybase", "privileged": true, "user": "0:0", "entrypoint": ["env", "A=$$B"], "command": ["sh", "-c", "sleep 5000"],
 "cap_add": ["NET_ADMIN", "CAP_SYS_TIME"], "cap_drop": ["mknod"], "cgroup": "host", "ipc": "host", "pid": "host", "uts": "host", "network_mode": "host",
 "devices": [{"source": "/dev/null", "target": "/dev/mynull", "permissions": "rwm"}, "/dev/zero"], "device_cgroup_rules": ["c 1:3 mr"], "group_add": ["audio"],
 "security_opt": ["seccomp:unconfined", "no-new-privileges:true"], "depends_on": {"inc": {"condition": "service_started"}}, "restart": "always", "x-note": 1, "use_api_socket": true,
 "secrets": [{"source": "s", "target": "/run/secrets/s"}], "configs": [{"source": "c"}], "volumes_from": ["inc"],
 "deploy": {"resources": {"reservations": {"devices": [{"capabilities": ["gpu"]}]}}},
 "ports": [{"mode": "ingress", "host_ip": "127.0.0.1", "target": 8000, "published": "9000", "protocol": "tcp"}],
 "volumes": [{"type": "bind", "source": "/", "target": "/host", "read_only": true}, {"type": "volume", "source": "vol", "target": "/v", "read_only": true},
  {"type": "volume", "source": "over", "target": "/x"}, {"type": "volume", "source": "other", "target": "/o"}, {"type": "volume", "target": "/anonymous"}, {"type": "tmpfs", "target": "/t"}],
 "build": {"context": "/srv/t", "dockerfile": "Dockerfile", "privileged": true, "network": "host", "ssh": ["default"], "entitlements": ["security.insecure"],
  "secrets": [{"source": "s"}], "additional_contexts": {"r": "/root", "image": "docker-image://x"}}}}}`

// inspectedOfIt is what Docker 26.1 says of a container that was made of the same.
const inspectedOfIt = `[{"Id": "a", "Name": "/t-w-1", "HostConfig": {"NetworkMode": "host", "PidMode": "host", "IpcMode": "host", "UTSMode": "host", "CgroupnsMode": "host", "Privileged": true,
 "CapAdd": ["NET_ADMIN", "CAP_SYS_TIME"], "CapDrop": ["MKNOD"], "SecurityOpt": ["seccomp:unconfined", "no-new-privileges:true", "label=disable"], "GroupAdd": ["audio"],
 "VolumesFrom": ["fd50"], "DeviceCgroupRules": ["c 1:3 mr"], "DeviceRequests": [{"Driver": ""}],
 "Devices": [{"PathOnHost": "/dev/null", "PathInContainer": "/dev/mynull", "CgroupPermissions": "rwm"}, {"PathOnHost": "/dev/zero", "PathInContainer": "/dev/zero", "CgroupPermissions": "rwm"}],
 "PortBindings": {"8000/tcp": [{"HostIp": "127.0.0.1", "HostPort": "9000"}]}},
 "Config": {"Image": "pybase", "User": "0:0", "Cmd": ["sh", "-c", "sleep 5000"], "Entrypoint": ["env", "A=$B"]},
 "Mounts": [{"Type": "volume", "Name": "t_vol", "Destination": "/v", "RW": false}, {"Type": "volume", "Name": "other", "Destination": "/o", "RW": true},
  {"Type": "bind", "Source": "/", "Destination": "/host", "RW": false}, {"Type": "volume", "Name": "t_over", "Destination": "/x", "RW": true},
  {"Type": "volume", "Name": "84af5f08977cc0acd0b0a0731954fe4ee9d2acba1b45a01906a4742ffc542b87", "Destination": "/anonymous", "RW": true},
  {"Type": "bind", "Source": "/etc/shadow", "Destination": "/run/secrets/s", "RW": false}, {"Type": "bind", "Source": "/srv/t/key", "Destination": "/c", "RW": false}]}]`

// TestAContainerIsWhatItsFileSays: both sides say the same set-up in the same words.
func TestAContainerIsWhatItsFileSays(t *testing.T) {
	t.Parallel()
	starts, err := ParseComposeStarts(strings.NewReader(resolvedProject), "w")
	if err != nil || len(starts) != 2 || starts[0].Name != "w" || starts[1].Name != "inc" {
		t.Fatalf("%v, %+v", err, starts)
	}
	containers, err := ParseContainers(strings.NewReader(inspectedOfIt))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(starts[0].Keys.Words, containers[0].Keys.Words); diff != "" {
		t.Errorf("(-file +container):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"t_over:/x": "/etc", "other:/o": "a volume that is not the project's own"}, starts[0].Keys.Reach); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !slices.Equal(starts[0].Keys.Unknown, []string{"use_api_socket"}) {
		t.Errorf("unknown: %q", starts[0].Keys.Unknown)
	}
	want := map[string][]string{
		"privileged": {"true"}, "network": {"host"}, "ssh": {"default"}, "entitlements": {"security.insecure"},
		"secrets": {"/etc/shadow"}, "additional_contexts": {"/root"},
	}
	if diff := cmp.Diff(want, starts[0].Building); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestComposeReferences(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"include: [inc.yml, ../more.yml]\nservices: {}\n":                                       "../more.yml inc.yml",
		"include:\n  - path: [a.yml, b.yml]\n    env_file: x.env\nservices:\n  w: {}\n":         "a.yml b.yml x.env",
		"services:\n  w:\n    extends:\n      file: base.yml\n      service: b\n    image: c\n": "b base.yml",
		"services:\n  w:\n    env_file:\n    - one.env\n    - path: two.env\n    image: c\n":    "one.env two.env",
		"services: {w: {extends: {file: flow.yml, service: s}}}\n":                              "flow.yml s",
		"services:\n  w:\n    image: include\n    # env_file: no\n":                             "",
		"services:\n  w:\n    env_file: ${DIR}/x.env\n":                                         "${DIR}/x.env",
	} {
		if got := strings.Join(ComposeReferences(text), " "); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func FuzzComposeStarts(f *testing.F) {
	f.Add(resolvedProject)
	f.Add(`{"services": {"w": {"volumes": "x", "depends_on": ["w"], "ports": 1, "build": {"secrets": 3}}}}`)
	f.Fuzz(func(_ *testing.T, text string) {
		_, _ = ParseComposeStarts(strings.NewReader(text), "w")
		_ = ComposeReferences(text)
	})
}
