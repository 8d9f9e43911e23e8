package proc

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"

	"flasktui/sys"
)

// Listener is one listening socket.
type Listener struct {
	// Path is set for a Unix socket ("@name" for an abstract one), Address for TCP.
	Path    string         `json:"path,omitempty"`
	Address netip.AddrPort `json:"address,omitzero"`
	Inode   uint64         `json:"inode"`
	// UID is whose TCP socket it is.
	UID uint32 `json:"uid,omitempty"`
	// Own are the addresses of the network that it is in, of one that listens at all of them; nil
	// where they could not be read.
	Own []netip.Prefix `json:"own,omitempty"`
}

// socketTableLimit is room for some hundred thousand connections.
const socketTableLimit = 64 << 20

// ParseNetUnix reads the listening rows (flag 0x10000) of /proc/net/unix. Two rows may
// have the same path: then two processes bound it one after another (G5). A row that
// cannot be read is passed over, not fatal.
//
// A row is "Num RefCount Protocol Flags Type St Inode Path"; the path may hold spaces.
func ParseNetUnix(reader io.Reader) ([]Listener, error) {
	const listening = 0x10000
	listeners := []Listener{}
	err := eachLine(reader, func(line string) {
		const flagsField, inodeField, pathField = 3, 6, 7
		rest := line
		var fields [pathField]string
		for i := range fields {
			fields[i], rest, _ = strings.Cut(strings.TrimLeft(rest, " "), " ")
		}
		flags, err := strconv.ParseUint(fields[flagsField], 16, 32)
		if err != nil || flags&listening == 0 || rest == "" {
			return
		}
		inode, err := strconv.ParseUint(fields[inodeField], 10, 64)
		if err != nil {
			return
		}
		listeners = append(listeners, Listener{Path: rest, Inode: inode})
	})
	if err != nil {
		return nil, fmt.Errorf("table of unix sockets: %w", err)
	}
	return listeners, nil
}

// ParseNetTCP reads the listening rows (state 0A) of /proc/net/tcp or tcp6. IPv4-mapped
// addresses stay as they are.
//
// A row is "sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid
// timeout inode …"; addresses are written in hexadecimal in the byte order of the host,
// four bytes at a time.
func ParseNetTCP(reader io.Reader) ([]Listener, error) {
	const localField, stateField, uidField, inodeField, listening = 1, 3, 7, 9, "0A"
	listeners := []Listener{}
	err := eachLine(reader, func(line string) {
		fields := strings.Fields(line)
		if len(fields) <= inodeField || fields[stateField] != listening {
			return
		}
		address, ok := parseHexAddress(fields[localField])
		inode, err := strconv.ParseUint(fields[inodeField], 10, 64)
		uid, uidErr := strconv.ParseUint(fields[uidField], 10, 32)
		if !ok || err != nil || uidErr != nil {
			return
		}
		listeners = append(listeners, Listener{Address: address, Inode: inode, UID: uint32(uid)})
	})
	if err != nil {
		return nil, fmt.Errorf("table of TCP sockets: %w", err)
	}
	return listeners, nil
}

func parseHexAddress(text string) (netip.AddrPort, bool) {
	host, port, ok := strings.Cut(text, ":")
	raw, err := hex.DecodeString(host)
	if !ok || err != nil || (len(raw) != 4 && len(raw) != 16) {
		return netip.AddrPort{}, false
	}
	number, err := strconv.ParseUint(port, 16, 16)
	if err != nil {
		return netip.AddrPort{}, false
	}
	for i := 0; i < len(raw); i += 4 {
		binary.BigEndian.PutUint32(raw[i:], binary.NativeEndian.Uint32(raw[i:]))
	}
	address, ok := netip.AddrFromSlice(raw)
	return netip.AddrPortFrom(address, uint16(number)), ok
}

// eachLine calls for every line behind the heading. A line that is too long to be a row
// ends the reading with an error rather than in silence.
func eachLine(reader io.Reader, each func(string)) error {
	scanner := bufio.NewScanner(reader)
	for first := true; scanner.Scan(); first = false {
		if !first {
			each(scanner.Text())
		}
	}
	return scanner.Err()
}

// ReadListeners reads all three tables of the machine's network namespace, or of the
// namespace of process pid where pid is not 0.
func ReadListeners(ctx context.Context, machine sys.Machine, pid int) ([]Listener, error) {
	directory := "/proc/net/"
	if pid != 0 {
		directory = Path(pid, "net/")
	}
	all := []Listener{}
	for _, table := range []struct {
		name  string
		parse func(io.Reader) ([]Listener, error)
	}{{"unix", ParseNetUnix}, {"tcp", ParseNetTCP}, {"tcp6", ParseNetTCP}} {
		raw, err := machine.ReadFile(ctx, directory+table.name, socketTableLimit)
		if table.name == "tcp6" && errors.Is(err, fs.ErrNotExist) {
			// IPv6 is switched off.
			continue
		}
		if err != nil {
			return nil, err
		}
		listeners, err := table.parse(strings.NewReader(string(raw)))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", directory+table.name, err)
		}
		all = append(all, listeners...)
	}
	everywhere := func(listener Listener) bool {
		return listener.Path == "" && listener.Address.Addr().Unmap().IsUnspecified()
	}
	if slices.ContainsFunc(all, everywhere) {
		own := readOwnAddresses(ctx, machine, directory)
		for index := range all {
			if everywhere(all[index]) {
				all[index].Own = own
			}
		}
	}
	return all, nil
}

// ReadSocketInodes lists the inodes of the sockets that a process holds open, by the
// links in /proc/PID/fd.
func ReadSocketInodes(ctx context.Context, machine sys.Machine, pid int) ([]uint64, error) {
	directory := Path(pid, "fd")
	entries, err := machine.ReadDir(ctx, directory)
	if err != nil {
		return nil, err
	}
	targets := make([]string, len(entries))
	failures := make([]error, len(entries))
	var all sync.WaitGroup
	for i, entry := range entries {
		// At once, so that a machine that needs more rights for it asks only once.
		all.Go(func() { targets[i], failures[i] = machine.ReadLink(ctx, directory+"/"+entry.Name) })
	}
	all.Wait()
	inodes := []uint64{}
	for i, target := range targets {
		if err := failures[i]; err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		text, ok := strings.CutPrefix(target, "socket:[")
		if !ok {
			continue
		}
		if inode, err := strconv.ParseUint(strings.TrimSuffix(text, "]"), 10, 64); err == nil {
			inodes = append(inodes, inode)
		}
	}
	slices.Sort(inodes)
	return inodes, nil
}
