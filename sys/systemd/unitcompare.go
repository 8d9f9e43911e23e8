package systemd

import (
	"maps"
	"path"
	"slices"
	"strings"

	"flasktui/sys"
)

// UnitComparison answers whether the unit as the manager holds it is what the files on disk
// say (G17): no for the keys in Differs, and it cannot be told for those in Untold.
type UnitComparison struct {
	// Compared is how many settings of the files were compared.
	Compared int              `json:"compared"`
	Differs  []UnitDifference `json:"differs"`
	Untold   []UntoldSetting  `json:"untold"`
}

// UnitDifference is one key that the files set otherwise than the manager holds it.
type UnitDifference struct {
	Section string `json:"section"`
	Key     string `json:"key"`
	// Loaded and OnDisk are masked; of variables and credentials they have names alone.
	// Empty is not set.
	Loaded sys.Text `json:"loaded"`
	OnDisk sys.Text `json:"on_disk"`
	// LoadedCommands and OnDiskCommands are the two where the key holds commands, and Variables
	// the names of those that OnDisk sets otherwise where it holds variables. They are for the
	// look that compared them, and are not saved.
	LoadedCommands []UnitCommand `json:"-"`
	OnDiskCommands []UnitCommand `json:"-"`
	Variables      []string      `json:"-"`
	// File and Line are the last place on disk that sets the key; empty for none.
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`
}

// UntoldSetting is a key that could not be compared, and why.
type UntoldSetting struct {
	Key string   `json:"key"`
	Why sys.Text `json:"why"`
}

// Same says that every setting of the files was compared and is held as it stands there,
// and that nothing more is held. What systemctl prints of no unit (a condition that the
// files no longer have) is not part of it.
func (comparison UnitComparison) Same() bool {
	return len(comparison.Differs) == 0 && len(comparison.Untold) == 0
}

// unitComparison is a comparison under way.
type unitComparison struct {
	UnitComparison
	name  string
	files []UnitFile
	held  HeldUnit
	// named are the properties that the files set.
	named map[string]bool
}

// CompareUnit compares the files on disk, in the order in which systemd applies them, with
// the unit as the manager holds it. Comments, blanks, the order of keys and of what is a
// set do not count; specifiers and lists that are reset by an empty value do. [Install] and
// sections that begin with X- are no part of a loaded unit.
func CompareUnit(name string, files []UnitFile, held HeldUnit) UnitComparison {
	comparison := &unitComparison{name: name, files: files, held: held, named: map[string]bool{}}
	comparison.Differs, comparison.Untold = []UnitDifference{}, []UntoldSetting{}
	for _, place := range comparison.keys() {
		comparison.compareKey(place.section, place.key)
	}
	comparison.compareWhatIsHeld()
	slices.SortFunc(comparison.Differs, func(one, other UnitDifference) int { return strings.Compare(one.Key, other.Key) })
	slices.SortFunc(comparison.Untold, func(one, other UntoldSetting) int { return strings.Compare(one.Key, other.Key) })
	return comparison.UnitComparison
}

type unitPlace struct{ section, key string }

// keys are those that the files set, each once.
func (c *unitComparison) keys() []unitPlace {
	seen := map[unitPlace]bool{}
	for _, file := range c.files {
		for _, setting := range file.Settings {
			if setting.Section != "Install" && !strings.HasPrefix(setting.Section, "X-") && !strings.HasPrefix(setting.Key, "X-") {
				seen[unitPlace{setting.Section, setting.Key}] = true
			}
		}
	}
	return slices.SortedFunc(maps.Keys(seen), func(one, other unitPlace) int { return strings.Compare(one.section+one.key, other.section+other.key) })
}

func (c *unitComparison) compareKey(section, key string) {
	c.Compared++
	switch {
	case isUnitCommand(key):
		c.compareCommands(section, key)
	case key == "Environment":
		c.compareEnvironment(section)
	case key == "EnvironmentFile":
		c.compareEnvironmentFiles(section)
	case isUnitDependency(key):
		c.compareDependencies(section, key)
	default:
		c.compareSetting(section, key)
	}
}

// compareSetting compares a key that systemctl prints as a value or as a list of words.
func (c *unitComparison) compareSetting(section, key string) {
	kind, known := kindOf(key)
	found := EffectiveSetting(c.files, section, key, kind.list)
	if len(found) == 0 {
		// Reset to nothing: it differs if a value is held.
		return
	}
	onDisk, whole := make([]string, len(found)), true
	for index, one := range found {
		text, all := c.held.By.ExpandSpecifiers(one.Value, c.name)
		onDisk[index], whole = text, whole && all
	}
	for _, property := range propertiesOf(key) {
		c.named[property] = true
		loaded, shown := c.held.Unit[property]
		verdict := valueUntold
		if whole && shown {
			verdict = kind.compare(limitParts(key, property, onDisk), strings.Join(loaded, " "))
		}
		switch {
		case verdict == valueSame:
		case !shown:
			c.untold(key, "systemctl show does not print it")
			return
		case !whole:
			c.untold(key, "it has a specifier that is not resolved here")
			return
		case verdict == valueUntold, key == "CapabilityBoundingSet" && masksCapabilities(c.held.Unit):
			c.untold(key, "systemctl show prints it in another form")
			return
		case known:
			c.differs(section, key, strings.Join(loaded, " "), strings.Join(onDisk, " "), found)
			return
		}
	}
}

func limitParts(key, property string, values []string) []string {
	if !isLimit(key) {
		return values
	}
	return []string{limitPart(values[len(values)-1], property)}
}

// compareWhatIsHeld looks for what the manager holds and no file sets any more.
func (c *unitComparison) compareWhatIsHeld() {
	for _, property := range slices.Sorted(maps.Keys(c.held.Unit)) {
		if isUnitDependency(property) && !c.named[property] {
			c.unnamedDependency(property, strings.Fields(c.held.Unit.One(property)), nil)
			continue
		}
		key, known := settingOfProperty(property)
		if key == "" || c.named[property] || c.isDefault(property) {
			continue
		}
		if _, has := c.held.Bare[property]; !has && known && !isUnitCommand(key) && !strings.HasPrefix(key, "Environment") {
			// This systemd tells no default of it.
			continue
		}
		for _, other := range propertiesOf(key) {
			c.named[other] = true
		}
		loaded := strings.Join(c.held.Unit[property], " ")
		switch {
		case isUnitCommand(key):
			c.compareCommands("Service", key)
		case key == "Environment":
			c.compareEnvironment("Service")
		case known:
			c.differs(sectionOf(c.name), key, loaded, "", nil)
		default:
			c.untold(key, "no file sets it, and systemd holds a value that may follow from another setting")
		}
	}
}

// sectionOf is a unit's own section ("Service" for a service).
func sectionOf(name string) string {
	kind := strings.TrimPrefix(path.Ext(name), ".")
	if kind == "" {
		return "Unit"
	}
	return strings.ToUpper(kind[:1]) + kind[1:]
}

// isDefault tells whether a property is as it is where no file says anything of it.
func (c *unitComparison) isDefault(property string) bool {
	loaded, bare := strings.Join(c.held.Unit[property], " "), strings.Join(c.held.Bare[property], " ")
	if loaded == bare || loaded == c.held.Manager.One("Default"+property) && loaded != "" {
		return true
	}
	return followsFromAnother(property, loaded, bare, c.held.Unit)
}

func (c *unitComparison) untold(key string, why sys.Text) {
	c.Untold = append(c.Untold, UntoldSetting{Key: key, Why: why})
}

func (c *unitComparison) differs(section, key, loaded, onDisk string, found []LocatedSetting) *UnitDifference {
	one := UnitDifference{Section: section, Key: key, Loaded: shownSetting(key, loaded), OnDisk: shownSetting(key, onDisk)}
	if len(found) > 0 {
		one.File, one.Line = found[len(found)-1].File, found[len(found)-1].Line
	}
	c.Differs = append(c.Differs, one)
	return &c.Differs[len(c.Differs)-1]
}

// shownSetting masks what may be a secret.
func shownSetting(key, value string) sys.Text {
	if value != "" && strings.Contains(key, "Credential") {
		return sys.Mask
	}
	return sys.Safe(value)
}
