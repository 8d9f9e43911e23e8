package facts

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"flasktui/sys"
	"flasktui/sys/gunicorn"
	"flasktui/sys/proc"
)

// TestNamesakes: a supervisord that is not believed does not put its program in the place
// of root's by giving it the same name; alone it is still seen.
func TestNamesakes(t *testing.T) {
	t.Parallel()
	own := Supervised{Master: 20, Program: "shop"}
	hers := Supervised{Master: 10, Program: "shop", Refusal: "not proved"}
	other := Supervised{Master: 11, Program: "bait", Refusal: "not proved"}
	facts := Facts{Supervised: Of(withoutNamesakes([]Supervised{hers, other, own}), "")}
	facts.Target.Program = "shop"
	if program, ok := facts.Program(); !ok || program.Master != own.Master {
		t.Errorf("shop is process %d", program.Master)
	}
	facts.Target.Program = "bait"
	if program, ok := facts.Program(); !ok || program.Master != other.Master {
		t.Errorf("bait is process %d", program.Master)
	}
}

// askedSupervisor is a box with supervisord's configuration, whose supervisorctl answers.
type askedSupervisor struct {
	sys.Machine
	config string
	says   map[string]sys.Output
}

func (m askedSupervisor) Resolve(_ context.Context, name string) (string, error) { return name, nil }

func (m askedSupervisor) Stat(context.Context, string) (sys.FileInfo, error) {
	return sys.FileInfo{}, nil
}

func (m askedSupervisor) ReadFile(context.Context, string, int64) ([]byte, error) {
	return []byte(m.config), nil
}

func (m askedSupervisor) Run(_ context.Context, command sys.Command) sys.Output {
	if output, known := m.says[strings.Join(command.Argv, " ")]; known && command.Elevate && !command.Changes {
		return output
	}
	return sys.Output{Exit: 1, Err: errors.New("exit status 1")}
}

// TestWhichProgramAProcessIsSupervisordSays: the name in a process's environment is the
// app's own word, and another program of the same supervisord would be restarted by it.
func TestWhichProgramAProcessIsSupervisordSays(t *testing.T) {
	t.Parallel()
	const ask = "supervisorctl -c /etc/s.conf "
	const all = "billing                          RUNNING   pid 30, uptime 0:01:00\nshop                             RUNNING   pid 20, uptime 1 day, 0:01:00\n"
	ran := sys.Output{Stdout: []byte(all)}
	for name, test := range map[string]struct {
		claimed       string
		says          map[string]sys.Output
		want, refused string
	}{
		"its own":                  {claimed: "shop", says: map[string]sys.Output{ask + "status": ran}, want: "shop"},
		"another's":                {claimed: "billing", says: map[string]sys.Output{ask + "status": ran}, want: "shop"},
		"none":                     {says: map[string]sys.Output{ask + "status": ran}, want: "shop"},
		"some do not run":          {claimed: "billing", says: map[string]sys.Output{ask + "status": {Stdout: []byte(all), Exit: 3, Err: errors.New("exit status 3")}}, want: "shop"},
		"starting":                 {claimed: "shop", says: map[string]sys.Output{ask + "status": {Stdout: []byte("shop STARTING\n")}, ask + "pid shop": {Stdout: []byte("20\n")}}, want: "shop"},
		"another starting":         {claimed: "billing", says: map[string]sys.Output{ask + "status": {Stdout: []byte("billing STARTING\n")}, ask + "pid billing": {Stdout: []byte("30\n")}}, want: "billing", refused: "says of none"},
		"no program's":             {claimed: "shop", says: map[string]sys.Output{ask + "status": {Stdout: []byte("billing RUNNING pid 30, uptime 0:00:01\n")}}, want: "shop", refused: "says of none"},
		"not asked":                {claimed: "shop", want: "shop"},
		"not asked, and another's": {claimed: "billing", want: "billing", refused: "could not be told"},
	} {
		look := &look{machine: askedSupervisor{says: test.says, config: "[program:shop]\ncommand=gunicorn shop:app\n[program:billing]\ncommand=gunicorn billing:app\n"}}
		server := Server{Master: Process{Process: proc.Process{PID: 20}}, Settings: gunicorn.Settings{App: "shop:app"}}
		one := Supervised{Config: "/etc/s.conf", Program: test.claimed}
		look.settleProgram(t.Context(), &one, server, proc.Process{Argv: []string{"supervisord", "-c", "/etc/s.conf"}}, 20)
		if one.Program != test.want || (one.Refusal == "") != (test.refused == "") || !strings.Contains(one.Refusal, test.refused) {
			t.Errorf("%s: %s, %q; want %s, %q", name, one.Program, one.Refusal, test.want, test.refused)
		}
		if one.Refusal == "" && (one.Section == nil || one.Section.Name != test.want) {
			t.Errorf("%s: the section is %+v", name, one.Section)
		}
	}
}

// TestAnybodyMayCallThemselvesNginx: root's master and its workers are Nginx, and a worker
// that a master left behind; others are not, unless there is no other.
func TestAnybodyMayCallThemselvesNginx(t *testing.T) {
	t.Parallel()
	process := func(pid, parent, user int, role string) NginxProcess {
		users := proc.UserIDs{Real: user, Effective: user, Saved: user, FileSystem: user}
		return NginxProcess{Process: proc.Process{PID: pid, PPID: parent, UID: user, Users: users}, Role: role}
	}
	isRoots := func(process proc.Process) bool { return process.OwnedBy(0) }
	genuineOnes := []NginxProcess{process(10, 1, 0, "master"), process(11, 10, 33, "worker"), process(12, 1, 33, "worker")}
	imposters := []NginxProcess{process(20, 1, 1003, "master"), process(21, 20, 1003, "worker"), process(22, 1, 1003, "worker"), process(23, 1, 33, "master")}
	// su, titled like a master, acts as root: whoever started it is none.
	lent := process(24, 1, 0, "master")
	lent.Users.Real = 1003
	imposters = append(imposters, lent, process(25, 24, 1003, "worker"))
	pids := func(processes []NginxProcess) (pids []int) {
		for _, process := range processes {
			pids = append(pids, process.PID)
		}
		return pids
	}
	if diff := cmp.Diff([]int{10, 11, 12}, pids(genuine(append(append([]NginxProcess{}, imposters...), genuineOnes...), isRoots))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]int{20, 21, 22, 23, 24, 25}, pids(genuine(imposters, isRoots))); diff != "" {
		t.Errorf("without a master of root's (-want +got)\n%s", diff)
	}
}

// TestTheNameSupervisordGives: a process says its program's name and its group's, which may be
// whatever it likes.
func TestTheNameSupervisordGives(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ group, name, want string }{
		{"", "shop", "shop"},
		{"shop", "shop", "shop"},
		{"web", "shop_1", "web:shop_1"},
		{"", "", ""},
		{"web", "", ""},
		{"", "shop x", ""},
		{"", "-c", ""},
		{"we b", "shop", ""},
		{"web;x", "shop", ""},
	} {
		if got := programName(map[string]string{"SUPERVISOR_GROUP_NAME": test.group, "SUPERVISOR_PROCESS_NAME": test.name}); got != test.want {
			t.Errorf("%+v: %q", test, got)
		}
	}
}
