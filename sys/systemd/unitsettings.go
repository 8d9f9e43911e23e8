package systemd

import (
	"slices"
	"strings"
)

// settingKind is how the value of a key compares with what systemctl prints of it.
type settingKind struct {
	// form brings both to one form; ok is false for a value that it cannot bring there.
	form func(value string) (text string, ok bool)
	// list: the values of several lines add up.
	list bool
	keys string
}

// settingKinds are the keys whose form is known well enough to say that a value differs,
// as found with systemd 257; any other key is only ever the same, or cannot be told.
func settingKinds() []settingKind {
	return []settingKind{
		{form: formWord, keys: "Type ExitType User Group DynamicUser Restart RestartMode RemainAfterExit GuessMainPID KillMode SendSIGKILL " +
			"SendSIGHUP NotifyAccess OOMPolicy Nice OOMScoreAdjust Slice NoNewPrivileges PrivateDevices PrivateNetwork PrivateMounts " +
			"ProtectClock ProtectKernelTunables ProtectKernelModules ProtectKernelLogs ProtectHome ProtectSystem ProtectProc ProcSubset " +
			"RemoveIPC MemoryDenyWriteExecute RestrictRealtime RestrictSUIDSGID LockPersonality NonBlocking IgnoreSIGPIPE KeyringMode " +
			"RuntimeDirectoryPreserve StartLimitBurst StartLimitAction FailureAction SuccessAction FileDescriptorStoreMax RestartSteps " +
			"CPUWeight StartupCPUWeight IOWeight RootDirectoryStartOnly SyslogLevelPrefix DefaultDependencies StopWhenUnneeded " +
			"RefuseManualStart RefuseManualStop DevicePolicy UtmpMode TimeoutStartFailureMode TimeoutStopFailureMode PAMName " +
			"CPUAccounting MemoryAccounting TasksAccounting IOAccounting IOSchedulingPriority CPUSchedulingPriority LogRateLimitBurst"},
		{form: formBoolean, keys: "PrivateTmp PrivateUsers ProtectControlGroups ProtectHostname PrivateIPC Delegate MountAPIVFS"},
		{form: formText, keys: "Description SyslogIdentifier"},
		{form: formStream, keys: "StandardInput StandardOutput StandardError"},
		{form: formPath, keys: "WorkingDirectory RootDirectory RootImage TTYPath"},
		{form: formRuntimePath, keys: "PIDFile"},
		{form: formWords, list: true, keys: "SupplementaryGroups PassEnvironment UnsetEnvironment ReadWritePaths ReadOnlyPaths " +
			"InaccessiblePaths ExecPaths NoExecPaths Documentation"},
		{form: formDirectories, list: true, keys: "RuntimeDirectory StateDirectory CacheDirectory LogsDirectory ConfigurationDirectory"},
		{form: formSpan, keys: "LimitCPU LogRateLimitIntervalSec RestartSec StartLimitIntervalSec StartLimitInterval RestartMaxDelaySec"},
		{form: formWatchdog, keys: "WatchdogSec"},
		{form: formTimeout, keys: "TimeoutStartSec TimeoutStopSec RuntimeMaxSec"},
		{form: formSize, keys: "MemoryMax MemoryHigh MemoryLow MemoryMin MemorySwapMax TasksMax"},
		{form: formQuota, keys: "CPUQuota"},
		{form: formOctal, keys: "UMask RuntimeDirectoryMode StateDirectoryMode CacheDirectoryMode LogsDirectoryMode ConfigurationDirectoryMode"},
		{form: formSignal, keys: "KillSignal RestartKillSignal FinalKillSignal WatchdogSignal ReloadSignal"},
		{form: formCapabilities, list: true, keys: "CapabilityBoundingSet AmbientCapabilities"},
		{form: formSize, keys: "LimitFSIZE LimitDATA LimitSTACK LimitCORE LimitRSS LimitNOFILE LimitAS LimitNPROC LimitMEMLOCK LimitLOCKS " +
			"LimitSIGPENDING LimitMSGQUEUE LimitRTPRIO"},
	}
}

// unsureSettings are keys that systemctl prints in a form of its own: one that no file has
// and the manager holds may follow from another setting.
const unsureSettings = "BindPaths BindReadOnlyPaths TemporaryFileSystem SystemCallFilter SystemCallArchitectures RestrictAddressFamilies " +
	"RestrictFileSystems IPAddressAllow IPAddressDeny DeviceAllow LoadCredential LoadCredentialEncrypted SetCredential " +
	"SetCredentialEncrypted CPUAffinity SecureBits SuccessExitStatus RestartPreventExitStatus RestartForceExitStatus LogExtraFields " +
	"LogLevelMax StandardInputData ExtensionDirectories ExtensionImages MountImages AppArmorProfile SELinuxContext Personality " +
	"OnFailure OnSuccess ExecSearchPath NetworkNamespacePath RestrictNamespaces SyslogFacility SyslogLevel MountFlags CPUSchedulingPolicy " +
	"IOSchedulingClass SystemCallErrorNumber TimerSlackNSec"

// kindOf is how a key compares; known is false where it can be the same at most.
func kindOf(key string) (kind settingKind, known bool) {
	for _, kind := range settingKinds() {
		if slices.Contains(strings.Fields(kind.keys), key) {
			return kind, true
		}
	}
	return settingKind{list: true}, false
}

