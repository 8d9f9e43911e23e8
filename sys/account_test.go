package sys_test

import (
	"context"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"flasktui/sys"
	"flasktui/sys/memory"
)

func TestLookUpAccount(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		output string
		exit   int
		want   sys.Account
		fails  bool
	}{
		"known":          {"ada:x:7:8::/home/ada:/bin/sh\n", 0, sys.Account{UID: 7, GID: 8, Name: "ada", Home: "/home/ada"}, false},
		"without a home": {"ada:x:7:8:::\n", 0, sys.Account{UID: 7, GID: 8, Name: "ada", Home: ""}, false},
		"unknown":        {"", 2, sys.Account{UID: 7, GID: sys.NoAccount}, false},
		"another":        {"eve:x:9:8::/:/bin/sh\n", 0, sys.Account{}, true},
		"no group":       {"ada:x:7:x::/:/bin/sh\n", 0, sys.Account{}, true},
		"no line":        {"\n", 0, sys.Account{}, true},
	} {
		machine := memory.Machine{OnRun: func(sys.Command) sys.Output { return sys.Output{Stdout: []byte(test.output), Exit: test.exit} }}
		if got, err := sys.LookUpAccount(t.Context(), machine, 7); got != test.want || (err != nil) != test.fails {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// TestAnotherAccountsCommand: it has that account's rights and groups, a session of its own,
// and nothing of the caller's environment.
func TestAnotherAccountsCommand(t *testing.T) {
	if os.Geteuid() != 0 {
		// Somebody else may not become anybody.
		if output := sys.NewLocal(sys.LocalOptions{NoSudo: true}).Run(t.Context(), sys.Command{Argv: []string{"env"}, As: &sys.Account{UID: 1}}); output.Err == nil {
			t.Error("it was run without a right to")
		}
		return
	}
	t.Setenv("HOME", "/root")
	t.Setenv("DOCKER_HOST", "unix:///run/other.sock")
	nobody := sys.Nobody()
	local := sys.NewLocal(sys.LocalOptions{})
	output := local.Run(t.Context(), sys.Command{Argv: []string{"env"}, As: &nobody, Environment: []string{"HOME=/nowhere"}})
	lines := strings.Split(strings.TrimSpace(string(output.Stdout)), "\n")
	if output.Err != nil || !slices.Contains(lines, "HOME=/nowhere") || !slices.Contains(lines, "COMPOSE_EXPERIMENTAL_GIT_REMOTE=false") || strings.Contains(string(output.Stdout), "other.sock") {
		t.Errorf("%v: %q", output.Err, lines)
	}
	output = local.Run(t.Context(), sys.Command{Argv: []string{"cat", "/proc/self/status"}, As: &nobody})
	for _, want := range []string{"\nUid:\t65534\t65534\t65534\t65534\n", "\nGid:\t65534\t65534\t65534\t65534\n", "\nGroups:\t \n", "\nNoNewPrivs:\t1\n", "\nCapEff:\t0000000000000000\n"} {
		if !strings.Contains(string(output.Stdout), want) {
			t.Errorf("%v: without %q:\n%s", output.Err, want, output.Stdout)
		}
	}
}

// TestAnotherAccountsCommandEndsWithAllItStarted: whoever is looked at decides how long it
// would go on.
func TestAnotherAccountsCommandEndsWithAllItStarted(t *testing.T) {
	if os.Geteuid() != 0 {
		return // TestAnotherAccountsCommand shows that nothing is run then.
	}
	nobody := sys.Nobody()
	// It is told to end once it has said what it started, however long that took it.
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	lines := 0
	output := sys.NewLocal(sys.LocalOptions{}).Run(ctx, sys.Command{
		Argv: []string{"sh", "-c", "trap '' TERM; ps -o sid= -p $$; sleep 300 & echo $!; wait"}, As: &nobody, Timeout: time.Minute,
		Line: func(sys.Text) {
			if lines++; lines == 2 {
				cancel()
			}
		},
	})
	words := strings.Fields(string(output.Stdout))
	if output.Err == nil || len(words) != 2 {
		t.Fatalf("%v: %q", output.Err, output.Stdout)
	}
	own, err := exec.CommandContext(t.Context(), "ps", "-o", "sid=", "-p", strconv.Itoa(os.Getpid())).Output()
	if strings.TrimSpace(string(own)) == words[0] {
		t.Errorf("it runs in our session (%v)", err)
	}
	for range 3000 {
		stat, err := os.ReadFile("/proc/" + words[1] + "/stat")
		if err != nil || strings.Contains(string(stat), ") Z ") {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("what it started goes on")
}

// TestRootIsToldOfNobodysHome: sudo -E leaves root with the home of whoever called it, in
// which docker would look for programs to run.
func TestRootIsToldOfNobodysHome(t *testing.T) {
	home := t.TempDir()
	for name, value := range map[string]string{"HOME": home, "DOCKER_CONFIG": home, "DOCKER_CONTEXT": "hers", "XDG_RUNTIME_DIR": home} {
		t.Setenv(name, value)
	}
	if os.Geteuid() != 0 {
		if value, set := sys.NewLocal(sys.LocalOptions{}).Variables(os.LookupEnv)("HOME"); value != home || !set {
			t.Errorf("one's own home: %q", value)
		}
		return
	}
	if err := os.Chown(home, 1234, 1234); err != nil {
		t.Fatal(err)
	}
	variable := sys.NewLocal(sys.LocalOptions{}).Variables(os.LookupEnv)
	for _, name := range []string{"DOCKER_CONFIG", "DOCKER_CONTEXT", "XDG_RUNTIME_DIR"} {
		if value, set := variable(name); set {
			t.Errorf("%s=%s", name, value)
		}
	}
	if value, _ := variable("HOME"); value != sys.RootHome {
		t.Errorf("HOME=%s", value)
	}
}
