package proc

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"flasktui/sys"
	"flasktui/sys/memory"
)

const unixHeading = "Num       RefCount Protocol Flags    Type St Inode Path\n"

func TestParseNetUnix(t *testing.T) {
	t.Parallel()
	raw := unixHeading +
		"0000000000000001: 00000003 00000000 00000000 0001 03 571513 /run/systemd/journal/stdout\n" +
		"0000000000000002: 00000002 00000000 00010000 0001 01 100 /run/shop.sock\n" +
		"0000000000000003: 00000002 00000000 00010000 0001 01   101 /run/shop.sock\n" +
		"0000000000000004: 00000002 00000000 00010000 0001 01 102 @abstract\n" +
		"0000000000000005: 00000002 00000000 00010000 0001 01 103\n" +
		"broken\n\n" +
		"0000000000000006: 00000002 00000000 00010000 0001 01 104 /srv/my app/s  s.sock\n" +
		"0000000000000007: 00000002 00000000 zzz 0001 01 105 /x\n" +
		"0000000000000008: 00000002 00000000 00010000 0001 01 xyz /x\n" +
		"0000000000000009: 00000002 00000000 00010000 0001 01 106 relative.sock\n"
	want := []Listener{
		{Path: "/run/shop.sock", Inode: 100},
		{Path: "/run/shop.sock", Inode: 101},
		{Path: "@abstract", Inode: 102},
		{Path: "/srv/my app/s  s.sock", Inode: 104},
		{Path: "relative.sock", Inode: 106},
	}
	if got, err := ParseNetUnix(strings.NewReader(raw)); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("listeners = %+v, %v", got, err)
	}
}

func TestParseRecordedNetUnix(t *testing.T) {
	t.Parallel()
	file, err := os.Open("testdata/net-unix")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	listeners, err := ParseNetUnix(file)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(listeners, func(one Listener) bool { return one.Path == "/tmp/shop-blue.sock" && one.Inode == 571563 }) {
		t.Errorf("Gunicorn's socket is not among %+v", listeners)
	}
	for _, listener := range listeners {
		if listener.Path == "/run/systemd/journal/stdout" && listener.Inode == 571513 {
			t.Error("a connection was taken for a listener")
		}
	}
}

func TestParseNetTCP(t *testing.T) {
	t.Parallel()
	const heading = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
	const rest = " 00000000:00000000 00:00000000 00000000     0        0 "
	raw := heading +
		"   0: 0100007F:1F40 00000000:0000 0A" + rest + "623773 1 00000000148f306e 100 0 0 10 0\n" +
		"   1: 0100007F:1F40 0100007F:A001 01" + rest + "623774 1 0 20 4 30 10 -1\n" +
		"   2: 00000000:0050 00000000:0000 0A" + rest + "17 1 0 100 0 0 10 0\n" +
		"   3: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A" + rest + "18 1 0 100 0 0 10 0\n" +
		"   4: 00000000000000000000000001000000:1F40 00000000000000000000000000000000:0000 0A" + rest + "19 1 0 100 0 0 10 0\n" +
		"   5: 0000000000000000FFFF00000100007F:1F40 00000000000000000000000000000000:0000 0A" + rest + "20 1 0 100 0 0 10 0\n" +
		"   6: 0100:1F40 0:0 0A" + rest + "21\n   7: zz\n   8: 0100007F 00000000:0000 0A" + rest + "22\n"
	want := []Listener{
		{Address: netip.MustParseAddrPort("127.0.0.1:8000"), Inode: 623773},
		{Address: netip.MustParseAddrPort("0.0.0.0:80"), Inode: 17},
		{Address: netip.MustParseAddrPort("[::]:80"), Inode: 18},
		{Address: netip.MustParseAddrPort("[::1]:8000"), Inode: 19},
		{Address: netip.MustParseAddrPort("[::ffff:127.0.0.1]:8000"), Inode: 20},
	}
	if got, err := ParseNetTCP(strings.NewReader(raw)); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("listeners = %+v, %v", got, err)
	}
}

