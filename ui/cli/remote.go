package cli

import (
	"context"
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"flasktui/ui/remote"
)

// addHostFlag tells of --host, which is taken out before anything else is looked at: what is
// typed beside it is for the flasktui that runs there.
func addHostFlag(root *cobra.Command) {
	root.PersistentFlags().String("host", "", "run it on `USER@BOX`, through your own ssh")
}

// elsewhere takes --host out of the arguments; false where it is not among them.
func elsewhere(args []string) (host string, rest []string, is bool) {
	for i, arg := range args {
		if arg == "--" {
			break
		}
		if value, found := strings.CutPrefix(arg, "--host="); found {
			return value, slices.Delete(slices.Clone(args), i, i+1), true
		}
		if arg == "--host" && i+1 < len(args) {
			return args[i+1], slices.Delete(slices.Clone(args), i, i+2), true
		}
	}
	return "", args, false
}

// runThere runs flasktui on another machine, as it would run here.
func (r *run) runThere(ctx context.Context, host string, args []string) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	machine := map[string]string{"amd64": "x86_64", "arm64": "aarch64"}[runtime.GOARCH]
	system := map[string]string{"linux": "Linux", "darwin": "Darwin"}[runtime.GOOS]
	r.status, err = remote.Host{
		Name: host, Args: args, Version: versionOf(buildInfo()), System: system, Machine: machine, Program: program,
		Terminal: r.interactive(), Stdin: r.Stdin, Stdout: r.Stdout, Stderr: r.Stderr,
	}.Run(ctx)
	return err
}
