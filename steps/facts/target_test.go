package facts

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"flasktui/sys"
	"flasktui/sys/appserver"
	"flasktui/sys/docker"
	"flasktui/sys/memory"
	"flasktui/sys/proc"
	"flasktui/sys/systemd"
)

// TestWhatIsExamined by what the person has named, and what is said where there is no such thing.
func TestWhatIsExamined(t *testing.T) {
	t.Parallel()
	unit := func(name string) Unit {
		return Unit{Unit: systemd.Unit{Name: name, LoadState: "loaded", ActiveState: "active", SubState: "running", MainPID: 1}, Serves: true}
	}
	box := func() *Facts {
		known := Facts{Host: Of(sys.Host{UID: 1000}, ""), Containers: Of([]docker.Container{}, ""), Supervised: Of([]Supervised{}, "")}
		shop := unit("shop.service")
		shop.Aliases = []string{"www.service"}
		gone := Unit{Unit: systemd.Unit{Name: "gone.service", LoadState: "not-found", ActiveState: "inactive"}}
		known.Units = Of([]Unit{shop, gone}, "")
		known.Processes = Of(Processes{}, "")
		return &known
	}
	loose := func(known *Facts, unit string, kind appserver.Kind) {
		one := born(unit, 7)
		one.Kind = kind
		known.Processes.Value.Servers = append(known.Processes.Value.Servers, one)
	}
	const others = " among the services of this box; name the one that you mean, for example: flasktui check shop.service [shop.service]"
	for _, test := range []struct {
		name, service string
		with          func(known *Facts)
		want          string
	}{
		{"nothing named", "", nil, "shop.service"},
		{"a unit", "shop", nil, "named shop.service"},
		{"by its other name", "www", nil, "named shop.service"},
		{"a unit that is none", "blog", nil, "there is no unit blog.service" + others},
		{"a unit without a file", "gone", nil, "there is no unit gone.service" + others},
		{"a unit whose file was removed while it runs", "gone", func(known *Facts) {
			known.Units.Value[1].ActiveState, known.Units.Value[1].MainPID = "active", 9
		}, "named gone.service"},
		{"a unit where there is none at all", "blog", func(known *Facts) { known.Units.Value = nil }, "there is no unit blog.service on this box; no service with a server of Python apps was found on this box; `systemctl list-units --type=service` lists them all"},
		{"systemd is silent", "shop", func(known *Facts) { known.Units = Unreadable[[]Unit]("no answer", "") }, "shop.service: systemd could not be asked: no answer; leave the service out to have flasktui look for what runs"},
		{"a unit that only holds a server", "shop", func(known *Facts) {
			known.Units.Value[0].Serves = false
			loose(known, "shop.service", "")
		}, "a server is in the control group of shop.service, and nothing shows that the unit runs it: its ExecStart is not seen to lead there, or its stop would not end it; look at the process itself: flasktui check pid:7 [pid:7]"},
		{"a unit that starts one, and holds another", "shop", func(known *Facts) { loose(known, "shop.service", "") }, "named shop.service"},
		{"a unit that is starting", "shop", func(known *Facts) {
			known.Units.Value[0].Serves, known.Units.Value[0].ActiveState = false, "activating"
			loose(known, "shop.service", "")
		}, "named shop.service"},
		{"supervisord's unit, of one program", "boss", func(known *Facts) {
			known.Units.Value[0].Name = "boss.service"
			known.Supervised.Value = []Supervised{{Program: "shop", Unit: "boss.service"}}
		}, "program shop"},
		{"supervisord's unit, of two", "boss", func(known *Facts) {
			known.Units.Value[0].Name = "boss.service"
			known.Supervised.Value = []Supervised{{Program: "shop", Unit: "boss.service"}, {Program: "blog", Unit: "boss.service"}}
		}, "boss.service is supervisord, which runs several Flask services; name the one that you mean, for example: flasktui check supervisor:shop [supervisor:shop supervisor:blog]"},
		{"a program", "supervisor:shop", func(known *Facts) { known.Supervised.Value = []Supervised{{Program: "shop"}} }, "named program shop"},
		{"a program that is none", "supervisor:blog", func(known *Facts) { known.Supervised.Value = []Supervised{{Program: "shop"}} }, "no server is seen to run on this box as supervisord's program blog; `sudo supervisorctl status` lists the programs and their state [supervisor:shop]"},
		{"supervisord may not be asked", "supervisor:blog", func(known *Facts) { known.Supervised = Unreadable[[]Supervised]("denied", "") }, "supervisor:blog: denied; `sudo supervisorctl status` lists the programs and their state"},
		{"a process", "pid:7", func(known *Facts) { loose(known, "session-1.scope", "") }, "named process 7"},
		{"a process that is none", "pid:8", func(known *Facts) { loose(known, "session-1.scope", "") }, "no server of Python apps runs on this box as process 8; leave the service out to have flasktui look for what runs [shop.service]"},
		{"no number", "pid:x", nil, "no server of Python apps runs on this box as process x; leave the service out to have flasktui look for what runs [shop.service]"},
		{"a process of a container that Docker does not tell of", "pid:7", func(known *Facts) {
			loose(known, "docker.service", "")
			known.Processes.Value.Servers[0].Master.Cgroup = proc.Cgroup{Container: "c"}
		}, "no server of Python apps runs on this box as process 7; leave the service out to have flasktui look for what runs [shop.service]"},
		{"a container that is none", "compose:shop/web", nil, "there is no container of compose:shop/web on this box; `docker compose ls` and `docker ps` list the projects and containers; of a project that was taken down, name the file with --compose-file"},
		{"a container, by its file", "compose:shop/web", func(known *Facts) { known.AbsentProblem = "denied" }, "there is no container of compose:shop/web on this box, and its files could not be read: denied; `docker compose ls` and `docker ps` list the projects and containers; of a project that was taken down, name the file with --compose-file"},
		{"Docker is slow", "compose:shop/web", func(known *Facts) {
			known.Containers = Fact[[]docker.Container]{Why: WhyTimedOut, Problem: "no answer"}
		}, "compose:shop/web: Docker could not be asked: no answer; give it longer with --timeout"},
		{"Docker may not be asked", "compose:shop/web", func(known *Facts) {
			known.Containers = Fact[[]docker.Container]{Why: WhyDenied, Problem: "denied"}
		}, "compose:shop/web: Docker could not be asked: denied; run flasktui as a user who may use Docker, or with sudo"},
		{"Docker refuses root", "compose:shop/web", func(known *Facts) {
			known.Containers = Fact[[]docker.Container]{Why: WhyDenied, Problem: "denied"}
			known.Host.Value.Privilege = sys.PrivilegeRoot
		}, "compose:shop/web: Docker could not be asked: denied"},
		{"Docker fails", "compose:shop/web", func(known *Facts) { known.Containers = Unreadable[[]docker.Container]("it fails", "") }, "compose:shop/web: Docker could not be asked: it fails"},
		{"what runs in a container that Docker does not tell of", "", func(known *Facts) {
			known.Units.Value = nil
			loose(known, "docker.service", "")
			known.Processes.Value.Servers[0].Master.Cgroup = proc.Cgroup{Container: "c"}
		}, "Gunicorn runs here as process 7, in a container that Docker did not tell of; name the service that ought to run it: flasktui check SERVICE"},
		{"the same, and why", "", func(known *Facts) {
			known.Units.Value = nil
			loose(known, "docker.service", "")
			known.Processes.Value.Servers[0].Master.Cgroup = proc.Cgroup{Container: "c"}
			known.Containers = Unreadable[[]docker.Container]("denied", "")
		}, "Gunicorn runs here as process 7, in a container that Docker did not tell of: denied; name the service that ought to run it: flasktui check SERVICE"},
		{"a daemon in a container", "", func(known *Facts) {
			known.Units.Value = nil
			loose(known, "docker.service", appserver.Python)
			known.Processes.Value.Servers[0].Master.Cgroup = proc.Cgroup{Container: "c"}
		}, "no Flask service was found: no server of Python apps is seen to run (Gunicorn, uWSGI, uvicorn, Waitress, flask run, a Python program to which Nginx leads), no loaded unit starts one, and no Compose service holds one; name the unit (flasktui check UNIT), or look around on the practice box: flasktui practice"},
		{"the processes may not be listed", "", func(known *Facts) {
			known.Units.Value = nil
			known.Processes = Unreadable[Processes]("no /proc", "")
		}, "no Flask service was found: no /proc; flasktui looks at Linux boxes; try `flasktui practice` anywhere else"},
	} {
		known := box()
		known.Options.Service = test.service
		if test.with != nil {
			test.with(known)
		}
		target, err := chooseTarget(known)
		words := ""
		switch refusal := new(TargetError); {
		case errors.As(err, &refusal):
			words = string(refusal.Problem)
			if refusal.Hint != "" {
				words += "; " + string(refusal.Hint)
			}
			if len(refusal.Services) > 0 {
				words += fmt.Sprint(" ", refusal.Services)
			}
		case target.Program != "":
			words = "program " + target.Program
		case target.PID != 0:
			words = fmt.Sprint("process ", target.PID)
		default:
			words = target.Unit
		}
		if target.Named {
			words = "named " + words
		}
		if words != test.want {
			t.Errorf("%s: %s\nwant %s", test.name, words, test.want)
		}
	}
}

