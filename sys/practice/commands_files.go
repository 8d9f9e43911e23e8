package practice

import (
	"io/fs"
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

// install writes its input into place: `install -D -m MODE /dev/stdin NAME`.
func (r *run) install() {
	words := r.arguments
	if len(words) != 5 || words[0] != "-D" || words[1] != "-m" || words[3] != "/dev/stdin" {
		r.fail(1, "install: the practice box takes -D -m MODE /dev/stdin NAME")
		return
	}
	bits, err := strconv.ParseUint(words[2], 8, 9)
	if err != nil {
		r.fail(1, "install: invalid mode '%s'", words[2])
		return
	}
	made := r.box.replace(words[4], string(r.command.Stdin))
	made.mode = made.mode&^fs.ModePerm | fs.FileMode(bits)
}
