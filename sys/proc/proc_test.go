package proc

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"flasktui/sys"
	"flasktui/sys/memory"
)

func TestParseStat(t *testing.T) {
	t.Parallel()
	const behind = " S 812 1 1 0 -1 4194560 3827 40386 0 13 15 21 33 28 20 0 1 0 232762 23658496 3432"
	for name, want := range map[string]string{
		"(systemd)": "systemd", "(a) b)": "a) b", "(() (x) S 1)": "() (x) S 1", "()": "", "(new\nline)": "new\nline",
	} {
		stat, err := ParseStat(strings.NewReader("4711 " + name + behind))
		if err != nil || stat != (Stat{PID: 4711, PPID: 812, Name: want, State: "S", Session: 1, StartTicks: 232762}) {
			t.Errorf("%s: %+v, %v", name, stat, err)
		}
	}
	for _, broken := range []string{"", "1 (x", "1 x) S 1", "1 (x) S 1 2 3", "x (x)" + behind, "1 (x) S" + strings.Repeat(" x", 30)} {
		if stat, err := ParseStat(strings.NewReader(broken)); err == nil {
			t.Errorf("ParseStat(%q) = %+v", broken, stat)
		}
	}
}

func TestBootTime(t *testing.T) {
	t.Parallel()
	uptime, err := ParseUptime(strings.NewReader("2425.47 3356.56\n"))
	if err != nil || uptime != 2425470*time.Millisecond {
		t.Fatalf("uptime = %v, %v", uptime, err)
	}
	at := time.Date(2026, 11, 23, 18, 46, 31, 0, time.UTC)
	boot := Boot{Uptime: uptime, At: at}
	if got, want := boot.Time(242546), at.Add(-10*time.Millisecond); !got.Equal(want) {
		t.Errorf("Time = %v, want %v", got, want)
	}
	if boot.Time(1 << 63).Before(at) {
		t.Error("an absurd tick count went round")
	}
	for _, broken := range []string{"", "x 1", "-1 2", "NaN 1"} {
		if uptime, err := ParseUptime(strings.NewReader(broken)); err == nil {
			t.Errorf("ParseUptime(%q) = %v", broken, uptime)
		}
	}
}

func TestParseArgv(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		raw    string
		want   []string
		titled bool
	}{
		"ordinary":               {"/usr/bin/python3\x00/usr/bin/gunicorn\x00app:app\x00", []string{"/usr/bin/python3", "/usr/bin/gunicorn", "app:app"}, false},
		"empty arguments":        {"x\x00\x00\x00", []string{"x", "", ""}, false},
		"kernel thread":          {"", []string{}, false},
		"title with padding":     {"gunicorn: master [app:app]\x00\x00\x00\x00", []string{"gunicorn: master [app:app]"}, true},
		"title over arguments":   {"gunicorn: worker [shop]\x00rn\x00app:app\x00", []string{"gunicorn: worker [shop]"}, true},
		"title of nginx":         {"nginx: master process /usr/sbin/nginx -g daemon on;", []string{"nginx: master process /usr/sbin/nginx -g daemon on;"}, true},
		"shell command":          {"sh\x00-c\x00echo a: b\x00", []string{"sh", "-c", "echo a: b"}, false},
		"program in a directory": {"/opt/a: b/run\x00x\x00", []string{"/opt/a: b/run", "x"}, false},
	} {
		got := ParseArgv([]byte(test.raw))
		if !slices.Equal(got, test.want) || got == nil || isTitle(got) != test.titled {
			t.Errorf("%s: %q (title: %v), want %q", name, got, isTitle(got), test.want)
		}
	}
}

func TestParseEnvironment(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		raw   string
		want  map[string]string
		wiped bool
	}{
		"ordinary":          {"A=1\x00B=x=y\x00C=\x00", map[string]string{"A": "1", "B": "x=y", "C": ""}, false},
		"line breaks":       {"A=1\n2\x00", map[string]string{"A": "1\n2"}, false},
		"first counts":      {"A=1\x00A=2\x00", map[string]string{"A": "1"}, false},
		"junk among it":     {"A=1\x00junk\x00=x\x00B=2\x00", map[string]string{"A": "1", "B": "2"}, false},
		"none":              {"", map[string]string{}, false},
		"wiped":             {strings.Repeat("\x00", 1794), map[string]string{}, true},
		"title reaches it":  {"ker [shop]\x00\x00\x00LATE=1\x00", map[string]string{}, true},
		"title and padding": {"\x00\x00\x00LATE=1\x00", map[string]string{}, true},
	} {
		got := ParseEnvironment([]byte(test.raw))
		if !maps.Equal(got.Variables, test.want) || got.Wiped != test.wiped {
			t.Errorf("%s: %v, want %v, wiped %v", name, got, test.want, test.wiped)
		}
	}
}

