package cli

import (
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// readQueue is FREAD of <sys/fcntl.h>: the input alone.
const readQueue = 1

// discardTyped throws away what is waiting in a terminal's input.
func discardTyped(input io.Reader) {
	if file, is := input.(*os.File); is {
		// On anything but a terminal this fails, and there is nothing to discard.
		_ = unix.IoctlSetPointerInt(int(file.Fd()), unix.TIOCFLUSH, readQueue)
	}
}
