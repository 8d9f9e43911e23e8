package docker

import (
	"context"
	"fmt"
	"strings"

	"flasktui/sys"
)

// composeCLI runs Compose, by whichever name it has on this machine.
type composeCLI struct {
	machine sys.Machine
	project ComposeProject
	compose Compose
	// reader is as ComposeReader has it; as says that the files are read with those rights,
	// and not with the caller's own.
	reader *sys.Account
	as     bool
}

func newComposeCLI(ctx context.Context, machine sys.Machine, project ComposeProject) (composeCLI, error) {
	asked := composeCLI{machine: machine, project: project, compose: Compose{Unset: []string{}}}
	var err error
	if asked.reader, err = ComposeReader(ctx, machine, project); err != nil {
		return asked, err
	}
	host, err := machine.Host(ctx)
	asked.as = asked.reader != nil && (err != nil || host.UID == 0)
	if err == nil && host.Privilege != sys.PrivilegeNone && (asked.reader == nil || int(asked.reader.UID) != host.UID) {
		asked.compose.Reader = asked.reader
	}
	return asked, nil
}

func (c *composeCLI) run(ctx context.Context, stdin []byte, arguments ...string) sys.Output {
	command := sys.Command{Argv: c.compose.Argv(c.project, arguments...), Stdin: stdin}
	if c.as {
		c.become(&command)
	}
	output := c.machine.Run(ctx, command)
	if output.Err != nil && !c.as && strings.Contains(strings.ToLower(string(output.Stderr)), "permission denied") {
		// An environment file that only its owner may read.
		c.as = true
		c.become(&command)
		output = c.machine.Run(ctx, command)
	}
	return output
}

// become gives a command the reader's rights. What reads the system's own project is told
// the home that the commands of a fix will be, and looks at nobody's settings of Docker's.
func (c *composeCLI) become(command *sys.Command) {
	switch {
	case c.reader == nil:
		command.Elevate = true
	case c.project.Daemon.Owner.UID != 0:
		look := c.project.Daemon.Look()
		command.As, command.Environment = look.As, look.Environment
	default:
		command.As, command.Environment = c.reader, []string{"HOME=" + sys.RootHome, "DOCKER_CONFIG=/nonexistent"}
	}
}

// failed says with whose rights Compose failed, and why.
func (c *composeCLI) failed(words string, output sys.Output) error {
	if c.as && c.reader != nil {
		words += ", with the rights of " + c.reader.String() + ", as it is not root alone who decides about its files"
	}
	return fmt.Errorf("%s: %w%s", words, output.Err, composeReason(output))
}
