package facts

import (
	"fmt"
	"strings"
	"testing"

	"flasktui/sys"
	"flasktui/sys/docker"
	"flasktui/sys/memory"
	"flasktui/sys/proc"
	"flasktui/sys/python"
)

// TestWhatWorksForTheAppInTheBackground: a service whose process stands in the deployment, or a
// program that is known to run apps; not the server itself, and nothing of a container.
func TestWhatWorksForTheAppInTheBackground(t *testing.T) {
	t.Parallel()
	const release = "/srv/shop/releases/v2"
	for _, test := range []struct {
		name      string
		processes []started
		// main is the main process of every unit that systemd is asked about.
		main int
		want string
	}{
		{"a service", []started{{pid: 20, parent: 1, line: "python3 mail.py", directory: release, unit: "system.slice/mail.service"}}, 20, "20 of mail.service"},
		{"below a shell", []started{
			{pid: 19, parent: 1, line: "/bin/sh start", directory: "/", unit: "system.slice/mail.service"},
			{pid: 20, parent: 19, line: "python3 mail.py", directory: release, unit: "system.slice/mail.service"},
		}, 19, "20 of mail.service"},
		{"a child of its own kind", []started{
			{pid: 20, parent: 1, line: "python3 mail.py", directory: release, unit: "system.slice/mail.service"},
			{pid: 21, parent: 20, line: "python3 mail.py --child", directory: release, unit: "system.slice/mail.service"},
		}, 20, "20 of mail.service, 21 of mail.service"},
		{"below another program", []started{
			{pid: 19, parent: 1, line: "/usr/bin/boss", directory: "/", unit: "system.slice/mail.service"},
			{pid: 20, parent: 19, line: "python3 mail.py", directory: release, unit: "system.slice/mail.service"},
		}, 19, "20 of none"},
		{"below another Python program", []started{
			{pid: 19, parent: 1, line: "python3 boss.py", directory: "/", unit: "system.slice/mail.service"},
			{pid: 20, parent: 19, line: "python3 mail.py", directory: release, unit: "system.slice/mail.service"},
		}, 19, "20 of none"},
		{"below supervisord", []started{
			{pid: 19, parent: 1, line: "python3 /usr/bin/supervisord", directory: "/", unit: "system.slice/supervisor.service"},
			{pid: 20, parent: 19, line: "python3 /usr/bin/supervisord", directory: release, unit: "system.slice/supervisor.service"},
		}, 19, "20 of none"},
		{"started by cron", []started{{pid: 20, parent: 1, line: "celery worker", directory: release, unit: "system.slice/cron.service"}}, 20, "20 of none"},
		{"systemd does not say whose", []started{{pid: 20, parent: 1, line: "python3 mail.py", directory: release, unit: "system.slice/mail.service"}}, 0, "20 of none"},
		{"of another app", []started{{pid: 20, parent: 1, line: "python3 mail.py", directory: "/srv/blog", unit: "system.slice/mail.service"}}, 20, ""},
		{"a session's tool", []started{{pid: 20, parent: 1, line: "python3 -m pylsp", directory: release, unit: "user.slice/session-1.scope"}}, 20, ""},
		{"a session's worker", []started{{pid: 20, parent: 1, line: "celery worker", directory: release, unit: "user.slice/session-1.scope"}}, 20, "20 of none"},
		{"a user's own service", []started{{pid: 20, parent: 1, line: "python3 mail.py", directory: release, unit: "user.slice/user-1000.slice/user@1000.service/app.slice/mail.service"}}, 20, ""},
		{"a user's own worker", []started{{pid: 20, parent: 1, line: "celery worker", directory: release, unit: "user.slice/user-1000.slice/user@1000.service/app.slice/mail.service"}}, 20, "20 of none"},
		{"the service's own", []started{{pid: 20, parent: 1, line: "python3 mail.py", directory: release, unit: "system.slice/shop.service"}}, 20, ""},
		{"another user's of that name", []started{{pid: 20, parent: 1, line: "celery worker", directory: release, unit: "user.slice/user-1000.slice/user@1000.service/app.slice/shop.service"}}, 20, "20 of none"},
		{"in a container", []started{{pid: 20, parent: 1, line: "celery worker", directory: release, unit: "system.slice/docker-" + strings.Repeat("a1", 32) + ".scope"}}, 20, ""},
		{"what serves", []started{{pid: 30, parent: 1, line: "celery worker", directory: release, unit: "system.slice/mail.service"}}, 30, ""},
	} {
		box := running(test.processes...)
		pythons := map[int][]string{}
		for _, one := range test.processes {
			if strings.HasPrefix(one.line, "python3") || strings.HasPrefix(one.line, "celery") {
				pythons[one.pid] = strings.Fields(one.line)
			}
		}
		pythons[99] = []string{"python3", "gone.py"}
		box.OnRun = func(command sys.Command) sys.Output {
			name := command.Argv[len(command.Argv)-1]
			return sys.Output{Argv: command.Argv, Stdout: fmt.Appendf(nil, "Id=%s\nMainPID=%d\n", name, test.main)}
		}
		known := Facts{
			Target:     Target{Service: "shop.service", Unit: "shop.service"},
			Deployment: Of(Deployment{Active: release, ReleasesDirectory: "/srv/shop/releases"}, ""),
			Processes:  Of(Processes{pythons: pythons, Servers: []Server{{Master: Process{Process: proc.Process{PID: 30}}}}}, ""),
		}
		var got []string
		for _, one := range gathered(t, box, known, (*look).readBackground).Background.Value {
			unit := one.Unit
			if unit == "" {
				unit = "none"
			}
			got = append(got, fmt.Sprintf("%d of %s", one.PID, unit))
		}
		if strings.Join(got, ", ") != test.want {
			t.Errorf("%s: %v, want %s", test.name, got, test.want)
		}
	}
}

