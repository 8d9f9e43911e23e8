package steps

import (
	"flasktui/steps/box"
	"flasktui/steps/manager"
	"flasktui/sys"
)

// LogCommand follows the log of the service that was examined, from its last lines on. Where
// its manager keeps none that could be followed, the text says so, and there is no command.
func LogCommand(examination Examination, lines int) (command sys.Command, nothing sys.Text) {
	if examination.facts == nil {
		return manager.Named(string(examination.Report.Target.Service)).Log(lines)
	}
	return manager.Of(box.New(examination.facts)).Log(lines)
}
