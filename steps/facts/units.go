package facts

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"flasktui/sys"
)

// Unit is a unit as loaded, with what flasktui needs to know beside it.
type Unit struct {
	sys.Unit
	// Aliases are other names under which it was asked for.
	Aliases []string `json:"aliases"`
	// Gunicorn says that it starts a Gunicorn, or that one runs in it.
	Gunicorn bool `json:"gunicorn,omitempty"`
	// Prints are fingerprints of Environment= as loaded.
	Prints map[string]string `json:"prints"`
	// Shown are the values of variables that hold paths and switches.
	Shown map[string]string `json:"shown"`
	// Settings are read from the loaded ExecStart and GUNICORN_CMD_ARGS.
	Settings sys.GunicornSettings `json:"settings"`
}

// UnitFiles is the unit as it is on disk, independent of what systemd holds.
type UnitFiles struct {
	// Fragment is nil where no directory of the search path holds the unit.
	Fragment *sys.UnitFile  `json:"fragment"`
	DropIns  []sys.UnitFile `json:"drop_ins"`
	// Loaded are the files that systemd says it has loaded, as they are now; one that
	// is gone is missing.
	SearchPath []string `json:"search_path"`
	// ExecStart is that of the files on disk, in words, masked.
	ExecStart []string             `json:"exec_start"`
	Settings  sys.GunicornSettings `json:"settings"`
	// WorkingDirectory and Environment files as the disk has them.
	WorkingDirectory sys.LocatedSetting   `json:"working_directory"`
	ExecStartAt      sys.LocatedSetting   `json:"exec_start_at"`
	EnvironmentFiles []sys.LocatedSetting `json:"environment_files"`
	// MissingLoaded and MissingOnDisk are directories and programs that the unit
	// names, as loaded and as on disk, and that do not exist: it would not start.
	MissingLoaded []string `json:"missing_loaded"`
	MissingOnDisk []string `json:"missing_on_disk"`
}

func (look *look) readHost(ctx context.Context, _ *Facts) func(*Facts) {
	host, err := look.machine.Host(ctx)
	return func(facts *Facts) {
		if err != nil {
			facts.Host = Unreadable[sys.Host](err.Error(), "")
			return
		}
		facts.Host = Of(host, "the machine")
	}
}

func (look *look) readListeners(ctx context.Context, _ *Facts) func(*Facts) {
	listeners, err := sys.ReadListeners(ctx, look.machine, 0)
	return func(facts *Facts) {
		if err != nil {
			facts.Listeners = Unreadable[[]sys.Listener](err.Error(), "/proc/net")
			return
		}
		facts.Listeners = Of(listeners, "/proc/net/unix, /proc/net/tcp, /proc/net/tcp6")
	}
}

func (look *look) readContainers(ctx context.Context, _ *Facts) func(*Facts) {
	containers, err := sys.ListContainers(ctx, look.machine)
	return func(facts *Facts) {
		switch {
		case errors.Is(err, sys.ErrNoCommand):
			facts.Containers = Missing[[]sys.Container]("Docker is not installed", "docker ps")
		case err != nil:
			facts.Containers = Unreadable[[]sys.Container](err.Error(), "docker ps")
		default:
			facts.Containers = Of(containers, "docker inspect")
		}
	}
}

// readImages asks for the image that the examined container runs, and for the one that
// its tag names now.
func (look *look) readImages(ctx context.Context, known *Facts) func(*Facts) {
	const source = "docker image inspect"
	container, ok := known.TargetContainer()
	if !ok {
		return func(facts *Facts) {
			facts.Images = Missing[map[string]sys.Image]("the service is no container", source)
		}
	}
	images, err := sys.InspectImages(ctx, look.machine, container.ImageName, container.ImageID)
	return func(facts *Facts) {
		if err != nil {
			facts.Images = Unreadable[map[string]sys.Image](err.Error(), source)
			return
		}
		facts.Images = Of(images, source)
	}
}

