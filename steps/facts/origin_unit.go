package facts

import (
	"context"
	"path"
	"slices"
	"strings"

	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/sys/systemd"
)

// unitOrigin asks who but root may write what systemd reads for a unit, and compares it with
// what systemd holds.
func (look *look) unitOrigin(ctx context.Context, known *Facts, unit Unit, origin *Origin) {
	files := known.UnitFiles.Value
	writers := look.writers(ctx, known)
	for _, file := range files.All() {
		origin.Sources = writers.add(ctx, origin.Sources, file.Path)
	}
	for _, file := range known.Environment.Value.Files {
		origin.Starting = writers.add(ctx, origin.Starting, file.Path)
	}
	rights := rightsOnDisk(files.All())
	for _, command := range rights.asRoot {
		for _, word := range command {
			info, err := look.machine.Stat(ctx, word)
			if path.IsAbs(word) && err == nil && !info.IsDir() {
				origin.Starting = writers.add(ctx, origin.Starting, word)
			}
		}
	}
	if len(origin.Sources) > 0 {
		for _, one := range files.Comparison.Differs {
			origin.Changes = append(origin.Changes, rights.change(one))
		}
		slices.SortStableFunc(origin.Changes, givingFirst)
		for _, one := range files.Comparison.Untold {
			if !isCalmKey(one.Key) {
				origin.Uncompared = append(origin.Uncompared, one.Key)
			}
		}
		origin.Problem = files.ComparisonProblem
		if !unit.NeedsReload && len(files.Comparison.Differs) == 0 {
			origin.Uncompared = origin.Uncompared[:0]
		}
	}
	if len(origin.Sources) > 0 && len(rights.asRoot) > 0 {
		origin.StartChanges = append(origin.StartChanges, loadedSince(files, origin.Sources, unit, rights)...)
	}
	if len(rights.asRoot) > 0 && len(origin.Starting) > 0 {
		origin.StartChanges = append(origin.StartChanges, steeringVariables(known)...)
	}
}

// loadedSince tells of files that changed after the service was started and that systemd has
// loaded since, for whatever reason (every upgrade of a package has it load all units): what
// they have root run need not be what was run then. Nobody can set a file's change time.
func loadedSince(files UnitFiles, sources []report.Source, unit Unit, rights unitRights) []report.KeyChange {
	for _, file := range files.All() {
		others := slices.ContainsFunc(sources, func(source report.Source) bool { return source.Path == file.Path })
		if others && !unit.MainStarted.IsZero() && file.Info.Changed.After(unit.MainStarted) {
			return []report.KeyChange{{
				Key: "Exec", Then: shownCommand(rights.asRoot[0]),
				Gives: "root's rights, perhaps to more than was run before: " + string(sys.Safe(file.Path)) + " changed after the service was started",
			}}
		}
	}
	return nil
}

// supervisedOrigin asks the same of what supervisord reads. What it holds cannot be asked
// for, so a section that changed since the program was started is not compared.
func (look *look) supervisedOrigin(ctx context.Context, known *Facts, program Supervised, origin *Origin) {
	writers := look.writers(ctx, known)
	origin.Sources = writers.add(ctx, origin.Sources, program.Section.File, program.Config)
	main, running := known.Main()
	if len(origin.Sources) > 0 && (!running || program.Section.Info.Changed.After(main.Master.Started)) {
		origin.Uncompared = append(origin.Uncompared, string(sys.Safe("[program:"+program.Section.Name+"], which changed after the program was started")))
	}
}

// unitRights is what the files on disk have systemd run with root's rights.
type unitRights struct {
	// root says that the service itself is root's.
	root bool
	// asRoot are the commands, in words, that run as root.
	asRoot [][]string
}

func rightsOnDisk(files []systemd.UnitFile) unitRights {
	single := func(key string) string {
		if found := systemd.EffectiveSetting(files, "Service", key, false); len(found) > 0 {
			return found[0].Value
		}
		return ""
	}
	rights := unitRights{root: rootUser(single("User")) && !isYes(single("DynamicUser"))}
	begins := isYes(single("PermissionsStartOnly"))
	for _, file := range files {
		for _, setting := range file.Settings {
			if setting.Section != "Service" || !strings.HasPrefix(setting.Key, "Exec") {
				continue
			}
			prefix, rest := commandPrefix(setting.Value)
			words, err := systemd.SplitUnitWords(rest)
			if err == nil && len(words) > 0 && (rights.root || begins && setting.Key != "ExecStart" || strings.ContainsAny(prefix, "+!")) {
				rights.asRoot = append(rights.asRoot, words)
			}
		}
	}
	return rights
}

func isYes(value string) bool {
	return slices.Contains([]string{"1", "yes", "true", "on"}, strings.ToLower(value))
}

