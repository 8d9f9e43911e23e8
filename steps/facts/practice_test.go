package facts

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"flasktui/sys/practice"
)

// noticed is what a person would notice of a box's facts, in one line.
func noticed(facts *Facts) string {
	var words []string
	add := func(format string, values ...any) { words = append(words, fmt.Sprintf(format, values...)) }
	unit, _ := facts.TargetUnit()
	main, _ := facts.Main()
	add("%s %s, %d+%d", facts.Target.Service, unit.ActiveState, len(facts.Own()), len(main.Workers))
	deployment, settings := facts.Deployment.Value, facts.Settings.Value
	if link := deployment.Link; link != nil {
		add("link %s", path.Base(link.Path))
	}
	for index, release := range deployment.Releases {
		if release.Path == deployment.Active {
			add("release %d of %d", index+1, len(deployment.Releases))
		}
	}
	if deployment.Repository != nil {
		add("git")
	}
	add("from %s by %s at %s", settings.From, settings.DirectoryVia, strings.Join(settings.Wanted, ","))
	imported := strings.TrimPrefix(facts.Code.Value.Import.File, settings.Root)
	for index, release := range deployment.Releases {
		imported = strings.Replace(imported, release.Path, fmt.Sprintf("release %d:", index+1), 1)
	}
	add("imports %s", imported)
	for _, one := range []struct {
		word string
		is   bool
	}{
		{"preload", settings.Preload != nil && *settings.Preload},
		{"nested", deployment.Link != nil && deployment.Link.Nested != ""},
		{"shadow", facts.Code.Value.Shadow != nil},
		{"bytecode", len(facts.Code.Value.Bytecode) > 0},
		{"dotenv", facts.Environment.Value.DotEnv != nil},
		{"background", len(facts.Background.Value) > 0},
		{"needs reload", unit.NeedsReload},
		{"copy", len(facts.NginxFiles.Value.Copies) > 0},
		{"guessed", facts.Site.Value.Address.Guessed},
	} {
		if one.is {
			add("%s", one.word)
		}
	}
	var loose []string
	for _, server := range facts.Processes.Value.Servers {
		if !slices.ContainsFunc(facts.Own(), func(own Server) bool { return own.Master.PID == server.Master.PID }) {
			loose = append(loose, facts.ServiceOf(server))
		}
	}
	if len(loose) > 0 {
		add("beside %s", strings.Join(loose, ","))
	}
	add("at %s", facts.Site.Value.Address.URL)
	return strings.Join(words, "; ")
}

