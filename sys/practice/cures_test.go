package practice

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"

	"flasktui/sys"
)

// cure is what the contract's fix for a cause would run, or what its advice comes to.
type cure struct {
	// before is what visitors meet: "old", "mixed", "down", or "new" where the fault
	// does not show on the site.
	before string
	// harmful are commands that look like a cure and are none.
	harmful [][]string
	// commands are the cure; {pid:PATTERN} is the process whose command line matches, and
	// "wait" lets what a cache keeps grow too old.
	commands [][]string
}

func command(line string) []string { return strings.Fields(line) }

func cures() map[string]cure {
	restart := func(unit string) [][]string { return [][]string{command("systemctl restart " + unit)} }
	reload := [][]string{command("nginx -t"), command("systemctl reload nginx")}
	return map[string]cure{
		"healthy":               {before: "new"},
		"service-not-restarted": {"old", [][]string{command("systemctl reload nginx"), command("systemctl reload library-web")}, restart("library-web.service")},
		"unit-points-to-old-path": {"old", restart("clinic.service"), append([][]string{
			command("systemctl edit --full clinic.service"), command("systemctl daemon-reload"),
		}, restart("clinic.service")...)},
		"symlink-not-switched": {"old", restart("kitchen.service"), append([][]string{
			command("ln -s releases/{new} /home/cook/kitchen/.current-next"),
			command("mv -T /home/cook/kitchen/.current-next /home/cook/kitchen/current"),
		}, restart("kitchen.service")...)},
		"nginx-wrong-upstream": {
			"old", append(restart("voyage.service"), reload...),
			append([][]string{command("vi +2 /etc/nginx/sites-available/voyage.example")}, reload...),
		},
		"env-not-reloaded": {"old", [][]string{command("systemctl reload weather.service"), command("systemctl daemon-reload")}, restart("weather.service")},
		"front-elsewhere": {
			"old", append(restart("orchard.service"), reload...),
			append([][]string{command("vi +8 /etc/nginx/sites-available/orchard.example")}, reload...),
		},
		"static-stale": {
			"old", append(restart("florist.service"), reload...),
			append([][]string{command("nano +5 /etc/nginx/sites-available/florist.example")}, reload...),
		},
		"cache-serves-old": {"old", append(restart("gazette.service"), reload...), [][]string{command("rm -r /var/cache/nginx/gazette")}},
		"container-stale": {"old", [][]string{command("docker compose -p atelier restart web"), command("docker compose -f /srv/atelier/compose.yaml up -d web")}, append([][]string{
			command("docker compose --project-directory /srv/atelier -p atelier -f /srv/atelier/compose.yaml build --no-cache web"),
			command("docker compose --project-directory /srv/atelier -p atelier -f /srv/atelier/compose.yaml up -d --force-recreate web"),
		}, reload...)},
		"deployed-elsewhere": {
			"old", restart("stamps.service"),
			append([][]string{command("cp -rT /srv/stamps-new /srv/stamps")}, restart("stamps.service")...),
		},
		"deploy-unfinished":                  {"old", restart("lantern.service"), arrived("lantern")},
		"release-not-here":                   {"old", restart("ferns.service"), arrived("ferns")},
		"wrong-service":                      {"old", restart("concert-web.service"), restart("concert.service")},
		"daemon-reload-needed":               {"old", restart("billing.service"), append([][]string{command("systemctl daemon-reload")}, restart("billing.service")...)},
		"unit-change-not-applied":            {"old", [][]string{command("systemctl daemon-reload"), command("systemctl reload payroll@blue")}, restart("payroll@blue.service")},
		"hup-with-preload":                   {"old", [][]string{command("systemctl reload notes.service")}, restart("notes.service")},
		"mixed-workers":                      {"mixed", nil, restart("forum.service")},
		"orphan-gunicorn":                    {"old", [][]string{command("nginx -s reload")}, append([][]string{command("kill -TERM {pid:--daemon}")}, restart("tracker.service")...)},
		"release-dir-deleted":                {"old", nil, restart("gallery.service")},
		"service-failed":                     {"down", [][]string{command("systemctl reload nginx")}, append([][]string{command("vi /srv/quiz/current/quiz/__init__.py")}, restart("quiz.service")...)},
		"symlink-broken":                     {"old", restart("cinema.service"), append([][]string{command("ln -s releases/{new} /srv/cinema/current.next"), command("mv -T /srv/cinema/current.next /srv/cinema/current")}, restart("cinema.service")...)},
		"nginx-not-reloaded":                 {"old", restart("bazaar.service"), reload},
		"nginx-config-invalid":               {"old", nil, append([][]string{command("vi +2 /etc/nginx/conf.d/timeouts.conf")}, reload...)},
		"nginx-stale-address":                {"down", restart("journal.service"), reload},
		"installed-package-shadows-checkout": {"old", restart("invoice.service"), append([][]string{command("cp -rT /opt/invoice/src/invoice /opt/venvs/invoice/lib/python3.13/site-packages/invoice")}, restart("invoice.service")...)},
		"stale-bytecode":                     {"old", restart("harbor.service"), append([][]string{command("rm -r -- /opt/harbor/harbor/__pycache__")}, restart("harbor.service")...)},
		"templates-cached":                   {"old", [][]string{command("systemctl reload nginx")}, [][]string{command("systemctl reload poems.service")}},
		"healthy/checkout":                   {before: "new"},
		"healthy/another-stale":              {before: "new"},
		"healthy/respawned":                  {before: "new"},
		"healthy/reloaded-through-link":      {before: "new"},
		"healthy/cdn":                        {before: "new"},
		"service-not-restarted/titled":       {"old", nil, restart("atlas.service")},
		"static-stale/precompressed":         {"old", restart("toys.service"), [][]string{command("rm /srv/toys/toys/static/app.css.gz")}},
		"cache-serves-old/cdn":               {"old", append(restart("holiday.service"), reload...), nil},
		"nginx-not-reloaded/moved":           {"down", restart("inbox.service"), reload},
		"orphan-gunicorn/socket":             {"old", nil, append([][]string{command("kill {pid:--daemon}")}, restart("pantry.service")...)},
		"service-not-restarted/stylesheet":   {"old", reload, append(append(restart("museum.service"), command("vi +5 /etc/nginx/sites-available/museum.example")), reload...)},
		"hup-with-preload/cdn":               {"old", [][]string{command("systemctl reload concierge.service")}, append(restart("concierge.service"), command("wait"))},
		"cache-serves-old/queue":             {"old", append(restart("courier.service"), reload...), nil},
		"requirements-not-installed":         {before: "new"},
		"background-workers-stale":           {"new", nil, restart("postal-queue.service")},
	}
}

