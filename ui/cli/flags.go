package cli

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"flasktui/steps"
	"flasktui/sys"
	"flasktui/ui/config"
	"flasktui/ui/spelling"
)

// probeFlags are the flags of all commands that probe.
type probeFlags struct {
	options steps.Options
	noSudo  bool
	config  string
}

func (f *probeFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&f.options.URL, "url", "", "where the public asks for the site (found in Nginx's configuration if left out)")
	flags.StringVar(&f.options.AppDir, "app-dir", "", "`DIR` where the deploy puts the new code")
	flags.StringVar(&f.options.Expect, "expect", "", "the `RELEASE` that ought to be live: a commit, a release directory or a marker, by prefix")
	flags.StringVar(&f.options.VersionPath, "version-path", "", "`PATH` where the site tells its release, such as /version")
	flags.StringVar(&f.options.StaticPath, "static-path", "", "`PATH` of a static file to compare, such as /static/app.css")
	flags.StringVar(&f.options.ComposeFile, "compose-file", "", "`FILE` of the Compose project")
	flags.StringVar(&f.options.PIDFile, "pidfile", "", "`FILE` that holds the server's process id (a Gunicorn's master)")
	flags.DurationVar(&f.options.Timeout, "timeout", steps.DefaultTimeout, "how long a whole check may take; the limit of each command that it runs grows with it, and a fix waits three times as long")
	flags.BoolVar(&f.options.ReadOnly, "read-only", false, "refuse every fix")
	flags.BoolVar(&f.noSudo, "no-sudo", false, "never use sudo, even where it asks for no password")
	flags.BoolVar(&f.options.NoMemory, "no-memory", false, "do not compare files with what a process has in its memory")
	flags.StringVar(&f.config, "config", "", "`FILE` of settings, read after those in /etc/flasktui and ~/.config/flasktui")
}

// target is what is to be examined, on which machine.
type target struct {
	machine sys.Machine
	options steps.Options
	// practice is the fault that the machine shows, where it is none that is real.
	practice string
	// unlock says that sudo may be asked for a password, where somebody is there to type it.
	unlock bool
}

// resolve merges flags, environment and files, checks everything that was said and opens
// the machine.
func (r *run) resolve(ctx context.Context, cmd *cobra.Command, flags *probeFlags, args []string) (target, error) {
	if err := r.settle(cmd, flags, args); err != nil {
		return target{}, err
	}
	if err := flags.check(); err != nil {
		return target{}, err
	}
	machine, err := r.Engine.Open(Access{ReadOnly: flags.options.ReadOnly, NoSudo: flags.noSudo})
	if err != nil {
		return target{}, err
	}
	options := flags.options
	for _, path := range []struct {
		flag      string
		value     *string
		directory bool
	}{{"app-dir", &options.AppDir, true}, {"compose-file", &options.ComposeFile, false}} {
		if *path.value == "" {
			continue
		}
		if *path.value, err = existing(ctx, machine, path.flag, *path.value, path.directory); err != nil {
			return target{}, err
		}
	}
	options.Editor = editor(r.Getenv)
	return target{machine: machine, options: options}, nil
}

// editor is the person's own, as editors are named since long: VISUAL before EDITOR.
func editor(getenv func(string) string) string {
	if visual := getenv("VISUAL"); visual != "" {
		return visual
	}
	return getenv("EDITOR")
}

// settle takes the service from the arguments and puts settings where no flag was given.
func (r *run) settle(cmd *cobra.Command, flags *probeFlags, args []string) error {
	if err := emptyFlags(cmd); err != nil {
		return err
	}
	if len(args) > 0 {
		if err := validService(args[0]); err != nil {
			return err
		}
		flags.options.Service = args[0]
	}
	settings, err := config.Load(r.Getenv, flags.config, flags.options.Service)
	if err != nil {
		return fail("%v", err).with(hintOf(err), "correct the file, or pass another with --config")
	}
	if service, said := settings["service"]; said && len(args) == 0 {
		if err := validService(service.Value); err != nil {
			return fmt.Errorf("%s: %w", service.From, err)
		}
		flags.options.Service = service.Value
	}
	return setFlags(cmd, settings)
}

// setFlags gives settings to the flags of the same name that the person did not pass.
func setFlags(cmd *cobra.Command, settings config.Settings) error {
	for _, name := range config.Names() {
		setting, said := settings[name]
		flag := cmd.Flags().Lookup(name)
		if !said || flag == nil || flag.Changed {
			continue
		}
		if err := flag.Value.Set(setting.Value); err != nil {
			return fail("%s: %q is not a value for %s: %v", setting.From, shortened(setting.Value), name, err).with("`flasktui check --help` says what it takes")
		}
	}
	return nil
}

func (f *probeFlags) check() error {
	if f.options.Timeout <= 0 {
		return fail("--timeout %s is not more than zero", f.options.Timeout).with("try --timeout 10s")
	}
	for _, path := range []struct{ flag, value string }{
		{"version-path", f.options.VersionPath}, {"static-path", f.options.StaticPath},
	} {
		if path.value == "" {
			continue
		}
		if err := validPath(path.flag, path.value); err != nil {
			return err
		}
	}
	if f.options.URL != "" {
		if err := validURL(f.options.URL); err != nil {
			return err
		}
	}
	if f.options.Expect != "" {
		return validRelease(f.options.Expect)
	}
	return nil
}

// emptyFlags refuses --url= and its like: whoever writes that had a variable that was
// not set, and would be told about another site than was meant.
func emptyFlags(cmd *cobra.Command) error {
	var empty error
	cmd.Flags().Visit(func(flag *pflag.Flag) {
		if empty == nil && flag.Value.Type() == "string" && flag.Value.String() == "" {
			empty = fail("--%s is empty", flag.Name).with("leave it out, or give it a value")
		}
	})
	return empty
}

// oneOf checks a value against the names that are allowed.
func oneOf(flag, value string, names []string) error {
	if slices.Contains(names, value) {
		return nil
	}
	hint := spelling.DidYouMean(value, names)
	if hint == "" {
		hint = fmt.Sprintf("leave --%s out for the usual one", flag)
	}
	return fail("--%s %q is not one of %s", flag, shortened(value), orList(names)).with(hint)
}

func orList(names []string) string {
	switch len(names) {
	case 0:
		return ""
	case 1:
		return names[0]
	}
	list := names[0]
	for _, name := range names[1 : len(names)-1] {
		list += ", " + name
	}
	return list + " or " + names[len(names)-1]
}

// positive checks a duration that was given.
func positive(cmd *cobra.Command, flag string, value time.Duration) error {
	if cmd.Flags().Changed(flag) && value <= 0 {
		return fail("--%s %s is not more than zero", flag, value).with("try --" + flag + " 60s")
	}
	return nil
}
