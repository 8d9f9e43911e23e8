// Package remote runs flasktui on another machine through the person's own ssh: with their
// configuration, agent and jump hosts. Where the same version is not installed there, the program
// is copied into a private directory, run, and removed.
//
// It knows nothing of what flasktui does. Begin with Run.
package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"flasktui/sys"
)

// Host is a machine, and what is to run on it.
type Host struct {
	// Name is as ssh takes it: a host, USER@HOST, or a name of the person's configuration.
	Name string
	// Args are those of flasktui there.
	Args []string
	// Version is this program's; one that says the same there is used. "devel" says nothing.
	Version string
	// System and Machine are what `uname -sm` says of a machine that this program runs on.
	System, Machine string
	// Program is the file of this program, for a machine that has not got it.
	Program string
	// Terminal gives what runs there a terminal.
	Terminal bool

	Stdin          io.Reader
	Stdout, Stderr io.Writer
}

// Problem is why nothing could be run there.
type Problem struct{ Text, Hint string }

func (p *Problem) Error() string { return p.Text }

// named is what a host may be called: nothing that ssh would take for a flag, and nothing that
// needs quoting anywhere.
var named = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.@:%+\[\]-]*$`)

// sshFailed is ssh's own exit status where the connection is what went wrong (ssh(1)).
const sshFailed = 255

// Run runs flasktui there and returns its exit status.
func (h Host) Run(ctx context.Context) (status int, err error) {
	if !named.MatchString(h.Name) {
		return 0, &Problem{fmt.Sprintf("--host %q is not the name of a host", h.Name), "write it as ssh takes it: BOX or USER@BOX"}
	}
	client, err := exec.LookPath("ssh")
	if err != nil {
		return 0, &Problem{"ssh is not installed here", "install OpenSSH's client, or run flasktui on " + h.Name + " itself"}
	}
	directory, err := os.MkdirTemp("", "flasktui-ssh-")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(directory)) }()
	// One connection for all that follows, so that a password is asked for once.
	line := connection{client: client, control: filepath.Join(directory, "c"), host: h}
	defer line.close()
	program, err := line.find(ctx)
	if err != nil {
		return 0, err
	}
	return line.start(ctx, program)
}

// connection is one line to the host, which several commands share (ControlMaster, ssh_config(5)).
type connection struct {
	client, control string
	host            Host
}

func (c connection) command(ctx context.Context, flags []string, remote string) *exec.Cmd {
	argv := append([]string{"-o", "ControlMaster=auto", "-o", "ControlPersist=60", "-o", "ControlPath=" + c.control}, flags...)
	command := exec.CommandContext(ctx, c.client, append(argv, "--", c.host.Name, remote)...)
	command.Stderr = c.host.Stderr
	// ssh itself ends what runs there when it is told to end.
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = 5 * time.Second
	return command
}

// close ends the shared line. That it is gone already is just as well.
func (c connection) close() {
	if _, err := os.Stat(c.control); err == nil {
		_ = exec.CommandContext(context.Background(), c.client, "-o", "ControlPath="+c.control, "-O", "exit", "--", c.host.Name).Run()
	}
}

// found is the program on the other machine, and the directory that is to be removed with it.
type found struct{ program, directory string }

// find looks for the same version there, and else brings this program along.
func (c connection) find(ctx context.Context) (found, error) {
	said, err := c.command(ctx, nil, "uname -sm; flasktui --version 2>/dev/null; true").Output()
	if err != nil {
		return found{}, c.unreached(err)
	}
	lines := strings.Split(strings.TrimSpace(string(said))+"\n", "\n")
	if c.host.Version != "devel" && strings.TrimSpace(lines[1]) == "flasktui "+c.host.Version {
		return found{program: "flasktui"}, nil
	}
	if here := c.host.System + " " + c.host.Machine; strings.TrimSpace(lines[0]) != here {
		return found{}, &Problem{
			fmt.Sprintf("%s is a %s, and this flasktui runs on %s alone", c.host.Name, clean(lines[0]), here),
			"install flasktui " + c.host.Version + " there",
		}
	}
	return c.bring(ctx)
}

// copying puts what it is fed into a private directory in which programs may be run, and says
// which that is. Status 120: there is none; 121: not all of it arrived.
const copying = `umask 077
d=
for base in "${XDG_RUNTIME_DIR:-}" "${TMPDIR:-}" /tmp /var/tmp "$HOME"; do
	[ -n "$base" ] && d=$(mktemp -d "$base/.flasktui.XXXXXX" 2>/dev/null) || { d=; continue; }
	printf '#!/bin/sh\n' > "$d/try" && chmod 700 "$d/try" && "$d/try" 2>/dev/null && break
	rm -rf "$d"; d=
