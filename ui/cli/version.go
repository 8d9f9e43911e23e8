package cli

import (
	"cmp"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

// version is set when a release is built: -ldflags "-X flasktui/ui/cli.version=1.2.3".
var version string

// build is what is known of how the program was made.
type build struct {
	version, commit, date, goVersion string
	modified                         bool
}

func buildInfo() build {
	made := build{version: version, goVersion: runtime.Version()}
	info, known := debug.ReadBuildInfo()
	if !known {
		return made
	}
	made.version = cmp.Or(made.version, strings.TrimPrefix(info.Main.Version, "v"))
	for _, setting := range info.Settings {
		switch setting.Key {
		case "vcs.revision":
			made.commit = setting.Value
		case "vcs.time":
			made.date = setting.Value
		case "vcs.modified":
			made.modified = setting.Value == "true"
		}
	}
	return made
}

// versionOf is the version in a word; a build from a working tree is "devel".
func versionOf(made build) string {
	if made.version == "" || made.version == "(devel)" {
		return "devel"
	}
	return made.version
}

// addVersionFlag gives the root --version. Cobra's own prints by a template, and a program
// that can run templates has to keep every method of every type: two megabytes of them.
func (r *run) addVersionFlag(root *cobra.Command) {
	asked := root.Flags().Bool("version", false, "print the version")
	wizard := root.RunE
	root.RunE = func(cmd *cobra.Command, args []string) error {
		if *asked {
			return r.printf("flasktui %s\n", versionOf(buildInfo()))
		}
		return wizard(cmd, args)
	}
}

func (r *run) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:               "version",
		Short:             "Print the version and how it was built",
		Args:              atMost(0, ""),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(*cobra.Command, []string) error {
			made := buildInfo()
			text := "flasktui " + versionOf(made) + "\n"
			if made.commit != "" {
				text += "commit " + made.commit
				if made.modified {
					text += " (modified)"
				}
				text += "\n"
			}
			if made.date != "" {
				text += "date " + made.date + "\n"
			}
			return r.printf("%s%s %s/%s\n", text, made.goVersion, runtime.GOOS, runtime.GOARCH)
		},
	}
}
