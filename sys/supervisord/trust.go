package supervisord

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"flasktui/sys"
	"flasktui/sys/proc"
	"flasktui/sys/python"
)

// TrustedConfiguration tells whether root may give commands to a supervisord by the
// configuration that it names, and is the file to give them by, without links. What
// supervisorctl finds there it obeys: it loads what [ctlplugin:…] names, and talks, with
// the password that stands there, to whatever [supervisorctl] serverurl leads to; and
// `update` has supervisord start, as root, what the included files say. So the process has
// to be root's own program, and everything of that root's alone.
func TrustedConfiguration(ctx context.Context, machine sys.Machine, supervisor proc.Process, config string) (resolved string, err error) {
	if err := proc.RootsProgramHere(ctx, machine, supervisor); err != nil {
		return "", fmt.Errorf("it is not proved that supervisord is root's own: %w; if it is another user's, that user has to run supervisorctl", err)
	}
	if err := script(ctx, machine, supervisor); err != nil {
		return "", err
	}
	if resolved, err = sys.RootsAlone(ctx, machine, config); err != nil {
		return "", fmt.Errorf("%w; check %s, then run supervisorctl by hand", err, sys.Safe(config))
	}
	configured, err := readFile(ctx, machine, config)
	if err != nil {
		return "", err
	}
	obeyed, err := readFile(ctx, machine, resolved)
	switch {
	case err != nil:
		return "", err
	case len(configured.Unread) > 0:
		return "", fmt.Errorf("%s in %s holds what only supervisord can expand", sys.Safe(configured.Unread[0]), sys.Safe(config))
	case configured.ServerURL == "":
		return "", fmt.Errorf("%s has no [supervisorctl], without which supervisorctl does nothing", sys.Safe(config))
	case configured.ServerURL != obeyed.ServerURL || configured.Socket != obeyed.Socket || !slices.Equal(configured.Includes, obeyed.Includes):
		return "", fmt.Errorf("%s is a link, and what it says depends on the place from which it is read", sys.Safe(config))
	}
	for _, pattern := range configured.Includes {
		if _, err := RootsPattern(ctx, machine, pattern); err != nil {
			return "", fmt.Errorf("%w, and %s includes it; check it, then run supervisorctl by hand", err, sys.Safe(config))
		}
	}
	return resolved, listens(ctx, machine, supervisor, configured)
}

// script tells whether the script that a supervisord was started from is root's.
// Where there is none it is a program of its own, which has been looked at.
func script(ctx context.Context, machine sys.Machine, supervisor proc.Process) error {
	for _, word := range supervisor.Argv[:min(len(supervisor.Argv), 2)] {
		if path.Base(word) != "supervisord" {
			continue
		}
		if _, err := sys.RootsAlone(ctx, machine, word); err != nil {
			return fmt.Errorf("process %d runs a supervisord that others may have written: %w", supervisor.PID, err)
		}
		if !python.IsInterpreter(path.Base(supervisor.Executable)) && !proc.SameFile(ctx, machine, proc.Path(supervisor.PID, "exe"), word) {
			return fmt.Errorf("process %d calls itself %s, but executes %s", supervisor.PID, sys.Safe(word), supervisor.ShownExecutable())
		}
		return nil
	}
	return fmt.Errorf("process %d is not supervisord", supervisor.PID)
}

// RootsPattern is sys.RootsAlone for all files that a pattern names, and for the directories
// in which others could make one that it would name. The files are in the order of glob(3).
func RootsPattern(ctx context.Context, machine sys.Machine, pattern string) (files []string, err error) {
	names := []string{pattern}
	for part := pattern; sys.IsPattern(part); part = path.Dir(part) {
		names = append(names, path.Dir(part))
	}
	for _, name := range names {
		found, err := sys.GlobUnder(ctx, machine, "", name)
		if err != nil {
			return nil, err
		}
		if name == pattern {
			files = found
		}
		for _, one := range found {
			if _, err := sys.RootsAlone(ctx, machine, one); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return nil, err
			}
		}
	}
	return files, nil
}

// listens tells whether what supervisorctl would talk to is this supervisord.
func listens(ctx context.Context, machine sys.Machine, supervisor proc.Process, config Config) error {
	if socket, isUnix := strings.CutPrefix(config.ServerURL, "unix://"); isUnix {
		own, err := sys.RootsAlone(ctx, machine, socket)
		if err != nil {
			return fmt.Errorf("supervisorctl would talk to %s: %w", sys.Safe(config.ServerURL), err)
		}
		if listens, err := machine.Resolve(ctx, config.Socket); err != nil || config.Socket == "" || listens != own {
			return fmt.Errorf("supervisorctl would talk to %s, where this supervisord does not listen", sys.Safe(config.ServerURL))
		}
		return nil
	}
	server, err := url.Parse(config.ServerURL)
	if err != nil || server.Scheme != "http" || !slices.Contains([]string{"localhost", "127.0.0.1", "::1"}, server.Hostname()) {
		return errors.New("supervisorctl would talk to a server that is not known to be this supervisord")
	}
	port, err := strconv.ParseUint(server.Port(), 10, 16)
	held, heldErr := proc.ReadSocketInodes(ctx, machine, supervisor.PID)
	listeners, listErr := proc.ReadListeners(ctx, machine, 0)
	if err := errors.Join(err, heldErr, listErr); err != nil {
		return fmt.Errorf("whether supervisord listens at %s could not be configured: %w", sys.Safe(config.ServerURL), err)
	}
	found := false
	for _, listener := range listeners {
		if uint64(listener.Address.Port()) != port || listener.Path != "" {
			continue
		}
		if !slices.Contains(held, listener.Inode) {
			return fmt.Errorf("another process than this supervisord listens at %s", net.JoinHostPort(server.Hostname(), server.Port()))
		}
		found = true
	}
	if !found {
		return fmt.Errorf("supervisorctl would talk to %s, where this supervisord does not listen", sys.Safe(config.ServerURL))
	}
	return nil
}
