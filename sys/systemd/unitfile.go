package systemd

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"flasktui/sys"
)

// UnitFile is one unit file or drop-in as it is on disk now.
type UnitFile struct {
	Path string `json:"path"`
	// Info is of the file itself, where Path is a link to it.
	Info sys.FileInfo `json:"info"`
	// Settings are in the order of the file; continuation lines are joined, comments
	// left out. A masked unit (a link to /dev/null) has none.
	Settings []UnitSetting `json:"settings"`
	masked   bool
}

// UnitSetting is one line KEY=VALUE of a unit file.
type UnitSetting struct {
	Section string `json:"section"`
	Key     string `json:"key"`
	Value   string `json:"value"`
	Line    int    `json:"line"`
}

// LocatedSetting is a setting with the file that it stands in.
type LocatedSetting struct {
	File string `json:"file"`
	UnitSetting
}

// unitFileLimit is systemd's own bound for a line; files are far smaller.
const unitFileLimit = 1 << 20

// ParseUnitFile reads the unit file syntax of systemd.syntax(7): sections, KEY=VALUE, #
// and ; comments, also between continuation lines. What is none of these is passed over,
// as systemd does.
func ParseUnitFile(reader io.Reader) ([]UnitSetting, error) {
	settings := []UnitSetting{}
	section, joined := "", ""
	number, first := 0, 0
	scanner := bufio.NewScanner(reader)
	scanner.Buffer(nil, unitFileLimit)
	for scanner.Scan() {
		number++
		line := strings.TrimLeft(scanner.Text(), " \t\r")
		if line != "" && (line[0] == '#' || line[0] == ';') {
			continue
		}
		if first == 0 {
			first = number
		}
		joined += line
		if continues(line) {
			joined = joined[:len(joined)-1] + " "
			continue
		}
		section, settings = addLine(settings, section, strings.TrimSpace(joined), first)
		joined, first = "", 0
	}
	if err := scanner.Err(); err != nil {
		return nil, fmt.Errorf("unit file: line %d: %w", number+1, err)
	}
	_, settings = addLine(settings, section, strings.TrimSpace(joined), first)
	return settings, nil
}

// continues tells whether a line ends with a backslash that is not itself escaped.
func continues(line string) bool {
	return (len(line)-len(strings.TrimRight(line, "\\")))%2 == 1
}

func addLine(settings []UnitSetting, section, line string, number int) (string, []UnitSetting) {
	if strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]") {
		return line[1 : len(line)-1], settings
	}
	key, value, ok := strings.Cut(line, "=")
	if !ok || section == "" {
		return section, settings
	}
	return section, append(settings, UnitSetting{
		Section: section, Key: strings.TrimSpace(key), Value: strings.TrimSpace(value), Line: number,
	})
}

// UnitFilesOnDisk finds what systemd would load for a unit now: the first fragment along
// the search path and every *.conf in the unit's drop-in directories (template and
// type-wide ones included), independent of what the manager has loaded (G17). Fragment
// is nil where none is found. A drop-in that is masked by a link to /dev/null is there
// without settings, as it is in DropInPaths; of a masked unit systemd reads none. The name is the unit's own (its Id), not an
// alias.
func UnitFilesOnDisk(ctx context.Context, machine sys.Machine, searchPath []string, name string) (fragment *UnitFile, dropIns []UnitFile, err error) {
	if fragment, err = findFragment(ctx, machine, searchPath, name); err != nil {
		return nil, nil, err
	}
	if fragment != nil && fragment.masked {
		return fragment, []UnitFile{}, nil
	}
	// Of two drop-ins with one name that of the directory that comes first counts.
	found := map[string]string{}
	for _, directory := range dropInDirectories(searchPath, name) {
		entries, err := machine.ReadDir(ctx, directory)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return fragment, nil, err
		}
		for _, entry := range entries {
			if _, known := found[entry.Name]; !known && strings.HasSuffix(entry.Name, ".conf") && !strings.HasPrefix(entry.Name, ".") {
				found[entry.Name] = path.Join(directory, entry.Name)
			}
		}
	}
	names := make([]string, 0, len(found))
	for name := range found {
		names = append(names, name)
	}
	// All are applied in the order of their names, wherever they stand.
	slices.Sort(names)
	dropIns = []UnitFile{}
	for _, name := range names {
		file, err := ReadUnitFile(ctx, machine, found[name])
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return fragment, nil, err
		}
		dropIns = append(dropIns, file)
	}
	return fragment, dropIns, nil
}

