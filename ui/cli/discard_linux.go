package cli

import (
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// discardTyped throws away what is waiting in a terminal's input.
func discardTyped(input io.Reader) {
	if file, is := input.(*os.File); is {
		// On anything but a terminal this fails, and there is nothing to discard.
		_ = unix.IoctlSetInt(int(file.Fd()), unix.TCFLSH, unix.TCIFLUSH)
	}
}
