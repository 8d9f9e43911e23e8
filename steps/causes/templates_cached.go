package causes

import (
	"flasktui/steps/box"
	"flasktui/steps/fixes"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/steps/walk"
	"flasktui/sys"
)

func templatesCached() Kind {
	return Kind{
		ID: "templates-cached", Title: "Workers hold older templates in memory",
		Step:  walk.ServiceRestart().Number,
		Claim: report.ClaimLoaded,
		Hop:   report.HopWorkers, instead: "hold older templates in memory",
		marks: []Moment{TemplatesRead},
		find:  findTemplates,
		under: []func() Kind{serviceNotRestarted, releaseDirDeleted, mixedWorkers, hupWithPreload, orphanGunicorn, serviceFailed},
		page: guide.Page{
			What: "Only templates changed. Jinja compiled the old ones when they were first used, and in production it does not look again.",
			How: "A change of wording seems too small for a restart; TEMPLATES_AUTO_RELOAD is off outside debug mode, and should " +
				"be.",
			Commands: []string{
				"find {current}/ -path '*templates*' -type f -newermt \"$(ps -o lstart= -p {pid})\" | head",
				"ps -o pid,lstart --ppid {pid}",
			},
			Prevent: "Treat a template as code: each deploy reloads or restarts, whatever it changed.",
			Guard:   []string{"sudo systemctl restart {unit}"},
			See:     []string{"hup", "restart"},
		},
	}
}

// findTemplates sees templates that changed after the workers began while no code did:
// Jinja keeps what it has once rendered (G13).
func findTemplates(b *box.Box) *report.Finding {
	if !b.Code.Known || b.Code.Value.AutoReloadTemplates || !b.Running {
		return nil
	}
	for _, one := range b.Rendering() {
		template := b.Code.Value.EditedTemplate
		if template.At.IsZero() || !box.After(template.At, one.Process.Started) || !b.ClockDecides(template.At, one.Process.Started) {
			continue
		}
		return &report.Finding{
			Confidence: report.Likely,
			Why: sys.Textf("%s changed at %s, after the %s %d was started at %s. Flask keeps a template in memory once it has rendered it, so processes that rendered it before keep showing the old one.",
				b.ShortSource(template.Path), b.ExactClock(template.At, one.Process.Started), one.Role, one.Process.PID, b.ExactClock(one.Process.Started, template.At)),
			Evidence: []report.Evidence{
				report.Observed("template changed", b.ExactClock(template.At, one.Process.Started), sys.Textf("statx %s", template.Path)),
				report.Observed(one.Role+" started", b.ExactClock(one.Process.Started, template.At), sys.Textf("/proc/%d/stat", one.Process.PID)),
			},
			Fixes: fixes.IDs(fixes.TouchWSGI, fixes.ApacheReload, fixes.HUP, fixes.Restart),
		}
	}
	return nil
}
