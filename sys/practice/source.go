package practice

import (
	"path"
	"strconv"
)

// source is the way a site's code is written: where its package stands and how it says
// which release it is.
type source struct {
	// below is the directory of the package in the release; empty for the top.
	below string
	// marker is the right side of RELEASE =; {id} and {commit} are put in.
	marker string
	// version is the path of the version page, and key its JSON key; a page without a
	// key is plain text, no path means no page.
	version, key string
	// imports are further modules, in the package, that the app needs.
	imports string
}

// How code says which release it is.
const (
	markerFromFile    = `Path(__file__).resolve().parent.parent.joinpath("REVISION").read_text().strip()`
	markerFromGit     = `subprocess.check_output(["git", "rev-parse", "--short", "HEAD"], text=True).strip()`
	markerFromEnviron = `os.environ.get("APP_RELEASE", "unknown")`
	markerInCode      = `"{id}"`
)

// files are a release's files by path.
func (s source) files(name string, r release) map[string]string {
	return map[string]string{
		path.Join(s.below, name, "__init__.py"):          s.code(name, r),
		path.Join(s.below, name, "templates/index.html"): s.template(name, r),
		path.Join(s.below, name, "static/app.css"):       "/* " + r.look + " */\nbody { margin: 2rem; }\nh1 { color: teal; }\n",
		path.Join(s.below, name, "static/app.js"):        "// " + r.look + "\nconsole.log(\"" + name + "\");\n",
		path.Join(s.below, "wsgi.py"):                    "from " + name + " import app\n\napplication = app\n",
		"requirements.txt":                               "flask==3.1.1\ngunicorn==23.0.0\n",
	}
}

func (s source) code(name string, r release) string {
	text := `"""The {name} site."""
import os
import subprocess
from pathlib import Path

from flask import Flask, jsonify, render_template
{imports}
RELEASE = {marker}
HEADLINE = "{headline}"

app = Flask(__name__)


@app.get("/")
def index():
    return render_template("index.html", headline=HEADLINE, release=RELEASE, banner=os.environ.get("SITE_BANNER", ""))


@app.get("/healthz")
def healthz():
    return "ok"
`
	if s.version != "" {
		text += "\n\n@app.get(\"{version}\")\ndef version():\n    return {answer}\n"
	}
	answer := "RELEASE"
	if s.key != "" {
		answer = "jsonify(" + s.key + "=RELEASE)"
	}
	marker := fill(s.marker, "{id}", r.id, "{commit}", r.commit[:7])
	return fill(text, "{name}", name, "{imports}", s.imports, "{marker}", marker, "{headline}", r.headline,
		"{version}", s.version, "{answer}", answer)
}

func (s source) template(name string, r release) string {
	return fill(`<!doctype html>
<html lang="en">
<head><title>{name}</title><link rel="stylesheet" href="/static/app.css"></head>
<body class="{look}">
<h1>{{ headline }}</h1>
<p>{{ banner }}</p>
</body>
</html>
`, "{name}", name, "{look}", r.look)
}

// path is below as it runs in a longer path.
func (s source) path() string {
	if s.below == "" {
		return ""
	}
	return "/" + s.below
}

func number(count int) string { return strconv.Itoa(count) }