// TestOtherContainersOfTheProject hold the app where they have its image, or its module.
func TestOtherContainersOfTheProject(t *testing.T) {
	t.Parallel()
	type change = func(box *memory.Machine, known *Facts, sibling *docker.Container)
	for _, test := range []struct {
		name   string
		change change
		want   string
	}{
		{"the same image", func(_ *memory.Machine, _ *Facts, sibling *docker.Container) {
			sibling.ImageName, sibling.ImageID = "shop-web", "1"
		}, "worker"},
		{"an older image of that name", func(*memory.Machine, *Facts, *docker.Container) {}, "worker, 1 differs"},
		{"another image with the app's module", func(_ *memory.Machine, _ *Facts, sibling *docker.Container) { sibling.ImageName = "shop-worker" }, "worker, 1 differs"},
		{"another image without it", func(box *memory.Machine, _ *Facts, sibling *docker.Container) {
			sibling.ImageName = "redis"
			delete(box.Files, "/proc/500/root/app/wsgi.py")
		}, ""},
		{"neither has a name", func(box *memory.Machine, known *Facts, sibling *docker.Container) {
			known.Containers.Value[0].ImageName, sibling.ImageName = "", ""
			delete(box.Files, "/proc/500/root/app/wsgi.py")
		}, ""},
		{"the code is mounted", func(_ *memory.Machine, _ *Facts, sibling *docker.Container) {
			sibling.Mounts = []docker.Mount{{Type: "bind", Source: "/srv/shop", Destination: "/app"}}
		}, "worker, mounted /srv/shop"},
		{"it is in a volume", func(_ *memory.Machine, _ *Facts, sibling *docker.Container) {
			sibling.Mounts = []docker.Mount{{Type: "volume", Source: "/var/lib/docker/volumes/code/_data", Destination: "/app"}}
		}, "worker, 1 differs"},
		{"other code is mounted", func(_ *memory.Machine, _ *Facts, sibling *docker.Container) {
			sibling.Mounts = []docker.Mount{{Type: "bind", Source: "/srv/blog", Destination: "/app"}}
		}, ""},
		{"a part of the tree is mounted", func(_ *memory.Machine, known *Facts, sibling *docker.Container) {
			known.Deployment.Value.Active = "/srv/shop"
			sibling.Mounts = []docker.Mount{{Type: "bind", Source: "/srv/shop/web", Destination: "/app"}}
		}, "worker, mounted /srv/shop/web"},
		{"all that the tree lies in is mounted", func(_ *memory.Machine, known *Facts, sibling *docker.Container) {
			known.Deployment.Value.Active = "/srv/shop/web"
			sibling.Mounts = []docker.Mount{{Type: "bind", Source: "/srv/shop", Destination: "/app"}}
		}, "worker, mounted /srv/shop"},
		{"it does not run", func(_ *memory.Machine, _ *Facts, sibling *docker.Container) { sibling.PID = 0 }, ""},
		{"of another project", func(_ *memory.Machine, _ *Facts, sibling *docker.Container) { sibling.Project = "blog" }, ""},
		{"the same service", func(_ *memory.Machine, _ *Facts, sibling *docker.Container) { sibling.Service = "web" }, ""},
		{"what somebody runs by hand", func(_ *memory.Machine, _ *Facts, sibling *docker.Container) { sibling.OneOff = true }, ""},
		{"the Nginx before it", func(_ *memory.Machine, known *Facts, sibling *docker.Container) {
			known.Front = Of(Front{Container: sibling.Identity()}, "")
		}, ""},
	} {
		box, known := builtSite(copiesAll, map[string]string{"wsgi.py": "2"}, map[string]string{"/app/wsgi.py": "2"})
		box.Files["/proc/500/root/app/wsgi.py"], box.Files["/proc/500/mountinfo"] = "1", ""
		box.Links = map[string]string{}
		known.Settings.Value.Import = python.ImportResult{File: "/proc/418/root/app/wsgi.py"}
		known.Deployment = Of(Deployment{Active: "/srv/shop"}, "")
		known.Containers.Value[0].ImageID = "1"
		sibling := docker.Container{ID: strings.Repeat("b", 64), Name: "shop-worker-1", Project: "shop", Service: "worker", PID: 500, ImageName: "shop-web", ImageID: "2"}
		test.change(&box, &known, &sibling)
		known.Containers.Value = append(known.Containers.Value, sibling)
		lookAt(box).readBuild(t.Context(), &known.Compose.Value, "")
		var got []string
		for _, one := range gathered(t, box, known, (*look).readSiblings).Siblings.Value {
			words := one.Service
			if one.Mounted {
				words += ", mounted " + one.Source
			}
			if len(one.Differences) > 0 {
				words += fmt.Sprintf(", %d differs", len(one.Differences))
			}
			got = append(got, words)
		}
		if strings.Join(got, "; ") != test.want {
			t.Errorf("%s: %v, want %s", test.name, got, test.want)
		}
	}
}
