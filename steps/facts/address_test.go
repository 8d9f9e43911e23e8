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

// TestTheSamePortOfAnotherMachineIsAnothers: of who listens everywhere, what ends at the box.
func TestTheSamePortOfAnotherMachineIsAnothers(t *testing.T) {
	t.Parallel()
	everywhere := proc.Listener{Address: netip.MustParseAddrPort("0.0.0.0:8000"), Own: []netip.Prefix{
		netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.4/32"), netip.MustParsePrefix("fd00::4/128"),
	}}
	for address, want := range map[string]bool{
		"127.0.0.1:8000": true, "127.0.0.9:8000": true, "localhost:8000": true, "0.0.0.0:8000": true, "10.0.0.4:8000": true, "[fd00::4]:8000": true,
		"10.0.0.7:8000": false, "[fd00::7]:8000": false, "10.0.0.4:8001": false,
	} {
		if got := Reaches(address, everywhere); got != want {
			t.Errorf("%s: %t", address, got)
		}
	}
	everywhere.Own = nil
	if !Reaches("10.0.0.7:8000", everywhere) {
		t.Error("which addresses are the box's own could not be read, and it is held for another's")
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
