package docker

import (
	"context"
	"errors"
	"io"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"flasktui/sys"
	"flasktui/sys/memory"
)

// parseService reads one service.
func parseService(reader io.Reader, name string) (ComposeService, error) {
	services, err := ParseComposeModel(reader)
	if err != nil {
		return ComposeService{}, err
	}
	return serviceNamed(services, name)
}

func TestParseRecordedComposeModel(t *testing.T) {
	t.Parallel()
	model := readFile(t, "testdata/docker/config-2.26.json")
	built, err := parseService(strings.NewReader(model), "b")
	want := ComposeService{
		Image: "bimg", Build: &ComposeBuild{Context: "/srv/t", Dockerfile: "/srv/t/Df", Target: "x", Arguments: map[string]*string{"A": pointer("1")}},
		Environment: map[string]string{}, Unset: []string{}, Mounts: []Mount{},
	}
	if diff := cmp.Diff(want, built); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	pulled, err := parseService(strings.NewReader(model), "w")
	want = ComposeService{
		Image: "pybase", Environment: map[string]string{"LIT": "x", "TAGGED": ""}, Unset: []string{"FOO"},
		Mounts: []Mount{
			{"bind", "", "/srv/t/cur", "/code"},
			{"bind", "", "/srv/t/conf.txt", "/conf.txt"},
			{"volume", "", "", "/anon"},
			{"volume", "named", "", "/named"},
		},
		Overrides: []string{"CMD", "ENV FOO", "ENV LIT", "ENV TAGGED"},
	}
	if diff := cmp.Diff(want, pulled); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if _, err := parseService(strings.NewReader(model), "nosuch"); !errors.Is(err, errNoService) {
		t.Errorf("a service that is not there: %v", err)
	}
}

// TestParseComposeModelForms holds to what other versions write: lists for mappings, short
// forms, numbers, dollars.
func TestParseComposeModelForms(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		raw  string
		want ComposeService
	}{
		"lists": {
			`{"environment":["A=1","B"],"volumes":["/srv/a:/app:ro","named:/x"],"build":"/srv/a"}`,
			ComposeService{
				Environment: map[string]string{"A": "1"}, Unset: []string{"B"}, Overrides: []string{"ENV A", "ENV B"}, Mounts: []Mount{{"bind", "", "/srv/a", "/app"}},
				Build: &ComposeBuild{Context: "/srv/a", Dockerfile: "/srv/a/Dockerfile"},
			},
		},
		"values": {
			`{"environment":{"N":1,"T":true,"D":"a$$b"},"network_mode":"service:web"}`,
			ComposeService{Environment: map[string]string{"N": "1", "T": "true", "D": "a$b"}, Unset: []string{}, Mounts: []Mount{}, Overrides: []string{"ENV D", "ENV N", "ENV T"}, Shared: true},
		},
		"nothing": {`{"environment":null,"build":null,"volumes":null}`, ComposeService{Environment: map[string]string{}, Unset: []string{}, Mounts: []Mount{}}},
	} {
		got, err := parseService(strings.NewReader(`{"services":{"s":`+test.raw+`}}`), "s")
		if diff := cmp.Diff(test.want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
	if _, err := parseService(strings.NewReader(`services: {s: {environment: {KEY: hunter2}}}`), "s"); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("YAML: %v", err)
	}
}