// arrived makes a release of what was brought, and runs it.
func arrived(name string) [][]string {
	return [][]string{
		command("cp -rT /home/" + name + "/incoming /srv/" + name + "/releases/{new}"),
		command("ln -s releases/{new} /srv/" + name + "/.next"), command("mv -T /srv/" + name + "/.next /srv/" + name + "/current"),
		command("systemctl restart " + name + ".service"),
	}
}

func TestEveryFaultShowsAndCanBeCured(t *testing.T) {
	t.Parallel()
	known := cures()
	for _, fault := range append(Faults(), Variants()...) {
		t.Run(fault.ID, func(t *testing.T) {
			t.Parallel()
			box := open(t, fault.ID)
			expected, ok := known[fault.ID]
			if !ok {
				t.Fatal("no cure is known")
			}
			state(t, box, expected.before)
			for _, argv := range expected.harmful {
				do(t, box, filled(t, box, argv)...)
			}
			state(t, box, expected.before)
			for _, argv := range expected.commands {
				argv = filled(t, box, argv)
				switch argv[0] {
				case "wait":
					box.clock.pass(cacheFor)
					continue
				case "cp":
					box.copyOver(box.find(argv[2]), box.find(path.Dir(argv[3])), path.Base(argv[3]), false)
					continue
				}
				do(t, box, argv...)
			}
			if expected.commands == nil {
				// Nothing on the box cures it; time does.
				box.clock.pass(cacheFor)
			}
			fresh(t, box)
		})
	}
}

// state checks what visitors meet.
func state(t *testing.T, box *Box, want string) {
	t.Helper()
	seen := answers(box)
	got := "old"
	switch {
	case slices.Contains(seen, ""):
		got = "down"
	case len(seen) > 1:
		got = "mixed"
	case seen[0] == box.Expected():
		got = "new"
	}
	if got != want {
		t.Fatalf("the site is %s (%q), want %s", got, seen, want)
	}
}

