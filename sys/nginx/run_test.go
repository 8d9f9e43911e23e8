package nginx

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"flasktui/sys"
	"flasktui/sys/memory"
)

func TestParseNginxTest(t *testing.T) {
	tests := []struct {
		name, stderr string
		warnings     []sys.Text
		failure      sys.Text
		file         string
		line         int
	}{
		{"all is well", "nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\nnginx: configuration file /etc/nginx/nginx.conf test is successful\n", nil, "", "", 0},
		{
			"a name twice", "2026/11/23 18:54:05 [warn] 2740#2740: conflicting server name \"a.test\" on 0.0.0.0:80, ignored\nnginx: the configuration file /etc/nginx/nginx.conf syntax is ok\n",
			[]sys.Text{`conflicting server name "a.test" on 0.0.0.0:80, ignored`},
			"", "", 0,
		},
		{
			"a typing error", "2026/11/23 18:52:02 [emerg] 27624#27624: invalid parameter \"listen\" in /etc/nginx/sites-enabled/shop:23\nnginx: configuration file /etc/nginx/nginx.conf test failed\n",
			nil, `invalid parameter "listen" in /etc/nginx/sites-enabled/shop:23`, "/etc/nginx/sites-enabled/shop", 23,
		},
		{"before a log is open", "nginx: [emerg] unknown directive \"foo\" in /etc/nginx/conf.d/my site.conf:1\n", nil, `unknown directive "foo" in /etc/nginx/conf.d/my site.conf:1`, "/etc/nginx/conf.d/my site.conf", 1},
		{
			"a file that is gone", "2026/11/23 18:52:02 [emerg] 27636#27636: open() \"/etc/nginx/nginx.conf\" failed (2: No such file or directory)\n",
			nil, `open() "/etc/nginx/nginx.conf" failed (2: No such file or directory)`, "", 0,
		},
		{"escapes", "nginx: [emerg] unknown directive \"\x1b]0;x\x07y\" in /etc/nginx/nginx.conf:1", nil, sys.Safe("unknown directive \"\x1b]0;x\x07y\" in /etc/nginx/nginx.conf:1"), "/etc/nginx/nginx.conf", 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			warnings, failure, file, line := ParseTest(test.stderr)
			if diff := cmp.Diff(test.warnings, warnings); diff != "" || failure != test.failure || file != test.file || line != test.line {
				t.Errorf("%q in %q:%d (-want +got)\n%s", failure, file, line, diff)
			}
			if conflict := (Config{Warnings: append([]sys.Text{"careful"}, warnings...)}).NameConflict(); (conflict != "") != (test.name == "a name twice") {
				t.Errorf("a server block that is ignored: %q", conflict)
			}
			if strings.ContainsAny(string(failure), "\x1b\x07") {
				t.Error("it would reach the terminal")
			}
		})
	}
}

// hostMachine is a memory machine that knows who reads it.
type hostMachine struct {
	memory.Machine
	uid int
}

func (m hostMachine) Host(context.Context) (sys.Host, error) { return sys.Host{UID: m.uid}, nil }

func TestReadNginxConfig(t *testing.T) {
	dump, err := os.ReadFile("testdata/nginx/shop.dump")
	if err != nil {
		t.Fatal(err)
	}
	denied, err := os.ReadFile("testdata/nginx/non_root.stderr")
	if err != nil {
		t.Fatal(err)
	}
	failed := errors.New("exit status 1")
	answering := func(uid int, output sys.Output) sys.Machine {
		return hostMachine{memory.Machine{OnRun: func(command sys.Command) sys.Output {
			if strings.Join(command.Argv, " ") == "nginx -V" && !command.Elevate {
				return sys.Output{Stderr: []byte("configure arguments: --prefix=/usr/share/nginx --conf-path=/etc/nginx/nginx.conf")}
			}
			if strings.Join(command.Argv, " ") != "nginx -T" || !command.Elevate || command.Changes {
				return sys.Output{Exit: -1, Err: fmt.Errorf("unexpected %+v", command)}
			}
			return output
		}}, uid}
	}
	config, _, err := Installed().ReadConfig(t.Context(), answering(0, sys.Output{Stdout: dump, Stderr: []byte("nginx: [warn] careful\n")}))
	if err != nil || len(config.Servers) != 5 || len(config.Warnings) != 1 {
		t.Errorf("%d servers, %v", len(config.Servers), err)
	}
	refused := sys.Output{Stderr: []byte("nginx: [emerg] unknown directive \"x\" in /etc/nginx/nginx.conf:3\n"), Exit: 1, Err: failed}
	config, _, err = Installed().ReadConfig(t.Context(), answering(1000, refused))
	if err != nil || config.FailureLine != 3 || config.Failure == "" {
		t.Errorf("a refused configuration is a result: %+v, %v", config, err)
	}
	_, _, err = Installed().ReadConfig(t.Context(), answering(1000, sys.Output{Stderr: denied, Exit: 1, Err: failed}))
	if !errors.Is(err, sys.ErrNeedsPrivilege) || !errors.Is(err, fs.ErrPermission) {
		t.Errorf("a key that only root may read is no refused configuration: %v", err)
	}
	config, _, err = Installed().ReadConfig(t.Context(), answering(0, sys.Output{Stderr: denied, Exit: 1, Err: failed}))
	if err != nil || config.Failure == "" {
		t.Errorf("for root it is one: %v", err)
	}
	if _, _, err = Installed().ReadConfig(t.Context(), memory.Machine{}); !errors.Is(err, sys.ErrNoCommand) {
		t.Errorf("no Nginx: %v", err)
	}
	timeout := sys.Output{Exit: -1, Err: context.DeadlineExceeded}
	if _, _, err = Installed().ReadConfig(t.Context(), answering(0, timeout)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a timeout: %v", err)
	}
}

func TestNginxTitle(t *testing.T) {
	for title, want := range map[string]string{
		"nginx: master process /usr/sbin/nginx -g daemon on; master_process on;": "master",
		"nginx: worker process":                  "worker",
		"nginx: worker process is shutting down": "worker, shutting down",
		"nginx: cache manager process":           "cache",
		"/usr/sbin/nginx":                        "",
		"":                                       "",
	} {
		role, shuttingDown, ok := Title([]string{title})
		if shuttingDown {
			role += ", shutting down"
		}
		if role != want || ok != (want != "") {
			t.Errorf("%q: %q, %v", title, role, ok)
		}
	}
	if _, _, ok := Title(nil); ok {
		t.Error("a kernel thread is no Nginx")
	}
}

func FuzzParseNginxTest(f *testing.F) {
	f.Add("nginx: [emerg] x in /a:1\n2026/11/23 18:54:05 [warn] 1#1: y")
	f.Fuzz(func(_ *testing.T, stderr string) { ParseTest(stderr) })
}
