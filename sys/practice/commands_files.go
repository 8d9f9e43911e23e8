package practice

import (
	"path"
	"strconv"
	"strings"
)

// operands are the arguments that are no options; flags are the letters of those that
// are. An option's own value counts as an operand where the caller does not take it.
func operands(arguments []string) (names []string, flags string) {
	for i, argument := range arguments {
		if argument == "--" {
			return append(names, arguments[i+1:]...), flags
		}
		if strings.HasPrefix(argument, "-") && argument != "-" {
			flags += strings.TrimLeft(argument, "-") + " "
			continue
		}
		names = append(names, argument)
	}
	return names, flags
}

// ln makes symbolic links. Without -n a link to a directory that stands at the name is
// entered, and the new link nested in there (G24).
func (r *run) ln() {
	names, flags := operands(r.arguments)
	if len(names) != 2 || !strings.Contains(flags, "s") {
		r.fail(1, "ln: the practice box makes symbolic links alone")
		return
	}
	target, name := names[0], names[1]
	plain := strings.ContainsAny(flags, "nT")
	if found := r.box.find(name); found != nil && found.isDirectory() && !plain {
		name = path.Join(name, path.Base(target))
	}
	if r.box.findItself(name) != nil && !strings.Contains(flags, "f") {
		r.fail(1, "ln: failed to create symbolic link '%s': File exists", name)
		return
	}
	if r.box.find(path.Dir(name)) == nil {
		r.fail(1, "ln: failed to create symbolic link '%s': No such file or directory", name)
		return
	}
	r.box.link(target, name)
}

// mv renames; -T takes the destination as a name even where it is a directory or a link
// to one.
func (r *run) mv() {
	names, flags := operands(r.arguments)
	if len(names) != 2 {
		r.fail(1, "mv: missing file operand")
		return
	}
	from, to := r.box.findItself(names[0]), names[1]
	if from == nil {
		r.fail(1, "mv: cannot stat '%s': No such file or directory", names[0])
		return
	}
	if found := r.box.find(to); found != nil && found.isDirectory() && !strings.Contains(flags, "T") && !strings.Contains(flags, "no-target-directory") {
		to = path.Join(to, from.name)
	}
	if standing := r.box.findItself(to); standing != nil && standing.isDirectory() && len(standing.children) > 0 {
		r.fail(1, "mv: cannot overwrite '%s': Directory not empty", to)
		return
	}
	parent := r.box.find(path.Dir(to))
	if parent == nil {
		r.fail(1, "mv: cannot move '%s' to '%s': No such file or directory", names[0], to)
		return
	}
	r.box.clock.pass(writeTime)
	from.detach(r.box.clock.time())
	r.box.put(from, parent, path.Base(to))
}

func (r *run) rm() {
	names, flags := operands(r.arguments)
	for _, name := range names {
		found := r.box.findItself(name)
		switch {
		case found == nil && !strings.Contains(flags, "f"):
			r.fail(1, "rm: cannot remove '%s': No such file or directory", name)
		case found != nil && found.isDirectory() && !strings.ContainsAny(flags, "rR"):
			r.fail(1, "rm: cannot remove '%s': Is a directory", name)
		case found != nil:
			r.box.remove(name)
		}
	}
}

// cp copies files and, with -r or -a, directories; -T and a trailing "/." copy what is in
// a directory over another one.
func (r *run) cp() {
	names, flags := operands(r.arguments)
	if len(names) != 2 {
		r.fail(1, "cp: missing file operand")
		return
	}
	from, to := r.box.find(names[0]), names[1]
	if from == nil {
		r.fail(1, "cp: cannot stat '%s': No such file or directory", names[0])
		return
	}
	if from.isDirectory() && !strings.ContainsAny(flags, "rRa") {
		r.fail(1, "cp: -r not specified; omitting directory '%s'", names[0])
		return
	}
	over := strings.Contains(flags, "T") || strings.HasSuffix(names[0], "/.")
	if target := r.box.find(to); target != nil && target.isDirectory() && !over {
		to = path.Join(to, from.name)
	}
	parent := r.box.find(path.Dir(to))
	if parent == nil {
		r.fail(1, "cp: cannot create '%s': No such file or directory", to)
		return
	}
	r.box.copyOver(from, parent, path.Base(to), strings.ContainsAny(flags, "pa"))
}

func (r *run) mkdir() {
	names, flags := operands(r.arguments)
	for _, name := range names {
		if r.box.find(path.Dir(name)) == nil && !strings.Contains(flags, "p") {
			r.fail(1, "mkdir: cannot create directory '%s': No such file or directory", name)
			continue
		}
		r.box.makeDirectory(name)
	}
}

func (r *run) tee() {
	names, flags := operands(r.arguments)
	for _, name := range names {
		content := string(r.command.Stdin)
		if found := r.box.find(name); found != nil && strings.Contains(flags, "a") {
			content = string(found.content) + content
		}
		if r.box.find(path.Dir(name)) == nil {
			r.fail(1, "tee: %s: No such file or directory", name)
			continue
		}
		r.box.write(name, content)
	}
	r.print("%s", r.command.Stdin)
}

// install copies a file, or its input, into place; -D makes the directories above.
func (r *run) install() {
	var names []string
	flags, mode := "", ""
	for i := 0; i < len(r.arguments); i++ {
		switch argument := r.arguments[i]; argument {
		case "-m", "-o", "-g":
			if i++; argument == "-m" && i < len(r.arguments) {
				mode = r.arguments[i]
			}
		default:
			if strings.HasPrefix(argument, "-") {
				flags += argument
				if given, ok := strings.CutPrefix(argument, "--mode="); ok {
					mode = given
				}
				continue
			}
			names = append(names, argument)
		}
	}
	if strings.Contains(flags, "d") {
		for _, name := range names {
			r.box.makeDirectory(name)
		}
		return
	}
	if len(names) != 2 {
		r.fail(1, "install: missing destination file operand")
		return
	}
	content := string(r.command.Stdin)
	if names[0] != "/dev/stdin" {
		found := r.box.find(names[0])
		if found == nil {
			r.fail(1, "install: cannot stat '%s': No such file or directory", names[0])
			return
		}
		content = string(found.content)
	}
	if r.box.find(path.Dir(names[1])) == nil && !strings.Contains(flags, "D") {
		r.fail(1, "install: cannot create regular file '%s': No such file or directory", names[1])
		return
	}
	made := r.box.replace(names[1], content)
	made.mode = 0o755
	if bits, err := strconv.ParseUint(mode, 8, 9); err == nil {
		made.mode = made.mode&^0o777 | modeBits(bits)
	}
}

func (r *run) touch() {
	names, _ := operands(r.arguments)
	for _, name := range names {
		content := ""
		if found := r.box.find(name); found != nil {
			content = string(found.content)
		}
		r.box.write(name, content)
	}
}
