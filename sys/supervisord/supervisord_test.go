package supervisord

import (
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"

	"flasktui/sys/memory"
)

func TestParseSupervisorConfig(t *testing.T) {
	config, err := ParseConfig(strings.NewReader(`; a comment
[supervisord]
logfile=/var/log/supervisor/supervisord.log ; where it writes

[program:shop]
command = /srv/shop/venv/bin/gunicorn --bind unix:/run/shop.sock
    --workers 3 "shop.wsgi:app" ; the site
DIRECTORY=%(here)s/../live
environment=MODE="a, b",PATH='/opt/bin:%%d',
  REGION=eu-1
autostart = true

[program:worker]
command=celery -A %(program_name)s worker -c %(ENV_CONCURRENCY)s
directory=/srv/%(program_name)s#1

[group:all]
programs=shop,worker
[include]
files = conf.d/*.conf
	/etc/more/*.ini
`), "/etc/supervisor/supervisord.conf")
	programs, includes := config.Programs, config.Includes
	if err != nil || len(programs) != 2 {
		t.Fatalf("%+v, %v", programs, err)
	}
	shop, worker := programs[0], programs[1]
	wanted := []string{"/srv/shop/venv/bin/gunicorn", "--bind", "unix:/run/shop.sock", "--workers", "3", "shop.wsgi:app"}
	if shop.Name != "shop" || shop.Line != 5 || !slices.Equal(shop.Command, wanted) || shop.Directory != "/etc/supervisor/../live" || len(shop.Unread) > 0 {
		t.Errorf("%+v", shop)
	}
	if environment := map[string]string{"MODE": "a, b", "PATH": "/opt/bin:%d", "REGION": "eu-1"}; !maps.Equal(shop.Environment, environment) {
		t.Errorf("%q", shop.Environment)
	}
	if worker.Directory != "/srv/worker#1" || !slices.Equal(worker.Unread, []string{"command"}) || len(worker.Command) > 0 {
		t.Errorf("what only supervisord can expand is not read at all: %+v", worker)
	}
	if !slices.Equal(includes, []string{"/etc/supervisor/conf.d/*.conf", "/etc/more/*.ini"}) {
		t.Errorf("includes %q", includes)
	}
}

func TestSupervisorEnvironmentRefuses(t *testing.T) {
	for _, value := range []string{"KEY", `KEY="open`, `KEY="a"b`, `1KEY=x`, "A=1,,B=2"} {
		if got, err := environment(value); err == nil {
			t.Errorf("%s is read as %q", value, got)
		}
	}
}

func TestReadSupervisorPrograms(t *testing.T) {
	box := memory.Machine{Files: map[string]string{
		"/etc/supervisor/supervisord.conf": "[include]\nfiles = /etc/supervisor/conf.d/*.conf absent/*.conf\n",
		"/etc/supervisor/conf.d/b.conf":    "[program:b]\ncommand=gunicorn b:app\n",
		"/etc/supervisor/conf.d/a.conf":    "[program:a]\ncommand=gunicorn a:app\n",
		"/etc/supervisor/conf.d/a.conf~":   "[program:old]\ncommand=gunicorn old:app\n",
	}}
	config, err := ConfigPath(t.Context(), box, []string{"/usr/bin/python3", "/usr/bin/supervisord", "-n"})
	if err != nil || config != "/etc/supervisor/supervisord.conf" {
		t.Fatalf("%q, %v", config, err)
	}
	programs, err := ReadPrograms(t.Context(), box, config)
	if err != nil || len(programs) != 2 || programs[0].Name != "a" || programs[1].File != "/etc/supervisor/conf.d/b.conf" {
		t.Errorf("%+v, %v", programs, err)
	}
	box.Denied = []string{"/etc/supervisor/conf.d/b.conf"}
	if programs, err := ReadPrograms(t.Context(), box, config); err == nil {
		t.Errorf("a file that may not be read is no empty one: %+v", programs)
	}
	if told, _ := ConfigPath(t.Context(), box, []string{"supervisord", "-c", "/opt/s.conf"}); told != "/opt/s.conf" {
		t.Errorf("it was told %q", told)
	}
	if _, err := ConfigPath(t.Context(), memory.Machine{}, []string{"supervisord"}); err == nil || !strings.Contains(err.Error(), fs.ErrNotExist.Error()) {
		t.Errorf("%v", err)
	}
}

func FuzzParseSupervisorConfig(f *testing.F) {
	f.Add("[program:x]\ncommand=a 'b\nenvironment=A=\"1\",B=2\n [include]\nfiles=%(here)s/*\n")
	f.Fuzz(func(t *testing.T, text string) {
		config, err := ParseConfig(strings.NewReader(text), "/etc/supervisord.conf")
		if err != nil {
			return
		}
		for _, program := range config.Programs {
			if program.Line < 1 || program.Line > strings.Count(text, "\n")+1 {
				t.Errorf("%+v", program)
			}
		}
	})
}

func FuzzParseSupervisorStatus(f *testing.F) {
	f.Add("shop:shop_00 RUNNING pid 20, uptime 0:00:01\nbilling FATAL Exited too quickly\nerror: no such file\n")
	f.Fuzz(func(t *testing.T, printed string) {
		status := ParseStatus(printed)
		for pid, name := range status.Processes {
			if pid <= 0 || !slices.Contains(status.Names, name) {
				t.Errorf("%d is %q of %q", pid, name, status.Names)
			}
		}
	})
}
