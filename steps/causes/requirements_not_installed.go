package causes

import (
	"path"

	"flasktui/steps/box"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/steps/walk"
	"flasktui/sys"
	"flasktui/sys/python"
)

func requirementsNotInstalled() Kind {
	return Kind{
		ID: "requirements-not-installed", Title: "The requirements are newer than the virtualenv",
		Step:  walk.WorkingDirectory().Number,
		Hop:   report.HopWorkers,
		Claim: report.ClaimLoaded,
		find:  findRequirements,
		page: guide.Page{
			What: "The release asks for packages, or versions of them, that its virtualenv does not have: the new code runs with the " +
				"old libraries, or does not start.",
			How: "The deploy brought the new requirements or lock file and did not install from it, the install failed and the script " +
				"went on, or it went into another virtualenv. flasktui compares the versions that are asked for with the metadata of " +
				"what is installed; that the file is merely younger says nothing.",
			Commands: []string{
				"ls -dt {venv}/lib/python3*/site-packages/*.dist-info | head -3",
				"stat -c '%y %n' {current}/requirements*.txt {current}/*.lock",
				"{venv}/bin/pip install --dry-run -r {current}/requirements.txt",
			},
			Prevent: "Install in every deploy, before the restart, and stop the script where that fails.",
			Guard:   []string{"set -euo pipefail", "{venv}/bin/pip install -r {current}/requirements.txt", "sudo systemctl restart {unit}"},
			See:     []string{"service-not-restarted", "service-failed"},
		},
	}
}

// findRequirements sees a requirements or a lock file that asks for something else than the
// virtualenv has, and changed after the last package was installed there (G51). Nothing says
// that the virtualenv is meant to follow the file, so it is no more than possible.
func findRequirements(b *box.Box) *report.Finding {
	if !b.Requirements.Known {
		return nil
	}
	seen := b.Requirements.Value
	for _, file := range seen.Files {
		if len(file.Differing) == 0 || !box.After(file.ChangedAt, seen.InstalledAt) {
			continue
		}
		finding := &report.Finding{
			Confidence: report.Possible,
			Why: sys.Textf("%s asks for %s, and %s. It changed at %s, and the last package was installed in %s at %s. If that virtualenv is to follow this file, the install has not happened.",
				file.Path, asked(file.Differing[0]), has(file.Differing[0]), b.Clock(file.ChangedAt), seen.Virtualenv, b.Clock(seen.InstalledAt)),
			Evidence: []report.Evidence{
				report.Observed("requirements changed", b.ExactClock(file.ChangedAt, seen.InstalledAt), sys.Typed("stat -c %%y %s", file.Path)),
				report.Observed("last install", b.ExactClock(seen.InstalledAt, file.ChangedAt)+sys.Textf(" (%s)", path.Base(seen.Newest)), sys.Typed("stat -c %%y %s", seen.Newest)),
			},
			Advice: howToInstall(seen, file),
		}
		for _, one := range file.Differing {
			finding.Evidence = append(finding.Evidence, report.Observed(one.Name, asked(one)+" is asked for; "+has(one), sys.Textf("%s", file.Path)))
		}
		if more := file.Count - len(file.Differing); more > 0 {
			finding.Evidence = append(finding.Evidence, report.Observed("others that differ", sys.Textf("%d", more), sys.Textf("%s", file.Path)))
		}
		return finding
	}
	return nil
}

func asked(one python.DifferingPackage) sys.Text { return sys.Textf("%s%s", one.Name, one.Wanted) }

func has(one python.DifferingPackage) sys.Text {
	if one.Installed == "" {
		return "it is not installed"
	}
	return sys.Textf("version %s is installed", one.Installed)
}

// howToInstall says what installs from a file. Where a tool of its own keeps it, that one
// decides which virtualenv it takes.
func howToInstall(seen python.Outdated, file python.OutdatedBy) sys.Text {
	tools := map[string]sys.Text{"poetry.lock": "poetry install", "uv.lock": "uv sync", "pdm.lock": "pdm sync", "Pipfile.lock": "pipenv sync"}
	if tool, isLock := tools[path.Base(file.Path)]; isLock {
		return sys.Textf("Install from it into %s, as the deploy should have (%s), then restart the service.", seen.Virtualenv, tool)
	}
	return "Install from it, then restart the service: " + sys.Typed("%s/bin/pip install -r %s", seen.Virtualenv, file.Path)
}
