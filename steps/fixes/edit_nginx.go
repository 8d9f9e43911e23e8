package fixes

import (
	"cmp"
	"strconv"
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/sys"
)

// EditNginx opens the place in Nginx's configuration that is at fault.
func EditNginx() Kind {
	return Kind{
		ID: "edit-nginx", Title: "Edit Nginx's configuration, test and reload it",
		nginx:    true,
		patience: soon,
		plan:     planEditNginx,
		done:     doneNginxReload,
		page: guide.Page{
			Does:     "Opens your editor at the file and line that sends requests to the wrong place, then tests and reloads.",
			When:     "proxy_pass, root or alias is wrong, or the configuration is refused. Only you can know what is right.",
			Risk:     "Medium: that of what you write. If the test fails, nothing is loaded and the running Nginx stays as it is. It needs a terminal.",
			Undo:     "Edit again; keep a copy of the file first.",
			Proof:    "`nginx -t` passes and new workers run.",
			Commands: []string{"$EDITOR /etc/nginx/sites-available/SITE", "nginx -t", "systemctl reload nginx"},
			See:      []string{"nginx-wrong-upstream", "front-elsewhere", "nginx-config-invalid", "static-stale"},
		},
	}
}

func planEditNginx(b *box.Box) Prepared {
	config, address := b.SiteNginx().Value, b.Site.Value.Address
	if !b.SiteNginx().Known {
		return blocked(b.SiteNginx().Problem)
	}
	if config.Started != nil {
		return blocked("the Nginx that runs is not the one of PATH, and flasktui does not reload it; edit its configuration, then type: " + otherNginxByHand(*config.Started))
	}
	file, line := config.FailureFile, config.FailureLine
	if file == "" {
		file, line = staticPlace(b)
	}
	if file == "" && address.Location != nil {
		file, line = address.Location.PassFile, address.Location.PassLine
	}
	if file == "" && address.Location != nil {
		file, line = address.Location.File, address.Location.Line
	}
	if file == "" {
		return blocked("no file and line of Nginx's configuration is known to be at fault")
	}
	if front := b.Front.Value; b.Front.Known && sys.Within(front.Inside.Root, file) {
		return blocked(sys.Textf("%s lies in the container %s itself: change it where its image is built from, or what mounts it", strings.TrimPrefix(file, front.Inside.Root), front.Name))
	}
	// An editor may be given with options of its own ("code --wait").
	editor := strings.Fields(cmp.Or(b.Options.Editor, "vi"))
	edit := change(0, append(editor, "+"+strconv.Itoa(max(line, 1)), file)...)
	edit.Command.Terminal = true
	return planned(report.Plan{
		Effect: sys.Textf("Your editor opens %s at line %d; what you save is tested, and loaded if it is valid.", file, max(line, 1)),
		Risk:   report.MediumRisk,
		Undo:   "Edit it back and reload again.",
	}, append([]Action{edit}, nginxAfterEdit(b, file)...)...)
}

// nginxAfterEdit loads what was edited. An editor may put a new file in the old one's
// place, which a container that has the file mounted by itself would not see (G46).
func nginxAfterEdit(b *box.Box, file string) []Action {
	for _, mount := range b.Front.Value.Inside.Mounts {
		if mount.IsFile && mount.Source == file {
			return []Action{dockerChange(b, serviceTimeout, frontRestartArgv(b)...)}
		}
	}
	return nginxReloadActions(b)
}

// staticPlace is the root or alias that serves another release's files; empty for none.
func staticPlace(b *box.Box) (file string, line int) {
	for _, probe := range b.Static.Value.Probes {
		if probe.Location != nil && b.GivenOf(probe).Differs() && !b.ServedFromRelease(probe) {
			return probe.Location.RootFile, probe.Location.RootLine
		}
	}
	return "", 0
}
