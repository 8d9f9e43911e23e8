package nginx

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"

	"flasktui/sys"
	"flasktui/sys/supervisord"
)

// build is what an Nginx was built to look for where it is told nothing.
type build struct {
	// main is its configuration file; relative names of modules begin at prefix.
	main, prefix string
}

// readBuild asks by `nginx -V`, which reads no configuration.
func (installation Installation) readBuild(ctx context.Context, machine sys.Machine) (build, sys.Output, error) {
	if err := installation.trusted(ctx, machine); err != nil {
		return build{}, sys.Output{}, err
	}
	output := machine.Run(ctx, sys.Command{Argv: []string{installation.Program, "-V"}, Timeout: timeout})
	if output.Err != nil {
		return build{}, output, fmt.Errorf("nginx -V: %w", output.Err)
	}
	return installation.parseBuild(string(output.Stderr)), output, nil
}

// parseBuild reads the line "configure arguments:". What it does not name is as Nginx'
// own configure has it, and what the options name is as they say (nginx(8), -p and -c).
func (installation Installation) parseBuild(printed string) build {
	build := build{prefix: "/usr/local/nginx"}
	for word := range strings.FieldsSeq(printed) {
		if value, found := strings.CutPrefix(word, "--prefix="); found {
			build.prefix = value
		}
		if value, found := strings.CutPrefix(word, "--conf-path="); found {
			build.main = value
		}
	}
	build.prefix = cmp.Or(installation.named("-p"), build.prefix)
	build.main = sys.AbsoluteFrom(build.prefix, cmp.Or(installation.named("-c"), build.main, "conf/nginx.conf"))
	return build
}

// rootsAlone tells whether root alone decides about all that Nginx reads, or loads as code,
// to test its configuration: as root it opens, and makes, the logs that any of these files
// names, and quotes words of whatever they include. The error says what is not root's alone,
// or why that could not be told. What Nginx itself would not find is no matter.
func (build build) rootsAlone(ctx context.Context, machine sys.Machine) error {
	// Far more than any box has.
	const mostFiles = 100_000
	queue, err := supervisord.RootsPattern(ctx, machine, build.main)
	if err != nil && !leadsNowhere(err) {
		return err
	}
	seen := map[string]bool{}
	for len(queue) > 0 {
		name := queue[0]
		queue = queue[1:]
		if seen[name] {
			continue
		}
		if seen[name] = true; len(seen) > mostFiles {
			return fmt.Errorf("it has more than %d files", mostFiles)
		}
		content, err := machine.ReadFile(ctx, name, fileLimit)
		switch {
		case err == nil || errors.Is(err, sys.ErrTruncated):
		case leadsNowhere(err) || errors.Is(err, sys.ErrNotRegular):
			continue
		default:
			return err
		}
		files, modules := names(string(content))
		for _, pattern := range files {
			included, err := supervisord.RootsPattern(ctx, machine, sys.AbsoluteFrom(path.Dir(build.main), pattern))
			if err != nil && !leadsNowhere(err) {
				return err
			}
			queue = append(queue, included...)
		}
		for _, module := range modules {
			if _, err := sys.RootsAlone(ctx, machine, sys.AbsoluteFrom(build.prefix, module)); err != nil && !leadsNowhere(err) {
				return err
			}
		}
	}
	return nil
}

// leadsNowhere tells of an error that Nginx would meet as well.
func leadsNowhere(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ELOOP) || errors.Is(err, syscall.ENOTDIR)
}

// names are the files that one includes and the modules that it loads. Of a file that
// is no valid configuration these are all that might be: Nginx acts on it up to the error.
func names(content string) (files, modules []string) {
	if !strings.Contains(content, "include") && !strings.Contains(content, "load_module") {
		return nil, nil
	}
	if directives, err := parseText(blankLua(content)); err == nil {
		return arguments(directives, "include"), arguments(directives, "load_module")
	}
	for _, found := range naming().FindAllStringSubmatch(content, -1) {
		if name := cmp.Or(found[2:]...); found[1] == "include" {
			files = append(files, name)
		} else {
			modules = append(modules, name)
		}
	}
	return files, modules
}

var naming = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(include|load_module)["']?\s+(?:"([^"]+)"|'([^']+)'|([^\s;{}"']+))`)
})

// readForWriters reads a configuration of the box itself that others than root may
// write, as far as they could read it themselves.
func readForWriters(ctx context.Context, machine sys.Machine, main string) (Config, error) {
	reading := files{machine: machine, directory: path.Dir(main), seen: map[string]bool{}}
	if err := reading.read(ctx, main, 0); err != nil {
		return Config{}, fmt.Errorf("reading Nginx's configuration: %w", err)
	}
	return ParseDump(strings.NewReader(reading.dump.String()))
}

// namedIn says that what is read with the context is named by a file of Nginx's: by
// those who own it, or anything on the way to it or to where that leads, and if a group or
// everybody may write it, by somebody of whom nothing is known.
func namedIn(ctx context.Context, machine sys.Machine, root, name, resolved string) context.Context {
	ctx = sys.NamedIn(sys.NamedIn(ctx, machine, root+name), machine, resolved)
	if root != "" {
		return ctx
	}
	deciders, err := sys.FindDeciders(ctx, machine, name)
	if err != nil || deciders.Anybody || slices.ContainsFunc(deciders.Groups, func(group sys.GroupDecider) bool { return group.Owner == 0 }) {
		return namedBy(ctx, sys.NoAccount)
	}
	return ctx
}

// namedBy says that the paths which are read with the context were named by a user.
func namedBy(ctx context.Context, user uint32) context.Context {
	return sys.NamedBy(ctx, sys.Namers{Users: []uint32{user}})
}
