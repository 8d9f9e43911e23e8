package python

import (
	"context"
	"fmt"
	"path"
	"strings"

	"flasktui/sys"
)

// Installed is one package as a directory on sys.path has it.
type Installed struct {
	Name    string
	Version string
	// Metadata is the .dist-info or .egg-info that says so.
	Metadata string
}

// ListInstalled lists what is installed in directories, in the order of sys.path: of a
// package that several have, Python takes the first. root is as in ImportQuery.
func ListInstalled(ctx context.Context, machine sys.Machine, root string, directories []string) ([]Installed, error) {
	files := files{machine: machine, root: root}
	var all []Installed
	for _, directory := range directories {
		entries, err := files.list(ctx, directory)
		if err != nil {
			return nil, fmt.Errorf("listing the packages in %s: %w", directory, err)
		}
		for _, entry := range entries {
			if name, version, ok := metadataName(entry.Name); ok {
				all = append(all, Installed{Name: name, Version: version, Metadata: path.Join(directory, entry.Name)})
			}
		}
	}
	return all, nil
}

// metadataName reads NAME-VERSION.dist-info, and NAME-VERSION-pyX.Y.egg-info with or without
// all behind the name. A dash inside either is written as an underscore.
func metadataName(file string) (name, version string, ok bool) {
	stem, isDist := strings.CutSuffix(file, ".dist-info")
	if !isDist {
		if stem, ok = strings.CutSuffix(file, ".egg-info"); !ok {
			return "", "", false
		}
	}
	parts := strings.Split(stem, "-")
	if parts[0] == "" || strings.HasPrefix(parts[0], "~") {
		// pip calls by such a name what it could not remove.
		return "", "", false
	}
	if len(parts) > 1 {
		version = parts[1]
	}
	return NormalizeName(parts[0]), version, true
}
