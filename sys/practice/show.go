package practice

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

// systemdTime is how systemd prints times.
const systemdTime = "Mon 2006-01-02 15:04:05 MST"

// property is one KEY=VALUE line of `systemctl show`.
type property struct{ name, value string }

// show prints the properties that -p asks for, of the manager or of units.
func (r *run) show(names []string) {
	wanted, plain := showOptions(r.arguments)
	list := func(all []property) {
		for _, each := range all {
			if len(wanted) > 0 && !slices.Contains(wanted, each.name) {
				continue
			}
			if plain {
				r.print("%s\n", each.value)
				continue
			}
			r.print("%s=%s\n", each.name, each.value)
		}
	}
	if len(names) == 0 {
		list([]property{{"Version", "257.9-1~deb13u1"}, {"UnitPath", unitPath}, {"SystemState", "running"}, {"NFailedUnits", "0"}})
		return
	}
	for i, name := range r.box.expandUnits(names) {
		if i > 0 {
			r.print("\n")
		}
		list(r.box.properties(name))
	}
}

// expandUnits puts the loaded units in the place of patterns, as systemctl does.
func (b *Box) expandUnits(names []string) []string {
	var result []string
	for _, name := range names {
		if !strings.ContainsAny(name, "*?[") {
			result = append(result, name)
			continue
		}
		for _, known := range slices.Sorted(maps.Keys(b.services)) {
			if matched, _ := path.Match(name, known); matched {
				result = append(result, known)
			}
		}
	}
	return result
}

func showOptions(arguments []string) (wanted []string, plain bool) {
	for i, argument := range arguments {
		given := ""
		switch {
		case argument == "-p" && i+1 < len(arguments):
			given = arguments[i+1]
		case strings.HasPrefix(argument, "--property="):
			given = strings.TrimPrefix(argument, "--property=")
		case strings.HasPrefix(argument, "-p"):
			given = argument[2:]
		case argument == "--value":
			plain = true
		}
		if given != "" {
			wanted = append(wanted, strings.Split(given, ",")...)
		}
	}
	return wanted, plain
}

// properties are those of a unit, in systemd's own order as far as it matters.
func (b *Box) properties(name string) []property {
	known := b.service(name)
	if known == nil {
		return []property{
			{"Type", "simple"},
			{"Restart", "no"},
			{"MainPID", "0"},
			{"NRestarts", "0"},
			{"ExecMainStartTimestampMonotonic", "0"},
			{"ExecMainStatus", "0"},
			{"KillMode", "control-group"},
			{"SendSIGKILL", "yes"},
			{"Result", "success"},
			{"Id", name},
			{"Names", name},
			{"Description", name},
			{"LoadState", "not-found"},
			{"ActiveState", "inactive"},
			{"SubState", "dead"},
			{"FragmentPath", ""},
			{"DropInPaths", ""},
			{"CanReload", "no"},
			{"NeedDaemonReload", "no"},
		}
	}
	all := known.runtimeProperties()
	all = append(all, known.configuredProperties()...)
	all = append(all, known.fileProperties()...)
	return append(all, known.otherProperties(all)...)
}

// otherProperties are the unit's remaining settings, as far as systemctl prints them as
// they were written or, for times, in seconds.
func (s *service) otherProperties(printed []property) []property {
	var others []property
	for _, setting := range s.unit.settings {
		name, value := setting.key, setting.value
		if root, ok := strings.CutSuffix(name, "Sec"); ok {
			name = root + "USec"
			value = strings.TrimSuffix(value, "s") + "s"
		}
		if setting.section != "Install" && name != "EnvironmentFile" && !slices.ContainsFunc(append(printed, others...), func(one property) bool { return one.name == name }) {
			others = append(others, property{name, value})
		}
	}
	return others
}

