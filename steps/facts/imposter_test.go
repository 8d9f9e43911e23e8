package facts

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"flasktui/sys/proc"
)

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
