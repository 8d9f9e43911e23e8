// Package memory is a box of files in maps, for tests of what only reads.
//
// It knows sys, and no program links it in. Begin with Machine's fields.
package memory

import (
	"context"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"

	"flasktui/sys"
)

// Machine is a box of files in a map, enough for what only reads. A directory is
// there when something is in it.
type Machine struct {
	Files map[string]string
	Links map[string]string
	// Denied paths, and what is under them, may not be read.
	Denied   []string
	Modified map[string]time.Time
	// Kept says of paths whose they are, and what they are besides.
	Kept   map[string]sys.FileInfo
	OnRun  func(sys.Command) sys.Output
	OnDial func(ctx context.Context, network, address string) (net.Conn, error)
}

// resolve follows the links in a path, the last element's only if asked to.
func (m Machine) resolve(name string, last bool) (string, error) {
	for range sys.LinkLimit {
		next, changed := "/", false
		elements := strings.Split(strings.Trim(path.Clean(name), "/"), "/")
		for index, element := range elements {
			next = path.Join(next, element)
			for _, denied := range m.Denied {
				if next == denied {
					return "", &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
				}
			}
			if target, isLink := m.Links[next]; isLink && (last || index < len(elements)-1) {
				name = path.Join(append([]string{sys.AbsoluteFrom(path.Dir(next), target)}, elements[index+1:]...)...)
				changed = true
				break
			}
		}
		if !changed {
			return next, nil
		}
	}
	return "", fmt.Errorf("%s: too many links", name)
}

func (m Machine) isDirectory(name string) bool {
	for _, known := range []map[string]string{m.Files, m.Links} {
		for file := range known {
			if name == "/" || strings.HasPrefix(file, name+"/") {
				return true
			}
		}
	}
	return false
}

// Run answers as OnRun does; without it there is no command at all.
func (m Machine) Run(_ context.Context, command sys.Command) sys.Output {
	if m.OnRun == nil {
		return sys.Output{Argv: command.Argv, Exit: -1, Err: fmt.Errorf("%s: %w", command.Argv[0], sys.ErrNoCommand)}
	}
	return m.OnRun(command)
}

// ReadFile reads from Files.
func (m Machine) ReadFile(_ context.Context, name string, limit int64) ([]byte, error) {
	target, err := m.resolve(name, true)
	if err != nil {
		return nil, err
	}
	content, found := m.Files[target]
	if !found {
		if m.isDirectory(target) {
			return nil, fmt.Errorf("%s: %w", name, sys.ErrNotRegular)
		}
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	if int64(len(content)) > limit {
		return []byte(content[:limit]), fmt.Errorf("%s: %w", name, sys.ErrTruncated)
	}
	return []byte(content), nil
}

// ReadEnd reads the last of one of Files.
func (m Machine) ReadEnd(ctx context.Context, name string, limit int64) ([]byte, error) {
	content, err := m.ReadFile(ctx, name, 1<<40)
	if err == nil && int64(len(content)) > limit {
		return content[int64(len(content))-limit:], sys.ErrTruncated
	}
	return content, err
}

// Resolve follows Links.
func (m Machine) Resolve(ctx context.Context, name string) (string, error) {
	return sys.FollowLinks(ctx, m, name)
}

// ReadLink reads from Links.
func (m Machine) ReadLink(_ context.Context, name string) (string, error) {
	target, err := m.resolve(name, false)
	if err != nil {
		return "", err
	}
	if target, found := m.Links[target]; found {
		return target, nil
	}
	return "", &fs.PathError{Op: "readlink", Path: name, Err: fs.ErrInvalid}
}

// ReadDir lists what lies under a name.
func (m Machine) ReadDir(_ context.Context, name string) ([]sys.Entry, error) {
	target, err := m.resolve(name, true)
	if err != nil {
		return nil, err
	}
	if !m.isDirectory(target) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	types := map[string]fs.FileMode{}
	add := func(files map[string]string, mode fs.FileMode) {
		for file := range files {
			rest, under := strings.CutPrefix(file, strings.TrimSuffix(target, "/")+"/")
			first, _, deeper := strings.Cut(rest, "/")
			switch {
			case under && deeper:
				types[first] = fs.ModeDir
			case under:
				types[first] = mode
			}
		}
	}
	add(m.Files, 0)
	add(m.Links, fs.ModeSymlink)
	var entries []sys.Entry
	for name, mode := range types {
		entries = append(entries, sys.Entry{Name: name, Type: mode})
	}
	sort.Slice(entries, func(i, j int) bool { return entries[i].Name < entries[j].Name })
	return entries, nil
}

// Stat knows kind, size and time; everything belongs to root.
func (m Machine) Stat(_ context.Context, name string) (sys.FileInfo, error) {
	target, err := m.resolve(name, false)
	if err != nil {
		return sys.FileInfo{}, err
	}
	info := m.Kept[target]
	info.Modified, info.Changed = m.Modified[target], m.Modified[target]
	if content, found := m.Files[target]; found {
		info.Size = int64(len(content))
		return info, nil
	}
	if _, found := m.Links[target]; found {
		info.Mode |= fs.ModeSymlink
		return info, nil
	}
	if m.isDirectory(target) {
		info.Mode |= fs.ModeDir
		return info, nil
	}
	return sys.FileInfo{}, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrNotExist}
}

// StatTarget is Stat at the end of the links.
func (m Machine) StatTarget(ctx context.Context, name string) (sys.FileInfo, error) {
	target, err := m.resolve(name, true)
	if err != nil {
		return sys.FileInfo{}, err
	}
	return m.Stat(ctx, target)
}

// OpenMemory refuses: what is in memory here is files.
func (m Machine) OpenMemory(_ context.Context, pid int) (sys.Memory, error) {
	return nil, &fs.PathError{Op: "open", Path: fmt.Sprintf("/proc/%d/mem", pid), Err: fs.ErrPermission}
}

// Dial is OnDial, or else the network of whoever tests, whose Docker is not that of a box in
// memory: it may not be asked.
func (m Machine) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	if m.OnDial != nil {
		return m.OnDial(ctx, network, address)
	}
	if path.Base(address) == "docker.sock" {
		return nil, fs.ErrPermission
	}
	return (&net.Dialer{}).DialContext(ctx, network, address)
}

// Processes are none.
func (m Machine) Processes(context.Context) ([]int, error) { return nil, nil }

// Host has Docker's settings somewhere, so that contexts are asked for.
func (m Machine) Host(context.Context) (sys.Host, error) { return sys.Host{DockerSettings: true}, nil }

// Now is the real time.
func (m Machine) Now() time.Time { return time.Now() }

// Mirror holds a real directory in memory, under the name it has on disk.
func Mirror(t *testing.T, directory string) Machine {
	t.Helper()
	machine := Machine{Files: map[string]string{}, Links: map[string]string{}, Modified: map[string]time.Time{}}
	err := filepath.WalkDir(directory, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		machine.Modified[name] = info.ModTime()
		if entry.Type()&fs.ModeSymlink != 0 {
			machine.Links[name], err = os.Readlink(name)
			return err
		}
		content, err := os.ReadFile(name)
		machine.Files[name] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return machine
}
