package facts

import (
	"strings"
	"testing"

	"flasktui/sys/systemd"
)

// TestWhichReleaseAndWhichLink goes through the shapes in which sites are deployed.
func TestWhichReleaseAndWhichLink(t *testing.T) {
	t.Parallel()
	const one, two, three = "/srv/shop/releases/20260101000000", "/srv/shop/releases/20260102000000", "/srv/shop/releases/20260103000000"
	type want struct {
		link, outer, active string
		// releases are the names in their order, an incomplete one with a "-" before it.
		releases, directory string
		nested, problem     string
		dangling, notALink  bool
	}
	upload := []string{one + "/wsgi.py", two + "/wsgi.py", three + "/README"}
	for _, test := range []struct {
		name      string
		files     []string
		links     map[string]string
		directory string
		denied    string
		want      want
	}{
		{"by its link", upload, map[string]string{"/srv/shop/current": "releases/20260101000000"}, "/srv/shop/current", "", want{link: "/srv/shop/current", active: one, releases: "20260101000000 20260102000000 -20260103000000", directory: "/srv/shop/releases"}},
		{"below its link", []string{one + "/src/web/wsgi.py", two + "/web/wsgi.py"}, map[string]string{"/srv/shop/current": one}, "/srv/shop/current/src/web", "", want{link: "/srv/shop/current", active: one, releases: "20260101000000 -20260102000000", directory: "/srv/shop/releases"}},
		{"by its real path, beside a link", upload, map[string]string{"/srv/shop/live": two, "/srv/shop/previous": one, "/srv/shop/abc": one}, one, "", want{link: "/srv/shop/live", active: two, releases: "20260101000000 20260102000000 -20260103000000", directory: "/srv/shop/releases"}},
		{"beside a link that chooses nothing", upload, map[string]string{"/srv/shop/previous": one}, two, "", want{active: two, releases: "20260101000000 20260102000000 -20260103000000", directory: "/srv/shop/releases"}},
		{"a link to elsewhere is not it", upload, map[string]string{"/srv/shop/media": "/srv/files"}, two, "", want{active: two, releases: "20260101000000 20260102000000 -20260103000000", directory: "/srv/shop/releases"}},
		{"the unit names the release", upload, nil, two, "", want{active: two, releases: "20260101000000 20260102000000 -20260103000000", directory: "/srv/shop/releases"}},
		{"a disk that is a link", append(upload, "/data/x/shop/wsgi.py"), map[string]string{"/apps": "/data/x"}, "/apps/shop", "", want{active: "/data/x/shop"}},
		{"a link to the link", upload, map[string]string{"/srv/shop/current": one, "/srv/site": "/srv/shop/current"}, "/srv/site", "", want{link: "/srv/shop/current", outer: "/srv/site", active: one, releases: "20260101000000 20260102000000 -20260103000000", directory: "/srv/shop/releases"}},
		{"its link leads nowhere", upload, map[string]string{"/srv/shop/current": "releases/20260104000000"}, "/srv/shop/current", "", want{link: "/srv/shop/current", active: "/srv/shop/releases/20260104000000", dangling: true, releases: "20260101000000 20260102000000 -20260103000000", directory: "/srv/shop/releases", problem: "does not exist"}},
		{"a directory in the place of the link", append(upload, "/srv/shop/current/wsgi.py"), nil, "/srv/shop/current", "", want{link: "/srv/shop/current", notALink: true, active: "/srv/shop/current", releases: "20260101000000 20260102000000 -20260103000000", directory: "/srv/shop/releases"}},
		{"a current without releases", []string{"/srv/shop/current/wsgi.py"}, nil, "/srv/shop/current", "", want{active: "/srv/shop/current"}},
		{"ln -s into the release (G24)", upload, map[string]string{"/srv/shop/current": one, one + "/20260102000000": two}, "/srv/shop/current", "", want{link: "/srv/shop/current", active: one, nested: one + "/20260102000000", releases: "20260101000000 20260102000000 -20260103000000", directory: "/srv/shop/releases"}},
		{"another link inside the release", upload, map[string]string{"/srv/shop/current": one, one + "/next": two, one + "/20260101000000": one}, "/srv/shop/current", "", want{link: "/srv/shop/current", active: one, releases: "20260101000000 20260102000000 -20260103000000", directory: "/srv/shop/releases"}},
		{"versions side by side", []string{"/opt/apps/shop-v9/wsgi.py", "/opt/apps/shop-v10/wsgi.py", "/opt/apps/docs/x"}, map[string]string{"/opt/apps/shop": "shop-v9"}, "/opt/apps/shop", "", want{link: "/opt/apps/shop", active: "/opt/apps/shop-v9", releases: "shop-v9 shop-v10", directory: "/opt/apps"}},
		{"one version with no other", []string{"/opt/apps/shop-v9/wsgi.py", "/opt/apps/docs/x"}, map[string]string{"/opt/apps/shop": "shop-v9"}, "/opt/apps/shop", "", want{link: "/opt/apps/shop", active: "/opt/apps/shop-v9", releases: "shop-v9", directory: "/opt/apps"}},
		{"versions in a directory of another name", []string{"/opt/all/v9/wsgi.py", "/opt/all/v10/wsgi.py"}, map[string]string{"/opt/apps/shop": "/opt/all/v9"}, "/opt/apps/shop", "", want{link: "/opt/apps/shop", active: "/opt/all/v9", releases: "v9 v10", directory: "/opt/all"}},
		{"a name that holds no order", []string{"/opt/apps/blue/wsgi.py", "/opt/apps/shop-v10/wsgi.py"}, map[string]string{"/opt/apps/shop": "blue"}, "/opt/apps/shop", "", want{active: "/opt/apps/blue"}},
		{"commits, by when they were made", []string{"/srv/shop/builds/e1/wsgi.py", "/srv/shop/builds/a9f/wsgi.py", "/srv/shop/builds/.tmp/wsgi.py", "/srv/shop/builds/current/wsgi.py"}, map[string]string{"/srv/shop/current": "builds/a9f"}, "/srv/shop/current", "", want{link: "/srv/shop/current", active: "/srv/shop/builds/a9f", releases: "e1 a9f", directory: "/srv/shop/builds"}},
		{"a checkout", []string{"/srv/shop/wsgi.py"}, nil, "/srv/shop", "", want{active: "/srv/shop"}},
		{"it is gone", []string{"/srv/x"}, nil, "/srv/shop", "", want{active: "/srv/shop", problem: "does not exist"}},
		{"it may not be read", []string{"/srv/shop/web/wsgi.py"}, nil, "/srv/shop/web", "/srv/shop", want{active: "/srv/shop/web", problem: "may not be read"}},
	} {
		box := files(test.files...)
		for link, target := range test.links {
			box.Links[link] = target
		}
		box.infos["/srv/shop/builds/a9f"] = written(minutes(5))
		if test.denied != "" {
			box.Denied = []string{test.denied}
		}
		known := Facts{Settings: Of(Settings{Directory: test.directory}, "")}
		known.Settings.Value.App = "wsgi:app"
		known = gathered(t, box, known, (*look).readDeployment)
		deployment := known.Deployment.Value
		got := want{active: deployment.Active, problem: string(deployment.Problem), directory: deployment.ReleasesDirectory}
		if link := deployment.Link; link != nil {
			got.link, got.outer, got.nested, got.dangling, got.notALink = link.Path, link.Outer, link.Nested, link.Dangling, link.NotALink
		}
		var releases []string
		for _, release := range deployment.Releases {
			if !release.Complete {
				release.Name = "-" + release.Name
			}
			releases = append(releases, release.Name)
		}
		if got.releases = strings.Join(releases, " "); !known.Deployment.Known || got != test.want {
			t.Errorf("%s:\n got %+v\nwant %+v", test.name, got, test.want)
		}
	}
	if known := gathered(t, files(), Facts{}, (*look).readDeployment); known.Deployment.Known || known.Deployment.Problem == "" {
		t.Errorf("no directory at all: %+v", known.Deployment)
	}
}

