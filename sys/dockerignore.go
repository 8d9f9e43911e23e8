package sys

import (
	"fmt"
	"io"
	"path"
	"strings"
)

// Dockerignore is the patterns that keep files out of a build's context; the last one
// that matches decides.
type Dockerignore struct {
	patterns []ignorePattern
}

type ignorePattern struct {
	elements []string
	keeps    bool
}

// dockerfileLimit bounds what is read of a Dockerfile or a .dockerignore.
const dockerfileLimit = 1 << 20

// ParseDockerignore reads a .dockerignore: a pattern a line, "#" for comments, "!" for
// exceptions, "**" for any number of directories.
func ParseDockerignore(reader io.Reader) (Dockerignore, error) {
	raw, err := io.ReadAll(io.LimitReader(reader, dockerfileLimit))
	if err != nil {
		return Dockerignore{}, fmt.Errorf(".dockerignore: %w", err)
	}
	var ignore Dockerignore
	for line := range strings.Lines(strings.TrimPrefix(string(raw), "\ufeff")) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		pattern := ignorePattern{}
		if rest, negated := strings.CutPrefix(line, "!"); negated {
			pattern.keeps, line = true, strings.TrimSpace(rest)
		}
		line = strings.Trim(path.Clean("/"+line), "/")
		if line == "" {
			continue
		}
		pattern.elements = strings.Split(line, "/")
		ignore.patterns = append(ignore.patterns, pattern)
	}
	return ignore, nil
}

// Ignores tells whether a path, relative to the context, is kept out of it. A pattern
// that names a directory keeps out all that is below.
func (ignore Dockerignore) Ignores(name string) bool {
	elements := strings.Split(strings.Trim(path.Clean(name), "/"), "/")
	ignored := false
	for _, pattern := range ignore.patterns {
		if pattern.keeps != ignored {
			continue
		}
		for end := len(elements); end > 0; end-- {
			if matchElements(pattern.elements, elements[:end]) {
				ignored = !pattern.keeps
				break
			}
		}
	}
	return ignored
}

// HasExceptions says that a directory which is ignored may hold files that are not.
func (ignore Dockerignore) HasExceptions() bool {
	for _, pattern := range ignore.patterns {
		if pattern.keeps {
			return true
		}
	}
	return false
}

// matchElements matches element by element. It tries each pattern element against each
// name once, so that a long row of "**" costs no more than its length.
func matchElements(pattern, name []string) bool {
	// reach[i] says that the pattern so far has taken the first i elements.
	reach := make([]bool, len(name)+1)
	reach[0] = true
	for index, element := range pattern {
		next := make([]bool, len(name)+1)
		for i := range reach {
			if element == "**" {
				// At the end it is what lies in a directory, not the directory itself.
				next[i] = i > 0 && (next[i-1] || reach[i-1]) || reach[i] && index < len(pattern)-1
				continue
			}
			if i > 0 && reach[i-1] {
				matched, err := path.Match(element, name[i-1])
				next[i] = matched && err == nil
			}
		}
		reach = next
	}
	return reach[len(name)]
}
