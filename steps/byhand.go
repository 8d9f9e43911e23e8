package steps

import "flasktui/sys"

// acts are the commands that a person would type to change what a step looks at. They
// are few, and kept apart from those that only look: whoever pastes these restarts a site.
func (v *view) acts(step string) []sys.Text {
	switch step {
	case "service-restart":
		return v.restartByHand()
	case "daemon-reload":
		if v.hasUnit {
			return append([]sys.Text{"sudo systemctl daemon-reload"}, v.restartByHand()...)
		}
		return v.restartByHand()
	case "nginx":
		name := v.nginxInProject()
		if v.Front.Known {
			name = v.Front.Value.Name
		}
		if name != "" {
			return []sys.Text{sys.Textf("docker exec %s nginx -t && docker exec %s nginx -s reload", name, name)}
		}
		return []sys.Text{"sudo nginx -t && sudo systemctl reload nginx"}
	case "gunicorn-reload":
		return v.reloadByHand()
	}
	return nil
}

func (v *view) restartByHand() []sys.Text {
	restart := v.restartArgv()
	if restart == nil {
		return nil
	}
	return []sys.Text{sys.Textf("sudo %s", sys.CommandLine(restart))}
}

// reloadByHand is a HUP, where it would do no harm.
func (v *view) reloadByHand() []sys.Text {
	plan := planHUP(v)
	if plan.Blocked != "" {
		return nil
	}
	return []sys.Text{sys.Textf("sudo %s", sys.CommandLine(plan.Commands[0]))}
}
