package facts

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net"
	"strings"
	"testing"

	"flasktui/sys/nginx"
)

func deployed() Deployment {
	return Deployment{
		Directory: "/srv/shop/current", Resolved: "/srv/shop/releases/v2", Active: "/srv/shop/releases/v2",
		Link:     &Link{Path: "/srv/shop/current", Resolved: "/srv/shop/releases/v2"},
		Releases: []Release{{Name: "v1", Path: "/srv/shop/releases/v1"}, {Name: "v2", Path: "/srv/shop/releases/v2"}},
	}
}

// TestWhereTheReleaseHasItsStaticFiles: what Nginx serves of another release stands for this
// one's; without that, where Flask looks.
func TestWhereTheReleaseHasItsStaticFiles(t *testing.T) {
	t.Parallel()
	const active = "/srv/shop/releases/v2"
	for _, test := range []struct {
		name      string
		locations []nginx.Location
		files     []string
		want      string
		prefix    string
	}{
		{"beside the module", nil, []string{active + "/static/a.css"}, active + "/static", "/static/"},
		{"in the package", nil, []string{active + "/web/static/a.css"}, active + "/web/static", "/static/"},
		{"in a package below src", nil, []string{active + "/src/web/static/a.css"}, active + "/src/web/static", "/static/"},
		{"one level down", nil, []string{active + "/front/static/a.css"}, active + "/front/static", "/static/"},
		{"of an installed package, which is not ours", nil, []string{active + "/node_modules/static/a.css", active + "/.git/static/x"}, "", "/static/"},
		{"public", nil, []string{active + "/public/a.css"}, active + "/public", "/public/"},
		{"assets", nil, []string{active + "/assets/a.css"}, active + "/assets", "/assets/"},
		{"a file of that name", nil, []string{active + "/static"}, "", "/static/"},
		{"alias of an old release", []nginx.Location{{Path: "/s/", Alias: "/srv/shop/releases/v1/files/"}}, []string{active + "/files/a.css", active + "/static/a.css"}, active + "/files", "/s/"},
		{"alias through the link", []nginx.Location{{Path: "/s/", Alias: "/srv/shop/current/files"}}, []string{active + "/files/a.css"}, active + "/files", "/s/"},
		{"alias elsewhere", []nginx.Location{{Path: "/s/", Alias: "/var/www/files"}}, []string{active + "/static/a.css", "/var/www/files/a.css"}, active + "/static", "/static/"},
		{"root", []nginx.Location{{Path: "/static/", Root: "/srv/shop/current/web"}}, []string{active + "/web/static/a.css", active + "/static/b.css"}, active + "/web/static", "/static/"},
		{"root of another path", []nginx.Location{{Path: "/", Root: "/srv/shop/current/web"}}, []string{active + "/web/x", active + "/static/b.css"}, active + "/static", "/static/"},
		{"root by an expression", []nginx.Location{{Path: "static", Match: "~", Root: "/srv/shop/current/web"}}, []string{active + "/web/static/x", active + "/static/b.css"}, active + "/static", "/static/"},
		{"served under another path", []nginx.Location{{Path: "/assets/", Root: "/x"}, {Path: "/shop/static/", Root: "/srv/shop"}}, []string{active + "/static/b.css"}, active + "/static", "/shop/static/"},
		{"none", nil, []string{active + "/wsgi.py"}, "", "/static/"},
	} {
		known := Facts{Deployment: Of(deployed(), "")}
		known.Settings.Value.App = "web.wsgi:app"
		address := SiteAddress{Server: &nginx.Server{Locations: test.locations}}
		look := lookAt(files(test.files...))
		got := look.staticDirectory(t.Context(), look.staticDirectories(t.Context(), &known, address))
		if prefix := staticPrefix(got, address); got != test.want || prefix != test.prefix {
			t.Errorf("%s: %q at %q, want %q at %q", test.name, got, prefix, test.want, test.prefix)
		}
	}
	if prefix := staticPrefix("/x/public", SiteAddress{}); prefix != "/static/" {
		t.Errorf("without a server block: %q", prefix)
	}
}

