package nginx

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"flasktui/sys"
)

// Installation is an Nginx of the box: its program, and the options that say which
// configuration it reads.
type Installation struct {
	Program string   `json:"program"`
	Options []string `json:"options,omitempty"`
}

// Installed is the one that PATH leads to, started without a word about its configuration.
func Installed() Installation { return Installation{Program: Program} }

// IsInstalled tells whether it is that one.
func (installation Installation) IsInstalled() bool {
	return installation.Program == Program && len(installation.Options) == 0
}

// Argv is a command line of its program.
func (installation Installation) Argv(arguments ...string) []string {
	return slices.Concat([]string{installation.Program}, installation.Options, arguments)
}

// StartedAs is the installation that a master was started from: its title holds its command
// line. executable is what it runs, for a program that was named from where its starter stood.
func StartedAs(title, executable string) Installation {
	_, command, found := strings.Cut(title, "process ")
	words := strings.Fields(command)
	if !found || len(words) == 0 {
		return Installed()
	}
	installation := Installation{Program: words[0], Options: Options(title)}
	switch directory := path.Dir(words[0]); {
	case slices.Contains([]string{"/usr/sbin", "/usr/bin", "/sbin", "/bin"}, directory), !strings.Contains(words[0], "/"):
		installation.Program = Program
	case !path.IsAbs(words[0]):
		installation.Program = executable
	}
	return installation
}

// trusted tells why its program is not run: others than root decide what it is, or what its
// options name hangs on where it was started.
func (installation Installation) trusted(ctx context.Context, machine sys.Machine) error {
	for index := 1; index < len(installation.Options); index += 2 {
		if installation.Options[index-1] == "-p" && !path.IsAbs(installation.Options[index]) {
			return fmt.Errorf("the Nginx that runs was started with -p %s, from a directory that is not known", installation.Options[index])
		}
	}
	if installation.Program == Program {
		return nil
	}
	if installation.Program == "" {
		return errors.New("which program the Nginx that runs was started from could not be read")
	}
	if _, err := sys.RootsAlone(ctx, machine, installation.Program); err != nil {
		return fmt.Errorf("the program of the Nginx that runs is not run to look: %w", err)
	}
	return nil
}

// ReadFiles reads the configuration of an installation from its files alone, as far as
// whoever may write them could read them.
func (installation Installation) ReadFiles(ctx context.Context, machine sys.Machine) (Config, error) {
	build, _, err := installation.readBuild(ctx, machine)
	if err != nil {
		return Config{}, err
	}
	return readForWriters(ctx, machine, build.main)
}

// named is the argument of an option; empty where it is not given.
func (installation Installation) named(option string) string {
	if index := slices.Index(installation.Options, option); index >= 0 && index+1 < len(installation.Options) {
		return installation.Options[index+1]
	}
	return ""
}
