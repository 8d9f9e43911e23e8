package box

import (
	"flasktui/sys"
	"flasktui/sys/appserver"
)

// Software is what the service runs, or would run: Gunicorn where nothing shows.
func (b *Box) Software() appserver.Server {
	if b.Running {
		return b.Server.Software()
	}
	return appserver.ByKind(b.Settings.Value.Kind)
}

// ServerWord is the server's word in the report; empty where nothing shows which it would be.
func (b *Box) ServerWord() string {
	settings := b.Settings.Value
	if b.Running || b.Settings.Known && (settings.Kind != "" || settings.App != "") {
		return string(b.Software().Kind)
	}
	return ""
}

// NoServer is that none runs, as the subject of a sentence: "no Gunicorn of shop.service".
func (b *Box) NoServer() sys.Text {
	if b.ServerWord() == "" {
		return sys.Textf("no server of %s", b.Target.Service)
	}
	return sys.Textf("no %s of %s", b.Software().Name, b.Target.Service)
}

// WantedWorkers is how many processes are to serve beside the main one; 0 for a server that is a
// single process, or of which that does not show.
func (b *Box) WantedWorkers() int { return b.Server.Wanted(b.Settings.Value.Settings) }

// NoReload says what a HUP does to a server that has no reload by it; empty for one that has.
func (b *Box) NoReload() sys.Text {
	if b.Running && b.Server.Kind == appserver.UWSGI {
		return b.noUWSGIReload()
	}
	return sys.Text(b.Software().HUP)
}
