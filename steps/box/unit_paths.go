package box

import (
	"path"
	"slices"

	"flasktui/steps/facts"
	"flasktui/sys"
	"flasktui/sys/appserver"
	"flasktui/sys/python"
	"flasktui/sys/systemd"
)

// NamedPath is one path that decides what a manager starts: by which key it is named, and where.
type NamedPath struct {
	Key, Path string
	Source    sys.Text
}

// absolutePaths leaves out what is no path, or one that depends on where it is read.
func absolutePaths(paths ...NamedPath) []NamedPath {
	return slices.DeleteFunc(paths, func(one NamedPath) bool { return !path.IsAbs(one.Path) })
}

// UnitPaths are the paths that decide what is started, from the files on disk where they
// could be read, since those are what a restart will go by.
func (b *Box) UnitPaths() []NamedPath {
	files, settings := b.UnitFiles.Value, b.Settings.Value
	cat := b.Unit.Typed("systemctl cat %s", b.Unit.Name)
	located := func(setting systemd.LocatedSetting) sys.Text {
		if setting.File == "" {
			return cat
		}
		return sys.Textf("%s:%d", setting.File, setting.Line)
	}
	var paths []NamedPath
	add := func(key, name string, source sys.Text) {
		paths = append(paths, absolutePaths(NamedPath{key, name, source})...)
	}
	directory, directorySource := b.Unit.WorkingDirectory, cat
	chdir, command := b.Unit.Settings.Chdir, b.Unit.ExecStart
	if b.UnitFiles.Known && files.Fragment != nil {
		directory, directorySource = files.WorkingDirectory.Value, located(files.WorkingDirectory)
		chdir, command = files.Settings.Chdir, [][]string{files.ExecStart}
	}
	if !settings.ImportsElsewhere() {
		add("WorkingDirectory", directory, directorySource)
	}
	add("--chdir", chdir, located(files.ExecStartAt))
	switch {
	case settings.Chdir == chdir:
	case b.Unit.Settings.Chdir == settings.Chdir:
		add("--chdir in GUNICORN_CMD_ARGS", settings.Chdir, b.Unit.Typed("systemctl show -p Environment %s", b.Unit.Name))
	case settings.ConfigPath != "":
		add("chdir in "+path.Base(settings.ConfigPath), settings.Chdir, sys.Textf("%s", settings.ConfigPath))
	}
	for _, argv := range command {
		if len(argv) > 0 {
			add("ExecStart", argv[0], located(files.ExecStartAt))
		}
		if run, ok := python.ProgramOf(argv); ok && settings.Kind == appserver.Python {
			add("ExecStart", run.Script, located(files.ExecStartAt))
		}
	}
	key := "--pythonpath"
	if settings.Kind == appserver.Uvicorn {
		key = "--app-dir"
	}
	for _, entry := range settings.PythonPath {
		add(key, entry, cat)
	}
	if settings.Shebang != "" {
		add("first line of "+settings.Script, settings.Shebang, sys.Textf("head -1 %s", settings.Script))
	}
	return paths
}

// ProgramPaths are the paths that decide what supervisord starts.
func (b *Box) ProgramPaths(program facts.Supervised) []NamedPath {
	section := program.Section
	if section == nil {
		return nil
	}
	source := sys.Textf("%s:%d", section.File, section.Line)
	paths := absolutePaths(NamedPath{"directory", section.Directory, source}, NamedPath{"--chdir", section.Settings.Chdir, source})
	for _, word := range section.Words()[:min(len(section.Words()), 2)] {
		paths = append(paths, absolutePaths(NamedPath{"command", word, source})...)
	}
	if settings := b.Settings.Value; settings.Shebang != "" {
		paths = append(paths, NamedPath{"first line of " + settings.Script, settings.Shebang, sys.Typed("head -1 %s", settings.Script)})
	}
	return paths
}
