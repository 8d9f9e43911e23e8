package facts

import (
	"path"
	"slices"
	"testing"
	"time"

	"flasktui/sys"
)

// TestWhatCountsAsCode: a file that is left out never tells of a change, and one that is
// taken in wrongly calls a healthy service old.
func TestWhatCountsAsCode(t *testing.T) {
	t.Parallel()
	const source, template, static, nothing = "source", "template", "static", ""
	tests := []struct{ name, is string }{
		{"/srv/shop/app.py", source},
		{"/srv/shop/shop/views/page.py", source},
		{"/srv/shop/lib/deep/er/still.py", source},
		{"/srv/shop/README.md", nothing},
		{"/srv/shop/.git/hook.py", nothing},
		{"/srv/shop/shop/__pycache__/x.py", nothing},
		{"/srv/shop/node_modules/gyp/x.py", nothing},
		{"/srv/shop/lib/site-packages/flask/app.py", nothing},
		{"/srv/shop/lib/dist-packages/yaml.py", nothing},
		{"/srv/shop/.#app.py", nothing},
		{"/srv/shop/#app.py", nothing},
		{"/srv/shop/app.py~", nothing},
		{"/srv/shop/app.py.bak", nothing},
		{"/srv/shop/venv/pyvenv.cfg", nothing},
		{"/srv/shop/venv/setup.py", nothing},
		{"/srv/shop/static/tool.py", nothing},
		{"/srv/shop/templates/index.html", template},
		{"/srv/shop/templates/mail/hello.txt", template},
		{"/srv/shop/shop/views/list.html", template},
		{"/srv/shop/templates-old/index.html", nothing},
		{"/srv/shop/templates/index.html~", nothing},
		{"/srv/shop/templates/#index.html", nothing},
		{"/srv/shop/templates/.index.html", nothing},
		{"/srv/shop/templates/index.swp", nothing},
		{"/srv/shop/templates/index.tmp", nothing},
		{"/srv/shop/templates/index.bak", nothing},
		{"/srv/shop/templates/filter.py", source},
		// What the app writes itself.
		{"/srv/shop/uploads/theirs.py", nothing},
		{"/srv/shop/media/theirs.py", nothing},
		{"/srv/shop/tmp/scratch.py", nothing},
		{"/srv/shop/tests/test_app.py", nothing},
		{"/srv/shop/logs/rotate.py", nothing},
		{"/srv/shop/var/templates/cached.html", nothing},
		{"/srv/shop/data/prices.py", source},
		{"/srv/shop/instance/config.py", source},
		{"/srv/shop/cache/__init__.py", source},
		{"/srv/shop/cache/backend.py", source},
		// Behind links.
		{"/srv/lib/models/__init__.py", source},
		{"/srv/lib/models/user.py", source},
		{"/srv/pages/base.html", template},
		{"/srv/pages/mail/hello.txt", template},
		{"/srv/disk/backup.py", nothing},
		{"/srv/backup/old.py", nothing},
	}
	box := files()
	for _, test := range tests {
		box.Files[test.name] = "x"
	}
	for link, target := range map[string]string{
		"/srv/shop/models": "/srv/lib/models", "/srv/shop/shop/templates": "/srv/pages", "/srv/shop/disk": "/srv/disk",
		"/srv/shop/up": "/srv", "/srv/shop/lib/self": "/srv/shop", "/srv/shop/.old": "/srv/lib/models", "/srv/shop/one.py": "/srv/backup/old.py",
		"/srv/shop/gone.py": "/srv/nowhere.py", "/srv/shop/gone": "/srv/nowhere", "/srv/shop/again": "/srv/lib/models",
	} {
		box.Links[link] = target
	}
	seen := lookAt(box).walk(t.Context(), "/srv/shop")
	paths := func(changes []Change) (paths []string) {
		for _, change := range changes {
			paths = append(paths, change.Path)
		}
		return paths
	}
	sources, templates := paths(seen.sources), paths(seen.templates)
	for _, test := range tests {
		want := map[string]bool{source: test.is == source, template: test.is == template}
		if slices.Contains(sources, test.name) != want[source] || slices.Contains(templates, test.name) != want[template] {
			t.Errorf("%s is not taken for %q", test.name, test.is)
		}
	}
	if !slices.Contains(sources, "/srv/shop/one.py") || slices.Contains(sources, "/srv/shop/gone.py") {
		t.Errorf("a linked module: %v", sources)
	}
	if slices.Sort(sources); len(slices.Compact(slices.Clone(sources))) != len(sources) {
		t.Errorf("a directory to which two links lead was walked twice: %v", sources)
	}
	if !slices.Equal(seen.static, []string{"/srv/shop/static"}) || seen.partial {
		t.Errorf("static %v, partial %v", seen.static, seen.partial)
	}
}

