package facts

import (
	"cmp"
	"context"
	"path"
	"strings"

	"flasktui/sys"
	"flasktui/sys/python/source"
)

// Label is a string by which the source on disk may call the release, and where it stands: in a
// line of the source, or in a file of its own (line 0) that the source reads.
type Label struct {
	Value string `json:"value"`
	Path  string `json:"path"`
	Line  int    `json:"line,omitempty"`
}

const (
	// mostLabelled bounds the sources that are read for labels, mostLabels what is kept, and
	// longestLabel each.
	mostLabelled = 500
	mostLabels   = 50
	longestLabel = 120
)

// readLabels follows the view at the version path to what it answers (G49).
func (look *look) readLabels(ctx context.Context, known *Facts, tree string, sources []Change) (labels []Label) {
	if len(sources) > mostLabelled {
		return nil
	}
	var files [][]byte
	for _, one := range sources {
		content, err := look.machine.ReadFile(ctx, one.Path, sourceSize)
		if err != nil {
			return nil
		}
		files = append(files, content)
	}
	answer, found := source.AnswerOf(files, cmp.Or(known.Options.VersionPath, DefaultVersionPath))
	if !found {
		return nil
	}
	for _, one := range answer.Strings {
		file := sources[one.At].Path
		switch {
		case answer.ReadsFile:
			labels = append(labels, look.labelFiles(ctx, tree, file, one.Text)...)
		case one.Text != "" && len(one.Text) <= longestLabel && len(labels) < mostLabels:
			labels = append(labels, Label{Value: string(sys.Safe(one.Text)), Path: file, Line: one.Line})
		}
	}
	if answer.ReadsFile && len(labels) != 1 {
		return nil
	}
	return labels
}

// labelFiles are the files of a name that lie beside a source, or above it in the tree, and
// hold one line.
func (look *look) labelFiles(ctx context.Context, tree, file, name string) (labels []Label) {
	if name == "" || name != path.Base(name) || strings.HasPrefix(name, ".") {
		return nil
	}
	for directory := path.Dir(file); sys.Within(tree, directory) && len(directory) > 1; directory = path.Dir(directory) {
		content, err := look.machine.ReadFile(ctx, path.Join(directory, name), longestLabel)
		if value := strings.TrimSpace(string(content)); err == nil && value != "" && !strings.Contains(value, "\n") {
			labels = append(labels, Label{Value: string(sys.Safe(value)), Path: path.Join(directory, name)})
		}
	}
	return labels
}