// TestListenerIsFoundAndOwned reads the real tables: a socket that this process opened is
// in them, and among the process's own.
func TestListenerIsFoundAndOwned(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("needs /proc")
	}
	directory, err := os.MkdirTemp("", "listen")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(directory) })
	path := filepath.Join(directory, "a b.sock")
	onPath, err := new(net.ListenConfig).Listen(t.Context(), "unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = onPath.Close() }()
	onPort, err := new(net.ListenConfig).Listen(t.Context(), "tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = onPort.Close() }()
	address := netip.MustParseAddrPort(onPort.Addr().String())

	local := sys.NewLocal(sys.LocalOptions{NoSudo: true})
	inodes, err := ReadSocketInodes(context.Background(), local, os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	for _, pid := range []int{0, os.Getpid()} {
		listeners, err := ReadListeners(context.Background(), local, pid)
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for _, listener := range listeners {
			if (listener.Path == path || listener.Address == address) && slices.Contains(inodes, listener.Inode) {
				found++
			}
		}
		if found != 2 {
			t.Errorf("pid %d: found %d of 2 sockets, inodes %v", pid, found, inodes)
		}
	}
}

func TestListenersWithoutIPv6(t *testing.T) {
	t.Parallel()
	machine := memory.Machine{Files: map[string]string{
		"/proc/net/unix": unixHeading + "1: 00000002 00000000 00010000 0001 01 100 /run/shop.sock\n",
		"/proc/net/tcp":  "heading\n",
	}}
	listeners, err := ReadListeners(context.Background(), machine, 0)
	if err != nil || len(listeners) != 1 {
		t.Errorf("listeners = %+v, %v", listeners, err)
	}
	delete(machine.Files, "/proc/net/tcp")
	if _, err := ReadListeners(context.Background(), machine, 0); err == nil {
		t.Error("a table that could not be read was passed over")
	}
}

func FuzzParseNetUnix(f *testing.F) {
	f.Add(unixHeading + "1: 00000002 00000000 00010000 0001 01 100 /run/a b.sock\n")
	f.Fuzz(func(t *testing.T, raw string) {
		listeners, _ := ParseNetUnix(strings.NewReader(raw))
		for _, listener := range listeners {
			if listener.Path == "" || strings.Contains(listener.Path, "\n") {
				t.Errorf("ParseNetUnix(%q): %+v", raw, listener)
			}
		}
	})
}

func FuzzParseNetTCP(f *testing.F) {
	f.Add("h\n   0: 0100007F:1F40 00000000:0000 0A 0:0 00:0 0 0 0 623773 1\n")
	f.Fuzz(func(t *testing.T, raw string) {
		listeners, _ := ParseNetTCP(strings.NewReader(raw))
		for _, listener := range listeners {
			if !listener.Address.IsValid() {
				t.Errorf("ParseNetTCP(%q): %+v", raw, listener)
			}
		}
	})
}

// TestOwnAddresses: what the kernel delivers to the box itself, by its own tables.
func TestOwnAddresses(t *testing.T) {
	t.Parallel()
	const trie = `Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
        +-- 127.0.0.0/31 1 0 0
           |-- 127.0.0.0
              /8 host LOCAL
           |-- 127.0.0.1
              /32 host LOCAL
     +-- 192.0.2.0/24 2 0 2
           |-- 192.0.2.0
              /24 link UNICAST
           |-- 192.0.2.2
              /32 host LOCAL
        |-- 192.0.2.255
           /32 link BROADCAST
Local:
           |-- 192.0.2.2
              /32 host LOCAL
`
	own, err := ParseLocalRoutes(strings.NewReader(trie))
	if got := fmt.Sprint(own); err != nil || got != "[127.0.0.0/8 127.0.0.1/32 192.0.2.2/32]" {
		t.Errorf("%s, %v", got, err)
	}
	six, err := ParseInterfaceAddresses6(strings.NewReader("fd000000000000000000000000000002 04 40 00 82     eth0\n00000000000000000000000000000001 01 80 10 80       lo\nnone\n"))
	if got := fmt.Sprint(six); err != nil || got != "[fd00::2/128 ::1/128]" {
		t.Errorf("%s, %v", got, err)
	}
}

// FuzzOwnAddresses: no table makes it fail, and each address is one.
func FuzzOwnAddresses(f *testing.F) {
	f.Add("  |-- 10.0.0.1\n     /32 host LOCAL\n", "fd000000000000000000000000000002 04 40 00 82 eth0\n")
	f.Fuzz(func(t *testing.T, trie, six string) {
		four, _ := ParseLocalRoutes(strings.NewReader(trie))
		more, _ := ParseInterfaceAddresses6(strings.NewReader(six))
		for _, own := range append(four, more...) {
			if !own.IsValid() {
				t.Errorf("%v", own)
			}
		}
	})
}
