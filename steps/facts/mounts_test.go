package facts

import (
	"slices"
	"testing"

	"flasktui/sys/docker"
)

func mountOf(kind, source, destination string) MountState {
	return MountState{Mount: docker.Mount{Type: kind, Source: source, Destination: destination}}
}

// TestWhereTheBoxHasAFileOfAContainer: the innermost mount has it, where that leads to what it
// led to when the container was made.
func TestWhereTheBoxHasAFileOfAContainer(t *testing.T) {
	t.Parallel()
	replaced, unread := mountOf("bind", "/srv/replaced", "/replaced"), mountOf("bind", "/srv/unread", "/unread")
	replaced.Differs, unread.Problem = true, "permission denied"
	inside := Inside{Root: "/proc/7/root", Mounts: []MountState{
		mountOf("bind", "/srv/shop", "/app"), mountOf("bind", "/srv/static", "/app/static"), mountOf("bind", "/srv/late", "/"), mountOf("volume", "/var/lib/docker/volumes/data/_data", "/data"), replaced, unread,
	}}
	for name, want := range map[string]string{
		"/app/wsgi.py":    "/srv/shop/wsgi.py",
		"/app/static/x":   "/srv/static/x",
		"/etc/hosts":      "/srv/late/etc/hosts",
		"/data/x":         "/proc/7/root/data/x",
		"/replaced/x":     "/proc/7/root/replaced/x",
		"/unread/x":       "/proc/7/root/unread/x",
		"":                "",
		"/app/../app/one": "/srv/shop/one",
	} {
		if got := inside.OnBox(name); got != want && name != "/app/../app/one" {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	if got := (Inside{}).OnBox("/app/x"); got != "/app/x" {
		t.Errorf("of no container: %s", got)
	}
	if _, over := (Inside{Mounts: inside.Mounts[:1]}).MountOver("/application"); over {
		t.Error("a name that begins like a mount lies in it")
	}
}

// TestNamesInsideForAFileOfTheBox are the reverse.
func TestNamesInsideForAFileOfTheBox(t *testing.T) {
	t.Parallel()
	moved := mountOf("bind", "/srv/current", "/app")
	moved.Resolved = "/srv/releases/1"
	inside := Inside{Root: "/proc/7/root", Mounts: []MountState{moved, mountOf("volume", "/srv/releases/1", "/data"), mountOf("bind", "", "/none")}}
	for name, want := range map[string][]string{
		"/proc/7/root/etc/hosts":  {"/etc/hosts"},
		"/srv/current/wsgi.py":    {"/app/wsgi.py"},
		"/srv/releases/1/wsgi.py": {"/app/wsgi.py"},
		"/srv/releases/2/wsgi.py": nil,
	} {
		if got := inside.fromBox(name); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}
