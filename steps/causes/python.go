package causes

import (
	"path"

	"flasktui/steps/box"
	"flasktui/steps/report"
	"flasktui/sys"
)

// findShadow sees Python import the app from another tree than the release, with another
// content (G4).
func findShadow(b *box.Box) *report.Finding {
	code, deployment := b.Code.Value, b.Deployment.Value
	shadow := code.Shadow
	if !b.Code.Known || shadow == nil || shadow.Differs == "" {
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
func findBytecode(b *box.Box) *report.Finding {
	stale := b.Code.Value.Bytecode
	if !b.Code.Known || len(stale) == 0 {
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
			sys.Textf("compiled %s, source changed %s", b.ExactClock(one.WrittenAt, one.ChangedAt), b.ExactClock(one.ChangedAt, one.WrittenAt)), sys.Textf("first 16 bytes of %s", one.Path)))
	}
	return finding
}

// findTemplates sees templates that changed after the workers began while no code did:
// Jinja keeps what it has once rendered (G13).
func findTemplates(b *box.Box) *report.Finding {
	if !b.Code.Known || b.Code.Value.AutoReloadTemplates || !b.Running {
		return nil
	}
	for _, one := range b.Staying() {
		template := b.Code.Value.Template
		if one.Commit != "" && !one.CommitMoved(b) {
			template = b.Code.Value.EditedTemplate
		}
		if template.At.IsZero() || !box.After(template.At, one.Process.Started) || !b.ClockDecides(template.At, one.Process.Started) {
			continue
		}
		return &report.Finding{
			Confidence: report.Likely,
			Why: sys.Textf("%s changed at %s, after the %s %d was started at %s. Flask keeps a template in memory once it has rendered it, so workers that did show the old one.",
				b.ShortSource(template.Path), b.ExactClock(template.At, one.Process.Started), one.Role, one.Process.PID, b.ExactClock(one.Process.Started, template.At)),
			Evidence: []report.Evidence{
				report.Observed("template changed", b.ExactClock(template.At, one.Process.Started), sys.Textf("statx %s", template.Path)),
				report.Observed(one.Role+" started", b.ExactClock(one.Process.Started, template.At), sys.Textf("/proc/%d/stat", one.Process.PID)),
			},
			Fixes: []string{"hup", "restart"},
		}
	}
	return nil
}
