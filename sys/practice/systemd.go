package practice

import (
	"fmt"
	"path"
	"strings"
	"time"
)

// service is a unit as the manager runs it.
type service struct {
	box  *Box
	unit *unit

	active, sub, result string
	main                *process
	program             program
	// mainPID and started stay known after the main process is gone.
	mainPID    int
	started    time.Time
	mainStatus int
	restarts   int
}

// service is a unit that the manager knows, loading it where it has not yet; nil where
// no file has its name.
func (b *Box) service(name string) *service {
	if known := b.services[name]; known != nil {
		return known
	}
	loaded := b.loadUnit(name)
	if loaded == nil {
		return nil
	}
	made := &service{box: b, unit: loaded, active: "inactive", sub: "dead", result: "success"}
	b.services[name] = made
	return made
}

// reloadManager is systemctl daemon-reload: every unit is read again; nothing that runs
// is touched.
func (b *Box) reloadManager() {
	for name, known := range b.services {
		if loaded := b.loadUnit(name); loaded != nil {
			known.unit = loaded
		}
	}
	b.clock.pass(180 * time.Millisecond)
	b.say("init.scope", "systemd", 1, "Reloading.")
}

// group is the service's control group.
func (s *service) group() string {
	slice := "/system.slice"
	if prefix, _, ok := strings.Cut(s.unit.name, "@"); ok {
		slice += "/system-" + strings.ReplaceAll(prefix, "-", "\\x2d") + ".slice"
	}
	return slice + "/" + s.unit.name
}

// restart is stop and start.
func (s *service) restart() bool {
	s.stop()
	return s.start()
}

func (s *service) stop() {
	if s.active != "active" {
		return
	}
	s.say("Stopping %s - %s...", s.unit.name, s.description())
	s.active, s.sub = "inactive", "dead"
	if s.program != nil {
		s.program.stop()
	}
	s.program, s.main = nil, nil
	for _, made := range s.unit.list("RuntimeDirectory") {
		s.box.remove(path.Join("/run", made))
	}
	s.box.clock.pass(250 * time.Millisecond)
	s.say("%s: Deactivated successfully.", s.unit.name)
	s.say("Stopped %s - %s.", s.unit.name, s.description())
}

// startLimit is how often systemd starts a unit with Restart= before it gives up.
const startLimit = 5

// start starts the unit as loaded; where it fails and wants to be restarted, that is
// tried until the limit.
func (s *service) start() bool {
	s.result, s.restarts = "success", 0
	for {
		if s.startOnce() {
			return true
		}
		s.say("%s: Failed with result '%s'.", s.unit.name, s.result)
		s.active, s.sub = "failed", "failed"
		if again := s.unit.last("Restart"); again != "always" && again != "on-failure" || s.result == "resources" {
			break
		}
		if s.restarts == startLimit {
			s.say("%s: Start request repeated too quickly.", s.unit.name)
			s.say("%s: Failed with result '%s'.", s.unit.name, s.result)
			break
		}
		s.restarts++
		s.box.clock.pass(100 * time.Millisecond)
		s.say("%s: Scheduled restart job, restart counter is at %d.", s.unit.name, s.restarts)
	}
	s.say("Failed to start %s - %s.", s.unit.name, s.description())
	return false
}

func (s *service) startOnce() bool {
	s.say("Starting %s - %s...", s.unit.name, s.description())
	environment, err := s.environment()
	if err != nil {
		s.say("%s: Failed to load environment files: No such file or directory", s.unit.name)
		s.result = "resources"
		return false
	}
	account := s.unit.last("User")
	if account == "" {
		account = "root"
	}
	from := launch{
		origin: origin{parent: 1, account: account, environment: environment, cgroup: s.group()},
		argv:   s.command("ExecStart"),
	}
	status := s.launch(from)
	s.started = s.box.clock.time()
	if s.main != nil {
		s.started = s.main.started
		s.mainPID = s.main.pid
	}
	s.mainStatus = status
	if status != 0 {
		s.main, s.program = nil, nil
		s.result = "exit-code"
		return false
	}
	s.active, s.sub = "active", "running"
	s.say("Started %s - %s.", s.unit.name, s.description())
	return true
}

// launch finds the directory and the program and starts it. The status is that of the
// main process where it did not come up; systemd's own are 200 and above.
func (s *service) launch(from launch) int {
	if wanted := strings.TrimLeft(s.unit.last("WorkingDirectory"), "-!"); wanted != "" {
		directory := s.box.find(wanted)
		if directory == nil || !directory.isDirectory() {
			s.say("%s: Changing to the requested working directory failed: No such file or directory", s.unit.name)
			return s.exited("200/CHDIR", 200)
		}
		from.directory = directory
	}
	for _, wanted := range s.unit.list("RuntimeDirectory") {
		made := s.box.makeDirectory(path.Join("/run", wanted))
		owner := s.box.users[from.account]
		made.uid, made.gid = owner.uid, owner.gid
	}
	from.log = func(line string) {
		s.box.say(s.unit.name, path.Base(from.argv[0]), s.logPID(), "%s", line)
	}
	from.ended = s.mainEnded
	running, main, status := s.box.startProgram(from)
	if status == statusExec {
		s.say("%s: Unable to locate executable '%s': No such file or directory", s.unit.name, from.argv[0])
		s.say("%s: Failed at step EXEC spawning %s: No such file or directory", s.unit.name, from.argv[0])
		return s.exited("203/EXEC", status)
	}
	s.program, s.main = running, main
	if status != 0 {
		return s.exited(fmt.Sprintf("%d/FAILURE", status), status)
	}
	return 0
}

func (s *service) exited(text string, status int) int {
	s.say("%s: Main process exited, code=exited, status=%s", s.unit.name, text)
	return status
}

// logPID is the process that a line of output is told of.
func (s *service) logPID() int {
	if s.main != nil {
		return s.main.pid
	}
	return s.box.lastPID
}

// mainEnded is told when the main process goes without having been asked to.
func (s *service) mainEnded(status int) {
	s.program, s.main = nil, nil
	s.mainStatus = status
	if status == 0 {
		s.active, s.sub, s.result = "inactive", "dead", "success"
		s.say("%s: Deactivated successfully.", s.unit.name)
	} else {
		s.active, s.sub, s.result = "failed", "failed", "exit-code"
		s.exited(fmt.Sprintf("%d/FAILURE", status), status)
		s.say("%s: Failed with result 'exit-code'.", s.unit.name)
	}
	again := s.unit.last("Restart")
	if again == "always" || again == "on-failure" && status != 0 {
		s.say("%s: Scheduled restart job, restart counter is at 1.", s.unit.name)
		s.start()
	}
}

// command is one of the Exec settings as words, with the environment's variables in it.
func (s *service) command(key string) []string {
	lines := s.unit.list(key)
	if len(lines) == 0 {
		return nil
	}
	result := words(strings.TrimLeft(lines[len(lines)-1], "-@:+!"))
	for i, word := range result {
		if word == "$MAINPID" && s.main != nil {
			result[i] = fmt.Sprint(s.main.pid)
		}
	}
	return result
}

func (s *service) description() string { return s.unit.last("Description") }

func (s *service) say(format string, arguments ...any) {
	s.box.say(s.unit.name, "systemd", 1, format, arguments...)
}
