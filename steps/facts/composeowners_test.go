package facts

import (
	"strings"
	"testing"

	"flasktui/sys"
	"flasktui/sys/docker"
)

// TestWhatAComposeProjectWouldBeGiven by those who may write its files: of mounts, and of a
// build. Whoever owns something already is not given it.
func TestWhatAComposeProjectWouldBeGiven(t *testing.T) {
	t.Parallel()
	theirs := written(noon)
	theirs.UID = 33
	compare := func() (*composeComparison, tree) {
		box := files("/srv/shop/web/wsgi.py", "/etc/passwd", "/home/web/files/x")
		box.infos["/srv/shop"], box.infos["/srv/shop/web"], box.infos["/home/web/files"] = theirs, theirs, theirs
		box.Links["/srv/link"] = "/etc"
		return &composeComparison{writers: &writers{look: lookAt(box), owners: []uint32{33}, seen: map[string]bool{}}, known: &Facts{}, container: docker.Container{ProjectDir: "/srv/shop"}}, box
	}
	keys := func(volumes ...string) docker.ContainerKeys {
		return docker.ContainerKeys{Words: map[string][]string{"volumes": volumes}, Reach: map[string]string{"data:/data": "/etc"}}
	}
	for _, test := range []struct {
		name, word string
		now        []string
		gives      string
	}{
		{"a path", "/etc:/host", nil, "a path of this box: /etc"},
		{"a path that is a link", "/srv/link:/host", nil, "a path of this box: /etc"},
		{"one that is not there", "/gone:/host", nil, "a path of this box: /gone"},
		{"it has it", "/etc:/host", []string{"/etc:/other"}, ""},
		{"it has what it lies in", "/etc/passwd:/host", []string{"/etc:/other"}, ""},
		{"it may only read it", "/etc:/host", []string{"/etc:/other:ro"}, "a path of this box: /etc"},
		{"it may only read it, and would only", "/etc:/host:ro", []string{"/etc:/other:ro"}, ""},
		{"it has another", "/etc:/host", []string{"/home:/other", "named:/x"}, "a path of this box: /etc"},
		{"their own, to read", "/home/web/files:/host:ro", nil, ""},
		{"their own, to write", "/home/web/files:/host", nil, "a path of this box: /home/web/files"},
		{"a volume", "other:/data", nil, ""},
		{"a volume that is a path", "data:/data", nil, "what lies in a volume: /etc"},
	} {
		one, _ := compare()
		if got := one.mountGives(t.Context(), keys(test.now...), keys(test.word), test.word); got != test.gives {
			t.Errorf("%s: %q", test.name, got)
		}
	}
	for _, test := range []struct {
		name, key string
		words     []string
		gives     bool
	}{
		{"privileged", "privileged", nil, true},
		{"entitlements", "entitlements", nil, true},
		{"the network", "network", []string{"host"}, true},
		{"keys", "ssh", []string{"default"}, true},
		{"their own files", "additional_contexts", []string{"/home/web/files"}, false},
		{"files of the box", "additional_contexts", []string{"/home/web/files", "/etc"}, true},
		{"files that are not there", "secrets", []string{"/gone"}, true},
	} {
		one, _ := compare()
		if got := one.buildGives(t.Context(), test.key, test.words); (got != "") != test.gives {
			t.Errorf("%s: %q", test.name, got)
		}
	}
	for _, test := range []struct {
		context string
		gives   bool
	}{{"/srv/shop/web", false}, {"/srv/shop", false}, {"/home/web/files", false}, {"/etc", true}, {"https://host/x.git", false}} {
		one, _ := compare()
		origin := Origin{}
		start := docker.ComposeStart{Name: "web", Build: &docker.ComposeBuild{Context: test.context}, Building: map[string][]string{"additional_contexts": {"/home/web/files"}}}
		one.service(t.Context(), &origin, start, docker.Container{}, "")
		if (len(origin.BuildGives) == 1) != test.gives {
			t.Errorf("a build of %s: %+v", test.context, origin.BuildGives)
		}
	}
}

// TestAMountThatIsLedElsewhere since the container was started: a restart alone follows it (G47).
func TestAMountThatIsLedElsewhere(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		owner uint32
		inode uint64
		pid   int
		led   bool
	}{
		{"by its owner", 33, 2, 9, true},
		{"the container has it already", 33, 1, 9, false},
		{"the container does not run", 33, 1, 0, true},
		{"by root", 0, 2, 9, false},
	} {
		box := files("/etc/passwd", "/proc/9/root/host/passwd")
		box.Links["/srv/shop/data"] = "/etc"
		owned := written(noon)
		owned.UID, owned.Mode = test.owner, 0o755
		box.infos["/srv/shop"], box.infos["/srv/shop/data"] = owned, owned
		box.infos["/etc"], box.infos["/proc/9/root/host"] = sys.FileInfo{Inode: test.inode}, sys.FileInfo{Inode: 1}
		container := docker.Container{ID: "web", PID: test.pid, Mounts: []docker.Mount{{Type: "bind", Source: "/srv/shop/data", Destination: "/host"}}}
		one := &composeComparison{writers: lookAt(box).writers(t.Context(), &Facts{}), known: &Facts{}, container: container}
		origin := Origin{}
		start := docker.ComposeStart{Keys: docker.ContainerKeys{Words: map[string][]string{"volumes": {"/srv/shop/data:/host", "named:/x"}}}}
		one.led(t.Context(), &origin, start, container, "")
		if (len(origin.Led) == 1) != test.led || len(origin.LedBy) != len(origin.Led) {
			t.Errorf("%s: %+v", test.name, origin.Led)
		}
	}
}

// TestWhichFilesComposeReads: those it is told, the variables beside them, and what they name.
func TestWhichFilesComposeReads(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, text, environment, want, unresolved string }{
		{"one file", "services: {}\n", "", "/srv/shop/compose.yml /srv/shop/.env", ""},
		{"with variables elsewhere", "services: {}\n", "/etc/a.env,/etc/b.env", "/srv/shop/compose.yml /etc/a.env /etc/b.env", ""},
		{"it names another", "services:\n  web:\n    env_file: web.env\n", "", "/srv/shop/compose.yml /srv/shop/.env /srv/shop/web.env", ""},
		{"it names one that is not there", "services:\n  web:\n    env_file: gone.env\n", "", "/srv/shop/compose.yml /srv/shop/.env", ""},
		{"it names one by a variable", "services:\n  web:\n    env_file: ${WHERE}/web.env\n", "", "/srv/shop/compose.yml /srv/shop/.env", "${WHERE}/web.env"},
		{"a file that includes another", "include:\n  - more.yml\n", "", "/srv/shop/compose.yml /srv/shop/.env /srv/shop/more.yml /srv/shop/web.env", ""},
	} {
		box := files("/srv/shop/web.env")
		box.Files["/srv/shop/compose.yml"], box.Files["/srv/shop/more.yml"] = test.text, "services:\n  web:\n    env_file: web.env\n"
		project := docker.ComposeProject{Directory: "/srv/shop", Files: []string{"/srv/shop/compose.yml"}, EnvironmentFile: test.environment}
		names, unresolved := lookAt(box).composeSources(t.Context(), project)
		if strings.Join(names, " ") != test.want || strings.Join(unresolved, " ") != test.unresolved {
			t.Errorf("%s: %v, %v", test.name, names, unresolved)
		}
	}
}
