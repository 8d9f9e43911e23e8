package lab

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
)

// ErrHost says that this machine cannot hold the lab at all.
var ErrHost = errors.New("the lab needs Linux and root\n" +
	"hint: run it as root (sudo make test), or leave it out with go test -short")

// requireHost refuses machines on which no box can boot.
func requireHost() error {
	if runtime.GOOS != "linux" || os.Geteuid() != 0 {
		return ErrHost
	}
	return nil
}

// tools are the commands that the lab calls on the host, and the Debian
// packages which have them.
func tools() map[string]string {
	return map[string]string{
		"debootstrap":    "debootstrap",
		"systemd-nspawn": "systemd-container",
		"ip":             "iproute2",
		"nsenter":        "util-linux",
		"unshare":        "util-linux",
		"mount":          "mount",
	}
}

// installTools installs with apt whatever of tools the machine lacks.
func installTools(ctx context.Context) error {
	var missing []string
	for command, pkg := range tools() {
		if _, err := exec.LookPath(command); err != nil {
			missing = append(missing, pkg)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	// Another apt may hold the lock; it is waited for rather than failed on.
	apt := []string{"apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"}
	if _, err := host(ctx, append(apt, "update")...); err != nil {
		return err
	}
	_, err := host(ctx, append(append(apt, "install", "-y", "--no-install-recommends"), missing...)...)
	return err
}

// host runs a command on the host and returns its output. The error has the
// command and the end of what it said.
func host(ctx context.Context, argv ...string) (string, error) {
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C")
	out, err := cmd.CombinedOutput()
	if err != nil {
		command, _, _ := strings.Cut(strings.Join(argv, " "), "\n") // not the whole of a script
		return string(out), fmt.Errorf("%s: %w\n%s", command, err, tail(string(out), 20))
	}
	return string(out), nil
}

// mirror is the Debian mirror that this machine's apt already uses, or nothing,
// and then debootstrap's own default serves.
func mirror(ctx context.Context) string {
	out, err := host(ctx, "apt-get", "indextargets", "--format", "$(REPO_URI)|$(ORIGIN)|$(LABEL)", "Created-By: Packages")
	if err != nil {
		return ""
	}
	for line := range strings.Lines(out) {
		uri, origin, _ := strings.Cut(strings.TrimSpace(line), "|")
		if origin == "Debian|Debian" {
			return uri
		}
	}
	return ""
}

// tail is the last n lines of s.
func tail(s string, n int) string {
	lines := strings.Split(strings.TrimRight(s, "\n"), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
