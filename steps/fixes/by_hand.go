package fixes

import (
	"flasktui/steps/box"
	"flasktui/steps/manager"
	"flasktui/sys"
)

// This file is the commands that a person would type to change what a step looks at. They
// are few, and kept apart from those that only look: whoever pastes these restarts a site.

// LoadUnitByHand has systemd read the unit, and the service run from it.
func LoadUnitByHand(b *box.Box) []sys.Text {
	if manager.Of(b).NoUnit() != "" {
		return RestartByHand(b)
	}
	return append(typed(planDaemonReload(b)), RestartByHand(b)...)
}

// ReloadNginxByHand has Nginx load its configuration, if it is valid.
func ReloadNginxByHand(b *box.Box) []sys.Text {
	if name := b.NginxInProject(); name != "" && !b.Front.Known {
		return []sys.Text{sys.Textf("docker exec %s nginx -t && docker exec %s nginx -s reload", name, name)}
	}
	if started := b.SiteNginx().Value.Started; started != nil {
		return []sys.Text{otherNginxByHand(*started)}
	}
	return typed(planNginxReload(b))
}

// RestartByHand is a restart by whatever runs the service, where it would help.
func RestartByHand(b *box.Box) []sys.Text { return typed(planRestart(b)) }

// ReloadByHand is a HUP, where it would do no harm.
func ReloadByHand(b *box.Box) []sys.Text {
	plan := planHUP(b)
	commands := typed(plan)
	if told := b.Settings.Value.UWSGI; told != nil && plan.Blocked == "" {
		for _, file := range told.Touch {
			commands = append(commands, sys.Typed("touch %s", file))
		}
		if keeper, _, found := b.KeeperOf(b.Server); found && keeper.Tool == "touch" && keeper.Named() {
			commands = append(commands, sys.Typed("touch %s", keeper.Argv[1]))
		}
	}
	return commands
}

// typed are a plan's commands as a person types them, each only where the one before went
// well; none where they may not be run.
func typed(plan Prepared) []sys.Text {
	if plan.Blocked != "" || len(plan.Run) == 0 {
		return nil
	}
	var line sys.Text
	for index, one := range plan.Run {
		if index > 0 {
			line += " && "
		}
		if one.Command.Elevate {
			line += "sudo "
		}
		line += sys.Textf("%s", sys.CommandLine(one.Command.Argv))
	}
	return []sys.Text{line}
}
