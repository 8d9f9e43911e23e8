package facts

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"flasktui/sys"
	"flasktui/sys/appserver"
	"flasktui/sys/gunicorn"
	"flasktui/sys/systemd"
)

// UnitFiles is the unit as it is on disk, independent of what systemd holds.
type UnitFiles struct {
	// Fragment is nil where no directory of the search path holds the unit.
	Fragment *systemd.UnitFile  `json:"fragment"`
	DropIns  []systemd.UnitFile `json:"drop_ins"`
	// Loaded are the files that systemd says it has loaded, as they are now; one that
	// is gone is missing.
	SearchPath []string `json:"search_path"`
	// ExecStart is that of the files on disk, in words, masked.
	ExecStart []string          `json:"exec_start"`
	Settings  gunicorn.Settings `json:"settings"`
	// WorkingDirectory and Environment files as the disk has them.
	WorkingDirectory systemd.LocatedSetting   `json:"working_directory"`
	ExecStartAt      systemd.LocatedSetting   `json:"exec_start_at"`
	EnvironmentFiles []systemd.LocatedSetting `json:"environment_files"`
	// MissingLoaded and MissingOnDisk are directories and programs that the unit
	// names, as loaded and as on disk, and that do not exist: it would not start.
	MissingLoaded []string `json:"missing_loaded"`
	MissingOnDisk []string `json:"missing_on_disk"`
	// Comparison is with the unit as systemd holds it; ComparisonProblem is why there is
	// none.
	Comparison        systemd.UnitComparison `json:"comparison"`
	ComparisonProblem sys.Text               `json:"comparison_problem,omitempty"`
	// GoneDropIns are drop-ins that systemd has loaded and that are not there any more.
	GoneDropIns []string `json:"gone_drop_ins,omitempty"`
}

// GroupUnitFiles is the unit as it lies on disk, beside how systemd holds it.
func GroupUnitFiles() Group {
	return Group{
		name: "unit-files", words: "unit files",
		needs:  []func() Group{GroupTarget},
		read:   (*look).readUnitFiles,
		fields: []field{fieldOf("systemctl cat", func(facts *Facts) *Fact[UnitFiles] { return &facts.UnitFiles })},
	}
}

func (look *look) readUnitFiles(ctx context.Context, known *Facts) func(*Facts) {
	const source = "systemctl cat"
	unit, ok := known.TargetUnit()
	if !ok {
		return func(facts *Facts) { facts.UnitFiles = Missing[UnitFiles]("the service is not a systemd unit", source) }
	}
	ctx, manager := unit.namedBy(ctx), unit.Manager()
	said, searchPath, problem := known.UnitStates.Value.manager, known.UnitStates.Value.SearchPath, known.UnitStates.Value.SearchPathProblem
	if unit.Owner != nil {
		problem = ""
		var err error
		if said, searchPath, err = look.manager(ctx, manager); err != nil {
			problem = sys.ErrorText(err)
		}
	}
	if problem != "" {
		return func(facts *Facts) { facts.UnitFiles = Unreadable[UnitFiles](problem, source) }
	}
	fragment, dropIns, err := systemd.UnitFilesOnDisk(ctx, look.machine, searchPath, unit.Name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return func(facts *Facts) { facts.UnitFiles = unreadableFor[UnitFiles](err, source) }
	}
	files := UnitFiles{Fragment: fragment, DropIns: dropIns, SearchPath: searchPath}
	files.readOtherDropIns(ctx, look.machine, unit)
	// Compared before what could be secret is masked.
	if held, err := manager.ShowHeldUnit(ctx, look.machine, said, unit.Name); err != nil {
		files.ComparisonProblem = sys.ErrorText(err)
	} else if fragment == nil {
		files.ComparisonProblem = "no directory in which systemd looks holds a file of it"
	} else {
		files.Comparison = systemd.CompareUnit(unit.Name, files.All(), held)
	}
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

// readOtherDropIns finds those drop-ins that systemd has loaded for another reason than the
// unit's own name, such as an alias, and those that are gone.
func (files *UnitFiles) readOtherDropIns(ctx context.Context, machine sys.Machine, unit Unit) {
	for _, dropIn := range unit.DropInPaths {
		if slices.ContainsFunc(files.DropIns, func(file systemd.UnitFile) bool { return path.Base(file.Path) == path.Base(dropIn) }) {
			continue
		}
		file, err := systemd.ReadUnitFile(ctx, machine, dropIn)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			files.GoneDropIns = append(files.GoneDropIns, dropIn)
		case err == nil:
			files.DropIns = append(files.DropIns, file)
		}
	}
	slices.SortStableFunc(files.DropIns, func(one, other systemd.UnitFile) int {
		return strings.Compare(path.Base(one.Path), path.Base(other.Path))
	})
}

