package python

import (
	"context"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"flasktui/sys"
)

// searchPath is sys.path while it is rebuilt, by the rules of CPython's site module.
type searchPath struct {
	files   files
	entries []ImportDirectory
	// editable are packages that finders of editable installations know, which are
	// asked after every directory on the path.
	editable []editablePackage
	result   ImportResult
}

type editablePackage struct {
	name, path, finder string
}

const pthLimit = 256 << 10

func (search *searchPath) add(directory, via string) bool {
	directory = path.Clean(directory)
	if slices.ContainsFunc(search.entries, func(entry ImportDirectory) bool { return entry.Path == directory }) {
		return false
	}
	search.entries = append(search.entries, ImportDirectory{Path: directory, Via: via})
	return true
}

// addSite adds the site-packages directories of the virtualenv, then those of the
// Python it was made from where it wants them; or of the interpreter itself.
func (search *searchPath) addSite(ctx context.Context, interpreter string) error {
	virtualenv, err := findVirtualenv(ctx, search.files, interpreter)
	if err != nil {
		return err
	}
	if virtualenv == "" {
		return search.addBase(ctx, interpreter)
	}
	search.result.Virtualenv = virtualenv
	configuration, err := search.readVirtualenv(ctx, virtualenv)
	if err != nil {
		return err
	}
	versions, err := search.versions(ctx, virtualenv, configuration.version)
	if err != nil {
		return err
	}
	for _, version := range versions {
		if err := search.addSiteDirectory(ctx, path.Join(virtualenv, "lib", version, "site-packages")); err != nil {
			return err
		}
	}
	if !configuration.system {
		return nil
	}
	named := search.files.namedIn(ctx, path.Join(virtualenv, "pyvenv.cfg"))
	return search.addBase(named, path.Join(configuration.home, "python"+configuration.version))
}

// addBase adds those of a Python outside a virtualenv: Debian's dist-packages, and the
// site-packages of all others.
func (search *searchPath) addBase(ctx context.Context, interpreter string) error {
	if !path.IsAbs(interpreter) {
		interpreter = "/usr/bin/" + path.Base(interpreter)
	}
	if resolved, err := sys.ResolveUnder(ctx, search.files.machine, search.files.root, interpreter); err == nil {
		interpreter = resolved
	}
	prefix := path.Dir(path.Dir(interpreter))
	versions, err := search.versions(ctx, prefix, version(path.Base(interpreter)))
	if err != nil {
		return err
	}
	for _, version := range versions {
		for _, directory := range []string{
			path.Join(prefix, "local/lib", version, "dist-packages"),
			path.Join(prefix, "lib/python3/dist-packages"),
			path.Join(prefix, "lib", version, "dist-packages"),
			path.Join(prefix, "local/lib64", version, "site-packages"),
			path.Join(prefix, "local/lib", version, "site-packages"),
			path.Join(prefix, "lib64", version, "site-packages"),
			path.Join(prefix, "lib", version, "site-packages"),
		} {
			if err := search.addSiteDirectory(ctx, directory); err != nil {
				return err
			}
		}
	}
	return nil
}

type virtualenvConfiguration struct {
	home, version string
	system        bool
}

// readVirtualenv reads pyvenv.cfg: "key = value" lines. The version stands under the key
// of the tool that made it.
func (search *searchPath) readVirtualenv(ctx context.Context, virtualenv string) (virtualenvConfiguration, error) {
	// CPython's default, where the key is missing.
	configuration := virtualenvConfiguration{system: true}
	content, err := search.files.read(ctx, path.Join(virtualenv, "pyvenv.cfg"), pthLimit)
	if err != nil {
		return configuration, err
	}
	for line := range strings.Lines(string(content)) {
		key, value, _ := strings.Cut(line, "=")
		value = strings.TrimSpace(value)
		switch strings.ToLower(strings.TrimSpace(key)) {
		case "home":
			configuration.home = value
		case "include-system-site-packages":
			configuration.system = strings.EqualFold(value, "true")
		case "version", "version_info":
			configuration.version = version("python" + value)
		}
	}
	return configuration, nil
}

// version takes "3.11" out of "python3.11" and "python3.11.7"; empty for "python3".
func version(program string) string {
	if found := versionShape().FindStringSubmatch(program); found != nil {
		return found[1]
	}
	return ""
}

