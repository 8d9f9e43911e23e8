package practice

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	crossplane "github.com/nginxinc/nginx-go-crossplane"
)

// nginxFiles is a configuration as read from disk.
type nginxFiles struct {
	box *Box
	top crossplane.Directives
	// files are those that were read, each once.
	files []string
	// failure is the [emerg] line of a configuration that is refused.
	failure  string
	warnings []string
}

const nginxConfiguration = "/etc/nginx/nginx.conf"

// readNginx reads the configuration with the parser that also checks it in sys/nginx, and
// tells what that refuses as Nginx does.
func (b *Box) readNginx() *nginxFiles {
	read := &nginxFiles{box: b}
	payload, err := crossplane.Parse(nginxConfiguration, &crossplane.ParseOptions{
		CombineConfigs: true, StopParsingOnError: true, ErrorOnUnknownDirectives: true,
		Open: read.open, Glob: read.glob,
	})
	var refused *crossplane.ParseError
	switch {
	case err == nil:
		read.top = payload.Config[0].Parsed
	case errors.As(err, &refused) && refused.File != nil && refused.Line != nil:
		read.refuse(refused.What, *refused.File, *refused.Line)
	default:
		read.fail("%v", err)
	}
	return read
}

func (r *nginxFiles) fail(format string, arguments ...any) {
	if r.failure == "" {
		r.failure = "nginx: [emerg] " + fmt.Sprintf(format, arguments...)
	}
}

// refuse words what is refused. What is not there when a file ends Nginx misses at the end, and
// the parser where it was begun.
func (r *nginxFiles) refuse(what, file string, line int) {
	if what == crossplane.ErrPrematureLexEnd.Error() {
		what = `unexpected end of file, expecting ";" or "}"`
	}
	if found := r.box.find(file); found != nil && strings.HasPrefix(what, "unexpected end of file") {
		line = bytes.Count(found.content, []byte("\n")) + 1
	}
	r.fail("%s in %s:%d", what, file, line)
}

func (r *nginxFiles) open(name string) (io.ReadCloser, error) {
	found := r.box.find(name)
	if found == nil {
		return nil, fmt.Errorf(`open() "%s" failed (2: No such file or directory)`, name)
	}
	if !slices.Contains(r.files, name) {
		r.files = append(r.files, name)
	}
	return io.NopCloser(bytes.NewReader(found.content)), nil
}

// glob gives the files of one directory that a pattern names.
func (r *nginxFiles) glob(pattern string) ([]string, error) {
	directory := r.box.find(path.Dir(pattern))
	if directory == nil {
		return nil, nil
	}
	var names []string
	for _, name := range directory.names() {
		matched, err := path.Match(path.Base(pattern), name)
		if err != nil {
			return nil, fmt.Errorf("the pattern %s: %w", strings.TrimSpace(pattern), err)
		}
		if matched {
			names = append(names, path.Join(path.Dir(pattern), name))
		}
	}
	return names, nil
}
