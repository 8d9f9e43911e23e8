package lab

import (
	"context"
	"fmt"
	"strconv"
)

// Wire lays a cable between two boxes: the first has the address 10.77.N.1 on it, the second
// 10.77.N.2. Nothing of it is seen outside the two.
func (b *Box) Wire(ctx context.Context, other *Box, n int) error {
	within := func(box *Box, argv ...string) error {
		_, err := host(ctx, append([]string{"nsenter", "-t", strconv.Itoa(box.leader), "-n"}, argv...)...)
		return err
	}
	here, there := fmt.Sprintf("to%d", n), "uplink"
	if err := within(b, "ip", "link", "add", "name", here, "type", "veth", "peer", "name", there, "netns", strconv.Itoa(other.leader)); err != nil {
		return fmt.Errorf("wire two boxes: %w", err)
	}
	for _, end := range []struct {
		box           *Box
		name, address string
	}{{b, here, fmt.Sprintf("10.77.%d.1/24", n)}, {other, there, fmt.Sprintf("10.77.%d.2/24", n)}} {
		if err := within(end.box, "ip", "address", "add", end.address, "dev", end.name); err != nil {
			return fmt.Errorf("wire two boxes: %w", err)
		}
		if err := within(end.box, "ip", "link", "set", end.name, "up"); err != nil {
			return fmt.Errorf("wire two boxes: %w", err)
		}
	}
	return nil
}
