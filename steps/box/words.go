package box

import (
	"path"
	"slices"
	"strings"

	"flasktui/steps/facts"
	"flasktui/sys"
)

// root is the directory that holds the releases and the link; where there are none, the
// code's own.
func (b *Box) root() string {
	deployment := b.Deployment.Value
	switch {
	case deployment.Link != nil:
		return path.Dir(deployment.Link.Path)
	case deployment.ReleasesDirectory != "":
		return path.Dir(deployment.ReleasesDirectory)
	}
	return deployment.Directory
}

// ShortPath names a path from the root of the deployment, which the path page shows
// anyway; a path outside it stays whole.
func (b *Box) ShortPath(name string) string {
	root := b.root()
	if root == "" || root == "/" || name == root {
		return name
	}
	if below, ok := strings.CutPrefix(name, root+"/"); ok {
		return below
	}
	return name
}

// ReleaseOrPath names the release that a path is, or else the path.
func (b *Box) ReleaseOrPath(name string) string {
	for _, release := range b.Deployment.Value.Releases {
		if release.Path == name {
			return release.Name
		}
	}
	return b.ShortPath(name)
}

// ShortSource is a source file from its release.
func (b *Box) ShortSource(name string) string {
	if below, ok := strings.CutPrefix(name, b.Deployment.Value.Active+"/"); ok {
		return below
	}
	return b.ShortPath(name)
}

// UnitWords is systemd's own word for a unit, with what it adds to it.
func UnitWords(unit facts.Unit) sys.Text {
	if unit.SubState == "" || unit.SubState == unit.ActiveState {
		return sys.Textf("%s", unit.ActiveState)
	}
	return sys.Textf("%s (%s)", unit.ActiveState, unit.SubState)
}

// Several is a number with its noun: "1 file", "3 files".
func Several(n int, one, many string) sys.Text {
	if n == 1 {
		return sys.Text("1 " + one)
	}
	return sys.Textf("%d %s", n, many)
}

// Telling is the line of a log that says most: the last error of Python or Gunicorn, or
// else systemd's own.
func Telling(lines []sys.Text) sys.Text {
	for _, marks := range [][]string{
		{"ModuleNotFoundError", "ImportError", "SyntaxError", "NameError", "FileNotFoundError", "PermissionError", "Error: ", "Connection in use", "Address already in use", "AppImportError", "Failed to find attribute"},
		{"Failed at step", "Unable to locate executable", "OOM killer", "operation timed out", "Failed to load", "Failed to set up", "Failed to determine", "No such file"},
		{"status="},
		{"Failed to"},
	} {
		for _, line := range slices.Backward(lines) {
			if slices.ContainsFunc(marks, func(mark string) bool { return strings.Contains(string(line), mark) }) {
				return line
			}
		}
	}
	return ""
}

// RunnerOf names what runs a server, as far as that is known.
func (b *Box) RunnerOf(server facts.Server) string {
	unit, inUnit := b.RunBy(server)
	program, supervised := b.SupervisedBy(server)
	switch {
	case inUnit:
		return unit.Service()
	case supervised:
		return program.Program + " of supervisord's"
	case server.Master.Cgroup.Container != "":
		return "of a container"
	}
	return "of an unknown service"
}
