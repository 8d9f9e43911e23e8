package steps_test

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"net"
	"regexp"
	"strings"
	"sync"
	"testing"

	"flasktui/steps"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/sys/practice"
)

// reluctant is a practice box that refuses what refuses says, as a machine does to somebody
// without the right to look.
type reluctant struct {
	*practice.Box
	refuses func(what string) bool
	// with is the error of a refusal; that of a missing right where it is nil.
	with  error
	mutex sync.Mutex
	asked map[string]bool
}

// refusal is the error for what is asked; its words are found in what is told of it.
func (box *reluctant) refusal(what string) error {
	what = general(what)
	box.mutex.Lock()
	defer box.mutex.Unlock()
	if box.asked == nil {
		box.asked = map[string]bool{}
	}
	box.asked[what] = true
	if box.refuses != nil && box.refuses(what) {
		return fmt.Errorf("refused %s: %w", what, cmp.Or(box.with, fs.ErrPermission))
	}
	return nil
}

// varying is what is another at the next look; units lie in more than a dozen directories, all
// of them alike.
var varying = regexp.MustCompile(`\b[0-9a-f]{12,}\b|\b\d{3,}\b|/(etc|run|usr/lib|usr/local/lib)/systemd/[a-z]+(\.[a-z]+)?`)

// general is what is asked, less what varies.
func general(what string) string { return varying.ReplaceAllString(what, "~") }

func (box *reluctant) Run(ctx context.Context, command sys.Command) sys.Output {
	if err := box.refusal("run " + strings.Join(command.Argv, " ")); err != nil {
		return sys.Output{Argv: command.Argv, Exit: 1, Err: err}
	}
	return box.Box.Run(ctx, command)
}

func (box *reluctant) ReadFile(ctx context.Context, path string, limit int64) ([]byte, error) {
	if err := box.refusal("read " + path); err != nil {
		return nil, err
	}
	return box.Box.ReadFile(ctx, path, limit)
}

func (box *reluctant) ReadEnd(ctx context.Context, path string, limit int64) ([]byte, error) {
	if err := box.refusal("read " + path); err != nil {
		return nil, err
	}
	return box.Box.ReadEnd(ctx, path, limit)
}

func (box *reluctant) ReadLink(ctx context.Context, path string) (string, error) {
	if err := box.refusal("readlink " + path); err != nil {
		return "", err
	}
	return box.Box.ReadLink(ctx, path)
}

func (box *reluctant) ReadDir(ctx context.Context, path string) ([]sys.Entry, error) {
	if err := box.refusal("list " + path); err != nil {
		return nil, err
	}
	return box.Box.ReadDir(ctx, path)
}

func (box *reluctant) Stat(ctx context.Context, path string) (sys.FileInfo, error) {
	if err := box.refusal("stat " + path); err != nil {
		return sys.FileInfo{}, err
	}
	return box.Box.Stat(ctx, path)
}

func (box *reluctant) Resolve(ctx context.Context, path string) (string, error) {
	if err := box.refusal("resolve " + path); err != nil {
		return "", err
	}
	return box.Box.Resolve(ctx, path)
}

func (box *reluctant) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	if err := box.refusal("dial " + address); err != nil {
		return nil, err
	}
	return box.Box.Dial(ctx, network, address)
}

// TestWhatMayNotBeReadProvesNothing refuses each thing that a look asks for, one after the
// other, or does not answer in time. A box that is as it should be may then be called fresh, where the list says so, or
// inconclusive, and never anything worse; one that is not is never called fresh.
func TestWhatMayNotBeReadProvesNothing(t *testing.T) {
	freshWithout := mayBeUnread()
	for _, fault := range []string{"healthy", "service-not-restarted", "healthy/checkout"} {
		if testing.Short() && fault != "healthy" {
			continue
		}
		box, err := practice.New(fault, fixedNow)
		if err != nil {
			t.Fatal(err)
		}
		whole := &reluctant{Box: box}
		before, err := steps.Examine(t.Context(), whole, asOwner(box), nil)
		if err != nil {
			t.Fatal(err)
		}
		isFresh := before.Report.Verdict == report.Fresh
		t.Run(fault, func(t *testing.T) {
			for what := range whole.asked {
				for how, with := range map[string]error{"refused": fs.ErrPermission, "timed out": sys.ErrNoAnswer} {
					t.Run(how+" "+what, func(t *testing.T) {
						t.Parallel()
						refusing := &reluctant{Box: box, refuses: func(asked string) bool { return asked == what }, with: with}
						examination, err := steps.Examine(t.Context(), refusing, asOwner(box), nil)
						if err != nil {
							t.Fatal(err)
						}
						document := examination.Report
						switch verdict := document.Verdict; {
						case verdict == report.Down && strings.HasPrefix(what, "dial "):
							return
						case !isFresh && verdict == report.Fresh:
							t.Errorf("it is called fresh: %s", document.Summary)
						case isFresh && verdict != report.Fresh && verdict != report.Inconclusive:
							t.Errorf("it is %s: %s %v", verdict, document.Summary, ids(document))
						case fault == "healthy" && (verdict == report.Fresh) != freshWithout.MatchString(what):
							t.Errorf("it is %s: %s", verdict, document.Summary)
						}
						failsNot(t, before.Report, document)
					})
				}
			}
		})
	}
}

