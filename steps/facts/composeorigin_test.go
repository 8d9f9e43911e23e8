package facts

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"flasktui/sys"
	"flasktui/sys/docker"
)

// TestWhatIsComparedWithAProjectsFiles, where others than root may write them (G47): each service
// that Compose would start with its container, and the files that say so with who may change them.
func TestWhatIsComparedWithAProjectsFiles(t *testing.T) {
	t.Parallel()
	const file = "/srv/shop/compose.yaml"
	keys := func(pairs ...string) docker.ContainerKeys {
		all := docker.ContainerKeys{Words: map[string][]string{}}
		for at := 0; at+1 < len(pairs); at += 2 {
			all.Words[pairs[at]] = []string{pairs[at+1]}
		}
		return all
	}
	theirs := written(noon)
	theirs.UID = 1000
	type change = func(box *tree, known *Facts, container *docker.Container)
	starts := func(services ...docker.ComposeStart) change {
		return func(_ *tree, known *Facts, _ *docker.Container) { known.Compose.Value.Starts = services }
	}
	web := docker.ComposeStart{Name: "web", Keys: keys("privileged", "true")}
	neighbour := docker.Container{ID: "b", Project: "shop", Service: "mail", ImageID: "1", Keys: keys("privileged", "true", "command", "gunicorn"), State: "running"}
	for _, test := range []struct {
		name string
		with change
		want string
	}{
		{"the same", starts(docker.ComposeStart{Name: "web", Keys: keys()}), "/srv/shop/compose.yaml"},
		{"more rights", starts(web), "/srv/shop/compose.yaml; privileged gives"},
		{"root's own file", func(box *tree, known *Facts, _ *docker.Container) {
			delete(box.infos, file)
			known.Compose.Value.Starts = []docker.ComposeStart{web}
		}, "privileged gives"},
		{"another command", starts(docker.ComposeStart{Name: "web", Keys: keys("command", "sh")}), "/srv/shop/compose.yaml; command"},
		{"another command, by Compose's own word the same", func(_ *tree, known *Facts, container *docker.Container) {
			known.Compose.Value.Starts = []docker.ComposeStart{{Name: "web", Keys: keys("command", "sh")}}
			known.Compose.Value.Hash, container.ConfigHash = "1", "1"
		}, "/srv/shop/compose.yaml"},
		{"Compose gives no word", func(_ *tree, known *Facts, container *docker.Container) {
			known.Compose.Value.Starts = []docker.ComposeStart{{Name: "web", Keys: keys("command", "sh")}}
			known.Compose.Value.Hash, container.ConfigHash = "", ""
		}, "/srv/shop/compose.yaml; command"},
		{"it does not run", func(_ *tree, known *Facts, container *docker.Container) {
			known.Compose.Value.Starts = []docker.ComposeStart{{Name: "web", Keys: keys("command", "sh", "privileged", "true")}}
			container.State = docker.ContainerAbsent
		}, "/srv/shop/compose.yaml; privileged gives"},
		{"a key that nobody here knows", starts(docker.ComposeStart{Name: "web", Keys: docker.ContainerKeys{Unknown: []string{"provider"}}}), "/srv/shop/compose.yaml; provider?"},
		{"another service of the project", func(_ *tree, known *Facts, _ *docker.Container) {
			known.Compose.Value.Starts = []docker.ComposeStart{{Name: "web"}, {Name: "mail", Keys: keys("privileged", "true", "command", "sh")}}
			known.Containers.Value = append(known.Containers.Value, neighbour)
		}, "/srv/shop/compose.yaml; mail: command gives"},
		{"another service, which does not run", starts(docker.ComposeStart{Name: "web"}, docker.ComposeStart{Name: "mail", Keys: keys("privileged", "true")}), "/srv/shop/compose.yaml; mail: privileged gives; mail"},
		{"of that name in another project", func(_ *tree, known *Facts, _ *docker.Container) {
			other := neighbour
			other.Project = "blog"
			once := neighbour
			once.OneOff = true
			elsewhere := neighbour
			elsewhere.Daemon.Host = "unix:///run/user/1/docker.sock"
			known.Compose.Value.Starts = []docker.ComposeStart{{Name: "web"}, {Name: "mail"}}
			known.Containers.Value = append(known.Containers.Value, other, once, elsewhere)
		}, "/srv/shop/compose.yaml; mail"},
		{"the files cannot be read", func(_ *tree, known *Facts, _ *docker.Container) {
			known.Compose = Unreadable[ComposeFacts]("it does not parse", "")
		}, "/srv/shop/compose.yaml; problem: it does not parse"},
		{"root's own files cannot be read", func(box *tree, known *Facts, _ *docker.Container) {
			delete(box.infos, file)
			known.Compose = Unreadable[ComposeFacts]("it does not parse", "")
		}, ""},
		{"docker-compose 1", func(_ *tree, known *Facts, _ *docker.Container) { known.Compose.Value.Starts = nil }, "/srv/shop/compose.yaml; problem: docker-compose 1 prints nothing that could be compared"},
		{"variables that differ", func(_ *tree, known *Facts, container *docker.Container) {
			known.Compose.Value.Starts = []docker.ComposeStart{{Name: "web"}}
			known.Compose.Value.Prints, known.Compose.Value.Held = map[string]string{"MODE": "1", "SAME": "1"}, map[string]string{"MODE": "2", "SAME": "1"}
			known.Compose.Value.Hash, container.ConfigHash = "1", "2"
		}, "/srv/shop/compose.yaml; environment: MODE"},
		{"variables that differ by Compose's word in nothing", func(_ *tree, known *Facts, container *docker.Container) {
			known.Compose.Value.Starts = []docker.ComposeStart{{Name: "web"}}
			known.Compose.Value.Prints, known.Compose.Value.Held = map[string]string{"MODE": "1"}, map[string]string{"MODE": "2"}
			known.Compose.Value.Hash, container.ConfigHash = "1", "1"
		}, "/srv/shop/compose.yaml"},
		{"variables of what does not run", func(_ *tree, known *Facts, container *docker.Container) {
			known.Compose.Value.Starts = []docker.ComposeStart{{Name: "web"}}
			known.Compose.Value.Prints = map[string]string{"MODE": "1"}
			known.Compose.Value.Hash, container.State = "1", docker.ContainerAbsent
		}, "/srv/shop/compose.yaml"},
		{"a build", func(box *tree, known *Facts, _ *docker.Container) {
			box.Files["/srv/shop/Dockerfile"], box.infos["/srv/shop/Dockerfile"], box.infos["/srv/shop"] = "", theirs, theirs
			known.Compose.Value.Starts = []docker.ComposeStart{{Name: "web", Build: &docker.ComposeBuild{Context: "/srv/shop", Dockerfile: "/srv/shop/Dockerfile"}}}
		}, "/srv/shop/compose.yaml; builds /srv/shop/Dockerfile; builds /srv/shop"},
		{"a build of a repository", starts(docker.ComposeStart{Name: "web", Build: &docker.ComposeBuild{Context: "https://host/x.git", Dockerfile: "Dockerfile"}}), "/srv/shop/compose.yaml"},
		{"a build of the box's files", starts(docker.ComposeStart{Name: "web", Build: &docker.ComposeBuild{Context: "/etc", Dockerfile: "/etc/Dockerfile"}}), "/srv/shop/compose.yaml; build.context gives"},
		{"a build with root's rights", starts(docker.ComposeStart{Name: "web", Building: map[string][]string{"privileged": {"true"}}}), "/srv/shop/compose.yaml; build.privileged gives"},

		// Which files say so.
		{"variables beside it", func(box *tree, known *Facts, _ *docker.Container) {
			box.Files["/srv/shop/.env"], box.infos["/srv/shop/.env"] = "", theirs
			known.Compose.Value.Starts = []docker.ComposeStart{{Name: "web"}}
		}, "/srv/shop/compose.yaml; /srv/shop/.env"},
		{"variables of files that were named", func(box *tree, known *Facts, _ *docker.Container) {
			for _, name := range []string{"/srv/shop/.env", "/srv/a.env", "/srv/b.env"} {
				box.Files[name], box.infos[name] = "", theirs
			}
			known.Compose.Value.Project.EnvironmentFile = "/srv/a.env,/srv/b.env"
			known.Compose.Value.Starts = []docker.ComposeStart{{Name: "web"}}
		}, "/srv/shop/compose.yaml; /srv/a.env; /srv/b.env"},
		{"what it includes, and what that does", func(box *tree, known *Facts, _ *docker.Container) {
			box.Files[file] = "include:\n  - more/base.yaml\n"
			box.Files["/srv/shop/more/base.yaml"] = "services:\n  web:\n    extends:\n      file: last.yml\n    env_file: web.env\n"
			for _, name := range []string{"more/base.yaml", "more/last.yml", "more/web.env"} {
				box.Files["/srv/shop/"+name] += "\n"
				box.infos["/srv/shop/"+name] = theirs
			}
			known.Compose.Value.Starts = []docker.ComposeStart{{Name: "web"}}
		}, "/srv/shop/compose.yaml; /srv/shop/more/base.yaml; /srv/shop/more/last.yml; /srv/shop/more/web.env"},
		{"a directory, and what is not there", func(box *tree, known *Facts, _ *docker.Container) {
			box.Files[file] = "services:\n  web:\n    env_file:\n      - more\n      - gone.env\n"
			box.Files["/srv/shop/more/x"], box.infos["/srv/shop/more"] = "", theirs
			known.Compose.Value.Starts = []docker.ComposeStart{{Name: "web"}}
		}, "/srv/shop/compose.yaml"},
		{"a name made with variables", func(box *tree, known *Facts, _ *docker.Container) {
			box.Files[file] = "services:\n  web:\n    env_file: ${WHERE}/web.env\n"
			known.Compose.Value.Starts = []docker.ComposeStart{{Name: "web"}}
		}, "/srv/shop/compose.yaml; ${WHERE}/web.env"},

		// A path that somebody has made lead elsewhere since.
		{"a mount that leads away", func(box *tree, known *Facts, _ *docker.Container) {
			box.Links["/home/ada/files"], box.infos["/home/ada/files"] = "/etc", theirs
			known.Compose.Value.Starts = []docker.ComposeStart{{Name: "web", Keys: keys("volumes", "/home/ada/files:/data")}}
		}, "/srv/shop/compose.yaml; volumes gives; led by /home/ada/files"},
		{"it led there when it was mounted", func(box *tree, known *Facts, container *docker.Container) {
			box.Links["/home/ada/files"], box.infos["/home/ada/files"] = "/etc", theirs
			container.PID, container.Keys = 418, keys("command", "gunicorn", "volumes", "/home/ada/files:/data")
			known.Compose.Value.Starts = []docker.ComposeStart{{Name: "web", Keys: container.Keys}}
			known.Inside = Of(Inside{Root: "/proc/418/root", Mounts: []MountState{mountOf("bind", "/home/ada/files", "/data")}}, "")
		}, "/srv/shop/compose.yaml"},
		{"it was replaced since it was mounted", func(box *tree, known *Facts, container *docker.Container) {
			box.Links["/home/ada/files"], box.infos["/home/ada/files"] = "/etc", theirs
			container.PID, container.Keys = 418, keys("command", "gunicorn", "volumes", "/home/ada/files:/data")
			known.Compose.Value.Starts = []docker.ComposeStart{{Name: "web", Keys: container.Keys}}
			replaced := mountOf("bind", "/home/ada/files", "/data")
			replaced.Differs = true
			known.Inside = Of(Inside{Root: "/proc/418/root", Mounts: []MountState{replaced}}, "")
		}, "/srv/shop/compose.yaml; led by /home/ada/files"},
		{"what is mounted could not be compared", func(box *tree, known *Facts, container *docker.Container) {
			box.Links["/home/ada/files"], box.infos["/home/ada/files"] = "/etc", theirs
			container.PID, container.Keys = 418, keys("command", "gunicorn", "volumes", "/home/ada/files:/data")
			known.Compose.Value.Starts = []docker.ComposeStart{{Name: "web", Keys: container.Keys}}
			unread := mountOf("bind", "/home/ada/files", "/data")
			unread.Problem = "permission denied"
			known.Inside = Of(Inside{Root: "/proc/418/root", Mounts: []MountState{unread}}, "")
		}, "/srv/shop/compose.yaml; led by /home/ada/files"},
		{"root's link", func(box *tree, known *Facts, container *docker.Container) {
			box.Links["/srv/link"] = "/etc"
			container.Keys = keys("command", "gunicorn", "volumes", "/srv/link:/data")
			known.Compose.Value.Starts = []docker.ComposeStart{{Name: "web", Keys: container.Keys}}
		}, "/srv/shop/compose.yaml"},
	} {
		box := files(file, "/etc/passwd")
		box.Files["/etc/passwd"], box.Files[file] = "root:x:0:0::/root:/bin/sh\nada:x:1000:1000::/home/ada:/bin/sh\n", "services: {}\n"
		box.infos[file] = theirs
		container := docker.Container{ID: "a", Project: "shop", Service: "web", ProjectDir: "/srv/shop", ImageID: "1", State: "running", ConfigFiles: []string{file}}
		known := Facts{Host: Of(sys.Host{UID: 0}, ""), Compose: Of(ComposeFacts{Project: docker.ComposeProject{Directory: "/srv/shop", Files: []string{file}}}, "")}
		known.Images = Of(map[string]docker.Image{"1": {Command: []string{"gunicorn"}}}, "")
		container.Keys = keys("command", "gunicorn")
		test.with(&box, &known, &container)
		known.Containers.Value = append([]docker.Container{container}, known.Containers.Value...)
		var origin Origin
		lookAt(box).composeOrigin(t.Context(), &known, container, &origin)
		var words []string
		for _, source := range origin.Sources {
			words = append(words, source.Path)
		}
		for _, one := range slices.Concat(origin.Changes, origin.BuildGives) {
			word := one.Key
			if one.Key == "environment" {
				word += ": " + one.Then
			}
			if one.Gives != "" {
				word += " gives"
			}
			words = append(words, word)
		}
		for _, source := range origin.Building {
			words = append(words, "builds "+source.Path)
		}
		for _, source := range origin.LedBy {
			words = append(words, "led by "+source.Path)
		}
		for _, key := range origin.Uncompared {
			words = append(words, key+"?")
		}
		if origin.Problem != "" {
			words = append(words, fmt.Sprint("problem: ", origin.Problem))
		}
		if got := strings.Join(words, "; "); got != test.want {
			t.Errorf("%s: %s\nwant %s", test.name, got, test.want)
		}
	}
}
