package facts

import (
	"testing"

	"flasktui/sys/docker"
	"flasktui/sys/nginx"
	"flasktui/sys/proc"
)

// TestWhatRestsOnTheUnknownIsUnknown: with the reason, and never as if there were none.
func TestWhatRestsOnTheUnknownIsUnknown(t *testing.T) {
	t.Parallel()
	const why = "may not be read"
	box := files("/srv/shop/wsgi.py")
	unread := Facts{Deployment: Unreadable[Deployment](why, ""), NginxDisk: Unreadable[nginx.Config](why, ""), Processes: Of(Processes{}, "")}
	if known := gathered(t, box, unread, (*look).readCode); known.Code.Known || known.Code.Absent() || known.Code.Problem != why {
		t.Errorf("code: %+v", known.Code)
	}
	if known := gathered(t, box, unread, (*look).readStatic); known.Static.Known || known.Static.Problem != why {
		t.Errorf("static files: %+v", known.Static)
	}
	if known := gathered(t, box, unread, (*look).readFront); known.Front.Known || known.Front.Absent() || known.Front.Problem != why {
		t.Errorf("an Nginx in a container: %+v", known.Front)
	}
	if known := gathered(t, box, unread, (*look).readBackground); known.Background.Known || known.Background.Absent() {
		t.Errorf("background processes: %+v", known.Background)
	}
	if known := gathered(t, box, Facts{Deployment: Of(Deployment{}, "")}, (*look).readBackground); known.Background.Known {
		t.Errorf("background processes of unread ones: %+v", known.Background)
	}
	none := Facts{NginxDisk: Missing[nginx.Config]("there is none", ""), Deployment: Of(Deployment{Active: "/srv/shop"}, "")}
	if known := gathered(t, box, none, (*look).readFront); known.Front.Known || !known.Front.Absent() {
		t.Errorf("no Nginx anywhere: %+v", known.Front)
	}
	if known := gathered(t, box, none, (*look).readStatic); known.Static.Known || !known.Static.Absent() {
		t.Errorf("static files without an Nginx: %+v", known.Static)
	}
}

// TestADirectoryHoldsTheApp: by its module, or by any module where that is not known.
func TestADirectoryHoldsTheApp(t *testing.T) {
	t.Parallel()
	box := files("/a/wsgi.py", "/b/src/shop/wsgi.py", "/c/shop/__init__.py", "/d/README", "/e/pkg/x.py", "/locked/wsgi.py")
	box.Denied = []string{"/locked"}
	for _, test := range []struct {
		directory, module string
		holds             bool
	}{
		{"/a", "wsgi", true},
		{"/a", "shop.wsgi", false},
		{"/b", "shop.wsgi", true},
		{"/c", "shop", true},
		{"/d", "wsgi", false},
		{"/a", "", true},
		{"/d", "", false},
		{"/e", "", false},
		{"/gone", "", false},
		{"/locked", "", false},
		{"/locked", "wsgi", false},
	} {
		if got := lookAt(box).holdsModule(t.Context(), test.directory, test.module); got != test.holds {
			t.Errorf("%s holds %q: %v", test.directory, test.module, got)
		}
	}
	for content, want := range map[string]string{"4f2c1d9\nby me\n": "4f2c1d9", "\n\n": "", " v7 ": "v7"} {
		box.Files["/a/REVISION"] = content
		if got := lookAt(box).readRevision(t.Context(), "/a"); got != want {
			t.Errorf("%q: %q", content, got)
		}
	}
}

// TestMountsOfWhatRunsNoMore: there is nothing to compare, which is no fault.
func TestMountsOfWhatRunsNoMore(t *testing.T) {
	t.Parallel()
	container := docker.Container{ID: "web", Project: "shop", Service: "web"}
	stopped := Facts{Target: Target{Container: "web"}, Containers: Of([]docker.Container{container}, "")}
	if known := gathered(t, files(), stopped, (*look).readMounts); known.Inside.Known || !known.Inside.Absent() {
		t.Errorf("stopped: %+v", known.Inside)
	}
	stopped.Containers.Value[0].PID = 9
	if known := gathered(t, files(), stopped, (*look).readMounts); known.Inside.Known || known.Inside.Absent() || known.Inside.Problem == "" {
		t.Errorf("its root could not be entered: %+v", known.Inside)
	}
	if known := gathered(t, files(), Facts{}, (*look).readMounts); !known.Inside.Absent() {
		t.Errorf("no container: %+v", known.Inside)
	}
	var process Process
	box := files()
	process.Process = proc.Process{PID: 7}
	if lookAt(box).readProcessEnvironment(t.Context(), &process); process.Prints != nil || process.Unreadable["environ"] == "" {
		t.Errorf("an environment that is not there: %+v", process)
	}
	box.Files["/proc/7/environ"] = "A=1\x00GUNICORN_CMD_ARGS=-w 3\x00"
	process = Process{Process: proc.Process{PID: 7}}
	if lookAt(box).readProcessEnvironment(t.Context(), &process); len(process.Prints) != 2 || process.FromEnvironment.Workers != 3 || process.Unreadable != nil {
		t.Errorf("%+v", process)
	}
}
