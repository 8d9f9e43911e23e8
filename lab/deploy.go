package lab

import (
	"archive/tar"
	"bytes"
	"context"
	"fmt"
	"os"
	"path"
	"slices"
	"strings"
	"time"
)

// Unpack writes files into the box in one go, each as a new file with the time
// of now, as tar and rsync write them. Names are taken below dir.
func (b *Box) Unpack(ctx context.Context, dir string, files map[string]string) error {
	var archive bytes.Buffer
	w := tar.NewWriter(&archive)
	for name, text := range files {
		h := &tar.Header{Name: strings.TrimPrefix(name, "/"), Mode: mode(text), Size: int64(len(text)), ModTime: time.Now()}
		if err := w.WriteHeader(h); err != nil {
			return fmt.Errorf("pack %s: %w", name, err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			return fmt.Errorf("pack %s: %w", name, err)
		}
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("pack: %w", err)
	}
	_, err := b.feed(ctx, archive.String(), "sh", "-euc", `mkdir -p "$1"; exec tar -x -m --no-same-owner -f - -C "$1"`, "sh", dir)
	return err
}

// Copy copies a program of the host's into the box.
func (b *Box) Copy(ctx context.Context, from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return fmt.Errorf("copy into box %s: %w", b.name, err)
	}
	if err := b.Write(ctx, to, string(data)); err != nil {
		return err
	}
	_, err = b.Run(ctx, "chmod", "755", to)
	return err
}

// mode makes scripts executable.
func mode(text string) int64 {
	if strings.HasPrefix(text, "#!") {
		return 0o755
	}
	return 0o644
}

// Install puts a site on the box, without any release yet: its unit, its Nginx
// configuration, its virtualenv. Nothing is started.
func (b *Box) Install(ctx context.Context, s Site) error {
	files, err := s.files()
	if err != nil {
		return err
	}
	if err := b.Unpack(ctx, "/", files); err != nil {
		return err
	}
	if s.Venv != "" {
		if err := b.makeVenv(ctx, s.Venv); err != nil {
			return err
		}
	}
	_, err = b.Shell(ctx, `
names=$1 base=$2 user=$3
for name in $names; do
	case $name in [a-z0-9]*) echo "127.0.0.1 $name" >> /etc/hosts;; esac
done
mkdir -p "$base"
chown "$user:" "$base"
case $base in /home/*) chmod 755 "$(echo "$base" | cut -d/ -f1-3)";; esac
systemctl daemon-reload
`, s.Server, s.Base, s.User)
	return err
}

// makeVenv makes a virtualenv without a network: it sees the system's packages,
// and has a gunicorn script of its own, as pip would have written it.
func (b *Box) makeVenv(ctx context.Context, dir string) error {
	if _, err := b.Run(ctx, "python3", "-m", "venv", "--system-site-packages", "--without-pip", dir); err != nil {
		return err
	}
	return b.Unpack(ctx, "/", map[string]string{dir + "/bin/gunicorn": "#!" + dir + "/bin/python3\n" +
		"import sys\nfrom gunicorn.app.wsgiapp import run\nsys.exit(run())\n"})
}

// Deploy puts a release on the box as the site's deploys do, and makes it the
// live one on disk. It restarts nothing. The release comes back with its id,
// which for a checkout is the commit.
func (b *Box) Deploy(ctx context.Context, s Site, r Release) (Release, error) {
	switch s.Kind {
	case Linked:
		if err := b.Place(ctx, s, r); err != nil {
			return r, err
		}
		return r, b.Switch(ctx, s, r.ID)
	case Checkout:
		return b.pull(ctx, s, r)
	default:
		return r, b.copyOver(ctx, s, r)
	}
}

// Place writes a release beside the live one, without switching to it.
func (b *Box) Place(ctx context.Context, s Site, r Release) error {
	dir := s.ReleaseDir(r.ID)
	if err := b.Unpack(ctx, dir, s.App.files(r)); err != nil {
		return err
	}
	_, err := b.Run(ctx, "chown", "-R", s.User+":", path.Dir(dir))
	return err
}

// Switch makes the link point at a release, in one step.
func (b *Box) Switch(ctx context.Context, s Site, id string) error {
	_, err := b.Shell(ctx, `ln -s "$1" "$2.next"; mv -T "$2.next" "$2"`, s.ReleaseDir(id), s.Live())
	return err
}

