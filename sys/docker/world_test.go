package docker

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"flasktui/sys"
	"flasktui/sys/memory"
	"flasktui/sys/proc"
)

const (
	worldID    = "0821c847d499a2e15b1a3b329ecade5a0c65f88f38edab57921bf117fe75acff"
	everyID    = "         0          0 4294967295\n"
	adasIDs    = "         0       1001          1\n         1     165536      65536\n"
	adasDaemon = "unix:///run/user/1001/docker.sock"
)

func TestMapsTo(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		raw  string
		want bool
	}{
		"ada's own":       {adasIDs, true},
		"the box's":       {everyID, false},
		"grace's":         {"0 1002 1\n1 231072 65536\n", false},
		"nothing":         {"", false},
		"not the form":    {"0 1001\n", false},
		"no numbers":      {"0 x 1\n", false},
		"in a range":      {"0 1000 10\n", true},
		"before a range":  {"0 1002 10\n", false},
		"behind a range":  {"0 991 10\n", false},
		"every id of two": {"0 0 4294967295\n0 1001 1\n", true},
	} {
		if got := mapsTo(strings.NewReader(test.raw), 1001); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// adasBox has processes of ada's and of root's, and a port of each.
func adasBox() memory.Machine {
	const tcp = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n" +
		"   0: 0100007F:1F41 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1001        0 11 1 0 100 0 0 10 0\n" +
		"   1: 0100007F:1F42 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 12 1 0 100 0 0 10 0\n"
	return memory.Machine{
		Files: map[string]string{
			"/proc/net/tcp": tcp, "/proc/net/tcp6": "", "/proc/net/unix": "",
			"/proc/10/uid_map": adasIDs, "/proc/10/cgroup": "0::/user.slice/user-1001.slice/user@1001.service/user.slice/docker-" + worldID + ".scope\n",
			"/proc/11/uid_map": everyID, "/proc/11/cgroup": "0::/system.slice/docker-" + worldID + ".scope\n",
			"/proc/12/uid_map": adasIDs, "/proc/12/cgroup": "0::/system.slice/docker-of-ada.service/docker/" + worldID + "\n",
			"/proc/13/uid_map": adasIDs, "/proc/13/cgroup": "0::/user.slice/user-1002.slice/user@1002.service/docker-" + worldID + ".scope\n",
		},
		OnRun: func(sys.Command) sys.Output {
			return sys.Output{
				Stdout: []byte("/home/ada/app\n"), Exit: 1, Err: errors.New("exit status 1"),
				Stderr: []byte("find: '/root/secret': Permission denied\nfind: '/home/ada/gone': No such file or directory\n"),
			}
		},
	}
}

// TestBelieved: of what a user's own daemon says, that is kept which the kernel bears out.
func TestBelieved(t *testing.T) {
	t.Parallel()
	ada := Daemon{Host: adasDaemon, Owner: sys.Account{UID: 1001, GID: 1001, Name: "ada"}}
	said := func(pid int) Container {
		return Container{
			Daemon: ada, ID: worldID, PID: pid, HostNetwork: true,
			Ports: []PublishedPort{{"127.0.0.1", 8001, 8000}, {"127.0.0.1", 8002, 8000}, {"127.0.0.1", 8003, 8000}},
			Mounts: []Mount{
				{"bind", "", "/home/ada/app", ""},
				{"bind", "", "/root/secret", ""},
				{"bind", "", "/home/ada/gone", ""},
				{"bind", "", "/x\n/root/secret", ""},
				{"volume", "", "/var/lib/x", ""},
			},
		}
	}
	for name, test := range map[string]struct {
		pid   int
		world string
		kept  bool
	}{
		"its own":                {10, "user@1001.service", true},
		"root's container's":     {11, "", false},
		"under a service's unit": {12, "docker-of-ada.service", true},
		"below another user's":   {13, "user@1001.service", true},
		"gone by now":            {14, "user@1001.service", true},
		"none":                   {0, "user@1001.service", true},
	} {
		got, err := verified(t.Context(), adasBox(), []Container{said(test.pid)}, nil)
		if (len(got) == 1) != test.kept || errors.Is(err, errNotTheirs) == test.kept {
			t.Errorf("%s: %d kept, %v", name, len(got), err)
			continue
		}
		if !test.kept {
			continue
		}
		if want := test.world + "/" + worldID; got[0].Identity() != want || got[0].HostNetwork {
			t.Errorf("%s: it is %q, not %q; the box's network: %v", name, got[0].Identity(), want, got[0].HostNetwork)
		}
		if test.pid != 0 && cmp.Diff([]PublishedPort{{"127.0.0.1", 8001, 8000}}, got[0].Ports) != "" {
			t.Errorf("%s: ports %v; only 8001 is hers", name, got[0].Ports)
		}
		want := []Mount{{"bind", "", "/home/ada/app", ""}, {"bind", "", "/home/ada/gone", ""}, {"volume", "", "/var/lib/x", ""}}
		if diff := cmp.Diff(want, got[0].Mounts); diff != "" {
			t.Errorf("%s: mounts (-want +got):\n%s", name, diff)
		}
	}
}

// TestOnceEach: two ways to root's daemon show one container, and nobody's word displaces it.
func TestOnceEach(t *testing.T) {
	t.Parallel()
	root, again := Daemon{}, Daemon{Host: "unix:///run/again.sock"}
	ada, eve := Daemon{Host: adasDaemon, Owner: sys.Account{UID: 1001}}, Daemon{Host: "unix:///run/user/1002/docker.sock", Owner: sys.Account{UID: 1002}}
	for name, test := range map[string]struct{ said, want []Container }{
		"twice root's":        {[]Container{{ID: "a", Daemon: again}, {ID: "a", Daemon: root}}, []Container{{ID: "a", Daemon: again}}},
		"eve first":           {[]Container{{ID: "a", Daemon: eve}, {ID: "a", Daemon: root}}, []Container{{ID: "a", Daemon: root}}},
		"two users, the same": {[]Container{{ID: "a", Daemon: eve}, {ID: "a", Daemon: ada}}, []Container{{ID: "a", Daemon: eve}, {ID: "a", Daemon: ada}}},
		"none":                {nil, []Container{}},
	} {
		if diff := cmp.Diff(test.want, onceEach(test.said)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestDaemonOwner: a socket is the user's below whose directory it lies, whoever it belongs
// to itself, and of a link the user's whose link it is.
func TestDaemonOwner(t *testing.T) {
	t.Parallel()
	machine := memory.Owned{
		Machine: memory.Machine{
			Files: map[string]string{"/run/user/1001/docker.sock": "", "/run/docker.sock": "", "/run/other.sock": "", "/run/eves.sock": "", "/srv/open/d.sock": ""},
			Links: map[string]string{"/run/user/1000/docker.sock": "/run/docker.sock"}, OnRun: accounts,
		},
		Infos: map[string]sys.FileInfo{
			"/run/user/1001": {UID: 1001}, "/run/user/1000": {UID: 1000}, "/run/user/1000/docker.sock": {UID: 1000},
			"/run/eves.sock": {UID: 1002, Mode: fs.ModeSocket}, "/srv/open": {Mode: 0o777},
		},
	}
	for host, want := range map[string]uint32{
		"": 0, "unix:///run/other.sock": 0, adasDaemon: 1001, "unix:///run/user/1000/docker.sock": 1000, "unix:///run/eves.sock": 1002,
		"unix:///srv/open/d.sock": sys.NoAccount, "unix:///run/user/1009/docker.sock": sys.NoAccount, "unix:///run/gone.sock": 0,
	} {
		daemon := Daemon{Host: host}
		var err error
		if daemon.Owner, err = daemonOwner(t.Context(), machine, daemon); err != nil || daemon.Owner.UID != want {
			t.Errorf("%q is of %d, not %d (%v)", host, daemon.Owner.UID, want, err)
		}
		if look := daemon.Look("ps"); (look.As != nil) != (want != 0) {
			t.Errorf("%q is asked with %+v", host, look.As)
		}
	}
}

// TestOfAnothersWorld: whoever was given a part of the tree of cgroups may give a group there
// the name of root's container, and it is another one.
func TestOfAnothersWorld(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"0::/system.slice/docker-" + worldID + ".scope":                                                    worldID,
		"0::/docker/" + worldID:                                                                            worldID,
		"0::/kubepods.slice/cri-containerd-" + worldID + ".scope":                                          worldID,
		"0::/user.slice/user-1001.slice/user@1001.service/user.slice/docker-" + worldID + ".scope":         "user@1001.service/" + worldID,
		"0::/user.slice/user-1001.slice/user@1001.service/app.slice/docker.service/docker/" + worldID:      "user@1001.service/" + worldID,
		"0::/system.slice/mine.service/docker-" + worldID + ".scope":                                       "mine.service/" + worldID,
		"0::/system.slice/mine.service/docker/" + worldID + "/more":                                        "mine.service/" + worldID,
		"0::/system.slice/machine-x.scope/system.slice/docker-" + worldID + ".scope":                       "machine-x.scope/" + worldID,
		"1:name=systemd:/user.slice/user-1001.slice/user@1001.service/docker-" + worldID + ".scope\n0::/x": "user@1001.service/" + worldID,
	} {
		if got, err := proc.ParseCgroup(strings.NewReader(line + "\n")); err != nil || got.Container != want {
			t.Errorf("%s: %q, %v; want %q", line, got.Container, err, want)
		}
	}
}

func FuzzMapsTo(f *testing.F) {
	f.Add(adasIDs)
	f.Add(everyID)
	f.Fuzz(func(t *testing.T, raw string) {
		if mapsTo(strings.NewReader(raw), 1001) && !strings.ContainsAny(raw, "0123456789") {
			t.Errorf("%q stands for somebody", raw)
		}
	})
}

// TestOurOwnNamespaceIsNobodys: what stands for every id is not one user's.
func TestOurOwnNamespaceIsNobodys(t *testing.T) {
	raw, err := os.ReadFile("/proc/self/uid_map")
	if err == nil && strings.Contains(string(raw), "4294967295") && mapsTo(strings.NewReader(string(raw)), 1001) {
		t.Errorf("%s stands for 1001", raw)
	}
}
