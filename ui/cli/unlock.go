package cli

import (
	"os/exec"

	"flasktui/steps/report"
	"flasktui/sys"
)

// unlocked is the machine with root's rights within reach, where a password gets them
// and there is somebody to type it; else nil.
func (r *run) unlocked(machine sys.Machine, looked report.Report, flags *fixFlags) sys.Machine {
	if looked.Host.Privilege != sys.PrivilegeNone || !r.interactive() || flags.dryRun || flags.probe.noSudo || flags.probe.options.ReadOnly {
		return nil
	}
	command := r.Engine.Unlock(machine)
	if command == nil {
		return nil
	}
	r.sayf("A fix needs root's rights; sudo may ask for your password.\n")
	command.Stdin, command.Stdout, command.Stderr = r.Stdin, r.Stdout, r.Stderr
	if err := command.Run(); err != nil {
		r.sayf("flasktui: sudo gave no rights: %s\n", line(string(sys.ErrorText(err))))
		return nil
	}
	if local, ok := machine.(*sys.Local); ok {
		local.Unlocked()
	}
	return machine
}

// unlock asks for the password on the terminal, once; for a while, sudo then wants none.
func unlock(machine sys.Machine) *exec.Cmd {
	if local, ok := machine.(*sys.Local); ok {
		return local.UnlockCommand()
	}
	return nil
}