// readUnits asks for the named unit, for those in which a Gunicorn or Nginx runs, and,
// when none is named, for every loaded service, since one that has failed runs nothing.
func (look *look) readUnits(ctx context.Context, known *Facts) func(*Facts) {
	const source = "systemctl show"
	named := UnitName(known.Options.Service)
	running := map[string]bool{}
	for _, gunicorn := range known.Processes.Value.Gunicorns {
		if cgroup := gunicorn.Master.Cgroup; !cgroup.User && cgroup.Container == "" && strings.HasSuffix(cgroup.Unit, ".service") {
			running[cgroup.Unit] = true
		}
	}
	asked := maps.Clone(running)
	for _, process := range known.Processes.Value.Nginx {
		if process.Role == "master" && process.Cgroup.Container == "" && strings.HasSuffix(process.Cgroup.Unit, ".service") {
			asked[process.Cgroup.Unit] = true
		}
	}
	names := slices.Sorted(maps.Keys(asked))
	if named != "" {
		names = append([]string{named}, slices.DeleteFunc(names, func(name string) bool { return name == named })...)
	}
	var found []sys.Unit
	var err error
	if named != "" {
		found, _, err = sys.ShowUnits(ctx, look.machine, look.boot, names...)
	} else {
		found, _, err = sys.ShowServices(ctx, look.machine, look.boot)
	}
	if err != nil {
		return func(facts *Facts) {
			if errors.Is(err, sys.ErrNoCommand) {
				facts.Units = Missing[[]Unit]("systemd is not here: there is no systemctl", source)
				return
			}
			facts.Units = Unreadable[[]Unit](err.Error(), source)
		}
	}
	units := make([]Unit, 0, len(found))
	for index, one := range found {
		unit := Unit{Unit: one, Gunicorn: running[one.Name]}
		if named != "" && index == 0 && one.Name != named {
			unit.Aliases = []string{named}
		}
		unit.Prints, unit.Shown = look.reduce(one.Environment)
		for _, argv := range one.ExecStart {
			if sys.IsGunicorn(argv) {
				unit.Gunicorn = true
				unit.Settings = commandArguments(one.Environment).Merge(sys.ParseGunicornArgv(argv))
			}
		}
		unit.ExecStart = maskedVectors(unit.ExecStart)
		unit.ExecReload = maskedVectors(unit.ExecReload)
		if named != "" && index == 0 || unit.Gunicorn || asked[unit.Name] {
			units = append(units, unit)
		}
	}
	return func(facts *Facts) { facts.Units = Of(units, source) }
}

func maskedVectors(vectors [][]string) [][]string {
	masked := make([][]string, len(vectors))
	for index, argv := range vectors {
		for _, word := range sys.RedactArgv(argv) {
			masked[index] = append(masked[index], string(word))
		}
	}
	return masked
}

func (look *look) readTarget(_ context.Context, known *Facts) func(*Facts) {
	target, err := chooseTarget(known)
	return func(facts *Facts) {
		facts.Target, facts.targetError = target, err
		if main, ok := facts.Main(); ok {
			facts.Target.Master = main.Master.PID
		}
	}
}

func (look *look) readUnitFiles(ctx context.Context, known *Facts) func(*Facts) {
	const source = "systemctl cat"
	unit, ok := known.Unit()
	if !ok {
		return func(facts *Facts) { facts.UnitFiles = Missing[UnitFiles]("the service is no systemd unit", source) }
	}
	searchPath, err := sys.UnitSearchPath(ctx, look.machine)
	if err != nil {
		return func(facts *Facts) { facts.UnitFiles = Unreadable[UnitFiles](err.Error(), source) }
	}
	fragment, dropIns, err := sys.UnitFilesOnDisk(ctx, look.machine, searchPath, unit.Name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return func(facts *Facts) { facts.UnitFiles = Unreadable[UnitFiles](err.Error(), source) }
	}
	files := UnitFiles{Fragment: fragment, DropIns: dropIns, SearchPath: searchPath}
	files.read(unit)
	var loaded string
	if len(unit.ExecStart) > 0 && len(unit.ExecStart[0]) > 0 {
		loaded = unit.ExecStart[0][0]
	}
	files.MissingLoaded = look.missing(ctx, unit.WorkingDirectory, loaded)
	var onDisk string
	if len(files.ExecStart) > 0 {
		onDisk = files.ExecStart[0]
	}
	files.MissingOnDisk = look.missing(ctx, files.WorkingDirectory.Value, onDisk)
	return func(facts *Facts) { facts.UnitFiles = Of(files, source) }
}

