package steps

import (
	"flasktui/steps/box"
	"flasktui/steps/fixes"
	"flasktui/steps/manager"
	"flasktui/steps/report"
	"flasktui/sys"
)

// QuickPart is one part of the guide's quick fix, made ready for a box.
type QuickPart struct {
	Plan report.Plan
	// Skip is why the part has nothing to do here; empty where it has. That is not
	// Blocked, which ends the run.
	Skip sys.Text
}

// QuickFix is the guide's remedy for the commonest case, in its order: have systemd read
// the unit, restart the service, test and reload Nginx. It is none before the box has
// been looked at.
func (examination Examination) QuickFix() []QuickPart {
	if examination.facts == nil {
		return nil
	}
	b := box.New(examination.facts)
	parts := []QuickPart{{Plan: fixes.PlanFor(b, fixes.DaemonReload()).Plan}, {Plan: fixes.PlanFor(b, fixes.Restart()).Plan}, {Plan: fixes.PlanFor(b, fixes.NginxReload()).Plan}}
	unit, nginx := &parts[0], &parts[2]
	unit.Skip = manager.Of(b).NoUnit()
	switch {
	case b.SiteNginx().Absent():
		nginx.Skip = b.SiteNginx().Problem
	case b.SiteNginx().Known && b.SiteNginx().Value.Failure == "" && len(b.NginxWorkers()) == 0:
		nginx.Skip = "no Nginx runs on this box"
	}
	return parts
}