// propertiesOf are the properties that a key sets.
func propertiesOf(key string) []string {
	switch root, isTime := strings.CutSuffix(key, "Sec"); {
	case key == "TimeoutSec":
		return []string{"TimeoutStartUSec", "TimeoutStopUSec"}
	case key == "CPUQuota":
		return []string{"CPUQuotaPerSecUSec"}
	case key == "StartLimitInterval":
		return []string{"StartLimitIntervalUSec"}
	case isTime:
		return []string{root + "USec"}
	case isLimit(key):
		return []string{key, key + "Soft"}
	}
	return []string{key}
}

func isLimit(key string) bool { return strings.HasPrefix(key, "Limit") }

// settingOfProperty is the key that sets a property; empty for what is no setting. known is
// as of kindOf.
func settingOfProperty(property string) (key string, known bool) {
	for _, kind := range settingKinds() {
		for _, key := range strings.Fields(kind.keys) {
			if slices.Contains(propertiesOf(key), property) {
				return key, true
			}
		}
	}
	switch {
	case slices.Contains(strings.Fields(unsureSettings), property):
		return property, false
	case isUnitCommand(property), property == "Environment":
		return property, true
	case property == "EnvironmentFiles":
		return "EnvironmentFile", true
	}
	return "", false
}

// valueVerdict is what comes of comparing one value.
type valueVerdict int

const (
	valueUntold valueVerdict = iota
	valueSame
	valueOther
)

// compare compares what the files say with what the manager holds.
func (kind settingKind) compare(onDisk []string, loaded string) valueVerdict {
	last, all := onDisk[len(onDisk)-1], strings.Join(onDisk, " ")
	if kind.form == nil {
		for _, form := range []func(string) (string, bool){formWord, formWords, formSpan, formSize} {
			own, ok := form(last)
			joined, joinedOK := form(all)
			if held, heldOK := form(loaded); heldOK && (ok && own == held || joinedOK && joined == held) {
				return valueSame
			}
		}
		return valueUntold
	}
	value := last
	if kind.list {
		value = all
	}
	own, ok := kind.form(value)
	held, heldOK := kind.form(loaded)
	switch {
	case ok && heldOK && own == held:
		return valueSame
	case ok && heldOK:
		return valueOther
	}
	return valueUntold
}

// limitPart is the hard limit, or for a property that ends with Soft the soft one, of
// "soft:hard"; one number is both.
func limitPart(value, property string) string {
	soft, hard, both := strings.Cut(value, ":")
	switch {
	case !both:
		return value
	case strings.HasSuffix(property, "Soft"):
		return soft
	}
	return hard
}

// followsFromAnother tells whether the manager sets a property by itself, because of what
// the unit says elsewhere or of how it was started.
func followsFromAnother(property, loaded, bare string, unit UnitProperties) bool {
	switch property {
	case "Type":
		return slices.Contains([]string{"simple", "oneshot", "dbus", ""}, loaded)
	case "NotifyAccess":
		return loaded == "main"
	case "WatchdogUSec":
		return loaded == "0" || loaded == "infinity"
	case "OOMPolicy":
		return loaded == "continue" && unit.One("Delegate") == "yes"
	case "Slice":
		// A user's own manager puts services below app.slice (systemd.special(7)).
		return strings.HasPrefix(loaded, "system") || strings.HasPrefix(loaded, "app") && strings.Contains(unit.One("ControlGroup"), "/user@")
	case "StandardInput", "StandardOutput", "StandardError":
		return slices.Contains([]string{"null", "inherit", "journal"}, loaded)
	case "RestartKillSignal":
		return loaded == unit.One("KillSignal")
	case "TimeoutStartUSec":
		return loaded == "infinity" && unit.One("Type") == "oneshot"
	case "DevicePolicy":
		return unit.One("PrivateDevices") == "yes" || unit.One("ProtectClock") == "yes"
	case "DeviceAllow":
		return unit.One("ProtectClock") == "yes"
	case "Description":
		return loaded == unit.One("Id")
	case "CapabilityBoundingSet":
		return masksCapabilities(unit) && keepsOtherCapabilities(loaded, bare)
	case "ProtectSystem", "ProtectHome", "PrivateTmp", "RemoveIPC", "NoNewPrivileges", "RestrictSUIDSGID", "User", "Group":
		return unit.One("DynamicUser") == "yes"
	}
	return false
}

// masksCapabilities: other settings take capabilities away as well, and systemctl prints
// what remains (systemd.exec(5), PrivateDevices= and others).
func masksCapabilities(unit UnitProperties) bool {
	return slices.ContainsFunc([]string{"PrivateDevices", "ProtectKernelModules", "ProtectKernelLogs", "ProtectClock"}, func(name string) bool {
		return unit.One(name) == "yes"
	})
}

// keepsOtherCapabilities tells whether only those are gone that such settings take away.
func keepsOtherCapabilities(loaded, bare string) bool {
	taken := strings.Fields("cap_mknod cap_sys_rawio cap_sys_module cap_syslog cap_sys_time cap_wake_alarm")
	for name := range strings.FieldsSeq(bare) {
		if !slices.Contains(taken, name) && !slices.Contains(strings.Fields(loaded), name) {
			return false
		}
	}
	return true
}
