package facts

import (
	"slices"
	"testing"
	"time"

	"flasktui/sys"
)

// TestADirectoryThatTookAnothersPlace brings files whose times are all old: where its own
// change time and that of the directory above it are younger than the start, nothing of it is
// taken for what was imported. Either alone is a new file, a chmod, or a neighbour.
func TestADirectoryThatTookAnothersPlace(t *testing.T) {
	t.Parallel()
	changed := func(at, modified int) sys.FileInfo {
		return sys.FileInfo{Born: minutes(-60), Modified: minutes(modified), Changed: minutes(at)}
	}
	made := func(at int) sys.FileInfo {
		return sys.FileInfo{Born: minutes(at), Modified: minutes(at), Changed: minutes(at)}
	}
	for _, test := range []struct {
		name              string
		above, own, cache sys.FileInfo
		open              bool
	}{
		{"it was put there", changed(9, 9), changed(9, -30), sys.FileInfo{}, true},
		{"something new is in it", changed(-5, -5), changed(9, 9), sys.FileInfo{}, false},
		{"something new lies beside it", changed(9, 9), changed(-5, -5), sys.FileInfo{}, false},
		{"all was given another owner", changed(9, -40), changed(9, -30), made(-30), false},
		{"something new is in both", changed(9, 9), changed(8, 8), made(8), false},
		{"it was put there with its cache", changed(9, 9), changed(9, -30), made(-30), true},
	} {
		box := files("/srv/shop/wsgi.py", "/srv/shop/shop/terms.py", "/srv/shop/shop/__pycache__/terms.cpython-313.pyc")
		box.infos["/srv/shop"], box.infos["/srv/shop/shop"], box.infos["/srv/shop/shop/__pycache__"] = test.above, test.own, test.cache
		for _, file := range []string{"/srv/shop/wsgi.py", "/srv/shop/shop/terms.py"} {
			box.infos[file] = made(-40)
		}
		box.Files["/srv/shop/shop/__pycache__/terms.cpython-313.pyc"] = bytecode(0, minutes(-40), len("/srv/shop/shop/terms.py"))
		look := lookAt(box)
		seen := look.walk(t.Context(), "/srv/shop")
		look.readWitnesses(t.Context(), shopThatRuns(), Deployment{}, "", &seen)
		open := slices.ContainsFunc(seen.unsettled, func(file Change) bool { return file.Path == "/srv/shop/shop/terms.py" && file.Unsettled != "" })
		if open != test.open || len(seen.unsettled) > 1 {
			t.Errorf("%s: %+v", test.name, seen.unsettled)
		}
	}
}

// TestATreeThatTookAnothersPlace: who stands in it entered it as it is; a master that preloads
// goes there anew at a reload, and keeps what it had.
func TestATreeThatTookAnothersPlace(t *testing.T) {
	t.Parallel()
	preloads := true
	for _, test := range []struct {
		name           string
		preload        *bool
		stands         string
		unread         string
		workers, moved int
		doubt          bool
	}{
		{"it stands in it", nil, "/srv/shop", "", 5, 9, false},
		{"it stands elsewhere", nil, "/var/lib/shop", "", 5, 9, true},
		{"it stands elsewhere, and the tree was there before", nil, "/var/lib/shop", "", 5, 3, false},
		{"where it stands is not known", nil, "", "denied", 5, 9, false},
		{"it preloads, and was not reloaded since", &preloads, "/srv/shop", "", 5, 9, false},
		{"it preloads, and was reloaded since", &preloads, "/srv/shop", "", 10, 9, true},
		{"it preloads, and was reloaded in a tree that was there before", &preloads, "/srv/shop", "", 10, 3, false},
	} {
		box := files("/srv/shop/wsgi.py")
		for _, directory := range []string{"/srv", "/srv/shop"} {
			box.infos[directory] = sys.FileInfo{Born: noon, Modified: minutes(test.moved), Changed: minutes(test.moved)}
		}
		if shop := box.infos["/srv/shop"]; test.preload == nil {
			shop.Modified = noon
			box.infos["/srv/shop"] = shop
		}
		known := shopThatRuns()
		known.Settings = Of(Settings{}, "")
		known.Settings.Value.Preload = test.preload
		server := &known.Processes.Value.Servers[0]
		for _, process := range []*Process{&server.Master, &server.Workers[0]} {
			process.Directory, process.Unreadable = test.stands, map[string]string{"directory": test.unread}
		}
		server.Workers[0].Started = minutes(test.workers)
		if places, partial := lookAt(box).rootPlaced(t.Context(), known, "/srv/shop"); len(places) > 0 != test.doubt || partial {
			t.Errorf("%s: %+v", test.name, places)
		}
	}
}

// TestADirectoryOfTheSameContent accuses nobody; one whose files changed since, or that has one
// more or another, does.
func TestADirectoryOfTheSameContent(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		change func(box *tree)
		same   bool
	}{
		{"the same", func(*tree) {}, true},
		{"another word", func(box *tree) { box.Files["/srv/shop/shop/terms.py"] = "other" }, false},
		{"another data file", func(box *tree) { box.Files["/srv/shop/rates.json"] = "{}" }, false},
		{"a file more", func(box *tree) { box.Files["/srv/shop/shop/more.py"] = "" }, false},
		{"a file less", func(box *tree) { delete(box.Files, "/srv/shop/shop/terms.py") }, false},
		{"changed since it was started", func(box *tree) { box.infos["/srv/shop.old/shop/terms.py"] = written(minutes(7)) }, false},
		{"not to be read", func(box *tree) { box.Denied = []string{"/srv/shop/shop/terms.py"} }, false},
	} {
		box := files()
		for _, name := range []string{"wsgi.py", "shop/terms.py", "shop/templates/index.html", "rates.json"} {
			box.Files["/srv/shop/"+name], box.Files["/srv/shop.old/"+name] = name, name
		}
		test.change(&box)
		if same := lookAt(box).holdsTheSame(t.Context(), "/srv/shop.old", "/srv/shop", minutes(5)); same != test.same {
			t.Errorf("%s: %v", test.name, same)
		}
		if lookAt(box).holdsTheSame(t.Context(), "/srv/gone", "/srv/gone", time.Time{}) {
			t.Error("nothing is the same as nothing")
		}
	}
}