// versions are the directories under lib that belong to a Python: the one of its
// version, or, where the version is not known, all that there are.
func (search *searchPath) versions(ctx context.Context, prefix, version string) ([]string, error) {
	entries, err := search.files.list(ctx, path.Join(prefix, "lib"))
	if err != nil {
		return nil, err
	}
	var names []string
	for _, entry := range entries {
		found := libraryShape().FindStringSubmatch(entry.Name)
		if len(found) > 1 && (version == "" || found[1] == version) {
			names = append(names, entry.Name)
		}
	}
	if len(names) == 0 && version != "" {
		names = []string{"python" + version}
	}
	return names, nil
}

var (
	versionShape        = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z]+(\d+\.\d+)`) })
	libraryShape        = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(?:python|pypy)(\d+\.\d+)t?$`) })
	editableFinderShape = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^import\s+(__editable___\w+_finder)\s*;`) })
)

// addSiteDirectory adds a site-packages directory, where there is one, and what its .pth
// files name, in the order of their names.
func (search *searchPath) addSiteDirectory(ctx context.Context, directory string) error {
	exists, err := search.files.isDirectory(ctx, directory)
	if err != nil || !exists || !search.add(directory, "site-packages") {
		return err
	}
	entries, err := search.files.list(ctx, directory)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if strings.HasSuffix(entry.Name, ".pth") && !strings.HasPrefix(entry.Name, ".") {
			if err := search.addPth(ctx, directory, path.Join(directory, entry.Name)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (search *searchPath) addPth(ctx context.Context, directory, name string) error {
	content, err := search.files.read(ctx, name, pthLimit)
	if err != nil {
		// A link that leads nowhere is passed over by Python, too.
		if isAbsent(err) || errors.Is(err, sys.ErrNotRegular) {
			return nil
		}
		return err
	}
	number := 0
	for line := range strings.Lines(strings.TrimPrefix(string(content), "\ufeff")) {
		number++
		line = strings.TrimRight(line, " \t\r\n")
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "import ") || strings.HasPrefix(line, "import\t"):
			if err := search.addImportLine(ctx, directory, name, number, line); err != nil {
				return err
			}
		default:
			if err := search.addPthDirectory(ctx, sys.AbsoluteFrom(directory, line), name); err != nil {
				return err
			}
		}
	}
	return nil
}

func (search *searchPath) addPthDirectory(ctx context.Context, directory, pth string) error {
	info, found, err := search.files.stat(search.files.namedIn(ctx, pth), directory)
	switch {
	case err != nil || !found:
		return err
	case info.IsDir():
		search.add(directory, "pth:"+pth)
	default:
		search.result.Dynamic = append(search.result.Dynamic, directory)
	}
	return nil
}

// addImportLine follows the one kind of code that says literally where packages are:
// the finder that setuptools writes for an editable installation.
func (search *searchPath) addImportLine(ctx context.Context, directory, pth string, number int, line string) error {
	// Every virtualenv has these two; they change nothing about where apps are found.
	if slices.Contains([]string{"distutils-precedence.pth", "_virtualenv.pth"}, path.Base(pth)) {
		return nil
	}
	if found := editableFinderShape().FindStringSubmatch(line + ";"); found != nil {
		finder := path.Join(directory, found[1]+".py")
		content, err := search.files.read(ctx, finder, pthLimit)
		if err != nil && !isAbsent(err) {
			return fmt.Errorf("reading %s: %w", finder, err)
		}
		if packages, ok := readEditableFinder(string(content), finder); ok {
			search.editable = append(search.editable, packages...)
			return nil
		}
	}
	search.result.Dynamic = append(search.result.Dynamic, pth+":"+strconv.Itoa(number))
	return nil
}

// readEditableFinder reads the dictionary of packages and their paths in a finder.
func readEditableFinder(source, finder string) (packages []editablePackage, ok bool) {
	statements, err := Scan(source)
	if err != nil {
		return nil, false
	}
	for _, statement := range statements {
		tokens := statement.Tokens
		equals := slices.IndexFunc(tokens, func(token Token) bool { return token.Is("=") && token.Depth == 0 })
		if tokens[0].Text != "MAPPING" || statement.Indent > 0 || equals < 0 {
			continue
		}
		value, literal := Evaluate(tokens[equals+1:])
		mapping, isDict := value.(dict)
		if !literal || !isDict {
			return nil, false
		}
		for _, item := range mapping {
			location, isText := item.value.(string)
			if !isText || !path.IsAbs(location) {
				return nil, false
			}
			packages = append(packages, editablePackage{name: item.key, path: path.Clean(location), finder: finder})
		}
		return packages, true
	}
	return nil, false
}

func isNotDirectory(err error) bool { return errors.Is(err, syscall.ENOTDIR) }
