package steps

import (
	"slices"
	"strings"

	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
)

// frontMountReplaced sees a file of the configuration, mounted into the container of an
// Nginx, whose name now belongs to another file (G46), or a directory of it behind a link
// that has moved (G47). The container holds on to the old one: a reload there reads that
// again.
func frontMountReplaced(v *view) *report.Finding {
	mount, ok := v.frontMount()
	if !ok {
		return nil
	}
	front := v.Front.Value
	finding := &report.Finding{
		Confidence: report.Certain,
		Why: sys.Textf("%s is mounted into %s as a single file. It was replaced by a new file of the same name, as git, rsync and editors do; the container holds on to the old one, so that even a reload there reads the old configuration.",
			mount.Source, front.Name),
		Evidence: []report.Evidence{
			report.Observed("on disk now", sys.Textf("%s", mount.Resolved), sys.Typed("stat -L %s", mount.Source)),
			report.Observed("in the container", sys.Textf("another one, at %s", mount.Destination), sys.Typed("stat %s%s", front.Inside.Root, mount.Destination)),
		},
		Fixes: []string{"nginx-reload"},
	}
	switch {
	case mount.Missing:
		finding.Why = sys.Textf("%s, which is mounted at %s of %s, is gone from the disk; its Nginx goes on with what was there.", mount.Source, mount.Destination, front.Name)
		finding.Fixes = nil
		finding.Advice = sys.Textf("Put %s back before the container is started again: Docker would make an empty directory in its place.", mount.Source)
	case !mount.IsFile:
		finding.Why = sys.Textf("%s, which is mounted at %s of %s, now leads to %s; Docker followed the link when it started the container, and its Nginx reads the old directory.", mount.Source, mount.Destination, front.Name, mount.Resolved)
	}
	return finding
}

// frontMount is a mount of the Nginx's container that holds some of its configuration and
// is not what is on disk any more.
func (v *view) frontMount() (facts.MountState, bool) {
	front := v.Front.Value
	for _, mount := range front.Inside.Mounts {
		if !mount.Differs || mount.Same {
			continue
		}
		for _, file := range v.NginxDisk.Value.Files {
			if sys.Within(front.Inside.Root+mount.Destination, file) {
				return mount, true
			}
		}
	}
	return facts.MountState{}, false
}

// frontReloadActions have the Nginx of a container load its configuration. A reload by its
// own program is safest: it tests first, keeps the old workers where the test fails, drops
// no request, and needs no particular process to be the container's first. Only where a
// mount has to be made anew is the container itself restarted: Docker looks for a mount's
// source when it starts one.
func (v *view) frontReloadActions() []action {
	front, docker := v.Front.Value, v.dockerDaemon()
	if _, replaced := v.frontMount(); replaced {
		return []action{v.dockerChange(serviceTimeout, v.frontRestartArgv()...)}
	}
	program := func(arguments ...string) action {
		return v.dockerChange(serviceTimeout, docker.Argv(slices.Concat([]string{"exec", front.Name, front.Program}, front.Options, arguments)...)...)
	}
	return []action{program("-t"), program("-s", "reload")}
}

func (v *view) frontRestartArgv() []string {
	if container, ok := v.ContainerOf(v.Front.Value.Container); ok && container.Project != "" {
		return v.Compose.Value.Argv(container.ComposeProject(), "restart", container.Service)
	}
	return v.dockerDaemon().Argv("restart", v.Front.Value.Name)
}

// planFrontReload is nginx-reload for an Nginx in a container.
func planFrontReload(v *view) prepared {
	front := v.Front.Value
	mount, replaced := v.frontMount()
	plan := planned(report.Plan{
		Effect: sys.Textf("The Nginx in %s tests its configuration, looks its upstreams' names up again and starts new workers; the old ones finish their requests.", front.Name),
		Risk:   report.LowRisk,
		Undo:   "Put the old configuration back and reload again.",
	}, v.frontReloadActions()...)
	switch {
	case mount.Missing:
		plan.Blocked = sys.Textf("%s is gone, and Docker would make an empty directory in its place", mount.Source)
	case replaced:
		plan.Effect = sys.Textf("The container %s is stopped and started again: Docker mounts the %s that is on disk now, and Nginx reads it.", front.Name, mount.Source)
		plan.Risk = report.MediumRisk
	case len(v.NginxWorkers()) == 0:
		plan.Blocked = sys.Textf("no Nginx runs in %s", front.Name)
	}
	return plan
}

// frontStatic is a static file that the Nginx of a container serves out of its own image or
// of a volume, and that is not the release's; ok is false for any other.
func (v *view) frontStatic(probe facts.StaticProbe) (finding *report.Finding, ok bool) {
	front := v.Front.Value
	inside, within := strings.CutPrefix(probe.ServedFile, front.Inside.Root+"/")
	if !v.Front.Known || !within || front.Inside.Root == "" {
		return nil, false
	}
	inside = "/" + inside
	finding = &report.Finding{
		Confidence: report.Certain,
		Evidence: []report.Evidence{
			report.Observed("served", sys.Textf("sha256 %.12s", probe.Identity.SHA256), sys.Typed("curl %s", probe.URLPath)),
			report.Observed("in the release", sys.Textf("sha256 %.12s", probe.ReleaseSHA256), sys.Textf("%s", probe.ReleaseFile)),
			report.Observed("root or alias", sys.Textf("%s%s", probe.Location.Root, probe.Location.Alias), sys.Textf("%s:%d", probe.Location.RootFile, probe.Location.RootLine)),
		},
	}
	mount, mounted := front.Inside.MountOver(inside)
	if mounted && mount.Type == "volume" {
		hidden := facts.SourceDifference{Path: probe.ReleaseFile, Inside: inside, Volume: mount.Name, VolumeAnonymous: mount.Anonymous()}
		finding.Why = sys.Textf("The Nginx in %s serves %s from the volume %s. Docker fills a volume when it is made, and whoever shares it later gets what is in it: a newer image does not reach it.",
			front.Name, probe.URLPath, mount.Name)
		finding.Advice = v.volumeAdvice(hidden)
		return finding, true
	}
	if mounted {
		return nil, false
	}
	finding.Why = sys.Textf("The Nginx in %s serves %s from its own image, which was built with other files than the release has.", front.Name, probe.URLPath)
	finding.Advice = sys.Textf("Build that image and make its container anew as well, as the deploy does for the app's (the Compose service %s).", front.Service)
	return finding, true
}
