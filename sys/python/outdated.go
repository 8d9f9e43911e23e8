package python

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"flasktui/sys"
)

// Outdated is what the files of a tree ask to have installed, beside what its virtualenv has.
type Outdated struct {
	Virtualenv string `json:"virtualenv"`
	// InstalledAt is when the newest package of the virtualenv was installed, which Newest
	// is the metadata of.
	InstalledAt time.Time `json:"installed_at"`
	Newest      string    `json:"newest"`
	// Files are those that ask for something else than is installed.
	Files []OutdatedBy `json:"files"`
}

// OutdatedBy is a requirements or a lock file that asks for something else than is installed.
type OutdatedBy struct {
	Path string `json:"path"`
	// ChangedAt is when it, or the newest of the files that it includes, changed.
	ChangedAt time.Time `json:"changed_at"`
	// Differing are the first of the packages that are not installed as it asks, Count how
	// many there are.
	Differing []DifferingPackage `json:"differing"`
	Count     int                `json:"count"`
}

// DifferingPackage is a package that is not installed as a file asks.
type DifferingPackage struct {
	Name string `json:"name"`
	// Wanted is the version specifier, Installed the version; empty for none.
	Wanted    string `json:"wanted,omitempty"`
	Installed string `json:"installed,omitempty"`
}

// CompareInstalled compares what the requirements and lock files of a tree ask for with what is
// installed where imports are looked for. Files are taken at the top of the tree and in the
// directory that the service works in, each once. Newest is empty where there are none, or
// nothing is installed in the virtualenv.
func CompareInstalled(ctx context.Context, machine sys.Machine, imported ImportResult, tree, working string) (Outdated, error) {
	seen := Outdated{Virtualenv: imported.Virtualenv, Files: []OutdatedBy{}}
	names, err := requirementsFiles(ctx, machine, tree, working)
	if err != nil || len(names) == 0 {
		return seen, err
	}
	installed, err := ListInstalled(ctx, machine, "", imported.Searched)
	if err != nil {
		return seen, err
	}
	for _, one := range installed {
		if !sys.Within(imported.Virtualenv, one.Metadata) {
			continue
		}
		info, err := machine.Stat(ctx, one.Metadata)
		if err == nil && info.ContentTime().After(seen.InstalledAt) {
			seen.InstalledAt, seen.Newest = info.ContentTime(), one.Metadata
		}
	}
	for _, name := range names {
		file := OutdatedBy{Path: name}
		asked, err := readRequirementsFile(ctx, machine, tree, name, &file, 0)
		if err != nil {
			return seen, err
		}
		file.compare(asked, installed, len(imported.Dynamic) == 0)
		if file.Count > 0 {
			seen.Files = append(seen.Files, file)
		}
	}
	return seen, nil
}

func requirementsFiles(ctx context.Context, machine sys.Machine, tree, working string) ([]string, error) {
	directories := []string{tree}
	if working, err := machine.Resolve(ctx, working); err == nil && sys.Within(tree, working) && working != tree {
		directories = append(directories, working)
	}
	var names []string
	for _, directory := range directories {
		entries, err := machine.ReadDir(ctx, directory)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		for _, entry := range entries {
			if IsLockFile(entry.Name) || isRequirementsName(entry.Name) {
				names = append(names, path.Join(directory, entry.Name))
			}
		}
	}
	return names, nil
}

// isRequirementsName leaves out those that say by their name that they are not for where the
// site runs.
func isRequirementsName(name string) bool {
	stem, isText := strings.CutSuffix(name, ".txt")
	rest, ok := strings.CutPrefix(stem, "requirements")
	elsewhere := strings.FieldsFunc(rest, func(r rune) bool { return r == '-' || r == '_' || r == '.' })
	return isText && ok && !slices.ContainsFunc(elsewhere, func(word string) bool {
		return slices.Contains([]string{
			"dev", "devel", "develop", "development", "local", "test", "tests", "testing", "ci", "lint", "typing", "types", "doc", "docs", "build", "optional", "extra", "extras", "example",
		}, word)
	})
}

const (
	requirementsLimit    = 4 << 20
	requirementsIncludes = 4
	requirementsShown    = 10
)

// readRequirementsFile reads a file, and those that it includes from the same tree.
func readRequirementsFile(ctx context.Context, machine sys.Machine, tree, name string, file *OutdatedBy, depth int) ([]Requirement, error) {
	resolved, err := machine.Resolve(ctx, name)
	if err != nil {
		return nil, err
	}
	info, err := machine.Stat(ctx, resolved)
	if err != nil || !info.Mode.IsRegular() {
		return nil, err
	}
	text, err := machine.ReadFile(ctx, resolved, requirementsLimit)
	if err != nil {
		return nil, err
	}
	if changed := info.ContentTime(); changed.After(file.ChangedAt) {
		file.ChangedAt = changed
	}
	if IsLockFile(name) {
		return ParseLock(name, text)
	}
	parsed := ParseRequirements(text)
	asked := parsed.Requirements
	for _, include := range parsed.Includes {
		included := include
		if !path.IsAbs(included) {
			included = path.Join(path.Dir(name), include)
		}
		if depth >= requirementsIncludes || !sys.Within(tree, included) {
			continue
		}
		more, err := readRequirementsFile(ctx, machine, tree, included, file, depth+1)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		asked = append(asked, more...)
	}
	return asked, nil
}

// compare enters the packages that are surely not installed as they are asked for. A file of
// which the virtualenv has less than half is not what it was installed from. Whether a package
// that is not seen is really missing is not known unless all of sys.path is.
func (file *OutdatedBy) compare(asked []Requirement, installed []Installed, wholePath bool) {
	has := map[string]string{}
	for _, one := range slices.Backward(installed) {
		has[one.Name] = one.Version
	}
	there, missing := map[string]bool{}, map[string]bool{}
	for _, one := range asked {
		version, isThere := has[one.Name]
		allowed, known := one.Allows(version)
		differs := false
		switch {
		case one.Conditional:
		case isThere:
			there[one.Name] = true
			differs = known && !allowed && version != ""
		case !one.Optional:
			missing[one.Name] = true
			differs = wholePath
		}
		if !differs || slices.ContainsFunc(file.Differing, func(known DifferingPackage) bool { return known.Name == one.Name }) {
			continue
		}
		file.Count++
		file.Differing = append(file.Differing, DifferingPackage{Name: one.Name, Wanted: one.Wanted, Installed: version})
	}
	if len(there) < len(missing) {
		file.Count = 0
	}
	file.Differing = file.Differing[:min(file.Count, requirementsShown)]
}
