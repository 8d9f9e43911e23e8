package facts

import (
	"bytes"
	"context"
	"path"
	"regexp"
	"slices"
	"strings"
)

// recogniseUnnamed marks the files that changed since the service was started and that it
// cannot have imported, where its memory may not be asked: to import a module, somebody has to
// write its name, and no source of the app does, nor the command of any Python that runs. It
// matters only once another one names it, which then has changed as well.
// What imports by names that it puts together leaves this open.
func (look *look) recogniseUnnamed(ctx context.Context, known *Facts, answers remembered, changes []*Change, sources []Change) {
	entry, err := look.machine.Resolve(ctx, known.OnBox(known.Settings.Value.Import.File))
	var unnamed []*Change
	for _, file := range changes {
		if file.Path != entry && !foundUnasked(path.Base(file.Path)) {
			unnamed = append(unnamed, file)
		}
	}
	if answers.problem == "" || known.Settings.Value.Import.File == "" || err != nil || len(unnamed) == 0 || len(sources) > mostNamers || known.Processes.Value.Hidden {
		return
	}
	for _, argv := range known.Processes.Value.pythons {
		unnamed = slices.DeleteFunc(unnamed, func(file *Change) bool { return hasWord([]byte(strings.Join(argv, " ")), moduleName(file.Path)) })
	}
	for _, source := range sources {
		if len(unnamed) == 0 || ctx.Err() != nil {
			return
		}
		content, err := look.machine.ReadFile(ctx, source.Path, sourceSize)
		if err != nil || importsUnnamed.Match(content) {
			return
		}
		unnamed = slices.DeleteFunc(unnamed, func(file *Change) bool {
			return file.Path != source.Path && hasWord(content, moduleName(file.Path))
		})
	}
	for _, file := range unnamed {
		file.Unimported = true
	}
}

// importsUnnamed is of sources that import what is named nowhere, or hand that to a framework
// which goes by the names of files.
var importsUnnamed = regexp.MustCompile(`__import__|\bimportlib\b(?:[^.]|\.(?:import_module|util|machinery|reload))|\b(?:import_module|import_string|find_modules|pkgutil|runpy|execfile|exec|autodiscover\w*|entry_points|stevedore|pluggy|django)\b`)

// foundUnasked are files that Python, or a server, finds by a name that nobody writes.
func foundUnasked(name string) bool {
	return slices.Contains([]string{"__init__.py", "__main__.py", "sitecustomize.py", "usercustomize.py", "gunicorn.conf.py"}, name)
}

func moduleName(file string) string { return strings.TrimSuffix(path.Base(file), ".py") }

// hasWord tells whether a name stands in a text, not as a part of another one.
func hasWord(text []byte, name string) bool {
	part := func(c byte) bool {
		return c == '_' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80
	}
	for rest := text; ; {
		at := bytes.Index(rest, []byte(name))
		if at < 0 || name == "" {
			return false
		}
		end := at + len(name)
		if (at == 0 || !part(rest[at-1])) && (end == len(rest) || !part(rest[end])) {
			return true
		}
		rest = rest[end:]
	}
}
