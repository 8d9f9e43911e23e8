package practice

import (
	"io/fs"
	"path"
	"time"
)

// writeTime is what writing one file takes.
const writeTime = 700 * time.Microsecond

func (b *Box) newNode(mode fs.FileMode) *node {
	b.lastInode++
	b.clock.pass(writeTime)
	at := b.clock.time()
	return &node{
		mode: mode, device: rootDevice, inode: b.lastInode,
		modified: at, changed: at, born: at,
	}
}

func (b *Box) newDirectory() *node {
	made := b.newNode(fs.ModeDir | 0o755)
	made.children = map[string]*node{}
	return made
}

// makeDirectory makes a directory and those above it, as mkdir -p does.
func (b *Box) makeDirectory(name string) *node { return b.makeDirectoryIn(b.root, name) }

func (b *Box) makeDirectoryIn(root *node, name string) *node {
	if found, err := walk(root, name, true); err == nil {
		return found
	}
	parent := b.makeDirectoryIn(root, path.Dir(name))
	made := b.newDirectory()
	made.device, made.uid, made.gid = parent.device, parent.uid, parent.gid
	made.attach(parent, path.Base(name), b.clock.time())
	return made
}

// write puts content at a path. An existing file keeps its inode, as with an editor that
// writes in place or a shell redirection.
func (b *Box) write(name, content string) {
	if found := b.find(name); found != nil && found.mode.IsRegular() {
		b.clock.pass(writeTime)
		found.content = []byte(content)
		found.modified, found.changed = b.clock.time(), b.clock.time()
		return
	}
	b.replace(name, content)
}

// replace writes a new file and renames it into place, as git, rsync and most editors
// do: a new inode, born now.
func (b *Box) replace(name, content string) *node {
	parent := b.makeDirectory(path.Dir(name))
	return b.place(parent, path.Base(name), []byte(content))
}

func (b *Box) place(parent *node, name string, content []byte) *node {
	made := b.newNode(0o644)
	made.content = content
	made.device, made.uid, made.gid = parent.device, parent.uid, parent.gid
	b.put(made, parent, name)
	return made
}

// put attaches a node under a name, over what stood there.
func (b *Box) put(made, parent *node, name string) {
	if old := parent.children[name]; old != nil {
		old.detach(b.clock.time())
	}
	made.attach(parent, name, b.clock.time())
}

// script writes an executable file.
func (b *Box) script(name, content string) {
	b.replace(name, content).mode = 0o755
}

// link makes a symbolic link, over one that stands there, as `ln -sfn` does.
func (b *Box) link(target, name string) {
	parent := b.makeDirectory(path.Dir(name))
	made := b.newNode(fs.ModeSymlink | 0o777)
	made.target = target
	made.uid, made.gid = parent.uid, parent.gid
	b.put(made, parent, path.Base(name))
}

// remove takes a path and all below it away, as rm -r does.
func (b *Box) remove(name string) {
	found := b.findItself(name)
	if found == nil || found.parent == nil {
		return
	}
	b.clock.pass(writeTime)
	found.detach(b.clock.time())
}

// own gives a path and all below it to a user, as chown -R does: content and mtime stay,
// the ctime moves.
func (b *Box) own(name, account string) {
	owner := b.users[account]
	b.clock.pass(writeTime)
	at := b.clock.time()
	if found := b.findItself(name); found != nil {
		found.files(func(_ string, each *node) { each.uid, each.gid, each.changed = owner.uid, owner.gid, at })
	}
}

// copyTree copies what is below one node to another place, with new inodes. keepTimes is
// cp -p, rsync -t or tar -x: the mtimes stay as they were.
func (b *Box) copyTree(from, parent *node, name string, keepTimes bool) *node {
	made := b.newNode(from.mode)
	made.device, made.uid, made.gid = parent.device, from.uid, from.gid
	made.content, made.target = append([]byte(nil), from.content...), from.target
	b.put(made, parent, name)
	if from.isDirectory() {
		made.children = map[string]*node{}
		for _, child := range from.names() {
			b.copyTree(from.children[child], made, child, keepTimes)
		}
	}
	if keepTimes {
		made.modified = from.modified
	}
	return made
}