// missing names those paths that are known not to exist.
func (look *look) missing(ctx context.Context, names ...string) []string {
	missing := []string{}
	for _, name := range names {
		if !path.IsAbs(name) {
			continue
		}
		if _, err := sys.Resolve(ctx, look.machine, name); errors.Is(err, fs.ErrNotExist) {
			missing = append(missing, name)
		}
	}
	return missing
}

// All is the fragment and the drop-ins, in systemd's order.
func (files *UnitFiles) All() []sys.UnitFile {
	var all []sys.UnitFile
	if files.Fragment != nil {
		all = append(all, *files.Fragment)
	}
	return append(all, files.DropIns...)
}

// read takes the settings that decide what is run, and then masks whatever in the files
// could be a secret.
func (files *UnitFiles) read(unit Unit) {
	all := files.All()
	if found := sys.EffectiveSetting(all, "Service", "WorkingDirectory", false); len(found) > 0 {
		files.WorkingDirectory = found[0]
		files.WorkingDirectory.Value = expandSpecifiers(strings.TrimLeft(found[0].Value, "-!"), unit.Name)
	}
	if found := sys.EffectiveSetting(all, "Service", "ExecStart", true); len(found) > 0 {
		last := found[len(found)-1]
		files.ExecStartAt = last
		words, err := sys.SplitUnitWords(strings.TrimLeft(last.Value, "-@:+!"))
		if err == nil {
			for index := range words {
				words[index] = expandSpecifiers(words[index], unit.Name)
			}
			files.Settings = sys.ParseGunicornArgv(words)
			files.ExecStart = maskedVectors([][]string{words})[0]
		}
		files.ExecStartAt.Value = string(sys.Safe(last.Value))
	}
	files.EnvironmentFiles = sys.EffectiveSetting(all, "Service", "EnvironmentFile", true)
	for index := range files.EnvironmentFiles {
		files.EnvironmentFiles[index].Value = expandSpecifiers(files.EnvironmentFiles[index].Value, unit.Name)
	}
	for _, file := range all {
		for index, setting := range file.Settings {
			if strings.HasPrefix(setting.Key, "Environment") && setting.Key != "EnvironmentFile" {
				name, _, _ := strings.Cut(strings.Trim(setting.Value, `"'`), "=")
				file.Settings[index].Value = string(sys.Safe(name)) + "=***"
				continue
			}
			file.Settings[index].Value = string(sys.Safe(setting.Value))
		}
	}
}

// expandSpecifiers resolves the specifiers that paths in units are made with
// (systemd.unit(5), SPECIFIERS); others are left as they are.
func expandSpecifiers(value, unit string) string {
	if !strings.Contains(value, "%") {
		return value
	}
	base := strings.TrimSuffix(unit, ".service")
	prefix, instance, _ := strings.Cut(base, "@")
	unescaped := strings.ReplaceAll(instance, "-", "/")
	return strings.NewReplacer(
		"%%", "%", "%i", instance, "%I", unescaped, "%n", unit, "%N", base,
		"%p", prefix, "%P", strings.ReplaceAll(prefix, "-", "/"), "%t", "/run", "%S", "/var/lib",
		"%C", "/var/cache", "%L", "/var/log", "%E", "/etc", "%h", "/root",
	).Replace(value)
}
