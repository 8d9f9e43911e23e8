package systemd

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"flasktui/sys"
)

func isUnitCommand(key string) bool {
	return slices.Contains([]string{
		"ExecCondition", "ExecStartPre", "ExecStart", "ExecStartPost", "ExecReload", "ExecReloadPost", "ExecStop", "ExecStopPre", "ExecStopPost",
	}, key)
}

// commandFlags are the prefixes of a command (systemd.service(5), "COMMAND LINES") in the
// words and the order in which systemctl prints them.
func commandFlags(prefix string) string {
	var flags []string
	for _, one := range []struct {
		set  bool
		name string
	}{
		{strings.Contains(prefix, "-"), "ignore-failure"},
		{strings.Contains(prefix, "+"), "privileged"},
		{strings.Count(prefix, "!") == 1, "no-setuid"},
		{strings.Contains(prefix, ":"), "no-env-expand"},
		{strings.Count(prefix, "!") == 2, "ambient"},
		{strings.Contains(prefix, "|"), "via-shell"},
	} {
		if one.set {
			flags = append(flags, one.name)
		}
	}
	return strings.Join(flags, " ")
}

// UnitCommand is one command of a unit, its arguments masked.
type UnitCommand struct {
	// Elevated says that it runs with more rights than User= gives: its prefix is "+", "!" or
	// "!!" (systemd.service(5), "COMMAND LINES").
	Elevated bool
	Line     sys.Text
}

// unitCommand is one command of a unit file.
type unitCommand struct {
	prefix string
	words  []string
}

// shown is how systemctl prints it, up to what changes with each run: the arguments are
// joined with blanks, without quotes.
func (command unitCommand) shown(extended bool) string {
	program, argv := command.words[0], command.words
	if strings.Contains(command.prefix, "@") && len(argv) > 1 {
		argv = argv[1:]
	}
	rest := "ignore_errors=no"
	if extended {
		rest = "flags=" + commandFlags(command.prefix)
	} else if strings.Contains(command.prefix, "-") {
		rest = "ignore_errors=yes"
	}
	return fmt.Sprintf("{ path=%s ; argv[]=%s ; %s ; start_time=[", program, strings.Join(argv, " "), rest)
}

// unitCommands reads the commands of one value: several may stand in a line, with a ";" of
// its own between them.
func (m Manager) unitCommands(value, unit string) (commands []unitCommand, whole bool, err error) {
	words, err := SplitUnitWords(value)
	if err != nil {
		return nil, false, err
	}
	whole, fresh := true, true
	for _, word := range words {
		if word == ";" {
			fresh = true
			continue
		}
		if word == `\;` {
			word = ";"
		}
		prefix := ""
		if fresh {
			rest := strings.TrimLeft(word, "-@:+!|")
			prefix, word = word[:len(word)-len(rest)], rest
			commands, fresh = append(commands, unitCommand{prefix: prefix}), false
		}
		text, all := m.ExpandSpecifiers(word, unit)
		last := &commands[len(commands)-1]
		last.words, whole = append(last.words, text), whole && all
	}
	return commands, whole, nil
}

// compareCommands compares all commands of a key, in order. The extended properties show
// all prefixes; a systemd that has none of them (before 243) shows "-" alone.
func (c *unitComparison) compareCommands(section, key string) {
	property := key + "Ex"
	loaded, extended := c.held.Unit[property]
	if !extended {
		property = key
		loaded = c.held.Unit[property]
	}
	c.named[key], c.named[key+"Ex"] = true, true
	if len(loaded) == 1 && loaded[0] == "" {
		loaded = nil
	}
	found := EffectiveSetting(c.files, section, key, true)
	var onDisk []unitCommand
	for _, one := range found {
		commands, whole, err := c.held.By.unitCommands(one.Value, c.name)
		if err != nil || !whole {
			c.untold(key, "it has a quote or a specifier that is not resolved here")
			return
		}
		onDisk = append(onDisk, commands...)
	}
	same := slices.EqualFunc(onDisk, loaded, func(command unitCommand, shown string) bool {
		return strings.HasPrefix(shown, command.shown(extended))
	})
	if same {
		if !extended && slices.ContainsFunc(onDisk, func(command unitCommand) bool { return strings.Trim(command.prefix, "-@") != "" }) {
			c.untold(key, "this systemd does not show the prefix of a command")
		}
		return
	}
	var lines []string
	var commands []UnitCommand
	for _, command := range onDisk {
		line := maskedCommand(command.words)
		lines = append(lines, command.prefix+line)
		commands = append(commands, UnitCommand{strings.ContainsAny(command.prefix, "+!"), sys.Safe(line)})
	}
	heldLines, held := loadedCommands(loaded)
	one := c.differs(section, key, heldLines, strings.Join(lines, "\n"), found)
	one.LoadedCommands, one.OnDiskCommands = held, commands
}

