package practice

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"

	"flasktui/sys"
)

var (
	errNotLink = errors.New("invalid argument")
	errIsDir   = errors.New("is a directory")
)

// look resolves a path for the reading methods: /proc is rendered from the model, and
// its cwd and root links lead back into the trees.
func (b *Box) look(name string, follow bool) (*node, error) {
	if rest, ok := strings.CutPrefix(name, "/proc"); ok && (rest == "" || rest[0] == '/') {
		return b.lookProc(strings.FieldsFunc(rest, func(r rune) bool { return r == '/' }), follow)
	}
	return walk(b.root, name, follow)
}

func (b *Box) open(ctx context.Context, operation, name string, follow bool) (*node, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	found, err := b.look(name, follow)
	if err != nil {
		return nil, &fs.PathError{Op: operation, Path: name, Err: err}
	}
	return found, nil
}

// ReadFile implements sys.Machine.
func (b *Box) ReadFile(ctx context.Context, name string, limit int64) ([]byte, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	found, err := b.open(ctx, "open", name, true)
	if err != nil {
		return nil, err
	}
	if found.isDirectory() {
		return nil, &fs.PathError{Op: "read", Path: name, Err: errIsDir}
	}
	if !found.mode.IsRegular() {
		return nil, &fs.PathError{Op: "open", Path: name, Err: sys.ErrNotRegular}
	}
	if limit > 0 && int64(len(found.content)) > limit {
		return slices.Clone(found.content[:limit]), &fs.PathError{Op: "read", Path: name, Err: sys.ErrTruncated}
	}
	return slices.Clone(found.content), nil
}

// ReadEnd implements sys.Machine.
func (b *Box) ReadEnd(ctx context.Context, name string, limit int64) ([]byte, error) {
	const all = 0
	content, err := b.ReadFile(ctx, name, all)
	if err == nil && int64(len(content)) > limit {
		return content[int64(len(content))-limit:], &fs.PathError{Op: "read", Path: name, Err: sys.ErrTruncated}
	}
	return content, err
}

// Resolve implements sys.Machine.
func (b *Box) Resolve(ctx context.Context, name string) (string, error) {
	return sys.FollowLinks(ctx, b, name)
}

// ReadLink implements sys.Machine.
func (b *Box) ReadLink(ctx context.Context, name string) (string, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	found, err := b.open(ctx, "readlink", name, false)
	if err != nil {
		return "", err
	}
	if !found.isLink() {
		return "", &fs.PathError{Op: "readlink", Path: name, Err: errNotLink}
	}
	return found.target, nil
}

// ReadDir implements sys.Machine.
func (b *Box) ReadDir(ctx context.Context, name string) ([]sys.Entry, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	found, err := b.open(ctx, "open", name, true)
	if err != nil {
		return nil, err
	}
	if !found.isDirectory() {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: errNotDirectory}
	}
	entries := make([]sys.Entry, 0, len(found.children))
	for _, child := range found.names() {
		entries = append(entries, sys.Entry{Name: child, Type: found.children[child].mode.Type()})
	}
	return entries, nil
}

// Stat implements sys.Machine.
func (b *Box) Stat(ctx context.Context, name string) (sys.FileInfo, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	found, err := b.open(ctx, "lstat", name, false)
	if err != nil {
		return sys.FileInfo{}, err
	}
	return found.info(), nil
}

// StatTarget implements sys.Machine.
func (b *Box) StatTarget(ctx context.Context, name string) (sys.FileInfo, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	found, err := b.open(ctx, "stat", name, true)
	if err != nil {
		return sys.FileInfo{}, err
	}
	return found.info(), nil
}

// info is what a node looks like from outside.
func (n *node) info() sys.FileInfo {
	return sys.FileInfo{
		Mode: n.mode, Size: n.size(), UID: n.uid, GID: n.gid,
		Device: n.device, Inode: n.inode,
		Modified: n.modified, Changed: n.changed, Born: n.born,
	}
}

func (n *node) size() int64 {
	switch {
	case n.isDirectory():
		return 4096
	case n.isLink():
		return int64(len(n.target))
	default:
		return int64(len(n.content))
	}
}
