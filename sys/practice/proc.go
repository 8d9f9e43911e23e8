package practice

import (
	"fmt"
	"hash/fnv"
	"io/fs"
	"strconv"
	"strings"
)

// lookProc renders the part of proc(5) that a path asks for.
func (b *Box) lookProc(elements []string, follow bool) (*node, error) {
	if len(elements) == 0 {
		return b.procRoot(), nil
	}
	if id, err := strconv.Atoi(elements[0]); err == nil {
		if found := b.processes[id]; found != nil {
			return b.lookProcess(found, elements[1:], follow)
		}
		return nil, fs.ErrNotExist
	}
	switch strings.Join(elements, "/") {
	case "uptime":
		return b.procFile(elements, b.clock.uptime()), nil
	case "stat":
		return b.procFile(elements, fmt.Sprintf("cpu  1 0 1 1 0 0 0 0 0 0\nbtime %d\n", b.clock.booted.Unix())), nil
	case "sys/kernel/hostname":
		return b.procFile(elements, b.hostname+"\n"), nil
	}
	if elements[0] == "net" {
		return b.lookNet(nil, elements[1:])
	}
	return nil, fs.ErrNotExist
}

func (b *Box) procRoot() *node {
	root := b.procDirectory("proc", "net")
	for id := range b.processes {
		name := strconv.Itoa(id)
		root.children[name] = b.procDirectory(name)
	}
	for _, name := range []string{"uptime", "stat"} {
		root.children[name] = b.procFile([]string{name}, "")
	}
	return root
}

func (b *Box) lookNet(inside *container, elements []string) (*node, error) {
	if len(elements) == 0 {
		directory := b.procDirectory("net")
		for _, name := range []string{"tcp", "tcp6", "unix"} {
			directory.children[name] = b.procFile([]string{name}, "")
		}
		return directory, nil
	}
	switch elements[0] {
	case "unix":
		return b.procFile(elements, b.netUnix(inside)), nil
	case "tcp":
		return b.procFile(elements, b.netTCP(inside, false)), nil
	case "tcp6":
		return b.procFile(elements, b.netTCP(inside, true)), nil
	}
	return nil, fs.ErrNotExist
}

// lookProcess renders what is below /proc/PID; links that lead out of it are followed
// where the path goes on behind them.
func (b *Box) lookProcess(p *process, elements []string, follow bool) (*node, error) {
	if len(elements) == 0 {
		directory := b.procDirectory(strconv.Itoa(p.pid), "fd", "net")
		for _, name := range []string{"stat", "status", "cmdline", "comm", "environ", "cgroup", "maps"} {
			directory.children[name] = b.procFile([]string{name}, "")
		}
		for _, name := range []string{"cwd", "exe", "root"} {
			directory.children[name] = b.procLink(name, "")
		}
		return directory, nil
	}
	rest := elements[1:]
	switch elements[0] {
	case "cwd", "root", "exe":
		return b.lookProcessLink(p, elements[0], rest, follow)
	case "fd":
		return b.lookDescriptors(p, rest)
	case "net":
		return b.lookNet(p.container, rest)
	}
	if len(rest) > 0 {
		return nil, errNotDirectory
	}
	text, ok := b.processFile(p, elements[0])
	if !ok {
		return nil, fs.ErrNotExist
	}
	return b.procFile(elements, text), nil
}

func (b *Box) lookProcessLink(p *process, name string, rest []string, follow bool) (*node, error) {
	top := b.root
	if p.container != nil {
		top = p.container.root
	}
	text, target := "/", top
	switch name {
	case "cwd":
		text, target = p.directory.path(), p.directory
		if p.container != nil {
			text = p.container.directory
		}
	case "exe":
		if text = p.executable; text == "" {
			return nil, fs.ErrNotExist // a thread of the kernel
		}
		if follow || len(rest) > 0 {
			return walk(top, text+"/"+strings.Join(rest, "/"), follow)
		}
	}
	if len(rest) == 0 && !follow {
		return b.procLink(name, text), nil
	}
	if name == "cwd" {
		return walk(target, strings.Join(rest, "/"), follow)
	}
	return walk(top, strings.Join(rest, "/"), follow)
}

