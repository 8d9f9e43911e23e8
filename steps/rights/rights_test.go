package rights

import (
	"strings"
	"testing"

	"flasktui/sys"
	"flasktui/sys/docker"
	"flasktui/sys/systemd"
)

// ofFile is the set-up that a resolved service asks for.
func ofFile(t *testing.T, service string) docker.ContainerKeys {
	t.Helper()
	starts, err := docker.ParseComposeStarts(strings.NewReader(`{"volumes": {"data": {"name": "shop_data"}, "etc": {"name": "shop_etc", "driver_opts": {"device": "/etc"}}}, "services": {"web": `+service+`}}`), "web")
	if err != nil {
		t.Fatal(err)
	}
	return starts[0].Keys
}

// ofDocker is that of a container, as Docker tells it.
func ofDocker(t *testing.T, config, host, mounts string) docker.ContainerKeys {
	t.Helper()
	containers, err := docker.ParseContainers(strings.NewReader(`[{"Id": "a", "Config": {` + config + `}, "HostConfig": {"NetworkMode": "shop_default", "IpcMode": "private", "CgroupnsMode": "private", "Runtime": "runc"` + host + `}, "Mounts": [` + mounts + `]}]`))
	if err != nil {
		t.Fatal(err)
	}
	return containers[0].Keys
}

// TestWhatAComposeFileGives: every key that can give a container something of the box is
// seen, and none of what a healthy project has beside it.
func TestWhatAComposeFileGives(t *testing.T) {
	t.Parallel()
	const ordinary = `"Cmd": ["gunicorn", "wsgi:app"], "Image": "shop-web", "User": "app"`
	image := docker.Image{User: "app", Command: []string{"gunicorn", "wsgi:app"}}
	plain := ofDocker(t, ordinary, "", "")
	for name, test := range map[string]struct {
		now   docker.ContainerKeys
		file  string
		gives string // keys, in order
		calm  string
	}{
		"the same":            {plain, `{"command": null, "entrypoint": null, "networks": {"default": null}, "restart": "always"}`, "", ""},
		"privileged":          {plain, `{"privileged": true}`, "privileged", ""},
		"root's path":         {plain, `{"volumes": [{"type": "bind", "source": "/", "target": "/host"}]}`, "volumes", ""},
		"a volume of its own": {plain, `{"volumes": [{"type": "volume", "source": "data", "target": "/data"}]}`, "", "volumes"},
		"a volume of a path":  {plain, `{"volumes": [{"type": "volume", "source": "etc", "target": "/data"}]}`, "volumes", ""},
		"a short volume":      {plain, `{"volumes": ["/etc:/e:ro"]}`, "volumes", ""},
		"a device":            {plain, `{"devices": ["/dev/sda:/dev/sda:r"]}`, "devices", ""},
		"namespaces":          {plain, `{"pid": "host", "userns_mode": "host", "ipc": "host", "uts": "host", "cgroup": "host", "network_mode": "host"}`, "pid userns_mode ipc uts cgroup network_mode", ""},
		"another's processes": {plain, `{"pid": "container:abc"}`, "pid", ""},
		"no network":          {plain, `{"network_mode": "none"}`, "", "network_mode"},
		"capabilities":        {plain, `{"cap_add": ["SYS_ADMIN"]}`, "cap_add", ""},
		"unconfined":          {plain, `{"security_opt": ["apparmor:unconfined"]}`, "security_opt", ""},
		"more confined":       {plain, `{"security_opt": ["no-new-privileges:true"], "cap_drop": ["ALL"]}`, "", "security_opt cap_drop"},
		"less confined":       {ofDocker(t, ordinary, `, "CapDrop": ["ALL"], "SecurityOpt": ["no-new-privileges"]`, ""), `{}`, "security_opt cap_drop", ""},
		"root":                {plain, `{"user": "0:0"}`, "user", ""},
		"no user any more":    {ofDocker(t, `"User": "app", "Cmd": ["gunicorn", "wsgi:app"]`, "", ""), `{"user": "root"}`, "user", ""},
		"a user at last":      {ofDocker(t, strings.ReplaceAll(ordinary, `"User": "app"`, `"User": "root"`), "", ""), `{"user": "app"}`, "", "user"},
		"a group":             {plain, `{"group_add": ["docker"]}`, "group_add", ""},
		"another command":     {plain, `{"command": ["gunicorn", "--workers", "9", "wsgi:app"]}`, "", "command"},
		"a command with the box": {
			ofDocker(t, ordinary, `, "Privileged": true`, ""), `{"privileged": true, "command": ["sh"]}`, "command", "",
		},
		"a command with Docker": {
			ofDocker(t, ordinary, "", `{"Type": "bind", "Source": "/var/run/docker.sock", "Destination": "/d", "RW": true}`),
			`{"volumes": ["/var/run/docker.sock:/d"], "entrypoint": ["sh"], "command": ["gunicorn", "wsgi:app"]}`, "entrypoint", "",
		},
		"another image":      {plain, `{"image": "shop-next"}`, "", "image"},
		"rights given up":    {ofDocker(t, ordinary, `, "Privileged": true, "SecurityOpt": ["label=disable"]`, ""), `{}`, "", "privileged"},
		"a profile":          {ofDocker(t, ordinary, `, "SecurityOpt": ["seccomp={\"defaultAction\": 1}"]`, ""), `{"security_opt": ["seccomp:./profile.json"]}`, "", ""},
		"another runtime":    {plain, `{"runtime": "weak"}`, "runtime", ""},
		"gpus":               {plain, `{"gpus": "all"}`, "gpus", ""},
		"anonymous, as ever": {ofDocker(t, ordinary, "", `{"Type": "volume", "Name": "`+strings.Repeat("a", 64)+`", "Destination": "/a", "RW": true}`), `{"volumes": [{"type": "volume", "target": "/a"}]}`, "", ""},
	} {
		then := ofFile(t, test.file)
		var gives, calm []string
		for _, change := range CompareContainer(test.now, then, image, true, func(word string) string {
			if source, _ := docker.MountSource(word); source != "" {
				return source
			}
			return then.Reach[word]
		}) {
			if change.Gives != "" {
				gives = append(gives, change.Key)
			} else {
				calm = append(calm, change.Key)
			}
		}
		if strings.Join(gives, " ") != test.gives || strings.Join(calm, " ") != test.calm {
			t.Errorf("%s: gives %q, calm %q; want %q and %q", name, gives, calm, test.gives, test.calm)
		}
	}
}

