package sys

import (
	"context"
	"io"
	"net/netip"
)

// Listener is one listening socket.
type Listener struct {
	// Path is set for a Unix socket ("@name" for an abstract one), Address for TCP.
	Path    string         `json:"path,omitempty"`
	Address netip.AddrPort `json:"address,omitzero"`
	Inode   uint64         `json:"inode"`
}

// ParseNetUnix reads the listening rows (flag 0x10000) of /proc/net/unix. Two rows may
// have the same path: then two processes bound it one after another (G5). A row that
// cannot be read is passed over, not fatal.
func ParseNetUnix(reader io.Reader) ([]Listener, error) { panic("to be written") }

// ParseNetTCP reads the listening rows (state 0A) of /proc/net/tcp or tcp6. IPv4-mapped
// addresses stay as they are.
func ParseNetTCP(reader io.Reader) ([]Listener, error) { panic("to be written") }

// ReadListeners reads all three tables of the machine's network namespace, or of the
// namespace of process pid where pid is not 0.
func ReadListeners(ctx context.Context, machine Machine, pid int) ([]Listener, error) {
	panic("to be written")
}

// ReadSocketInodes lists the inodes of the sockets that a process holds open, by the
// links in /proc/PID/fd.
func ReadSocketInodes(ctx context.Context, machine Machine, pid int) ([]uint64, error) {
	panic("to be written")
}
