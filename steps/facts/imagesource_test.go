package facts

import (
	"fmt"
	"maps"
	"path"
	"strings"
	"testing"
	"time"

	"flasktui/sys"
	"flasktui/sys/docker"
	"flasktui/sys/git"
	"flasktui/sys/memory"
)

// builtSite is inContainer with files: its project lies at /srv/shop, what its container has
// at /proc/418/root, and its image is made by a Dockerfile.
func builtSite(dockerfile string, disk, inside map[string]string) (memory.Machine, Facts) {
	machine := memory.Machine{Files: map[string]string{"/srv/shop/Dockerfile": dockerfile}, Modified: map[string]time.Time{}, Kept: map[string]sys.FileInfo{}}
	for name, content := range disk {
		machine.Files[path.Join("/srv/shop", name)] = content
	}
	for name, content := range inside {
		machine.Files["/proc/418/root"+name] = content
	}
	known := inContainer()
	known.Inside.Value.Mounts = nil
	container := &known.Containers.Value[0]
	container.ImageID, container.ImageName, container.Argv = "sha256:1", "shop-web", []string{"gunicorn", "wsgi:app"}
	known.Images = Of(map[string]docker.Image{"shop-web": {WorkingDirectory: "/app", Environment: map[string]string{}}}, "")
	known.Settings = Of(Settings{Directory: "/app"}, "")
	compose := ComposeFacts{Project: docker.ComposeProject{Directory: "/srv/shop"}}
	compose.Service = &docker.ComposeService{Build: &docker.ComposeBuild{Context: "/srv/shop", Dockerfile: "/srv/shop/Dockerfile"}}
	known.Compose = Of(compose, "")
	return machine, known
}

// described is what a comparison found, in one line.
func described(found Fact[ImageSource]) string {
	if !found.Known {
		return string(found.Problem)
	}
	source := found.Value
	words := []string{fmt.Sprintf("%d of %d", source.Same, source.Compared)}
	for _, one := range source.Differences {
		word := strings.TrimPrefix(one.Path, "/srv/shop/")
		for flag, is := range map[string]bool{" missing": one.Missing, " static": one.Static, " (configuration)": one.Configuration, " cloned": one.Cloned} {
			if is {
				word += flag
			}
		}
		if one.Volume != "" {
			word += " under " + one.Volume
		}
		words = append(words, word)
	}
	for word, is := range map[string]bool{"partial": source.Partial, "mounted": source.Mounted, "behind " + source.ClonedCommit: source.Behind} {
		if is {
			words = append(words, word)
		}
	}
	words = append(words, source.Settings...)
	for _, name := range source.Doubtful {
		words = append(words, name+"?")
	}
	return strings.Join(append(words, source.Unread...), "; ")
}

const (
	copiesAll = "FROM python:3.13\nWORKDIR /app\nCOPY . .\n"
	oldCommit = "1111111111111111111111111111111111111111"
	newCommit = "2222222222222222222222222222222222222222"
)

