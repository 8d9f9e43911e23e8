// Package hosts tells which addresses a name has on the box.
//
// It knows sys, and is one file: the system's own resolver, and /etc/hosts of a container.
package hosts

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"

	"flasktui/sys"
)

// LookUp asks the machine's own resolver, /etc/hosts included, for all addresses of
// a host name (`getent ahosts`, which is what programs on the machine would get).
func LookUp(ctx context.Context, machine sys.Machine, host string) ([]netip.Addr, error) {
	output := machine.Run(ctx, sys.Command{Argv: []string{"getent", "ahosts", host}, Timeout: sys.NameTimeout})
	if output.Err != nil {
		return nil, fmt.Errorf("looking up %s: %w", sys.Safe(host), output.Err)
	}
	return ParseAnswer(strings.NewReader(string(output.Stdout)))
}

// ParseAnswer reads lines "ADDRESS KIND NAME" and gives each address once, in their order.
func ParseAnswer(reader io.Reader) ([]netip.Addr, error) {
	addresses := []netip.Addr{}
	scanner := bufio.NewScanner(reader)
	for scanner.Scan() {
		first, _, _ := strings.Cut(scanner.Text(), " ")
		address, err := netip.ParseAddr(first)
		if err == nil && !slices.Contains(addresses, address) {
			addresses = append(addresses, address)
		}
	}
	if err := scanner.Err(); err != nil {
		return addresses, fmt.Errorf("reading addresses: %w", err)
	}
	return addresses, nil
}

// ParseFile reads /etc/hosts (hosts(5)): an address and its names on each line, and
// comments behind "#". Names are in lower case.
func ParseFile(reader io.Reader) (map[string][]netip.Addr, error) {
	hosts := map[string][]netip.Addr{}
	scanner := bufio.NewScanner(reader)
	for scanner.Scan() {
		line, _, _ := strings.Cut(scanner.Text(), "#")
		fields := strings.Fields(line)
		if len(fields) < 2 {
			continue
		}
		address, err := netip.ParseAddr(fields[0])
		if err != nil {
			continue
		}
		for _, name := range fields[1:] {
			name = strings.ToLower(name)
			hosts[name] = append(hosts[name], address)
		}
	}
	if err := scanner.Err(); err != nil {
		return hosts, fmt.Errorf("reading host names: %w", err)
	}
	return hosts, nil
}
