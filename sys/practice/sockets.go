package practice

import (
	"encoding/binary"
	"fmt"
	"io/fs"
	"net/http"
	"net/netip"
	"path"
	"slices"
	"strings"
)

// socket is a listening socket. It lives as long as some process holds it; a Unix one
// can lose its name before that.
type socket struct {
	inode   uint64
	path    string
	address netip.AddrPort
	// answer serves one request that came in on the socket.
	answer func(*http.Request) answer
	// inside is the container whose network the socket is in.
	inside *container
}

func (b *Box) newSocket() *socket {
	b.lastInode++
	return &socket{inode: b.lastInode}
}

// bindUnix makes a listening socket and its name in the file system; whatever socket
// had that name before keeps its connections and gets no new ones.
func (b *Box) bindUnix(name, account string) (*socket, error) {
	if b.find(path.Dir(name)) == nil {
		return nil, fs.ErrNotExist
	}
	made := b.newSocket()
	made.path = name
	named := b.replace(name, "")
	owner := b.users[account]
	named.mode, named.socket, named.uid, named.gid = fs.ModeSocket|0o777, made, owner.uid, owner.gid
	return made, nil
}

// bindTCP makes a listening socket, unless something listens there already.
func (b *Box) bindTCP(address netip.AddrPort, inside *container) (*socket, bool) {
	for _, other := range b.listening(inside) {
		taken := other.address
		if other.path != "" || taken.Port() != address.Port() || taken.Addr().Is4() != address.Addr().Is4() {
			continue
		}
		if taken.Addr() == address.Addr() || taken.Addr().IsUnspecified() || address.Addr().IsUnspecified() {
			return nil, false
		}
	}
	made := b.newSocket()
	made.address, made.inside = address, inside
	return made, true
}

// listening lists the sockets that some process of the same network holds, each once.
// A nil container is the box's own network.
func (b *Box) listening(inside *container) []*socket {
	var found []*socket
	for _, id := range b.ids() {
		for _, held := range b.processes[id].sockets {
			if held.inside == inside && !slices.Contains(found, held) {
				found = append(found, held)
			}
		}
	}
	return found
}

// connectUnix is the socket behind a path, or why there is none.
func (b *Box) connectUnix(name string) (*socket, error) {
	if b.docker != nil && path.Base(name) == "docker.sock" {
		// Its daemon has no API; its client tells what there is.
		return nil, fs.ErrPermission
	}
	found, err := walk(b.root, name, true)
	if err != nil {
		return nil, err
	}
	if found.socket == nil || !slices.Contains(b.listening(nil), found.socket) {
		return nil, errRefused
	}
	return found.socket, nil
}

// connectTCP is the socket that the kernel gives a connection to: one bound to the very
// address before one bound to all.
func (b *Box) connectTCP(address netip.AddrPort) (*socket, error) {
	var wildcard *socket
	for _, other := range b.listening(b.containerAt(address.Addr())) {
		if other.path != "" || other.address.Port() != address.Port() {
			continue
		}
		if other.address.Addr() == address.Addr() {
			return other, nil
		}
		if other.address.Addr().IsUnspecified() && other.address.Addr().Is4() == address.Addr().Is4() {
			wildcard = other
		}
	}
	if wildcard == nil {
		return nil, errRefused
	}
	return wildcard, nil
}

// netUnix renders /proc/net/unix, with the connected sockets that every box has.
func (b *Box) netUnix(inside *container) string {
	text := "Num       RefCount Protocol Flags    Type St Inode Path\n"
	if inside == nil {
		text += "0000000000000000: 00000003 00000000 00000000 0001 03 18211\n" +
			"0000000000000000: 00000002 00000000 00010000 0001 01 17001 /run/systemd/private\n" +
			"0000000000000000: 00000002 00000000 00010000 0001 01 17002 @/run/lvm/lvmpolld.socket\n" +
			"0000000000000000: 00000003 00000000 00000000 0001 03 18214 /run/systemd/journal/stdout\n" +
			"0000000000000000: 00000002 00000000 00000000 0002 01 18215 /run/systemd/journal/dev-log\n"
	}
	for _, each := range b.listening(inside) {
		if each.path != "" {
			text += fmt.Sprintf("0000000000000000: 00000002 00000000 00010000 0001 01 %5d %s\n", each.inode, each.path)
		}
	}
	return text
}

// netTCP renders /proc/net/tcp or tcp6.
func (b *Box) netTCP(inside *container, six bool) string {
	text := "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode                                                     \n"
	if six {
		text = "  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
	}
	row := 0
	for _, each := range b.listening(inside) {
		if each.path != "" || each.address.Addr().Is6() != six {
			continue
		}
		remote := strings.Repeat("0", 8)
		if six {
			remote = strings.Repeat("0", 32)
		}
		text += fmt.Sprintf("%4d: %s:%04X %s:0000 0A 00000000:00000000 00:00000000 00000000 %5d        0 %d 1 0000000000000000 100 0 0 10 0\n",
			row, hexAddress(each.address.Addr()), each.address.Port(), remote, 0, each.inode)
		row++
	}
	return text
}

// hexAddress writes an address as the kernel does on a little-endian machine: words of
// four bytes, each turned round.
func hexAddress(address netip.Addr) string {
	raw := address.AsSlice()
	var text strings.Builder
	for word := range slices.Chunk(raw, 4) {
		fmt.Fprintf(&text, "%08X", binary.LittleEndian.Uint32(word))
	}
	return text.String()
}
