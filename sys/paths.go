package sys

import (
	"context"
	"fmt"
	"path"
	"strings"
	"syscall"
)

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

// ResolveUnder does what Machine.Resolve does inside another root, "" or "/proc/PID/root".
// The path returned does not carry the root.
func ResolveUnder(ctx context.Context, machine Machine, root, name string) (string, error) {
	resolved, err := machine.Resolve(ctx, root+path.Clean("/"+name))
	return path.Join("/", strings.TrimPrefix(resolved, root)), err
}

// FollowLinks is Machine.Resolve for a machine of which nobody else decides anything, by its
// Stat and ReadLink.
func FollowLinks(ctx context.Context, machine Machine, name string) (string, error) {
	root, inside := splitRoot(name)
	rest := strings.Split(strings.Trim(path.Clean("/"+inside), "/"), "/")
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
			return path.Join(append([]string{"/", root, next}, rest...)...), err
		}
		if !info.IsLink() {
			resolved = next
			continue
		}
		if links++; links > LinkLimit {
			return root + next, fmt.Errorf("%s: %w", next, syscall.ELOOP)
		}
		target, err := machine.ReadLink(ctx, root+next)
		if err != nil {
			return root + next, err
		}
		if path.IsAbs(target) {
			resolved = "/"
		}
		rest = append(strings.Split(strings.Trim(target, "/"), "/"), rest...)
	}
	return path.Join("/", root, resolved), nil
}

// Within tells whether a clean path is a directory or lies under it.
func Within(directory, name string) bool {
	directory = strings.TrimSuffix(directory, "/")
	return name == directory || strings.HasPrefix(name, directory+"/")
}

// AbsoluteFrom is a name as it is meant in a directory: itself where it is absolute.
func AbsoluteFrom(base, name string) string {
	if path.IsAbs(name) {
		return path.Clean(name)
	}
	return path.Join(base, name)
}
