package fixes

import (
	"flasktui/steps/box"
	"flasktui/sys"
)

// Acts are the commands that a person would type to change what a step looks at. They
// are few, and kept apart from those that only look: whoever pastes these restarts a site.
func Acts(b *box.Box, step string) []sys.Text {
	switch step {
	case "service-restart":
		return restartByHand(b)
	case "daemon-reload":
		if b.HasUnit {
			return append([]sys.Text{"sudo systemctl daemon-reload"}, restartByHand(b)...)
		}
		return restartByHand(b)
	case "nginx":
		name := b.NginxInProject()
		if b.Front.Known {
			name = b.Front.Value.Name
		}
		if name != "" {
			return []sys.Text{sys.Textf("docker exec %s nginx -t && docker exec %s nginx -s reload", name, name)}
		}
		return []sys.Text{"sudo nginx -t && sudo systemctl reload nginx"}
	case "gunicorn-reload":
		return reloadByHand(b)
	}
	return nil
}

func restartByHand(b *box.Box) []sys.Text {
	restart := b.RestartArgv()
	if restart == nil {
		return nil
	}
	return []sys.Text{sys.Textf("sudo %s", sys.CommandLine(restart))}
}

// reloadByHand is a HUP, where it would do no harm.
func reloadByHand(b *box.Box) []sys.Text {
	plan := planHUP(b)
	if plan.Blocked != "" {
		return nil
	}
	return []sys.Text{sys.Textf("sudo %s", sys.CommandLine(plan.Commands[0]))}
}
