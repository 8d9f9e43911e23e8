package causes

import (
	"path"
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/fixes"
	"flasktui/steps/guide"
	"flasktui/steps/manager"
	"flasktui/steps/report"
	"flasktui/steps/walk"
	"flasktui/sys"
	"flasktui/sys/docker"
)

func deployedElsewhere() Kind {
	return Kind{
		ID: "deployed-elsewhere", Title: "The new code is not in the directory that the service runs from",
		Step:  walk.CodeOnDisk().Number,
		Claim: report.ClaimIntended,
		Hop:   report.HopRelease, instead: "the deploy puts new code elsewhere",
		common: true,
		find:   findDeployedElsewhere,
		under:  []func() Kind{symlinkNotSwitched, unitPointsToOldPath},
		page: guide.Page{
			What: "The deploy did its work in one directory, and the service runs from another. Both are in perfect order.",
			How: "The target path of the pipeline and the WorkingDirectory of the unit were changed at different times; a second " +
				"checkout for trials became the real one; a bind mount takes its source from a third place.",
			Commands: []string{
				"sudo readlink /proc/{pid}/cwd",
				"systemctl show {unit} -p WorkingDirectory",
				"docker compose ls",
				"sudo find /srv /var/www /opt /home -maxdepth 5 -name wsgi.py -printf '%T+ %p\\n' 2>/dev/null | sort | tail -5",
			},
			Prevent: "Let the deploy ask the unit where to write, so that there is one truth.",
			Guard:   []string{"TARGET=$(systemctl show {unit} -p WorkingDirectory --value)", "flasktui check {unit} --app-dir \"$TARGET\" --expect \"$RELEASE\""},
			See:     []string{"code-on-disk", "unit-points-to-old-path"},
		},
	}
}

// findDeployedElsewhere sees new code where the service does not take its own from: in
// the directory that the person named.
func findDeployedElsewhere(b *box.Box) *report.Finding {
	deployment := b.Deployment.Value
	if deployment.AppDir == nil {
		return nil
	}
	return appDirElsewhere(b, *deployment.AppDir)
}

// appDirElsewhere compares the directory that the person named with the one that runs.
func appDirElsewhere(b *box.Box, appDir facts.Tree) *report.Finding {
	deployment := b.Deployment.Value
	if appDir.Problem != "" || sys.Within(appDir.Resolved, deployment.Active) || sys.Within(deployment.Active, appDir.Resolved) {
		return nil
	}
	if _, isRelease := deployment.ReleaseOf(appDir.Resolved); isRelease || appDir.Resolved == deployment.ReleasesDirectory ||
		deployment.Link != nil && appDir.Resolved == path.Dir(deployment.Link.Path) {
		return nil
	}
	declared := manager.Of(b).Declaration()
	finding := &report.Finding{
		Confidence: report.Certain,
		Why: sys.Textf("The deploy puts its code into %s, and the service takes its own from %s. What is in the first is never run.",
			appDir.Resolved, deployment.Active),
		Evidence: []report.Evidence{
			report.Observed("the deploy's directory", sys.Textf("%s, code changed %s", appDir.Resolved, b.Clock(appDir.ChangedAt.At)), "--app-dir"),
			report.Observed("the service's directory", sys.Textf("%s, code changed %s", deployment.Active, b.Clock(b.Code.Value.DiskSource().At)), declared.Source),
		},
		Advice: "Make the deploy write to the directory that the service is started in.",
	}
	if container, ok := b.TargetContainer(); ok && container.Project != "" {
		finding.Advice = projectElsewhere(b, container, appDir.Resolved)
	}
	if declared.Editable {
		finding.Fixes = fixes.IDs(fixes.EditUnit)
	}
	if !appDir.HoldsApp {
		finding.Confidence = report.Likely
		finding.Why += sys.Textf(" (%s holds no module of the app's name.)", appDir.Resolved)
	}
	return finding
}

// projectElsewhere is what to do about a Compose project that is started from one directory
// and deployed into another. Compose would name the other project after its own directory.
func projectElsewhere(b *box.Box, container docker.Container, directory string) sys.Text {
	project := b.Compose.Value.Project
	if !b.Compose.Known {
		project = container.ComposeProject()
	}
	from := project.Directory
	moved := project
	moved.Directory, moved.Files, moved.EnvironmentFile = directory, nil, ""
	for _, file := range project.Files {
		moved.Files = append(moved.Files, movedTo(file, from, directory))
	}
	return sys.Textf("Make the deploy write into %s, from which the Compose project %s was started. Or, where %s has the Compose files too, start the project from there under the same name: %s",
		from, container.Project, directory, sys.CommandLine(b.Compose.Value.Argv(moved, "up", "-d", "--build")))
}

// movedTo is a file of one directory in another; one that lies elsewhere stays where it is.
func movedTo(file, from, to string) string {
	if inside, below := strings.CutPrefix(file, strings.TrimSuffix(from, "/")+"/"); below && from != "" {
		return path.Join(to, inside)
	}
	return file
}
