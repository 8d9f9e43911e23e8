package facts

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"flasktui/sys"
)

// EnvironmentOnDisk is the environment that the service would be started with now.
type EnvironmentOnDisk struct {
	Files []EnvironmentFileOnDisk `json:"files"`
	// Prints are fingerprints of the unit's Environment= as loaded, overlaid with the
	// files in their order (systemd.exec(5): files win).
	Prints map[string]string `json:"prints"`
	Shown  map[string]string `json:"shown"`
	// From names the file, or the unit, that sets each variable.
	From map[string]string `json:"from"`
	// DotEnv is a .env file in the working directory, which python-dotenv would read
	// at import; nil for none (G16).
	DotEnv *EnvironmentFileOnDisk `json:"dot_env,omitempty"`
	// DotEnvOverruled names what the .env sets otherwise than the unit: load_dotenv
	// does not override, so the unit wins.
	DotEnvOverruled []string `json:"dot_env_overruled"`
}

// EnvironmentFileOnDisk is one file of variables.
type EnvironmentFileOnDisk struct {
	Path     string       `json:"path"`
	Optional bool         `json:"optional,omitempty"`
	Missing  bool         `json:"missing,omitempty"`
	Problem  sys.Text     `json:"problem,omitempty"`
	Info     sys.FileInfo `json:"info"`
	Names    []string     `json:"names"`
}

const environmentFileLimit = 1 << 20

// GroupEnvironment is the variables on disk.
func GroupEnvironment() Group {
	return Group{
		name: "environment", words: "environment files",
		needs:  []func() Group{GroupUnitFiles},
		read:   (*look).readEnvironment,
		fields: []field{fieldOf("EnvironmentFile=", func(facts *Facts) *Fact[EnvironmentOnDisk] { return &facts.Environment })},
	}
}

func (look *look) readEnvironment(ctx context.Context, known *Facts) func(*Facts) {
	unit, ok := known.TargetUnit()
	if program, supervised := known.Program(); supervised && program.Section != nil {
		environment := EnvironmentOnDisk{Prints: program.Section.Prints, Shown: map[string]string{}, From: map[string]string{}}
		for name := range environment.Prints {
			environment.From[name] = program.Section.File
		}
		look.readDotEnv(ctx, known.WorkingDirectory(), &environment)
		return func(facts *Facts) { facts.Environment = Of(environment, program.Section.File) }
	}
	if !ok {
		return func(facts *Facts) {
			facts.Environment = Missing[EnvironmentOnDisk]("the service is not a systemd unit", "systemctl show")
		}
	}
	ctx = unit.namedBy(ctx)
	environment := EnvironmentOnDisk{
		Prints: maps.Clone(unit.Prints), Shown: maps.Clone(unit.Shown), From: map[string]string{},
	}
	if environment.Prints == nil {
		environment.Prints, environment.Shown = map[string]string{}, map[string]string{}
	}
	for name := range environment.Prints {
		environment.From[name] = unit.Name
	}
	for _, entry := range unit.EnvironmentFiles {
		paths, err := []string{entry.Path}, error(nil)
		if strings.ContainsAny(entry.Path, "*?[") {
			if paths, err = look.expand(ctx, entry.Path); err != nil {
				environment.Files = append(environment.Files, EnvironmentFileOnDisk{Path: entry.Path, Optional: entry.Optional, Problem: sys.ErrorText(err), Names: []string{}})
			}
		}
		for _, name := range paths {
			file, values := look.readEnvironmentFile(ctx, name)
			file.Optional = entry.Optional
			prints, shown := look.reduce(values)
			maps.Copy(environment.Prints, prints)
			maps.Copy(environment.Shown, shown)
			for name := range prints {
				environment.From[name] = file.Path
			}
			environment.Files = append(environment.Files, file)
		}
	}
	look.readDotEnv(ctx, unit.WorkingDirectory, &environment)
	return func(facts *Facts) { facts.Environment = Of(environment, "EnvironmentFile= and Environment=") }
}

// readDotEnv reads a .env in the directory that the app is started in, unless the unit
// itself names it.
func (look *look) readDotEnv(ctx context.Context, directory string, environment *EnvironmentOnDisk) {
	if directory == "" {
		return
	}
	name := path.Join(directory, ".env")
	for _, file := range environment.Files {
		if file.Path == name {
			return
		}
	}
	file, values := look.readEnvironmentFile(ctx, name)
	if file.Missing {
		return
	}
	environment.DotEnv = &file
	for name, value := range values {
		if fingerprint, set := environment.Prints[name]; set && fingerprint != look.printer.Of(value) {
			environment.DotEnvOverruled = append(environment.DotEnvOverruled, name)
		}
	}
	slices.Sort(environment.DotEnvOverruled)
}

func (look *look) readEnvironmentFile(ctx context.Context, name string) (EnvironmentFileOnDisk, map[string]string) {
	file := EnvironmentFileOnDisk{Path: name, Names: []string{}}
	resolved, err := look.machine.Resolve(ctx, name)
	if err == nil {
		file.Info, err = look.machine.Stat(ctx, resolved)
	}
	var content []byte
	if err == nil {
		content, err = look.machine.ReadFile(ctx, resolved, environmentFileLimit)
	}
	if errors.Is(err, sys.ErrKept) {
		// Root's own file of secrets in the app's directory, as it is meant to be: its
		// names alone are shown, of its values fingerprints are compared.
		err = nil
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		file.Missing = true
		return file, nil
	case err != nil:
		file.Problem = sys.ErrorText(err)
		return file, nil
	}
	values, err := sys.ParseEnvironmentFile(bytes.NewReader(content))
	if err != nil {
		// The error of a parser may quote the line, which may hold a secret.
		file.Problem = "not in the form of an environment file"
		return file, nil
	}
	file.Names = slices.Sorted(maps.Keys(values))
	return file, values
}

// expand lists what a pattern in EnvironmentFile= names; only its last element may hold
// wildcards here, which is how they are used.
func (look *look) expand(ctx context.Context, pattern string) ([]string, error) {
	directory, last := path.Split(pattern)
	entries, err := look.machine.ReadDir(ctx, directory)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", directory, err)
	}
	var names []string
	for _, entry := range entries {
		if ok, err := path.Match(last, entry.Name); ok && err == nil {
			names = append(names, directory+entry.Name)
		}
	}
	return names, nil
}