// TestWhatAUnitGives: what is not known to be harmless is not taken for it.
func TestWhatAUnitGives(t *testing.T) {
	t.Parallel()
	asUser, asRoot := Unit{}, Unit{Root: true, AsRoot: [][]string{{"/usr/bin/gunicorn"}}}
	for _, test := range []struct {
		rights      Unit
		key         string
		now, onDisk sys.Text
		gives       bool
	}{
		{asUser, "ExecStart", "gunicorn a", "gunicorn b", false},
		{asUser, "ExecStartPre", "", "+/bin/x", true},
		{asUser, "ExecStop", "", "-!/bin/x", true},
		{asUser, "ExecStartPre", "+/bin/x", "+/bin/x", false},
		{asUser, "ExecStartPre", "+/bin/x", "+/bin/x\n+/bin/y", true},
		{asUser, "ExecStartPre", "-/bin/x", "+/bin/x", true},
		{asRoot, "ExecStart", "gunicorn a", "gunicorn b", true},
		{asRoot, "User", "web", "", true},
		{asUser, "User", "web", "postgres", true},
		{asUser, "User", "", "web", false},
		{asUser, "Group", "web", "root", true},
		{asUser, "Environment", "", "LD_PRELOAD=***", false},
		{asRoot, "Environment", "", "FOO=*** LD_PRELOAD=***", true},
		{asRoot, "Environment", "", "FOO=***", false},
		{asRoot, "EnvironmentFile", "", "/home/deploy/x", true},
		{asUser, "EnvironmentFile", "", "/home/deploy/x", false},
		{asUser, "AmbientCapabilities", "", "CAP_SYS_ADMIN", true},
		{asUser, "PermissionsStartOnly", "", "yes", true},
		{asUser, "SupplementaryGroups", "", "docker", true},
		{asUser, "BindPaths", "", "/etc/shadow:/x", true},
		{asUser, "StandardOutput", "", "append:/etc/x", true},
		{asUser, "ProtectSystem", "strict", "", true},
		{asUser, "ProtectHome", "", "yes", false},
		{asUser, "NoNewPrivileges", "yes", "no", true},
		{asUser, "KeyOfTomorrow", "", "x", true},
		{asUser, "TimeoutStopUSec", "10s", "20s", false},
		{asUser, "LimitNOFILE", "1", "2", false},
		{asUser, "WorkingDirectory", "/a", "/b", false},
		{asRoot, "WorkingDirectory", "/a", "/b", true},
	} {
		difference := systemd.UnitDifference{Section: "Service", Key: test.key, Loaded: test.now, OnDisk: test.onDisk}
		switch {
		case strings.HasPrefix(test.key, "Exec"):
			difference.LoadedCommands, difference.OnDiskCommands = unitCommands(test.now), unitCommands(test.onDisk)
		case test.key == "Environment":
			difference.Variables = strings.Fields(strings.ReplaceAll(string(test.onDisk), "=***", ""))
		}
		change := test.rights.Change(difference)
		if (change.Gives != "") != test.gives {
			t.Errorf("%s: %q → %q gives %q, root %t", test.key, test.now, test.onDisk, change.Gives, test.rights.Root)
		}
	}
}

