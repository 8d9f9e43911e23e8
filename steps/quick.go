package steps

import (
	"flasktui/steps/box"
	"flasktui/steps/fixes"
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
	var parts []QuickPart
	for _, id := range []string{"daemon-reload", "restart", "nginx-reload"} {
		fix, ok := fixes.ByID(id)
		if !ok {
			continue
		}
		part := QuickPart{Plan: fixes.PlanFor(b, fix).Plan}
		switch {
		case id == "daemon-reload" && !b.HasUnit:
			part.Skip = "the service is no systemd unit"
		case id == "nginx-reload" && b.NginxDisk.Absent:
			part.Skip = sys.Textf("%s", b.NginxDisk.Problem)
		case id == "nginx-reload" && b.NginxDisk.Known && b.NginxDisk.Value.Failure == "" && len(b.NginxWorkers()) == 0:
			part.Skip = "no Nginx runs on this box"
		}
		parts = append(parts, part)
	}
	return parts
}
