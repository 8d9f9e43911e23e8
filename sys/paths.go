package sys

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"syscall"
)

// maxLinks is how many links Linux itself follows in one path (path_resolution(7)).
const maxLinks = 40

// Resolve follows every symbolic link in an absolute path, as realpath(3) does. The error
// of a path that leads nowhere wraps fs.ErrNotExist, and the path returned beside it is
// as far as the links could be followed, which is what names a dangling link's target.
//
// A path below /proc/PID/root is followed inside that root: the kernel shows it as a link
// to "/", which would lead out of a container and into the box's own files.
func Resolve(ctx context.Context, machine Machine, name string) (string, error) {
	root, inside := splitRoot(name)
	resolved, err := ResolveUnder(ctx, machine, root, inside)
	if root != "" && resolved == "/" {
		return root, err
	}
	return root + resolved, err
}

// splitRoot takes /proc/PID/root off a path; root is empty for any other path.
func splitRoot(name string) (root, inside string) {
	rest, ok := strings.CutPrefix(path.Clean(name), "/proc/")
	if !ok {
		return "", name
	}
	pid, rest, _ := strings.Cut(rest, "/")
	if pid == "" || strings.Trim(pid, "0123456789") != "" || rest != "root" && !strings.HasPrefix(rest, "root/") {
		return "", name
	}
	return "/proc/" + pid + "/root", "/" + strings.TrimPrefix(strings.TrimPrefix(rest, "root"), "/")
}

// ResolveUnder does the same inside another root ("/proc/PID/root"): absolute links are
// taken inside it. The path returned does not carry the root.
func ResolveUnder(ctx context.Context, machine Machine, root, name string) (string, error) {
	rest := strings.Split(strings.Trim(path.Clean("/"+name), "/"), "/")
	resolved := "/"
	links := 0
	for len(rest) > 0 {
		element := rest[0]
		rest = rest[1:]
		if element == "" || element == "." {
			continue
		}
		if element == ".." {
			resolved = path.Dir(resolved)
			continue
		}
		next := path.Join(resolved, element)
		info, err := machine.Stat(ctx, root+next)
		if err != nil {
			return path.Join(append([]string{next}, rest...)...), err
		}
		if !info.IsLink() {
			resolved = next
			continue
		}
		if links++; links > maxLinks {
			return next, fmt.Errorf("%s: %w", next, syscall.ELOOP)
		}
		target, err := machine.ReadLink(ctx, root+next)
		if err != nil {
			return next, err
		}
		if path.IsAbs(target) {
			resolved = "/"
		}
		rest = append(strings.Split(strings.Trim(target, "/"), "/"), rest...)
	}
	return resolved, nil
}

// Within tells whether a clean path is a directory or lies under it.
func Within(directory, name string) bool {
	directory = strings.TrimSuffix(directory, "/")
	return name == directory || strings.HasPrefix(name, directory+"/")
}

// ReadShown is ReadFile for what is shown as it is written. A link that is somebody's own
// must not lead to what belongs to another user: whoever may read everything would say
// there, for all to see, what its owner keeps to himself. Such a link is refused with
// ErrLedAway; one of root's own may lead anywhere.
func ReadShown(ctx context.Context, machine Machine, name string, limit int64) ([]byte, error) {
	info, err := machine.Stat(ctx, name)
	if err != nil {
		return nil, err
	}
	if info.IsLink() && info.UID != 0 {
		resolved, err := Resolve(ctx, machine, name)
		if err != nil {
			return nil, err
		}
		target, err := machine.Stat(ctx, resolved)
		if err == nil && target.UID != info.UID {
			err = &fs.PathError{Op: "read", Path: name, Err: ErrLedAway}
		}
		if err != nil {
			return nil, err
		}
	}
	return machine.ReadFile(ctx, name, limit)
}
