package docker

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"flasktui/sys"
	"flasktui/sys/memory"
)

// accounts answers getent.
func accounts(command sys.Command) sys.Output {
	switch strings.Join(command.Argv, " ") {
	case "getent passwd 1000":
		return sys.Output{Stdout: []byte("deploy:x:1000:100:,,,:/home/deploy:/bin/sh\n")}
	case "getent passwd 1001":
		return sys.Output{Stdout: []byte("ada:x:1001:1001::/home/ada:/bin/sh\n")}
	}
	return sys.Output{Exit: 2, Err: errors.New("exit status 2")}
}

// projects is a box with Compose projects of root's and of others.
func projects() memory.Owned {
	return memory.Owned{
		Machine: memory.Machine{
			Files: map[string]string{
				"/srv/root/compose.yaml": "services: {web: {build: ., volumes: [/srv/shop:/app]}}\n", "/srv/shop/compose.yaml": "", "/srv/shop/site.env": "",
				"/srv/borrows/compose.yaml": "services:\n  web:\n    env_file:\n    - plain.env\n    - path: /srv/shop/site.env\n", "/srv/borrows/plain.env": "",
				"/srv/flow/compose.yaml":   "services: {web: {extends: {file: /srv/shop/compose.yaml, service: web}}}\n",
				"/srv/deep/compose.yaml":   "include:\n  # the shared part\n  - \"../shared/part.yaml\"\n",
				"/srv/shared/part.yaml":    "services:\n  db:\n    env_file: ${ENV:-/none}\n  web:\n    label_file: '/home/ada/labels'\n",
				"/srv/guess/compose.yaml":  "services: {web: {env_file: /home/ada/$STAGE.env}}\n",
				"/srv/linked/compose.yaml": "", "/srv/team/compose.yaml": "", "/srv/open/compose.yaml": "", "/srv/both/compose.yaml": "", "/home/ada/labels": "", "/srv/old/compose.yaml": "",
			},
			Links: map[string]string{"/srv/linked/.env": "/home/ada/labels"},
			OnRun: accounts,
		},
		Infos: map[string]sys.FileInfo{
			"/srv/shop": {UID: 1000}, "/srv/shop/site.env": {UID: 1000}, "/home/ada": {UID: 1001}, "/srv/team": {GID: 50, Mode: 0o775},
			"/srv/open": {Mode: 0o777}, "/srv/both": {UID: 1000}, "/srv/both/compose.yaml": {UID: 1001}, "/srv/old": {UID: 4000},
		},
	}
}

// TestComposeReader: a project's files are read with the rights of whoever decides about any
// of them, be it a file that another one names.
func TestComposeReader(t *testing.T) {
	t.Parallel()
	deploy := sys.Account{UID: 1000, GID: 100, Name: "deploy", Home: "/home/deploy"}
	ada := sys.Account{UID: 1001, GID: 1001, Name: "ada", Home: "/home/ada"}
	nobody := sys.Nobody()
	for name, test := range map[string]struct {
		project ComposeProject
		want    *sys.Account
	}{
		"root's":                     {project: ComposeProject{Name: "root"}},
		"deploy's":                   {ComposeProject{Name: "shop"}, &deploy},
		"root's, with deploy's":      {ComposeProject{Name: "borrows"}, &deploy},
		"in a flow mapping":          {ComposeProject{Name: "flow"}, &deploy},
		"included, then ada's":       {ComposeProject{Name: "deep"}, &ada},
		"a name with a variable":     {ComposeProject{Name: "guess"}, &ada},
		".env leads to ada's":        {ComposeProject{Name: "linked"}, &ada},
		"another environment file":   {ComposeProject{Name: "root", EnvironmentFile: "/srv/root/.env,/srv/shop/site.env"}, &deploy},
		"a group's":                  {ComposeProject{Name: "team"}, &sys.Account{UID: sys.NoAccount, GID: 50}},
		"anybody's":                  {ComposeProject{Name: "open"}, &nobody},
		"two users'":                 {ComposeProject{Name: "both"}, &nobody},
		"one's without an account":   {ComposeProject{Name: "old"}, &sys.Account{UID: 4000, GID: sys.NoAccount}},
		"of ada's own Docker":        {ComposeProject{Name: "root", Daemon: Daemon{Host: "unix:///run/user/1001/docker.sock", Owner: ada}}, &ada},
		"of ada's, named as deploys": {ComposeProject{Name: "shop", Daemon: Daemon{Host: "unix:///run/user/1001/docker.sock", Owner: ada}}, &ada},
	} {
		test.project.Directory = "/srv/" + test.project.Name
		test.project.Files = []string{test.project.Directory + "/compose.yaml"}
		got, err := ComposeReader(t.Context(), projects(), test.project)
		if err != nil || (got == nil) != (test.want == nil) || got != nil && *got != *test.want {
			t.Errorf("%s: %+v, %v; want %+v", name, got, err, test.want)
		}
	}
}

// TestComposeReaderUnknown: where there is no telling whose a file is, nothing is read.
func TestComposeReaderUnknown(t *testing.T) {
	t.Parallel()
	machine := projects()
	machine.Denied = []string{"/srv/shop"}
	project := ComposeProject{Name: "shop", Directory: "/srv/shop", Files: []string{"/srv/shop/compose.yaml"}}
	if _, err := ReadCompose(t.Context(), machine, project, "web", ""); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("%v", err)
	}
}

// TestComposeIsRunWithTheReadersRights: root never runs Compose on what others decide about;
// whoever is not root runs it as themselves.
func TestComposeIsRunWithTheReadersRights(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		uid     int
		project string
		as      bool
	}{
		"root, root's": {0, "root", false}, "root, deploy's": {0, "shop", true}, "deploy, deploy's": {1000, "shop", false}, "ada, deploy's": {1001, "shop", false},
	} {
		machine := projects()
		machine.UID = test.uid
		var ran []sys.Command
		machine.OnRun = func(command sys.Command) sys.Output {
			if command.Argv[0] == "docker" {
				ran = append(ran, command)
				return sys.Output{Stdout: []byte(`{"services": {"web": {}}}`)}
			}
			return accounts(command)
		}
		project := ComposeProject{Name: test.project, Directory: "/srv/" + test.project, Files: []string{"/srv/" + test.project + "/compose.yaml"}}
		if _, err := ReadCompose(t.Context(), machine, project, "web", "0821"); err != nil || len(ran) == 0 {
			t.Errorf("%s: %v, ran %v", name, err, ran)
		}
		for _, command := range ran {
			if (command.As != nil) != test.as || command.Elevate || test.as && (command.As.Name != "deploy" || !slices.Contains(command.Environment, "DOCKER_CONFIG=/nonexistent")) {
				t.Errorf("%s: %+v", name, command)
			}
		}
	}
}

func FuzzComposeReferences(f *testing.F) {
	for _, text := range projects().Files {
		f.Add(text)
	}
	f.Add("a: {env_file: [a, 'b'], path: \"c\"}\ninclude:\n- x\n  - y\nextends:\n\tfile: z")
	f.Fuzz(func(t *testing.T, text string) {
		for _, name := range composeReferences(text, "/srv") {
			if !strings.HasPrefix(name, "/") {
				t.Errorf("%q names %q", text, name)
			}
		}
	})
}
