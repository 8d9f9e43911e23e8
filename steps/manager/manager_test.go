package manager

import (
	"slices"
	"strings"
	"testing"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/sys"
	"flasktui/sys/docker"
	"flasktui/sys/proc"
	units "flasktui/sys/systemd"
)

func gunicorn(pid int) facts.Fact[facts.Processes] {
	master := facts.Process{Process: proc.Process{PID: pid, PPID: 1, UID: 1000}, CommandLine: []sys.Text{"gunicorn", "wsgi:app"}}
	return facts.Of(facts.Processes{Servers: []facts.Server{{Master: master}}}, "")
}

func program() *box.Box {
	return box.New(&facts.Facts{
		Target: facts.Target{Service: "supervisor:shop:web", Program: "shop:web"}, Processes: gunicorn(7),
		Supervised: facts.Of([]facts.Supervised{{Master: 7, Program: "shop:web", Config: "/etc/s.conf"}}, ""),
	})
}

func container() *box.Box {
	known := &facts.Facts{
		Target:     facts.Target{Service: "compose:shop/web", Container: "one"},
		Containers: facts.Of([]docker.Container{{ID: "one", Name: "shop-web-1", Project: "shop", Service: "web", State: "running"}}, ""),
		Compose:    facts.Of(facts.ComposeFacts{Compose: docker.Compose{Tool: []string{"docker", "compose"}}, Project: docker.ComposeProject{Name: "shop"}}, ""),
	}
	return box.New(known)
}

// swarmed is a service of a swarm, of which this node is a manager or was not told why it is none.
func swarmed(problem sys.Text) *box.Box {
	service := &docker.SwarmService{Name: "shop_web", Image: "shop:1", Running: 1, Wanted: 1, Problem: problem}
	return box.New(&facts.Facts{
		Target:     facts.Target{Service: "swarm:shop_web", Container: "one"},
		Containers: facts.Of([]docker.Container{{ID: "one", Name: "shop_web.1.x", Swarm: service, State: "running", PID: 7}}, ""),
	})
}

func process() *box.Box {
	return box.New(&facts.Facts{Target: facts.Target{Service: "pid:7", PID: 7}, Processes: gunicorn(7), Units: facts.Of([]facts.Unit{}, "")})
}

// TestWhatEachManagerSays: its names, its commands, and whose rights they need.
func TestWhatEachManagerSays(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		b                              *box.Box
		kind                           Kind
		noun, service, restart, follow string
		root, again                    bool
	}{
		{running(), Systemd, "unit", "the unit shop.service", "systemctl restart shop.service", "journalctl", true, true},
		{program(), Supervisord, "program", "the program shop:web of supervisord", "supervisorctl -c /etc/s.conf restart shop:web", "supervisorctl -c /etc/s.conf tail -f shop:web stderr", true, true},
		{container(), Compose, "container", "the service web of the Compose project shop", "docker compose -p shop restart web", "docker compose -p shop logs", false, true},
		{swarmed(""), Swarm, "container", "the service shop_web of the swarm", "docker service update --quiet --force shop_web", "docker service logs", false, true},
		{process(), None, "process", "process 7", "", "", false, false},
	} {
		managed := Of(test.b)
		restart := managed.Restart(Made{})
		log, nothing := managed.Log(9)
		for what, pair := range map[string][2]string{
			"kind": {string(managed.Kind()), string(test.kind)}, "noun": {managed.State().Noun, test.noun}, "service": {string(managed.Service()), test.service},
			"restart": {sys.CommandLine(restart.Argv), test.restart},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%s: %s %q", test.service, what, pair[0])
			}
		}
		if restart.Root != test.root || managed.StartsAgain() != test.again || (restart.Refusal == "") != test.again || (managed.ByHand() == "") != test.again {
			t.Errorf("%s: restart %+v, again %t, by hand %q", test.service, restart, managed.StartsAgain(), managed.ByHand())
		}
		if line := sys.CommandLine(log.Argv); !strings.HasPrefix(line, test.follow) || (nothing != "") != (test.follow == "") {
			t.Errorf("%s: log %q, %q", test.service, line, nothing)
		}
		if isUnit := test.kind == Systemd; (managed.NoUnit() == "") != isUnit {
			t.Errorf("%s: %q", test.service, managed.NoUnit())
		}
		if named := Named(test.b.Target.Service); named.Kind() != test.kind || named.Service() != managed.Service() {
			t.Errorf("%s is by its name alone %s", test.service, named.Service())
		}
	}
}

