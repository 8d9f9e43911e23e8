package cli

import (
	"context"
	"os"
	"os/exec"

	"flasktui/steps"
	"flasktui/sys"
)

// unlocked is the machine with root's rights within reach, where a password gets them
// and there is somebody to type it; else nil.
func (r *run) unlocked(looked steps.Report, flags probeFlags) sys.Machine {
	if looked.Host.Privilege != sys.PrivilegeNone || !r.interactive() || flags.noSudo || flags.options.ReadOnly {
		return nil
	}
	command := r.Engine.Unlock()
	if command == nil {
		return nil
	}
	r.sayf("A fix needs root's rights; sudo may ask for your password.\n")
	command.Stdin, command.Stdout, command.Stderr = r.Stdin, r.Stdout, r.Stderr
	if err := command.Run(); err != nil {
		r.sayf("flasktui: sudo gave no rights: %s\n", line(err.Error()))
		return nil
	}
	machine, err := r.Engine.Open(Access{})
	if err != nil {
		return nil
	}
	return machine
}

// unlock asks for the password on the terminal, once; for a while, sudo then wants none.
func unlock() *exec.Cmd {
	if os.Geteuid() == 0 {
		return nil
	}
	return exec.CommandContext(context.Background(), "sudo", "-v")
}
