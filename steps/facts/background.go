package facts

import (
	"context"
	"path"
	"strings"

	"flasktui/sys"
)

// Background is a process other than the service's Gunicorn that runs the same app:
// Celery, RQ, a scheduler (G14).
type Background struct {
	Process
	// Unit is the systemd unit that it runs in; empty for none.
	Unit string `json:"unit,omitempty"`
	// Release is the tree that it stands in.
	Release string `json:"release"`
	// Clue says what ties it to the app.
	Clue string `json:"clue"`
}

func (look *look) readBackground(_ context.Context, known *Facts) func(*Facts) {
	if !known.Processes.Known || !known.Deployment.Known {
		return func(facts *Facts) {
			facts.Background = Unreadable[[]Background]("processes or releases could not be read", "/proc")
		}
	}
	deployment := known.Deployment.Value
	background := []Background{}
	for _, process := range known.Processes.Value.Pythons {
		directory := strings.TrimSuffix(process.Directory, deletedMark)
		if directory == "" || directory == "/" || process.Cgroup.Container != "" {
			continue
		}
		inRelease := sys.Within(deployment.Active, directory)
		if deployment.ReleasesDirectory != "" && isReleasesName(path.Base(deployment.ReleasesDirectory)) {
			inRelease = inRelease || sys.Within(deployment.ReleasesDirectory, directory)
		}
		daemon := strings.HasSuffix(process.Cgroup.Unit, ".service") && !process.Cgroup.User
		if !inRelease || partOf(known, process) || !daemon && !runsApp(process.Argv) {
			continue
		}
		background = append(background, Background{
			Process: process, Unit: process.Cgroup.Unit, Release: directory,
			Clue: "it stands in " + directory,
		})
	}
	return func(facts *Facts) { facts.Background = Of(background, "/proc/PID") }
}

// runsApp tells, outside of services, a program that imports the app from tools that
// merely run beside it (an editor's language server, a one-off script).
func runsApp(argv []string) bool {
	for _, word := range argv[:min(len(argv), 4)] {
		switch path.Base(word) {
		case "celery", "rq", "rqworker", "huey_consumer", "huey_consumer.py", "dramatiq", "flask", "worker", "worker.py", "scheduler.py", "tasks.py", "apscheduler", "wsgi.py":
			return true
		}
	}
	return false
}

// partOf tells a child of a Gunicorn of the service from a process of its own.
func partOf(known *Facts, process Process) bool {
	return known.Target.Unit != "" && process.Cgroup.Unit == known.Target.Unit && !process.Cgroup.User
}