// usersUnit is a unit of a user's own service manager.
func usersUnit(caller int) *box.Box {
	unit := facts.Unit{
		Unit: units.Unit{Name: "shop.service", MainPID: 7, LoadState: "loaded", ActiveState: "active", KillMode: "control-group"}, Serves: true, Runs: []int{7},
		Owner: &sys.Account{UID: 1001, GID: 1001, Name: "ann"},
	}
	return box.New(&facts.Facts{
		Host: facts.Of(sys.Host{UID: caller}, ""), Target: facts.Target{Service: "user:ann/shop.service", UserUnit: "user:ann/shop.service"},
		Units: facts.Of([]facts.Unit{}, ""), Processes: gunicorn(7),
		UserUnits: facts.Of(facts.UserUnits{Units: []facts.Unit{unit}, Managers: []facts.UserManager{{Account: *unit.Owner}}}, ""),
	})
}

// TestAUsersOwnUnitIsTheirs: its commands are the user's own, whoever gives them.
func TestAUsersOwnUnitIsTheirs(t *testing.T) {
	t.Parallel()
	for caller, as := range map[int]bool{0: true, 1001: false, 1002: true} {
		managed := Of(usersUnit(caller))
		restart := managed.Restart(Made{})
		if line := sys.CommandLine(restart.Argv); line != "env XDG_RUNTIME_DIR=/run/user/1001 systemctl --user restart shop.service" || restart.Root || (restart.As != nil) != as {
			t.Errorf("user %d: %q as %v, root %t", caller, line, restart.As, restart.Root)
		}
		if managed.Kind() != User || managed.NoUnit() != "" || managed.Service() != "the unit shop.service of the systemd of ann" {
			t.Errorf("user %d: %s, %q", caller, managed.Service(), managed.NoUnit())
		}
		if typed := string(managed.Look().Status[0]); strings.HasPrefix(typed, "sudo -u ann env XDG_RUNTIME_DIR=/run/user/1001 systemctl --user status ") != as {
			t.Errorf("user %d types %q", caller, typed)
		}
		for _, order := range []Order{RereadOrder(usersUnit(caller)), EditOrder(usersUnit(caller))} {
			if order.Root || (order.As != nil) != as || !slices.Contains(order.Argv, "--user") {
				t.Errorf("user %d: %+v", caller, order)
			}
		}
	}
	if named := Named("user:ann/shop.service"); named.Kind() != User || named.NoUnit() == "" {
		t.Errorf("by its name alone: %s, %q", named.Service(), named.NoUnit())
	}
}