// TestAnImageIsComparedWithItsSource: by content, file for file, with what the build puts where.
func TestAnImageIsComparedWithItsSource(t *testing.T) {
	t.Parallel()
	type files = map[string]string
	both := func(more files) files {
		all := files{"/app/wsgi.py": "1"}
		maps.Copy(all, more)
		return all
	}
	mount := func(kind, name, destination string) func(*memory.Machine, *Facts) {
		return func(_ *memory.Machine, known *Facts) {
			known.Inside.Value.Mounts = []MountState{{Mount: docker.Mount{Type: kind, Name: name, Destination: destination}}}
		}
	}
	deny := func(name string) func(*memory.Machine, *Facts) {
		return func(machine *memory.Machine, _ *Facts) { machine.Denied = []string{name} }
	}
	for _, test := range []struct {
		name, dockerfile string
		disk, inside     files
		change           func(*memory.Machine, *Facts)
		want             string
	}{
		{"the same", copiesAll, files{"wsgi.py": "1"}, both(nil), nil, "1 of 1"},
		{"changed", copiesAll, files{"wsgi.py": "2"}, both(nil), nil, "0 of 1; wsgi.py"},
		{"new", copiesAll, files{"wsgi.py": "1", "views.py": "2"}, both(nil), nil, "1 of 1; views.py missing"},
		{"a static file", copiesAll, files{"wsgi.py": "1", "static/app.css": "2"}, both(files{"/app/static/app.css": "1"}), nil, "1 of 2; static/app.css static"},
		{"a template", copiesAll, files{"wsgi.py": "1", "shop/templates/index.html": "2"}, both(files{"/app/shop/templates/index.html": "1"}), nil, "1 of 2; shop/templates/index.html"},
		{"what an editor left", copiesAll, files{"wsgi.py": "1", "shop/templates/index.html~": "2", "a.py.swp": "2"}, both(nil), nil, "1 of 1"},
		{"requirements", copiesAll, files{"wsgi.py": "1", "requirements.txt": "2"}, both(files{"/app/requirements.txt": "1"}), nil, "1 of 2; requirements.txt"},
		{"a lock file", copiesAll, files{"wsgi.py": "1", "uv.lock": "2"}, both(files{"/app/uv.lock": "1"}), nil, "1 of 2; uv.lock"},
		{"notes on requirements", copiesAll, files{"wsgi.py": "1", "requirements.md": "2"}, both(files{"/app/requirements.md": "1"}), nil, "1 of 1"},
		{"a release's name", copiesAll, files{"wsgi.py": "1", "REVISION": "2"}, both(files{"/app/REVISION": "1"}), nil, "1 of 2; REVISION"},
		{"what is no part of the app", copiesAll, files{"wsgi.py": "1", "deploy.yml": "2"}, both(files{"/app/deploy.yml": "1"}), nil, "1 of 1"},
		{"a virtual environment", copiesAll, files{"wsgi.py": "1", "venv/pyvenv.cfg": "", "venv/lib.py": "2"}, both(nil), nil, "1 of 1"},
		{"packages", copiesAll, files{"wsgi.py": "1", "site-packages/x.py": "2"}, both(nil), nil, "1 of 1"},

		// What is ignored does not get into the image.
		{"ignored", copiesAll, files{"wsgi.py": "1", "old.py": "2", ".dockerignore": "old.py\n"}, both(nil), nil, "1 of 1"},
		{"an ignored directory", copiesAll, files{"wsgi.py": "1", "old/a.py": "2", ".dockerignore": "old\n"}, both(nil), nil, "1 of 1"},
		{"an exception from it", copiesAll, files{"wsgi.py": "1", "old/a.py": "2", "old/b.py": "2", ".dockerignore": "old/*\n!old/a.py\n"}, both(nil), nil, "1 of 1; old/a.py missing"},
		{"an exception below it", copiesAll, files{"wsgi.py": "1", "old/a.py": "2", ".dockerignore": "old\n!old/a.py\n"}, both(nil), nil, "1 of 1; old/a.py missing"},
		{"ignored for this Dockerfile", copiesAll, files{"wsgi.py": "1", "old.py": "2", "Dockerfile.dockerignore": "old.py\n", ".dockerignore": "wsgi.py\n"}, both(nil), nil, "1 of 1"},

		// Where each file comes from.
		{"another copy goes over it", copiesAll + "COPY live/wsgi.py /app/wsgi.py\n", files{"wsgi.py": "2", "live/wsgi.py": "1"}, both(files{"/app/live/wsgi.py": "1"}), nil, "2 of 2"},
		{"a directory to copy into", "FROM python\nCOPY wsgi.py /app/\n", files{"wsgi.py": "2"}, both(nil), nil, "0 of 1; wsgi.py"},
		{"wildcards", "FROM python\nCOPY w*.py /app/\n", files{"wsgi.py": "2", "other.py": "2"}, both(nil), nil, "0 of 1; wsgi.py"},
		{"a bind mount over it", copiesAll, files{"wsgi.py": "2"}, both(nil), mount("bind", "", "/app"), "0 of 0; mounted"},
		{"a volume over it", copiesAll, files{"wsgi.py": "1", "static/a.css": "2"}, both(files{"/app/static/a.css": "1"}), mount("volume", "assets", "/app/static"), "1 of 2; static/a.css static under assets"},
		{"nothing is copied", "FROM python\n", files{"wsgi.py": "2"}, both(nil), nil, "0 of 0; mounted"},
		{"what is copied is not there", "FROM python\nCOPY gone.py /app/\n", nil, both(nil), nil, "0 of 0; mounted"},

		// What starts the app, or is named, counts though it is no code (G60).
		{"a script of that name", copiesAll + "COPY start.sh /app/start.sh\n", files{"wsgi.py": "1", "start.sh": "2"}, both(files{"/app/start.sh": "1"}), nil, "1 of 2; start.sh (configuration)"},
		{"one that starts it", copiesAll, files{"wsgi.py": "1", "start.sh": "2"}, both(files{"/app/start.sh": "1"}), func(_ *memory.Machine, known *Facts) {
			known.Containers.Value[0].Argv = []string{"./start.sh"}
		}, "1 of 2; start.sh (configuration)"},
		{"one of another directory starts it", copiesAll, files{"wsgi.py": "1", "start.sh": "2"}, both(files{"/app/start.sh": "1"}), func(_ *memory.Machine, known *Facts) {
			known.Containers.Value[0].Argv = []string{"/opt/start.sh"}
		}, "1 of 1"},
		{"outside of the app's directory", copiesAll + "COPY etc /etc/shop\n", files{"wsgi.py": "1", "etc/shop.ini": "2"}, both(files{"/app/etc/shop.ini": "2", "/etc/shop/shop.ini": "1"}), nil, "1 of 2; etc/shop.ini (configuration)"},
		{"without a directory of its own", "FROM python\nCOPY etc /etc/shop\n", files{"etc/shop.ini": "2"}, files{"/etc/shop/shop.ini": "1"}, func(_ *memory.Machine, known *Facts) {
			known.Containers.Value[0].WorkingDirectory = ""
		}, "0 of 0; mounted"},
		{"for people alone", copiesAll + "COPY README /app/README\nCOPY terms.md /app/terms.md\n", files{"wsgi.py": "1", "README": "2", "terms.md": "2"}, both(files{"/app/README": "1", "/app/terms.md": "1"}), nil, "1 of 1"},
		{"named, and an editor's", copiesAll + "COPY start.sh~ /app/start.sh~\n", files{"wsgi.py": "1", "start.sh~": "2"}, both(files{"/app/start.sh~": "1"}), nil, "1 of 1"},
		{"rewritten by a step", copiesAll + "COPY shop.ini /app/shop.ini\nRUN sed -i s/a/b/ /app/shop.ini\n", files{"wsgi.py": "1", "shop.ini": "2"}, both(files{"/app/shop.ini": "1"}), nil, "1 of 1"},
		{"written since the container was made", copiesAll + "COPY shop.ini /app/shop.ini\n", files{"wsgi.py": "1", "shop.ini": "2"}, both(files{"/app/shop.ini": "1"}), func(machine *memory.Machine, known *Facts) {
			known.Containers.Value[0].Created = noon
			machine.Modified["/proc/418/root/app/shop.ini"] = minutes(1)
		}, "1 of 1"},
		{"written before it was made", copiesAll + "COPY shop.ini /app/shop.ini\n", files{"wsgi.py": "1", "shop.ini": "2"}, both(files{"/app/shop.ini": "1"}), func(machine *memory.Machine, known *Facts) {
			known.Containers.Value[0].Created = noon
			machine.Modified["/proc/418/root/app/shop.ini"] = minutes(-1)
		}, "1 of 2; shop.ini (configuration)"},

		// What cannot be read is no difference.
		{"a file outside", copiesAll, files{"wsgi.py": "1", "views.py": "2"}, both(files{"/app/views.py": "2"}), deny("/srv/shop/views.py"), "1 of 1; partial"},
		{"a file inside", copiesAll, files{"wsgi.py": "1", "views.py": "2"}, both(files{"/app/views.py": "2"}), deny("/proc/418/root/app/views.py"), "1 of 1; partial"},
		{"all of it", copiesAll, files{"wsgi.py": "1"}, both(nil), deny("/srv/shop/wsgi.py"), "0 of 0; partial"},
		{"the Dockerfile", copiesAll, files{"wsgi.py": "1"}, both(nil), deny("/srv/shop/Dockerfile"), "/srv/shop/Dockerfile may not be read"},
		{"the container", copiesAll, files{"wsgi.py": "1"}, both(nil), func(_ *memory.Machine, known *Facts) { known.Inside = Unreadable[Inside]("it is gone", "") }, "it is gone"},
		{"the Compose files", copiesAll, nil, both(nil), func(_ *memory.Machine, known *Facts) { known.Compose = Unreadable[ComposeFacts]("no such file", "") }, "no such file"},
		{"no container at all", copiesAll, nil, both(nil), func(_ *memory.Machine, known *Facts) { known.Target.Container = "" }, "the service is not a container"},
		{"no build", copiesAll, nil, both(nil), func(_ *memory.Machine, known *Facts) { known.Compose.Value.Service.Build = nil }, "the image is not built from files of this box"},

		// What the Dockerfile sets, and what a build was given for an argument.
		{"a variable", copiesAll + "ENV MODE=live\n", files{"wsgi.py": "1"}, both(nil), nil, "1 of 1; ENV MODE"},
		{"one that Compose sets", copiesAll + "ENV MODE=live\n", files{"wsgi.py": "1"}, both(nil), func(_ *memory.Machine, known *Facts) {
			known.Compose.Value.Service.Overrides = []string{"ENV MODE"}
		}, "1 of 1"},
		{"an argument", copiesAll + "ARG MODE=live\nENV MODE=$MODE\n", files{"wsgi.py": "1"}, both(nil), nil, "1 of 1; ENV MODE?"},
		{"the commit that was built", copiesAll + "ARG COMMIT=none\nENV COMMIT=$COMMIT\n", files{"wsgi.py": "1"}, both(nil), func(_ *memory.Machine, known *Facts) {
			known.Images.Value["shop-web"].Environment["COMMIT"] = newCommit
			known.Deployment.Value.Repository = &git.Repository{Commit: newCommit}
		}, "1 of 1"},
		{"another commit", copiesAll + "ARG COMMIT=none\nENV COMMIT=$COMMIT\n", files{"wsgi.py": "1"}, both(nil), func(_ *memory.Machine, known *Facts) {
			known.Images.Value["shop-web"].Environment["COMMIT"] = oldCommit
			known.Deployment.Value.Repository = &git.Repository{Commit: newCommit}
		}, "1 of 1; ENV COMMIT?"},
		{"the image's tag is gone", copiesAll + "ENV MODE=live\n", files{"wsgi.py": "1"}, both(nil), func(_ *memory.Machine, known *Facts) {
			known.Images.Value["sha256:1"] = docker.Image{WorkingDirectory: "/app", Environment: map[string]string{"MODE": "live"}}
			delete(known.Images.Value, "shop-web")
		}, "1 of 1"},
		{"no image is known", copiesAll + "ENV MODE=live\n", files{"wsgi.py": "1"}, both(nil), func(_ *memory.Machine, known *Facts) { clear(known.Images.Value) }, "1 of 1"},
		{"another stage is built", "FROM python AS live\nWORKDIR /app\nCOPY . .\nENV MODE=live\nFROM python AS other\n", files{"wsgi.py": "1"}, both(nil), func(_ *memory.Machine, known *Facts) {
			known.Compose.Value.Service.Build.Target = "live"
		}, "1 of 1; ENV MODE"},
	} {
		machine, known := builtSite(test.dockerfile, test.disk, test.inside)
		if test.change != nil {
			test.change(&machine, &known)
		}
		look := lookAt(machine)
		if known.Compose.Known {
			look.readBuild(t.Context(), &known.Compose.Value, "")
		}
		if got := described(look.imageSource(t.Context(), &known)); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

// TestACloneInAnImageIsComparedWithItsCheckout: the build's cache keeps what it once fetched (G43).
func TestACloneInAnImageIsComparedWithItsCheckout(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, inside, checkout, log, want string }{
		{"the same commit", newCommit, newCommit, "", newCommit + " false"},
		{"the checkout came from there", oldCommit, newCommit, oldCommit + " " + newCommit, oldCommit + " true"},
		{"the checkout went back", newCommit, oldCommit, newCommit + " " + oldCommit, newCommit + " true"},
		{"it was never there", oldCommit, newCommit, "", oldCommit + " false"},
		{"no clone", "", newCommit, "", " false"},
		{"no checkout", oldCommit, "", "", oldCommit + " false"},
	} {
		machine := memory.Machine{Files: map[string]string{"/proc/418/root/app/wsgi.py": "", "/srv/shop/wsgi.py": ""}}
		for directory, commit := range map[string]string{"/proc/418/root/app": test.inside, "/srv/shop": test.checkout} {
			if commit != "" {
				machine.Files[directory+"/.git/HEAD"] = commit + "\n"
				machine.Files[directory+"/.git/objects/x"], machine.Files[directory+"/.git/refs/x"] = "", ""
			}
		}
		if test.log != "" {
			machine.Files["/srv/shop/.git/logs/HEAD"] = test.log + " Ada <ada@shop.example> 1795435200 +0000\tpull\n"
		}
		commit, behind := lookAt(machine).clonedCommit(t.Context(), "/proc/418/root/app", "/srv/shop")
		if got := fmt.Sprint(commit, " ", behind); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}
