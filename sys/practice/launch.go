package practice

import (
	"errors"
	"path"
	"strings"
)

// statusExec is systemd's status for a program that could not be executed.
const statusExec = 203

// errNoEnvironmentFile is a file that EnvironmentFile= names and that is not there.
var errNoEnvironmentFile = errors.New("no environment file")

// environment is what systemd gives a service's processes: its own variables, then
// Environment=, then the files, which are read now and never again (G19).
func (s *service) environment() ([]variable, error) {
	account := s.unit.last("User")
	home := s.box.users[account].home
	if account == "" {
		account, home = "root", "/root"
	}
	result := []variable{
		{"LANG", "C.UTF-8"},
		{"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin"},
		{"USER", account},
		{"LOGNAME", account},
		{"HOME", home},
		{"SHELL", "/usr/sbin/nologin"},
		{"INVOCATION_ID", "5d2c8f6b1f4e4f7b9d0a6c3e2b1a0f9e"},
		{"JOURNAL_STREAM", "9:18211"},
		{"SYSTEMD_EXEC_PID", "1"},
	}
	for _, line := range s.unit.list("Environment") {
		for _, word := range words(line) {
			name, given, _ := strings.Cut(word, "=")
			result = append(result, variable{name, given})
		}
	}
	for _, file := range s.unit.list("EnvironmentFile") {
		found := s.box.find(strings.TrimPrefix(file, "-"))
		if found == nil {
			if strings.HasPrefix(file, "-") {
				continue
			}
			return nil, errNoEnvironmentFile
		}
		result = append(result, readEnvironmentFile(string(found.content))...)
	}
	return lastOfEach(result), nil
}

func readEnvironmentFile(content string) []variable {
	var result []variable
	for line := range strings.Lines(content) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' || line[0] == ';' {
			continue
		}
		name, given, _ := strings.Cut(line, "=")
		result = append(result, variable{strings.TrimSpace(name), strings.Trim(strings.TrimSpace(given), `"'`)})
	}
	return result
}

// lastOfEach keeps the last value of each name, in the place of the first.
func lastOfEach(environment []variable) []variable {
	var result []variable
	seen := map[string]bool{}
	for _, each := range environment {
		if !seen[each.name] {
			seen[each.name] = true
			each.value, _ = value(environment, each.name)
			result = append(result, each)
		}
	}
	return result
}

// startProgram executes an argument vector: the box knows Nginx, Gunicorn and workers
// such as Celery's.
func (b *Box) startProgram(from launch) (program, *process, int) {
	root := b.root
	if from.container != nil {
		root = from.container.root
	}
	if len(from.argv) == 0 {
		return nil, nil, statusExec
	}
	found, err := walk(root, from.argv[0], true)
	if err != nil || found.mode&0o111 == 0 {
		return nil, nil, statusExec
	}
	if found.name == "nginx" {
		return b.startNginx(from)
	}
	if line, ok := strings.CutPrefix(string(found.content), "#!"); ok {
		line, _, _ = strings.Cut(line, "\n")
		from.interpreter = strings.TrimSpace(line)
		if _, err := walk(root, from.interpreter, true); err != nil {
			return nil, nil, statusExec
		}
	}
	if isPython(from.argv[0]) && len(from.argv) > 2 && from.argv[1] == "-m" {
		from.interpreter, from.module = from.argv[0], from.argv[2]
		from.argv = append([]string{path.Join(path.Dir(from.argv[0]), from.module)}, from.argv[3:]...)
	}
	if path.Base(from.argv[0]) == "gunicorn" {
		made, status := b.startGunicorn(from)
		return made, made.master, status
	}
	made, main := b.startBackground(from)
	return made, main, 0
}

func isPython(file string) bool { return strings.HasPrefix(path.Base(file), "python") }

// background is a program that keeps its code and answers no request: a task worker.
type background struct {
	box       *Box
	processes []*process
	ended     func(status int)
}

func (b *Box) startBackground(from launch) (*background, *process) {
	executable := from.argv[0]
	if from.interpreter != "" {
		executable = executableOf(b.root, from.interpreter)
	}
	main := b.spawn(from.origin, path.Base(from.argv[0]), executable, from.shown())
	made := &background{box: b, processes: []*process{main}, ended: from.ended}
	main.program = made
	if path.Base(from.argv[0]) == "celery" {
		for range 2 {
			made.processes = append(made.processes, b.fork(main))
		}
	}
	return made, main
}

func (w *background) signal(target *process, name string) {
	if name == "HUP" {
		return
	}
	main := target == w.processes[0]
	w.stop()
	if main && w.ended != nil {
		w.ended(0)
	}
}

func (w *background) stop() {
	for _, each := range w.processes {
		w.box.end(each)
	}
}
