package proc

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"net/netip"
	"strconv"
	"strings"

	"flasktui/sys"
)

// ParseLocalRoutes reads from /proc/net/fib_trie to which IPv4 addresses the kernel delivers by
// itself: those of its interfaces, and whole networks that are routed to the box ("LOCAL"). Each
// address is followed by its routes, a line each with the length of the prefix.
func ParseLocalRoutes(reader io.Reader) ([]netip.Prefix, error) {
	var own []netip.Prefix
	var address netip.Addr
	seen := map[netip.Prefix]bool{}
	err := eachLine(reader, func(line string) {
		fields := strings.Fields(line)
		switch {
		case len(fields) == 2 && fields[0] == "|--":
			address, _ = netip.ParseAddr(fields[1])
		case len(fields) >= 3 && fields[2] == "LOCAL" && address.IsValid():
			bits, err := strconv.Atoi(strings.TrimPrefix(fields[0], "/"))
			prefix := netip.PrefixFrom(address, bits)
			if err == nil && prefix.IsValid() && !seen[prefix] {
				seen[prefix] = true
				own = append(own, prefix)
			}
		}
	})
	return own, err
}

// ParseInterfaceAddresses6 reads the IPv6 addresses of the interfaces, 32 digits at the begin of
// each line of /proc/net/if_inet6.
func ParseInterfaceAddresses6(reader io.Reader) ([]netip.Prefix, error) {
	var own []netip.Prefix
	// It has no heading.
	err := eachLine(io.MultiReader(strings.NewReader("\n"), reader), func(line string) {
		first, _, _ := strings.Cut(line, " ")
		raw, err := hex.DecodeString(first)
		if address, ok := netip.AddrFromSlice(raw); err == nil && ok && address.Is6() {
			own = append(own, netip.PrefixFrom(address, address.BitLen()))
		}
	})
	return own, err
}

// readOwnAddresses reads both tables of a network; nil where either cannot be read.
func readOwnAddresses(ctx context.Context, machine sys.Machine, directory string) []netip.Prefix {
	raw, err := machine.ReadFile(ctx, directory+"fib_trie", socketTableLimit)
	if err != nil {
		return nil
	}
	own, err := ParseLocalRoutes(strings.NewReader(string(raw)))
	if err != nil || len(own) == 0 {
		return nil
	}
	raw, err = machine.ReadFile(ctx, directory+"if_inet6", socketTableLimit)
	if errors.Is(err, fs.ErrNotExist) {
		// IPv6 is switched off.
		return own
	}
	if err != nil {
		return nil
	}
	six, err := ParseInterfaceAddresses6(strings.NewReader(string(raw)))
	if err != nil {
		return nil
	}
	return append(own, six...)
}
