package practice

import (
	"path"
	"slices"
	"strings"
	"time"
)

// unitPath is where systemd looks for units, in order of precedence.
const unitPath = "/etc/systemd/system.control /run/systemd/system.control /run/systemd/transient " +
	"/run/systemd/generator.early /etc/systemd/system /etc/systemd/system.attached /run/systemd/system " +
	"/run/systemd/system.attached /run/systemd/generator /usr/local/lib/systemd/system " +
	"/usr/lib/systemd/system /run/systemd/generator.late"

// unit is a unit as the manager has it loaded. The files on disk may have moved on.
type unit struct {
	name     string
	fragment string
	dropIns  []string
	// modified are the mtimes of all files as they were when the unit was loaded.
	modified map[string]time.Time
	settings []unitSetting
}

// unitSetting is one line of a unit file.
type unitSetting struct{ section, key, value string }

// loadUnit reads a unit and its drop-ins from disk; nil where there is none.
func (b *Box) loadUnit(name string) *unit {
	fragment := b.unitFragment(name)
	if fragment == "" {
		return nil
	}
	loaded := &unit{name: name, fragment: fragment, dropIns: b.unitDropIns(name), modified: map[string]time.Time{}}
	for _, file := range append([]string{fragment}, loaded.dropIns...) {
		found := b.find(file)
		if found == nil {
			continue
		}
		loaded.modified[file] = found.modified
		loaded.settings = append(loaded.settings, readUnitFile(string(found.content), specifiers(name))...)
	}
	return loaded
}

// unitFragment is the first file along the path that bears the unit's name, or its
// template's.
func (b *Box) unitFragment(name string) string {
	for _, candidate := range unitNames(name) {
		for _, directory := range strings.Fields(unitPath) {
			file := path.Join(directory, candidate)
			if found := b.find(file); found != nil && found.mode.IsRegular() {
				return file
			}
		}
	}
	return ""
}

// unitDropIns lists the *.conf of the unit's drop-in directories by base name; of two
// with one name the first directory's is in force.
func (b *Box) unitDropIns(name string) []string {
	byName := map[string]string{}
	for _, candidate := range append(unitNames(name), "service") {
		for _, directory := range strings.Fields(unitPath) {
			found := b.find(path.Join(directory, candidate+".d"))
			if found == nil || !found.isDirectory() {
				continue
			}
			for _, file := range found.names() {
				if _, masked := byName[file]; !masked && strings.HasSuffix(file, ".conf") {
					byName[file] = path.Join(directory, candidate+".d", file)
				}
			}
		}
	}
	names := make([]string, 0, len(byName))
	for file := range byName {
		names = append(names, file)
	}
	slices.Sort(names)
	for i, file := range names {
		names[i] = byName[file]
	}
	return names
}

// unitNames are the names under which a unit's files may stand: its own and, for an
// instance, the template's.
func unitNames(name string) []string {
	names := []string{name}
	if prefix, rest, ok := strings.Cut(name, "@"); ok && !strings.HasPrefix(rest, ".") {
		names = append(names, prefix+"@"+path.Ext(name))
	}
	return names
}

// specifiers are the %-words of systemd.unit(5) that the box's units use.
func specifiers(name string) *strings.Replacer {
	full := strings.TrimSuffix(name, path.Ext(name))
	prefix, instance, _ := strings.Cut(full, "@")
	return strings.NewReplacer("%%", "%", "%n", name, "%N", full, "%p", prefix, "%i", instance, "%I", instance, "%t", "/run")
}

func readUnitFile(content string, expand *strings.Replacer) []unitSetting {
	var settings []unitSetting
	section := ""
	for line := range strings.Lines(strings.ReplaceAll(content, "\\\n", " ")) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#' || line[0] == ';':
		case line[0] == '[':
			section = strings.Trim(line, "[]")
		default:
			key, given, _ := strings.Cut(line, "=")
			settings = append(settings, unitSetting{section, strings.TrimSpace(key), expand.Replace(strings.TrimSpace(given))})
		}
	}
	return settings
}

// last is the value in force of a setting that has one.
func (u *unit) last(key string) string {
	result := ""
	for _, each := range u.settings {
		if each.key == key {
			result = each.value
		}
	}
	return result
}

// list is the values in force of a setting that adds up; an empty value starts afresh.
func (u *unit) list(key string) []string {
	var result []string
	for _, each := range u.settings {
		if each.key != key {
			continue
		}
		if each.value == "" {
			result = nil
			continue
		}
		result = append(result, each.value)
	}
	return result
}

// needsReload is what systemd works out: whether the files changed, or the list of
// drop-ins did, since the unit was loaded. A new fragment of higher precedence goes
// unnoticed, as it does there (G17).
func (b *Box) needsReload(u *unit) bool {
	if !slices.Equal(u.dropIns, b.unitDropIns(u.name)) {
		return true
	}
	for file, modified := range u.modified {
		found := b.find(file)
		if found == nil || !found.modified.Equal(modified) {
			return true
		}
	}
	return false
}

// words splits a command line by systemd's quoting, as far as the box's units need it.
func words(line string) []string {
	var result []string
	var word strings.Builder
	quote, inside := rune(0), false
	for _, r := range line {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(r)
		case r == '"' || r == '\'':
			quote, inside = r, true
		case r == ' ' || r == '\t':
			if inside {
				result = append(result, word.String())
				word.Reset()
			}
			inside = false
		default:
			word.WriteRune(r)
			inside = true
		}
	}
	if inside {
		result = append(result, word.String())
	}
	return result
}
