package python

import (
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// IsLockFile tells the names of the lock files that can be read.
func IsLockFile(name string) bool {
	return slices.Contains([]string{"poetry.lock", "uv.lock", "pdm.lock", "Pipfile.lock"}, path.Base(name))
}

// lockedPackages is what poetry, uv and PDM write, as far as it is asked for here. What uv
// and PDM call groups, poetry called category up to its version 1.4, and no longer wrote
// before its version 2.
type lockedPackages struct {
	Package []struct {
		Name     string         `toml:"name"`
		Version  string         `toml:"version"`
		Category string         `toml:"category"`
		Groups   []string       `toml:"groups"`
		Optional bool           `toml:"optional"`
		Marker   any            `toml:"marker"`
		Markers  any            `toml:"markers"`
		Path     string         `toml:"path"`
		Source   map[string]any `toml:"source"`
		// Dependencies are a list in uv's file, and a table in poetry's.
		Dependencies any `toml:"dependencies"`
	} `toml:"package"`
}

// ParseLock reads a lock file by its name. A lock holds the packages of every platform and
// group: what it does not say to be needed by the project itself is optional.
func ParseLock(name string, text []byte) ([]Requirement, error) {
	if path.Base(name) == "Pipfile.lock" {
		return parsePipfileLock(text)
	}
	var lock lockedPackages
	if err := toml.Unmarshal(text, &lock); err != nil {
		return nil, fmt.Errorf("reading %s: %w", path.Base(name), err)
	}
	var locked []Requirement
	needed := map[string]bool{}
	for _, one := range lock.Package {
		if isProject(one.Source) {
			for _, dependency := range unmarked(one.Dependencies) {
				needed[NormalizeName(dependency)] = true
			}
		}
	}
	for _, one := range lock.Package {
		if one.Name == "" || one.Version == "" || one.Path != "" || isProject(one.Source) || one.Source["type"] == "directory" {
			continue
		}
		name := NormalizeName(one.Name)
		applies := needed[name] || slices.ContainsFunc(append(one.Groups, one.Category), func(group string) bool { return group == "main" || group == "default" })
		locked = append(locked, Requirement{
			Name: name, Wanted: "==" + one.Version,
			Optional: !applies || one.Optional, Conditional: one.Marker != nil || one.Markers != nil,
		})
	}
	for index, one := range locked {
		// Which of several versions is for this platform is not worked out.
		several := slices.IndexFunc(locked, func(other Requirement) bool { return other.Name == one.Name }) != index
		if several {
			for at := range locked {
				locked[at].Conditional = locked[at].Conditional || locked[at].Name == one.Name
			}
		}
	}
	return locked, nil
}

// isProject tells the packages that are made of the project's own files, as uv writes them.
func isProject(source map[string]any) bool {
	for _, kind := range []string{"editable", "virtual", "directory"} {
		if source[kind] != nil {
			return true
		}
	}
	return false
}

// unmarked are the dependencies that uv lists without a condition.
func unmarked(dependencies any) []string {
	var names []string
	list, _ := dependencies.([]any)
	for _, one := range list {
		entry, _ := one.(map[string]any)
		if name, isText := entry["name"].(string); isText && entry["marker"] == nil {
			names = append(names, name)
		}
	}
	return names
}

// parsePipfileLock reads pipenv's, of which "default" is what `pipenv sync` installs.
func parsePipfileLock(text []byte) ([]Requirement, error) {
	var lock struct {
		Default map[string]struct {
			Version string `json:"version"`
			Markers string `json:"markers"`
		} `json:"default"`
	}
	if err := json.Unmarshal(text, &lock); err != nil {
		return nil, fmt.Errorf("reading Pipfile.lock: %w", err)
	}
	var locked []Requirement
	for name, one := range lock.Default {
		locked = append(locked, Requirement{Name: NormalizeName(name), Wanted: one.Version, Conditional: one.Markers != ""})
	}
	slices.SortFunc(locked, func(a, b Requirement) int { return strings.Compare(a.Name, b.Name) })
	return locked, nil
}