// TestReadCompose: the resolved model is read back for its hash, since `config --hash` of
// the files leaves environment files out.
func TestReadCompose(t *testing.T) {
	t.Parallel()
	model := readFile(t, "testdata/docker/config-2.26.json")
	project := ComposeProject{Name: "tt", Directory: "/srv/t", Files: []string{"/srv/t/compose.yaml"}, EnvironmentFile: "/srv/t/.env"}
	machine, asked := box(t, func(command sys.Command) sys.Output {
		switch {
		case slices.Contains(command.Argv, "--format"):
			return sys.Output{Stdout: []byte(model), Stderr: []byte(`time="2026-11-23T19:36:58Z" level=warning msg="The \"TAG\" variable is not set. Defaulting to a blank string."` + "\n")}
		case slices.Contains(command.Argv, "-") && string(command.Stdin) == model:
			return sys.Output{Stdout: []byte("w aaaa\n")}
		case slices.Contains(command.Argv, "version"):
			return sys.Output{Stdout: []byte("2.26.1-4\n")}
		}
		return sys.Output{Stdout: []byte("w bbbb\n")}
	})
	for wanted, hash := range map[string]string{"aaaa": "aaaa", "bbbb": "bbbb", "cccc": "aaaa"} {
		*asked = nil
		compose, err := ReadCompose(t.Context(), machine, project, "w", wanted)
		if err != nil || compose.Hash != hash || !slices.Equal(compose.Unset, []string{"TAG", "FOO"}) {
			t.Errorf("wanted %s: %+v, %v", wanted, compose, err)
		}
		if first := strings.Join((*asked)[0].Argv, " "); first != "docker compose --project-directory /srv/t -p tt -f /srv/t/compose.yaml --env-file /srv/t/.env config --format json" {
			t.Errorf("asked %s", first)
		}
		if wanted != "aaaa" && compose.Version != "2.26.1" {
			t.Errorf("version %q", compose.Version)
		}
	}
}

// TestReadComposeOfOtherTools: docker without the plugin, the older program, none.
func TestReadComposeOfOtherTools(t *testing.T) {
	t.Parallel()
	project := ComposeProject{Name: "tt", Directory: "/srv/t", Files: []string{"/srv/t/docker-compose.yml"}}
	usage, model := readFile(t, "testdata/docker/config-json-1.29.stderr"), readFile(t, "testdata/docker/config-1.29.yaml")
	warnings := readFile(t, "testdata/docker/config-hash-1.29.stderr")
	for _, refusal := range []string{"docker: 'compose' is not a docker command.\nSee 'docker --help'\n", "unknown shorthand flag: 'p' in -p\nSee 'docker --help'.\n", "unknown flag: --project-directory\n"} {
		machine, _ := box(t, func(command sys.Command) sys.Output {
			switch {
			case command.Argv[0] == "docker":
				return sys.Output{Exit: 125, Stderr: []byte(refusal)}
			case slices.Contains(command.Argv, "--format"):
				return sys.Output{Stderr: []byte(usage)}
			case command.Argv[len(command.Argv)-1] == "config":
				return sys.Output{Stdout: []byte(strings.ReplaceAll(model, "  web:", "  w:")), Stderr: []byte(warnings)}
			case slices.Contains(command.Argv, "--hash"):
				return sys.Output{Stdout: []byte("w abcd\n")}
			}
			return sys.Output{Stdout: []byte("1.29.2\n")}
		})
		compose, err := ReadCompose(t.Context(), machine, project, "w", "abcd")
		if err != nil || !slices.Equal(compose.Tool, []string{"docker-compose"}) || compose.Hash != "abcd" || !compose.Older ||
			compose.Service == nil || compose.Service.Environment["APP_MODE"] != "sale" || !slices.Equal(compose.Unset, []string{"TAG", "PASSED"}) {
			t.Errorf("%q: %+v, %v", refusal, compose, err)
		}
	}
	if _, err := ReadCompose(context.Background(), memory.Machine{}, project, "w", ""); !errors.Is(err, ErrNoCompose) {
		t.Errorf("no Compose: %v", err)
	}
	machine, _ := box(t, func(sys.Command) sys.Output {
		return sys.Output{Exit: 14, Stderr: []byte("level=warning msg=\"something\"\nopen /srv/t/nosuch.yaml: no such file or directory\n")}
	})
	if _, err := ReadCompose(t.Context(), machine, project, "w", ""); err == nil || !strings.Contains(err.Error(), "open /srv/t/nosuch.yaml") {
		t.Errorf("a file that is gone: %v", err)
	}
	machine, asked := box(t, func(command sys.Command) sys.Output {
		if !command.Elevate {
			return sys.Output{Exit: 14, Stderr: []byte("open /srv/t/site.env: permission denied\n")}
		}
		return sys.Output{Exit: -1, Err: sys.ErrNeedsPrivilege}
	})
	if _, err := ReadCompose(t.Context(), machine, project, "w", ""); !errors.Is(err, sys.ErrNeedsPrivilege) || len(*asked) != 2 {
		t.Errorf("without rights: %v", err)
	}
}