// TestWhatIsNoticedOfThePracticeBox gathers all facts of each story: the service with its
// unit's state, its masters and the workers of the first, the link, the release that is
// active, where the settings come from, what Python imports, what is odd, and where the site is.
func TestWhatIsNoticedOfThePracticeBox(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ fault, want string }{
		{"healthy", "shop.service active, 1+3; link current; release 2 of 2; from process by cwd at unix:/run/shop/gunicorn.sock; imports /srv/shop/current/wsgi.py; at http://shop.example/"},
		{"service-not-restarted", "library-web.service active, 1+2; link current; release 2 of 2; from process by cwd at 127.0.0.1:8100; imports /var/www/library/current/library/__init__.py; at http://library.example/"},
		{"unit-points-to-old-path", "clinic.service active, 1+2; link current; release 2 of 2; from process by cwd at 127.0.0.1:8030; imports release 1:/wsgi.py; shadow; at http://clinic.example/"},
		{"symlink-not-switched", "kitchen.service active, 1+2; link current; release 1 of 2; from process by cwd at 127.0.0.1:5001; imports /home/cook/kitchen/current/wsgi.py; at http://kitchen.example/"},
		{"nginx-wrong-upstream", "voyage.service active, 1+2; link current; release 2 of 2; from process by cwd at 127.0.0.1:8602; imports /srv/voyage/current/wsgi.py; guessed; beside voyage-legacy.service; at http://voyage.example/"},
		{"env-not-reloaded", "weather.service active, 1+2; link current; release 1 of 1; from process by cwd at 127.0.0.1:8090; imports /srv/weather/current/wsgi.py; at http://weather.example/"},
		{"static-stale", "florist.service active, 1+2; link current; release 2 of 2; from process by cwd at 127.0.0.1:8140; imports /srv/florist/current/wsgi.py; at http://florist.example/"},
		{"container-stale", "compose:atelier/web , 1+2; git; from process by cwd at 127.0.0.1:8080,172.19.0.2:8000; imports /app/wsgi.py; at http://atelier.example/"},
		{"deployed-elsewhere", "stamps.service active, 1+2; from process by cwd at 127.0.0.1:8201; imports /srv/stamps/wsgi.py; at http://stamps.example/"},
		{"wrong-service", "concert-web.service active, 1+2; link current; release 2 of 2; from process by cwd at 127.0.0.1:8061; imports /srv/concert/current/wsgi.py; guessed; beside concert.service; at http://concert.example/"},
		{"daemon-reload-needed", "billing.service active, 1+2; release 1 of 2; from process by cwd at unix:/run/billing/billing.sock; imports release 1:/wsgi.py; needs reload; at http://billing.example/"},
		{"unit-change-not-applied", "payroll@blue.service active, 1+2; release 2 of 2; from process by cwd at 127.0.0.1:8055; imports release 2:/wsgi.py; at http://payroll.example/"},
		{"hup-with-preload", "notes.service active, 1+3; git; from process by cwd at 127.0.0.1:8007; imports /opt/notes/wsgi.py; preload; at http://notes.example/"},
		{"mixed-workers", "forum.service active, 1+4; git; from process by cwd at 127.0.0.1:5000; imports /srv/forum/app/wsgi.py; at http://forum.example/"},
		{"orphan-gunicorn", "tracker.service failed, 0+0; git; from unit by WorkingDirectory at 127.0.0.1:8300; imports /srv/tracker/wsgi.py; beside tracker.service; at http://tracker.example/"},
		{"release-dir-deleted", "gallery.service active, 1+3; link current; release 1 of 1; from process by chdir at unix:/run/gallery/web.sock; imports /srv/gallery/current/wsgi.py; at http://gallery.example/"},
		{"service-failed", "quiz.service failed, 0+0; link current; release 2 of 2; from unit by WorkingDirectory at 127.0.0.1:8044; imports /srv/quiz/current/wsgi.py; at http://quiz.example/"},
		{"symlink-broken", "cinema.service active, 1+2; link current; release 1 of 2; from process by cwd at unix:/run/cinema/app.sock; imports /srv/cinema/current/wsgi.py; nested; at http://cinema.example/"},
		{"nginx-config-invalid", "agenda.service active, 1+2; link current; release 2 of 2; from process by cwd at 127.0.0.1:8150; imports /srv/agenda/current/wsgi.py; at http://127.0.0.1:8150/"},
		{"nginx-stale-address", "journal.service active, 1+2; link current; release 2 of 2; from process by cwd at journal-app:8000; imports /srv/journal/current/wsgi.py; at http://journal.example/"},
		{"installed-package-shadows-checkout", "invoice.service active, 1+2; git; from process by cwd at unix:/run/invoice/http.sock; imports /opt/venvs/invoice/lib/python3.13/site-packages/invoice/__init__.py; shadow; at http://invoice.example/"},
		{"stale-bytecode", "harbor.service active, 1+2; git; from process by cwd at 127.0.0.1:8088; imports /opt/harbor/wsgi.py; bytecode; at http://harbor.example/"},
		{"templates-cached", "poems.service active, 1+2; from process by cwd at 127.0.0.1:8123; imports /srv/poems/wsgi.py; at http://poems.example/"},
		{"background-workers-stale", "postal.service active, 1+2; link current; release 2 of 2; from process by cwd at unix:/run/postal/web.sock; imports /srv/postal/current/wsgi.py; background; at http://postal.example/"},
	} {
		box, err := practice.New(test.fault, nil)
		if err != nil {
			t.Fatal(err)
		}
		known, err := Look(t.Context(), box, Options{Service: box.Asked().Service, Timeout: time.Minute}, nil)
		if got := noticed(&known); err != nil || got != test.want {
			t.Errorf("%s:\n got %s\nwant %s\n%v", test.fault, got, test.want, err)
		}
	}
}