// TestAReleaseIsCompleteWithAllThatAStartNeeds: switching to another one would end the site.
func TestAReleaseIsCompleteWithAllThatAStartNeeds(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		with     func(unit *Unit, settings *Settings)
		complete bool
	}{
		{"the module alone", func(*Unit, *Settings) {}, true},
		{"a virtualenv of its own", func(unit *Unit, _ *Settings) { unit.ExecStart = [][]string{{"/srv/shop/current/venv/bin/gunicorn"}} }, false},
		{"a virtualenv of all", func(unit *Unit, _ *Settings) { unit.ExecStart = [][]string{{"/srv/shop/venv/bin/gunicorn"}} }, true},
		{"a file of settings", func(unit *Unit, _ *Settings) {
			unit.EnvironmentFiles = []systemd.EnvironmentFile{{Path: "/srv/shop/current/env"}}
		}, false},
		{"one that may be missing", func(unit *Unit, _ *Settings) {
			unit.EnvironmentFiles = []systemd.EnvironmentFile{{Path: "/srv/shop/current/env", Optional: true}}
		}, true},
		{"a pattern, which may name nothing", func(unit *Unit, _ *Settings) {
			unit.EnvironmentFiles = []systemd.EnvironmentFile{{Path: "/srv/shop/current/*.env"}}
		}, true},
		{"the directory that it starts in", func(unit *Unit, _ *Settings) { unit.WorkingDirectory = "/srv/shop/current/web" }, false},
		{"Gunicorn's settings", func(_ *Unit, settings *Settings) { settings.ConfigFile = "/srv/shop/current/conf.py" }, false},
	} {
		box := files("/srv/shop/releases/v1/wsgi.py", "/srv/shop/releases/v2/wsgi.py", "/srv/shop/venv/bin/gunicorn")
		for _, name := range []string{"venv/bin/gunicorn", "env", "x.env", "web/wsgi.py", "conf.py"} {
			box.Files["/srv/shop/releases/v1/"+name] = "x"
		}
		box.Links["/srv/shop/current"] = "releases/v1"
		unit, settings := Unit{Unit: systemd.Unit{Name: "shop.service", WorkingDirectory: "/srv/shop/current"}}, Settings{}
		settings.App = "wsgi:app"
		test.with(&unit, &settings)
		known := Facts{Target: Target{Unit: unit.Name}, Units: Of([]Unit{unit}, ""), Settings: Of(settings, "")}
		known = gathered(t, box, known, (*look).readDeployment)
		newest, ok := known.Deployment.Value.Newest()
		if want := map[bool]string{true: "v2", false: "v1"}[test.complete]; !ok || newest.Name != want {
			t.Errorf("%s: the newest complete release is %+v", test.name, newest)
		}
	}
}