func TestDockerignore(t *testing.T) {
	t.Parallel()
	ignore, err := ParseDockerignore(strings.NewReader("\ufeff# comment\n.git\n*.md\n!README.md\n/site.env\n**/*.log\nlogs/**\ntmp/\nstatic/*/cache\n!static/keep/cache\n"))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{
		".git": true, ".git/config": true, "a.md": true, "README.md": false, "docs/a.md": false, "site.env": true,
		"app.log": true, "a/b/c.log": true, "logs/x/y": true, "logs": false, "tmp/x": true, "wsgi.py": false,
		"static/a/cache/x": true, "static/keep/cache/x": false, "": false,
	} {
		if got := ignore.Ignores(name); got != want {
			t.Errorf("Ignores(%q) = %v", name, got)
		}
	}
	if !ignore.HasExceptions() {
		t.Error("the exceptions were missed")
	}
	if _, err := ParseDockerignore(strings.NewReader("a\n[\n")); err == nil {
		t.Error("a pattern that Docker refuses was taken")
	}
	if none := (Dockerignore{}); none.Ignores("wsgi.py") || none.HasExceptions() {
		t.Error("no file ignores something")
	}
}

func TestDockerfileCopies(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		text, target string
		want         []string
	}{
		"common":    {"FROM python:3\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n", "", []string{"/ > /app/"}},
		"absolute":  {"from x\ncopy --chown=a:b . /app\n", "", []string{"/ > /app"}},
		"several":   {"FROM x\nWORKDIR /srv\nWORKDIR app\nCOPY a.py b.py ./\nADD [\"with space\", \"/x\"]\n", "", []string{"/a.py > /srv/app/", "/b.py > /srv/app/", "/with space > /x"}},
		"variables": {"ARG HOME=/code\nFROM x\nARG HOME\nENV APP=$HOME/app\nWORKDIR ${APP}\nCOPY . ${APP}\nCOPY y $UNSET/y\nCOPY z ${UNSET:-/d}\n", "", []string{"/ > /code/app", "/z > /d"}},
		"stages": {
			"FROM node AS assets\nWORKDIR /w\nCOPY web/ .\nRUN npm run build\nFROM python AS base\nWORKDIR /app\nCOPY . .\nFROM base\nCOPY --from=assets /w/dist static/\nCOPY --from=0 /w /web\nCOPY extra .\n",
			"",
			[]string{"/ > /app/", "/web > /web/", "/extra > /app/"},
		},
		"target":    {"FROM a AS one\nCOPY x /x\nFROM b AS two\nCOPY y /y\n", "ONE", []string{"/x > /x"}},
		"continued": {"FROM x\n# note\nCOPY \\\n  # inside\n  a \\\n  /b\n", "", []string{"/a > /b"}},
		"here":      {"FROM x\nRUN <<EOF\nCOPY not this\nEOF\nCOPY <<E /etc/motd\nhello\nE\nCOPY a /b\n", "", []string{"/a > /b"}},
		"nothing":   {"", "", nil},
		"no stage":  {"COPY a b\n", "", nil},
		"unknown":   {"FROM x\nCOPY a /b\n", "nosuch", nil},
	} {
		file, err := ParseDockerfile(strings.NewReader(test.text), nil)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, one := range file.Copies(test.target) {
			got = append(got, one.Source+" > "+one.Destination)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	file, _ := ParseDockerfile(strings.NewReader("FROM x\nRUN git clone https://example.org/a\nADD https://example.org/b /b\nRUN make\n"), nil)
	if got := file.Remote(); len(got) != 2 {
		t.Errorf("remote = %q", got)
	}
}

// TestDockerfileClones: what a RUN clones, and where to.
func TestDockerfileClones(t *testing.T) {
	t.Parallel()
	for run, want := range map[string]string{
		"git clone https://example.org/a.git":                                                      "https://example.org/a.git > /srv/a",
		"apt-get -y install git && git clone -q --depth 1 -b main git@example.org:t/a /code; make": "git@example.org:t/a > /code",
		"cd /opt && git clone ${URL} here":                                                         "https://example.org/u > /opt/here",
		"git clone https://$TOKEN@example.org/a":                                                   "",
		"git clone":                                                                                "",
		"git clone --strange value https://x/a b":                                                  "",
	} {
		file, err := ParseDockerfile(strings.NewReader("FROM one AS base\nARG URL=https://example.org/u\nWORKDIR /srv\nRUN "+run+"\nFROM base\n"), nil)
		got := ""
		for _, one := range file.Copies("") {
			got += one.Clone + " > " + one.Destination
		}
		if err != nil || got != want {
			t.Errorf("%s: %q, want %q, %v", run, got, want, err)
		}
	}
}

func FuzzParseComposeModel(f *testing.F) {
	raw, err := os.ReadFile("testdata/docker/config-2.26.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(raw), "w")
	f.Add(`{"services":{"s":{"environment":[],"volumes":[{}],"build":{}}}}`, "s")
	f.Fuzz(func(t *testing.T, raw, name string) {
		service, err := parseService(strings.NewReader(raw), name)
		if err == nil && (service.Mounts == nil || service.Environment == nil || service.Unset == nil) {
			t.Errorf("%q: a list is null: %+v", raw, service)
		}
	})
}

func pointer(text string) *string { return &text }

func FuzzDockerfile(f *testing.F) {
	f.Add("FROM a AS b\nWORKDIR /x\nCOPY --from=b . ./\nRUN <<E\nE\n", "b")
	f.Add("FROM a\nFROM 0\nCOPY --from=1 ${A:-$B} [\"\n", "0")
	f.Fuzz(func(t *testing.T, raw, target string) {
		file, err := ParseDockerfile(strings.NewReader(raw), map[string]*string{"A": &target, "B": nil})
		if err != nil {
			t.Skip()
		}
		if settings, ok := file.Settings(target); ok {
			settings.Differences(Image{}, nil)
		}
		for _, one := range file.Copies(target) {
			if !path.IsAbs(one.Source) || !path.IsAbs(one.Destination) {
				t.Errorf("%q: %+v is not absolute", raw, one)
			}
		}
	})
}

func FuzzDockerignore(f *testing.F) {
	f.Add("**/a\n!b/**/c\n", "b/x/c")
	f.Fuzz(func(_ *testing.T, raw, name string) {
		if ignore, err := ParseDockerignore(strings.NewReader(raw)); err == nil {
			ignore.Ignores(name)
		}
	})
}

// TestReadComposeOfOlderContainers: what docker-compose 1 made is asked of docker-compose,
// though the plugin is there too.
func TestReadComposeOfOlderContainers(t *testing.T) {
	t.Parallel()
	containers, err := ParseContainers(strings.NewReader(readFile(t, "testdata/docker/inspect-compose-1.29.json")))
	if err != nil || len(containers) != 1 {
		t.Fatalf("%d containers, %v", len(containers), err)
	}
	made := containers[0]
	if made.Project != "shop" || made.Service != "web" || made.ComposeVersion != "1.29.2" || made.ImageName != "shop_web" || made.Name != "shop_web_1" ||
		!slices.Equal(made.ConfigFiles, []string{"/srv/shop/docker-compose.yml"}) || made.ProjectDir != "/srv/shop" || made.ConfigHash == "" {
		t.Errorf("%+v", made)
	}
	machine, asked := box(t, func(command sys.Command) sys.Output {
		if slices.Contains(command.Argv, "--hash") {
			return sys.Output{Stdout: []byte(readFile(t, "testdata/docker/config-hash-1.29.txt"))}
		}
		return sys.Output{Stdout: []byte(readFile(t, "testdata/docker/config-1.29.yaml"))}
	})
	_, _ = ReadCompose(t.Context(), machine, made.ComposeProject(), "web", made.ConfigHash)
	if first := strings.Join((*asked)[0].Argv, " "); first != "docker-compose --project-directory /srv/shop -p shop -f /srv/shop/docker-compose.yml config --format json" {
		t.Errorf("asked %s", first)
	}
}
