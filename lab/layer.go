package lab

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
)

// layerPackages are what only some boxes need: who else starts servers, other servers, and
// others that stand before them. They lie in a layer of their own over the base, so that
// most boxes stay small.
const layerPackages = "cron at screen runit runit-run openssh-server apache2 libapache2-mod-wsgi-py3 haproxy varnish caddy " +
	"uwsgi-core uwsgi-plugin-python3 python3-waitress python3-uvicorn python3-hypercorn python3-gevent python3-django pipenv " +
	"dbus-user-session libpam-systemd"

// podmanPackages are another such layer: what boxes need whose containers Podman runs, with
// one of the two programs that make its networks.
const podmanPackages = "podman podman-compose netavark aardvark-dns nftables containernetworking-plugins- dbus-user-session libpam-systemd"

// releasePackages are the layer of what a release is tried with: what judges a package and a
// manual page, the shells that complete, who rolls a fleet, and who watches it.
const releasePackages = "ansible-core openssh-server fabric zsh fish bash-completion mandoc man-db lintian rpmlint rpm rpm2cpio cpio " +
	"nagios-nrpe-server nagios-nrpe-plugin prometheus prometheus-node-exporter"

// provisionLayer installs the packages in a chroot of the layer over the base. $1 are the
// packages; what the base enables stays as it is, and nothing new starts by itself.
const provisionLayer = `set -eu
export DEBIAN_FRONTEND=noninteractive
printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d
chmod 755 /usr/sbin/policy-rc.d
before=$(systemctl list-unit-files --type=service,socket,timer,path --state=enabled --no-legend | cut -d' ' -f1)
apt-get update -qq
apt-get install -y -qq --no-install-recommends $1
for unit in $(systemctl list-unit-files --type=service,socket,timer,path --state=enabled --no-legend | cut -d' ' -f1); do
	case " $(echo $before) " in *" $unit "*) ;; *) systemctl disable -q "$unit";; esac
done
apt-get clean
rm -rf /var/lib/apt/lists/* /usr/sbin/policy-rc.d /etc/resolv.conf
`

// mountAndProvision lays the layer over the base in mount and process namespaces of its
// own, which leave nothing mounted behind.
const mountAndProvision = `mount --make-rprivate /
mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" "$2/root"
cp /etc/resolv.conf "$2/root/etc/resolv.conf"
mount -t proc proc "$2/root/proc"
exec chroot "$2/root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin /bin/sh -c "$3" sh "$4"
`

// layered returns the lower directories of a box with a second layer of these packages, as
// mount(8) takes them for an overlay, and builds the layer if it is missing.
func (l *Lab) layered(ctx context.Context, packages string) (string, error) {
	sum := sha256.Sum256([]byte(stamp() + packages + provisionLayer))
	layer := filepath.Join(l.dir, "layer-"+hex.EncodeToString(sum[:6]))
	return layer + ":" + l.base, buildOnce(ctx, layer, "a second layer of the base box (once, two or three minutes)", func(ctx context.Context) error {
		return buildLayer(ctx, l.base, filepath.Join(l.dir, "building-layer"), layer, packages)
	})
}

// buildLayer installs beside its place and renames at the end, so that a layer that exists
// is a whole one.
func buildLayer(ctx context.Context, base, building, layer, packages string) error {
	if err := os.RemoveAll(building); err != nil {
		return fmt.Errorf("remove a half-built layer: %w", err)
	}
	for _, directory := range []string{"upper", "work", "root"} {
		if err := os.MkdirAll(filepath.Join(building, directory), 0o755); err != nil {
			return fmt.Errorf("make the layer's directories: %w", err)
		}
	}
	_, err := host(ctx, "unshare", "--mount", "--pid", "--fork", "sh", "-euc", mountAndProvision, "sh",
		base, building, provisionLayer, packages)
	if err != nil {
		return fmt.Errorf("provision the second layer: %w", err)
	}
	if err := os.Rename(filepath.Join(building, "upper"), layer); err != nil {
		return fmt.Errorf("put the second layer in place: %w", err)
	}
	return os.RemoveAll(building)
}
