package facts

import (
	"testing"

	"flasktui/sys/nginx"
)

// TestWhichPortNginxWants is told of its listen addresses, a socket's among them.
func TestWhichPortNginxWants(t *testing.T) {
	t.Parallel()
	known := &Facts{NginxDisk: Of(nginx.Config{Servers: []nginx.Server{
		{Listens: []nginx.Listen{{Address: "unix:/run/x.sock"}, {Address: "*:8080"}}}, {Listens: []nginx.Listen{{Address: "[::1]:443"}}},
	}}, "")}
	for port, want := range map[int]bool{8080: true, 443: true, 80: false, 0: false} {
		if got := known.nginxWantsPort(port); got != want {
			t.Errorf("%d: %t", port, got)
		}
	}
}
