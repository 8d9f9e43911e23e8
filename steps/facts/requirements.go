package facts

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"flasktui/sys"
	"flasktui/sys/python"
)

// Requirements is what the code on disk asks to have installed, beside what its virtualenv
// has.
type Requirements struct {
	Virtualenv string `json:"virtualenv"`
	// InstalledAt is when the newest package of the virtualenv was installed, which Newest
	// is the metadata of.
	InstalledAt time.Time `json:"installed_at"`
	Newest      string    `json:"newest"`
	// Files are those that ask for something else than is installed.
	Files []RequirementsFile `json:"files"`
}

// RequirementsFile is a requirements or a lock file.
type RequirementsFile struct {
	Path string `json:"path"`
	// ChangedAt is when it, or the newest of the files that it includes, changed.
	ChangedAt time.Time `json:"changed_at"`
	// Differing are the first of the packages that are not installed as it asks, Count how
	// many there are.
	Differing []RequirementDiffers `json:"differing"`
	Count     int                  `json:"count"`
}

// RequirementDiffers is a package that is not installed as a file asks.
type RequirementDiffers struct {
	Name string `json:"name"`
	// Wanted is the version specifier, Installed the version; empty for none.
	Wanted    string `json:"wanted,omitempty"`
	Installed string `json:"installed,omitempty"`
}

// GroupRequirements is what the code asks to have installed, beside what is.
func GroupRequirements() Group {
	return Group{
		name: "requirements", words: "the requirements",
		needs:  []func() Group{GroupSettings, GroupDeployment},
		read:   (*look).readRequirements,
		fields: []field{fieldOf("", func(facts *Facts) *Fact[Requirements] { return &facts.Requirements })},
	}
}

// readRequirements compares the content of the requirements with what is installed: a deploy
// that brings every file anew makes all of them young, and an installer that finds all in
// place leaves the virtualenv as old as it was (G51).
func (look *look) readRequirements(ctx context.Context, known *Facts) func(*Facts) {
	seen, err := look.compareRequirements(ctx, known)
	return func(facts *Facts) {
		switch {
		case err != nil:
			facts.Requirements = unreadableFor[Requirements](err, seen.Virtualenv)
		case seen.Newest == "":
			facts.Requirements = Missing[Requirements]("no requirements of the code are kept in a virtualenv of this box", "")
		default:
			facts.Requirements = Of(seen, path.Dir(seen.Newest))
		}
	}
}

func (look *look) compareRequirements(ctx context.Context, known *Facts) (Requirements, error) {
	settings, deployment := known.Settings.Value, known.Deployment.Value
	imported := settings.Import
	seen := Requirements{Virtualenv: imported.Virtualenv, Files: []RequirementsFile{}}
	if !known.Deployment.Known || settings.Root != "" || deployment.InImage || imported.Virtualenv == "" {
		return seen, nil
	}
	if settings.ImportProblem != "" {
		return seen, errors.New(string(settings.ImportProblem))
	}
	names, err := look.requirementsFiles(ctx, known)
	if err != nil || len(names) == 0 {
		return seen, err
	}
	installed, err := python.ListInstalled(ctx, look.machine, "", imported.Searched)
	if err != nil {
		return seen, err
	}
	for _, one := range installed {
		if !sys.Within(imported.Virtualenv, one.Metadata) {
			continue
		}
		info, err := look.machine.Stat(ctx, one.Metadata)
		if err == nil && ContentTime(info).After(seen.InstalledAt) {
			seen.InstalledAt, seen.Newest = ContentTime(info), one.Metadata
		}
	}
	for _, name := range names {
		file := RequirementsFile{Path: name}
		asked, err := look.readRequirementsFile(ctx, deployment.Active, name, &file, 0)
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

// requirementsFiles are those at the top of the tree and in the directory that the service
// works in, each once.
func (look *look) requirementsFiles(ctx context.Context, known *Facts) ([]string, error) {
	active := known.Deployment.Value.Active
	directories := []string{active}
	if working, err := look.machine.Resolve(ctx, known.Settings.Value.Directory); err == nil && sys.Within(active, working) && working != active {
		directories = append(directories, working)
	}
	var names []string
	for _, directory := range directories {
		entries, err := look.machine.ReadDir(ctx, directory)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		for _, entry := range entries {
			if python.IsLockFile(entry.Name) || isRequirementsName(entry.Name) {
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
func (look *look) readRequirementsFile(ctx context.Context, tree, name string, file *RequirementsFile, depth int) ([]python.Requirement, error) {
	resolved, err := look.machine.Resolve(ctx, name)
	if err != nil {
		return nil, err
	}
	info, err := look.machine.Stat(ctx, resolved)
	if err != nil || !info.Mode.IsRegular() {
		return nil, err
	}
	text, err := look.machine.ReadFile(ctx, resolved, requirementsLimit)
	if err != nil {
		return nil, err
	}
	if changed := ContentTime(info); changed.After(file.ChangedAt) {
		file.ChangedAt = changed
	}
	if python.IsLockFile(name) {
		return python.ParseLock(name, text)
	}
	parsed := python.ParseRequirements(text)
	asked := parsed.Requirements
	for _, include := range parsed.Includes {
		included := absolute(path.Dir(name), include)
		if depth >= requirementsIncludes || !sys.Within(tree, included) {
			continue
		}
		more, err := look.readRequirementsFile(ctx, tree, included, file, depth+1)
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
func (file *RequirementsFile) compare(asked []python.Requirement, installed []python.Installed, wholePath bool) {
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
		if !differs || slices.ContainsFunc(file.Differing, func(known RequirementDiffers) bool { return known.Name == one.Name }) {
			continue
		}
		file.Count++
		file.Differing = append(file.Differing, RequirementDiffers{Name: one.Name, Wanted: one.Wanted, Installed: version})
	}
	if len(there) < len(missing) {
		file.Count = 0
	}
	file.Differing = file.Differing[:min(file.Count, requirementsShown)]
}
