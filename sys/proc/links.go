package proc

import (
	"context"
	"strings"

	"flasktui/sys"
)

// deletedMark is what the kernel puts behind the name of what a link in /proc/PID leads to,
// where that was removed (proc(5), /proc/pid/exe).
const deletedMark = " (deleted)"

// readLink reads a link of a process. deleted says that what it leads to was removed: path is
// where it lay, and what lies there by now is another. A name may end like the kernel's mark
// by itself, which shows in that it still leads to the same.
func readLink(ctx context.Context, machine sys.Machine, pid int, name string) (path string, deleted bool, err error) {
	link := Path(pid, name)
	target, err := machine.ReadLink(ctx, link)
	if err != nil {
		return "", false, err
	}
	path, marked := strings.CutSuffix(target, deletedMark)
	if !marked || SameFile(ctx, machine, link, target) {
		return target, false, nil
	}
	return path, true, nil
}

// ReadDirectory reads where a process stands; deleted says that the directory was removed
// under it.
func ReadDirectory(ctx context.Context, machine sys.Machine, pid int) (directory string, deleted bool, err error) {
	return readLink(ctx, machine, pid, "cwd")
}

// ShownDirectory is Directory as the kernel shows it, for people to read.
func (process Process) ShownDirectory() sys.Text {
	return shown(process.Directory, process.DirectoryDeleted)
}

// ShownExecutable is Executable as the kernel shows it, for people to read.
func (process Process) ShownExecutable() sys.Text {
	return shown(process.Executable, process.ExecutableDeleted)
}

func shown(path string, deleted bool) sys.Text {
	if deleted {
		path += deletedMark
	}
	return sys.Safe(path)
}
