package steps

import (
	"path"

	"flasktui/steps/report"
	"flasktui/sys"
)

// findShadow sees Python import the app from another tree than the release, with another
// content (G4).
func findShadow(v *view) *report.Finding {
	code, deployment := v.Code.Value, v.Deployment.Value
	shadow := code.Shadow
	if !v.Code.Known || shadow == nil || shadow.Differs == "" {
		return nil
	}
	return &report.Finding{
		Confidence: report.Certain,
		Why: sys.Textf("Python finds %s in %s, which comes before the release on its search path (by %s), and its content is another than that of %s. The new code is there, and is not imported.",
			shadow.Module, shadow.File, shadow.Via, deployment.Active),
		Evidence: []report.Evidence{
			report.Observed("imported from", sys.Textf("%s", shadow.File), sys.Textf("sys.path rebuilt from the files, by %s", shadow.Via)),
			report.Observed("differs", sys.Textf("%s", shadow.Differs), sys.Textf("compared with its copy beside %s", shadow.File)),
		},
		Advice: "Install the release anew into the service's environment (pip install --force-reinstall --no-deps, as the app's user), or take the old copy out, then restart the service.",
	}
}

// findBytecode sees .pyc files that Python would use instead of newer source (G12).
func findBytecode(v *view) *report.Finding {
	stale := v.Code.Value.Bytecode
	if !v.Code.Known || len(stale) == 0 {
		return nil
	}
	finding := &report.Finding{
		Confidence: report.Likely,
		Why: sys.Textf("%s was compiled before %s got its present content, and Python would use it all the same: the time and size in its header still fit. A restart alone imports the old code again.",
			stale[0].Path, stale[0].Source),
		Fixes: []string{"clear-bytecode"},
	}
	if stale[0].Unchecked {
		finding.Confidence = report.Certain
		finding.Why = sys.Textf("%s is marked never to be compared with its source, which changed after it was compiled. Python goes on using it whatever the source says.", stale[0].Path)
	}
	for _, one := range stale[:min(len(stale), 5)] {
		finding.Evidence = append(finding.Evidence, report.Observed(path.Base(one.Path),
			sys.Textf("compiled %s, source changed %s", v.exactClock(one.WrittenAt, one.ChangedAt), v.exactClock(one.ChangedAt, one.WrittenAt)), sys.Textf("first 16 bytes of %s", one.Path)))
	}
	return finding
}

// findTemplates sees templates that changed after the workers began while no code did:
// Jinja keeps what it has once rendered (G13).
func findTemplates(v *view) *report.Finding {
	if !v.Code.Known || v.Code.Value.AutoReloadTemplates || !v.running {
		return nil
	}
	for _, one := range v.staying() {
		template := v.Code.Value.Template
		if one.commit != "" && !one.commitMoved(v) {
			template = v.Code.Value.EditedTemplate
		}
		if template.At.IsZero() || !after(template.At, one.process.Started) || !v.clockDecides(template.At, one.process.Started) {
			continue
		}
		return &report.Finding{
			Confidence: report.Likely,
			Why: sys.Textf("%s changed at %s, after the %s %d was started at %s. Flask keeps a template in memory once it has rendered it, so workers that did show the old one.",
				v.shortSource(template.Path), v.exactClock(template.At, one.process.Started), one.role, one.process.PID, v.exactClock(one.process.Started, template.At)),
			Evidence: []report.Evidence{
				report.Observed("template changed", v.exactClock(template.At, one.process.Started), sys.Textf("statx %s", template.Path)),
				report.Observed(one.role+" started", v.exactClock(one.process.Started, template.At), sys.Textf("/proc/%d/stat", one.process.PID)),
			},
			Fixes: []string{"hup", "restart"},
		}
	}
	return nil
}
