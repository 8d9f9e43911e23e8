package walk

import (
	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/fixes"
	"flasktui/steps/guide"
	"flasktui/steps/manager"
	"flasktui/steps/report"
)

// DaemonReload is the unit on disk beside the one that systemd holds.
func DaemonReload() Step {
	return Step{
		Number: 5, ID: "daemon-reload", Title: "Daemon reload",
		Question: "Does systemd hold the unit that is on disk?",
		Claim:    report.ClaimConfiguration,
		Needs:    []func() facts.Group{facts.GroupUnitFiles, facts.GroupEnvironment},
		Judge:    judgeDaemonReload,
		Acts:     fixes.LoadUnitByHand,
		page: guide.Page{
			Asks: "Is the unit that systemd holds in memory the one that lies on disk, drop-ins included?",
			Why: "systemd reads unit files when it is told to. After an edit it goes on restarting the service from its own " +
				"copy, and does not mention it where nobody looks.",
			Good: "NeedDaemonReload=no, the file found first on the unit path is the one that is loaded, and the process was " +
				"started after the last change to any of them.",
			Read: "\"no\" is not proof. A new unit file in a directory of higher precedence goes unnoticed, so flasktui " +
				"compares the files themselves. And a reload alone starts nothing: after it, the answer is \"no\" while the " +
				"process still runs from the older unit.",
			Mistake: "Editing the copy in /lib or /usr/lib while one in /etc hides it. Or reloading systemd and forgetting the " +
				"restart.",
			Commands: []string{
				"systemctl show {unit} -p NeedDaemonReload,FragmentPath,DropInPaths,ExecMainStartTimestamp",
				"systemctl cat {unit}",
				"systemctl show -p UnitPath",
			},
			IfItFails: "`systemctl daemon-reload`, then restart the service. In that order.",
			See:       []string{"daemon-reload-needed", "unit-change-not-applied", "daemon-reload-restart"},
		},
	}
}

// judgeDaemonReload: what the manager holds against what is on disk, and the process
// against both.
func judgeDaemonReload(b *box.Box) report.Result { return manager.Of(b).Configuration() }
