package lab

import "testing"

// TestContainers asks the same where the site runs in a container.
func TestContainers(t *testing.T) { walk(t, Containers()) }