// commandPrefix parts a command from the signs before it (systemd.service(5), COMMAND LINES).
func commandPrefix(line string) (prefix, rest string) {
	rest = strings.TrimLeft(line, "-@:+!|")
	return line[:len(line)-len(rest)], rest
}

// isCalmKey tells the settings that say when and how long a service runs, and what it is
// called, from those that give it something or keep something from it. A setting that is
// not known here is none of them.
func isCalmKey(key string) bool {
	for _, prefix := range []string{"Limit", "Memory", "CPU", "Tasks", "IO", "Timeout", "Restart", "StartLimit", "Syslog", "Log", "OOM", "Kill", "Condition", "Assert", "Startup"} {
		if strings.HasPrefix(key, prefix) && key != "LogsDirectory" && key != "MemoryDenyWriteExecute" {
			return true
		}
	}
	return slices.Contains([]string{
		"Description", "Documentation", "After", "Before", "Type", "Nice", "WatchdogSec", "NotifyAccess", "RemainAfterExit",
		"SuccessExitStatus", "SendSIGHUP", "SendSIGKILL", "FinalKillSignal", "WatchdogSignal", "GuessMainPID", "RuntimeMaxSec", "UMask",
		"RuntimeDirectory", "RuntimeDirectoryMode", "RuntimeDirectoryPreserve", "WantedBy", "RequiresMountsFor", "Environment", "EnvironmentFile", "WorkingDirectory",
	}, key)
}

// change is one key that differs, with what it gives.
func (rights unitRights) change(one systemd.UnitDifference) report.KeyChange {
	change := report.KeyChange{Key: one.Key, Now: oneLine(string(one.Loaded)), Then: oneLine(string(one.OnDisk))}
	gone := one.OnDisk == ""
	switch {
	case strings.HasPrefix(one.Key, "Exec"):
		change.Gives = rights.commandGives(one)
	case one.Key == "User" || one.Key == "Group":
		if rootUser(string(one.OnDisk)) {
			change.Gives = "root's rights"
		} else if !rootUser(string(one.Loaded)) {
			change.Gives = "another user's rights"
		}
	case one.Key == "Environment" && len(rights.asRoot) > 0 && slices.ContainsFunc(one.Variables, steers):
		change.Gives = "a say in what root runs"
	case (one.Key == "EnvironmentFile" || one.Key == "WorkingDirectory") && len(rights.asRoot) > 0 && !gone:
		change.Gives = "a say in what root runs"
	case isCalmKey(one.Key):
	case confines(one.Key) && (isYes(string(one.OnDisk)) || one.Loaded == ""):
	case confines(one.Key):
		change.Gives = "less confinement"
	case !gone:
		change.Gives = "what " + one.Key + "= allows"
	}
	return change
}

// confines tells the settings that take something away from a service.
func confines(key string) bool {
	for _, prefix := range []string{"Protect", "Private", "Restrict", "SystemCall", "NoExec", "Inaccessible", "ReadOnly", "IPAddressDeny"} {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return slices.Contains([]string{"NoNewPrivileges", "CapabilityBoundingSet", "MemoryDenyWriteExecute", "LockPersonality", "DevicePolicy", "DynamicUser", "RemoveIPC"}, key)
}

// commandGives: a command that runs as the service's own user has no more than the service.
func (rights unitRights) commandGives(one systemd.UnitDifference) string {
	if len(one.OnDiskCommands) == 0 {
		return ""
	}
	if rights.root {
		return "another command root's rights"
	}
	for _, command := range one.OnDiskCommands {
		if command.Elevated && !slices.Contains(one.LoadedCommands, command) {
			return "a command root's rights"
		}
	}
	return ""
}

// steers tells variables that decide what code a program loads, by name.
func steers(name string) bool {
	for _, prefix := range []string{"LD_", "PYTHON", "GUNICORN_", "BASH_ENV", "ENV", "PERL", "GCONV_", "GLIBC_"} {
		if name == prefix || strings.HasSuffix(prefix, "_") && strings.HasPrefix(name, prefix) || prefix == "PYTHON" && strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return name == "PATH"
}

// steeringVariables are those that the files set now and that the running service has not
// got, or otherwise.
func steeringVariables(known *Facts) []report.KeyChange {
	changes := []report.KeyChange{}
	main, running := known.Main()
	names := []string{}
	for name, fingerprint := range known.Environment.Value.Prints {
		if steers(name) && (!running || main.Master.Prints == nil || main.Master.Prints[name] != fingerprint) {
			names = append(names, string(sys.Safe(name)))
		}
	}
	if slices.Sort(names); len(names) > 0 {
		changes = append(changes, report.KeyChange{Key: "EnvironmentFile", Then: strings.Join(names, ", "), Gives: "a say in what root runs"})
	}
	return changes
}

func oneLine(text string) string { return strings.ReplaceAll(text, "\n", "; ") }