func TestParseCgroup(t *testing.T) {
	t.Parallel()
	const id = "0821c847d499a2e15b1a3b329ecade5a0c65f88f38edab57921bf117fe75acff"
	for name, test := range map[string]struct {
		raw  string
		want Cgroup
	}{
		"service":         {"0::/system.slice/shop.service\n", Cgroup{Path: "/system.slice/shop.service", Unit: "shop.service"}},
		"instance":        {"0::/system.slice/system-shop.slice/shop@blue.service\n", Cgroup{Path: "/system.slice/system-shop.slice/shop@blue.service", Unit: "shop@blue.service"}},
		"below a service": {"0::/system.slice/shop.service/workers\n", Cgroup{Path: "/system.slice/shop.service/workers", Unit: "shop.service"}},
		"escaped":         {"0::/system.slice/_cpu.service\n", Cgroup{Path: "/system.slice/_cpu.service", Unit: "cpu.service"}},
		"dashes stay escaped": {
			`0::/system.slice/my\x2dshop.service` + "\n",
			Cgroup{Path: `/system.slice/my\x2dshop.service`, Unit: `my\x2dshop.service`},
		},
		"session": {"0::/user.slice/user-1000.slice/session-3.scope\n", Cgroup{Path: "/user.slice/user-1000.slice/session-3.scope", Unit: "session-3.scope"}},
		"user unit": {
			"0::/user.slice/user-1000.slice/user@1000.service/app.slice/shop.service\n",
			Cgroup{Path: "/user.slice/user-1000.slice/user@1000.service/app.slice/shop.service", Unit: "shop.service", User: true},
		},
		"user manager": {
			"0::/user.slice/user-1000.slice/user@1000.service/init.scope\n",
			Cgroup{Path: "/user.slice/user-1000.slice/user@1000.service/init.scope", Unit: "init.scope", User: true},
		},
		"version 1": {
			"12:cpu,cpuacct:/system.slice/shop.service\n1:name=systemd:/system.slice/shop.service\n0::/system.slice/shop.service\n",
			Cgroup{Path: "/system.slice/shop.service", Unit: "shop.service"},
		},
		"both, systemd in the unified one": {
			"9:name=systemd:/\n8:pids:/\n0::/system.slice/shop.service\n",
			Cgroup{Path: "/system.slice/shop.service", Unit: "shop.service"},
		},
		"another unit's name below a service": {
			"0::/system.slice/shop.service/bank.service\n",
			Cgroup{Path: "/system.slice/shop.service/bank.service", Unit: "shop.service"},
		},
		"another unit's name below a user's": {
			"0::/user.slice/user-1000.slice/user@1000.service/app.slice/mine.service/bank.service\n",
			Cgroup{Path: "/user.slice/user-1000.slice/user@1000.service/app.slice/mine.service/bank.service", Unit: "mine.service", User: true},
		},
		"no unit's name": {
			"0::/user.slice/user-1000.slice/user@1000.service/x y*.service\n",
			Cgroup{Path: "/user.slice/user-1000.slice/user@1000.service/x y*.service", Unit: "user@1000.service"},
		},
		"an option for a name": {"0::/-Hevil.service\n", Cgroup{Path: "/-Hevil.service"}},
		"root":                 {"0::/\n", Cgroup{Path: "/"}},
		"docker with systemd": {
			"0::/system.slice/docker-" + id + ".scope\n",
			Cgroup{Path: "/system.slice/docker-" + id + ".scope", Unit: "docker-" + id + ".scope", Container: id},
		},
		"docker with cgroupfs": {"0::/docker/" + id + "\n", Cgroup{Path: "/docker/" + id, Container: id}},
		"kubernetes": {
			"0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-" + id + ".scope\n",
			Cgroup{Path: "/kubepods.slice/kubepods-pod1.slice/cri-containerd-" + id + ".scope", Unit: "cri-containerd-" + id + ".scope", Container: id},
		},
		"containerd": {"0::/system.slice:cri-containerd:" + id + "\n", Cgroup{Path: "/system.slice:cri-containerd:" + id, Container: id}},
		"podman": {
			"0::/machine.slice/libpod-" + id + ".scope/container\n",
			Cgroup{Path: "/machine.slice/libpod-" + id + ".scope/container", Unit: "libpod-" + id + ".scope", Container: id},
		},
		"systemd in a container": {
			"0::/system.slice/docker-" + id + ".scope/system.slice/shop.service\n",
			Cgroup{Path: "/system.slice/docker-" + id + ".scope/system.slice/shop.service", Unit: "docker-" + id + ".scope", Container: id},
		},
		"empty": {"", Cgroup{}},
	} {
		got, err := ParseCgroup(strings.NewReader(test.raw))
		if err != nil || got != test.want {
			t.Errorf("%s:\n got %+v, %v\nwant %+v", name, got, err, test.want)
		}
	}
}

