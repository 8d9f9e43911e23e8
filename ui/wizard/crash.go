package wizard

import (
	"fmt"
	"runtime/debug"

	tea "github.com/charmbracelet/bubbletea"

	"flasktui/sys"
)

// CrashError is a panic that was caught. The terminal was restored before Run returned
// it.
type CrashError struct {
	// Doing says what was being done.
	Doing string
	Value any
	Stack []byte
}

func (e *CrashError) Error() string {
	return fmt.Sprintf("flasktui broke down while %s: %s", e.Doing, sys.Safe(fmt.Sprint(e.Value)))
}

// Hint says what to do.
func (e *CrashError) Hint() string {
	return "this is a fault of flasktui, not of your service; `flasktui check` prints the same report without the screens"
}

// caught is deferred: it turns a panic into a call of report.
func caught(doing string, report func(*CrashError)) {
	if value := recover(); value != nil {
		report(&CrashError{Doing: doing, Value: value, Stack: debug.Stack()})
	}
}

// guard makes a command whose panic ends the wizard in good order.
func guard(doing string, command func() tea.Msg) tea.Cmd {
	return func() (message tea.Msg) {
		defer caught(doing, func(crash *CrashError) { message = crashMsg{crash} })
		return command()
	}
}
