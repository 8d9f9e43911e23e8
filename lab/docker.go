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
const rootPackages = "python3-flask,gunicorn,nginx"

// dockerRootIn is where a box has the archive of that image.
const dockerRootIn = "/usr/share/lab-docker-root.tar"

// dockerRoot returns the archive that boxes import their image from, and makes
// it if it is missing.
func (l *Lab) dockerRoot(ctx context.Context) (string, error) {
	sum := sha256.Sum256([]byte(suite + rootPackages))
	archive := filepath.Join(l.dir, "docker-"+hex.EncodeToString(sum[:6])+".tar")
	if exists(archive) {
		return archive, nil
	}
	unlock, err := lock(ctx, filepath.Join(l.dir, "lock"))
	if err != nil {
		return "", err
	}
	defer unlock()
	if exists(archive) {
		return archive, nil
	}
	ctx, cancel := context.WithTimeout(ctx, baseTimeout)
	defer cancel()
	fmt.Fprintln(os.Stderr, "lab: building the image for containers (once, half a minute)")
	tree := filepath.Join(l.dir, "building-docker")
	if err := os.RemoveAll(tree); err != nil {
		return "", fmt.Errorf("remove a half-built image: %w", err)
	}
	argv := []string{"debootstrap", "--variant=minbase", "--cache-dir=" + filepath.Join(l.dir, "debs"), "--include=" + rootPackages, suite, tree}
	if m := mirror(ctx); m != "" {
		argv = append(argv, m)
	}
	if _, err := host(ctx, argv...); err != nil {
		return "", fmt.Errorf("bootstrap the image for containers: %w", err)
	}
	_, err = host(ctx, "tar", "-C", tree, "--exclude=./var/cache/*", "--exclude=./var/lib/apt/*", "--exclude=./usr/share/doc/*",
		"--exclude=./usr/share/locale/*", "--exclude=./usr/share/man/*", "--exclude=./dev/*", "-cf", archive+".part", ".")
	if err != nil {
		return "", fmt.Errorf("pack the image for containers: %w", err)
	}
	if err := os.RemoveAll(tree); err != nil {
		return "", fmt.Errorf("remove the image's tree: %w", err)
	}
	return archive, os.Rename(archive+".part", archive)
}

// startCompose starts Docker and the site's Compose project.
const startCompose = `systemctl start docker
docker image inspect pybase > /dev/null 2>&1 || docker import ` + dockerRootIn + ` pybase > /dev/null
cd {{.Base}}
docker compose {{with .Stack}}-f {{.}} {{end}}up -d --build --quiet-pull > /tmp/compose.log 2>&1 || { tail -n 20 /tmp/compose.log >&2; exit 1; }
{{if .Conf}}systemctl start nginx{{end}}`
