package facts

import (
	"testing"

	"flasktui/sys/nginx"
)

// TestWhichNginxIsInstalled: the title of a master says what it was started with.
func TestWhichNginxIsInstalled(t *testing.T) {
	t.Parallel()
	for title, want := range map[string]bool{
		"nginx: master process /usr/sbin/nginx -g daemon on; master_process on;":  true,
		"nginx: master process nginx":                                             true,
		"nginx: master process /usr/bin/nginx":                                    true,
		"nginx: master process /sbin/nginx":                                       true,
		"nginx: master process":                                                   true,
		"nginx -g daemon off;":                                                    true,
		"nginx: master process /opt/nginx/sbin/nginx":                             false,
		"nginx: master process /usr/sbin/nginx -c /etc/nginx/other.conf":          false,
		"nginx: master process /usr/sbin/nginx -p /opt/nginx/":                    false,
		"nginx: master process ./nginx":                                           true,
		"nginx: master process /usr/local/sbin/nginx -g error_log /tmp/x process": false,
	} {
		if got := isInstalledNginx([]string{title}); got != want {
			t.Errorf("%s: %t", title, got)
		}
	}
}

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