// TestALoneContainer: docker restarts it as it is; its unit makes it anew, where that removes it;
// and else a person does.
func TestALoneContainer(t *testing.T) {
	t.Parallel()
	lone := func(made *facts.DockerUnit) *box.Box {
		known := &facts.Facts{
			Target:     facts.Target{Service: "docker:shop", Container: "one"},
			Containers: facts.Of([]docker.Container{{ID: "one", Name: "shop", ImageName: "shop:1", State: "running"}}, ""),
			RunLine:    docker.RunLine{Argv: []sys.Text{"docker", "run", "--detach", "--name", "shop", "--env", "KEY=***", "shop:1"}, Untold: []string{"Dns"}},
		}
		if made != nil {
			known.Target.Service, known.Target.Around = "web.service", "web.service"
			known.Units = facts.Of([]facts.Unit{{Unit: units.Unit{Name: "web.service"}, Docker: made}}, "")
		}
		return box.New(known)
	}
	for name, test := range map[string]struct {
		b                     *box.Box
		kind                  Kind
		restart, refused, own string
		restarts              bool
	}{
		"by hand":             {lone(nil), Docker, "docker restart shop", "", "`docker stop shop`, `docker rm shop`, `docker run --detach --name shop --env", false},
		"its unit removes it": {lone(&facts.DockerUnit{Container: "shop", Anew: true}), Systemd, "systemctl restart web.service", "", "", true},
		"its unit starts it":  {lone(&facts.DockerUnit{Container: "shop", Starts: true}), Systemd, "systemctl restart web.service", "", "`systemctl stop web.service`, `docker stop shop`", false},
		"its unit keeps it":   {lone(&facts.DockerUnit{Container: "shop"}), Systemd, "", "the name would be taken", "remove its container when it ends", false},
		"its unit leaves it":  {lone(&facts.DockerUnit{Container: "shop", Leaves: true}), Systemd, "docker restart shop", "", "remove its container when it ends", false},
	} {
		managed := Of(test.b)
		restart := managed.Restart(Made{})
		restarts, byHand, is := Anew(test.b)
		if managed.Kind() != test.kind || sys.CommandLine(restart.Argv) != test.restart || !strings.Contains(string(restart.Refusal), test.refused) || (restart.Refusal == "") != (test.refused == "") {
			t.Errorf("%s: %s, %+v", name, managed.Kind(), restart)
		}
		if !is || restarts != test.restarts || !strings.Contains(string(byHand), test.own) || (byHand == "") != (test.own == "") {
			t.Errorf("%s: anew %t %q", name, restarts, byHand)
		}
	}
	if byHand := Of(lone(nil)).ByHand(); !strings.Contains(string(byHand), "put it in from `docker inspect`") || !strings.Contains(string(byHand), "what else was set: Dns") {
		t.Errorf("what is left out is not told: %q", byHand)
	}
	for name, test := range map[string]struct {
		found facts.FoundBuild
		made  *facts.DockerUnit
		want  string
	}{
		"by hand":         {facts.FoundBuild{Context: "/srv/shop", Dockerfile: "/srv/shop/Dockerfile"}, nil, "Build the image again: `docker build -t shop /srv/shop`. Make it anew"},
		"its unit":        {facts.FoundBuild{Context: "/srv/shop", Dockerfile: "/srv/shop/web/Dockerfile"}, &facts.DockerUnit{Container: "shop", Anew: true}, "`docker build -t shop -f /srv/shop/web/Dockerfile /srv/shop`. Then have it started anew: `systemctl restart web.service`."},
		"its unit builds": {facts.FoundBuild{Context: "/srv/shop", Dockerfile: "/srv/shop/Dockerfile", ByUnit: true}, &facts.DockerUnit{Container: "shop", Anew: true}, ""},
		"a registry":      {facts.FoundBuild{Context: "/srv/shop", Dockerfile: "/srv/shop/Dockerfile", FromRegistry: true}, nil, "pull it (`docker pull shop`), or build it here: "},
	} {
		known := *lone(test.made).Facts
		known.Containers.Value[0].ImageName = "shop"
		known.FoundBuild = facts.Of(test.found, "")
		known.ImageSource = facts.Of(facts.ImageSource{Settings: []string{"CMD"}}, "")
		if _, byHand, _ := Anew(box.New(&known)); !strings.Contains(string(byHand), test.want) || test.want == "" && byHand != "" {
			t.Errorf("an older image, %s: %q", name, byHand)
		}
	}
	if restarts, byHand, is := Anew(swarmed("")); !is || !restarts || byHand != "" {
		t.Errorf("a swarm makes new tasks: %t %q %t", restarts, byHand, is)
	}
	if restarts, byHand, is := Anew(swarmed("this node is no manager")); !is || restarts || !strings.Contains(string(byHand), "On a manager of the swarm: `docker service update --force shop_web`") {
		t.Errorf("on a worker: %t %q %t", restarts, byHand, is)
	}
	if _, _, is := Anew(container()); is {
		t.Error("a Compose service is made anew by Compose")
	}
}

