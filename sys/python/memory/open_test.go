package memory

import "testing"

func TestAProcessThatIsSwappedOutIsLeftAlone(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]bool{"Name:\tx\nVmSwap:\t       0 kB\n": false, "VmSwap:\t     128 kB\n": true, "Name:\tkthread\n": false} {
		if got := swappedOut(status); got != want {
			t.Errorf("%q: %v", status, got)
		}
	}
}
