package facts

import (
	"strings"
	"testing"

	"flasktui/sys"
	"flasktui/sys/nginx"
	"flasktui/sys/proc"
)

func loadedAt(count int) Facts {
	worker := NginxProcess{Process: proc.Process{PID: 9, Started: minutes(count)}, Role: "worker"}
	return Facts{NginxDisk: Of(nginx.Config{}, ""), Processes: Of(Processes{Nginx: []NginxProcess{worker}}, "")}
}

// TestWhenNginxsFilesChanged: in their content, or by the link that puts them there.
func TestWhenNginxsFilesChanged(t *testing.T) {
	t.Parallel()
	const enabled, available = "/etc/nginx/sites-enabled/shop", "/etc/nginx/sites-available/shop"
	touched := sys.FileInfo{Born: noon, Modified: noon, Changed: minutes(7)}
	for _, test := range []struct {
		name                     string
		enabled, available       string
		linked                   bool
		file, link               sys.FileInfo
		changed, touched, copies int
	}{
		{"a link, and its file is old", "", "a", true, written(noon), written(noon), 0, 0, 0},
		{"a link, and its file was written", "", "a", true, written(minutes(3)), written(noon), 3, 3, 0},
		{"the link was made anew", "", "a", true, written(noon), written(minutes(4)), 4, 0, 0},
		{"given another owner", "", "a", true, touched, written(noon), 0, 7, 0},
		{"a copy that is the same", "a", "a", false, written(minutes(2)), sys.FileInfo{}, 2, 2, 0},
		{"a copy that differs (G35)", "a", "b", false, written(minutes(2)), sys.FileInfo{}, 2, 2, 1},
		{"a file with no namesake", "a", "", false, written(minutes(2)), sys.FileInfo{}, 2, 2, 0},
	} {
		box := files()
		if test.available != "" {
			box.Files[available] = test.available
		}
		if test.linked {
			box.Links[enabled] = "../sites-available/shop"
			box.infos[available], box.infos[enabled] = test.file, test.link
		} else {
			box.Files[enabled], box.infos[enabled] = test.enabled, test.file
		}
		known := loadedAt(1)
		known.NginxDisk.Value.Files = []string{enabled, "/etc/nginx/gone"}
		seen := gathered(t, box, known, (*look).readNginxFiles).NginxFiles.Value
		if len(seen.Changed) != 1 || !seen.Changed[0].At.Equal(minutes(test.changed)) || !seen.TouchedAt.Equal(minutes(test.touched)) || len(seen.Copies) != test.copies {
			t.Errorf("%s: %+v", test.name, seen)
		}
	}
}

// TestAReleaseBringsNginxsFileAlong: the same file as in the release before is no change of
// Nginx's configuration.
func TestAReleaseBringsNginxsFileAlong(t *testing.T) {
	t.Parallel()
	const old, now = "/srv/shop/releases/v1/nginx.conf", "/srv/shop/releases/v2/nginx.conf"
	for _, test := range []struct {
		name          string
		one, other    string
		oldMade       int
		oldWritten    int
		newWritten    int
		loaded, since int
	}{
		{"the same", "a", "a", 0, 0, 9, 5, 0},
		{"another", "a", "b", 0, 0, 9, 5, 9},
		{"Nginx read it already", "a", "a", 0, 0, 9, 10, 9},
		{"the older release is younger than that, too", "a", "a", 6, 0, 9, 5, 9},
		{"its file was written since", "a", "a", 0, 6, 9, 5, 9},
		{"its file is gone", "", "a", 0, 0, 9, 5, 9},
	} {
		box := files()
		box.Files[now], box.infos[now] = test.other, written(minutes(test.newWritten))
		if test.one != "" {
			box.Files[old], box.infos[old] = test.one, written(minutes(test.oldWritten))
		}
		box.Links["/etc/nginx/conf.d/shop.conf"] = "/srv/shop/current/nginx.conf"
		box.Links["/srv/shop/current"] = "releases/v2"
		known := loadedAt(test.loaded)
		deployment := deployed()
		deployment.Releases[0].Info, deployment.Releases[1].Info = written(minutes(test.oldMade)), written(minutes(9))
		known.Deployment = Of(deployment, "")
		known.NginxDisk.Value.Files = []string{"/etc/nginx/conf.d/shop.conf"}
		seen := gathered(t, box, known, (*look).readNginxFiles).NginxFiles.Value
		if len(seen.Changed) != 1 || !seen.Changed[0].At.Equal(minutes(test.since)) {
			t.Errorf("%s: %+v", test.name, seen.Changed)
		}
	}
}

// TestWithoutATestTheUsualFilesAreLookedAt: a configuration that Nginx refuses names none.
func TestWithoutATestTheUsualFilesAreLookedAt(t *testing.T) {
	t.Parallel()
	box := files("/etc/nginx/nginx.conf", "/etc/nginx/conf.d/a.conf", "/etc/nginx/sites-enabled/b", "/etc/nginx/sites-available/c")
	box.infos["/etc/nginx/conf.d/a.conf"] = written(minutes(2))
	box.infos["/etc/nginx/sites-enabled/b"] = written(minutes(1))
	var names []string
	for _, change := range gathered(t, box, loadedAt(1), (*look).readNginxFiles).NginxFiles.Value.Changed {
		names = append(names, change.Path)
	}
	if got := strings.Join(names, " "); got != "/etc/nginx/conf.d/a.conf /etc/nginx/sites-enabled/b /etc/nginx/nginx.conf" {
		t.Errorf("%s", got)
	}
	for _, unknown := range []Fact[nginx.Config]{Missing[nginx.Config]("no Nginx", ""), Unreadable[nginx.Config]("not allowed", "")} {
		known := gathered(t, box, Facts{NginxDisk: unknown}, (*look).readNginxFiles)
		if known.NginxFiles.Known || known.NginxFiles.Absent() != unknown.Absent() || known.NginxFiles.Problem != unknown.Problem {
			t.Errorf("%+v", known.NginxFiles)
		}
	}
}

// TestWhenTheRunningConfigurationWasRead: by the oldest worker that takes requests.
func TestWhenTheRunningConfigurationWasRead(t *testing.T) {
	t.Parallel()
	known := loadedAt(5)
	add := func(started int, role string, leaving bool, container string) {
		process := NginxProcess{Process: proc.Process{Started: minutes(started)}, Role: role, ShuttingDown: leaving}
		process.Cgroup.Container = container
		known.Processes.Value.Nginx = append(known.Processes.Value.Nginx, process)
	}
	add(9, "worker", false, "")
	add(1, "worker", true, "")
	add(0, "master", false, "")
	add(2, "worker", false, "of another")
	if at := known.NginxLoadedAt(); !at.Equal(minutes(5)) || len(known.NginxWorkers()) != 2 {
		t.Errorf("%s, %d workers", at, len(known.NginxWorkers()))
	}
	if at := new(Facts).NginxLoadedAt(); !at.IsZero() {
		t.Errorf("no worker: %s", at)
	}
}
