package systemd

import (
	"maps"
	"strconv"
	"strings"
)

// ExpandSpecifiers resolves the specifiers of systemd.unit(5) that hang on the unit's name
// and on the manager alone. Others are left as they are, and whole is false: what
// they stand for is not known here.
func (m Manager) ExpandSpecifiers(value, unit string) (text string, whole bool) {
	if !strings.Contains(value, "%") {
		return value, true
	}
	known := m.specifiers(unit)
	var out strings.Builder
	whole = true
	for i := 0; i < len(value); i++ {
		if value[i] != '%' || i+1 == len(value) {
			out.WriteByte(value[i])
			continue
		}
		i++
		if text, ok := known[value[i]]; ok {
			out.WriteString(text)
			continue
		}
		out.WriteString(value[i-1 : i+1])
		// What is no specifier stays as it is in systemd too ("50%").
		whole = whole && (value[i] < 'A' || value[i] > 'z')
	}
	return out.String(), whole
}

func (m Manager) specifiers(unit string) map[byte]string {
	base := unit
	if dot := strings.LastIndexByte(unit, '.'); dot > 0 {
		base = unit[:dot]
	}
	prefix, instance, _ := strings.Cut(base, "@")
	known := map[byte]string{
		'%': "%", 'n': unit, 'N': base, 'p': prefix, 'i': instance, 'j': prefix[strings.LastIndexByte(prefix, '-')+1:],
	}
	if m.User == nil {
		maps.Copy(known, map[byte]string{
			't': "/run", 'S': "/var/lib", 'C': "/var/cache", 'L': "/var/log", 'E': "/etc", 'h': "/root",
			'u': "root", 'U': "0", 'g': "root", 'G': "0", 'T': "/tmp", 'V': "/var/tmp",
		})
	} else if m.User.Home != "" {
		// The others follow the variables that the user's manager was given.
		maps.Copy(known, map[byte]string{
			't': m.RuntimeDirectory(), 'h': m.User.Home, 'u': m.User.Name,
			'U': strconv.FormatUint(uint64(m.User.UID), 10), 'G': strconv.FormatUint(uint64(m.User.GID), 10),
		})
	}
	unescaped := func(name string) string { return strings.ReplaceAll(name, "-", "/") }
	if !strings.Contains(unit, `\`) {
		known['I'], known['P'], known['J'] = unescaped(instance), unescaped(prefix), unescaped(known['j'])
	}
	return known
}