// TestAWalkSaysWhatItDidNotSee: what was not read may have changed.
func TestAWalkSaysWhatItDidNotSee(t *testing.T) {
	t.Parallel()
	box := files("/srv/shop/app.py", "/srv/shop/secret/x.py")
	box.Denied = []string{"/srv/shop/secret"}
	if seen := lookAt(box).walk(t.Context(), "/srv/shop"); !seen.partial || len(seen.sources) != 1 {
		t.Errorf("%+v", seen)
	}
	for _, root := range []string{"", "/"} {
		if seen := lookAt(box).walk(t.Context(), root); seen.files != 0 || seen.partial {
			t.Errorf("%q was walked: %+v", root, seen)
		}
	}
	if seen := lookAt(box).walk(t.Context(), "/srv/gone"); !seen.partial {
		t.Error("a tree that is not there was seen whole")
	}
	shared := lookAt(files("/lib/shop/__init__.py", "/lib/shop/views.py", "/lib/other.py"))
	if seen := shared.walkModule(t.Context(), "/lib/shop/__init__.py"); len(seen.sources) != 2 {
		t.Errorf("a package: %+v", seen.sources)
	}
	if seen := shared.walkModule(t.Context(), "/lib/other.py"); len(seen.sources) != 1 {
		t.Errorf("a module: %+v", seen.sources)
	}
}

// TestWhenAFileChanged: by its content, by its inode alone, or by the link to it.
func TestWhenAFileChanged(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name       string
		file, link sys.FileInfo
		at         int
		touched    bool
	}{
		{"made", written(minutes(3)), sys.FileInfo{}, 3, false},
		{"written in place", sys.FileInfo{Born: noon, Modified: minutes(3), Changed: minutes(3)}, sys.FileInfo{}, 3, false},
		{"given another owner", sys.FileInfo{Born: noon, Modified: noon, Changed: minutes(3)}, sys.FileInfo{}, 0, true},
		{"the same, and nobody knows when it was made", sys.FileInfo{Modified: noon, Changed: minutes(3)}, sys.FileInfo{}, 0, true},
		{"written over right after it was made, its time set back", sys.FileInfo{Born: noon, Modified: minutes(-60), Changed: noon.Add(300 * time.Millisecond)}, sys.FileInfo{}, 0, true},
		{"the link to it was moved later", written(noon), written(minutes(5)), 5, false},
		{"the link to it is old", written(minutes(3)), written(noon), 3, false},
		{"owner after the link was moved", sys.FileInfo{Born: noon, Modified: noon, Changed: minutes(9)}, written(minutes(5)), 5, true},
	} {
		box, name := files("/srv/app.py"), "/srv/app.py"
		box.infos[name] = test.file
		if !test.link.Changed.IsZero() {
			name = "/srv/link.py"
			box.Links[name], box.infos[name] = "app.py", test.link
		}
		var seen walked
		lookAt(box).addChanges(t.Context(), path.Dir(name), []string{path.Base(name)}, &seen, &seen.sources)
		if len(seen.sources) != 1 || !seen.sources[0].At.Equal(minutes(test.at)) || len(seen.touched) != 0 != test.touched {
			t.Errorf("%s: %+v", test.name, seen)
		} else if test.touched && !seen.newestTouched.At.Equal(seen.touched[0].At) {
			t.Errorf("%s: %+v", test.name, seen.touched)
		}
	}
}

// TestTheNewestOfAll: with the same times in any order.
func TestTheNewestOfAll(t *testing.T) {
	t.Parallel()
	changes := []Change{{Path: "b", At: minutes(2)}, {Path: "c", At: minutes(9), Committed: true}, {Path: "a", At: minutes(2)}, {Path: "d", At: minutes(1)}}
	seen := walked{sources: slices.Clone(changes)}
	if seen.newestSource().Path != "c" || newestEdited(changes).Path != "b" {
		t.Errorf("newest %q, edited %q", seen.newestSource().Path, newestEdited(changes).Path)
	}
	var order string
	for _, change := range seen.recent() {
		order += change.Path
	}
	if order != "cabd" {
		t.Errorf("recent: %s", order)
	}
	var sum walked
	sum.add(walked{newestTouched: Change{Path: "late", At: minutes(5)}, touched: []Change{{Path: "late", At: minutes(5)}}})
	sum.add(walked{newestTouched: Change{Path: "early", At: minutes(1)}, partial: true})
	if sum.newestTouched.Path != "late" || !sum.partial || len(sum.touched) != 1 {
		t.Errorf("%+v", sum)
	}
}
