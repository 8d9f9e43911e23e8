package sys

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"syscall"
)

// GlobUnder does what glob(3) does, inside another root ("/proc/PID/root", or "" for the
// box's own); the names are in its order. A name without a pattern is itself, whether there
// is such a file or not.
func GlobUnder(ctx context.Context, machine Machine, root, pattern string) ([]string, error) {
	if !IsPattern(pattern) {
		return []string{path.Clean(pattern)}, nil
	}
	pattern = strings.ReplaceAll(pattern, "[!", "[^")
	found := []string{"/"}
	for element := range strings.SplitSeq(strings.Trim(path.Clean(pattern), "/"), "/") {
		var next []string
		for _, directory := range found {
			names, err := globIn(ctx, machine, root, directory, element)
			if err != nil {
				return nil, err
			}
			next = append(next, names...)
		}
		found = next
	}
	slices.Sort(found)
	return found, nil
}

// IsPattern tells whether glob(3) would look for a name, and not take it as it is.
func IsPattern(name string) bool { return strings.ContainsAny(name, "*?[") }

func globIn(ctx context.Context, machine Machine, root, directory, element string) ([]string, error) {
	if !IsPattern(element) {
		return []string{path.Join(directory, element)}, nil
	}
	resolved, err := machine.Resolve(ctx, root+directory)
	var entries []Entry
	if err == nil {
		entries, err = machine.ReadDir(ctx, resolved)
	}
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
			err = nil
		}
		return nil, err
	}
	var names []string
	for _, entry := range entries {
		hidden := strings.HasPrefix(entry.Name, ".") && !strings.HasPrefix(element, ".")
		if ok, err := path.Match(element, entry.Name); ok && err == nil && !hidden {
			names = append(names, path.Join(directory, entry.Name))
		}
	}
	return names, nil
}
