package box

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"flasktui/steps/facts"
	"flasktui/sys"
	"flasktui/sys/systemd"
)

// SeesProcesses tells whether all that runs on the box could be listed, so that what is not
// there does not run.
func (b *Box) SeesProcesses() bool { return b.Processes.Known && b.Unseen() == "" }

// Unseen is why a process may run that is not among those that were listed; empty where none does.
func (b *Box) Unseen() sys.Text {
	if b.Processes.Value.Hidden {
		return "/proc shows this user only its own processes (hidepid)" + b.Host.Value.OrWithSudo()
	}
	return b.Processes.Value.Unread
}

// NoProcess is why nothing can be told of the service's processes, where none was seen.
func (b *Box) NoProcess() sys.Text { return cmp.Or(b.Unseen(), "no process of the service runs") }

// SeesOwn tells whether the service's own processes could be looked for: all processes, and
// whoever manages the service.
func (b *Box) SeesOwn() bool {
	_, isContainer := b.TargetContainer()
	_, isProgram := b.Program()
	return b.SeesProcesses() && (b.HasUnit || b.Target.Unit == "") && (isContainer || b.Target.Container == "") && (isProgram || b.Target.Program == "")
}

// SeesLoaded tells whether all could be looked at that says which code the service's processes
// hold, and why.
func (b *Box) SeesLoaded() bool {
	return b.SeesOwn() && b.Deployment.Known && b.Code.Known && b.frozenDoubt() == ""
}

// IsStopped tells whether the unit does not run, and nothing shows that it was kept from it.
func (b *Box) IsStopped() bool {
	return b.Unit.ActiveState == "inactive" && b.Unit.Result == "success"
}

// HasNginx tells whether a process of Nginx was there at a look.
func (b *Box) HasNginx(process facts.NginxProcess) bool {
	return slices.ContainsFunc(b.Processes.Value.Nginx, func(other facts.NginxProcess) bool { return other.ID() == process.ID() })
}

// UntoldKeys names the keys of a unit that could not be compared.
func UntoldKeys(comparison systemd.UnitComparison) string {
	keys := make([]string, 0, len(comparison.Untold))
	for _, one := range comparison.Untold {
		keys = append(keys, one.Key)
	}
	return strings.Join(keys, ", ")
}

// MainStarted is when the unit's main process was started.
func (b *Box) MainStarted() time.Time {
	if b.Running && (b.Server.Master.PID == b.Unit.MainPID || !b.HasUnit) {
		return b.Server.Master.Started
	}
	return b.Unit.MainStarted
}

// EnvironmentDifferences names the variables of the unit and its files that the process
// has otherwise or not at all; compared is false where its environment could not be
// read.
func (b *Box) EnvironmentDifferences() (names []string, compared bool) {
	if !b.Running || b.Server.Master.Prints == nil || !b.Environment.Known {
		return nil, false
	}
	for name, fingerprint := range b.Environment.Value.Prints {
		if b.Server.Master.Prints[name] != fingerprint && !setBySystemd(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, true
}

// setBySystemd are variables that systemd, Gunicorn itself or Debian's apachectl may set otherwise
// than the files do.
func setBySystemd(name string) bool {
	return strings.HasPrefix(name, "APACHE_") || slices.Contains([]string{"PATH", "HOME", "USER", "LOGNAME", "SHELL", "PWD", "LANG"}, name)
}

// sameArguments compares a unit's command with a process's, which has the interpreter of
// the script's first line before it.
func sameArguments(unit []string, process []sys.Text) bool {
	if len(unit) == 0 || len(process) < len(unit) {
		return false
	}
	tail := process[len(process)-len(unit):]
	for index, word := range unit {
		if index > 0 && string(sys.Safe(word)) != string(tail[index]) {
			return false
		}
	}
	return true
}

// ProcessDiffersFromUnit says in words what the process shows otherwise than the loaded
// unit would give it; empty where nothing is seen to differ.
func (b *Box) ProcessDiffersFromUnit() sys.Text {
	if !b.Running {
		return ""
	}
	settings, loaded := b.Settings.Value, b.Unit.Settings
	directory := b.Server.Master.Directory
	switch {
	case settings.Chdir == "" && directory != "" && b.Deployment.Value.Problem == "" && b.Deployment.Value.Resolved != "" &&
		directory != b.Deployment.Value.Resolved && !b.unitLeadsThroughLink():
		return sys.Textf("it runs in %s, and the unit says %s", directory, b.Unit.WorkingDirectory)
	case b.Server.Master.Titled:
		return ""
	case len(loaded.Bind) > 0 && !slices.Equal(loaded.Bind, b.Server.Settings.Bind):
		return "--bind"
	case loaded.Chdir != b.Server.Settings.Chdir:
		return "--chdir"
	case loaded.App != "" && loaded.App != b.Server.Settings.App:
		return "the app's name"
	case loaded.Workers != 0 && loaded.Workers != b.Server.Settings.Workers:
		return "--workers"
	case loaded.ConfigFile != b.Server.Settings.ConfigFile:
		return "--config"
	case settings.From == "process" && len(b.Unit.ExecStart) == 1 && !sameArguments(b.Unit.ExecStart[0], b.Server.Master.CommandLine):
		return "the command line"
	}
	if names, _ := b.EnvironmentDifferences(); len(names) > 0 {
		return sys.Textf("environment: %s", strings.Join(names, ", "))
	}
	return ""
}

// unitLeadsThroughLink tells whether the unit names the link: then a process that stands
// elsewhere may only be older than the link.
func (b *Box) unitLeadsThroughLink() bool {
	_, through := b.Deployment.Value.Link.Rest(b.Unit.WorkingDirectory)
	return through
}

// MayHoldOldCode tells whether any process of the service holds, or stands in, something
// other than the active release; or may, as it could not be seen.
func (b *Box) MayHoldOldCode() bool {
	_, old, unsure := b.Counts()
	return old+unsure > 0 || !b.SeesOwn() || b.HasUnit && b.Running && b.ProcessDiffersFromUnit() != ""
}

// ChangedEnvironmentFile is the environment file, unit file or drop-in changed last after
// a time; empty for none.
func (b *Box) ChangedEnvironmentFile(since time.Time) (name string, at time.Time) {
	consider := func(candidate string, info sys.FileInfo) {
		if changed := info.ContentTime(); After(changed, since) && changed.After(at) {
			name, at = candidate, changed
		}
	}
	for _, file := range b.Environment.Value.Files {
		consider(file.Path, file.Info)
	}
	for _, file := range b.UnitFiles.Value.All() {
		consider(file.Path, file.Info)
	}
	return name, at
}

// HasProcess tells whether a server's process was there at a look.
func (b *Box) HasProcess(process facts.Process) bool {
	for _, server := range b.Processes.Value.Servers {
		for _, other := range append([]facts.Process{server.Master}, server.Workers...) {
			if other.ID() == process.ID() {
				return true
			}
		}
	}
	return false
}
