package matrix

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"flasktui/lab"
)

// lane is a box that one layout lies on, for one story after the other.
type lane struct {
	*lab.Box
	at     layout
	runner string // the unit's or Compose file's text, as it lies on the box
}

// workersWanted are the workers of every site.
const workersWanted = 2

// openLane boots a box and lays a layout out on it.
func openLane(ctx context.Context, l *lab.Lab, at layout) (*lane, error) {
	bind, image, err := l.DockerImage(ctx)
	if err != nil {
		return nil, err
	}
	box, err := l.Boot(ctx, "matrix-"+at.name, bind)
	if err != nil {
		return nil, err
	}
	on := &lane{Box: box, at: at}
	if at.mounted {
		built := map[string]string{"Dockerfile": dockerfile}
		for name, text := range dependency(false) {
			built[name] = text
		}
		if err := on.Unpack(ctx, at.base+"/image", built); err != nil {
			return on, err
		}
	}
	if err := on.Write(ctx, "/var/lib/truth.py", truthScript); err != nil {
		return on, err
	}
	if err := on.Write(ctx, "/etc/nginx/conf.d/"+at.pkg+".conf", at.front()); err != nil {
		return on, err
	}
	_, err = on.Shell(ctx, at.words(nil)+settle, image)
	return on, err
}

// begin lays the site out in its first state and starts it, and waits until all of its
// workers have shown their page.
func (on *lane) begin(ctx context.Context, s story) error {
	old, newer := on.at.site(s.label, s.deed.change, false).files(), on.at.site(s.label, s.deed.change, true).files()
	if _, err := on.Shell(ctx, clearStock); err != nil {
		return err
	}
	stock := map[string]string{}
	for dir, files := range map[string]map[string]string{"old": old, "new": newer, "first": dependency(false), "newer": dependency(true)} {
		for name, text := range files {
			stock[dir+"/"+name] = text
		}
	}
	if err := on.Unpack(ctx, "/var/lib/stock", stock); err != nil {
		return err
	}
	if path, text := on.at.runner(s.label); text != on.runner {
		if err := on.Write(ctx, path, text); err != nil {
			return err
		}
		on.runner = text
	}
	if _, err := on.Shell(ctx, on.at.words(s.changed())+found, on.at.kind(), s.deed.name); err != nil {
		return err
	}
	_, err := on.ask(ctx, "")
	// Some time passes before the next deploy; of a checkout a second, as git counts in these.
	pause := 200 * time.Millisecond
	if on.at.checkout {
		pause = 1100 * time.Millisecond
	}
	time.Sleep(pause)
	return err
}

// kind is the way in which the first state is laid out.
func (at layout) kind() string {
	switch {
	case at.linked:
		return "linked"
	case at.checkout:
		return "cloned"
	case at.packaged:
		return "packaged"
	}
	return "plain"
}

// do does the deed.
func (on *lane) do(ctx context.Context, s story) error {
	who := "runuser -u $OWNER -- "
	if s.deed.root {
		who = ""
	}
	words := on.at.words(s.changed())
	_, err := on.Shell(ctx, words+who+`sh -c "$1"`, words+s.deed.script)
	return err
}

// then does what comes after the deed, and waits until it is done.
func (on *lane) then(ctx context.Context, next after) error {
	verb := map[after]string{restarted: "restarted", hung: "reloaded"}[next]
	if verb == "" {
		return nil
	}
	before, err := on.Shell(ctx, on.at.words(nil)+children)
	if err != nil {
		return err
	}
	if _, err := on.Shell(ctx, on.at.words(nil)+verb); err != nil {
		return err
	}
	return on.Wait(ctx, 20*time.Second, func() error {
		now, err := on.Shell(ctx, on.at.words(nil)+children)
		if err != nil {
			return err
		}
		pids := strings.Fields(now)
		if len(pids) != workersWanted || slices.ContainsFunc(pids, func(pid string) bool { return slices.Contains(strings.Fields(before), pid) }) {
			return fmt.Errorf("the workers are %v, and were %v", pids, strings.Fields(before))
		}
		return nil
	})
}

// truth is what the processes of a site hold, beside what should run.
type truth string

const (
	same  truth = "same"
	old   truth = "old"
	mixed truth = "mixed"
)

// answers is what truth.py tells: of each process, and of the tree, the modules and what
// they hold.
type answers struct {
	Answers map[string]map[string]string
	Disk    map[string]string
}

// ask asks the workers, and where a tree is given, that one as well. Nobody in particular
// runs the site's code for it.
func (on *lane) ask(ctx context.Context, tree string) (answers, error) {
	var told answers
	argv := []string{"runuser", "-u", "grace", "--", on.at.venv + "/bin/python3", "/var/lib/truth.py", on.at.port, fmt.Sprint(workersWanted)}
	if tree != "" {
		argv = append(argv, tree, on.at.module())
	}
	out, err := on.Run(ctx, argv...)
	if err != nil {
		return told, err
	}
	if err := json.Unmarshal([]byte(out), &told); err != nil {
		return told, fmt.Errorf("truth.py: %w\n%s", err, out)
	}
	if len(told.Answers) != workersWanted {
		return told, fmt.Errorf("%d of %d workers answer", len(told.Answers), workersWanted)
	}
	return told, nil
}

// truth compares what runs with what should, and names the modules that differ.
func (on *lane) truth(ctx context.Context, s story) (truth, []string, error) {
	tree := on.at.tree
	switch {
	case s.deed.intends:
		tree = "/var/lib/stock/new"
	case on.at.packaged:
		tree = "/var/lib/windmill"
	}
	told, err := on.ask(ctx, tree)
	if err != nil {
		return "", nil, err
	}
	missed := map[string]bool{}
	outdated := 0
	for _, holds := range told.Answers {
		differs := false
		for module, sum := range told.Disk {
			if holds[module] != sum {
				missed[module], differs = true, true
			}
		}
		if differs {
			outdated++
		}
	}
	names := slices.Sorted(maps.Keys(missed))
	switch outdated {
	case 0:
		return same, nil, nil
	case len(told.Answers):
		return old, names, nil
	}
	return mixed, names, nil
}

// check has somebody ask flasktui.
func (on *lane) check(ctx context.Context, person string) (lab.Report, error) {
	var report lab.Report
	home := map[bool]string{true: "/root", false: "/home/" + person}[person == "root"]
	r, err := on.Do(ctx, "", "runuser", "-u", person, "--", "env", "-C", home, "HOME="+home, "USER="+person, "LOGNAME="+person,
		"/usr/local/bin/flasktui", "check", "--json", on.at.service())
	if err != nil {
		return report, err
	}
	if err := json.Unmarshal([]byte(r.Stdout), &report); err != nil {
		return report, fmt.Errorf("flasktui check, as %s: exit %d: %w\n%s%s", person, r.Exit, err, r.Stdout, r.Stderr)
	}
	return report, nil
}

// look does what comes after the deed, and looks at the site: for the truth, and as root
// and as a user without any rights with flasktui.
func (on *lane) look(ctx context.Context, s story, next after) (look, error) {
	l := look{row: s.row(next)}
	if err := on.then(ctx, next); err != nil {
		return l, err
	}
	var err error
	if l.is, l.missed, err = on.truth(ctx, s); err != nil {
		return l, err
	}
	if l.report, err = on.check(ctx, "root"); err != nil {
		return l, err
	}
	l.root = hear(l.report)
	if on.at.mounted {
		return l, nil // whoever may ask Docker is as good as root
	}
	l.userReport, err = on.check(ctx, "grace")
	l.user = hear(l.userReport)
	return l, err
}