// TestWhichStaticFilesStandForTheRest: those that tell most come first.
func TestWhichStaticFilesStandForTheRest(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, given, files, want string }{
		{"styles and scripts before pictures", "", "a.png b.css c.js d.txt", "/static/b.css /static/c.js /static/a.png"},
		{"what has a compressed twin first", "", "b.css c.txt c.txt.gz", "/static/c.txt /static/b.css"},
		{"the same with the other suffix", "", "a.css d.js d.js.br", "/static/d.js /static/a.css"},
		{"maps and twins alone are none", "", "b.css b.css.map x.gz y.br", "/static/b.css"},
		{"the newest", "", "a.css b.css late.css d.css", "/static/late.css /static/a.css /static/b.css"},
		{"below directories", "", "css/x/a.css", "/static/css/x/a.css"},
		{"too far below", "", "a/b/c/a.css", ""},
		{"hidden", "", ".a.css .git/a.css", ""},
		{"the one that was named", "/static/b.css", "a.css", "/static/b.css"},
	} {
		box := files()
		for name := range strings.FieldsSeq(test.files) {
			box.Files["/srv/static/"+name] = name
		}
		box.infos["/srv/static/late.css"] = written(minutes(5))
		known := Facts{Options: Options{StaticPath: test.given}}
		var paths []string
		for _, one := range lookAt(box).staticPaths(t.Context(), &known, "/srv/static", nil, SiteAddress{}) {
			paths = append(paths, one.urlPath)
			if want := "/srv" + one.urlPath; one.file != want {
				t.Errorf("%s: %s is %s", test.name, one.urlPath, one.file)
			}
		}
		if got := strings.Join(paths, " "); got != test.want {
			t.Errorf("%s: %s", test.name, got)
		}
	}
	box := files()
	box.Files["/srv/static/huge.css"] = strings.Repeat("x", staticFileLimit+1)
	if paths := lookAt(box).staticPaths(t.Context(), &Facts{}, "/srv/static", nil, SiteAddress{}); len(paths) != 0 {
		t.Errorf("a file that is too long to be compared: %v", paths)
	}
	if paths := lookAt(box).staticPaths(t.Context(), &Facts{}, "", nil, SiteAddress{}); len(paths) != 0 {
		t.Errorf("no directory: %v", paths)
	}
}

// TestTheFilesThatAPageNames: those that a page names are asked for first, where they are found
// among the release's: by what Nginx names there, by the usual path, or by their name alone.
func TestTheFilesThatAPageNames(t *testing.T) {
	t.Parallel()
	const active = "/srv/shop/releases/v2"
	for _, test := range []struct {
		name      string
		locations []nginx.Location
		assets    string
		files     string
		want      string
	}{
		{"the usual path", nil, "/static/b.css", "static/a.css static/b.css", "/static/b.css /static/a.css"},
		{"another path, and what else lies there", nil, "/assets/css/a.css", "static/css/a.css static/b.js", "/assets/css/a.css? /assets/b.js?"},
		{"a name that the content made", nil, "/static/a.3f2a.css", "static/a.0c1d.css static/a.3f2a.css static/raw.css", "/static/a.3f2a.css /static/a.0c1d.css /static/raw.css"},
		{"that of another release", nil, "/static/a.9999.css", "static/a.0c1d.css", "/static/a.0c1d.css"},
		{"a root", []nginx.Location{{Path: "/", Root: "/srv/shop/releases/v1/public"}}, "/css/a.css", "public/css/a.css", "/css/a.css"},
		{"handed on elsewhere", []nginx.Location{{Path: "/", Pass: "http://a"}, {Path: "/wiki/", Pass: "http://b"}}, "/wiki/a.css", "static/a.css", "/static/a.css"},
		{"two of one name", nil, "/x/a.css", "static/a.css front/static/a.css", "/static/a.css"},
		{"an address that Nginx itself answers", []nginx.Location{{Path: "/static/", Return: "200"}}, "/static/b.css", "static/a.css static/b.css", "/static/a.css /static/b.css"},
		{"outside of the directory", nil, "/x/../../wsgi.py", "static/a.css wsgi.py", "/static/a.css"},
	} {
		box := files()
		for name := range strings.FieldsSeq(test.files) {
			box.Files[active+"/"+name] = name
		}
		known := Facts{Deployment: Of(deployed(), ""), Site: Of(Site{Nginx: Asked{Home: []Answer{{Assets: strings.Fields(test.assets)}}}}, "")}
		address := SiteAddress{URL: "http://shop.example/", Server: &nginx.Server{Locations: test.locations}}
		look := lookAt(box)
		var paths []string
		directories := look.staticDirectories(t.Context(), &known, address)
		directory := look.staticDirectory(t.Context(), directories)
		for _, one := range look.staticPaths(t.Context(), &known, directory, look.namedByPages(t.Context(), &known, directory, directories, address), address) {
			if one.guessed {
				one.urlPath += "?"
			}
			paths = append(paths, one.urlPath)
		}
		if got := strings.Join(paths, " "); got != test.want {
			t.Errorf("%s: %s, not %s", test.name, got, test.want)
		}
	}
}