// failsNot holds that what was not read breaks no hop and fails no step: it is unknown.
func failsNot(t *testing.T, whole, document report.Report) {
	t.Helper()
	for index, step := range document.Steps {
		if step.Status == report.Fail && whole.Steps[index].Status != report.Fail {
			t.Errorf("step %d fails: %s", step.Number, step.Summary)
		}
	}
	for index, hop := range document.Path {
		if hop.State == report.Fail && whole.Path[index].State != report.Fail {
			t.Errorf("the hop %s is broken: %s", hop.Hop, hop.Detail)
		}
	}
}

// mayBeUnread are the things without which a box may be called fresh, each kind with its
// reason. Whatever else may not be read leaves something open.
func mayBeUnread() *regexp.Regexp {
	return regexp.MustCompile("^(" + strings.Join([]string{
		// Nobody who could answer otherwise is found by these: what runs is known without.
		`list /run/user`, `stat /run/(docker.sock|libpod)`, `dial /var/run/docker.sock`, `run docker ps .*`, `run systemctl list-units .*`, `read /proc/\d/cmdline`, `read /proc/self/mountinfo`,
		// Whose addresses are the box's own tells of those of another machine: here none is named.
		`read /proc/net/(fib_trie|if_inet6)`,
		// Which socket it holds and where it stands follow from how it was started.
		`list /proc/~/fd`, `readlink /proc/~/(fd/\d|cwd)`,
		// Names for numbers, and whose the files are: for plans and sentences.
		`read /etc/(group|passwd)`, `read /proc/~/status`, `stat (~|/etc/systemd)`,
		// What the app may answer as its release is held against what it does, and proves nothing else.
		`read /srv/shop/releases/~/shop/__init__.py`,
		// The program itself: what it is was told by its command line.
		`read(link)? (/proc/~/exe|/proc/~/fd/6|/usr/sbin/nginx|/srv/shop/venv/bin/gunicorn)`, `resolve (/usr/sbin/nginx|/srv/shop/venv/bin/gunicorn)`,
		// Where else a module could be imported from; the app is found where it should be.
		`(resolve|read) /srv/shop/venv/.*`, `(list|stat) /srv/shop/venv/(bin/.*|pyvenv.cfg|[^/]*|lib/[^/]*|lib/[^/]*/site-packages|.*\.(pth|egg-link|dist-info.*|zip)|.*/wsgi.py)`, `resolve /srv/shop/(current|releases/~)/(shop|wsgi.py|shop/__init__.py)`, `stat /srv/shop/(current/wsgi|releases/~/(src/)?shop).py`,
		`resolve /srv/shop/releases/~`,
		// What the sources say of the app's switches, and by what else the release is called.
		`read /srv/shop/(current|releases/~)/[a-z_]+.py`, `read /srv/shop/releases/~/REVISION`, `stat (/srv|/srv/shop|/srv/shop/releases|/srv/shop/releases/~|)/.git`,
		// The unit sets no variable; a copy in place of a link would be a remark.
		`read /proc/~/environ`, `resolve /etc/nginx/sites-enabled/.*`,
		// Of static files some are compared, and those that may be read speak for the rest.
		`(list|resolve|stat|read) /srv/shop/(current|releases/~)/shop/static(/.*)?`,
		// This app reads no .env; requirements that were not installed are possible at most; how
		// the link is written says nothing that it does not lead to; and what stands beside it
		// could only explain why a newer release is not what it leads to.
		`resolve /srv/shop/current/.env`, `(resolve|stat|read) /srv/shop/releases/~/requirements.txt`, `readlink /srv/shop/current`, `list /srv/shop`,
	}, "|") + ")$")
}

// TestABackgroundWorkerWhoseDirectoryMayNotBeRead is held for one of the app's by where its unit
// starts it, and its age counts; what nothing ties to the app is told, and alleges nothing.
func TestABackgroundWorkerWhoseDirectoryMayNotBeRead(t *testing.T) {
	t.Parallel()
	box, err := practice.New("background-workers-stale", fixedNow)
	if err != nil {
		t.Fatal(err)
	}
	for unit, tied := range map[bool]bool{false: true, true: false} {
		hidden := &reluctant{Box: box, refuses: func(what string) bool {
			return what == "readlink /proc/~/cwd" || unit && strings.HasPrefix(what, "run systemctl show") && strings.Contains(what, "worker")
		}}
		examination, err := steps.Examine(t.Context(), hidden, asOwner(box), nil)
		if err != nil {
			t.Fatal(err)
		}
		known, document := steps.FactsOf(examination), examination.Report
		if tied && (len(known.Background.Value) == 0 || document.Verdict == report.Fresh) {
			t.Errorf("it is %s, with %+v", document.Verdict, known.Background.Value)
		}
		if !tied && len(known.Background.Value) == 0 && len(known.Untied) == 0 {
			t.Error("nothing is told of it")
		}
	}
}
