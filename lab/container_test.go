//go:build containers

// What flasktui says of containers is a job of its own. Until it is done these
// rows are wrong, and run only when they are asked for: go test -tags containers.

package lab

import "testing"

// TestContainers asks the same where the site runs in a container.
func TestContainers(t *testing.T) { walk(t, Containers()) }
