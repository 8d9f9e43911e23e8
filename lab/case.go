package lab

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Case is a site on a running box: first with its old release live, then
// whatever a fault makes of it.
type Case struct {
	*Box
	Site
	Old, New Release
}

// Act is something that people, deploys or bad luck do to a box.
type Act func(ctx context.Context, c *Case) error

// Prepare boots a box and brings a site up on it with its old release.
func (l *Lab) Prepare(ctx context.Context, name string, s Site) (*Case, error) {
	s, err := s.defaults()
	if err != nil {
		return nil, err
	}
	var binds []string
	if s.Compose != "" || strings.Contains(s.Hand, dockerRootIn) {
		root, err := l.dockerRoot(ctx)
		if err != nil {
			return nil, err
		}
		binds = append(binds, root+":"+dockerRootIn)
	}
	floor := l.base
	if s.Layer != "" {
		if floor, err = l.layered(ctx, s.Layer); err != nil {
			return nil, err
		}
	}
	b, err := l.bootOver(ctx, floor, name, binds...)
	if err != nil {
		return nil, err
	}
	c := &Case{Box: b, Site: s}
	c.Old, c.New = release(c.IDs[0], c.Words[0]), release(c.IDs[1], c.Words[1])
	if err := c.bringUp(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("prepare %s: %w", name, err), b.Stop())
	}
	return c, nil
}

func (c *Case) bringUp(ctx context.Context) error {
	if err := c.Install(ctx, c.Site); err != nil {
		return err
	}
	var err error
	if c.Old, err = c.Box.Deploy(ctx, c.Site, c.Old); err != nil {
		return err
	}
	if c.First != nil {
		if err := c.First(ctx, c); err != nil {
			return err
		}
	}
	if err := c.Box.Start(ctx, c.Site); err != nil {
		return err
	}
	return c.loaded(ctx)
}

// loaded waits until every Gunicorn process on the box has imported its app: one that
// answers may have a sibling that is still reading, and would read what comes next.
func (c *Case) loaded(ctx context.Context) error {
	// MarkupSafe's library comes with Flask, so it is mapped once the import is on its
	// way; a process that then uses no more processor time, and waits for requests, is done
	// with it: one that waits for the disk or for a processor is not.
	// A master forks its workers one after another, and says that it is ready before.
	// The shell that a unit may wrap around Gunicorn carries its name as well; supervisord
	// is Python, too.
	// Django brings no such library: there its processes are done as soon as they wait.
	mark := "markupsafe"
	if c.Site.App.Django {
		mark = "python"
	}
	busy := `python() { case $(readlink "/proc/$1/exe") in */python*) ;; *) return 1 ;; esac; }
for pid in $(pgrep -f '[g]unicorn'); do
	python "$pid" || continue
	parent=$(ps -o ppid= -p "$pid" | tr -d ' ')
	if ! python "$parent" || grep -q supervisord "/proc/$parent/cmdline"; then
		workers=$(tr '\0' '\n' < "/proc/$pid/cmdline" | sed -n '/^--workers$/{n;p}')
		test "$(pgrep -c -P "$pid")" -ge "${workers:-0}" || echo "$pid reads"
		continue
	fi
	grep -q ` + mark + ` "/proc/$pid/maps" || echo "$pid reads"
	case $(cat "/proc/$pid/wchan") in *poll*|*select*|*accept*|0) ;; *) echo "$pid reads" ;; esac
	cut -d' ' -f14,15 "/proc/$pid/stat"
done`
	return c.Wait(ctx, time.Minute, func() error {
		before, err := c.Shell(ctx, busy)
		if err != nil {
			return err
		}
		time.Sleep(100 * time.Millisecond)
		after, err := c.Shell(ctx, busy)
		if err == nil && (before != after || strings.Contains(after, "reads")) {
			err = fmt.Errorf("workers still import the app")
		}
		return err
	})
}

// Args are what flasktui is told on this box; they may name a release.
func (c *Case) Args() ([]string, error) {
	var args []string
	for _, a := range c.args() {
		filled, err := fill(a, c)
		if err != nil {
			return nil, err
		}
		args = append(args, filled)
	}
	return args, nil
}

// acts does one act after another.
func acts(list ...Act) Act {
	return func(ctx context.Context, c *Case) error {
		for i, act := range list {
			if err := act(ctx, c); err != nil {
				return fmt.Errorf("act %d: %w", i+1, err)
			}
		}
		return nil
	}
}

// sh runs a script in the box. It is a template over the case.
func sh(script string) Act {
	return func(ctx context.Context, c *Case) error {
		filled, err := fill(script, c)
		if err != nil {
			return err
		}
		_, err = c.Shell(ctx, filled)
		return err
	}
}

// deploy puts the new release on the box and makes it live on disk.
func deploy(ctx context.Context, c *Case) (err error) {
	c.New, err = c.Box.Deploy(ctx, c.Site, c.New)
	return err
}

// place puts the new release beside the live one.
func place(ctx context.Context, c *Case) error { return c.Place(ctx, c.Site, c.New) }

// restart restarts the site's unit and waits until the site answers again.
func restart(ctx context.Context, c *Case) error {
	if _, err := c.Run(ctx, "systemctl", "restart", c.Unit); err != nil {
		return err
	}
	return answers(ctx, c)
}

// answers waits until the site answers.
func answers(ctx context.Context, c *Case) error {
	return c.Wait(ctx, 15*time.Second, func() error {
		_, err := c.Ask(ctx, c.Site, "/")
		return err
	})
}

// visit has people look at the site, so that caches fill.
func visit(ctx context.Context, c *Case) error {
	for range 4 {
		if _, err := c.Ask(ctx, c.Site, "/"); err != nil {
			return err
		}
		if _, err := c.Ask(ctx, c.Site, "/static/app.css"); err != nil {
			return err
		}
	}
	return nil
}

// reload sends the unit's own reload and waits until every worker is another.
func reload(ctx context.Context, c *Case) error {
	var before map[string]bool
	// Gunicorn says that it is ready before the last of its workers is there.
	if err := c.Wait(ctx, 15*time.Second, func() (err error) {
		before, err = c.workers(ctx)
		return err
	}); err != nil {
		return err
	}
	if _, err := c.Run(ctx, "systemctl", "reload", c.Unit); err != nil {
		return err
	}
	return c.Wait(ctx, 15*time.Second, func() error {
		now, err := c.workers(ctx)
		for pid := range now {
			if before[pid] {
				return fmt.Errorf("worker %s still runs after the reload", pid)
			}
		}
		return err
	})
}

// workers are the process ids of the unit's master's children, all of them or
// an error.
func (c *Case) workers(ctx context.Context) (map[string]bool, error) {
	out, err := c.Shell(ctx, `pgrep -P "$(systemctl show -p MainPID --value "$1")"`, c.Unit)
	pids := map[string]bool{}
	for _, pid := range strings.Fields(out) {
		pids[pid] = true
	}
	if err == nil && len(pids) != c.Workers {
		err = fmt.Errorf("%s has %d workers, not %d", c.Unit, len(pids), c.Workers)
	}
	return pids, err
}

// serving waits until the site gives exactly these values for a word of its
// page, when it is asked many times over.
func serving(word string, want ...string) Act {
	return func(ctx context.Context, c *Case) error {
		return c.Wait(ctx, 20*time.Second, func() error {
			got, err := c.Serves(ctx, c.Site, word, 1+12*len(want)-12)
			if err != nil {
				return err
			}
			if strings.Join(got, ",") != strings.Join(want, ",") {
				return fmt.Errorf("the site serves %s %s, not %s", word, got, want)
			}
			return nil
		})
	}
}
