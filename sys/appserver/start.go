package appserver

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"flasktui/sys/python"
)

// Start is what a command line, or a shell script, starts in the end.
type Start struct {
	// Server is which server one of its commands is; empty for none.
	Server Kind
	// Scripts are the files whose text says what else is started, as they are written;
	// each begins with a "/", "./" or "../", or was given to a shell or to Python.
	Scripts []string
	// Dockers are the commands that are given to Docker's client.
	Dockers []DockerCommand
}

// DockerCommand is a command line of Docker's client, or of docker-compose.
type DockerCommand struct {
	Argv []string
	// Directory is the one that a shell went to before; empty where it went nowhere.
	Directory string
}

// IsDocker tells a command to Docker's client, or to Podman.
func IsDocker(argv []string) bool {
	return len(argv) > 1 && slices.Contains([]string{"docker", "docker-compose", "podman"}, path.Base(argv[0]))
}

// StartOf reads a command line: a program itself, or one behind what only passes the
// command on (env, nice, `sudo -u`, `pipenv run`), or the text after `sh -c`. systemctl
// shows a command line without its quotes, so all that follows -c counts as the text.
func StartOf(argv []string) Start {
	var start Start
	start.command(argv, nil)
	return start
}

// Among tells whether a server's command stands among words, as it does after an entry point's
// script, or in a text that one of them is.
func Among(words []string) bool {
	var parts []string
	for _, word := range words {
		for part := range strings.FieldsSeq(word) {
			parts = append(parts, strings.Trim(part, `"'`))
		}
	}
	for at := range parts {
		if isServer(parts[at:]) {
			return true
		}
	}
	return false
}

// RunsScript tells whether a command has an interpreter run a script of Python's.
func RunsScript(argv []string) bool {
	run, ok := python.ProgramOf(argv)
	return ok && run.Script != ""
}

// StartOfScript reads a shell script, command by command. It follows what is commonly
// written to start a server (assignments, exec, if, loops) and no more: what is put together
// at run time is not seen.
func StartOfScript(text string) Start {
	var start Start
	assigned := map[string]string{}
	directory := ""
	for _, argv := range shellCommands(text) {
		for len(argv) > 0 {
			name, value, isAssignment := strings.Cut(argv[0], "=")
			if !isAssignment || !isVariable(name) {
				break
			}
			assigned[name] = value
			argv = argv[1:]
		}
		if len(argv) == 2 && argv[0] == "cd" {
			directory = expandAssigned(argv[1], assigned)
		}
		before := len(start.Dockers)
		start.command(argv, assigned)
		for at := before; at < len(start.Dockers); at++ {
			start.Dockers[at].Directory = cmp.Or(start.Dockers[at].Directory, directory)
		}
	}
	return start
}

// command follows one command to what it runs.
func (start *Start) command(argv []string, assigned map[string]string) {
	const furthest = 8
	for range furthest {
		argv = slices.DeleteFunc(slices.Clone(argv), func(word string) bool { return word == "" })
		if len(argv) == 0 {
			return
		}
		for at := range argv {
			argv[at] = expandAssigned(argv[at], assigned)
		}
		switch name := path.Base(argv[0]); {
		case isServer(argv):
			server, _ := Of(argv)
			start.Server = server.Kind
			return
		case IsDocker(argv):
			start.Dockers = append(start.Dockers, DockerCommand{Argv: argv})
			return
		case isShell(name):
			start.shell(argv[1:])
			return
		case name == "." || name == "source":
			start.script(argv[1:])
			return
		case PassesOn(argv):
			argv = start.passed(argv[1:])
		case isProgram(argv):
			if run, _ := python.ProgramOf(argv); run.Script != "" {
				start.Scripts = append(start.Scripts, run.Script)
			}
			return
		default:
			start.script(argv)
			return
		}
	}
}

// shell reads what a shell is told: a text after -c, or a script.
func (start *Start) shell(words []string) {
	for at, word := range words {
		switch {
		case strings.HasPrefix(word, "-") && !strings.HasPrefix(word, "--") && strings.HasSuffix(word, "c"):
			text := StartOfScript(strings.Join(words[at+1:], " "))
			start.Server = cmp.Or(start.Server, text.Server)
			start.Scripts = append(start.Scripts, text.Scripts...)
			start.Dockers = append(start.Dockers, text.Dockers...)
			return
		case strings.HasPrefix(word, "-"), strings.HasPrefix(word, "+"):
		default:
			start.Scripts = append(start.Scripts, word)
			return
		}
	}
}

// script notes a program that is named by its path: it may be a script.
func (start *Start) script(words []string) {
	if len(words) > 0 && strings.Contains(words[0], "/") {
		start.Scripts = append(start.Scripts, words[0])
	}
}

