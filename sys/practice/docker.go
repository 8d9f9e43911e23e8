package practice

import "net/netip"

// docker is the daemon's state.
type docker struct {
	containers []*container
}

// container is one container, with the tree that it sees.
type container struct {
	root      *node
	directory string
	main      *process
}

func (c *container) master() *process { return c.main }

func (b *Box) containerAt(netip.Addr) *container { return nil }

func (r *run) docker() {}

func dockerChanges([]string) bool { return false }
