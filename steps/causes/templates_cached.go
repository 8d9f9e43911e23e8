package causes

import (
	"flasktui/steps/box"
	"flasktui/steps/report"
	"flasktui/sys"
)

func templatesCached() Kind {
	return Kind{
		ID: "templates-cached", Title: "Workers hold older templates in memory", Step: 4,
		Hop: report.HopWorkers, instead: "hold older templates in memory",
		marks: []Moment{TemplatesRead},
		find:  findTemplates,
		under: []func() Kind{serviceNotRestarted, releaseDirDeleted, mixedWorkers, hupWithPreload, orphanGunicorn, serviceFailed},
	}
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