done
[ -n "$d" ] || exit 120
rm -f "$d/try"
cat > "$d/flasktui" && chmod 700 "$d/flasktui" && [ "$(wc -c < "$d/flasktui")" -eq %d ] || { rm -rf "$d"; exit 121; }
printf '%%s\n' "$d"
`

func (c connection) bring(ctx context.Context) (found, error) {
	program, err := os.Open(c.host.Program)
	if err != nil {
		return found{}, err
	}
	defer func() { _ = program.Close() }()
	info, err := program.Stat()
	if err != nil {
		return found{}, err
	}
	command := c.command(ctx, nil, fmt.Sprintf(copying, info.Size()))
	command.Stdin = program
	said, err := command.Output()
	var ended *exec.ExitError
	switch {
	case errors.As(err, &ended) && ended.ExitCode() == 120:
		return found{}, &Problem{"no directory of yours on " + c.host.Name + " lets a program be run from it", "install flasktui there, or set TMPDIR there to one that does"}
	case errors.As(err, &ended) && ended.ExitCode() == 121:
		return found{}, &Problem{"the program could not be copied to " + c.host.Name + " whole", "see how much room is left there: df -h"}
	case err != nil:
		return found{}, c.unreached(err)
	}
	directory := strings.TrimSpace(string(said))
	if !filepath.IsAbs(directory) || strings.ContainsAny(directory, "\n'") {
		return found{}, &Problem{c.host.Name + " prints something else than was asked for: " + clean(directory), "its login shell must print nothing where nobody logs in"}
	}
	return found{program: directory + "/flasktui", directory: directory}, nil
}

// start runs the program. What was brought along is removed when it has ended, and also where
// the line drops before: a shell that waits there sees to it.
func (c connection) start(ctx context.Context, at found) (int, error) {
	words := []string{quoted(at.program)}
	for _, arg := range c.host.Args {
		words = append(words, quoted(arg))
	}
	remote := "exec " + strings.Join(words, " ")
	if at.directory != "" {
		remote = "trap 'rm -rf \"" + at.directory + "\"' EXIT; trap 'exit 129' HUP; trap 'exit 143' TERM; " + strings.Join(words, " ")
	}
	var flags []string
	if c.host.Terminal {
		flags = append(flags, "-t")
	}
	command := c.command(ctx, flags, remote)
	command.Stdin, command.Stdout = c.host.Stdin, c.host.Stdout
	err := command.Run()
	var ended *exec.ExitError
	if errors.As(err, &ended) && ended.ExitCode() >= 0 && ended.ExitCode() != sshFailed {
		return ended.ExitCode(), nil
	}
	if err != nil {
		return 0, c.unreached(err)
	}
	return 0, nil
}

// unreached says that the line is what failed; ssh has said how, on standard error.
func (c connection) unreached(err error) error {
	var ended *exec.ExitError
	if errors.As(err, &ended) && ended.ExitCode() == sshFailed {
		return &Problem{c.host.Name + " was not reached, or the line dropped: ssh said why above", "try it by itself: ssh " + c.host.Name + " true"}
	}
	return &Problem{fmt.Sprintf("ssh %s: %v", c.host.Name, err), "try it by itself: ssh " + c.host.Name + " true"}
}

// quoted is a word for the shell of the other machine, which takes nothing in it for more than
// text.
func quoted(word string) string { return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'" }

// clean is what another machine said, in one line and safe to show.
func clean(text string) string { return strings.Join(strings.Fields(string(sys.Safe(text))), " ") }
