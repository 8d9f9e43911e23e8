package sys

// Text is text that is safe to show: no escape sequences, no control characters but
// newline, no bidirectional or zero-width characters, bounded lines, secrets masked.
// Text made from anything that was read from a machine comes from Safe or Textf alone;
// only the project's own constants are converted directly.
type Text string

// Safe makes what a machine said showable.
func Safe(raw string) Text { panic("to be written") }

// Textf is fmt.Sprintf with every string, error, Stringer and []string argument made
// Safe first.
func Textf(format string, arguments ...any) Text { panic("to be written") }

func (t Text) String() string { return string(t) }
