package facts

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"flasktui/sys"
)

// readPIDFile reads the process that a server's pid file names: its first line, a number.
func (look *look) readPIDFile(ctx context.Context, known *Facts) (pid int, err error) {
	const longest = 4096
	name := known.Options.PIDFile
	raw, err := look.machine.ReadFile(ctx, name, longest)
	if err != nil {
		return 0, err
	}
	line, _, _ := strings.Cut(string(raw), "\n")
	if pid, err = strconv.Atoi(strings.TrimSpace(line)); err != nil || pid <= 0 {
		return 0, fmt.Errorf("%s holds no process id", sys.Safe(name))
	}
	return pid, look.mayName(ctx, known, pid)
}

// mayName refuses the word of somebody who writes down another's process, as whoever decides
// about a pid file could have a signal sent there by that: the file has to be root's, the
// caller's, or that of the user as whom the process runs.
func (look *look) mayName(ctx context.Context, known *Facts, pid int) error {
	deciders, err := sys.FindDeciders(ctx, look.machine, known.Options.PIDFile)
	if err != nil {
		return err
	}
	owner := 0
	for _, gunicorn := range known.Processes.Value.Gunicorns {
		if gunicorn.has(pid) {
			owner = gunicorn.Master.UID
		}
	}
	believed := func(user uint32) bool {
		return int(user) == owner || known.Host.Known && known.Host.Value.UID == int(user)
	}
	for _, group := range deciders.Groups {
		// Whom the owner lets write counts as the owner.
		deciders.Users = append(deciders.Users, group.Owner)
	}
	if deciders.Anybody || deciders.Served != "" || slices.ContainsFunc(deciders.Users, func(user uint32) bool { return !believed(user) }) {
		return fmt.Errorf("others than the user of process %d, which it names, may write or replace it, so it is not believed", pid)
	}
	return nil
}

// has tells whether a process is the server's master or one of its workers.
func (gunicorn Gunicorn) has(pid int) bool {
	return gunicorn.Master.PID == pid || slices.ContainsFunc(gunicorn.Workers, func(worker Process) bool { return worker.PID == pid })
}

// chooseByPIDFile takes the server whose process the file names.
func chooseByPIDFile(facts *Facts, pid int, err error) (Target, error) {
	name := sys.Safe(facts.Options.PIDFile)
	if err != nil {
		return Target{}, &TargetError{
			Problem:  sys.Textf("--pidfile %s: %s", name, problemOf(err)),
			Hint:     "name the service in its place, or the process: flasktui check pid:N",
			Services: candidateServices(facts),
		}
	}
	target, found := targetOfProcess(facts, pid)
	if !found {
		return Target{}, &TargetError{
			Problem:  sys.Textf("--pidfile %s names process %d, and no server of Python apps runs on this box as that", name, pid),
			Hint:     "the file may be left over from an earlier start: leave --pidfile out to have flasktui look for what runs",
			Services: candidateServices(facts),
		}
	}
	return target, nil
}