// TestWhatMayStartItAgain: of a process that a live parent may start again it is not said that
// nothing does.
func TestWhatMayStartItAgain(t *testing.T) {
	t.Parallel()
	b := process()
	b.Server.Parents = []facts.Parent{{PID: 6, Name: "runsv", CommandLine: []sys.Text{"runsv", "site"}}}
	managed := Of(b)
	for what, text := range map[string]sys.Text{"restart": managed.Restart(Made{}).Refusal, "by hand": managed.ByHand()} {
		if !strings.Contains(string(text), "process 6 (runsv) may start process 7 again") {
			t.Errorf("%s: %q", what, text)
		}
	}
	if words := managed.State().Words; !strings.Contains(string(words), "runsv (process 6) started it") {
		t.Errorf("state %q", words)
	}
}

// TestWhoKeepsItRunningHasItsOwnCommand: root is shown it only where nobody else leads it.
func TestWhoKeepsItRunningHasItsOwnCommand(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		keeper facts.Keeper
		want   string
	}{
		{facts.Keeper{Name: "runit", Tool: "sv", Argv: []string{"sv", "restart", "/etc/service/site"}, Rooted: true}, "runit keeps process 7 running, and starts it again: `sudo sv restart /etc/service/site`."},
		{facts.Keeper{Name: "runit", Tool: "sv", Argv: []string{"sv", "restart", "/home/web/site"}}, "runit keeps process 7 running, and starts it again: `sv restart /home/web/site`, as whoever runs runit and not as root."},
		{facts.Keeper{Name: "circus", Tool: "circusctl", Argv: []string{"circusctl", "restart", "NAME"}, Rooted: true}, "circus keeps process 7 running, and starts it again: `sudo circusctl restart NAME`, with the name by which circusctl knows it."},
	} {
		b := process()
		b.Server.Parents = []facts.Parent{{PID: 6, Name: "runsv", CommandLine: []sys.Text{"runsv", "site"}, Keeper: &test.keeper}}
		managed := Of(b)
		if got := string(managed.ByHand()); got != test.want {
			t.Errorf("by hand %q, not %q", got, test.want)
		}
		if restart := managed.Restart(Made{}); len(restart.Argv) > 0 || !strings.HasPrefix(string(restart.Refusal), test.keeper.Name) {
			t.Errorf("restart %+v", restart)
		}
		if words := managed.State().Words; !strings.Contains(string(words), "keeps it running (process 6)") {
			t.Errorf("state %q", words)
		}
	}
}

// TestAnotherUsersDockerIsAskedAsThem: with root's rights a build could be led to any file.
func TestAnotherUsersDockerIsAskedAsThem(t *testing.T) {
	t.Parallel()
	for host, want := range map[int]bool{0: true, 1001: false} {
		b := container()
		b.Host = facts.Of(sys.Host{UID: host}, "")
		b.Containers.Value[0].Daemon.Owner = sys.Account{UID: 1001, GID: 1002}
		if as := Of(b).Restart(Made{}).As; (as != nil) != want || want && (as.UID != 1001 || as.GID != 1002) {
			t.Errorf("user %d gives it as %v", host, as)
		}
	}
}

// TestAProgramIsShownNoCommandOfAnothers: whoever's configuration it is would have root obey it.
func TestAProgramIsShownNoCommandOfAnothers(t *testing.T) {
	t.Parallel()
	b := program()
	if look := Of(b).Look(); !slices.Contains(look.Status, "sudo supervisorctl -c /etc/s.conf status shop:web") {
		t.Errorf("look %q", look.Status)
	}
	b.Supervised.Value[0].Refusal = "its configuration is anybody's"
	managed := Of(b)
	log, nothing := managed.Log(9)
	if look := managed.Look(); len(look.Status)+len(look.Started)+len(log.Argv) > 0 || nothing == "" || managed.Restart(Made{}).Refusal == "" {
		t.Errorf("look %q, log %q, restart %+v", look, log.Argv, managed.Restart(Made{}))
	}
	if managed.Name() == "supervisord" {
		t.Error("it is believed to be supervisord")
	}
}