// loadedCommands reads commands as systemctl prints them. lines are for people: flags and
// arguments.
func loadedCommands(shown []string) (all string, commands []UnitCommand) {
	var lines []string
	for _, one := range shown {
		_, rest, ok := strings.Cut(one, "argv[]=")
		if !ok {
			continue
		}
		argv, rest, _ := strings.Cut(rest, " ; flags=")
		flags, _, _ := strings.Cut(rest, " ; start_time=")
		if rest == "" {
			argv, _, _ = strings.Cut(argv, " ; ignore_errors=")
		}
		line := maskedCommand(strings.Split(argv, " "))
		elevated := slices.ContainsFunc(strings.Fields(flags), func(flag string) bool {
			return slices.Contains([]string{"privileged", "no-setuid", "ambient"}, flag)
		})
		commands = append(commands, UnitCommand{elevated, sys.Safe(line)})
		if flags != "" {
			line = "(" + flags + ") " + line
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n"), commands
}

func maskedCommand(words []string) string {
	var masked []string
	for _, word := range sys.RedactArgv(words) {
		masked = append(masked, string(word))
	}
	return strings.Join(masked, " ")
}

// compareEnvironment compares variables by name; the last value of a name counts.
func (c *unitComparison) compareEnvironment(section string) {
	const key = "Environment"
	c.named[key] = true
	found := EffectiveSetting(c.files, section, key, true)
	onDisk, loaded := map[string]string{}, map[string]string{}
	for _, line := range found {
		words, err := SplitUnitWords(line.Value)
		text, whole := c.held.By.ExpandSpecifiers(strings.Join(words, "\x00"), c.name)
		if err != nil || !whole {
			c.untold(key, "it has a quote or a specifier that is not resolved here")
			return
		}
		for word := range strings.SplitSeq(text, "\x00") {
			if name, value, ok := strings.Cut(word, "="); ok {
				onDisk[name] = value
			}
		}
	}
	for _, word := range splitShown(c.held.Unit.One(key)) {
		if name, value, ok := strings.Cut(word, "="); ok {
			loaded[name] = value
		}
	}
	if maps.Equal(onDisk, loaded) {
		return
	}
	held, set := otherwise(loaded, onDisk), otherwise(onDisk, loaded)
	c.differs(section, key, maskedVariables(held), maskedVariables(set), found).Variables = set
}

// otherwise are the names of variables that the other set has not got, or with another value.
func otherwise(own, other map[string]string) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(own)), func(name string) bool {
		value, has := other[name]
		return has && value == own[name]
	})
}

func maskedVariables(names []string) string {
	masked := make([]string, len(names))
	for index, name := range names {
		masked[index] = name + "=***"
	}
	return strings.Join(masked, " ")
}

func (c *unitComparison) compareEnvironmentFiles(section string) {
	const key = "EnvironmentFile"
	var loaded, onDisk []string
	for _, property := range []string{"EnvironmentFiles", "EnvironmentFile"} {
		c.named[property] = true
		for _, shown := range c.held.Unit[property] {
			name, flag, ok := strings.Cut(shown, " (ignore_errors=")
			if flag == "yes)" {
				name = "-" + name
			}
			if ok {
				loaded = append(loaded, name)
			}
		}
	}
	found := EffectiveSetting(c.files, section, key, true)
	for _, line := range found {
		text, whole := c.held.By.ExpandSpecifiers(line.Value, c.name)
		if !whole {
			c.untold(key, "it has a specifier that is not resolved here")
			return
		}
		onDisk = append(onDisk, strings.Trim(text, `"'`))
	}
	if !slices.Equal(loaded, onDisk) {
		c.differs(section, key, strings.Join(loaded, " "), strings.Join(onDisk, " "), found)
	}
}
