package nginx

import (
	"net"
	"slices"
	"strconv"
	"testing"
)

// TestEachAddressHasItsOwnServers: a block that names an address takes all that comes in there, and
// each address has a default of its own.
func TestEachAddressHasItsOwnServers(t *testing.T) {
	t.Parallel()
	config := dumpOf(t, `http {
		server { listen 127.0.0.1:80 default_server; server_name status; }
		server { listen 80; server_name shop.example; }
		server { listen 80 default_server; server_name other.example; }
		server { listen [::]:80; server_name six.example; }
		server { listen 192.0.2.7:80; server_name shop.example; }
		server { listen localhost:81; listen 8080; listen unix:/run/x.sock default_server; server_name local; }
		server { listen [::1]:80; server_name status6; }
		server { listen [::]:82 ipv6only=off; server_name both; }
	}`)
	for _, test := range []struct {
		at, host string
		want     []int
	}{
		// By a host whose address is not known, or is the host itself.
		{"", "shop.example:80", []int{3, 6, 4}},
		{"", "nobody.example:80", []int{4}},
		{"", "status:80", []int{2, 4}},
		{"", "127.0.0.1:80", []int{2}},
		{"", "localhost:80", []int{2}},
		{"", "127.0.0.2:80", []int{4}},
		{"", "192.0.2.7:80", []int{6}},
		{"", "[::1]:80", []int{8}},
		{"", "[2001:db8::1]:80", []int{5}},
		{"", "nobody.example:81", []int{7}},
		{"", "127.0.0.1:82", []int{9}},
		{"", "192.0.2.7:81", nil},
		// By the address at which the request comes in.
		{"127.0.0.1:80", "shop.example", []int{2}},
		{"127.0.0.9:80", "shop.example", []int{3, 4}},
		{"*:80", "shop.example", []int{3, 4}},
		{"192.0.2.7:80", "other.example", []int{6}},
		{"[::]:80", "shop.example", []int{5}},
		{"unix:/run/x.sock", "shop.example", nil},
	} {
		got := config.ServersAt(test.at, test.host)
		if host, port, err := net.SplitHostPort(test.host); test.at == "" && err == nil {
			number, _ := strconv.Atoi(port)
			got = config.ServersFor(host, number)
		}
		lines := []int{}
		for _, server := range got {
			lines = append(lines, server.Line)
		}
		if !slices.Equal(lines, test.want) {
			t.Errorf("at %q for %s: blocks of lines %v, want %v", test.at, test.host, lines, test.want)
		}
	}
	if got := config.Loopback(80); got != "127.0.0.2" {
		t.Errorf("blocks that listen everywhere are met from here at %s", got)
	}
	if got := config.Loopback(8080); got != "127.0.0.1" {
		t.Errorf("where no block names an address, at %s", got)
	}
}