func TestReadProcessOfItself(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("needs /proc")
	}
	ctx := context.Background()
	local := sys.NewLocal(sys.LocalOptions{NoSudo: true})
	boot, err := ReadBoot(ctx, local)
	if err != nil {
		t.Fatal(err)
	}
	process, err := ReadProcess(ctx, local, boot, os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	directory, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if process.Directory != directory || process.Executable != executable || process.PPID != os.Getppid() || process.UID != os.Geteuid() ||
		!slices.Equal(process.Argv, os.Args) || len(process.Unreadable) != 0 {
		t.Errorf("process = %+v", process)
	}
	if age := time.Since(process.Started); age < 0 || age > 10*time.Minute {
		t.Errorf("started %v ago", age)
	}
	if _, err := ReadProcess(ctx, local, boot, 1<<30); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a process that is not there: %v", err)
	}
}

func TestReadProcessSaysWhatItMayNotRead(t *testing.T) {
	t.Parallel()
	machine := memory.Machine{
		Files: map[string]string{
			"/proc/7/stat":    "7 (gunicorn) S 1 7 7 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 5000 0 0",
			"/proc/7/cmdline": "gunicorn\x00",
			"/proc/7/status":  "Name:\tgunicorn\nUid:\t994\t995\t996\t997\n",
			"/proc/7/cgroup":  "0::/system.slice/shop.service\n",
		},
		Denied: []string{"/proc/7/cwd", "/proc/7/exe"},
	}
	process, err := ReadProcess(context.Background(), machine, Boot{Uptime: 60 * time.Second}, 7)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"directory": "permission denied", "executable": "permission denied"}
	if !maps.Equal(process.Unreadable, want) || process.UID != 995 || process.Cgroup.Unit != "shop.service" {
		t.Errorf("process = %+v", process)
	}
	delete(machine.Files, "/proc/7/cgroup")
	if _, err := ReadProcess(context.Background(), machine, Boot{}, 7); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("ended while it was read: %v", err)
	}
}

func FuzzParseStat(f *testing.F) {
	f.Add("1 (systemd) S 0 1 1 0 -1 4194560 3827 40386 0 13 15 21 33 28 20 0 1 0 232762 23658496")
	f.Add("1 () (x) S")
	f.Fuzz(func(t *testing.T, raw string) {
		stat, err := ParseStat(strings.NewReader(raw))
		if err == nil && !strings.Contains(raw, "("+stat.Name+")") {
			t.Errorf("ParseStat(%q) made up the name %q", raw, stat.Name)
		}
	})
}

func FuzzParseCgroup(f *testing.F) {
	f.Add("0::/user.slice/user@1000.service/app.slice/shop.service\n")
	f.Add("9:name=systemd:/\n0::/docker/0821c847d499a2e15b1a3b329ecade5a0c65f88f38edab57921bf117fe75acff\n")
	f.Fuzz(func(t *testing.T, raw string) {
		group, err := ParseCgroup(strings.NewReader(raw))
		if err != nil || !strings.Contains(raw, group.Path) || !strings.Contains(group.Path, group.Unit) || (group.Container != "" && len(group.Container) != 64) {
			t.Errorf("ParseCgroup(%q) = %+v, %v", raw, group, err)
		}
	})
}

func FuzzParseArgvAndEnvironment(f *testing.F) {
	f.Add([]byte("gunicorn: master [x]\x00\x00"))
	f.Add([]byte("A=1\x00B\x00"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if argv := ParseArgv(raw); argv == nil {
			t.Errorf("ParseArgv(%q) is null", raw)
		}
		if environment := ParseEnvironment(raw); environment.Wiped && len(environment.Variables) > 0 {
			t.Errorf("ParseEnvironment(%q) = %+v", raw, environment)
		}
	})
}

func BenchmarkReadArgv(b *testing.B) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	defer cancel()
	local := sys.NewLocal(sys.LocalOptions{NoSudo: true})
	for b.Loop() {
		if _, err := ReadArgv(ctx, local, os.Getpid()); err != nil {
			b.Fatal(err)
		}
	}
}

// haltingClock is a machine whose first reading of the clock comes late, as on a busy one.
type haltingClock struct {
	sys.Machine
	calls int
}

func (machine *haltingClock) Now() time.Time {
	at := time.Unix(1_000_000, 0)
	machine.calls++
	if machine.calls > 1 {
		at = at.Add(400 * time.Millisecond)
	}
	return at
}

func (machine *haltingClock) ReadFile(context.Context, string, int64) ([]byte, error) {
	return []byte("100.00 1.00\n"), nil
}

func TestReadBootTakesTheShortestPause(t *testing.T) {
	boot, err := ReadBoot(t.Context(), &haltingClock{})
	if want := time.Unix(1_000_000, 0).Add(400 * time.Millisecond); err != nil || !boot.At.Equal(want) {
		t.Errorf("it was read at %s (%v), not at %s", boot.At, err, want)
	}
}
