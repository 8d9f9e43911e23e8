package rights

import (
	"cmp"
	"slices"
	"strings"

	"flasktui/steps/report"
	"flasktui/sys/systemd"
)

// Unit is what a unit's files on disk have systemd run with root's rights.
type Unit struct {
	// Root says that the service itself is root's.
	Root bool
	// AsRoot are the commands, in words, that run as root.
	AsRoot [][]string
}

// OfUnit reads it from a unit's files, in the order in which systemd reads them.
func OfUnit(files []systemd.UnitFile) Unit {
	single := func(key string) string {
		if found := systemd.EffectiveSetting(files, "Service", key, false); len(found) > 0 {
			return found[0].Value
		}
		return ""
	}
	rights := Unit{Root: rootUser(single("User")) && !isYes(single("DynamicUser"))}
	begins := isYes(single("PermissionsStartOnly"))
	for _, file := range files {
		for _, setting := range file.Settings {
			if setting.Section != "Service" || !strings.HasPrefix(setting.Key, "Exec") {
				continue
			}
			prefix, rest := commandPrefix(setting.Value)
			words, err := systemd.SplitUnitWords(rest)
			if err == nil && len(words) > 0 && (rights.Root || begins && setting.Key != "ExecStart" || strings.ContainsAny(prefix, "+!")) {
				rights.AsRoot = append(rights.AsRoot, words)
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

// IsCalm tells the settings that say when and how long a service runs, and what it is
// called, from those that give it something or keep something from it. A setting that is
// not known here is none of them.
func IsCalm(key string) bool {
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

// Change is one key that differs, with what it gives.
func (rights Unit) Change(one systemd.UnitDifference) report.KeyChange {
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
	case one.Key == "Environment" && len(rights.AsRoot) > 0 && slices.ContainsFunc(one.Variables, Steers):
		change.Gives = "a say in what root runs"
	case (one.Key == "EnvironmentFile" || one.Key == "WorkingDirectory") && len(rights.AsRoot) > 0 && !gone:
		change.Gives = "a say in what root runs"
	case IsCalm(one.Key):
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
func (rights Unit) commandGives(one systemd.UnitDifference) string {
	if len(one.OnDiskCommands) == 0 {
		return ""
	}
	if rights.Root {
		return "another command root's rights"
	}
	for _, command := range one.OnDiskCommands {
		if command.Elevated && !slices.Contains(one.LoadedCommands, command) {
			return "a command root's rights"
		}
	}
	return ""
}

// Steers tells variables that decide what code a program loads, by name.
func Steers(name string) bool {
	for _, prefix := range []string{"LD_", "PYTHON", "GUNICORN_", "BASH_ENV", "ENV", "PERL", "GCONV_", "GLIBC_"} {
		if name == prefix || strings.HasSuffix(prefix, "_") && strings.HasPrefix(name, prefix) || prefix == "PYTHON" && strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return name == "PATH"
}

func oneLine(text string) string { return strings.ReplaceAll(text, "\n", "; ") }

// GivingFirst puts what gives something before what does not.
func GivingFirst(one, other report.KeyChange) int {
	// An empty text is what gives nothing.
	return cmp.Compare(min(len(other.Gives), 1), min(len(one.Gives), 1))
}
