package lab

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// baseTimeout bounds the bootstrap, which takes about a minute and a half.
const baseTimeout = 20 * time.Minute

const (
	suite    = "trixie"
	packages = "systemd,systemd-sysv,dbus,nginx,python3-flask,gunicorn,python3-venv,git,curl,iproute2," +
		"procps,sudo,ca-certificates,docker.io,docker-cli,docker-compose,rsync,tmux,ncurses-term," +
		"supervisor,bindfs,rootlesskit,uidmap,slirp4netns"
)

// provision makes a bootstrapped tree into the base box, in a chroot of it.
//
// Three people work on a box: one whose sudo asks for a password, one whose
// sudo does not, and one without any. setproctitle is only downloaded: Gunicorn
// takes it up as soon as it is installed, which only some boxes want. supervisor,
// bindfs (a disk that can be made to hang) and what Docker needs to run without
// root are there for the boxes that start them.
const provision = `set -eu
export DEBIAN_FRONTEND=noninteractive
systemctl mask systemd-modules-load.service apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer e2scrub_reap.service
systemctl disable docker.service docker.socket containerd.service nginx.service supervisor.service
rm -f /etc/nginx/sites-enabled/default
mkdir -p /usr/share/lab-debs
cd /usr/share/lab-debs
apt-get update -qq
apt-get download -qq python3-setproctitle
apt-get clean
rm -rf /var/lib/apt/lists/*
useradd -m -s /bin/bash -G sudo ada
echo ada:lovelace | chpasswd
useradd -m -s /bin/bash linus
echo 'linus ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/linus
useradd -m -s /bin/bash grace
for app in web deploy app; do useradd -r -m -d /home/$app -s /bin/bash $app; done
git config --system user.name Deploy
git config --system user.email deploy@localhost
git config --system init.defaultBranch main
mkdir -p /var/log/journal
rm -f /etc/resolv.conf /etc/hostname
`

// stamp names the recipe: another recipe is another base.
func stamp() string {
	sum := sha256.Sum256([]byte(suite + packages + provision))
	return hex.EncodeToString(sum[:6])
}

// ensureBase returns the directory of the base system, building it if it is missing.
func ensureBase(ctx context.Context, dir string) (string, error) {
	base := filepath.Join(dir, "base-"+stamp())
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("make the lab's directory: %w", err)
	}
	err := buildOnce(ctx, base, "the base box (once, a minute or two)", func(ctx context.Context) error {
		if err := installTools(ctx); err != nil {
			return err
		}
		return buildBase(ctx, dir, base)
	})
	if err != nil {
		return "", err
	}
	return base, installTools(ctx)
}

// buildBase bootstraps beside base and renames at the end, so that a base that
// exists is a whole one.
func buildBase(ctx context.Context, dir, base string) error {
	tmp := filepath.Join(dir, "building")
	if err := os.RemoveAll(tmp); err != nil {
		return fmt.Errorf("remove a half-built base: %w", err)
	}
	debs := filepath.Join(dir, "debs")
	if err := os.MkdirAll(debs, 0o755); err != nil {
		return fmt.Errorf("make the package cache: %w", err)
	}
	argv := []string{"debootstrap", "--variant=minbase", "--cache-dir=" + debs, "--include=" + packages, suite, tmp}
	if m := mirror(ctx); m != "" {
		argv = append(argv, m)
	}
	if _, err := host(ctx, argv...); err != nil {
		return fmt.Errorf("bootstrap the base box: %w", err)
	}
	// A chroot has no /proc of its own; its own namespaces leave no mount behind.
	_, err := host(ctx, "unshare", "--mount", "--pid", "--fork", "--mount-proc="+tmp+"/proc", "chroot", tmp,
		"/usr/bin/env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "/bin/sh", "-c", provision)
	if err != nil {
		return fmt.Errorf("provision the base box: %w", err)
	}
	if err := os.Rename(tmp, base); err != nil {
		return fmt.Errorf("put the base box in place: %w", err)
	}
	return removeOldBases(dir, base)
}

// removeOldBases removes the bases of other recipes. A box that still runs on
// one would lose its floor, so those that are in use by a live run stay.
func removeOldBases(dir, base string) error {
	if runs, _ := os.ReadDir(filepath.Join(dir, runsDir)); len(runs) > 0 {
		return nil
	}
	old, err := filepath.Glob(filepath.Join(dir, "base-*"))
	if err != nil {
		return fmt.Errorf("list old bases: %w", err)
	}
	for _, path := range old {
		if path == base {
			continue
		}
		if err := os.RemoveAll(path); err != nil {
			return fmt.Errorf("remove an old base: %w", err)
		}
	}
	return nil
}

// buildOnce builds what is to be at path, unless it is there. Two processes never build at
// once: the second waits for the first. notice says what takes so long.
func buildOnce(ctx context.Context, path, notice string, build func(context.Context) error) error {
	if exists(path) {
		return nil
	}
	unlock, err := lock(ctx, filepath.Join(filepath.Dir(path), "lock"))
	if err != nil {
		return err
	}
	defer unlock()
	if exists(path) {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, baseTimeout)
	defer cancel()
	fmt.Fprintln(os.Stderr, "lab: building "+notice)
	return build(ctx)
}

// lock takes an exclusive flock on path, waiting for it as long as ctx allows.
func lock(ctx context.Context, path string) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lock: %w", err)
	}
	err = poll(ctx, baseTimeout, 100*time.Millisecond, func() error {
		return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	})
	if err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	return func() { _ = f.Close() }, nil
}

// exists says whether path is there.
func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// poll tries until try succeeds, and fails with its last error after timeout.
func poll(ctx context.Context, timeout, every time.Duration, try func() error) error {
	deadline := time.Now().Add(timeout)
	for {
		err := try()
		if err == nil {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("not within %s: %w", timeout, err)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w: %s", ctx.Err(), strings.TrimSpace(err.Error()))
		case <-time.After(every):
		}
	}
}
