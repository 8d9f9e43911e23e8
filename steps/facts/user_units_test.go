package facts

import (
	"context"
	"errors"
	"strings"
	"testing"

	"flasktui/sys"
	"flasktui/sys/memory"
	"flasktui/sys/proc"
	"flasktui/sys/systemd"
)

// ofUser is a Gunicorn in the control group of a user's own service.
func ofUser(group string, pid int) Server {
	running := born("", pid, "systemd --user")
	running.Master.UID = 1001
	running.Master.Cgroup, _ = proc.ParseCgroup(strings.NewReader("0::" + group + "\n"))
	return running
}

const annsShop = "/user.slice/user-1001.slice/user@1001.service/app.slice/shop.service"

// TestInWhoseControlGroup: only the system's manager makes the group of a user's.
func TestInWhoseControlGroup(t *testing.T) {
	t.Parallel()
	for group, want := range map[string]string{
		annsShop: "1001 shop.service",
		"/user.slice/user-1001.slice/user@1001.service/init.scope":                            "",
		"/user.slice/user-1001.slice/user@1001.service":                                       "",
		"/user.slice/user-1001.slice/session-2.scope":                                         "",
		"/system.slice/evil.service/user@1001.service/app.slice/shop.service":                 "",
		"/system.slice/shop.service":                                                          "",
		"/user.slice/user-1001.slice/user@1001.service/app.slice/run-u1.scope/x.service":      "",
		"/user.slice/user-1001.slice/user@1001.service/app.slice/shop.service/user@0.service": "1001 shop.service",
	} {
		uid, unit, ok := ofUser(group, 7).bornOfUser()
		if got := strings.TrimSpace(strings.Join([]string{sys.Account{UID: uid}.String(), unit}, " ")); ok != (want != "") || ok && got != want {
			t.Errorf("%s: %q, %t", group, got, ok)
		}
	}
}

// TestAUsersManagerIsAskedAsThatUser: and what it says of processes counts as far as the kernel
// has them in the unit's control group.
func TestAUsersManagerIsAskedAsThatUser(t *testing.T) {
	t.Parallel()
	said := map[string]string{"MainPID": "7", "refuses": ""}
	machine := memory.Machine{OnRun: func(command sys.Command) sys.Output {
		switch line := strings.Join(command.Argv, " "); {
		case line == "getent passwd 1001", line == "getent passwd ann":
			return sys.Output{Stdout: []byte("ann:x:1001:1001::/home/ann:/bin/sh\n")}
		case strings.HasPrefix(line, "env XDG_RUNTIME_DIR=/run/user/0 ") && command.As.UID == 0:
			return sys.Output{Err: errors.New("no medium found"), Exit: 1}
		case strings.HasPrefix(line, "getent"):
			return sys.Output{Exit: 2, Err: errors.New("exit status 2")}
		case !strings.HasPrefix(line, "env XDG_RUNTIME_DIR=/run/user/1001 systemctl --user show "), command.As == nil, command.As.UID != 1001, command.Elevate:
			t.Errorf("it runs %q as %v", line, command.As)
		case said["refuses"] != "":
			return sys.Output{Err: sys.ErrNeedsPrivilege, Exit: -1}
		}
		return sys.Output{Stdout: []byte("Id=shop.service\nLoadState=loaded\nActiveState=active\nMainPID=" + said["MainPID"] + "\nExecStart={ path=/usr/bin/gunicorn ; argv[]=/usr/bin/gunicorn wsgi:app ; ignore_errors=no }\n")}
	}}
	see := func(service string, host int) *Facts {
		known := &Facts{Options: Options{Service: service}, Processes: Of(Processes{Servers: []Server{ofUser(annsShop, 7), born("blog.service", 8)}}, "")}
		known.Host = Of(sys.Host{UID: host}, "")
		known.Units = Of([]Unit{{Unit: systemd.Unit{Name: "blog.service", MainPID: 8, LoadState: "loaded", ActiveState: "active"}, Serves: true, Runs: []int{8}}}, "")
		look := &look{machine: machine}
		look.readUserUnits(context.Background(), known)(known)
		return known
	}
	for service, target := range map[string]string{
		"user:ann/shop": "user:ann/shop.service", "user:1001/shop.service": "user:ann/shop.service", "user:shop": "", "pid:7": "user:ann/shop.service", "blog": "blog.service",
	} {
		chosen, err := chooseTarget(see(service, 0))
		if chosen.Service != target || (err == nil) != (target != "") {
			t.Errorf("%s: %+v, %v", service, chosen, err)
		}
	}
	if chosen, err := chooseTarget(see("user:shop", 1001)); chosen.UserUnit != "user:ann/shop.service" {
		t.Errorf("the caller's own: %+v, %v", chosen, err)
	}
	known := see("user:ann/shop", 0)
	known.Target, _ = chooseTarget(known)
	if main, runs := known.Main(); !runs || main.Master.PID != 7 {
		t.Errorf("it runs %+v", main)
	}
	said["MainPID"] = "8"
	if unit := see("", 0).UserUnits.Value.Units[0]; unit.MainPID != 0 || len(unit.Runs) > 0 {
		t.Errorf("another's process is believed to be its own: %+v", unit)
	}
	said["refuses"] = "yes"
	known = see("", 1002)
	if service := known.ServiceOf(ofUser(annsShop, 7)); service != "user:ann/shop.service" || known.IsUnmanaged(ofUser(annsShop, 7)) {
		t.Errorf("without rights it is %s", service)
	}
}
