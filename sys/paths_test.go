package sys

import "testing"

// TestResolveUnderProc: the kernel shows /proc/PID/root as a link to "/".
func TestResolveUnderProc(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][2]string{
		"/proc/418/root/app/wsgi.py": {"/proc/418/root", "/app/wsgi.py"}, "/proc/418/root": {"/proc/418/root", "/"},
		"/proc/self/root/x": {"", "/proc/self/root/x"}, "/proc/418/rooted": {"", "/proc/418/rooted"}, "/srv/x": {"", "/srv/x"},
	} {
		if root, inside := splitRoot(name); root != want[0] || inside != want[1] {
			t.Errorf("splitRoot(%q) = %q, %q", name, root, inside)
		}
	}
}
