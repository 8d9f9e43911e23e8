package wizard

import (
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
)

// kind names a page.
type kind int

const (
	noPage kind = iota
	pathKind
	walkKind
	diagnosisKind
	logKind
	helpKind
	chooserKind
	lostKind
	dialogKind
	runningKind
	timelineKind
	quickKind
	debriefKind
	copyKind
	quizKind
	watchKind
	historyKind
)

// page is one screen between header and footer. Pages hold a pointer to the state that
// all share and never change it; what they want they ask of the root.
type page interface {
	// arrange lays the page out anew for the room there is.
	arrange(width, height int)
	// lines are exactly height lines.
	lines() []string
	// key takes a key that the page itself handles.
	key(msg tea.KeyMsg) (request, bool)
	// hints are the keys of the page for the footer, the most useful first.
	hints() []key.Binding
	// step is the number of the step that keys like c and f speak of; 0 for none.
	step() int
	// more says which way the page can be scrolled.
	more() string
}

// request is what a page asks of the root; the zero request asks for nothing.
type request struct {
	open kind
	// step and cause say where to open the walk and the diagnosis.
	step  int
	cause int
	// service is what was chosen to be examined.
	service string
	// run says that the plan of the dialog was confirmed.
	run bool
	// part asks for the next part of the quick fix.
	part bool
	// named says that the quiz's cause and line were named, by their place among the choices;
	// nextBox asks for its next box.
	named   bool
	line    int
	nextBox bool
	// notice is to be said on the status line.
	notice string
	// command is to be run.
	command tea.Cmd
	// quit leaves the wizard.
	quit bool
}

// as gives a key another word, for what it does on one page.
func as(binding key.Binding, does string) key.Binding {
	binding.SetHelp(binding.Help().Key, does)
	return binding
}
