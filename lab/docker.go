package lab

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
)

// rootPackages is what the image has that containers are built from. No image
// can be pulled where the lab runs, so it is bootstrapped like the base box.
const rootPackages = "python3-flask,gunicorn,nginx,git"

// dockerRootIn is where a box has the archive of that image.
const dockerRootIn = "/usr/share/lab-docker-root.tar"

// DockerImage returns what a box has to see, as FILE:PATH, so that containers can be built
// in it: from the archive at PATH, which docker imports.
func (l *Lab) DockerImage(ctx context.Context) (bind, path string, err error) {
	root, err := l.dockerRoot(ctx)
	return root + ":" + dockerRootIn, dockerRootIn, err
}

// dockerRoot returns the archive that boxes import their image from, and makes
// it if it is missing.
func (l *Lab) dockerRoot(ctx context.Context) (string, error) {
	sum := sha256.Sum256([]byte(suite + rootPackages))
	archive := filepath.Join(l.dir, "docker-"+hex.EncodeToString(sum[:6])+".tar")
	return archive, buildOnce(ctx, archive, "the image for containers (once, half a minute)", func(ctx context.Context) error {
		return packRoot(ctx, l.dir, archive)
	})
}

// packRoot bootstraps the image beside its archive and renames that at the end, so that an
// archive that exists is a whole one.
func packRoot(ctx context.Context, dir, archive string) error {
	tree := filepath.Join(dir, "building-docker")
	if err := os.RemoveAll(tree); err != nil {
		return fmt.Errorf("remove a half-built image: %w", err)
	}
	argv := []string{"debootstrap", "--variant=minbase", "--cache-dir=" + filepath.Join(dir, "debs"), "--include=" + rootPackages, suite, tree}
	if m := mirror(ctx); m != "" {
		argv = append(argv, m)
	}
	if _, err := host(ctx, argv...); err != nil {
		return fmt.Errorf("bootstrap the image for containers: %w", err)
	}
	_, err := host(ctx, "tar", "-C", tree, "--exclude=./var/cache/*", "--exclude=./var/lib/apt/*", "--exclude=./usr/share/doc/*",
		"--exclude=./usr/share/locale/*", "--exclude=./usr/share/man/*", "--exclude=./dev/*", "-cf", archive+".part", ".")
	if err != nil {
		return fmt.Errorf("pack the image for containers: %w", err)
	}
	if err := os.RemoveAll(tree); err != nil {
		return fmt.Errorf("remove the image's tree: %w", err)
	}
	return os.Rename(archive+".part", archive)
}

// ownDocker starts a Docker of the site's user's own, under their own service manager. The
// lab's base has neither a session bus for users nor a login that would make their runtime
// directory, so both are made by hand; and a node of their own for the network's device,
// which is root's alone on the machine below.
const ownDocker = `uid=$(id -u {{.User}})
umount /dev/net/tun; rm -f /dev/net/tun; mknod -m 666 /dev/net/tun c 10 200
install -d -o {{.User}} -g {{.User}} /home/{{.User}}/.local /home/{{.User}}/.local/share /home/{{.User}}/.local/share/docker
mount -t tmpfs -o mode=0710,uid=$uid,gid=$uid tmpfs /home/{{.User}}/.local/share/docker
mkdir -p /etc/systemd/system/user@.service.d /etc/systemd/user
cat > /etc/systemd/system/user@.service.d/lab.conf <<'END'
[Service]
Environment=XDG_RUNTIME_DIR=/run/user/%i DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/%i/bus
END
cat > /etc/systemd/user/dbus.socket <<'END'
[Socket]
ListenStream=%t/bus
END
cat > /etc/systemd/user/dbus.service <<'END'
[Unit]
Requires=dbus.socket
[Service]
Type=notify
ExecStart=/usr/bin/dbus-daemon --session --address=systemd: --nofork --nopidfile --systemd-activation --syslog-only
END
cat > /etc/systemd/user/docker.service <<'END'
[Service]
Type=notify
NotifyAccess=all
Delegate=yes
Environment=PATH=/usr/sbin:/sbin:/usr/bin:/bin DOCKERD_ROOTLESS_ROOTLESSKIT_NET=slirp4netns
ExecStart=/usr/share/docker.io/contrib/dockerd-rootless.sh
END
install -d -o {{.User}} -g {{.User}} -m 700 /run/user/$uid
systemctl daemon-reload
systemctl start user@$uid.service
runuser -u {{.User}} -- env XDG_RUNTIME_DIR=/run/user/$uid systemctl --user start dbus.socket dbus.service docker.service
export DOCKER_HOST=unix:///run/user/$uid/docker.sock`

// startCompose starts Docker and the site's Compose project.
const startCompose = `{{if .Rootless}}` + ownDocker + `{{else}}systemctl start docker{{end}}
docker image inspect pybase > /dev/null 2>&1 || docker import ` + dockerRootIn + ` pybase > /dev/null
cd {{.Base}}
docker compose {{with .Stack}}-f {{.}} {{end}}up -d --build --quiet-pull > /tmp/compose.log 2>&1 || { tail -n 20 /tmp/compose.log >&2; exit 1; }
{{if .Conf}}systemctl start nginx{{end}}`