// firstSocket is the number of the first descriptor that is a socket, after the three
// standard streams and the loop's own descriptors.
const firstSocket = 5

func (b *Box) lookDescriptors(p *process, rest []string) (*node, error) {
	directory := b.procDirectory("fd")
	for i, target := range []string{"/dev/null", fmt.Sprintf("socket:[%d]", 9000+p.pid), fmt.Sprintf("socket:[%d]", 9000+p.pid)} {
		name := strconv.Itoa(i)
		directory.children[name] = b.procLink(name, target)
	}
	for i, held := range p.sockets {
		name := strconv.Itoa(firstSocket + i)
		directory.children[name] = b.procLink(name, fmt.Sprintf("socket:[%d]", held.inode))
	}
	if len(rest) == 0 {
		return directory, nil
	}
	if found := directory.children[rest[0]]; found != nil {
		return found, nil
	}
	return nil, fs.ErrNotExist
}

// processFile is the content of one of the plain files of /proc/PID.
func (b *Box) processFile(p *process, name string) (string, bool) {
	switch name {
	case "stat":
		return fmt.Sprintf("%d (%s) S %d %d %d 0 -1 4194560 5120 0 0 0 41 12 0 0 20 0 1 0 %d 45236224 7031 18446744073709551615"+
			" 1 1 0 0 0 0 0 16781312 134235143 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0\n",
			p.pid, p.name, p.parent, p.pid, p.pid, b.clock.ticks(p.started)), true
	case "status":
		return b.processStatus(p), true
	case "comm":
		return p.name + "\n", true
	case "cmdline":
		if p.title != "" {
			return p.title + "\x00\x00\x00\x00", true
		}
		if len(p.argv) == 0 {
			return "", true
		}
		return strings.Join(p.argv, "\x00") + "\x00", true
	case "environ":
		var text strings.Builder
		for _, each := range p.environment {
			text.WriteString(each.name + "=" + each.value + "\x00")
		}
		if p.title != "" {
			return strings.Repeat("\x00", text.Len()), true
		}
		return text.String(), true
	case "maps":
		if p.holds == nil {
			return "", false
		}
		return p.holds.maps(p.executable), true
	case "cgroup":
		return "0::" + p.cgroup + "\n", true
	}
	return "", false
}

func (b *Box) processStatus(p *process) string {
	owner := b.users[p.account]
	namespaced := strconv.Itoa(p.pid)
	if p.container != nil {
		namespaced += "\t" + strconv.Itoa(1+p.pid-p.container.master().pid)
	}
	return fmt.Sprintf("Name:\t%s\nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t%d\nNgid:\t0\nPid:\t%d\nPPid:\t%d\nTracerPid:\t0\n"+
		"Uid:\t%d\t%d\t%d\t%d\nGid:\t%d\t%d\t%d\t%d\nFDSize:\t64\nNSpid:\t%s\nVmRSS:\t   28124 kB\nThreads:\t1\n",
		p.name, p.pid, p.pid, p.parent, owner.uid, owner.uid, owner.uid, owner.uid,
		owner.gid, owner.gid, owner.gid, owner.gid, namespaced)
}

func (b *Box) procDirectory(name string, children ...string) *node {
	made := &node{mode: fs.ModeDir | 0o555, name: name, children: map[string]*node{}}
	for _, child := range children {
		made.children[child] = b.procDirectory(child)
	}
	return b.procTimes(made)
}

func (b *Box) procFile(elements []string, content string) *node {
	return b.procTimes(&node{mode: 0o444, name: elements[len(elements)-1], content: []byte(content)})
}

func (b *Box) procLink(name, target string) *node {
	return b.procTimes(&node{mode: fs.ModeSymlink | 0o777, name: name, target: target})
}

func (b *Box) procTimes(made *node) *node {
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(made.name))
	at := b.clock.time()
	made.inode, made.device = uint64(sum.Sum32()), 0x17
	made.modified, made.changed = at, at
	return made
}