// TestOutOfWhichReleaseAFileIsServed: of another one than the active, and never by chance.
func TestOutOfWhichReleaseAFileIsServed(t *testing.T) {
	t.Parallel()
	box := files()
	box.Files["/srv/shop/releases/v1/static/a.css"], box.Files["/srv/shop/releases/v2/static/a.css"] = "old", "new"
	sum := func(text string) string { sum := sha256.Sum256([]byte(text)); return hex.EncodeToString(sum[:]) }
	const file = "/srv/shop/releases/v2/static/a.css"
	for _, test := range []struct {
		name, file, served string
		status             int
		want               string
	}{
		{"the old one's", file, "old", 200, "v1"},
		{"the new one's", file, "new", 200, ""},
		{"of nobody's", file, "other", 200, ""},
		{"an error page", file, "old", 404, ""},
		{"not of the release", "/var/www/a.css", "old", 200, ""},
	} {
		probe := StaticProbe{ReleaseFile: test.file, ReleaseSHA256: sum("new"), Identity: Answer{Status: test.status, SHA256: sum(test.served)}}
		if got := lookAt(box).releaseWith(t.Context(), deployed(), probe); got != test.want {
			t.Errorf("%s: %q", test.name, got)
		}
	}
}

// TestWhichFileNginxServes for a path, and what keeps it from that.
func TestWhichFileNginxServes(t *testing.T) {
	t.Parallel()
	box := files("/srv/shop/releases/v2/static/a.css", "/var/www/a.css", "/var/www/a.css.gz", "/var/www/b.css", "/var/www/b.css.br", "/locked/a.css")
	box.Denied = []string{"/locked"}
	box.Links["/var/link"] = "/var/www"
	box.OnDial = func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("nobody listens") }
	for _, test := range []struct {
		name, urlPath string
		location      nginx.Location
		served        string
		compressed    string
		problem       string
	}{
		{"by alias", "/static/a.css", nginx.Location{Path: "/static/", Alias: "/var/link/", AliasPath: "/static/"}, "/var/www/a.css", "/var/link/a.css.gz", ""},
		{"with the other suffix", "/static/b.css", nginx.Location{Path: "/static/", Alias: "/var/www/", AliasPath: "/static/"}, "/var/www/b.css", "/var/www/b.css.br", ""},
		{"passed on", "/static/a.css", nginx.Location{Path: "/static/", Pass: "http://app"}, "", "", ""},
		{"gone", "/static/c.css", nginx.Location{Path: "/static/", Alias: "/var/www/", AliasPath: "/static/"}, "/var/www/c.css", "", "does not exist"},
		{"not to be read", "/static/a.css", nginx.Location{Path: "/static/", Alias: "/locked/", AliasPath: "/static/"}, "", "", "may not be read"},
	} {
		address := SiteAddress{URL: "http://shop.example/", Local: "127.0.0.1:80", Server: &nginx.Server{Locations: []nginx.Location{test.location}}}
		probe := lookAt(box).probeStatic(t.Context(), address, staticPath{urlPath: test.urlPath, file: "/srv/shop/releases/v2/static/a.css"})
		served := probe.ServedResolved
		if test.problem == "may not be read" {
			served = ""
		}
		if served != test.served || probe.Compressed != test.compressed || string(probe.ServedProblem) != test.problem || (probe.Location == nil) != (test.location.Pass != "") {
			t.Errorf("%s: %+v", test.name, probe)
		}
		if probe.ReleaseSHA256 == "" || (probe.ServedSHA256 != "") != (test.served != "" && test.problem == "") {
			t.Errorf("%s: hashes %q and %q", test.name, probe.ReleaseSHA256, probe.ServedSHA256)
		}
	}
}
