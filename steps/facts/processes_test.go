package facts

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"flasktui/sys"
	"flasktui/sys/memory"
	"flasktui/sys/practice"
	"flasktui/sys/proc"
)

// TestMastersAndTheirWorkers: which process is what, by parentage, title and GUNICORN_PID.
func TestMastersAndTheirWorkers(t *testing.T) {
	t.Parallel()
	process := func(pid, parent int, line string, told int) Process {
		one := Process{Process: proc.Process{PID: pid, PPID: parent, Argv: strings.Fields(line)}, Prints: map[string]string{}, Shown: map[string]string{}}
		if strings.HasPrefix(line, "gunicorn: ") {
			one.Argv = []string{line}
		}
		if told != 0 {
			one.Shown["GUNICORN_PID"] = fmt.Sprint(told)
		}
		return one
	}
	unread := func(pid, parent int) Process {
		one := process(pid, parent, "gunicorn wsgi:app", 0)
		one.Prints, one.Shown = nil, nil
		return one
	}
	const plain = "/v/bin/gunicorn wsgi:app"
	for _, test := range []struct {
		name      string
		processes []Process
		want      string
	}{
		{"a master with two workers", []Process{process(7, 1, plain, 0), process(8, 7, plain, 0), process(9, 7, plain, 0)}, "7[8 9]"},
		{"a master alone", []Process{process(7, 1, plain, 0)}, "7[]"},
		{"two masters", []Process{process(7, 1, plain, 0), process(8, 7, plain, 0), process(17, 1, plain, 0)}, "7[8] 17[]"},
		{"USR2: a master below the master (G7)", []Process{process(7, 1, plain, 0), process(8, 7, plain, 0), process(10, 7, plain, 7), process(11, 10, plain, 7)}, "7[8] 10[11] for 7"},
		{"the same with titles", []Process{process(7, 1, "gunicorn: master [a]", 0), process(8, 7, "gunicorn: worker [a]", 0), process(10, 7, "gunicorn: master [a]", 0)}, "7[8] 10[] for 7"},
		{"the same, unread", []Process{unread(7, 1), unread(8, 7), unread(10, 7), unread(11, 10)}, "7[8] 10[11] for 7"},
		{"a worker whose master is gone (G8)", []Process{process(8, 1, "gunicorn: worker [a]", 0)}, "8[] leaderless"},
	} {
		var got []string
		for _, server := range assemble(test.processes, kindsOf(test.processes)) {
			var workers []string
			for _, worker := range server.Workers {
				workers = append(workers, fmt.Sprint(worker.PID))
			}
			words := fmt.Sprintf("%d[%s]", server.Master.PID, strings.Join(workers, " "))
			if server.Replaces != 0 {
				words += fmt.Sprintf(" for %d", server.Replaces)
			}
			if server.Leaderless {
				words += " leaderless"
			}
			got = append(got, words)
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}

// TestWhetherProcHidesProcesses: then what is missing may well run.
func TestWhetherProcHidesProcesses(t *testing.T) {
	t.Parallel()
	for mount, want := range map[string]bool{
		"22 28 0:21 / /proc rw,nosuid - proc proc rw":                        false,
		"22 28 0:21 / /proc rw,nosuid - proc proc rw,hidepid=2":              true,
		"22 28 0:21 / /proc rw,nosuid - proc proc rw,hidepid=invisible":      true,
		"22 28 0:21 / /proc rw,nosuid - proc proc rw,hidepid=0":              false,
		"22 28 0:21 / /proc rw,nosuid - proc proc rw,hidepid=off":            false,
		"22 28 0:21 / /srv/jail/proc rw,nosuid - proc proc rw,hidepid=2":     false,
		"21 28 0:20 / /sys rw - sysfs sysfs rw\n22 28 0:21 / /proc - proc x": false,
	} {
		box := memory.Machine{Files: map[string]string{"/proc/self/mountinfo": mount + "\n"}}
		if got := lookAt(box).hidesProcesses(t.Context()); got != want {
			t.Errorf("%s: %v", mount, got)
		}
	}
	if lookAt(memory.Machine{}).hidesProcesses(t.Context()) {
		t.Error("it hides what could not be asked")
	}
}

// TestWhatRunsInTheBackground: by the program, and by where it stands.
func TestWhatRunsInTheBackground(t *testing.T) {
	t.Parallel()
	for line, want := range map[string][2]bool{
		"/usr/bin/python3 x.py": {true, false}, "python3.13 -m celery": {true, true}, "/v/bin/celery -A shop worker": {true, true},
		"/v/bin/rq worker": {true, true}, "/usr/bin/perl x": {false, false}, "": {false, false}, "python3 /srv/worker.py": {true, true},
		"python3 /usr/bin/pylsp": {true, false}, "python3 a b c flask": {true, false}, "node worker": {false, true},
	} {
		argv := strings.Fields(line)
		if got := [2]bool{isPython(argv), runsApp(argv)}; got != want {
			t.Errorf("%q: %v", line, got)
		}
	}
	known := Facts{Deployment: Of(Deployment{Active: "/srv/shop/releases/v2", ReleasesDirectory: "/srv/shop/releases"}, "")}
	for directory, want := range map[string]bool{
		"/srv/shop/releases/v2/web": true, "/srv/shop/releases/v1": true, "/srv/shop": false, "/": false, "": false, "/srv/blog": false,
	} {
		if got := known.InDeployment(directory); got != want {
			t.Errorf("%q is of the deployment: %v", directory, got)
		}
	}
	known.Deployment.Value.ReleasesDirectory = "/srv"
	if known.InDeployment("/srv/blog") {
		t.Error("what lies beside a checkout is no release of it")
	}
}

// counted is a box that counts how often each file is read.
type counted struct {
	sys.Machine
	mutex sync.Mutex
	reads map[string]int
}

func (box *counted) ReadFile(ctx context.Context, name string, limit int64) ([]byte, error) {
	box.mutex.Lock()
	box.reads[name]++
	box.mutex.Unlock()
	return box.Machine.ReadFile(ctx, name, limit)
}

// TestTheCommandLinesOfAProcessAreReadOnce: of thousands, most are nobody's that a group looks
// for, and no second group reads them again.
func TestTheCommandLinesOfAProcessAreReadOnce(t *testing.T) {
	t.Parallel()
	made, err := practice.New("service-not-restarted", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	box := &counted{Machine: made, reads: map[string]int{}}
	if _, err := Look(t.Context(), box, Options{Service: made.Asked().Service, URL: made.Asked().URL}, nil); err != nil {
		t.Fatal(err)
	}
	if times := box.reads["/proc/1/cmdline"]; times != 1 {
		t.Errorf("the command line of process 1 was read %d times", times)
	}
}
