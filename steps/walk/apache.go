package walk

import (
	"flasktui/steps/box"
	"flasktui/steps/report"
	"flasktui/sys"
)

// judgeApache is of an app that visitors reach through the Apache that runs it: whether that has the
// configuration of the disk. judged is false for every other service, and behind an Nginx.
func judgeApache(b *box.Box) (result report.Result, judged bool) {
	one, isApache := b.ApacheOf(b.Server)
	address := b.Site.Value.Address
	if !b.Running || !isApache || address.Server != nil {
		return report.Result{}, false
	}
	commands := []sys.Text{"sudo apachectl configtest", "sudo apachectl -t -D DUMP_VHOSTS"}
	app := b.Server.WSGI
	at := report.Observed("WSGI script", sys.Textf("%s", app.Script), sys.Textf("%s:%d", app.File, app.Line))
	if one.Problem != "" {
		return unknown(sys.Textf("Apache's configuration could not be read: %s", one.Problem)).With(commands, at), true
	}
	for _, file := range one.Config.Files {
		if box.After(file.Changed, one.Oldest) {
			return unknown(sys.Textf("%s was written at %s, after processes of Apache's were started that still run: what it says now, those do not know until Apache is reloaded",
				file.Path, b.Clock(file.Changed))).With(commands, at), true
		}
	}
	return ok(sys.Textf("Apache itself runs the app at %s, and none of the %d files of its configuration has changed since its processes were started.", address.URL, len(one.Config.Files))).
		With(commands, at), true
}
