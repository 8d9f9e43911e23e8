package facts

import (
	"strings"
	"testing"
	"time"

	"flasktui/sys"
	"flasktui/sys/docker"
	"flasktui/sys/git"
	"flasktui/sys/memory"
)

// TestWhatALoneImageIsBuiltFrom: a directory is taken for it where something beside a few equal
// files says so; one that only may be it leaves a doubt where it is newer; what is another's says
// nothing.
func TestWhatALoneImageIsBuiltFrom(t *testing.T) {
	t.Parallel()
	type files = map[string]string
	old, current := strings.Repeat("old = 1\n", 10), strings.Repeat("new = 2\n", 10)
	views := strings.Repeat("def views(): pass\n", 10)
	inside := files{"/app/wsgi.py": old, "/app/views.py": views}
	at := func(directory string, wsgi string) files {
		return files{directory + "/Dockerfile": copiesAll, directory + "/wsgi.py": wsgi, directory + "/views.py": views}
	}
	const same, doubt = "what its Dockerfile copies is in the image", "is not known"
	for _, test := range []struct {
		name    string
		disk    []files
		change  func(*memory.Machine, *Facts)
		context string
		// says is a part of what shows it, or of the doubt.
		says string
	}{
		{"no directory", nil, nil, "", ""},
		{"called like it, the same", []files{at("/srv/shop", old)}, nil, "/srv/shop", same},
		{"called like it, changed", []files{at("/srv/shop", current)}, nil, "/srv/shop", "called like the image"},
		{"below one that is called like it", []files{at("/home/ada/shop/web", current)}, func(machine *memory.Machine, _ *Facts) {
			machine.Files["/etc/passwd"], machine.Files["/etc/group"] = "ada:x:1000:1000::/home/ada:/bin/sh\n", "docker:x:990:ada\n"
			machine.Kept["/home/ada/shop/web/Dockerfile"] = sys.FileInfo{Mode: 0o644, UID: 1000}
		}, "/home/ada/shop/web", "called like the image"},
		{"of somebody who has no part in Docker", []files{at("/home/mallory/shop", current)}, func(machine *memory.Machine, _ *Facts) {
			machine.Files["/etc/passwd"], machine.Files["/etc/group"] = "mallory:x:1001:1001::/home/mallory:/bin/sh\n", "docker:x:990:ada\n"
			machine.Kept["/home/mallory/shop/Dockerfile"] = sys.FileInfo{Mode: 0o644, UID: 1001}
		}, "", ""},
		{"called otherwise, the same", []files{at("/opt/site", old)}, nil, "/opt/site", same},
		{"called otherwise, changed", []files{at("/opt/site", current)}, nil, "", doubt},
		{"called otherwise, and nothing of it is alike", []files{{"/opt/site/Dockerfile": copiesAll, "/opt/site/wsgi.py": current}}, nil, "", ""},
		{"called otherwise, its repository once had it", []files{at("/opt/site", current)}, func(machine *memory.Machine, _ *Facts) {
			name := git.BlobName([]byte(old))
			machine.Files["/opt/site/.git/HEAD"] = newCommit + "\n"
			machine.Files["/opt/site/.git/objects/"+name[:2]+"/"+name[2:]], machine.Files["/opt/site/.git/refs/x"] = "", ""
		}, "/opt/site", "its repository once had the wsgi.py"},
		{"named by the person", []files{{"/opt/site/Dockerfile": copiesAll, "/opt/site/wsgi.py": current}}, func(_ *memory.Machine, known *Facts) { known.Options.AppDir = "/opt/site" }, "/opt/site", "--app-dir"},
		{"two, and one is newer", []files{at("/opt/site", old), at("/opt/copy", current)}, nil, "/opt/site", same},
		{"two that are called like it, and one is newer", []files{at("/srv/shop", old), at("/opt/shop", current)}, nil, "", doubt},
		{"two that are the same", []files{at("/srv/shop", old), at("/opt/shop", old)}, nil, "/opt/shop", same},
		{"a Compose project's", []files{at("/opt/site", current)}, func(_ *memory.Machine, known *Facts) {
			known.Containers.Value = append(known.Containers.Value, docker.Container{ID: "b", Project: "site", ProjectDir: "/opt/site"})
		}, "", ""},
		{"from a registry, and changed", []files{at("/srv/shop", current)}, func(_ *memory.Machine, known *Facts) { pulled(known) }, "", "comes from a registry"},
		{"from a registry, and the same", []files{at("/srv/shop", old)}, func(_ *memory.Machine, known *Facts) { pulled(known) }, "/srv/shop", same},
		{"built from above its Dockerfile", []files{{"/srv/shop/docker/Dockerfile": copiesAll, "/srv/shop/wsgi.py": current, "/srv/shop/views.py": views}}, nil, "/srv/shop", "called like the image"},
		{"no files that tell", []files{{"/opt/site/Dockerfile": copiesAll, "/opt/site/__init__.py": ""}}, func(machine *memory.Machine, _ *Facts) {
			machine.Files["/proc/418/root/app/__init__.py"] = ""
		}, "", ""},
	} {
		machine, known := builtSite(copiesAll, nil, inside)
		delete(machine.Files, "/srv/shop/Dockerfile")
		known.Compose = Missing[ComposeFacts]("no project", "")
		container := &known.Containers.Value[0]
		container.Project, container.Service, container.ProjectDir, container.ImageName, container.Name = "", "", "", "shop", "web"
		known.Images = Of(map[string]docker.Image{"shop": {ID: "sha256:1", WorkingDirectory: "/app", Environment: map[string]string{}, Created: noon}}, "")
		for _, directory := range test.disk {
			for name, content := range directory {
				machine.Files[name] = content
				machine.Modified[name] = noon.Add(-time.Hour)
				if content == current {
					machine.Modified[name] = noon.Add(time.Hour)
				}
			}
		}
		if test.change != nil {
			test.change(&machine, &known)
		}
		known = gathered(t, machine, known, (*look).readFoundBuild)
		found := known.FoundBuild.Value
		if said := string(found.By + found.Doubt); found.Context != test.context || !strings.Contains(said, test.says) || test.says == "" && said != "" {
			t.Errorf("%s: %q, %q, want %q, %q", test.name, found.Context, said, test.context, test.says)
		}
	}
}

// pulled has the image of a container come from a registry.
func pulled(known *Facts) {
	image := known.Images.Value["shop"]
	image.Digests = []string{"shop@sha256:abc"}
	known.Images.Value["shop"] = image
}
