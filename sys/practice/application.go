package practice

import (
	"fmt"
	"net/http"
	"path"
	"regexp"
	"strings"
)

// application is the site's Flask app as one worker (or a preloading master) has it in
// memory. Nothing in it changes when the disk does.
type application struct {
	headline  string
	marker    string
	versionAt string
	// markerKey is the JSON key of the version page; empty for plain text.
	markerKey string
	banner    string
	template  string
	// package is where the app's own files stand, as the process knows the path.
	home string
	// loaded are the modules that it was imported with.
	loaded map[string]module
}

// The forms in which the box's apps are written; see source.go.
var (
	headlineLine = regexp.MustCompile(`(?m)^HEADLINE = "(.*)"$`)
	releaseLine  = regexp.MustCompile(`(?m)^RELEASE = (.*)$`)
	environName  = regexp.MustCompile(`os\.environ\.get\("(\w+)"`)
	versionRoute = regexp.MustCompile(`(?m)^@app\.get\("([^"]+)"\)\ndef version\(\):\n    return (?:jsonify\((\w+)=)?`)
	placeholder  = regexp.MustCompile(`\{\{ (\w+) \}\}`)
)

// newApplication runs the modules that were imported, as far as the model goes.
func (p *python) newApplication(environment []variable) *application {
	app := &application{loaded: p.loaded}
	for name, each := range p.loaded {
		if found := headlineLine.FindStringSubmatch(each.source); found != nil {
			app.headline = found[1]
			app.home = path.Dir(each.file)
			app.banner, _ = value(environment, "SITE_BANNER")
		}
		if found := releaseLine.FindStringSubmatch(each.source); found != nil {
			app.marker = p.marker(found[1], p.loaded[name].file, environment)
		}
		if found := versionRoute.FindStringSubmatch(each.source); found != nil {
			app.versionAt, app.markerKey = found[1], found[2]
		}
	}
	if found, err := walk(p.root, path.Join(app.home, "templates/index.html"), true); err == nil {
		app.template = string(found.content)
	}
	return app
}

// marker evaluates the expression behind RELEASE.
func (p *python) marker(expression, file string, environment []variable) string {
	if found := environName.FindStringSubmatch(expression); found != nil {
		if set, ok := value(environment, found[1]); ok {
			return set
		}
		return "unknown"
	}
	top := path.Dir(path.Dir(file))
	switch {
	case strings.Contains(expression, "REVISION"):
		if found, err := walk(p.root, path.Join(top, "REVISION"), true); err == nil {
			return strings.TrimSpace(string(found.content))
		}
		return "unknown"
	case strings.Contains(expression, "rev-parse"):
		if commit := p.box.headCommit(p.root, top); commit != "" {
			return commit[:7]
		}
		return "unknown"
	}
	return strings.Trim(expression, `"`)
}

// answer is one HTTP response.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func plainAnswer(status int, kind, body string) answer {
	header := http.Header{"Content-Type": {kind}}
	return answer{status, header, []byte(body)}
}

// respond is what the app does with a request.
func (a *application) respond(root *node, request *http.Request) answer {
	switch {
	case request.URL.Path == "/":
		return plainAnswer(http.StatusOK, "text/html; charset=utf-8", a.page())
	case a.versionAt != "" && request.URL.Path == a.versionAt:
		if a.markerKey == "" {
			return plainAnswer(http.StatusOK, "text/plain; charset=utf-8", a.marker+"\n")
		}
		return plainAnswer(http.StatusOK, "application/json", fmt.Sprintf("{%q:%q}\n", a.markerKey, a.marker))
	case request.URL.Path == "/healthz":
		return plainAnswer(http.StatusOK, "text/plain; charset=utf-8", "ok\n")
	case strings.HasPrefix(request.URL.Path, "/static/"):
		found, err := walk(root, path.Join(a.home, path.Clean(request.URL.Path)), true)
		if err == nil && found.mode.IsRegular() {
			served := plainAnswer(http.StatusOK, contentType(request.URL.Path), string(found.content))
			served.header.Set("Last-Modified", found.modified.UTC().Format(http.TimeFormat))
			served.header.Set("Cache-Control", "no-cache")
			return served
		}
	}
	return plainAnswer(http.StatusNotFound, "text/html; charset=utf-8",
		"<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n")
}

// page renders the template with what the code knows.
func (a *application) page() string {
	values := map[string]string{"headline": a.headline, "release": a.marker, "banner": a.banner}
	return placeholder.ReplaceAllStringFunc(a.template, func(found string) string {
		return values[placeholder.FindStringSubmatch(found)[1]]
	})
}

func contentType(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	default:
		return "application/octet-stream"
	}
}
