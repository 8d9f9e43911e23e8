package facts

import (
	"net/netip"
	"testing"

	"flasktui/sys/proc"
)

func TestReaches(t *testing.T) {
	for _, test := range []struct {
		address string
		path    string
		bound   string
		want    bool
	}{
		{"unix:/run/shop.sock", "/run/shop.sock", "", true},
		{"unix:/var/run/shop.sock", "/run/shop.sock", "", true},
		{"unix:/run/shop.sock", "/run/shop-old.sock", "", false},
		{"unix:/run/shop.sock", "", "127.0.0.1:8000", false},
		{"127.0.0.1:8000", "", "127.0.0.1:8000", true},
		{"127.0.0.1:8000", "", "0.0.0.0:8000", true},
		{"127.0.0.1:8000", "", "[::]:8000", true},
		{"127.0.0.1:8000", "", "127.0.0.2:8000", false},
		{"127.0.0.1:8000", "", "127.0.0.1:8001", false},
		{"[::1]:8000", "", "127.0.0.1:8000", false},
		{"localhost:8000", "", "[::1]:8000", true},
		{"localhost:8000", "", "10.0.0.4:8000", false},
		{"127.0.0.1:8000", "", "[::ffff:127.0.0.1]:8000", true},
		{"app:8000", "", "127.0.0.1:8000", false},
		{"nonsense", "", "127.0.0.1:8000", false},
	} {
		listener := proc.Listener{Path: test.path}
		if test.bound != "" {
			listener.Address = netip.MustParseAddrPort(test.bound)
		}
		if got := Reaches(test.address, listener); got != test.want {
			t.Errorf("Reaches(%q, %q%q) = %v", test.address, test.path, test.bound, got)
		}
	}
}

func TestBindAddress(t *testing.T) {
	for bind, want := range map[string]string{
		"unix:/run/shop.sock":   "unix:/run/shop.sock",
		"unix:///run/shop.sock": "unix:/run/shop.sock",
		"127.0.0.1:8000":        "127.0.0.1:8000",
		":8000":                 "0.0.0.0:8000",
		"8000":                  "0.0.0.0:8000",
		"127.0.0.1":             "127.0.0.1:8000",
		"[::1]:9000":            "[::1]:9000",
		"[::1]":                 "[::1]:8000",
		"tcp://127.0.0.1:5000":  "127.0.0.1:5000",
		"fd://3":                "",
		"unix:shop.sock":        "unix:/srv/shop/shop.sock",
	} {
		if got := BindAddress(bind, "/srv/shop"); got != want {
			t.Errorf("BindAddress(%q) = %q, want %q", bind, got, want)
		}
	}
}

func TestServiceNames(t *testing.T) {
	for service, want := range map[string]string{
		"shop": "shop.service", "shop.service": "shop.service", "app@blue": "app@blue.service",
		"compose:shop/web": "", "": "",
	} {
		if got := UnitName(service); got != want {
			t.Errorf("UnitName(%q) = %q, want %q", service, got, want)
		}
	}
}
