package sys

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
)

// memoryMachine is a box of files in a map, enough for what only reads. A directory is
// there when something is in it.
type memoryMachine struct {
	files map[string]string
	links map[string]string
	// denied paths, and what is under them, may not be read.
	denied   []string
	modified map[string]time.Time
	// kept says of paths whose they are, and what they are besides.
	kept map[string]FileInfo
	run  func(Command) Output
	dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// resolve follows the links in a path, the last element's only if asked to.
func (m memoryMachine) resolve(name string, last bool) (string, error) {
	for range linkLimit {
		next, changed := "/", false
		elements := strings.Split(strings.Trim(path.Clean(name), "/"), "/")
		for index, element := range elements {
			next = path.Join(next, element)
			for _, denied := range m.denied {
				if next == denied {
					return "", &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
				}
			}
			if target, isLink := m.links[next]; isLink && (last || index < len(elements)-1) {
				name = path.Join(append([]string{absoluteFrom(path.Dir(next), target)}, elements[index+1:]...)...)
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

func (m memoryMachine) isDirectory(name string) bool {
	for _, known := range []map[string]string{m.files, m.links} {
		for file := range known {
			if name == "/" || strings.HasPrefix(file, name+"/") {
				return true
			}
		}
	}
	return false
}

func (m memoryMachine) Run(_ context.Context, command Command) Output {
	if m.run == nil {
		return Output{Argv: command.Argv, Exit: -1, Err: fmt.Errorf("%s: %w", command.Argv[0], ErrNoCommand)}
	}
	return m.run(command)
}

func (m memoryMachine) ReadFile(_ context.Context, name string, limit int64) ([]byte, error) {
	real, err := m.resolve(name, true)
	if err != nil {
		return nil, err
	}
	content, found := m.files[real]
	if !found {
		if m.isDirectory(real) {
			return nil, fmt.Errorf("%s: %w", name, ErrNotRegular)
		}
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	if int64(len(content)) > limit {
		return []byte(content[:limit]), fmt.Errorf("%s: %w", name, ErrTruncated)
	}
	return []byte(content), nil
}

func (m memoryMachine) ReadEnd(ctx context.Context, name string, limit int64) ([]byte, error) {
	content, err := m.ReadFile(ctx, name, 1<<40)
	if err == nil && int64(len(content)) > limit {
		return content[int64(len(content))-limit:], ErrTruncated
	}
	return content, err
}

func (m memoryMachine) Resolve(ctx context.Context, name string) (string, error) {
	return FollowLinks(ctx, m, name)
}

func (m memoryMachine) ReadLink(_ context.Context, name string) (string, error) {
	real, err := m.resolve(name, false)
	if err != nil {
		return "", err
	}
	if target, found := m.links[real]; found {
		return target, nil
	}
	return "", &fs.PathError{Op: "readlink", Path: name, Err: fs.ErrInvalid}
}

func (m memoryMachine) ReadDir(_ context.Context, name string) ([]Entry, error) {
	real, err := m.resolve(name, true)
	if err != nil {
		return nil, err
	}
	if !m.isDirectory(real) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	types := map[string]fs.FileMode{}
	add := func(files map[string]string, mode fs.FileMode) {
		for file := range files {
			rest, under := strings.CutPrefix(file, strings.TrimSuffix(real, "/")+"/")
			first, _, deeper := strings.Cut(rest, "/")
			switch {
			case under && deeper:
				types[first] = fs.ModeDir
			case under:
				types[first] = mode
			}
		}
	}
	add(m.files, 0)
	add(m.links, fs.ModeSymlink)
	var entries []Entry
	for name, mode := range types {
		entries = append(entries, Entry{Name: name, Type: mode})
	}
	sort.Slice(entries, func(i, j int) bool { return entries[i].Name < entries[j].Name })
	return entries, nil
}

func (m memoryMachine) Stat(_ context.Context, name string) (FileInfo, error) {
	real, err := m.resolve(name, false)
	if err != nil {
		return FileInfo{}, err
	}
	info := m.kept[real]
	info.Modified, info.Changed = m.modified[real], m.modified[real]
	if content, found := m.files[real]; found {
		info.Size = int64(len(content))
		return info, nil
	}
	if _, found := m.links[real]; found {
		info.Mode |= fs.ModeSymlink
		return info, nil
	}
	if m.isDirectory(real) {
		info.Mode |= fs.ModeDir
		return info, nil
	}
	return FileInfo{}, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrNotExist}
}

func (m memoryMachine) StatTarget(ctx context.Context, name string) (FileInfo, error) {
	real, err := m.resolve(name, true)
	if err != nil {
		return FileInfo{}, err
	}
	return m.Stat(ctx, real)
}

func (m memoryMachine) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	if m.dial != nil {
		return m.dial(ctx, network, address)
	}
	return (&net.Dialer{}).DialContext(ctx, network, address)
}

func (m memoryMachine) Processes(context.Context) ([]int, error) { return nil, nil }
func (m memoryMachine) Host(context.Context) (Host, error)       { return Host{DockerSettings: true}, nil }
func (m memoryMachine) Now() time.Time                           { return time.Now() }

// mirror holds a real directory in memory, under the name it has on disk.
func mirror(t *testing.T, directory string) memoryMachine {
	t.Helper()
	machine := memoryMachine{files: map[string]string{}, links: map[string]string{}, modified: map[string]time.Time{}}
	err := filepath.WalkDir(directory, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		machine.modified[name] = info.ModTime()
		if entry.Type()&fs.ModeSymlink != 0 {
			machine.links[name], err = os.Readlink(name)
			return err
		}
		content, err := os.ReadFile(name)
		machine.files[name] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return machine
}