// missing names those paths that are known not to exist.
func (look *look) missing(ctx context.Context, names ...string) []string {
	missing := []string{}
	for _, name := range names {
		if !path.IsAbs(name) {
			continue
		}
		if _, err := look.machine.Resolve(ctx, name); errors.Is(err, fs.ErrNotExist) {
			missing = append(missing, name)
		}
	}
	return missing
}

// All is the fragment and the drop-ins, in systemd's order.
func (files *UnitFiles) All() []systemd.UnitFile {
	var all []systemd.UnitFile
	if files.Fragment != nil {
		all = append(all, *files.Fragment)
	}
	return append(all, files.DropIns...)
}

// read takes the settings that decide what is run, and then masks whatever in the files
// could be a secret.
func (files *UnitFiles) read(unit Unit) {
	all := files.All()
	if found := systemd.EffectiveSetting(all, "Service", "WorkingDirectory", false); len(found) > 0 {
		files.WorkingDirectory = found[0]
		files.WorkingDirectory.Value = unit.expandSpecifiers(strings.TrimLeft(found[0].Value, "-!"))
	}
	if found := systemd.EffectiveSetting(all, "Service", "ExecStart", true); len(found) > 0 {
		last := found[len(found)-1]
		files.ExecStartAt = last
		words, err := systemd.SplitUnitWords(strings.TrimLeft(last.Value, "-@:+!"))
		if err == nil {
			for index := range words {
				words[index] = unit.expandSpecifiers(words[index])
			}
			files.Settings = appserver.SettingsOf(words)
			files.ExecStart = maskedVectors([][]string{words})[0]
		}
		files.ExecStartAt.Value = string(sys.Safe(last.Value))
	}
	files.EnvironmentFiles = systemd.EffectiveSetting(all, "Service", "EnvironmentFile", true)
	for index := range files.EnvironmentFiles {
		files.EnvironmentFiles[index].Value = unit.expandSpecifiers(files.EnvironmentFiles[index].Value)
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

// expandSpecifiers leaves what is not known here as it is.
func (unit Unit) expandSpecifiers(value string) string {
	text, _ := unit.Manager().ExpandSpecifiers(value, unit.Name)
	return text
}

// NginxFiles are the files of Nginx's configuration as they lie on disk.
type NginxFiles struct {
	// Changed are those files, the one changed last first.
	Changed []Change `json:"changed"`
	// TouchedAt is the newest change of an inode without one of content.
	TouchedAt time.Time `json:"touched_at,omitzero"`
	// Copies are regular files in sites-enabled that differ from their namesake in
	// sites-available (G35).
	Copies []string `json:"copies"`
}

// mostChanged is how many of Nginx's files are remembered, the last changed first.
const mostChanged = 50

// GroupNginxFiles is when Nginx's files were written.
func GroupNginxFiles() Group {
	return Group{
		name: "nginx-files", words: "Nginx's files",
		needs:     []func() Group{GroupFront, GroupDeployment},
		elsewhere: true,
		read:      (*look).readNginxFiles,
		fields:    []field{fieldOf("", func(facts *Facts) *Fact[NginxFiles] { return &facts.NginxFiles })},
	}
}

// readNginxFiles looks at the files that the test named; one that was refused names
// none, so the usual directories are looked at then.
func (look *look) readNginxFiles(ctx context.Context, known *Facts) func(*Facts) {
	config := known.SiteNginx()
	if !config.Known {
		return func(facts *Facts) { facts.NginxFiles = restsOn[NginxFiles](config, config.Source) }
	}
	files := config.Value.Files
	if len(files) == 0 {
		files = look.usualNginxFiles(ctx)
	}
	var seen NginxFiles
	for _, name := range files {
		link, info, err := look.ends(ctx, name)
		if err != nil {
			continue
		}
		change := Change{Path: name, At: info.ContentTime(), Size: info.Size, SourceTime: info.Modified}
		// The link itself may have been made, or moved, after its target.
		if link.IsLink() && link.ContentTime().After(change.At) {
			change.At = link.ContentTime()
		}
		if before, same := look.sameInEarlierRelease(ctx, known, name, change.At); same {
			change.At = before
		}
		seen.Changed = append(seen.Changed, change)
		if info.Changed.After(seen.TouchedAt) {
			seen.TouchedAt = info.Changed
		}
		if !link.IsLink() {
			look.compareTwin(ctx, name, &seen)
		}
	}
	slices.SortStableFunc(seen.Changed, func(a, b Change) int { return b.At.Compare(a.At) })
	seen.Changed = seen.Changed[:min(len(seen.Changed), mostChanged)]
	return func(facts *Facts) { facts.NginxFiles = Of(seen, "the files that nginx -T names") }
}

// ends are what lies at a path, and what it leads to where that is a link.
func (look *look) ends(ctx context.Context, name string) (link, target sys.FileInfo, err error) {
	if link, err = look.machine.Stat(ctx, name); err != nil || !link.IsLink() {
		return link, link, err
	}
	resolved, err := look.machine.Resolve(ctx, name)
	if err == nil {
		target, err = look.machine.Stat(ctx, resolved)
	}
	return link, target, err
}

// sameInEarlierRelease tells whether a file of the configuration lies in the active release
// and came there after Nginx read its configuration, while the release before it, which
// was there then, has the very same: what the running Nginx read says what the disk says.
// since is when that one was written.
func (look *look) sameInEarlierRelease(ctx context.Context, known *Facts, name string, at time.Time) (since time.Time, same bool) {
	loaded, deployment := known.NginxLoadedAt(), known.Deployment.Value
	if loaded.IsZero() || !at.After(loaded) || deployment.Active == "" {
		return since, false
	}
	resolved, err := look.machine.Resolve(ctx, name)
	if err != nil {
		return since, false
	}
	inside, below := strings.CutPrefix(resolved, strings.TrimSuffix(deployment.Active, "/")+"/")
	if !below {
		return since, false
	}
	for _, release := range slices.Backward(deployment.Releases) {
		if release.Path == deployment.Active || release.MadeAt().After(loaded) {
			continue
		}
		older := path.Join(release.Path, inside)
		info, err := look.machine.Stat(ctx, older)
		if err != nil || info.ContentTime().After(loaded) {
			return since, false
		}
		one, oneErr := look.machine.ReadFile(ctx, resolved, 1<<20)
		other, otherErr := look.machine.ReadFile(ctx, older, 1<<20)
		return info.ContentTime(), oneErr == nil && otherErr == nil && bytes.Equal(one, other)
	}
	return since, false
}

func (look *look) usualNginxFiles(ctx context.Context) []string {
	files := []string{"/etc/nginx/nginx.conf"}
	for _, directory := range []string{"/etc/nginx/conf.d", "/etc/nginx/sites-enabled"} {
		entries, err := look.machine.ReadDir(ctx, directory)
		if err != nil {
			continue
		}
		for _, entry := range entries {
			files = append(files, path.Join(directory, entry.Name))
		}
	}
	return files
}

// compareTwin notes a file in sites-enabled that is a copy and differs from its namesake.
func (look *look) compareTwin(ctx context.Context, name string, seen *NginxFiles) {
	directory, base := path.Split(name)
	if path.Base(directory) != "sites-enabled" {
		return
	}
	enabled, err := look.machine.ReadFile(ctx, name, 1<<20)
	if err != nil {
		return
	}
	available, err := look.machine.ReadFile(ctx, path.Join(path.Dir(path.Clean(directory)), "sites-available", base), 1<<20)
	if err == nil && !bytes.Equal(available, enabled) {
		seen.Copies = append(seen.Copies, name)
	}
}