// unitCommands are the commands of these lines, as a comparison tells them.
func unitCommands(lines sys.Text) []systemd.UnitCommand {
	var commands []systemd.UnitCommand
	for line := range strings.Lines(string(lines)) {
		prefix, rest := commandPrefix(strings.TrimSpace(line))
		commands = append(commands, systemd.UnitCommand{Elevated: strings.ContainsAny(prefix, "+!"), Line: sys.Safe(rest)})
	}
	return commands
}

func TestRightsOnDisk(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"User=web\nExecStart=/a b\nExecStartPre=/c":                                 0,
		"ExecStart=/a b\nExecStartPre=-/c":                                          2,
		"User=root\nExecStart=/a":                                                   1,
		"User=web\nExecStart=/a\nExecStartPre=+/c\nExecStopPost=!/d\nExecStop=!!/e": 3,
		"User=web\nPermissionsStartOnly=true\nExecStart=/a\nExecStartPre=/c":        1,
		"DynamicUser=yes\nExecStart=/a":                                             0,
	} {
		settings, err := systemd.ParseUnitFile(strings.NewReader("[Service]\n" + text + "\n"))
		if err != nil {
			t.Fatal(err)
		}
		if got := len(OfUnit([]systemd.UnitFile{{Settings: settings}}).AsRoot); got != want {
			t.Errorf("%q: %d commands as root, want %d", text, got, want)
		}
	}
}

// TestExceeding: what was made is held against what was shown, and what was there.
func TestExceeding(t *testing.T) {
	t.Parallel()
	shown, before := ofFile(t, `{"volumes": ["/srv/a:/a"]}`), ofDocker(t, "", `, "CapAdd": ["NET_ADMIN"]`, "")
	const mounts = `{"Type": "bind", "Source": "/srv/a", "Destination": "/a", "RW": true}, {"Type": "volume", "Name": "shop_data", "Destination": "/d", "RW": true}`
	if changes := Exceeding(shown, before, ofDocker(t, `"Cmd": ["x"], "User": "y"`, `, "CapAdd": ["NET_ADMIN"]`, mounts)); len(changes) != 0 {
		t.Errorf("as it was shown: %+v", changes)
	}
	changes := Exceeding(shown, before, ofDocker(t, "", `, "Privileged": true`, mounts+`, {"Type": "bind", "Source": "/", "Destination": "/h", "RW": true}`))
	if len(changes) != 2 || changes[0].Key != "privileged" || changes[1].Then != "/:/h" {
		t.Errorf("more than was shown: %+v", changes)
	}
}