// filled puts the box's own names into a command.
func filled(t *testing.T, box *Box, argv []string) []string {
	t.Helper()
	result := slices.Clone(argv)
	for i, word := range result {
		word = strings.ReplaceAll(word, "{new}", box.Expected())
		if pattern, ok := strings.CutPrefix(word, "{pid:"); ok {
			word = processWith(t, box, strings.TrimSuffix(pattern, "}"))
		}
		result[i] = word
	}
	return result
}

// processWith is the first process whose command line holds a text.
func processWith(t *testing.T, box *Box, text string) string {
	t.Helper()
	ids, err := box.Processes(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		raw, err := box.ReadFile(t.Context(), fmt.Sprintf("/proc/%d/cmdline", id), 4096)
		if err == nil && strings.Contains(string(raw), text) {
			return fmt.Sprint(id)
		}
	}
	t.Fatalf("no process has %q in its command line", text)
	return ""
}

// A HUP where the working directory has been removed is the harm that flasktui must keep
// people from: the master dies of it.
func TestHangUpInADeletedDirectoryKillsTheMaster(t *testing.T) {
	t.Parallel()
	box := open(t, "release-dir-deleted")
	master := strings.TrimSpace(read(t, box, "systemctl", "show", "-p", "MainPID", "--value", "gallery.service"))
	directory, err := box.ReadLink(t.Context(), "/proc/"+master+"/cwd")
	if err != nil || !strings.HasSuffix(directory, " (deleted)") {
		t.Fatalf("cwd %q, %v", directory, err)
	}
	do(t, box, "kill", "-HUP", master)
	if _, err := box.ReadFile(t.Context(), "/proc/"+master+"/stat", 4096); err == nil {
		t.Fatal("the master survived")
	}
	if log := read(t, box, "journalctl", "-u", "gallery.service", "-n", "20"); !strings.Contains(log, "FileNotFoundError") {
		t.Fatalf("the log does not say why:\n%s", log)
	}
}

// An orphan takes the socket's path with it, even where the unit has bound it since.
func TestOrphanOnASocketTakesItsPathAlong(t *testing.T) {
	t.Parallel()
	box := open(t, "healthy")
	box.mutex.Lock()
	shell := box.login("shop", 7)
	shell.directory = box.find("/srv/shop/current")
	_, main, status := box.startProgram(launch{
		origin: shell, argv: []string{"/srv/shop/venv/bin/gunicorn", "--daemon", "--bind", "unix:/run/shop/gunicorn.sock", "wsgi:app"},
		log: func(string) {},
	})
	box.mutex.Unlock()
	if status != 0 {
		t.Fatal(status)
	}
	rows, err := box.ReadFile(t.Context(), "/proc/net/unix", 1<<20)
	if err != nil || strings.Count(string(rows), "/run/shop/gunicorn.sock") != 2 {
		t.Fatalf("two masters, one path: %s %v", rows, err)
	}
	do(t, box, "kill", fmt.Sprint(main.pid))
	state(t, box, "down")
	do(t, box, "systemctl", "restart", "shop")
	fresh(t, box)
}

// Where the service runs from the wrong directory, the unit can be set right as well.
func TestDeployedElsewhereCanBeCuredInTheUnit(t *testing.T) {
	t.Parallel()
	box := open(t, "deployed-elsewhere")
	do(t, box, "systemctl", "edit", "--full", box.Asked().Service)
	do(t, box, "systemctl", "restart", box.Asked().Service)
	fresh(t, box)
}

func TestChangesMustBeDeclared(t *testing.T) {
	t.Parallel()
	box := open(t, "service-not-restarted")
	output := box.Run(t.Context(), sys.Command{Argv: command("systemctl restart library-web")})
	if output.Err == nil {
		t.Fatal("a restart ran as a probe")
	}
	notFresh(t, box)
}

// copyOver is what a person does by `cp -rT`: it copies a tree over another one, which keeps
// what else it has.
func (b *Box) copyOver(from, parent *node, name string, keepTimes bool) {
	standing := parent.children[name]
	if !from.isDirectory() || standing == nil || !standing.isDirectory() {
		b.copyTree(from, parent, name, keepTimes)
		return
	}
	for _, child := range from.names() {
		b.copyOver(from.children[child], standing, child, keepTimes)
	}
}
