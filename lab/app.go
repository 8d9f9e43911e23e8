package lab

import (
	"fmt"
	"path"
	"strings"
)

// Marker is how a site says which release it runs.
type Marker int

// The ways that are met in the field.
const (
	NoMarker     Marker = iota
	JSONMarker          // an object at a path of its own
	TextMarker          // the bare value at a path of its own
	HeaderMarker        // a header on every answer
)

// Ident is where the app takes its release from, once, when it is imported.
type Ident int

// A constant, a file at the release's root, the checkout's HEAD, the environment.
const (
	InCode Ident = iota
	InFile
	InGit
	InEnv
)

// App is the sample Flask app of a site, in one of its many shapes.
type App struct {
	Module   string // as Python imports it: "wsgi", "shop.web"
	Callable string // "app" or "create_app()"
	Marker   Marker
	Ident    Ident
	Each     bool   // the marker is looked up for each answer, not once at import
	Path     string // of the marker; "/version" when empty
	Package  string // below src, that holds the app; the module then only imports it
	Field    string // of the marker's object or header; "release" or "X-Release" when empty
	Django   bool   // a project of Django's: its module names the settings, and the edition is a view's
	Tail     string // what its module does at the end, where that is started as a program
}

// Release is one state of an app. Its edition is in the code, its layout in the
// template and its style in the stylesheet: what the site answers tells which of
// the three is live. The words say nothing about which release is the newer.
type Release struct {
	ID      string // what the deploy calls it; a checkout's is its commit
	Edition string
	Layout  string
	Style   string
}

// release is a Release with the same word throughout.
func release(id, word string) Release {
	return Release{ID: id, Edition: word, Layout: word, Style: word}
}

// module is what Gunicorn is given to import.
func (a App) module() string { return a.Module + ":" + a.Callable }

// file is the file that holds the app within a release.
func (a App) file() string {
	if a.Package != "" {
		return "src/" + a.Package + "/site.py"
	}
	return a.entry()
}

// entry is the file that Gunicorn is given to import.
func (a App) entry() string { return strings.ReplaceAll(a.Module, ".", "/") + ".py" }

// dir is the directory of that file.
func (a App) dir() string { return path.Dir(a.file()) }

// files are the files of a release, by their path within it.
func (a App) files(r Release) map[string]string {
	dir := a.dir()
	files := map[string]string{
		a.file():                               a.source(r),
		path.Join(dir, "templates/index.html"): page(r),
		path.Join(dir, "static/app.css"):       stylesheet(r),
		"requirements.txt":                     "flask\ngunicorn\n",
		"README":                               "A site.\n",
	}
	if a.Django {
		a.django(files, r)
	}
	if a.Package != "" {
		files[a.entry()] = "from " + a.Package + ".site import app\n\n__all__ = [\"app\"]\n"
	}
	for d := dir; d != "." && d != "src"; d = path.Dir(d) {
		files[path.Join(d, "__init__.py")] = ""
	}
	if a.Ident == InFile {
		files["REVISION"] = r.ID + "\n"
	}
	return files
}

// source is the app's module.
func (a App) source(r Release) string {
	root := strings.TrimSuffix(strings.Repeat("../", strings.Count(a.file(), "/")), "/")
	ident := map[Ident]string{
		InCode: fmt.Sprintf("return %q", r.ID),
		InFile: fmt.Sprintf("return open(os.path.join(HERE, %q, \"REVISION\")).read().strip()", root),
		InGit:  "return subprocess.check_output([\"git\", \"-C\", HERE, \"rev-parse\", \"HEAD\"], text=True).strip()",
		InEnv:  "return os.environ.get(\"APP_RELEASE\", \"unknown\")",
	}[a.Ident]
	source := fmt.Sprintf(`import os
import subprocess

from flask import Flask, jsonify, render_template

HERE = os.path.dirname(os.path.abspath(__file__))
EDITION = %q


def release():
    %s


RELEASE = release()


def create_app():
    app = Flask(__name__, root_path=HERE)

    @app.get("/")
    def index():
        return render_template("index.html", edition=EDITION, mode=os.environ.get("APP_MODE", "plain"))

%s
    return app
`, r.Edition, ident, a.marker())
	if a.Callable == "app" {
		source += "\n\napp = create_app()\n"
	}
	return source + a.Tail
}

// marker is the part of the source that answers which release runs.
func (a App) marker() string {
	where, field, value := a.Path, a.Field, "RELEASE"
	if a.Each {
		value = "release()"
	}
	if where == "" {
		where = "/version"
	}
	switch a.Marker {
	case JSONMarker:
		if field == "" {
			field = "release"
		}
		return fmt.Sprintf("    @app.get(%q)\n    def version():\n        return jsonify({%q: %s, \"app\": __name__})\n", where, field, value)
	case TextMarker:
		return fmt.Sprintf("    @app.get(%q)\n    def version():\n        return %s + \"\\n\", 200, {\"Content-Type\": \"text/plain\"}\n", where, value)
	case HeaderMarker:
		if field == "" {
			field = "X-Release"
		}
		return fmt.Sprintf("    @app.after_request\n    def mark(response):\n        response.headers[%q] = %s\n        return response\n", field, value)
	}
	return ""
}

func page(r Release) string {
	return "<!doctype html>\n<title>A site</title>\n<link rel=\"stylesheet\" href=\"/static/app.css\">\n" +
		"<p>edition={{ edition }} layout=" + r.Layout + " mode={{ mode }}</p>\n"
}

// stylesheet is large enough that Nginx would compress it.
func stylesheet(r Release) string {
	return "/* style=" + r.Style + " */\n" + strings.Repeat("main p { margin: 0 auto; max-width: 40rem; line-height: 1.5; }\n", 40)
}
