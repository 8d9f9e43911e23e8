package systemd

import (
	"slices"
	"strings"

	"flasktui/sys"
)

// isUnitDependency is a key that names other units.
func isUnitDependency(key string) bool {
	return slices.Contains([]string{
		"After", "Before", "Wants", "Requires", "Requisite", "BindsTo", "PartOf", "Conflicts", "Upholds",
	}, key)
}

// compareDependencies looks for the units that a key names among those that the manager
// holds. More are held than the files name: what systemd adds by itself, and what other
// units say of this one.
func (c *unitComparison) compareDependencies(section, key string) {
	c.named[key] = true
	held := strings.Fields(c.held.Unit.One(key))
	var named []string
	for _, one := range EffectiveSetting(c.files, section, key, true) {
		text, whole := c.held.By.ExpandSpecifiers(one.Value, c.name)
		if !whole {
			c.untold(key, "it has a specifier that is not resolved here")
			return
		}
		named = append(named, strings.Fields(text)...)
	}
	for _, name := range named {
		if !slices.Contains(held, name) && !slices.Contains(held, name+".service") {
			c.untold(key, sys.Textf("systemd does not hold %s, or holds it by another name", name))
			return
		}
	}
	c.unnamedDependency(key, held, named)
}

// unnamedDependency is one that the manager holds and the files do not name.
func (c *unitComparison) unnamedDependency(key string, held, named []string) {
	for _, name := range held {
		if !slices.Contains(named, name) && !slices.Contains(named, strings.TrimSuffix(name, ".service")) && !isImplicitDependency(name) {
			c.untold(key, sys.Textf("systemd holds %s, which the files do not name; another unit may", name))
			return
		}
	}
}

// isImplicitDependency is what systemd adds by itself (systemd.service(5), "AUTOMATIC
// DEPENDENCIES", and what follows from paths, sockets and slices).
func isImplicitDependency(name string) bool {
	if strings.HasPrefix(name, "systemd-") {
		return true
	}
	for _, kind := range []string{".mount", ".automount", ".slice", ".socket", ".timer", ".path", ".device", ".swap", ".scope"} {
		if strings.HasSuffix(name, kind) {
			return true
		}
	}
	return slices.Contains([]string{"basic.target", "sysinit.target", "shutdown.target", "multi-user.target", "graphical.target", "default.target"}, name)
}
