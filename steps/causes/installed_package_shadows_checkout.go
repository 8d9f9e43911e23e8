package causes

import (
	"slices"

	"flasktui/steps/box"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/steps/walk"
	"flasktui/sys"
)

func installedPackageShadowsCheckout() Kind {
	return Kind{
		ID: "installed-package-shadows-checkout", Title: "Python imports the app from another tree",
		Step:  walk.WorkingDirectory().Number,
		Claim: report.ClaimLoaded,
		Hop:   report.HopWorkers, instead: "import the app from another tree",
		marks: []Moment{WorkersStarted},
		find:  findShadow,
		under: []func() Kind{unitPointsToOldPath},
		page: guide.Page{
			What: "The release is in place and the directory is right, but Python finds the app somewhere else first: a copy in " +
				"site-packages, another checkout on PYTHONPATH, an editable install of an older one.",
			How: "`pip install .` once, and never again, or with an unchanged version number, which pip takes for already " +
				"installed; `pip install -e` from a directory that was later moved; a src layout, where the working directory " +
				"holds no package.",
			Commands: []string{
				"ls -d {venv}/lib/python3*/site-packages/*.dist-info | head -50",
				"cat {venv}/lib/python3*/site-packages/*.pth {venv}/lib/python3*/site-packages/*.dist-info/direct_url.json",
				"systemctl show {unit} -p Environment | grep -o 'PYTHONPATH=[^ ]*'",
			},
			Prevent: "Install the app into the release's own virtualenv each time, or do not install it at all.",
			Guard:   []string{"{current}/venv/bin/pip install --no-deps --force-reinstall {current}"},
			See:     []string{"working-directory"},
		},
	}
}

// findShadow sees Python import the app from another tree than the release, with another
// content (G4).
func findShadow(b *box.Box) *report.Finding {
	code, deployment := b.Code.Value, b.Deployment.Value
	shadow := code.Shadow
	if !b.Code.Known || !b.Deployment.Known || shadow == nil || shadow.Differs == "" {
		return nil
	}
	if sys.Within(deployment.Directory, shadow.File) && slices.Contains([]string{"chdir", "start directory"}, shadow.Via) {
		// Nothing is installed: it is where the service is told to start.
		return nil
	}
	return &report.Finding{
		Confidence: report.Certain,
		Why: sys.Textf("Python finds %s in %s, which comes before the release on its search path (by %s), and its content differs from that of %s. The new code is there, and is not imported.",
			shadow.Module, shadow.File, shadow.Via, deployment.Active),
		Evidence: []report.Evidence{
			report.Observed("imported from", sys.Textf("%s", shadow.File), sys.Textf("sys.path rebuilt from the files, by %s", shadow.Via)),
			report.Observed("differs", sys.Textf("%s", shadow.Differs), sys.Textf("compared with its copy beside %s", shadow.File)),
		},
		Advice: "Install the release again into the service's environment (pip install --force-reinstall --no-deps, as the app's user), or take the old copy out, then restart the service.",
	}
}
