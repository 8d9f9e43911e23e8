package fixes

import (
	"slices"

	"flasktui/steps/box"
	"flasktui/steps/report"
	"flasktui/sys"
)

// frontReloadActions have the Nginx of a container load its configuration. A reload by its
// own program is safest: it tests first, keeps the old workers where the test fails, drops
// no request, and needs no particular process to be the container's first. Only where a
// mount has to be made anew is the container itself restarted: Docker looks for a mount's
// source when it starts one.
func frontReloadActions(b *box.Box) []Action {
	front, docker := b.Front.Value, b.DockerDaemon()
	if _, replaced := b.FrontMount(); replaced {
		return []Action{dockerChange(b, serviceTimeout, frontRestartArgv(b)...)}
	}
	program := func(arguments ...string) Action {
		return dockerChange(b, serviceTimeout, docker.Argv(slices.Concat([]string{"exec", front.Name, front.Program}, front.Options, arguments)...)...)
	}
	return []Action{program("-t"), program("-s", "reload")}
}

func frontRestartArgv(b *box.Box) []string {
	if container, ok := b.ContainerOf(b.Front.Value.Container); ok && container.Project != "" {
		return b.Compose.Value.Argv(container.ComposeProject(), "restart", container.Service)
	}
	return b.DockerDaemon().Argv("restart", b.Front.Value.Name)
}

// planFrontReload is nginx-reload for an Nginx in a container.
func planFrontReload(b *box.Box) Prepared {
	front := b.Front.Value
	mount, replaced := b.FrontMount()
	plan := planned(report.Plan{
		Effect: sys.Textf("The Nginx in %s tests its configuration, looks up the names of its upstreams again and starts new workers; the old ones finish their requests.", front.Name),
		Risk:   report.LowRisk,
		Undo:   "Put the old configuration back and reload again.",
	}, frontReloadActions(b)...)
	switch {
	case mount.Missing:
		plan.Blocked = sys.Textf("%s is gone, and Docker would make an empty directory in its place", mount.Source)
	case replaced:
		plan.Effect = sys.Textf("The container %s is stopped and started again: Docker mounts the %s that is on disk now, and Nginx reads it.", front.Name, mount.Source)
		plan.Risk = report.MediumRisk
	case len(b.NginxWorkers()) == 0:
		plan.Blocked = sys.Textf("no Nginx runs in %s", front.Name)
	}
	return plan
}