// pull commits a release at the origin and pulls it into the checkout.
func (b *Box) pull(ctx context.Context, s Site, r Release) (Release, error) {
	if err := b.commit(ctx, s, r); err != nil {
		return r, err
	}
	out, err := b.Shell(ctx, `
base=$1 user=$2 origin=$3
if test -d "$base/.git"; then
	runuser -u "$user" -- git -C "$base" pull -q --ff-only
else
	runuser -u "$user" -- git clone -q "$origin" "$base"
fi
runuser -u "$user" -- git -C "$base" rev-parse HEAD
`, s.Base, s.User, originOf(s))
	r.ID = strings.TrimSpace(out)
	return r, err
}

// commit commits a release at the site's origin, on another machine so to say.
// All of it is done as the site's user: git refuses the repositories of others.
func (b *Box) commit(ctx context.Context, s Site, r Release) error {
	work := originOf(s) + ".work"
	if err := b.Unpack(ctx, work, s.App.files(r)); err != nil {
		return err
	}
	_, err := b.Shell(ctx, `
origin=$1 work=$2 user=$3 subject=$4
mkdir -p "$origin"
chown -R "$user:" "$origin" "$work"
runuser -u "$user" -- sh -euc '
test -d "$1/objects" || { git init -q --bare "$1"; git init -q "$2"; git -C "$2" remote add origin "$1"; }
git -C "$2" add -A
git -C "$2" commit -q -m "$3"
git -C "$2" push -q origin HEAD:main
' sh "$origin" "$work" "$subject"
`, originOf(s), work, s.User, "The "+r.Edition+" edition")
	return err
}

func originOf(s Site) string { return "/var/lib/git/" + s.Name + ".git" }

// copyOver copies a release over the one that lies there, as rsync does: files
// that did not change stay what they are.
func (b *Box) copyOver(ctx context.Context, s Site, r Release) error {
	staging := "/root/build/" + s.Name
	if err := b.Unpack(ctx, staging, s.App.files(r)); err != nil {
		return err
	}
	_, err := b.Run(ctx, "rsync", "-rlc", "--chown="+s.User+":", staging+"/", s.Base+"/")
	return err
}

// Start starts the site and Nginx, and waits until the site answers.
func (b *Box) Start(ctx context.Context, s Site) error {
	if s.Compose != "" && s.Hand == "" {
		script, err := fill(startCompose, s)
		if err != nil {
			return err
		}
		if _, err := b.Shell(ctx, script); err != nil {
			return err
		}
	} else if s.Hand != "" {
		script, err := fill(s.Hand, s)
		if err != nil {
			return err
		}
		if _, err := b.Shell(ctx, "systemctl start nginx\n"+script); err != nil {
			return err
		}
	} else if _, err := b.Run(ctx, "systemctl", "start", s.Unit, "nginx"); err != nil {
		log, _ := b.Run(ctx, "journalctl", "-n", "20", "--no-pager", "-u", s.Unit, "-u", "nginx")
		return fmt.Errorf("%w\n%s", err, log)
	}
	return b.Wait(ctx, 15*time.Second, func() error {
		_, err := b.Ask(ctx, s, "/")
		return err
	})
}

// Ask asks the site for a path as its visitors do, through Nginx.
func (b *Box) Ask(ctx context.Context, s Site, path string) (string, error) {
	host, port := "127.0.0.1", s.Listen
	if i := strings.LastIndexByte(s.Listen, ':'); i >= 0 {
		host, port = s.Listen[:i], s.Listen[i+1:]
	}
	port, _, _ = strings.Cut(port, " ")
	name, _, _ := strings.Cut(s.Server, " ")
	argv := []string{"curl", "-sS", "-g", "--fail", "--max-time", "5", "-H", "Host: " + name, "http://" + host + ":" + port + path}
	if strings.Contains(s.Listen, "proxy_protocol") {
		argv = append(argv, "--haproxy-protocol")
	}
	return b.Run(ctx, argv...)
}

// Serves asks the site n times and returns the different values that it gave for
// one word of its page: "edition", "layout", "mode"; or "style", of its stylesheet.
func (b *Box) Serves(ctx context.Context, s Site, word string, n int) ([]string, error) {
	where := "/"
	if word == "style" {
		where = "/static/app.css"
	}
	var values []string
	for range n {
		body, err := b.Ask(ctx, s, where)
		if err != nil {
			return values, err
		}
		_, rest, ok := strings.Cut(body, word+"=")
		if !ok {
			return values, fmt.Errorf("in box %s: %s has no %s=:\n%s", b.name, where, word, tail(body, 5))
		}
		value := strings.Fields(strings.ReplaceAll(rest, "<", " "))[0]
		if !slices.Contains(values, value) {
			values = append(values, value)
		}
	}
	slices.Sort(values)
	return values, nil
}
