package practice

import (
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// kill sends a signal by name or number.
func (r *run) kill() {
	name := "TERM"
	var targets []string
	for i := 0; i < len(r.arguments); i++ {
		switch argument := r.arguments[i]; {
		case argument == "-s" && i+1 < len(r.arguments):
			i++
			name = r.arguments[i]
		case argument == "--":
		case strings.HasPrefix(argument, "-"):
			name = argument[1:]
		default:
			targets = append(targets, argument)
		}
	}
	name = signalName(name)
	for _, text := range targets {
		id, err := strconv.Atoi(text)
		target := r.box.processes[id]
		if err != nil || target == nil {
			r.fail(1, "kill: (%s) - No such process", text)
			continue
		}
		if name == "0" {
			continue
		}
		if !r.pause() {
			return
		}
		r.box.signal(target, name)
	}
	r.box.clock.pass(100 * time.Millisecond)
}

func signalName(given string) string {
	given = strings.TrimPrefix(strings.ToUpper(given), "SIG")
	numbers := map[string]string{"1": "HUP", "2": "INT", "3": "QUIT", "9": "KILL", "15": "TERM"}
	if name, ok := numbers[given]; ok {
		return name
	}
	return given
}

func (b *Box) signal(target *process, name string) {
	if target.program != nil {
		target.program.signal(target, name)
		return
	}
	if name != "HUP" && target.pid != 1 {
		b.end(target)
	}
}

// getent answers for hosts, and for the account of a number.
func (r *run) getent() {
	if len(r.arguments) == 2 && r.arguments[0] == "passwd" {
		r.exit = 2
		for name, account := range r.box.users {
			if r.arguments[1] == strconv.Itoa(int(account.uid)) {
				r.exit = 0
				r.print("%s:x:%d:%d::%s:/bin/sh\n", name, account.uid, account.gid, account.home)
			}
		}
		return
	}
	if len(r.arguments) < 2 || !strings.Contains(r.arguments[0], "hosts") {
		r.exit = 2
		return
	}
	for _, name := range r.arguments[1:] {
		found := r.box.resolve(name)
		if len(found) == 0 {
			r.exit = 2
		}
		for _, address := range found {
			if r.arguments[0] == "hosts" {
				r.print("%-15s %s\n", address, name)
				continue
			}
			r.print("%-15s STREAM %s\n%-15s DGRAM\n%-15s RAW\n", address, name, address, address)
		}
	}
}

// find says which of some names may be read: `find -L NAME... -maxdepth 0 …`. On this box
// that is whatever is there.
func (r *run) find() {
	if len(r.arguments) == 0 || r.arguments[0] != "-L" {
		r.fail(1, "find: the practice box takes -L NAME... -maxdepth 0")
		return
	}
	for _, name := range r.arguments[1:max(1, slices.Index(r.arguments, "-maxdepth"))] {
		if r.box.find(name) == nil {
			r.fail(1, "find: '%s': No such file or directory", name)
			continue
		}
		r.print("%s\n", name)
	}
}

// edit runs in for the person at an editor: the file becomes what the story's cure
// wants it to be, and stays as it is where the story does not need it changed.
func (r *run) edit() {
	for _, argument := range r.arguments {
		if path.IsAbs(argument) {
			r.box.correct(argument)
		}
	}
}

// correct applies the correction of a file, links to it included.
func (b *Box) correct(name string) {
	at := b.realPath(name)
	if wanted, ok := b.corrections[at]; ok {
		b.replace(at, wanted)
	}
}

// nginx is the program as a person calls it.
func (r *run) nginx() {
	all := " " + strings.Join(r.arguments, " ") + " "
	switch {
	case strings.Contains(all, " -s reload ") || strings.Contains(all, " -sreload "):
		if config, output := r.box.testNginx(); config == nil {
			r.fail(1, "%s", strings.TrimSuffix(output, "\n"))
			return
		}
		if r.box.nginx == nil {
			r.fail(1, `nginx: [error] invalid PID number "" in "/run/nginx.pid"`)
			return
		}
		if r.pause() {
			r.box.nginx.reload()
		}
	case strings.Contains(all, " -v "):
		r.emit(&r.stderr, "nginx version: nginx/1.26.3\n")
	case strings.Contains(all, " -V "):
		r.emit(&r.stderr, "nginx version: nginx/1.26.3\nconfigure arguments: --prefix=/usr/share/nginx --conf-path=/etc/nginx/nginx.conf\n")
	case strings.Contains(all, " -t ") || strings.Contains(all, " -T "):
		config, output := r.box.testNginx()
		r.emit(&r.stderr, "%s", output)
		if config == nil {
			r.exit = 1
			return
		}
		if strings.Contains(all, " -T ") {
			for _, file := range r.box.readNginx().files {
				r.print("# configuration file %s:\n%s\n", file, r.box.find(file).content)
			}
		}
	default:
		r.fail(1, "nginx: the practice box takes -t, -T, -v, -V and -s reload")
	}
}
