package fixes

import (
	"flasktui/steps/box"
	"flasktui/sys"
)

// This file is the commands that a person would type to change what a step looks at. They
// are few, and kept apart from those that only look: whoever pastes these restarts a site.

// LoadUnitByHand has systemd read the unit, and the service run from it.
func LoadUnitByHand(b *box.Box) []sys.Text {
	if !b.HasUnit {
		return RestartByHand(b)
	}
	return append([]sys.Text{"sudo systemctl daemon-reload"}, RestartByHand(b)...)
}

// ReloadNginxByHand has Nginx load its configuration, if it is valid.
func ReloadNginxByHand(b *box.Box) []sys.Text {
	name := b.NginxInProject()
	if b.Front.Known {
		name = b.Front.Value.Name
	}
	if name != "" {
		return []sys.Text{sys.Textf("docker exec %s nginx -t && docker exec %s nginx -s reload", name, name)}
	}
	return []sys.Text{"sudo nginx -t && sudo systemctl reload nginx"}
}

// RestartByHand starts the service anew.
func RestartByHand(b *box.Box) []sys.Text {
	restart := b.RestartArgv()
	if restart == nil {
		return nil
	}
	return []sys.Text{sys.Textf("sudo %s", sys.CommandLine(restart))}
}

// ReloadByHand is a HUP, where it would do no harm.
func ReloadByHand(b *box.Box) []sys.Text {
	plan := planHUP(b)
	if plan.Blocked != "" {
		return nil
	}
	return []sys.Text{sys.Textf("sudo %s", sys.CommandLine(plan.Commands[0]))}
}
