package fixes

import (
	"cmp"
	"path"
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/guide"
	"flasktui/steps/manager"
	"flasktui/steps/report"
	"flasktui/sys"
)

// ReleaseMarker has the service say which release it is.
func ReleaseMarker() Kind {
	return Kind{
		ID: "release-marker", Title: "Set APP_RELEASE for the service and restart",
		patience: soon,
		plan:     planReleaseMarker,
		done:     doneReleaseMarker,
		page: guide.Page{
			Does: "Writes a drop-in that sets APP_RELEASE to the release on disk, makes systemd read it and restarts the service. " +
				"The app has to answer with it: `flasktui explain 14` shows how.",
			When: "The site cannot say which release it runs. Let your deploy write the drop-in from then on: a marker that nobody " +
				"renews is worse than none.",
			Risk:     "Medium: that of the restart.",
			Undo:     "Remove the drop-in, daemon-reload, restart.",
			Proof:    "The live marker answers with the release on disk.",
			Commands: []string{"systemctl daemon-reload", "systemctl restart {unit}", "curl -s {url}/version"},
			See:      []string{"daemon-reload-restart"},
		},
	}
}

func planReleaseMarker(b *box.Box) Prepared {
	id := b.ActiveIdentity()
	name := cmp.Or(id.Name, box.ShortCommit(id.Commit))
	switch {
	case manager.Of(b).NoUnit() != "":
		return blocked(manager.Of(b).NoUnit())
	case b.Unit.Owner != nil:
		return blocked(sys.Textf("the unit is %s's own, and so is the directory of its drop-ins: set APP_RELEASE there, as that user", b.Unit.Owner))
	case name == "":
		return blocked("nothing on disk names the release (no release directory, commit or REVISION file)")
	case strings.ContainsFunc(name, notPlain):
		return blocked(sys.Textf("the release's name %s is not made of letters, digits and . _ - + : @ alone, and might mean more to systemd than a name", sys.Quote(name)))
	}
	write := change(serviceTimeout, "install", "-D", "-m", "0644", "/dev/stdin", path.Join("/etc/systemd/system", b.Unit.Name+".d", "flasktui-release.conf"))
	write.Command.Stdin = []byte("[Service]\nEnvironment=APP_RELEASE=" + name + "\n")
	plan := planned(report.Plan{
		Effect: sys.Textf("A drop-in sets APP_RELEASE=%s for %s, and the service is restarted with it. The app must read the variable (flasktui explain release-marker shows how).", name, b.Unit.Name),
		Risk:   report.MediumRisk,
		Undo:   sys.Typed("rm /etc/systemd/system/%s.d/flasktui-release.conf && systemctl daemon-reload && systemctl restart %s", b.Unit.Name, b.Unit.Name),
	}, write, change(serviceTimeout, "systemctl", "daemon-reload"), restartAction(b)).dependingOn(unitFileStates(b))
	plan.Blocked = manager.Of(b).Restart(manager.Made{Reread: true}).Refusal
	return plan
}

// notPlain tells the characters that may not stand in what root writes into a unit file.
// Whoever deploys makes up the names of releases; systemd expands % and \, and takes a
// carriage return for the end of a line, behind which a name could say User=root.
func notPlain(r rune) bool {
	return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && !strings.ContainsRune("._-+:@", r)
}

func doneReleaseMarker(before, after *box.Box) (bool, sys.Text) {
	if done, missing := doneRestart(before, after); !done {
		return false, missing
	}
	if marker := after.AppTally().Only(); after.Meaning(marker) != box.MarkerExpected {
		return false, sys.Textf("the variable is set, but the app does not answer with it at %s: it does not read APP_RELEASE yet", after.Site.Value.VersionPath)
	}
	return true, sys.Textf("the site answers with its release at %s", after.Site.Value.VersionPath)
}
