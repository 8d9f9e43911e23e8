package practice

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// node is an inode: a file, directory, link or socket. Whoever holds a node keeps it
// when its name is gone, as a process keeps a working directory that was removed.
type node struct {
	mode                    fs.FileMode
	uid, gid                uint32
	device, inode           uint64
	modified, changed, born time.Time

	content  []byte
	target   string
	children map[string]*node
	socket   *socket

	name   string
	parent *node
	// gone is where the node stood before its name was removed.
	gone string
}

// The box's file system, and the overlay that containers stand on.
const (
	rootDevice    = 0xfd01
	overlayDevice = 0x2b
)

// linkLimit is how many links the kernel follows in one path.
const linkLimit = 40

var (
	errNotDirectory = errors.New("not a directory")
	errTooManyLinks = errors.New("too many levels of symbolic links")
)

func (n *node) isDirectory() bool { return n.mode.IsDir() }
func (n *node) isLink() bool      { return n.mode&fs.ModeSymlink != 0 }

// path is where the node stands now, as /proc shows it: what was removed keeps the path
// that it had.
func (n *node) path() string {
	var elements []string
	at := n
	for ; at.parent != nil; at = at.parent {
		elements = append(elements, at.name)
	}
	slices.Reverse(elements)
	text := path.Join("/", at.gone, path.Join(elements...))
	if at.gone != "" {
		text += " (deleted)"
	}
	return text
}

// deleted says whether the node can no longer be reached by any name.
func (n *node) deleted() bool {
	for ; n.parent != nil; n = n.parent {
	}
	return n.gone != ""
}

// detach takes a node out of its directory.
func (n *node) detach(at time.Time) {
	n.gone = n.path()
	delete(n.parent.children, n.name)
	n.parent.modified, n.parent.changed, n.changed = at, at, at
	n.parent = nil
}

// attach puts a node into a directory under a name.
func (n *node) attach(parent *node, name string, at time.Time) {
	n.parent, n.name, n.gone = parent, name, ""
	parent.children[name] = n
	parent.modified, parent.changed = at, at
}

// walk resolves a path from a root as the kernel does: links in the middle are followed,
// one at the end where follow says so.
func walk(root *node, name string, follow bool) (*node, error) {
	current, pending, hops := root, strings.Split(name, "/"), 0
	for len(pending) > 0 {
		element := pending[0]
		pending = pending[1:]
		if element == "" || element == "." {
			continue
		}
		if element == ".." {
			if current != root && current.parent != nil {
				current = current.parent
			}
			continue
		}
		if !current.isDirectory() {
			return nil, errNotDirectory
		}
		child, ok := current.children[element]
		if !ok {
			return nil, fs.ErrNotExist
		}
		if !child.isLink() || !follow && !named(pending) {
			current = child
			continue
		}
		if hops++; hops > linkLimit {
			return nil, errTooManyLinks
		}
		if path.IsAbs(child.target) {
			current = root
		}
		pending = append(strings.Split(child.target, "/"), pending...)
	}
	return current, nil
}

// named says whether anything but slashes is left of a path.
func named(elements []string) bool {
	return slices.ContainsFunc(elements, func(element string) bool { return element != "" })
}

// find resolves a path on the box, links followed; nil where nothing is there.
func (b *Box) find(name string) *node {
	found, err := walk(b.root, name, true)
	if err != nil {
		return nil
	}
	return found
}

// findItself is find without following a link at the end.
func (b *Box) findItself(name string) *node {
	found, err := walk(b.root, name, false)
	if err != nil {
		return nil
	}
	return found
}

// realPath is what readlink -f says; empty where the path leads nowhere.
func (b *Box) realPath(name string) string {
	if found := b.find(name); found != nil {
		return found.path()
	}
	return ""
}

// files visits every node below a directory, sorted, the directory itself first.
func (n *node) files(visit func(at string, found *node)) { n.visit(n.path(), visit) }

func (n *node) visit(at string, visit func(at string, found *node)) {
	visit(at, n)
	for _, name := range n.names() {
		n.children[name].visit(path.Join(at, name), visit)
	}
}

func (n *node) names() []string {
	names := make([]string, 0, len(n.children))
	for name := range n.children {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
