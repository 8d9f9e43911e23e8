package docker

import (
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
)

// Dockerignore is the patterns that keep files out of a build's context; the last one
// that matches decides.
type Dockerignore struct {
	matcher *patternmatcher.PatternMatcher
}

// dockerfileLimit bounds what is read of a Dockerfile or a .dockerignore.
const dockerfileLimit = 1 << 20

// ParseDockerignore reads a .dockerignore as Docker itself does.
func ParseDockerignore(reader io.Reader) (Dockerignore, error) {
	patterns, err := ignorefile.ReadAll(io.LimitReader(reader, dockerfileLimit))
	if err != nil {
		return Dockerignore{}, fmt.Errorf(".dockerignore: %w", err)
	}
	matcher, err := patternmatcher.New(patterns)
	if err != nil {
		return Dockerignore{}, fmt.Errorf(".dockerignore: %w", err)
	}
	return Dockerignore{matcher}, nil
}

// Ignores tells whether a path, relative to the context, is kept out of it. A pattern
// that names a directory keeps out all that is below.
func (ignore Dockerignore) Ignores(name string) bool {
	if ignore.matcher == nil {
		return false
	}
	ignored, err := ignore.matcher.MatchesOrParentMatches(strings.Trim(path.Clean(name), "/"))
	return err == nil && ignored
}

// HasExceptions says that a directory which is ignored may hold files that are not.
func (ignore Dockerignore) HasExceptions() bool {
	return ignore.matcher != nil && ignore.matcher.Exclusions()
}