func findFragment(ctx context.Context, machine sys.Machine, searchPath []string, name string) (*UnitFile, error) {
	names := []string{name}
	if template := templateOf(name); template != "" {
		names = append(names, template)
	}
	for _, name := range names {
		for _, directory := range searchPath {
			file, err := ReadUnitFile(ctx, machine, path.Join(directory, name))
			if err == nil {
				return &file, nil
			}
			if !errors.Is(err, fs.ErrNotExist) {
				return nil, err
			}
		}
	}
	return nil, nil //nolint:nilnil // documented: there is none
}

// ReadUnitFile reads one unit file or drop-in, through a link. What is masked is /dev/null in the end.
func ReadUnitFile(ctx context.Context, machine sys.Machine, name string) (UnitFile, error) {
	file := UnitFile{Path: name, Settings: []UnitSetting{}}
	target, err := machine.Resolve(ctx, name)
	if err != nil {
		return file, err
	}
	file.masked = target == "/dev/null"
	if file.Info, err = machine.Stat(ctx, target); err != nil || file.masked {
		return file, err
	}
	raw, err := machine.ReadFile(ctx, target, unitFileLimit)
	if err != nil {
		return file, err
	}
	if file.Settings, err = ParseUnitFile(strings.NewReader(string(raw))); err != nil {
		return file, fmt.Errorf("%s: %w", name, err)
	}
	return file, nil
}

// templateOf is "app@.service" for "app@blue.service", and empty for what is no instance.
func templateOf(name string) string {
	prefix, rest, ok := strings.Cut(name, "@")
	dot := strings.LastIndexByte(rest, '.')
	if !ok || dot <= 0 {
		return ""
	}
	return prefix + "@" + rest[dot:]
}

// dropInDirectories lists where drop-ins of a unit may stand, those that count more first:
// for a-b.service a-b.service.d, a-.service.d, and after all of these service.d.
func dropInDirectories(searchPath []string, name string) []string {
	dot := strings.LastIndexByte(name, '.')
	if dot < 0 {
		return nil
	}
	suffix := name[dot:]
	names := []string{name}
	if template := templateOf(name); template != "" {
		names = append(names, template)
	}
	prefix, _, _ := strings.Cut(name[:dot], "@")
	for at := strings.LastIndexByte(strings.TrimRight(prefix, "-"), '-'); at > 0; at = strings.LastIndexByte(prefix[:at], '-') {
		names = append(names, prefix[:at+1]+suffix)
	}
	var directories []string
	for _, directory := range searchPath {
		for _, name := range names {
			directories = append(directories, path.Join(directory, name+".d"))
		}
	}
	for _, directory := range searchPath {
		directories = append(directories, path.Join(directory, suffix[1:]+".d"))
	}
	return directories
}

// EffectiveSetting merges a key over the fragment and the drop-ins as systemd does: an
// empty value resets a list, the last value of a single-valued key wins. It returns the
// values with the file and line of each.
func EffectiveSetting(files []UnitFile, section, key string, list bool) []LocatedSetting {
	effective := []LocatedSetting{}
	for _, file := range files {
		for _, setting := range file.Settings {
			if setting.Section != section || setting.Key != key {
				continue
			}
			if setting.Value == "" || !list {
				effective = effective[:0]
			}
			if setting.Value != "" {
				effective = append(effective, LocatedSetting{File: file.Path, UnitSetting: setting})
			}
		}
	}
	return effective
}
