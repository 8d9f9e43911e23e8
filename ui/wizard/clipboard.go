package wizard

import (
	"io"

	"github.com/charmbracelet/x/ansi"
)

// clipboard writes text to the terminal's clipboard by OSC 52, which also works at the
// far end of an ssh connection. Multiplexers swallow the sequence unless it is wrapped
// for them; tmux gets both forms, as it depends on its settings which one it passes on.
func clipboard(output io.Writer, getenv func(string) string) func(string) error {
	return func(text string) error {
		sequence := ansi.SetSystemClipboard(text)
		switch {
		case getenv("TMUX") != "":
			sequence += ansi.TmuxPassthrough(sequence)
		case getenv("STY") != "":
			sequence = ansi.ScreenPassthrough(sequence, screenLimit)
		}
		_, err := io.WriteString(output, sequence)
		return err
	}
}

// screenLimit is the longest control string that GNU screen takes.
const screenLimit = 76
