package fixes

import (
	"flasktui/steps/box"
	"flasktui/steps/guide"
	"flasktui/steps/manager"
	"flasktui/steps/report"
	"flasktui/sys"
)

// EditUnit opens the unit, and has the service run from what was saved.
func EditUnit() Kind {
	return Kind{
		ID: "edit-unit", Title: "Edit the unit, load it and restart the service",
		patience: soon,
		plan:     planEditUnit,
		done:     doneDaemonReloadRestart,
		page: guide.Page{
			Does:     "Opens the whole unit in your editor, then makes systemd read it and restarts the service.",
			When:     "A path in the unit is wrong. Only you can know what is right, so flasktui opens the file and writes nothing into it.",
			Risk:     "Medium: that of what you write, and of the restart. It needs a terminal.",
			Undo:     "`systemctl revert UNIT` removes what was overridden in /etc and goes back to the packaged unit; without one, edit again.",
			Proof:    "The unit is active, and its processes run from the active release.",
			Commands: []string{"systemctl edit --full {unit}", "systemctl daemon-reload", "systemctl restart {unit}"},
			See:      []string{"unit-points-to-old-path", "daemon-reload-restart"},
		},
	}
}

func planEditUnit(b *box.Box) Prepared {
	if reason := manager.Of(b).NoUnit(); reason != "" {
		return blocked(reason)
	}
	order := manager.EditOrder(b)
	if order.As != nil {
		// An editor needs the terminal, which a command with another's rights has not.
		return blocked(sys.Textf("the unit is %s's own: log in as that user and type: ", order.As) + b.Unit.Typed("systemctl edit --full %s", b.Unit.Name))
	}
	edit := given(0, order)
	edit.Command.Terminal = true
	return planned(report.Plan{
		Effect: sys.Textf("Your editor opens the unit %s; what you save is loaded, and the service is restarted from it.", b.Unit.Name),
		Risk:   report.MediumRisk,
		Undo:   b.Unit.Typed("systemctl revert %s", b.Unit.Name) + sys.Textf(" removes the edited copy, where the unit came from a package."),
	}, edit, given(serviceTimeout, manager.RereadOrder(b)), restartAction(b)).dependingOn(unitFileStates(b))
}