func (s *service) runtimeProperties() []property {
	clock := &s.box.clock
	pid := 0
	if s.main != nil {
		pid = s.main.pid
	}
	group, code := "", "0"
	if s.active == "active" {
		group = s.group()
	} else if s.mainPID != 0 {
		code = "1"
	}
	started := ""
	if !s.started.IsZero() {
		started = s.started.UTC().Format(systemdTime)
	}
	return []property{
		{"Type", orElse(s.unit.last("Type"), "simple")},
		{"Restart", orElse(s.unit.last("Restart"), "no")},
		{"PIDFile", s.unit.last("PIDFile")},
		{"MainPID", fmt.Sprint(pid)},
		{"Result", s.result},
		{"NRestarts", fmt.Sprint(s.restarts)},
		{"ExecMainStartTimestamp", started},
		{"ExecMainStartTimestampMonotonic", fmt.Sprint(clock.monotonic(s.started))},
		{"ExecMainPID", fmt.Sprint(s.mainPID)},
		{"ExecMainCode", code},
		{"ExecMainStatus", fmt.Sprint(s.mainStatus)},
		{"ControlGroup", group},
		{"ActiveState", s.active},
		{"SubState", s.sub},
		{"ActiveEnterTimestamp", started},
		{"ActiveEnterTimestampMonotonic", fmt.Sprint(clock.monotonic(s.started))},
		{"CanReload", yes(len(s.unit.list("ExecReload")) > 0)},
		{"NeedDaemonReload", yes(s.box.needsReload(s.unit))},
	}
}

func (s *service) configuredProperties() []property {
	var all []property
	for _, key := range []string{"ExecStartPre", "ExecStart", "ExecStartPost", "ExecReload", "ExecStop"} {
		for _, line := range s.unit.list(key) {
			all = append(all, property{key, s.execution(key, line)})
		}
	}
	var environment []string
	for _, line := range s.unit.list("Environment") {
		for _, word := range words(line) {
			if strings.ContainsAny(word, " \t") {
				word = `"` + word + `"`
			}
			environment = append(environment, word)
		}
	}
	all = append(all, property{"Environment", strings.Join(environment, " ")})
	for _, file := range s.unit.list("EnvironmentFile") {
		all = append(all, property{"EnvironmentFiles", fmt.Sprintf("%s (ignore_errors=%s)",
			strings.TrimPrefix(file, "-"), yes(strings.HasPrefix(file, "-")))})
	}
	directory := s.unit.last("WorkingDirectory")
	if optional, ok := strings.CutPrefix(directory, "-"); ok {
		directory = "!" + optional
	}
	return append(all, property{"WorkingDirectory", directory}, property{"User", s.unit.last("User")},
		property{"Group", s.unit.last("Group")}, property{"KillMode", orElse(s.unit.last("KillMode"), "control-group")},
		property{"SendSIGKILL", "yes"})
}

// execution is an Exec line in the form in which systemctl shows it.
func (s *service) execution(key, line string) string {
	argv := words(strings.TrimLeft(line, "-@:+!"))
	start, pid := "n/a", 0
	if key == "ExecStart" && !s.started.IsZero() {
		start, pid = s.started.UTC().Format(systemdTime), s.mainPID
	}
	return fmt.Sprintf("{ path=%s ; argv[]=%s ; ignore_errors=%s ; start_time=[%s] ; stop_time=[n/a] ; pid=%d ; code=(null) ; status=0/0 }",
		argv[0], strings.Join(argv, " "), yes(strings.HasPrefix(line, "-")), start, pid)
}

func (s *service) fileProperties() []property {
	triggered := ""
	if socket := strings.TrimSuffix(s.unit.name, ".service") + ".socket"; s.box.unitFragment(socket) != "" {
		triggered = socket
	}
	return []property{
		{"Id", s.unit.name},
		{"Names", s.unit.name},
		{"TriggeredBy", triggered},
		{"Description", s.description()},
		{"LoadState", "loaded"},
		{"InvocationID", s.invocation()},
		{"FragmentPath", s.unit.fragment},
		{"DropInPaths", strings.Join(s.unit.dropIns, " ")},
		{"UnitFileState", "enabled"},
	}
}

// invocation differs from start to start.
func (s *service) invocation() string {
	if s.started.IsZero() {
		return ""
	}
	return fmt.Sprintf("%032x", s.started.UnixNano())
}

func yes(is bool) string {
	if is {
		return "yes"
	}
	return "no"
}

func orElse(given, otherwise string) string {
	if given == "" {
		return otherwise
	}
	return given
}

// listUnits prints the services as `systemctl list-units --plain --no-legend` does.
func (r *run) listUnits() {
	_, patterns := systemctlVerb(r.arguments)
	if len(patterns) == 0 {
		patterns = []string{"*"}
	}
	for _, name := range r.box.expandUnits(patterns) {
		if known := r.box.services[name]; known != nil {
			r.print("%s loaded %s %s %s\n", name, known.active, known.sub, known.description())
		}
	}
}
