package practice

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"flasktui/sys"
)

// run is one command as it is being executed.
type run struct {
	box     *Box
	ctx     context.Context
	command sys.Command
	// arguments are those after the program's name.
	arguments []string

	stdout, stderr strings.Builder
	exit           int
	err            error
}

// commands are the programs of the box. changes says whether a call alters it: such a
// call must be declared as one, as a real box could not be read safely otherwise.
func commands() map[string]struct {
	execute func(*run)
	changes func(arguments []string) bool
} {
	type program = struct {
		execute func(*run)
		changes func(arguments []string) bool
	}
	always := func([]string) bool { return true }
	never := func([]string) bool { return false }
	return map[string]program{
		"systemctl":  {(*run).systemctl, systemctlChanges},
		"journalctl": {(*run).journalctl, never},
		"nginx":      {(*run).nginx, func(arguments []string) bool { return strings.Contains(strings.Join(arguments, " "), "-s") }},
		"kill":       {(*run).kill, always},
		"docker":     {(*run).docker, dockerChanges},
		"getent":     {(*run).getent, never},
		"ln":         {(*run).ln, always},
		"mv":         {(*run).mv, always},
		"rm":         {(*run).rm, always},
		"install":    {(*run).install, always},
		"find":       {(*run).find, never},
	}
}

// isEditor tells a program that a person would type in; see edit. Whatever is handed the
// person's terminal and is none of the box's own programs is taken for their editor.
func isEditor(name string, command sys.Command) bool {
	return command.Terminal || slices.Contains([]string{"vi", "vim", "nano", "editor", "sensible-editor", "emacs"}, name)
}

// Run implements sys.Machine.
func (b *Box) Run(ctx context.Context, command sys.Command) sys.Output {
	began := time.Now()
	if command.Survive {
		ctx = context.WithoutCancel(ctx)
	}
	limit := command.Timeout
	if limit <= 0 {
		limit = sys.DefaultCommandTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	r := &run{box: b, ctx: ctx, command: command}
	r.dispatch()
	output := sys.Output{
		Argv: command.Argv, Stdout: []byte(r.stdout.String()), Stderr: []byte(r.stderr.String()),
		Exit: r.exit, Took: time.Since(began), Err: r.err,
	}
	most := command.OutputLimit
	if most <= 0 {
		most = sys.DefaultOutputLimit
	}
	if int64(len(output.Stdout)) > most {
		output.Stdout, output.Err = output.Stdout[:most], sys.ErrTruncated
	}
	if output.Err == nil && output.Exit != 0 {
		output.Err = fmt.Errorf("%s: exit status %d", path.Base(command.Argv[0]), output.Exit)
	}
	return output
}

func (r *run) dispatch() {
	argv := r.command.Argv
	// Who runs a command makes no difference on this box.
	for len(argv) > 0 && slices.Contains([]string{"sudo", "setsid", "setpriv"}, path.Base(argv[0])) {
		argv = argv[1:]
		for len(argv) > 0 && strings.HasPrefix(argv[0], "-") {
			argv = argv[1:]
		}
	}
	if err := r.ctx.Err(); err != nil || len(argv) == 0 {
		r.exit, r.err = -1, err
		return
	}
	name := path.Base(argv[0])
	r.arguments = argv[1:]
	known, ok := commands()[name]
	if !ok && isEditor(name, r.command) {
		known.execute, known.changes, ok = (*run).edit, func([]string) bool { return true }, true
	}
	if !ok || !r.box.installed(name) {
		r.exit, r.err = -1, fmt.Errorf("%s: %w", name, sys.ErrNoCommand)
		return
	}
	if known.changes(r.arguments) && !r.command.Changes {
		r.exit, r.err = -1, fmt.Errorf("%s changes the box and was not declared to", strings.Join(argv, " "))
		return
	}
	r.box.mutex.Lock()
	defer r.box.mutex.Unlock()
	r.box.clock.pass(8 * time.Millisecond)
	known.execute(r)
}

// installed says whether a program is on the box: Docker is not on all of them.
func (b *Box) installed(name string) bool { return name != "docker" || b.docker != nil }

func (r *run) print(format string, arguments ...any) { r.emit(&r.stdout, format, arguments...) }

// fail says what went wrong, with an exit status.
func (r *run) fail(status int, format string, arguments ...any) {
	r.exit = status
	r.emit(&r.stderr, format+"\n", arguments...)
}

// emit writes output, line by line to whoever watches. The box is not held meanwhile:
// a watcher may want to look at it.
func (r *run) emit(to *strings.Builder, format string, arguments ...any) {
	text := fmt.Sprintf(format, arguments...)
	to.WriteString(text)
	if r.command.Line == nil {
		return
	}
	r.box.mutex.Unlock()
	defer r.box.mutex.Lock()
	for line := range strings.Lines(text) {
		r.command.Line(sys.Safe(strings.TrimSuffix(line, "\n")))
	}
}

// pause lets wall time go by where somebody watches, without holding the box. It says
// whether the command should go on.
func (r *run) pause() bool {
	if r.box.Pace <= 0 {
		return true
	}
	r.box.mutex.Unlock()
	defer r.box.mutex.Lock()
	timer := time.NewTimer(r.box.Pace)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.ctx.Done():
		r.exit, r.err = -1, r.ctx.Err()
		return false
	}
}