// passed is the command that a program passes on, behind its own options, numbers,
// assignments and names; nil where that is none whose name tells what it is. Files among the
// words may then be scripts.
func (start *Start) passed(words []string) []string {
	for at := 0; at < len(words); at++ {
		rest := words[at:]
		switch word := words[at]; {
		case slices.Contains([]string{"-u", "-g", "-U", "-G", "--user", "--group"}, word):
			at++ // Somebody may be called like a program.
		case (word == "-c" || word == "--command") && len(rest) > 1:
			// su and flock take a text, as a shell does.
			start.shell(rest)
			return nil
		case isServer(rest), isProgram(rest), isShell(path.Base(word)), IsDocker(rest), PassesOn(rest):
			return rest
		}
	}
	for _, word := range words {
		if strings.HasPrefix(word, "/") || strings.HasPrefix(word, "./") {
			start.script([]string{word})
		}
	}
	return nil
}

// PassesOn tells whether a command does nothing but start another one, which then runs as
// long as it does: whoever starts the one starts the other. Programs that start others at
// their own time, or many of them (cron, sshd, runsvdir, screen), are none.
func PassesOn(argv []string) bool {
	if len(argv) == 0 {
		return false
	}
	name := path.Base(argv[0])
	if python.IsInterpreter(name) && len(argv) > 1 && !strings.HasPrefix(argv[1], "-") {
		name = path.Base(argv[1]) // a script such as pipenv
	}
	return slices.Contains([]string{
		"env", "exec", "nice", "ionice", "chrt", "taskset", "numactl", "flock", "timeout", "nohup", "setsid", "time", "stdbuf", "unshare", "chroot",
		"setpriv", "runuser", "su", "sudo", "doas", "gosu", "su-exec", "chpst", "setuidgid", "softlimit", "envdir", "envuidgid", "s6-setuidgid",
		"start-stop-daemon", "daemon", "tini", "dumb-init", "catatonit", "systemd-inhibit", "systemd-cat", "authbind", "capsh", "prlimit", "cgexec",
		"pipenv", "poetry", "uv", "pdm", "hatch", "rye", "conda", "micromamba", "pyenv", "pixi",
		"npm", "npx", "node", "yarn", "pnpm", "make", "honcho", "foreman", "dotenv", "direnv",
		"ddtrace-run", "newrelic-admin", "opentelemetry-instrument", "strace",
	}, name)
}

// IsShellCommand tells a shell that was given a text or a script from one that somebody
// types into.
func IsShellCommand(argv []string) bool {
	return len(argv) > 1 && isShell(path.Base(argv[0])) && slices.ContainsFunc(argv[1:], func(word string) bool {
		return !strings.HasPrefix(word, "-") && !strings.HasPrefix(word, "+")
	})
}

// IsInteractiveShell tells a shell that somebody types into, or did.
func IsInteractiveShell(argv []string) bool {
	return len(argv) > 0 && isShell(strings.TrimPrefix(path.Base(argv[0]), "-")) && !IsShellCommand(argv)
}

// isServer tells a command that is a server's own.
func isServer(argv []string) bool {
	_, ok := Of(argv)
	return ok
}

// isProgram tells a command that has an interpreter run a script or a module.
func isProgram(argv []string) bool {
	_, ok := program().arguments(argv)
	return ok
}

func isShell(name string) bool {
	return slices.Contains([]string{"sh", "bash", "dash", "ash", "zsh", "ksh", "mksh", "fish", "busybox", "rbash"}, name)
}

func isVariable(name string) bool {
	return name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == ""
}

// expandAssigned puts the value in the place of a variable that the script itself set.
func expandAssigned(word string, assigned map[string]string) string {
	for name, value := range assigned {
		word = strings.ReplaceAll(strings.ReplaceAll(word, "${"+name+"}", value), "$"+name+"/", value+"/")
		if word == "$"+name {
			word = value
		}
	}
	return word
}

// shellCommands splits a script into its simple commands, each in words without quotes and
// without the keywords before it.
func shellCommands(text string) [][]string {
	var commands [][]string
	var words []string
	var word strings.Builder
	begun := false
	endWord := func() {
		if begun {
			words = append(words, word.String())
		}
		word.Reset()
		begun = false
	}
	endCommand := func() {
		endWord()
		if words = withoutKeywords(words); len(words) > 0 {
			commands = append(commands, words)
		}
		words = nil
	}
	quote := byte(0)
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
			word.WriteByte(c)
		case c == '\\' && i+1 < len(text):
			if i++; text[i] != '\n' {
				word.WriteByte(text[i])
				begun = true
			}
		case c == '"' || c == '\'':
			quote, begun = c, true
		case c == '#' && !begun:
			for i+1 < len(text) && text[i+1] != '\n' {
				i++
			}
		case c == ' ' || c == '\t' || c == '\r':
			endWord()
		case strings.IndexByte("\n;&|()`", c) >= 0:
			endCommand()
		default:
			word.WriteByte(c)
			begun = true
		}
	}
	endCommand()
	return commands
}

func withoutKeywords(words []string) []string {
	for len(words) > 0 && slices.Contains([]string{"if", "then", "else", "elif", "while", "until", "do", "!", "{", "}", "exec", "command", "export"}, words[0]) {
		words = words[1:]
	}
	return words
}