// TestTheChoiceIsTold with what each service is, as far as that is known.
func TestTheChoiceIsTold(t *testing.T) {
	t.Parallel()
	refusal := TargetError{Problem: "several", Services: []string{"a.service", "b.service"}, About: map[string]sys.Text{"a.service": "Gunicorn 7"}}
	if got := refusal.Error(); got != "several: a.service (Gunicorn 7), b.service" {
		t.Error(got)
	}
	if got := (&TargetError{Problem: "none", Hint: "look"}).Error(); got != "none" {
		t.Error(got)
	}
}

// TestWhoseLogIsRead: of a service that runs none is, as it would tell nothing and cost a command.
func TestWhoseLogIsRead(t *testing.T) {
	t.Parallel()
	const container = "c111111111111111111111111111111111111111111111111111111111111111"
	unit := func(known *Facts) *Unit { return &known.Units.Value[0] }
	inContainer := func(state string, restarts int) func(*Facts) {
		return func(known *Facts) {
			known.Target = Target{Container: container}
			known.Containers = Of([]docker.Container{{ID: container, Name: "shop-web-1", State: state, Restarts: restarts}}, "")
		}
	}
	program := func(one Supervised) func(*Facts) {
		return func(known *Facts) {
			known.Target, one.Program = Target{Program: "shop"}, "shop"
			known.Supervised = Of([]Supervised{one}, "")
		}
	}
	for _, test := range []struct {
		name string
		with func(known *Facts)
		says sys.Output
		want string
	}{
		{"a unit that runs", nil, sys.Output{}, "not needed: the unit runs"},
		{"one that failed", func(known *Facts) { unit(known).ActiveState = "failed" }, sys.Output{}, "journalctl -u shop.service: a line"},
		{"one that starts", func(known *Facts) { unit(known).SubState = "start" }, sys.Output{}, "journalctl -u shop.service: a line"},
		{"one that was started anew", func(known *Facts) { unit(known).Restarts = 1 }, sys.Output{}, "journalctl -u shop.service: a line"},
		{"one without a worker", func(known *Facts) { known.Processes.Value.Servers[0].Workers = nil }, sys.Output{}, "journalctl -u shop.service: a line"},
		{"one that runs no server", func(known *Facts) { known.Processes.Value.Servers = nil }, sys.Output{}, "journalctl -u shop.service: a line"},
		{"its log may not be read", func(known *Facts) { unit(known).ActiveState = "failed" }, sys.Output{Exit: 1, Err: errors.New("denied")}, "denied"},
		{"a container that runs", inContainer("running", 0), sys.Output{}, "the service is not a systemd unit"},
		{"a container that ended", inContainer("exited", 0), sys.Output{}, "docker logs shop-web-1: a line"},
		{"a container that is started again", inContainer("running", 2), sys.Output{}, "docker logs shop-web-1: a line"},
		{"a container that was taken away", inContainer(docker.ContainerAbsent, 0), sys.Output{}, "the service is not a systemd unit"},
		{"a container whose log may not be read", inContainer("exited", 0), sys.Output{Exit: 1, Err: errors.New("denied")}, "denied"},
		{"a program that runs", program(Supervised{State: "RUNNING"}), sys.Output{}, "the service is not a systemd unit"},
		{"a program that ended", program(Supervised{State: "BACKOFF", Config: "/etc/s.conf"}), sys.Output{}, "supervisorctl tail shop: a line"},
		{"a program whose log may not be read", program(Supervised{State: "BACKOFF", Config: "/etc/s.conf"}), sys.Output{Exit: 1, Err: errors.New("denied")}, "denied"},
		{"a process", func(known *Facts) { known.Target = Target{PID: 7} }, sys.Output{}, "the service is not a systemd unit"},
	} {
		running := born("shop.service", 7)
		running.Workers = []Process{{}}
		known := Facts{Target: Target{Service: "shop.service", Unit: "shop.service"}, Processes: Of(Processes{Servers: []Server{running}}, "")}
		known.Units = Of([]Unit{{Unit: systemd.Unit{Name: "shop.service", ActiveState: "active", SubState: "running", MainPID: 7}, Serves: true, Runs: []int{7}}}, "")
		if test.with != nil {
			test.with(&known)
		}
		box := memory.Machine{OnRun: func(command sys.Command) sys.Output {
			output := test.says
			output.Argv, output.Stdout = command.Argv, []byte("a line\n")
			return output
		}}
		journal := gathered(t, box, known, (*look).readJournal).Journal
		words := string(journal.Problem)
		if journal.Known {
			words = journal.Source + ": " + fmt.Sprint(journal.Value[0])
		}
		if words != test.want && (test.want != "denied" || !strings.Contains(words, "denied")) {
			t.Errorf("%s: %s, want %s", test.name, words, test.want)
		}
	}
}
