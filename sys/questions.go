package sys

import (
	"os/user"
	"path"
	"strconv"
	"sync"
)

// operation is one of the ways in which a path is read.
type operation string

const (
	askFile  operation = "read"
	askEnd   operation = "read the end of"
	askLink  operation = "readlink"
	askList  operation = "readdir"
	askLook  operation = "stat"
	askPlace operation = "resolve"
	// askTarget is stat(2) of what the kernel itself follows a path to.
	askTarget operation = "stat the target of"
)

// question is one read, as it is asked of this process or of one that runs as root.
type question struct {
	Op    operation `json:"op"`
	Path  string    `json:"path"`
	Limit int64     `json:"limit,omitempty"`
	behalf
}

// behalf says for whom, beside the caller, a path is read.
type behalf struct {
	// Led lists those who have led to the path.
	Led []Decider `json:"led,omitempty"`
	// Shared lists the directories of the box in which a link of root's may be one of a
	// container's root.
	Shared []string `json:"shared,omitempty"`
}

// answer holds what the operation asks for: a content, the text of a link or the name of
// what a path leads to, the entries of a directory, or what stat(2) says.
type answer struct {
	Content []byte    `json:"content,omitempty"`
	Target  string    `json:"target,omitempty"`
	Entries []Entry   `json:"entries,omitempty"`
	Info    FileInfo  `json:"info,omitzero"`
	Led     []Decider `json:"led,omitempty"`
}

func (o *opener) answer(asked question) (got answer, err error) {
	switch asked.Op {
	case askFile:
		got.Content, err = o.readFile(asked.Path, asked.behalf, asked.Limit)
	case askEnd:
		got.Content, err = o.readEnd(asked.Path, asked.behalf, asked.Limit)
	case askLink:
		got.Target, err = o.readLink(asked.Path, asked.behalf)
	case askList:
		got.Entries, err = o.list(asked.Path, asked.behalf)
	case askLook:
		got.Info, err = o.look(asked.Path, asked.behalf)
	case askTarget:
		got.Info, err = statTarget(asked.Path)
	case askPlace:
		got.Target, got.Led, err = o.resolve(asked.Path, asked.behalf)
	}
	return got, err
}

// groupsOf lists the groups of an account; none of one that is unknown here.
func groupsOf(id uint32) []uint32 {
	account, err := user.LookupId(strconv.FormatUint(uint64(id), 10))
	if err != nil {
		return nil
	}
	names, err := account.GroupIds()
	if err != nil {
		names = []string{account.Gid}
	}
	var groups []uint32
	for _, name := range names {
		if group, err := strconv.ParseUint(name, 10, 32); err == nil {
			groups = append(groups, uint32(group))
		}
	}
	return groups
}

// ledPaths remembers who led to what a path was resolved to. Its name does not say so any
// more, and what lies below is read for them all the same.
type ledPaths struct {
	mutex sync.Mutex
	who   map[string][]Decider
}

func (l *ledPaths) add(name string, who []Decider) {
	if len(who) == 0 {
		return
	}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.who == nil {
		l.who = map[string][]Decider{}
	}
	l.who[name] = together(l.who[name], who)
}

func (l *ledPaths) to(name string) []Decider {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if len(l.who) == 0 {
		return nil
	}
	var who []Decider
	for at := path.Clean(name); ; at = path.Dir(at) {
		who = together(who, l.who[at])
		if at == "/" || at == "." {
			return who
		}
	}
}
